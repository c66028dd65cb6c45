import { constants, inflateRawSync } from 'node:zlib'
import type { SourceNotice } from '../../../shared/core/csv/source-facts.ts'
import { columnName } from '../../ports/workbook-bounds.ts'
import type { WorkbookContent, WorkbookLimits, WorkbookReply, WorkbookRequest, WorkbookSheet } from '../../ports/workbook-reader.ts'
import { createCsvOut } from './csv-out.ts'
import type { CsvExtent, CsvOut } from './csv-out.ts'
import { readWithLibrary } from './library.ts'
import { holdsEncryptedPackage, isOleContainer } from './ole.ts'
import { planOf } from './parts.ts'
import type { SheetPlan, WorkbookPlan } from './parts.ts'
import { noSharedStrings, scanSharedStrings } from './shared-strings.ts'
import type { SharedStrings } from './shared-strings.ts'
import { createSheetScan } from './sheet.ts'
import type { SheetNotes } from './sheet.ts'
import { broken, NotKnownHere, refuse, WorkbookRefused } from './trouble.ts'
import { plainXml, tagsOf } from './xml.ts'
import { openZip, unpack, unpackInPieces } from './zip.ts'
import type { Zip, ZipEntry } from './zip.ts'
import { bytesSource, fileSource, type ZipSource } from './zip-source.ts'

export interface ReadingOptions {
  /** `own`: what our reader does not know is refused; `library`: ours is not asked. For tests that hold one against the other. */
  readonly readers: 'both' | 'own' | 'library'
}

interface SheetRead {
  readonly extent: CsvExtent
  readonly notes: SheetNotes
  readonly by: 'own' | 'library'
}

/** Answers one request: pieces of CSV, then `done`; or a problem. Throws only what is a bug. */
export async function answer(
  request: WorkbookRequest,
  reply: (reply: WorkbookReply) => void,
  options: ReadingOptions = { readers: 'both' },
): Promise<void> {
  let source: ZipSource | undefined
  try {
    source = sourceOf(request)
    const zip = openContainer(source, request.limits)
    const plan = planOf(zip)
    const wanted = request.sheet === undefined ? undefined : sheetNamed(plan, request.sheet)
    const candidates = wanted === undefined ? plan.sheets.filter(({ hidden, entry }) => !hidden && entry !== undefined) : [wanted]
    const strings = sharedStringsOnce(zip, plan, request.limits)
    let chosen: { readonly sheet: SheetPlan; readonly read: SheetRead } | undefined
    for (const sheet of candidates) {
      const read = await readSheet(zip, plan, sheet, strings, request.limits, reply, options)
      // With no data anywhere, the first one stands.
      if (chosen === undefined || read.extent.rows > 0) chosen = { sheet, read }
      if (read.extent.rows > 0) break
    }
    const { sheet, read } = chosen ?? broken('every sheet is hidden')
    const content = contentOf(zip, plan, sheet, read)
    reply({ kind: 'done', content, by: read.by })
  } catch (cause) {
    if (!(cause instanceof WorkbookRefused)) throw cause
    reply({ kind: 'problem', problem: cause.problem })
  } finally {
    source?.close()
  }
}

function sourceOf({ source }: WorkbookRequest): ZipSource {
  if (typeof source !== 'string') return bytesSource(source)
  try {
    return fileSource(source)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    return refuse('not-found', `the file cannot be read (${code})`)
  }
}

function openContainer(source: ZipSource, limits: WorkbookLimits): Zip {
  if (source.length > limits.fileBytes) refuse('over-limit', `the file is larger than ${limits.fileBytes >> 20} MiB`)
  const start = source.read(0, 8)
  if (isOleContainer(start)) {
    if (holdsEncryptedPackage(source.read(0, source.length)))
      refuse('encrypted-workbook', 'the workbook is protected by a password: open it in Excel and save it without one')
    broken('an old .xls workbook: save it as .xlsx')
  }
  if (source.length < 22 || start[0] !== 0x50 || start[1] !== 0x4b) broken('not a workbook: it does not begin like one')
  return openZip(source, limits)
}

function sheetNamed(plan: WorkbookPlan, name: string): SheetPlan {
  const alike = plan.sheets.filter((sheet) => sheet.name.toLowerCase() === name.toLowerCase())
  const sheet = plan.sheets.find((one) => one.name === name) ?? (alike.length === 1 ? alike[0] : undefined)
  if (sheet?.entry !== undefined) return sheet
  const names = plan.sheets.filter(({ entry }) => entry !== undefined).map((one) => one.name)
  const detail = `no sheet is named “${name}”; there ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}`
  throw new WorkbookRefused({ reason: 'no-such-sheet', detail, sheets: names })
}

/** Unpacked and scanned when the first sheet asks, and kept for the next. */
function sharedStringsOnce(zip: Zip, plan: WorkbookPlan, limits: WorkbookLimits): () => SharedStrings {
  let strings: SharedStrings | undefined
  return () => {
    const entry = plan.sharedStrings
    strings ??=
      entry === undefined ? noSharedStrings : scanSharedStrings(plainXml(unpack(zip, entry), entry.name), entry.name, limits.cellChars)
    return strings
  }
}

