import { open, rm } from 'node:fs/promises'
import { columnName, maxCellCharacters, maxSheetColumns, maxSheetRows } from '../../ports/workbook-bounds.ts'
import type { ByteSink, FindingStyle, SheetToWrite, WorkbookWriteProblem, WorkbookWriter } from '../../ports/workbook-writer.ts'
import { err, ok } from '../../../shared/kit/result.ts'
import type { Result } from '../../../shared/kit/result.ts'
import { createZipWriter } from './zip-writer.ts'

type Written = Result<{ readonly bytes: number }, WorkbookWriteProblem>

export function createWorkbookWriter(): WorkbookWriter {
  return {
    write: (target, sheets) => (typeof target === 'string' ? writeToPath(target, sheets) : writeToSink(target, sheets)),
  }
}

async function writeToPath(path: string, sheets: readonly SheetToWrite[]): Promise<Written> {
  const file = await open(path, 'wx').catch((cause: unknown) => codeOf(cause))
  if (file === 'EEXIST') return err({ reason: 'exists', detail: 'a file of that name is there already' })
  if (typeof file === 'string') return err({ reason: 'not-writable', detail: `the file cannot be made (${file})` })
  const sink: ByteSink = {
    async write(bytes) {
      await file.writeFile(bytes)
    },
  }
  let written: Written
  try {
    written = await writeToSink(sink, sheets)
    if (written.ok) await file.sync()
  } catch (cause) {
    await file.close()
    await rm(path, { force: true })
    throw cause
  }
  await file.close()
  if (!written.ok) await rm(path, { force: true })
  return written
}

async function writeToSink(sink: ByteSink, sheets: readonly SheetToWrite[]): Promise<Written> {
  const problem = nameProblem(sheets)
  if (problem !== undefined) return err(problem)
  const texts = createTexts()
  // A failing sink is told apart from a bug of ours by where it is caught.
  let sinkFailure: unknown
  const zip = createZipWriter({
    async write(bytes) {
      try {
        await sink.write(bytes)
      } catch (cause) {
        sinkFailure = cause
        throw cause
      }
    },
  })
  try {
    for (const [name, text] of frameParts(sheets)) await zip.add(name, [Buffer.from(text)])
    for (const [i, sheet] of sheets.entries()) await zip.add(`xl/worksheets/sheet${i + 1}.xml`, sheetParts(sheet, texts))
    await zip.add('xl/sharedStrings.xml', sharedStringParts(texts))
    return ok({ bytes: await zip.finish() })
  } catch (cause) {
    if (cause instanceof OverLimit) return err({ reason: 'over-limit', detail: cause.message })
    if (sinkFailure !== undefined) return err({ reason: 'not-writable', detail: `the workbook cannot be written (${codeOf(sinkFailure)})` })
    throw cause
  }
}

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error')

class OverLimit extends Error {}

function nameProblem(sheets: readonly SheetToWrite[]): WorkbookWriteProblem | undefined {
  const seen = new Set<string>()
  for (const { name } of sheets) {
    if (name === '' || name.length > 31 || /[\\/?*[\]:]/.test(name) || name.startsWith("'") || name.endsWith("'"))
      return { reason: 'bad-sheet-name', detail: `“${name}” cannot be the name of a sheet` }
    if (seen.has(name.toLowerCase())) return { reason: 'bad-sheet-name', detail: `two sheets are named “${name}”` }
    seen.add(name.toLowerCase())
  }
  return sheets.length === 0 ? { reason: 'bad-sheet-name', detail: 'a workbook needs at least one sheet' } : undefined
}

/** Texts that come again are stored once; beyond this many different ones, and longer than this, they stand in their cells. */
const maxShared = 1 << 16
const maxSharedLength = 48

interface Texts {
  readonly indexOf: Map<string, number>
  uses: number
}

const createTexts = (): Texts => ({ indexOf: new Map(), uses: 0 })

const styleIndex: Readonly<Record<FindingStyle | 'plain' | 'header', number>> = { plain: 1, header: 2, error: 3, warning: 4, info: 5 }

function* sheetParts(sheet: SheetToWrite, texts: Texts): Generator<Buffer> {
  const names = sheet.header.map((_, column) => columnName(column))
  if (names.length > maxSheetColumns) throw new OverLimit(`${names.length} columns; a sheet holds ${maxSheetColumns}`)
  const rows = sheet.rows[Symbol.iterator]()
  const first = takeSome(rows, 100)
  let xml = `${sheetHead}${columnsXml(sheet, first)}<sheetData>`
  xml += rowXml(1, sheet.header, names, texts, () => styleIndex.header)
  let row = 1
  let columns = sheet.header.length
  const append = (cells: readonly string[]): void => {
    row++
    if (row > maxSheetRows) throw new OverLimit(`more than ${maxSheetRows - 1} rows; a sheet holds no more`)
    if (cells.length > maxSheetColumns) throw new OverLimit(`${cells.length} cells in row ${row}; a sheet holds ${maxSheetColumns} columns`)
    while (names.length < cells.length) names.push(columnName(names.length))
    columns = Math.max(columns, cells.length)
    const styleOf = sheet.styleOf
    const dataRow = row - 2
    xml += rowXml(row, cells, names, texts, styleOf === undefined ? undefined : (column) => styleIndex[styleOf(dataRow, column) ?? 'plain'])
  }
  for (const cells of first) append(cells)
  for (let next = rows.next(); next.done !== true; next = rows.next()) {
    append(next.value)
    if (xml.length < 1 << 18) continue
    yield Buffer.from(xml)
    xml = ''
  }
  const last = columnName(Math.max(0, columns - 1))
  // Numbers as text are what is meant here: no green corners.
  yield Buffer.from(
    `${xml}</sheetData><ignoredErrors><ignoredError sqref="A1:${last}${row}" numberStoredAsText="1"/></ignoredErrors></worksheet>`,
  )
}

