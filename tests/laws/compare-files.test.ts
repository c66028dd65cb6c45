import fc from 'fast-check'
import { expect, it } from 'vitest'
import { recogniseColumns } from '../../shared/core/catalogue/recognise.ts'
import { emailKey } from '../../shared/core/diff/cell-meaning.ts'
import { compareWithBaseline, type Comparison } from '../../shared/core/diff/compare-with-baseline.ts'
import { isNew, isNobody, matchingUsers } from '../../shared/core/diff/match-rows.ts'
import type { Sheet } from '../../shared/core/diff/paired-columns.ts'
import { applyDelta } from '../../shared/core/table/apply-delta.ts'
import type { EditableTable } from '../../shared/core/table/editable-table.ts'
import { tableFromRows } from '../../shared/core/table/table-from-rows.ts'
import { finish } from '../../shared/kit/steps.ts'
import { readOk } from '../support/tables.ts'

const header = [
  'First Name',
  'Last Name',
  'User ID/Email (Required)',
  'Extension',
  'Webex Suite',
  'Webex Calling',
  'Jabber Calling',
  'Department',
  'Notes',
]
const emailAt = 2
/** As the baseline has it, mostly; without an email; with two packages changed over; with one of them a column of no account. */
const headersOfFiles = [
  header,
  header,
  header.with(emailAt, 'Other'),
  header.with(4, 'Webex Calling').with(5, 'Webex Suite'),
  header.with(4, 'User Status'),
  header.with(5, 'User Status'),
]
/** `(clear)` in a column asks for a look at each of its cells, so it is seldom. */
const words = ['TRUE', 'FALSE', '', 'true', ' ', 'Sales, Nordic', 'VP "x"', 'two\nlines', 'æøå', '0042']

const userOf = (n: number): readonly string[] => [
  ['Kåre', 'Ola', 'Anna', ''][n % 4]!,
  `Vik ${String(n % 90)}`,
  n % 97 === 5 ? '' : n % 89 === 7 ? ` Åse${String(n)}@acme.no` : `user.${String(n)}@acme.no`,
  String(2000 + (n % 40)),
  words[n % 3]!,
  n % 5 === 0 ? 'TRUE' : 'FALSE',
  words[n % 4]!,
  n % 1999 === 1111 ? '(clear)' : words[n % words.length]!,
  `note ${String(n)}`,
]

/** What happened to a row: where, what, and with which other row or word. */
const happening = fc.record({
  at: fc.nat({ max: 9999 }),
  kind: fc.constantFrom('cell', 'cell', 'email', 'new', 'gone', 'again', 'swap'),
  column: fc.nat({ max: header.length - 1 }),
  other: fc.nat({ max: 9999 }),
})
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

function carriedOut(rows: readonly (readonly string[])[], happenings: readonly Happening[]): (readonly string[])[] {
  const now = [...rows]
  for (const [n, { at, kind, column, other }] of happenings.entries()) {
    if (now.length === 0) now.push(userOf(at))
    const i = at % now.length
    const cells = now[i]!
    if (kind === 'cell') now[i] = cells.with(column, other % 300 === 7 ? '(clear)' : words[other % words.length]!)
    else if (kind === 'email') now[i] = cells.with(emailAt, other % 2 === 0 ? cells[emailAt]!.toUpperCase() : `changed${String(n)}@acme.no`)
    else if (kind === 'new') now.splice(i, 0, ...Array.from({ length: 1 + (other % 30) }, (_, more) => userOf(100_000 + 100 * n + more)))
    else if (kind === 'gone') now.splice(i, 1 + (other % 5))
    else if (kind === 'again') now.splice(i, 0, now[other % now.length]!)
    else [now[i], now[other % now.length]] = [now[other % now.length]!, cells]
  }
  return now
}

