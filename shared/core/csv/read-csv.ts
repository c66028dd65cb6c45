import { asPlainBytes } from '../../kit/bytes.ts'
import { finish, type Steps } from '../../kit/steps.ts'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { limits as standardLimits } from '../limits.ts'
import type { Limits } from '../limits.ts'
import { EditableTable } from '../table/editable-table.ts'
import type { StoredColumn } from '../table/stored-column.ts'
import type { RaggedRow, RowId } from '../table/table.ts'
import type { TextStore } from '../table/text-store.ts'
import { SoundText, type Arrival, type BytesTests } from './arrival.ts'
import type { CsvProblem } from './csv-problem.ts'
import { detectDelimiter, detectEncoding, separatorLine } from './dialect.ts'
import { firstInvalidUtf8, toUtf8 } from './encoding.ts'
import { isEmptyRecord, newRecord, readRecord } from './record.ts'
import { KernelScan } from './kernel-scan.ts'
import { borrowKernel, giveBack, type Kernel } from './kernel.ts'
import { PlainScan } from './plain-scan.ts'
import {
  cellText,
  countLineEnding,
  endOfText,
  lineEndingOf,
  sampledForRows,
  tooLongCell,
  tooManyColumns,
  tooManyEmptyLines,
  unterminatedQuote,
  type LineEndings,
  type RowScan,
  type ScanInput,
} from './row-scan.ts'
import { sniff } from './sniff.ts'
import type { Delimiter, Encoding, SourceFacts } from './source-facts.ts'

export interface ReadCsvOptions extends BytesTests {
  readonly name: string
  /** What the person said instead of what would be found. */
  readonly encoding?: Encoding
  readonly delimiter?: Delimiter
  /** The spreadsheet row number of the header. */
  readonly headerRow?: number
  /** How much the cells look like a header: the number of columns that the catalogue knows. Without it the first row is the header. */
  readonly scoreHeader?: (cells: readonly string[]) => number
  readonly limits?: Limits
  /** Only the twin in TypeScript reads. */
  readonly withoutKernel?: boolean
  /** Where the bytes are still coming in. What is read is what would be read of them all. */
  readonly arrival?: Arrival
}

export interface ReadCsv {
  readonly table: EditableTable
  readonly facts: SourceFacts
}

/** Only the first records are looked at for a header below title rows. */
const headerCandidates = 20

/**
 * Reads a file as a table of texts: bytes in, nothing guessed of types, nothing repaired in silence.
 * The table keeps the bytes (as UTF-8), so the caller must not write to them any more.
 */
export function readCsv(bytes: Uint8Array, options: ReadCsvOptions): Result<ReadCsv, CsvProblem> {
  return finish(readCsvSteps(bytes, options))
}

/** The same in slices. */
export function* readCsvSteps(bytes: Uint8Array, options: ReadCsvOptions): Steps<Result<ReadCsv, CsvProblem>> {
  const { arrival } = options
  if (arrival !== undefined) {
    const early = yield* readArriving(asPlainBytes(bytes), options, arrival)
    if (early !== null) return early
    while (arrival.filled < bytes.length) {
      arrival.needed = bytes.length
      yield 0
    }
  }
  const start = beginCsv(bytes, options)
  if (!start.ok) return start
  const { input, header } = start.value
  const kernel = options.withoutKernel !== true && KernelScan.takes(input) ? borrowKernel() : null
  const read = kernel === null ? null : yield* readWithKernel(kernel, input, header.cells)
  const rows = read ?? (yield* readPlainly(input, header.cells))
  return rows.ok ? ok(csvOf(start.value, rows.value)) : rows
}

/** The delimiter, the header and how the rows begin are looked for in so much of a file that is still coming in. */
const headBytes = 1024 * 1024

/**
 * Reads a file while its bytes come in. Null, and nothing done: what it is cannot be told from its beginning, it is odd or damaged, or
 * there is no kernel; all of it must be there then.
 */