async function readSheet(
  zip: Zip,
  plan: WorkbookPlan,
  sheet: SheetPlan,
  strings: () => SharedStrings,
  limits: WorkbookLimits,
  reply: (reply: WorkbookReply) => void,
  options: ReadingOptions,
): Promise<SheetRead> {
  const newOut = (): CsvOut => createCsvOut((bytes) => reply({ kind: 'piece', bytes }), limits.csvBytes)
  const entry = sheet.entry ?? broken(`“${sheet.name}” holds no cells`)
  if (options.readers !== 'library') {
    try {
      const frame = {
        name: `the sheet “${sheet.name}”`,
        strings: strings(),
        formats: plan.formats,
        date1904: plan.date1904,
        maxChars: limits.cellChars,
      }
      let whole = false
      for (;;) {
        const scan = createSheetScan(frame, newOut())
        if (await feed(zip, entry, whole, scan.take)) return { ...scan.finish(), by: 'own' }
        whole = true
        reply({ kind: 'restart' })
      }
    } catch (cause) {
      if (!(cause instanceof NotKnownHere)) throw cause
      if (options.readers === 'own') broken(`not known here: ${cause.message}`)
      reply({ kind: 'restart' })
    }
  }
  const out = newOut()
  const notes = await readWithLibrary(zip, plan, sheet, out, limits.cellChars)
  return { extent: out.finish(), notes, by: 'library' }
}

/**
 * Gives a sheet to `take` in windows that end behind a row. False: the part needs to be read whole, because it holds comments or
 * CDATA or is not UTF-8.
 */
async function feed(zip: Zip, entry: ZipEntry, whole: boolean, take: (window: Buffer) => void): Promise<boolean> {
  if (whole) {
    take(plainXml(unpack(zip, entry), entry.name))
    return true
  }
  let kept: Buffer[] = []
  let keptBytes = 0
  let joinAt = 0
  let first = true
  for await (const piece of unpackInPieces(zip, entry)) {
    if (first && piece.length >= 2 && (piece[0] === 0xff || piece[0] === 0xfe)) return false
    first = false
    kept.push(piece)
    keptBytes += piece.length
    // A row longer than a piece: join only when the bytes have doubled, or joining would cost the square of its length.
    if (keptBytes < joinAt) continue
    const window = kept.length === 1 ? piece : Buffer.concat(kept)
    const end = window.lastIndexOf('</row>') + 6
    if (end < 6) {
      kept = [window]
      joinAt = keptBytes * 2
      continue
    }
    const rows = window.subarray(0, end)
    if (!taken(rows, take)) return false
    kept = [window.subarray(end)]
    keptBytes = window.length - end
    joinAt = 0
  }
  const last = Buffer.concat(kept)
  if (last.includes('<!')) return false
  take(last)
  return true
}

/**
 * False: there is a comment, CDATA or DOCTYPE. Looking for one in every window costs a tenth of the reading, and is not needed:
 * before the rows it is looked for, among them the scan stumbles over it.
 */
function taken(window: Buffer, take: (window: Buffer) => void): boolean {
  const rowsAt = window.indexOf('<row')
  if (window.subarray(0, rowsAt < 0 ? window.length : rowsAt).includes('<!')) return false
  try {
    take(window)
    return true
  } catch (cause) {
    if (window.includes('<!')) return false
    throw cause
  }
}

function contentOf(zip: Zip, plan: WorkbookPlan, chosen: SheetPlan, read: SheetRead): Omit<WorkbookContent, 'csv'> {
  const sheets = plan.sheets.flatMap((sheet): WorkbookSheet[] => {
    if (sheet.entry === undefined) return []
    const extent = sheet === chosen ? read.extent : declaredExtent(zip, sheet.entry)
    return [{ name: sheet.name, hidden: sheet.hidden, rows: extent.rows, columns: extent.columns }]
  })
  return { sheet: chosen.name, sheets, notices: noticesOf(plan, read) }
}

/** What the part says of its own size, from its first bytes; nothing is decided by it. */
function declaredExtent(zip: Zip, entry: ZipEntry): CsvExtent {
  const packed = zip.source.read(entry.start, entry.start + Math.min(entry.packedSize, 2048))
  let head: string
  try {
    head = (entry.deflated ? inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }) : packed).toString('latin1', 0, 1 << 16)
  } catch {
    return { rows: 0, columns: 0 }
  }
  if (/<(?:[\w.-]+:)?sheetData\s*\/>/.test(head)) return { rows: 0, columns: 0 }
  for (const { name, attributes } of tagsOf(head)) {
    const corner = name === 'dimension' ? /([A-Z]{1,3})(\d{1,7})$/.exec(attributes.get('ref') ?? '') : null
    if (corner !== null) return { rows: Number(corner[2]), columns: columnNumber(corner[1] ?? '') }
  }
  return { rows: 0, columns: 0 }
}

const columnNumber = (letters: string): number => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

function noticesOf(plan: WorkbookPlan, { notes, extent }: SheetRead): SourceNotice[] {
  const hiddenSheets = plan.sheets.filter(({ hidden }) => hidden)
  const hiddenColumns = notes.hiddenColumns.flatMap(([from, to]) => range(from, Math.min(to, extent.columns)))
  const all: readonly SourceNotice[] = [
    { code: 'hidden-sheet', count: hiddenSheets.length, where: hiddenSheets.map(({ name }) => name).join(', ') },
    { code: 'hidden-rows', count: notes.hiddenRows.length, where: firstFew(notes.hiddenRows.map(String)) },
    { code: 'hidden-columns', count: hiddenColumns.length, where: firstFew(hiddenColumns.map((column) => columnName(column - 1))) },
    { code: 'formulas', count: notes.formulas.count, where: notes.formulas.first },
    { code: 'merged-cells', count: notes.merged.count, where: firstFew(notes.merged.first, notes.merged.count) },
    { code: 'macros', count: plan.macros },
    { code: 'external-links', count: plan.externalLinks },
    { code: 'dates', count: notes.dates.count, where: notes.dates.first },
  ]
  return all.filter(({ count }) => count > 0)
}

function firstFew(items: readonly string[], count = items.length): string {
  const shown = items.slice(0, 5).join(', ')
  return count > 5 ? `${shown} …` : shown
}

const range = (from: number, to: number): number[] => (from <= to ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : [])