const cellOf = (cell: string): string => (/[",\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
const fileOf = (headers: readonly string[], rows: readonly (readonly string[])[]): EditableTable =>
  readOk([headers, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\n`).join('')).table
const sheetOf = (table: EditableTable): Sheet & { readonly table: EditableTable } => ({
  table,
  columns: recogniseColumns(table.columns.map((column) => column.header)),
})

/** All that a comparison says. */
const outcomeOf = (comparison: Comparison, { table }: Sheet) => ({
  summary: comparison.summary,
  packages: comparison.packages,
  absent: comparison.absent,
  users: comparison.baselineUsers,
  changes: Array.from({ length: comparison.count }, (_, index) => [comparison.placeOf(index), comparison.changeAt(index)]),
  intents: Array.from(table.rows, (row) => comparison.intentOf(row)),
})

const edit = (rows: readonly number[], column: number, text: string) => {
  const some = Uint32Array.from(new Set(rows)).toSorted()
  const none = { texts: [], index: null }
  return { rows: some, delta: [{ kind: 'cells', column, rows: some, before: none, after: { texts: [text], index: null } }] } as const
}

it('two files are compared as two tables of the same cells are, in whatever order rows stand and whatever was edited before and after', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2600 }),
      fc.array(happening, { maxLength: 60, size: 'max' }),
      fc.constantFrom(1, 1, 1, 7, -1),
      fc.constantFrom(...headersOfFiles),
      fc.array(fc.record({ rows: fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), column: fc.nat(), word: fc.nat() }), { maxLength: 4 }),
      (count, happenings, step, headers, edits) => {
        const held = Array.from({ length: count }, (_, n) => userOf(n))
        const wanted = carriedOut(held, happenings)
        const ordered = step === 1 ? wanted : wanted.toSorted((a, b) => step * (a[8]! < b[8]! ? -1 : a[8]! > b[8]! ? 1 : 0))
        const sides = [fileOf, tableFromRows].map((make) => ({
          file: sheetOf(make(headers, ordered)),
          baseline: sheetOf(make(header, held)),
        }))
        const parts = edits.map(({ rows, column, word }) => {
          const places = ordered.length === 0 ? [] : rows.map((row) => row % ordered.length)
          return edit(places, column % 2 === 0 ? 3 : (column % 4) + 4, words[word % words.length]!)
        })
        const [before, after] = [parts.slice(0, 2), parts.slice(2)]
        const [ofFiles, ofTables] = sides.map(({ file, baseline }) => {
          for (const { delta } of before) applyDelta(file.table, delta)
          const comparison = compareWithBaseline({ ...file, baseline })
          const outcomes = [outcomeOf(comparison, file)]
          for (const { rows, delta } of after) {
            applyDelta(file.table, delta)
            comparison.update(rows, true)
            outcomes.push(outcomeOf(comparison, file))
          }
          return outcomes
        })
        expect(ofFiles).toEqual(ofTables)
      },
    ),
    { numRuns: 60 },
  )
})

it('users are paired as a look at each email says, whatever order rows stand in', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2600 }),
      fc.array(happening, { maxLength: 60, size: 'max' }),
      fc.array(happening, { maxLength: 6 }),
      fc.boolean(),
      (count, happenings, ofBaseline, isSorted) => {
        const all = Array.from({ length: count }, (_, n) => userOf(n))
        const held = carriedOut(all, ofBaseline)
        const changed = carriedOut(all, happenings)
        const wanted = isSorted ? changed.toSorted((a, b) => (a[8]! < b[8]! ? -1 : 1)) : changed
        const firstOf = (rows: readonly (readonly string[])[]): Map<string, number> =>
          new Map(rows.map((cells, row) => [emailKey(cells[emailAt]!), row] as const).toReversed())
        const [ours, theirs] = [firstOf(wanted), firstOf(held)]
        const isUser = (rows: Map<string, number>, key: string, row: number): boolean => key !== '' && rows.get(key) === row
        const expected = wanted.map((cells, row) => {
          const key = emailKey(cells[emailAt]!)
          return isUser(ours, key, row) ? (theirs.get(key) ?? isNew) : isNobody
        })
        const users = held.flatMap((cells, row) => (isUser(theirs, emailKey(cells[emailAt]!), row) ? [row] : []))
        const [file, baseline] = [sheetOf(fileOf(header, wanted)), sheetOf(fileOf(header, held))]
        const { partner, same, baselineUsers, vanished } = finish(matchingUsers(file, baseline))
        expect(Array.from(partner)).toEqual(expected)
        expect(Array.from(baselineUsers)).toEqual(users)
        expect(vanished).toEqual(users.filter((row) => !ours.has(emailKey(held[row]![emailAt]!))))
        expect(Array.from(same)).toEqual(expected.map((other, row) => (other >= 0 && wanted[row]!.join() === held[other]!.join() ? 1 : 0)))
      },
    ),
    { numRuns: 60 },
  )
})