function* readArriving(bytes: Uint8Array, options: ReadCsvOptions, arrival: Arrival): Steps<Result<ReadCsv, CsvProblem> | null> {
  const limits = options.limits ?? standardLimits
  if (bytes.length < 2 * headBytes || bytes.length > limits.fileBytes || options.withoutKernel === true) return null
  while (arrival.filled < headBytes) {
    arrival.needed = headBytes
    yield 0
  }
  const { encoding, markLength } = detectEncoding(bytes, () => true)
  const wanted = options.encoding ?? encoding
  if (encoding !== 'utf-8' || wanted !== 'utf-8' || sniff(bytes.subarray(0, 512), options.name).kind !== 'text') return null
  const source = bytes.subarray(markLength)
  const text = new SoundText(source, arrival, markLength, options)
  const headEnd = headBytes - 4 - markLength
  if (!text.reaches(headEnd) || text.isDamaged()) return null
  const start = beginRows({ source, encoding, bom: markLength > 0 }, options, limits, headEnd, source.length)
  if (!start.ok || start.value.header.lookedTo >= headEnd || start.value.input.from + sampledForRows >= headEnd) return null
  const input = { ...start.value.input, text }
  const kernel = KernelScan.takes(input) ? borrowKernel() : null
  const rows = kernel === null ? null : yield* readWithKernel(kernel, input, start.value.header.cells)
  if (rows === null || text.isDamaged()) return null
  return rows.ok ? ok(csvOf(start.value, rows.value)) : rows
}

/** What is known of a file before its rows are read. */
interface CsvStart {
  readonly name: string
  /** UTF-8 without byte order mark. */
  readonly source: Uint8Array
  readonly encoding: Encoding
  readonly bom: boolean
  readonly delimiter: Delimiter
  readonly bodyStart: number
  readonly header: Header
  readonly input: ScanInput
}

/** All that comes before the rows. */
function beginCsv(bytes: Uint8Array, options: ReadCsvOptions): Result<CsvStart, CsvProblem> {
  const limits = options.limits ?? standardLimits
  const text = readText(asPlainBytes(bytes), options, limits)
  if (!text.ok) return text
  const { source } = text.value
  const end = endOfText(source)
  const nul = options.holdsNul?.(source) === false ? -1 : source.indexOf(0)
  if (nul < 0) return beginRows(text.value, options, limits, end, end)
  const start = separatorLine(source, 0)
  const delimiter = options.delimiter ?? start?.delimiter ?? detectDelimiter(source, start?.next ?? 0)
  const row = rowAt(source, nul, start?.next ?? 0, delimiter.charCodeAt(0))
  return err({ reason: 'nul-byte', row, detail: `Row ${String(row)} holds a NUL byte: this is no text, or it is damaged.` })
}

/** `headEnd`: how far the header is looked for; `end`: how far rows go. */
function beginRows(
  { source, encoding, bom }: SourceText,
  options: ReadCsvOptions,
  limits: Limits,
  headEnd: number,
  end: number,
): Result<CsvStart, CsvProblem> {
  const separator = separatorLine(source, 0)
  const bodyStart = separator?.next ?? 0
  const delimiter = options.delimiter ?? separator?.delimiter ?? detectDelimiter(source, bodyStart)
  const header = findHeader(source, bodyStart, headEnd, delimiter.charCodeAt(0), options, limits)
  if (!header.ok) return header

  const input = {
    bytes: source,
    from: header.value.next,
    end,
    delimiter: delimiter.charCodeAt(0),
    columnCount: header.value.cells.length,
    firstNumber: header.value.row + 1,
    limits,
  }
  return ok({ name: options.name, source, encoding, bom, delimiter, bodyStart, header: header.value, input })
}

/** What reading the rows gave. */
interface ScannedRows {
  readonly store: TextStore
  readonly columns: readonly StoredColumn[]
  readonly rows: number
  readonly ragged: ReadonlyMap<RowId, RaggedRow>
  readonly numbers: Uint32Array | null
  /** Where each row begins, and the end of the text. */
  readonly rowStarts: Uint32Array
  readonly emptyLines: number
  readonly endings: LineEndings
}

