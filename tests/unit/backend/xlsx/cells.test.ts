import { describe, expect, it } from 'vitest'
import { readHere } from '../../../support/xlsx/read-here.ts'
import { textRow, workbookOf, workbookParts, zipOf } from '../../../support/xlsx/build-workbook.ts'
import type { WorkbookParts } from '../../../support/xlsx/build-workbook.ts'

/** The text of A1, by our own reader and by the library. */
async function textOf(cell: string, more: Partial<WorkbookParts> = {}): Promise<string | undefined> {
  const bytes = workbookOf({ rows: `<row r="1">${cell}</row>`, ...more })
  const [own, library] = [await readHere(bytes, { readers: 'own' }), await readHere(bytes, { readers: 'library' })]
  expect(own.problem ?? own.csv).toEqual(library.problem ?? library.csv)
  return own.csv?.replace(/\n$/, '')
}
const numberCell = (value: string, format?: string): Promise<string | undefined> =>
  textOf(`<c r="A1" s="${format === undefined ? 0 : 1}"><v>${value}</v></c>`, format === undefined ? {} : { numberFormats: [format] })

describe('numbers', () => {
  it.each([
    ['4721000017', '4721000017'],
    ['4.721000017E+9', '4721000017'],
    ['4.7210000171234E10', '47210000171.234'],
    ['0', '0'],
    ['-0', '0'],
    ['0.1', '0.1'],
    ['4.4000000000000004', '4.4'],
    ['1E-7', '0.0000001'],
    ['1.2345678901234567E+19', '12345678901234567000'],
    ['1E21', '1000000000000000000000'],
    ['007', '7'],
  ])('%s shows as %s, whole and without an exponent', async (value, shown) => {
    expect(await numberCell(value)).toBe(shown)
  })

  it('keeps every digit of a long number that a program wrote as such', async () => {
    const bytes = workbookOf({ rows: '<row r="1"><c r="A1"><v>47210000171234567891</v></c></row>' })
    expect((await readHere(bytes)).csv).toBe('47210000171234567891\n')
  })

  it.each([
    ['42', '00000', '00042'],
    ['42', '0000', '0042'],
    ['123456', '0000', '123456'],
    ['4721000017', '+0', '+4721000017'],
    ['4721000017', '"+"0', '+4721000017'],
    ['21000017', '00 00 00 00', '21 00 00 17'],
    ['5551234', '000-0000', '555-1234'],
    ['0', '0000', '0000'],
    ['-5', '0000', '-5'],
    ['1234.5', '0000', '1234.5'],
    ['4721000017', '0', '4721000017'],
    ['4721000017', '#,##0', '4721000017'],
    ['4721000017', '0.00E+00', '4721000017'],
    ['4721000017', 'General', '4721000017'],
    ['42', '@', '42'],
    ['0.5', '0%', '0.5'],
    ['12', '[Red]00000;[Blue]-0', '00012'],
  ])('%s under the format %s shows as %s', async (value, format, shown) => {
    expect(await numberCell(value, format)).toBe(shown)
  })

  it('refuses what is no number, and says where', async () => {
    const { problem } = await readHere(workbookOf({ rows: '<row r="3"><c r="B3"><v>12abc</v></c></row>' }))
    expect(problem).toEqual({ reason: 'broken-workbook', detail: 'the sheet “Users”: B3 holds no number that can be read' })
  })
})

