import { readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { at } from '../user-columns.ts'

const parse = (file: string): string[][] => Papa.parse<string[]>(readFileSync(file, 'utf8'), { skipEmptyLines: true }).data.slice(1)

/** Both files parsed, rows joined by a Map of lower-cased emails, cells compared one by one. */
export function run({ before, after }: { readonly before: string; readonly after: string }): unknown {
  const old = parse(before)
  const fresh = parse(after)
  const byEmail = new Map(old.map((row, index) => [row[at.email]!.toLowerCase(), index]))
  const cells: (readonly [number, number])[] = []
  let added = 0
  let changed = 0
  let matched = 0
  fresh.forEach((row, index) => {
    const partner = byEmail.get(row[at.email]!.toLowerCase())
    if (partner === undefined) {
      added++
      return
    }
    matched++
    const known = cells.length
    old[partner]!.forEach((text, column) => {
      if (text !== row[column]) cells.push([index, column])
    })
    if (cells.length > known) changed++
  })
  return { added, changed, gone: old.length - matched }
}
export const check = (counts: unknown): unknown => counts
