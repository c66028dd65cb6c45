import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { createWorkbookWriter } from '../../../../backend/adapters/xlsx/write-workbook.ts'
import type { SheetToWrite } from '../../../../backend/ports/workbook-writer.ts'
import { readHere } from '../../../support/xlsx/read-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'roster-xlsx-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function written(...sheets: readonly SheetToWrite[]): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const result = await createWorkbookWriter().write(
    {
      write(bytes) {
        pieces.push(bytes)
        return Promise.resolve()
      },
    },
    sheets,
  )
  const all = Buffer.concat(pieces)
  expect(result).toEqual({ ok: true, value: { bytes: all.length } })
  return all
}

interface LibraryCell {
  readonly t: string
  readonly v: unknown
  readonly f?: string
  readonly s?: { readonly patternType?: string; readonly fgColor?: { readonly rgb?: string } }
}
const libraryCells = (bytes: Buffer, sheet: string): readonly (readonly (LibraryCell | undefined)[] | undefined)[] =>
  (
    XLSX.read(bytes, { dense: true, cellStyles: true, cellFormula: true, WTF: true }).Sheets[sheet] as unknown as {
      '!data': LibraryCell[][]
    }
  )['!data']

const header = ['Email', 'Phone', 'Extension', 'Note']
const people = [
  ['kari@example.no', '+4721000017', '0042', "=cmd|' /C calc'!A0"],
  ['ola@example.no', '1e5', 'TRUE', '  two\r\nlines & <tags> '],
  ['', '', '', '_x000D_'],
  ['å@example.no', '2024-01-02', '-1', '@SUM(1)'],
]