describe('dates', () => {
  it.each([
    ['45293', 'yyyy-mm-dd', '2024-01-02'],
    ['45293', 'd. mmmm yyyy', '2024-01-02'],
    ['45293.354166666664', 'm/d/yy h:mm', '2024-01-02 08:30'],
    ['45293.354178240741', 'm/d/yy h:mm', '2024-01-02 08:30:01'],
    ['0.75', 'h:mm AM/PM', '18:00'],
    ['1.5', '[h]:mm', '36:00'],
    ['60', 'd/m/yyyy', '1900-02-29'],
    ['59', 'd/m/yyyy', '1900-02-28'],
    ['61', 'd/m/yyyy', '1900-03-01'],
    ['-3', 'd/m/yyyy', '-3'],
    ['4721000017', 'd/m/yyyy', '4721000017'],
    ['42', '0" days"', '42 days'],
  ])('%s under %s shows as %s', async (value, format, shown) => {
    expect(await numberCell(value, format)).toBe(shown)
  })

  it('are stated, with the first place', async () => {
    const rows = `<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>45293</v></c><c r="C1" s="1"><v>45294</v></c></row>`
    expect((await readHere(workbookOf({ rows, numberFormats: ['yyyy\\-mm\\-dd'] }))).notices).toEqual([
      { code: 'dates', count: 2, where: 'B1' },
    ])
  })

  it('count from 1904 where the workbook says so', async () => {
    const rows = '<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="1"><v>43831</v></c></row>'
    expect((await readHere(workbookOf({ rows, numberFormats: ['yyyy-mm-dd'], date1904: true }))).csv).toBe('1904-01-01,2024-01-02\n')
  })

  it('of the ISO kind are taken as they are', async () => {
    const rows = '<row r="1"><c r="A1" t="d"><v>2024-01-02T08:30:00Z</v></c><c r="B1" t="d"><v>2024-01-02</v></c></row>'
    expect((await readHere(workbookOf({ rows }), { readers: 'own' })).csv).toBe('2024-01-02 08:30,2024-01-02\n')
  })
})

describe('texts', () => {
  it.each([
    ['+4721000017', '+4721000017'],
    ['0042', '0042'],
    ['Åse &amp; Bjørn &lt;x&gt; &#x41;&#66;', 'Åse & Bjørn <x> AB'],
    ["=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"],
    ['a_x000D_', '"a\r"'],
    ['say "hi"', '"say ""hi"""'],
    ['Berg, Åse', '"Berg, Åse"'],
    ['two\nlines', '"two\nlines"'],
    ['😀', '😀'],
    ['  edges  ', '  edges  '],
  ])('%s inline, shared and from a formula reads as %s', async (xml, csv) => {
    const t = `<t xml:space="preserve">${xml}</t>`
    expect(await textOf(`<c r="A1" t="inlineStr"><is>${t}</is></c>`)).toBe(csv)
    expect(await textOf('', { rows: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared: `<si>${t}</si>` })).toBe(csv)
    expect(await textOf(`<c r="A1" t="str"><v>${xml}</v></c>`)).toBe(csv)
  })

  it('undoes an escape once: `_x005F_` guards what looks like one (the library undoes it twice, and is wrong)', async () => {
    const rows = '<row r="1"><c r="A1" t="str"><v>_x005F_x000D_</v></c><c r="B1" t="inlineStr"><is><t>_x005F_x0041_</t></is></c></row>'
    expect((await readHere(workbookOf({ rows }), { readers: 'own' })).csv).toBe('_x000D_,_x0041_\n')
  })

  it('joins rich text and leaves out how a name is said', async () => {
    const shared =
      '<si><r><t>Kari </t></r><r><rPr><b/></rPr><t>Nordmann</t></r><rPh sb="0" eb="1"><t>カリ</t></rPh><phoneticPr fontId="1"/></si>'
    expect(await textOf('', { rows: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared })).toBe('Kari Nordmann')
  })

  it('reads TRUE, FALSE and errors as words', async () => {
    expect(await textOf('<c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#N/A</v></c>')).toBe('TRUE,FALSE,#N/A')
  })

  it('shows what a formula last gave, and says that it is one', async () => {
    const rows =
      '<row r="1"><c r="A1" t="str"><f>UPPER("a")</f><v>A</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>NOW()</f></c></row>'
    const { csv, notices } = await readHere(workbookOf({ rows }))
    expect({ csv, notices }).toEqual({ csv: 'A,2\n', notices: [{ code: 'formulas', count: 3, where: 'A1' }] })
  })

  it('keeps a byte order mark in the first cell from being taken for the file’s', async () => {
    expect(await textOf('<c r="A1" t="inlineStr"><is><t>\ufeffEmail</t></is></c>')).toBe('"\ufeffEmail"')
  })

  it('reads CDATA and passes over comments', async () => {
    const rows = '<!-- a --><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[a<b & c]]></t></is></c></row>'
    expect((await readHere(workbookOf({ rows }), { readers: 'own' })).csv).toBe('a<b & c\n')
  })

  it('reads parts in UTF-16', async () => {
    const xml = `<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${textRow(1, ['Åse'])}</sheetData></worksheet>`
    const parts = workbookParts({ rows: xml }).map((part) =>
      part.name.includes('sheet1') ? { ...part, data: Buffer.from(`\ufeff${xml}`, 'utf16le') } : part,
    )
    expect(await readHere(zipOf(parts))).toMatchObject({ csv: 'Åse\n', by: 'own' })
  })
})

