import { describe, expect, test } from 'vitest'
import * as XLSX from 'xlsx'
import { recogniseColumns, scoreHeader } from '../../shared/core/catalogue/recognise.ts'
import { readCsv } from '../../shared/core/csv/read-csv.ts'
import { checkTable } from '../../shared/core/rules/check-table.ts'
import type { Finding } from '../../shared/core/rules/finding.ts'
import { readHere } from '../support/xlsx/read-here.ts'
import { headerFor, soundFile, vintages, type Vintage } from './files.ts'
import { planted } from './planted.ts'

/** As a spreadsheet keeps a file that was typed into it: TRUE and FALSE as such, digits as numbers, all else as text. */
const typed = (text: string): string | number | boolean =>
  text === 'TRUE' ? true : text === 'FALSE' ? false : /^[1-9]\d{0,14}$/u.test(text) ? Number(text) : text

async function findingsOf(grid: readonly (readonly string[])[]): Promise<readonly Finding[]> {
  const book = XLSX.utils.book_new()
  const cells = grid.map((row, n) => (n === 0 ? [...row] : row.map((text) => (text === '' ? null : typed(text)))))
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(cells as unknown[][]), 'Ark1')
  const { csv, problem } = await readHere(new Uint8Array(XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer))
  if (csv === undefined) throw new Error(JSON.stringify(problem))
  const read = readCsv(new TextEncoder().encode(csv), { name: 'users.xlsx', scoreHeader, encoding: 'utf-8', delimiter: ',' })
  if (!read.ok) throw new Error(read.error.detail)
  const { table, facts } = read.value
  const columns = recogniseColumns(table.columns.map(({ header }) => header))
  const findings = checkTable({ table, columns, facts: { ...facts, format: 'xlsx' } })
  return Array.from({ length: findings.count }, (_, index) => findings.describe(index, 'en')).filter(({ severity }) => severity !== 'info')
}

test.each(vintages)('a sound workbook with the header of $name has nothing to be said against it', async ({ fires, ...vintage }) => {
  const rules = new Set((await findingsOf(soundFile({ ...vintage, fires }, 40))).map(({ rule }) => rule))
  expect([...rules].toSorted()).toEqual([...fires].toSorted())
})

describe('a mistake planted in row 3 of a workbook is found there, and nothing else is', () => {
  const today = vintages[1] as Vintage
  // A control character has no place in XML: a workbook cannot hold it.
  test.each(planted.filter(({ rule }) => rule !== 'text/control-character'))('$rule $cells', async (mistake) => {
    const grid = soundFile(today, 9)
    for (const [name, text] of Object.entries(mistake.cells)) grid[2]![grid[0]!.indexOf(headerFor(today, name)!)] = text
    const found = await findingsOf(grid)
    const column = mistake.column === null ? null : headerFor(today, mistake.column)
    const fits = (finding: Finding): boolean =>
      finding.rule === mistake.rule && finding.row === 3 && (finding.column ?? null)?.trim() === column?.trim()
    expect(found.filter(fits)).toHaveLength(1)
    expect(found.filter((finding) => !fits(finding) && !(finding.row === 3 && (mistake.beside ?? []).includes(finding.rule)))).toEqual([])
  })
})