function csvOf({ name, source, encoding, bom, delimiter, bodyStart, header, input }: CsvStart, scanned: ScannedRows): ReadCsv {
  const endings = { ...scanned.endings }
  countHeadEndings(endings, source, bodyStart, header.next, input.delimiter)
  const dialect = { encoding, delimiter, bom, lineEnding: lineEndingOf(endings) }
  const table = new EditableTable({
    store: scanned.store,
    columns: scanned.columns,
    fileRows: scanned.rows,
    numbers: scanned.numbers,
    firstNumber: input.firstNumber,
    ragged: scanned.ragged,
    source: { dialect, headerStart: header.start, rowStarts: scanned.rowStarts, headers: header.cells },
  })
  const emptyLines = header.emptyLines + scanned.emptyLines
  return { table, facts: { ...dialect, name, format: 'csv', headerRow: header.row, emptyLines, notices: [] } }
}

const scannedRows = (scan: RowScan, headers: readonly string[]): ScannedRows => ({
  store: scan.store,
  columns: scan.finish(headers),
  rows: scan.rows,
  ragged: scan.ragged,
  numbers: scan.numbersOrNull(),
  rowStarts: scan.rowStartsToEnd(),
  emptyLines: scan.emptyLines,
  endings: scan.endings,
})

function* readPlainly(input: ScanInput, headers: readonly string[]): Steps<Result<ScannedRows, CsvProblem>> {
  const scan = new PlainScan(input)
  const problem = yield* scan.steps()
  return problem === null ? ok(scannedRows(scan, headers)) : err(problem)
}

/** Null: the file is odd through and through, or there is no memory left that the kernel could have. */
function* readWithKernel(kernel: Kernel, input: ScanInput, headers: readonly string[]): Steps<Result<ScannedRows, CsvProblem> | null> {
  try {
    const scan = new KernelScan(kernel, input)
    const problem = yield* scan.steps()
    if (scan.gaveUp) return null
    return problem === null ? ok(scannedRows(scan, headers)) : err(problem)
  } catch (error) {
    if (error instanceof Error && error.name === 'RuntimeError') return null
    throw error
  } finally {
    giveBack(kernel)
  }
}

interface SourceText {
  /** UTF-8 without byte order mark. */
  readonly source: Uint8Array
  readonly encoding: Encoding
  readonly bom: boolean
}

function readText(bytes: Uint8Array, options: ReadCsvOptions, limits: Limits): Result<SourceText, CsvProblem> {
  if (bytes.length > limits.fileBytes) {
    const detail = `The file has ${megabytes(bytes.length)} MB; at most ${megabytes(limits.fileBytes)} MB can be opened.`
    return err({ reason: 'over-limit', detail })
  }
  const { kind, words } = sniff(bytes.subarray(0, 512), options.name)
  if (kind === 'empty') return err({ reason: 'empty', detail: 'The file is empty (0 bytes).' })
  if (kind === 'html' || kind === 'xml') return err({ reason: 'not-a-table', detail: `The file is ${words}, not a CSV file.` })
  if (kind !== 'text') return err({ reason: 'binary', detail: `The file is ${words}, not a CSV file.` })

  const detected = detectEncoding(bytes, options.isUtf8)
  const encoding = options.encoding ?? detected.encoding
  const bom = detected.markLength > 0 && encoding === detected.encoding
  const body = bom ? bytes.subarray(detected.markLength) : bytes
  if (encoding === 'utf-8') {
    const invalid = detected.isUtf8 ? -1 : firstInvalidUtf8(body)
    return invalid < 0 ? ok({ source: body, encoding, bom }) : err(undecodable(body.subarray(0, invalid), 'UTF-8'))
  }
  const { bytes: source, failedAt } = toUtf8(body, encoding)
  return failedAt < 0 ? ok({ source, encoding, bom }) : err(undecodable(source, encoding.toUpperCase()))
}