describe('rows and columns', () => {
  it('line n is spreadsheet row n: empty rows stay, before and between', async () => {
    const { csv } = await readHere(workbookOf({ rows: textRow(3, ['Email', 'Name']) + textRow(6, ['a@b.no', 'A']) }))
    expect(csv).toBe('\n\nEmail,Name\n\n\na@b.no,A\n')
  })

  it('fills up short rows, and leaves a stray cell where it is', async () => {
    const rows = `${textRow(1, ['a', 'b', 'c'])}${textRow(2, ['1'])}<row r="3"><c r="F3"><v>9</v></c></row>`
    expect((await readHere(workbookOf({ rows }))).csv).toBe('a,b,c\n1,,\n,,,,,9\n')
  })

  it('drops rows of empty cells at the end', async () => {
    const rows = `${textRow(1, ['a'])}<row r="2"><c r="A2" s="0"/></row><row r="3"/>`
    expect((await readHere(workbookOf({ rows }))).csv).toBe('a\n')
  })

  it('counts cells and rows without an address', async () => {
    const rows = '<row><c t="inlineStr"><is><t>a</t></is></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    expect((await readHere(workbookOf({ rows }))).csv).toBe('a,,3\n4,,\n')
  })

  it('asks the library where cells stand out of order, or elements have a prefix', async () => {
    const disorder = await readHere(workbookOf({ rows: '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>' }))
    expect(disorder).toMatchObject({ by: 'library', csv: '1,2\n' })
    const prefixed = await readHere(
      workbookOf({
        rows: '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>',
      }),
    )
    expect(prefixed).toMatchObject({ by: 'library', csv: '\n7\n' })
  })

  it('states hidden rows and columns and merged cells, and reads them', async () => {
    const rows = `${textRow(1, ['a', 'b'])}<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>`
    const { csv, notices } = await readHere(
      workbookOf({
        rows,
        before: '<cols><col min="2" max="16384" hidden="1"/></cols>',
        after: '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
      }),
    )
    expect(csv).toBe('a,b\n1,\n')
    expect(notices).toEqual([
      { code: 'hidden-rows', count: 1, where: '2' },
      { code: 'hidden-columns', count: 1, where: 'B' },
      { code: 'merged-cells', count: 1, where: 'A1:B1' },
    ])
  })
})

describe('sheets', () => {
  const book = workbookOf({
    rows: textRow(1, ['hidden']),
    sheetAttributes: 'state="veryHidden"',
    moreSheets: [
      { name: 'Empty', rows: '' },
      { name: 'People & “all”', rows: textRow(1, ['Email']) + textRow(2, ['a@b.no']) },
      { name: 'Last', rows: textRow(1, ['z']) },
    ],
  })

  it('takes the first visible one with data', async () => {
    const { csv, sheet, sheets, notices } = await readHere(book)
    expect({ csv, sheet, notices }).toEqual({
      csv: 'Email\na@b.no\n',
      sheet: 'People & “all”',
      notices: [{ code: 'hidden-sheet', count: 1, where: 'Users' }],
    })
    expect(sheets?.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['Users', true],
      ['Empty', false],
      ['People & “all”', false],
      ['Last', false],
    ])
    expect(sheets?.[2]).toEqual({ name: 'People & “all”', hidden: false, rows: 2, columns: 1 })
  })

  it('takes one by name, hidden or not, in any case', async () => {
    expect(await readHere(book, { sheet: 'last' })).toMatchObject({ csv: 'z\n', sheet: 'Last' })
    expect(await readHere(book, { sheet: 'Users' })).toMatchObject({ csv: 'hidden\n' })
  })

  it('lists the names where there is no such sheet', async () => {
    expect((await readHere(book, { sheet: 'Nobody' })).problem).toMatchObject({
      reason: 'no-such-sheet',
      sheets: ['Users', 'Empty', 'People & “all”', 'Last'],
    })
  })

  it('reads a workbook without any data as empty', async () => {
    expect(await readHere(workbookOf({ rows: '' }))).toMatchObject({ csv: '', sheet: 'Users' })
  })
})
