import { crc32, deflateRawSync } from 'node:zlib'

/** A ZIP built by hand, so that a test can lie in any field. */
export interface Part {
  readonly name: string
  readonly data: string | Buffer
  readonly stored?: boolean
  /** What the headers say instead of the truth. */
  readonly says?: {
    readonly size?: number
    readonly crc?: number
    readonly flags?: number
    readonly localName?: string
    readonly offset?: number
  }
}

export function zipOf(parts: readonly Part[], says: { readonly count?: number } = {}): Buffer {
  const out: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data, stored, says: lies = {} } of parts) {
    const bytes = Buffer.from(data)
    const packed = stored === true ? bytes : deflateRawSync(bytes)
    const nameBytes = Buffer.from(name)
    const localName = Buffer.from(lies.localName ?? name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(lies.flags ?? 0, 2)
    common.writeUInt16LE(stored === true ? 0 : 8, 4)
    common.writeUInt32LE(lies.crc ?? crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(lies.size ?? bytes.length, 18)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common])
    local.writeUInt16LE(localName.length, 26)
    const central = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), common, Buffer.alloc(14)])
    central.writeUInt16LE(nameBytes.length, 28)
    central.writeUInt32LE(lies.offset ?? at, 42)
    directory.push(central, nameBytes)
    out.push(local, localName, packed)
    at += local.length + localName.length + packed.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(says.count ?? parts.length, 8)
  end.writeUInt16LE(says.count ?? parts.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...out, list, end])
}

export interface WorkbookParts {
  /** What stands between `<sheetData>` and `</sheetData>`; or a whole sheet, when it begins with `<?xml` or `<worksheet`. */
  readonly rows: string
  readonly shared?: string
  readonly numberFormats?: readonly string[]
  /** Attributes of `<sheet>` after the first, and more parts. */
  readonly date1904?: boolean
  readonly before?: string
  readonly after?: string
  readonly sheetAttributes?: string
  readonly moreSheets?: readonly { readonly name: string; readonly rows: string; readonly attributes?: string }[]
  readonly moreRelations?: readonly { readonly type: string; readonly target: string }[]
  readonly moreParts?: readonly Part[]
}

export const sheetNamespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** The parts of a workbook with the sheet “Users”. Style n+1 of its cells is number format n of `numberFormats`. */
export function workbookParts(book: WorkbookParts): Part[] {
  const sheet = (rows: string, before = '', after = ''): string =>
    rows.startsWith('<?xml') || rows.startsWith('<worksheet')
      ? rows
      : `<worksheet xmlns="${sheetNamespace}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`
  const more = book.moreSheets ?? []
  const formats = book.numberFormats ?? []
  const relations = [
    ...[1, ...more.map((_, i) => i + 2)].map((n) => ({ id: `rId${n}`, type: 'worksheet', target: `worksheets/sheet${n}.xml` })),
    { id: 'rIdS', type: 'styles', target: 'styles.xml' },
    ...(book.shared === undefined ? [] : [{ id: 'rIdT', type: 'sharedStrings', target: 'sharedStrings.xml' }]),
    ...(book.moreRelations ?? []).map((one, i) => ({ id: `rIdX${i}`, ...one })),
  ]
  const relationships = (list: readonly { readonly id: string; readonly type: string; readonly target: string }[]): string =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
      .map(({ id, type, target }) => `<Relationship Id="${id}" Type="${relation}/${type}" Target="${target}"/>`)
      .join('')}</Relationships>`
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const override = (part: string, kind: string): string => `<Override PartName="/xl/${part}" ContentType="${type}.${kind}+xml"/>`
  const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return [
    {
      name: '[Content_Types].xml',
      data: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override('workbook.xml', 'sheet.main')}${[1, ...more.map((_, i) => i + 2)].map((n) => override(`worksheets/sheet${n}.xml`, 'worksheet')).join('')}${override('styles.xml', 'styles')}${book.shared === undefined ? '' : override('sharedStrings.xml', 'sharedStrings')}</Types>`,
    },
    { name: '_rels/.rels', data: relationships([{ id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' }]) },
    {
      name: 'xl/workbook.xml',
      data: `<workbook xmlns="${sheetNamespace}" xmlns:r="${relation}"><workbookPr date1904="${book.date1904 === true ? 1 : 0}"/><sheets><sheet name="Users" sheetId="1" r:id="rId1" ${book.sheetAttributes ?? ''}/>${more.map(({ name, attributes }, i) => `<sheet name="${quoted(name)}" sheetId="${i + 2}" r:id="rId${i + 2}" ${attributes ?? ''}/>`).join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', data: relationships(relations) },
    {
      name: 'xl/styles.xml',
      data: `<styleSheet xmlns="${sheetNamespace}"><numFmts count="${formats.length}">${formats.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${quoted(code)}"/>`).join('')}</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="${formats.length + 1}"><xf numFmtId="0"/>${formats.map((_, i) => `<xf numFmtId="${164 + i}" applyNumberFormat="1"/>`).join('')}</cellXfs></styleSheet>`,
    },
    ...(book.shared === undefined
      ? []
      : [
          {
            name: 'xl/sharedStrings.xml',
            data:
              book.shared.startsWith('<!') || book.shared.startsWith('<?')
                ? book.shared
                : `<sst xmlns="${sheetNamespace}">${book.shared}</sst>`,
          },
        ]),
    { name: 'xl/worksheets/sheet1.xml', data: sheet(book.rows, book.before, book.after) },
    ...more.map(({ rows }, i) => ({ name: `xl/worksheets/sheet${i + 2}.xml`, data: sheet(rows) })),
    ...(book.moreParts ?? []),
  ]
}

export const workbookOf = (book: WorkbookParts): Buffer => zipOf(workbookParts(book))

/** A row of inline texts: `textRow(2, ['a', 'b'])`. */
export const textRow = (row: number, texts: readonly string[]): string =>
  `<row r="${row}">${texts.map((text, i) => `<c r="${String.fromCharCode(65 + i)}${row}" t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`
