import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readHere } from '../../../support/xlsx/read-here.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/xlsx')
const filesIn = (folder: string): string[] =>
  readdirSync(join(fixtures, folder))
    .filter((name) => /\.xls[xm]?$/.test(name))
    .map((name) => join(fixtures, folder, name))

/** What cannot be read, and the words for it. Everything else in the folders must be read, by our own reader. */
const refused: Readonly<Record<string, string>> = {
  'table.xls': 'an old .xls workbook: save it as .xlsx',
  '54764-2.xlsx': 'xl/sharedStrings.xml holds a DOCTYPE; no workbook needs one, so it is not read',
  'poc-xmlbomb-empty.xlsx': 'xl/sharedStrings.xml holds a DOCTYPE; no workbook needs one, so it is not read',
  'crash-9bf3cd4bd6f50a8a9339d363c2c7af14b536865c.xlsx':
    'the workbook is protected by a password: open it in Excel and save it without one',
  'clusterfuzz-testcase-minimized-POIXSSFFuzzer-4828727001088000.xlsx': 'the list of parts is not where the container says',
  'clusterfuzz-testcase-minimized-POIXSSFFuzzer-5185049589579776.xlsx': 'the list of parts is not where the container says',
  'clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5025401116950528.xlsx': 'the list of parts is not where the container says',
  'clusterfuzz-testcase-minimized-POIXSSFFuzzer-6419366255919104.xlsx': 'the end of the file is missing, or something stands behind it',
  'clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx': 'the end of the file is missing, or something stands behind it',
  'clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-6594557414080512.xlsx': 'the end of the file is missing, or something stands behind it',
}

describe('workbooks of others', () => {
  const files = ['frictionless', 'poi'].flatMap(filesIn).map((path) => [path.split(/[\\/]/).at(-1) ?? '', path] as const)

  it.each(files)('%s: our reader and the library say the same of every sheet', async (name, path) => {
    const first = await readHere(path, { readers: 'own' })
    expect(first.problem?.detail).toBe(refused[name])
    for (const { name: sheet } of first.sheets ?? []) {
      const { by, ...own } = await readHere(path, { readers: 'own', sheet })
      const { by: other, ...library } = await readHere(path, { readers: 'library', sheet })
      expect(own).toEqual(library)
      expect([by, other]).toEqual(own.problem === undefined ? ['own', 'library'] : [undefined, undefined])
    }
  })

  it('reads a sheet beside a damaged one, and names the damaged part', async () => {
    const path = join(fixtures, 'poi/clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx')
    expect((await readHere(path)).sheet).toBe('Exp1')
    expect((await readHere(path, { sheet: 'Exp8' })).problem).toEqual({
      reason: 'broken-workbook',
      detail: 'xl/worksheets/sheet8.xml is damaged: its check sum is wrong',
    })
  })

  it('states macros and never runs them', async () => {
    expect((await readHere(join(fixtures, 'poi/SimpleMacro.xlsm'))).notices).toEqual([{ code: 'macros', count: 1 }])
  })

  it('reads what people typed', async () => {
    expect((await readHere(join(fixtures, 'frictionless/table.xlsx'))).csv).toBe('id,name\n1,english\n2,中国人\n')
    expect((await readHere(join(fixtures, 'frictionless/cast-int-to-string-issue-1251.xlsx'))).csv).toBe(
      'A,B,C,D,E\n001,b,1,a,1\n002,c,1,1,1\n',
    )
  })
})
