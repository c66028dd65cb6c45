import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Papa from 'papaparse'
import { utils, write } from 'xlsx'

export const prepare = ({ file }: { readonly file: string }): string[][] =>
  Papa.parse<string[]>(readFileSync(file, 'utf8'), { header: false, skipEmptyLines: true }).data

/** Rows of texts, put out as a packed workbook. */
export function run(_args: unknown, rows: string[][]): { readonly isWritten: boolean } {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  try {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows, { dense: true }), 'Users')
    const bytes = write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer
    const target = path.join(folder, 'out.xlsx')
    writeFileSync(target, bytes)
    return { isWritten: statSync(target).size === bytes.length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
export const check = (written: unknown): unknown => written