const megabytes = (bytes: number): string => String(Math.ceil(bytes / (1024 * 1024)))

function undecodable(before: Uint8Array, encoding: string): CsvProblem {
  const start = separatorLine(before, 0)?.next ?? 0
  const row = rowAt(before, before.length, start, detectDelimiter(before, start).charCodeAt(0))
  return {
    reason: 'undecodable',
    row,
    detail: `Row ${String(row)} holds bytes that are no ${encoding}: the file is damaged, or in another encoding.`,
  }
}

/** The spreadsheet's number of the record that holds the byte at `offset`. */
function rowAt(bytes: Uint8Array, offset: number, start: number, delimiter: number): number {
  const record = newRecord(100_000)
  let row = 1
  for (let p = start; p < bytes.length; row++) {
    readRecord(bytes, p, bytes.length, delimiter, record)
    // A record that the place cuts off has no line end yet.
    if (record.trouble !== null || record.next > offset || record.next === record.end) return row
    p = record.next
  }
  return row
}

/** The line ends down to the header count too. */
function countHeadEndings(endings: LineEndings, source: Uint8Array, start: number, end: number, delimiter: number): void {
  const record = newRecord(standardLimits.columns)
  for (let p = start; p < end; p = record.next) {
    readRecord(source, p, source.length, delimiter, record)
    if (record.trouble !== null) return
    countLineEnding(endings, source, record)
  }
}

interface Header {
  readonly cells: readonly string[]
  readonly start: number
  readonly next: number
  /** The spreadsheet's row number. */
  readonly row: number
  readonly emptyLines: number
  /** How far was looked to find it. */
  readonly lookedTo: number
}

function findHeader(
  source: Uint8Array,
  start: number,
  end: number,
  delimiter: number,
  options: ReadCsvOptions,
  limits: Limits,
): Result<Header, CsvProblem> {
  const record = newRecord(limits.columns)
  let best: Omit<Header, 'lookedTo'> | null = null
  let bestScore = 0
  let lookedTo = start
  let emptyLines = 0
  let candidates = 0
  let row = 1
  for (let p = start; p < end && candidates < headerCandidates; row++, p = record.next) {
    readRecord(source, p, end, delimiter, record)
    const trouble = record.trouble
    lookedTo = trouble === null ? record.next : end
    // Trouble below a header is the row scan's to report.
    if (trouble !== null && best !== null && options.headerRow === undefined) break
    if (trouble === 'unterminated-quote') return err(unterminatedQuote(row))
    if (trouble === 'too-many-cells') return err(tooManyColumns(row, limits))
    if (isEmptyRecord(record)) {
      if (++emptyLines > limits.emptyLines) return err(tooManyEmptyLines(row, limits))
      continue
    }
    candidates++
    const long = tooLongCell(source, record, row, limits)
    if (long !== null && (best === null || options.headerRow !== undefined)) return err(long)
    if (long !== null) break
    const cells = Array.from({ length: record.count }, (_, i) => cellText(source, record, i))
    const header = { cells, start: p, next: record.next, row, emptyLines }
    if (options.headerRow !== undefined) {
      if (row === options.headerRow) return ok({ ...header, lookedTo })
      continue
    }
    const score = options.scoreHeader?.(cells) ?? 0
    // A later row takes the place only where it looks far more like a header: title rows stand above it.
    if (best === null || score > 2 * bestScore + 1) {
      best = header
      bestScore = score
    }
    if (options.scoreHeader === undefined) break
  }
  if (best !== null) return ok({ ...best, lookedTo })
  if (candidates === 0) return err({ reason: 'empty', detail: 'Nothing stands in the file but empty lines.' })
  const wanted = String(options.headerRow)
  return err({ reason: 'no-header', detail: `The header was to be row ${wanted}, but no text stands there.` })
}
