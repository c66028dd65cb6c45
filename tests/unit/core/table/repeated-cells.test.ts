import { expect, test } from 'vitest'
import { hashedCells } from '../../../../shared/core/table/repeated-cells.ts'
import { firstRowWithSameText } from '../../../../shared/core/table/matching-rows.ts'
import { readOk } from '../../../support/tables.ts'

const count = 40_000
/** One in `every` stands for an earlier one, in a spelling of its own; others are blank or odd. */
function emailsWith(every: number): string[] {
  const emails = Array.from({ length: count }, (_, n) => `someone.${n}@firma.no`)
  for (let n = every; n < count; n += every) emails[n] = spellings[n % spellings.length]!(emails[Math.floor(n / 2)]!)
  emails[7] = ' '
  emails[8] = '" "'
  emails[9] = 'ÅSE@firma.no'
  emails[20_001] = 'åse@firma.no '
  return emails
}
const spellings = [
  (text: string) => text,
  (text: string) => text.toUpperCase(),
  (text: string) => `  ${text}`,
  (text: string) => `${text}\u00a0`,
  () => '',
]

/** Row → the first with the same text, as one would look it up. */
function lookedUp(texts: readonly string[], rows: readonly number[]): number[] {
  const firstOf = new Map<string, number>()
  const first = new Array<number>(count).fill(-1)
  for (const row of rows) {
    const key = texts[row]!.trim().toLowerCase()
    const known = key === '' ? -1 : firstOf.get(key)
    if (known === undefined) firstOf.set(key, row)
    else first[row] = known
  }
  return first
}

test.each([
  ['few', 97],
  ['very many', 2],
])('where %s of many emails repeat, each is the same as the first of its kind', (_, every) => {
  const emails = emailsWith(every)
  const { table } = readOk(`Email,Name\n${emails.map((email, n) => `${email},${n}`).join('\n')}\n`)
  const column = table.columns[0]!
  expect(hashedCells(column)).not.toBeNull()
  const texts = Array.from(table.rows, (row) => column.textOf(row))
  const rule = { ignoreCase: true, trim: true }
  const all = [...table.rows]
  expect([...firstRowWithSameText(column, table.rows, rule)]).toEqual(lookedUp(texts, all))
  // The first is the first in the order of the rows, which need not be that of the file.
  const some = all.filter((row) => row % 11 !== 0).reverse()
  expect([...firstRowWithSameText(column, Uint32Array.from(some), rule, count)]).toEqual(lookedUp(texts, some))
})
