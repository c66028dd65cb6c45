import { describe, expect, test } from 'vitest'
import { recogniseColumns, scoreHeader } from '../../shared/core/catalogue/recognise.ts'
import { readCsv } from '../../shared/core/csv/read-csv.ts'
import { checkTable } from '../../shared/core/rules/check-table.ts'
import type { Finding } from '../../shared/core/rules/finding.ts'
import { bytesOf, dialects, headerFor, soundFile, vintages, type Dialect, type Vintage } from './files.ts'
import { planted, type Planted } from './planted.ts'

function findingsOf(bytes: Uint8Array<ArrayBuffer>): readonly Finding[] {
  const read = readCsv(bytes, { name: 'users.csv', scoreHeader })
  if (!read.ok) throw new Error(read.error.detail)
  const { table, facts } = read.value
  const columns = recogniseColumns(table.columns.map(({ header }) => header))
  const findings = checkTable({ table, columns, facts })
  return Array.from({ length: findings.count }, (_, index) => findings.describe(index, 'en')).filter(({ severity }) => severity !== 'info')
}

const allowed = (vintage: Vintage, dialect: Dialect): readonly string[] => [
  ...vintage.fires,
  ...(dialect.words === undefined ? [] : ['boolean/localized']),
]
const rowCounts = [2, 5, 17, 400]

describe.each(vintages)('a sound file with the header of $name', (vintage) => {
  test.each(dialects)('written by $name has nothing to be said against it', (dialect) => {
    for (const rows of rowCounts) {
      const found = findingsOf(bytesOf(soundFile(vintage, rows), dialect))
      const rules = new Set(found.map(({ rule }) => rule))
      expect([...rules].toSorted()).toEqual([...allowed(vintage, dialect)].toSorted())
    }
  })
})

const can = (vintage: Vintage, { cells, rule }: Planted): boolean =>
  Object.keys(cells).every((name) => headerFor(vintage, name) !== undefined) &&
  (rule !== 'base/paid-without-free' || vintage.columns.some((name) => name.startsWith('Advanced')))

/** Every mistake meets every vintage and every dialect, though not every pair of both. */
const cases = planted.flatMap((mistake, n) =>
  vintages
    .filter((vintage) => can(vintage, mistake))
    .flatMap((vintage, v) =>
      [0, 3, 6].map((step) => {
        const dialect = dialects[(n + v + step) % dialects.length]!
        return { ...mistake, vintage, dialect, rows: rowCounts[(n + v) % rowCounts.length]! }
      }),
    ),
)

describe('a mistake planted in row 3 is found there, and nothing else is', () => {
  test.each(cases)('$rule $cells in a file of $dialect.name, header of $vintage.name', ({ vintage, dialect, rows, ...mistake }) => {
    const grid = soundFile(vintage, rows)
    for (const [name, text] of Object.entries(mistake.cells)) grid[2]![grid[0]!.indexOf(headerFor(vintage, name)!)] = text
    const found = findingsOf(bytesOf(grid, dialect))
    const column = mistake.column === null ? null : headerFor(vintage, mistake.column)
    const fits = (finding: Finding): boolean =>
      finding.rule === mistake.rule && finding.row === 3 && (finding.column ?? null)?.trim() === column?.trim()
    expect(found.filter(fits)).toHaveLength(1)
    const more = found.filter(
      (finding) =>
        !fits(finding) &&
        !allowed(vintage, dialect).includes(finding.rule) &&
        !(finding.row === 3 && (mistake.beside ?? []).includes(finding.rule)),
    )
    expect(more.map(({ rule, row, column: at, value }) => ({ rule, row, at, value }))).toEqual([])
  })
})