describe('written workbooks', () => {
  it('hold every cell as text, letter for letter, whoever reads them', async () => {
    const bytes = await written({ name: 'Users', header, rows: people })
    const read = await readHere(bytes)
    expect(read.notices).toEqual([])
    expect(read.by).toBe('own')
    const rows = XLSX.read(read.csv ?? '', { type: 'string', raw: true })
    expect(XLSX.utils.sheet_to_json(rows.Sheets[rows.SheetNames[0] ?? ''] ?? {}, { header: 1, raw: true, defval: '' }).length).toBe(5)
    expect(read.csv).toBe(
      'Email,Phone,Extension,Note\n' +
        "kari@example.no,+4721000017,0042,=cmd|' /C calc'!A0\n" +
        'ola@example.no,1e5,TRUE,"  two\r\nlines & <tags> "\n' +
        ',,,_x000D_\n' +
        'å@example.no,2024-01-02,-1,@SUM(1)\n',
    )
    const cells = libraryCells(bytes, 'Users')
      .flatMap((row) => row ?? [])
      .filter((cell) => cell !== undefined)
    expect(cells.every(({ t, f }) => t === 's' && f === undefined)).toBe(true)
    expect(libraryCells(bytes, 'Users')[1]?.map((cell) => cell?.v)).toEqual(people[0])
  })

  it('read back as they were, for any text at all', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('', '_x0041_', '_x005F_', ']]>', '\u0000', '\r', '\ufeff', '\ufffe'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 12 }), async (rows) => {
        const { csv, by } = await readHere(await written({ name: 'S', header: ['a', 'b', 'c'], rows }))
        const line = (cells: readonly string[]): string =>
          cells.every((text) => text === '')
            ? ''
            : cells.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')
        expect(by).toBe('own')
        expect(csv?.replace(/\n*$/, '\n')).toBe(
          [['a', 'b', 'c'], ...rows]
            .map((cells) => `${line(cells)}\n`)
            .join('')
            .replace(/\n*$/, '\n'),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('colour findings, make the header bold, and keep it in sight', async () => {
    const looks = ['error', 'warning', 'info'] as const
    const bytes = await written({
      name: 'Users',
      header,
      rows: people,
      styleOf: (row, column) => (row === 2 ? looks[column] : undefined),
      columnWidths: [40],
    })
    const row = libraryCells(bytes, 'Users')[3]
    expect(row?.[3]?.s?.fgColor).toBeUndefined()
    const sheet = XLSX.read(bytes, { cellStyles: true, sheetStubs: true }).Sheets['Users'] ?? {}
    expect(['A4', 'B4', 'C4'].map((at) => (sheet[at] as LibraryCell).s?.fgColor?.rgb)).toEqual(['FFC7CE', 'FFE699', 'DDEBF7'])
    expect(sheet['!cols']?.[0]?.width).toBe(40)
    expect(await readHere(bytes)).toMatchObject({ by: 'own', notices: [] })
  })

  it('hold several sheets, and name them as asked', async () => {
    const bytes = await written({ name: 'Errors & “more”', header: ['a'], rows: [['1']] }, { name: 'Warnings', header: ['b'], rows: [] })
    expect((await readHere(bytes)).sheets?.map(({ name }) => name)).toEqual(['Errors & “more”', 'Warnings'])
    expect((await readHere(bytes, { sheet: 'Warnings' })).csv).toBe('b\n')
  })

  it('are the same bytes for the same table', async () => {
    const sheet = { name: 'Users', header, rows: people }
    expect((await written(sheet)).equals(await written(sheet))).toBe(true)
  })

  it('hold more different texts than are shared, and many rows', async () => {
    function* rows(): Generator<string[]> {
      for (let i = 0; i < 90_000; i++) yield [`user${i}@example.no`, i % 2 === 0 ? 'TRUE' : 'FALSE']
    }
    const { csv } = await readHere(await written({ name: 'Users', header: ['Email', 'Webex Calling'], rows: rows() }))
    const lines = csv?.split('\n') ?? []
    expect(lines.length).toBe(90_002)
    expect(lines.every((line, i) => i === 0 || i > 90_000 || line === `user${i - 1}@example.no,${i % 2 === 1 ? 'TRUE' : 'FALSE'}`)).toBe(
      true,
    )
  })
})

describe('what cannot be written', () => {
  const writer = createWorkbookWriter()
  const sheet = { name: 'Users', header, rows: people }

  it('leaves an existing file as it is', async () => {
    const path = join(folder, 'there.xlsx')
    writeFileSync(path, 'mine')
    expect(await writer.write(path, [sheet])).toMatchObject({ ok: false, error: { reason: 'exists' } })
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  it('a text, a row count or a name beyond what a workbook holds: no file stays', async () => {
    const path = join(folder, 'new.xlsx')
    expect(await writer.write(path, [{ ...sheet, rows: [['a', 'x'.repeat(32_768)]] }])).toEqual({
      ok: false,
      error: { reason: 'over-limit', detail: 'B2 holds more than 32767 characters' },
    })
    expect(await writer.write(path, [{ ...sheet, name: 'a/b' }])).toMatchObject({ ok: false, error: { reason: 'bad-sheet-name' } })
    expect(await writer.write(path, [sheet, { ...sheet, name: 'USERS' }])).toMatchObject({ ok: false, error: { reason: 'bad-sheet-name' } })
    expect(existsSync(path)).toBe(false)
    expect(await writer.write(path, [sheet])).toMatchObject({ ok: true })
    expect((await readHere(path)).csv).toMatch(/^Email,Phone/)
  })

  it('a folder that is not there, a sink that fails', async () => {
    expect(await writer.write(join(folder, 'no/such/folder.xlsx'), [sheet])).toEqual({
      ok: false,
      error: { reason: 'not-writable', detail: 'the file cannot be made (ENOENT)' },
    })
    const full = { write: () => Promise.reject(Object.assign(new Error('disk'), { code: 'ENOSPC' })) }
    expect(await writer.write(full, [sheet])).toEqual({
      ok: false,
      error: { reason: 'not-writable', detail: 'the workbook cannot be written (ENOSPC)' },
    })
  })
})
