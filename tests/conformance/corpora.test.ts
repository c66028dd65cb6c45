import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { recogniseColumns, scoreHeader } from '../../shared/core/catalogue/recognise.ts'
import { readCsv } from '../../shared/core/csv/read-csv.ts'
import { controlHubDialect, writeCsv } from '../../shared/core/csv/write-csv.ts'
import { checkTable } from '../../shared/core/rules/check-table.ts'
import { withPlus } from '../../shared/core/rules/national-number.ts'
import { planSafeFixes } from '../support/safe-fixes.ts'
import { check, soundUser } from '../support/rule-cases.ts'
import { bytesOf, dialects, soundFile, vintages } from './files.ts'

const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`../fixtures/corpora/${name}`, import.meta.url), 'utf8'))
const naughty = (fixture('blns.json') as readonly string[]).map((text) => text.replaceAll('\0', ''))
const phones = fixture('phone-examples.json') as readonly (readonly [region: string, type: string, national: string, e164: string])[]

test.each(dialects.filter(({ encoding }) => encoding !== 'windows-1252' && encoding !== 'utf-16le'))(
  'naughty strings in every column, written by $name, are kept to the letter and checked without a stumble',
  (dialect) => {
    const grid = soundFile(vintages[0]!, naughty.length)
    naughty.forEach((text, n) => grid[n + 1]!.forEach((_, c) => (c + n) % 4 === 0 && (grid[n + 1]![c] = text)))
    // Quoted all through: a line end inside a cell is the cell's.
    const read = readCsv(bytesOf(grid, { ...dialect, quoteAll: true }), { name: 'naughty.csv', scoreHeader })
    if (!read.ok) throw new Error(read.error.detail)
    const { table, facts } = read.value
    const columns = recogniseColumns(table.columns.map(({ header }) => header))
    const words = (text: string): string => (dialect.words === undefined ? text : text === 'TRUE' ? dialect.words[0] : text === 'FALSE' ? dialect.words[1] : text) // prettier-ignore
    const texts = [...table.rows].map((row) => table.columns.map((column) => column.textOf(row)))
    expect(texts).toEqual(grid.slice(1).map((row) => row.map(words)))

    const input = { table, columns, facts, baseline: { table, columns, kind: 'export' as const } }
    const findings = checkTable(input)
    expect(findings.count).toBeGreaterThan(100)
    for (let index = 0; index < findings.count; index++)
      for (const language of ['en', 'nb', 'da'] as const) expect(findings.describe(index, language).message).not.toBe('')
    expect(planSafeFixes(input)).toEqual([])

    const written = writeCsv(table, { dialect: controlHubDialect })
    if (!written.ok) throw new Error(written.error.detail)
    const again = readCsv(new Uint8Array(Buffer.concat([...written.value])), { name: 'again.csv', scoreHeader })
    if (!again.ok) throw new Error(again.error.detail)
    expect([...again.value.table.rows].map((row) => again.value.table.columns.map((column) => column.textOf(row)))).toEqual(texts)
  },
)

test('every country’s numbers are sound as E.164, and get their plus back where a spreadsheet took it', () => {
  const usable = phones.filter(([, , , e164]) => /^\+[1-9]\d{6,14}$/u.test(e164))
  expect(usable.length).toBeGreaterThan(400)
  const users = usable.map(([, , , e164], n) => soundUser(n, { 'Phone Number': e164 }))
  expect(check(users).filter(({ rule }) => rule.startsWith('phone/') && rule !== 'phone/duplicate')).toEqual([])
  const lost = usable.filter(([region, , , e164]) => withPlus(e164.slice(1), region) !== e164)
  expect(lost).toEqual([])
  const national = usable.filter(([region, , number, e164]) => withPlus(number, region) === e164)
  expect(national.length / usable.length).toBeGreaterThan(0.9)
  // The two countries that most of these files come from: all of them.
  expect(usable.filter(([region]) => ['NO', 'DK', 'SE', 'FI'].includes(region)).filter((one) => !national.includes(one))).toEqual([])
})
