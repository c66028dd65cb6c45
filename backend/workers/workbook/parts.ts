import { posix } from 'node:path'
import { formatOf } from './number-text.ts'
import type { NumberFormat } from './number-text.ts'
import { broken, refuse } from './trouble.ts'
import { isTrue, plainXml, tagsOf } from './xml.ts'
import { unpack } from './zip.ts'
import type { Zip, ZipEntry } from './zip.ts'

/** The plan of a workbook: which part holds what. No sheet is unpacked for it. */
export interface WorkbookPlan {
  readonly sheets: readonly SheetPlan[]
  readonly sharedStrings: ZipEntry | undefined
  /** The parts that a library needs beside the sheet. */
  readonly frame: readonly ZipEntry[]
  /** Format of a cell by its `s`. */
  readonly formats: readonly NumberFormat[]
  readonly date1904: boolean
  readonly macros: number
  readonly externalLinks: number
}

export interface SheetPlan {
  readonly name: string
  readonly hidden: boolean
  /** Not given: a chart or dialog, with no cells. */
  readonly entry: ZipEntry | undefined
}

interface Relation {
  readonly id: string
  /** The last word of the relation's type, which transitional and strict files share. */
  readonly kind: string
  /** Name of the part, or undefined when it is outside of the file. */
  readonly part: string | undefined
}

export function planOf(zip: Zip): WorkbookPlan {
  refuseOtherKinds(zip)
  const root = relationsOf(zip, '')
  const workbookName = root.find((relation) => relation.kind === 'officeDocument')?.part ?? 'xl/workbook.xml'
  if (workbookName.endsWith('.bin')) broken('a binary workbook (.xlsb): save it as .xlsx')
  const workbook = entryNamed(zip, workbookName) ?? broken(`the container holds no workbook (${workbookName} is missing)`)
  const text = partText(zip, workbook)
  if (!/<\/(?:[\w.-]+:)?workbook\s*>\s*$/.test(text)) broken(`${workbook.name} is cut off, or no workbook`)
  const relations = relationsOf(zip, workbook.name)
  const partOf = (kind: string): ZipEntry | undefined => {
    const part = relations.find((relation) => relation.kind === kind)?.part
    return part === undefined ? undefined : (entryNamed(zip, part) ?? broken(`${part} is missing`))
  }

  const sheets: SheetPlan[] = []
  let date1904 = false
  for (const { name, attributes } of tagsOf(text)) {
    if (name === 'workbookPr') date1904 = isTrue(attributes.get('date1904'))
    if (name !== 'sheet') continue
    sheets.push(sheetPlan(zip, attributes, relations))
  }
  if (sheets.length === 0) broken(`${workbook.name} names no sheet`)
  const sharedStrings = partOf('sharedStrings')
  const styles = partOf('styles')
  const frame = [entryNamed(zip, '[Content_Types].xml'), entryNamed(zip, relationsName(workbook.name)), workbook, styles, sharedStrings]
  return {
    sheets,
    sharedStrings,
    frame: frame.filter((entry) => entry !== undefined),
    formats: styles === undefined ? [] : formatsOf(partText(zip, styles)),
    date1904,
    macros: relations.filter(({ kind }) => kind === 'vbaProject' || kind === 'xlMacrosheet' || kind === 'xlIntlMacrosheet').length,
    externalLinks: relations.filter(({ kind }) => kind === 'externalLink' || kind === 'connections').length,
  }
}

export const partText = (zip: Zip, entry: ZipEntry): string => plainXml(unpack(zip, entry), entry.name).toString('utf8')

function sheetPlan(zip: Zip, attributes: ReadonlyMap<string, string>, relations: readonly Relation[]): SheetPlan {
  const name = attributes.get('name') ?? broken('a sheet has no name')
  const id = [...attributes].find(([key]) => /:id$/.test(key))?.[1]
  const relation = relations.find((one) => one.id === id) ?? broken(`the sheet “${name}” leads nowhere`)
  const hidden = (attributes.get('state') ?? 'visible') !== 'visible'
  if (relation.kind !== 'worksheet') return { name, hidden, entry: undefined }
  const part = relation.part ?? broken(`the sheet “${name}” lies outside of the file`)
  return { name, hidden, entry: entryNamed(zip, part) ?? broken(`the sheet “${name}” is missing (${part})`) }
}

function refuseOtherKinds(zip: Zip): void {
  if (zip.entries.has('[content_types].xml')) return
  if (zip.entries.has('meta-inf/manifest.xml')) broken('an OpenDocument file: save it as .xlsx')
  if (zip.entries.has('index/document.iwa') || zip.entries.has('index.zip')) broken('an Apple Numbers file: export it as .xlsx')
  if (zip.entries.has('encryptedpackage')) refuse('encrypted-workbook', 'the workbook is encrypted')
  broken('a ZIP archive, but no workbook in it')
}

function entryNamed(zip: Zip, name: string): ZipEntry | undefined {
  return zip.entries.get(name.toLowerCase())
}

const relationsName = (part: string): string => posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`)

function relationsOf(zip: Zip, part: string): Relation[] {
  const entry = entryNamed(zip, part === '' ? '_rels/.rels' : relationsName(part))
  if (entry === undefined) return []
  const relations: Relation[] = []
  for (const { name, attributes } of tagsOf(partText(zip, entry))) {
    if (name !== 'Relationship') continue
    const target = attributes.get('Target') ?? ''
    const kind = (attributes.get('Type') ?? '').split('/').at(-1) ?? ''
    const outside = attributes.get('TargetMode') === 'External'
    relations.push({ id: attributes.get('Id') ?? '', kind, part: outside ? undefined : resolved(part, target) })
  }
  return relations
}

const resolved = (part: string, target: string): string =>
  target.startsWith('/') ? posix.normalize(target.slice(1)) : posix.join(posix.dirname(part), target)

function formatsOf(styles: string): NumberFormat[] {
  const codes = new Map<number, string>()
  const formats: NumberFormat[] = []
  const known = new Map<number, NumberFormat>()
  let inCellFormats = false
  const cellFormats = /<((?:[\w.-]+:)?)cellXfs[\s>]/.exec(styles)
  const start = cellFormats?.index ?? styles.length
  for (const { name, attributes } of tagsOf(styles.slice(0, start)))
    if (name === 'numFmt') codes.set(Number(attributes.get('numFmtId')), attributes.get('formatCode') ?? '')
  const end = styles.indexOf(`</${cellFormats?.[1] ?? ''}cellXfs`, start)
  for (const { name, attributes } of tagsOf(styles.slice(start, end < 0 ? styles.length : end))) {
    if (name === 'cellXfs') inCellFormats = true
    if (name !== 'xf' || !inCellFormats) continue
    const id = Number(attributes.get('numFmtId') ?? '0')
    const format = known.get(id) ?? formatOf(codes.get(id) ?? id)
    known.set(id, format)
    formats.push(format)
  }
  return formats
}
