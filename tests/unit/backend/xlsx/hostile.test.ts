import { describe, expect, it } from 'vitest'
import { workbookLimits } from '../../../../backend/adapters/xlsx/limits.ts'
import { sheetNamespace, textRow, workbookOf, workbookParts, zipOf } from '../../../support/xlsx/build-workbook.ts'
import type { Part } from '../../../support/xlsx/build-workbook.ts'
import { readHere } from '../../../support/xlsx/read-here.ts'

const rows = textRow(1, ['Email', 'Phone']) + textRow(2, ['kari@example.no', '+4721000017'])
const parts = workbookParts({ rows })
const csv = 'Email,Phone\nkari@example.no,+4721000017\n'
const withPart = (name: string, change: Partial<Part>): Part[] => parts.map((part) => (part.name === name ? { ...part, ...change } : part))
const sheet1 = 'xl/worksheets/sheet1.xml'
const problemOf = async (bytes: Buffer): Promise<string> => {
  const { problem } = await readHere(bytes)
  return problem === undefined ? 'read' : `${problem.reason}: ${problem.detail}`
}

describe('the container (F30, F31)', () => {
  it('is read when nothing is wrong', async () => {
    expect(await readHere(zipOf(parts))).toMatchObject({ csv, by: 'own' })
  })

  it.each<[string, Buffer, string]>([
    [
      'a check sum is wrong',
      zipOf(withPart(sheet1, { says: { crc: 1 } })),
      `broken-workbook: ${sheet1} is damaged: its check sum is wrong`,
    ],
    [
      'a stored text was changed',
      (() => {
        const bytes = zipOf(withPart(sheet1, { stored: true }))
        bytes.write('kari@example.nu', bytes.indexOf('kari@example.no'))
        return bytes
      })(),
      `broken-workbook: ${sheet1} is damaged: its check sum is wrong`,
    ],
    [
      'a part is longer than it says',
      zipOf(withPart(sheet1, { says: { size: 100 } })),
      `broken-workbook: ${sheet1} is longer than the container says`,
    ],
    [
      'a part is shorter than it says',
      zipOf(withPart(sheet1, { says: { size: 9000 } })),
      `broken-workbook: ${sheet1} is not as long as the container says`,
    ],
    [
      'two names for one part',
      zipOf(withPart(sheet1, { says: { localName: 'xl/worksheets/sheet9.xml' } })),
      `broken-workbook: ${sheet1} has another name in its own header`,
    ],
    ['a part is encrypted', zipOf(withPart(sheet1, { says: { flags: 1 } })), `encrypted-workbook: ${sheet1} is encrypted`],
    [
      'a name leads out',
      zipOf([...parts, { name: 'xl/../../evil', data: '' }]),
      'broken-workbook: a part has a name that leads out of the container',
    ],
    [
      'a name is absolute',
      zipOf([...parts, { name: '/etc/passwd', data: '' }]),
      'broken-workbook: a part has a name that leads out of the container',
    ],
    [
      'two parts of one name',
      zipOf([...parts, { name: 'XL/workbook.xml', data: 'x' }]),
      'broken-workbook: two parts are named XL/workbook.xml',
    ],
    [
      'two parts share bytes',
      zipOf(withPart(sheet1, { says: { offset: 0 } })),
      `broken-workbook: ${sheet1} has another name in its own header`,
    ],
    ['the count is a lie', zipOf(parts, { count: 3 }), 'broken-workbook: the list of parts is longer than its count'],
    ['it is cut off', zipOf(parts).subarray(0, 900), 'broken-workbook: the end of the file is missing, or something stands behind it'],
    [
      'it is something else',
      Buffer.from('%PDF-1.7 and more of the same kind'),
      'broken-workbook: not a workbook: it does not begin like one',
    ],
    ['it is an archive', zipOf([{ name: 'a.txt', data: 'a' }]), 'broken-workbook: a ZIP archive, but no workbook in it'],
    [
      'it is an OpenDocument file',
      zipOf([{ name: 'META-INF/manifest.xml', data: 'a' }]),
      'broken-workbook: an OpenDocument file: save it as .xlsx',
    ],
    ['it is empty', Buffer.alloc(0), 'broken-workbook: not a workbook: it does not begin like one'],
  ])('%s', async (_, bytes, expected) => {
    expect(await problemOf(bytes)).toBe(expected)
  })

  it('overlapping parts: one header used twice', async () => {
    const twice = zipOf(parts)
    const end = twice.length - 22
    const start = twice.readUInt32LE(end + 16)
    const first = twice.subarray(start, start + 46 + twice.readUInt16LE(start + 28))
    const list = Buffer.concat([twice.subarray(start, end), first])
    // Another name in the list only would be seen by the headers; the same one is seen as a second part.
    const tail = Buffer.from(twice.subarray(end))
    tail.writeUInt16LE(parts.length + 1, 8)
    tail.writeUInt16LE(parts.length + 1, 10)
    tail.writeUInt32LE(list.length, 12)
    expect(await problemOf(Buffer.concat([twice.subarray(0, start), list, tail]))).toBe(
      'broken-workbook: two parts are named [Content_Types].xml',
    )
  })

  it('ZIP64, which only files over 4 GB need', async () => {
    const bytes = zipOf(parts)
    const locator = Buffer.alloc(20)
    locator.write('PK\u0006\u0007', 'latin1')
    const withLocator = Buffer.concat([bytes.subarray(0, bytes.length - 22), locator, bytes.subarray(bytes.length - 22)])
    expect(await problemOf(withLocator)).toBe('broken-workbook: the container is of the kind for over 4 GB (ZIP64)')
  })

  it('60,000 parts', async () => {
    const many = Array.from({ length: 60_000 }, (_, i) => ({ name: `a${i}`, data: '', stored: true }))
    expect(await problemOf(zipOf([...parts, ...many]))).toBe('over-limit: 60006 parts in the container; at most 1000 are opened')
  })

  it('a bomb of 200 MiB in 200 kB is refused before it is unpacked', async () => {
    const bomb = zipOf([...parts, { name: 'xl/theme/theme1.xml', data: Buffer.alloc(200 << 20, 32) }])
    const before = process.memoryUsage().rss
    const started = performance.now()
    expect(await problemOf(bomb)).toBe('over-limit: xl/theme/theme1.xml unpacks to more than 200 times its size')
    expect(performance.now() - started).toBeLessThan(1000)
    expect(process.memoryUsage().rss - before).toBeLessThan(50 << 20)
  })

  it('a bomb that lies about its size is stopped at that size', async () => {
    const bomb = zipOf(withPart(sheet1, { data: Buffer.alloc(64 << 20, 32), says: { size: 2 << 20 } }))
    expect(await problemOf(bomb)).toBe(`broken-workbook: ${sheet1} is longer than the container says`)
  })

  it('300 workbooks with 1–6 bytes changed: read as they were, or refused', async () => {
    const names = Array.from({ length: 400 }, (_, i) => textRow(i + 1, [`user${i}@example.no`, `+4721${i}`])).join('')
    const good = workbookOf({ rows: names, shared: '<si><t>unused</t></si>' })
    const expected = (await readHere(good)).csv
    let seed = 20261121
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    const outcomes = { refused: 0, same: 0 }
    for (let n = 0; n < 300; n++) {
      const bytes = Buffer.from(good)
      for (let flips = 1 + random(6); flips > 0; flips--) bytes[random(bytes.length)] = random(256)
      const { csv: got, problem, by } = await readHere(bytes)
      if (problem !== undefined) outcomes.refused++
      else {
        expect({ n, got }).toEqual({ n, got: expected })
        expect(by).toBe('own')
        outcomes.same++
      }
    }
    expect(outcomes.refused).toBeGreaterThan(150)
    expect(outcomes.refused + outcomes.same).toBe(300)
  }, 30_000)
})