/** Styles are numbers of `cellXfs`; an empty cell is written only where it has a look of its own. */
function rowXml(
  row: number,
  cells: readonly string[],
  names: readonly string[],
  texts: Texts,
  styleOf: ((column: number) => number) | undefined,
): string {
  let xml = `<row r="${row}">`
  for (let column = 0; column < cells.length; column++) {
    const text = cells[column] as string
    const style = styleOf === undefined ? 1 : styleOf(column)
    const start = `<c r="${names[column] as string}${row}" s="${style}"`
    if (text === '') {
      if (style > styleIndex.header) xml += `${start}/>`
      continue
    }
    if (text.length > maxCellCharacters)
      throw new OverLimit(`${names[column] as string}${row} holds more than ${maxCellCharacters} characters`)
    const index = sharedIndex(texts, text)
    xml += index < 0 ? `${start} t="inlineStr"><is>${textXml(text)}</is></c>` : `${start} t="s"><v>${index}</v></c>`
  }
  return `${xml}</row>`
}

function sharedIndex(texts: Texts, text: string): number {
  if (text.length > maxSharedLength) return -1
  let index = texts.indexOf.get(text)
  if (index === undefined) {
    index = texts.indexOf.size
    if (index >= maxShared) return -1
    texts.indexOf.set(text, index)
  }
  texts.uses++
  return index
}

function* sharedStringParts({ indexOf, uses }: Texts): Generator<Buffer> {
  let xml = `${declaration}<sst xmlns="${main}" count="${uses}" uniqueCount="${indexOf.size}">`
  for (const text of indexOf.keys()) {
    xml += `<si>${textXml(text)}</si>`
    if (xml.length < 1 << 18) continue
    yield Buffer.from(xml)
    xml = ''
  }
  yield Buffer.from(`${xml}</sst>`)
}

function textXml(text: string): string {
  const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : ''
  return `<t${space}>${escaped(text)}</t>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
// Control characters are what XML cannot hold.
const special =
  /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|_(?=x[0-9a-fA-F]{4}_)/g

/** As XML, and what XML cannot hold as `_xHHHH_` (ECMA-376-1 §22.9.2.19); text that looks like such an escape is escaped itself. */
function escaped(text: string): string {
  return text.replace(special, (one) => entities[one] ?? `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
}

function takeSome(rows: Iterator<readonly string[]>, count: number): (readonly string[])[] {
  const taken: (readonly string[])[] = []
  while (taken.length < count) {
    const next = rows.next()
    if (next.done === true) break
    taken.push(next.value)
  }
  return taken
}

function columnsXml({ header, columnWidths }: SheetToWrite, first: readonly (readonly string[])[]): string {
  if (header.length === 0) return ''
  const widths = header.map((name, column) => {
    const longest = first.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), name.length)
    return columnWidths?.[column] ?? Math.min(60, Math.max(8, longest + 2))
  })
  return `<cols>${widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" style="1" customWidth="1"/>`).join('')}</cols>`
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageOf = 'http://schemas.openxmlformats.org/package/2006'
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const sheetHead = `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`

/** Every cell has number format 49, `@`: a person who types into the sheet keeps noughts and plus signs too. */
const styles = `${declaration}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${['FFFFC7CE', 'FFFFE699', 'FFDDEBF7'].map((colour) => `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`).join('')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>${[2, 3, 4].map((fill) => `<xf numFmtId="49" fontId="0" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/>`).join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

function frameParts(sheets: readonly SheetToWrite[]): readonly (readonly [name: string, text: string])[] {
  const part = (name: string, type: string): string => `<Override PartName="/xl/${name}.xml" ContentType="${kind}.${type}+xml"/>`
  const related = (id: number, type: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${relation}/${type}" Target="${target}.xml"/>`
  const attribute = (text: string): string => escaped(text).replaceAll('"', '&quot;')
  return [
    [
      '[Content_Types].xml',
      `${declaration}<Types xmlns="${packageOf}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('workbook', 'sheet.main')}${sheets.map((_, i) => part(`worksheets/sheet${i + 1}`, 'worksheet')).join('')}${part('styles', 'styles')}${part('sharedStrings', 'sharedStrings')}</Types>`,
    ],
    [
      '_rels/.rels',
      `${declaration}<Relationships xmlns="${packageOf}/relationships">${related(1, 'officeDocument', 'xl/workbook')}</Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${declaration}<workbook xmlns="${main}" xmlns:r="${relation}"><sheets>${sheets.map(({ name }, i) => `<sheet name="${attribute(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${declaration}<Relationships xmlns="${packageOf}/relationships">${sheets.map((_, i) => related(i + 1, 'worksheet', `worksheets/sheet${i + 1}`)).join('')}${related(sheets.length + 1, 'styles', 'styles')}${related(sheets.length + 2, 'sharedStrings', 'sharedStrings')}</Relationships>`,
    ],
    ['xl/styles.xml', styles],
  ]
}