describe('the sheet (F32, F33)', () => {
  it('two cells at opposite corners are two cells', async () => {
    const started = performance.now()
    const far = `${textRow(1, ['a'])}<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>z</t></is></c></row>`
    const read = await readHere(workbookOf({ rows: far, before: '<dimension ref="A1:XFD1048576"/>' }))
    expect(read.csv?.length).toBe(2 + 1048574 + 16383 + 2)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it.each(['0', '-1', '1048577', '2147483648', '4294967297', 'x', ''])('a row numbered “%s”', async (r) => {
    expect(await problemOf(workbookOf({ rows: `<row r="${r}"><c t="inlineStr"><is><t>a</t></is></c></row>` }))).toMatch(
      /^broken-workbook: .*holds a row numbered/,
    )
  })

  it.each(['XFE1', 'ZZZZZZ1', '1', 'A'])('a cell at “%s”', async (r) => {
    expect(await problemOf(workbookOf({ rows: `<row r="1"><c r="${r}"><v>1</v></c></row>` }))).toMatch(/^broken-workbook|^read/)
    expect((await readHere(workbookOf({ rows: `<row r="1"><c r="${r}"><v>1</v></c></row>` }))).csv?.length ?? 0).toBeLessThan(20_000)
  })

  it.each([
    ['is cut off', '<worksheet xmlns="x"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'],
    ['is cut off in a row', '<worksheet xmlns="x"><sheetData><row r="1"><c r="A1"><v>1</v>'],
    ['is cut off in a cell', '<worksheet xmlns="x"><sheetData><row r="1"><c r="A1" t="'],
    ['does not end', `<worksheet xmlns="${sheetNamespace}"><sheetData/>`],
    ['has text between cells', workbookRows('<row r="1">x<c r="A1"><v>1</v></c></row>')],
    ['has a value that does not end', workbookRows('<row r="1"><c r="A1"><v>1</c></row>')],
  ])('a sheet that %s', async (_, xml) => {
    expect(await problemOf(workbookOf({ rows: xml }))).toMatch(/^broken-workbook: /)
  })

  it('a cell that shows a shared text which is not there', async () => {
    const bytes = workbookOf({ rows: '<row r="1"><c r="A1" t="s"><v>7</v></c></row>', shared: '<si><t>a</t></si>' })
    expect(await problemOf(bytes)).toBe('broken-workbook: the sheet “Users”: A1 shows a shared text that is not there')
  })

  it.each(['shared', 'inline'])('a %s text of more than 32,767 characters, by its place', async (kind) => {
    const long = 'x'.repeat(32_768)
    const cell = kind === 'shared' ? '<c r="C2" t="s"><v>0</v></c>' : `<c r="C2" t="inlineStr"><is><t>${long}</t></is></c>`
    const bytes = workbookOf({ rows: `<row r="2">${cell}</row>`, shared: `<si><t>${long}</t></si>` })
    expect(await problemOf(bytes)).toBe('over-limit: C2 holds more than 32767 characters')
  })

  it('counts characters, not bytes, and takes 32,767', async () => {
    const most = 'å'.repeat(32_767)
    const bytes = workbookOf({ rows: `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, shared: `<si><t>${most}</t></si>` })
    expect((await readHere(bytes)).csv).toBe(`${most}\n`)
  })

  it('100,000 merged ranges, 200,000 styles, 200,000 unused texts', async () => {
    const started = performance.now()
    const bytes = workbookOf({
      rows,
      after: `<mergeCells>${Array.from({ length: 100_000 }, (_, i) => `<mergeCell ref="A${i + 1}:B${i + 1}"/>`).join('')}</mergeCells>`,
      numberFormats: Array.from({ length: 200_000 }, () => '0'),
      shared: '<si><t>unused text</t></si>'.repeat(200_000),
    })
    const read = await readHere(bytes)
    expect(read).toMatchObject({ csv, notices: [{ code: 'merged-cells', count: 100_000 }] })
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('more text than a sheet may hold', async () => {
    const limits = { ...workbookLimits, csvBytes: 4 << 20 }
    const bytes = workbookOf({
      rows: Array.from({ length: 300 }, (_, i) => `<row r="${i + 1}"><c r="XFD${i + 1}"><v>1</v></c></row>`).join(''),
    })
    expect((await readHere(bytes, { limits })).problem).toEqual({ reason: 'over-limit', detail: 'the sheet holds more than 4 MiB of text' })
  })
})

describe('XML (F34)', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`
  it.each([
    [
      'a sheet',
      {
        rows: `<?xml version="1.0"?>${laughs}<worksheet xmlns="${sheetNamespace}"><sheetData>${textRow(1, ['&b;&x;'])}</sheetData></worksheet>`,
      },
    ],
    ['the shared texts', { rows, shared: `<?xml version="1.0"?>${laughs}<sst xmlns="${sheetNamespace}"><si><t>&x;</t></si></sst>` }],
  ])('a DOCTYPE in %s is refused', async (_, book) => {
    expect(await problemOf(workbookOf(book))).toMatch(/holds a DOCTYPE; no workbook needs one, so it is not read$/)
  })

  it('a DOCTYPE in UTF-16 is refused too', async () => {
    const xml = `\ufeff<?xml version="1.0" encoding="UTF-16"?>${laughs}<worksheet/>`
    expect(await problemOf(zipOf(withPart(sheet1, { data: Buffer.from(xml, 'utf16le') })))).toMatch(/holds a DOCTYPE/)
  })

  it('bytes that are no UTF-8', async () => {
    const bad = Buffer.concat([
      Buffer.from(`<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>`),
      Buffer.from([0xc0, 0xaf]),
      Buffer.from('</v></c></row></sheetData></worksheet>'),
    ])
    expect(await problemOf(zipOf(withPart(sheet1, { data: bad })))).toMatch(/is not UTF-8 text$/)
  })

  it('elements a million deep', async () => {
    const started = performance.now()
    const deep = `<row r="1"><c r="A1" t="inlineStr"><is>${'<r>'.repeat(1_000_000)}<t>a</t>${'</r>'.repeat(1_000_000)}</is></c></row>`
    const { problem, csv: text } = await readHere(workbookOf({ rows: deep }))
    expect(problem?.reason ?? text).toBeDefined()
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('active content (F35, F36)', () => {
  it('links to other files and data connections are stated and not followed', async () => {
    const bytes = workbookOf({
      rows,
      moreRelations: [
        { type: 'externalLink', target: 'externalLinks/externalLink1.xml' },
        { type: 'connections', target: 'connections.xml' },
      ],
      moreParts: [{ name: 'xl/externalLinks/externalLink1.xml', data: '<externalLink/>' }],
    })
    expect(await readHere(bytes)).toMatchObject({ csv, notices: [{ code: 'external-links', count: 2 }] })
  })

  it('a formula is its last result, as text', async () => {
    const bytes = workbookOf({ rows: `<row r="1"><c r="A1" t="str"><f>cmd|' /C calc'!A0</f><v>Oslo</v></c></row>` })
    expect(await readHere(bytes)).toMatchObject({ csv: 'Oslo\n', notices: [{ code: 'formulas', count: 1, where: 'A1' }] })
  })

  it('names that would reach into objects are only names', async () => {
    const bytes = workbookOf({
      rows: textRow(1, ['__proto__', 'constructor']),
      moreSheets: [{ name: '__proto__', rows: textRow(1, ['x']) }],
    })
    for (const readers of ['own', 'library'] as const) expect((await readHere(bytes, { readers })).csv).toBe('__proto__,constructor\n')
    expect((await readHere(bytes, { sheet: '__proto__' })).csv).toBe('x\n')
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

function workbookRows(xml: string): string {
  return `<worksheet xmlns="${sheetNamespace}"><sheetData>${xml}</sheetData></worksheet>`
}
