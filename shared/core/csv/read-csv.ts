import { asPlainBytes } from '../../kit/bytes.ts'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { limits as standardLimits } from '../limits.ts'
import type { Limits } from '../limits.ts'
import { EditableTable } from '../table/editable-table.ts'
import type { CsvProblem } from './csv-problem.ts'
import { detectDelimiter, detectEncoding, separatorLine } from './dialect.ts'
import { firstInvalidUtf8, toUtf8 } from './encoding.ts'
import { isEmptyRecord, newRecord, readRecord } from './record.ts'
import { KernelScan } from './kernel-scan.ts'
import { readKernel, type Kernel } from './kernel.ts'
import { PlainScan } from './plain-scan.ts'
import {
  cellText,
  countLineEnding,
  lineEndingOf,
  tooManyColumns,
  tooManyEmptyLines,
  unterminatedQuote,
  type RowScan,
  type ScanInput,
} from './row-scan.ts'
import { sniff } from './sniff.ts'
import type { Delimiter, Encoding, SourceFacts } from './source-facts.ts'

export interface ReadCsvOptions {
  readonly name: string
  /** What the person said instead of what would be found. */
  readonly encoding?: Encoding
  readonly delimiter?: Delimiter
  /** The spreadsheet row number of the header. */
  readonly headerRow?: number
  /** How much the cells look like a header: the number of columns that the catalogue knows. Without it the first row is the header. */
  readonly scoreHeader?: (cells: readonly string[]) => number
  readonly limits?: Limits
  /** A faster check than ours, where the host has one (`buffer.isUtf8`). */
  readonly isUtf8?: (bytes: Uint8Array) => boolean
  /** Only the twin in TypeScript reads. */
  readonly withoutKernel?: boolean
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
  const limits = options.limits ?? standardLimits
  const text = readText(asPlainBytes(bytes), options, limits)
  if (!text.ok) return text
  const { source, encoding, bom } = text.value
  const separator = separatorLine(source, 0)
  const bodyStart = separator?.next ?? 0
  const delimiter = options.delimiter ?? separator?.delimiter ?? detectDelimiter(source, bodyStart)
  const end = source.at(-1) === 0x1a ? source.length - 1 : source.length // DOS ends a text with ^Z

  const nul = source.indexOf(0)
  if (nul >= 0) {
    const row = rowAt(source, nul, bodyStart, delimiter.charCodeAt(0))
    return err({ reason: 'nul-byte', row, detail: `Row ${String(row)} holds a NUL byte: this is no text, or it is damaged.` })
  }
  const header = findHeader(source, bodyStart, end, delimiter.charCodeAt(0), options, limits)
  if (!header.ok) return header

  const { scan, problem } = scanRows(
    {
      bytes: source,
      from: header.value.next,
      end,
      delimiter: delimiter.charCodeAt(0),
      columnCount: header.value.cells.length,
      firstNumber: header.value.row + 1,
      limits,
    },
    options.withoutKernel !== true,
  )
  if (problem !== null) return err(problem)
  countHeadEndings(scan, source, bodyStart, header.value.next, delimiter.charCodeAt(0))
  const dialect = { encoding, delimiter, bom, lineEnding: lineEndingOf(scan.endings) }
  const table = new EditableTable({
    store: scan.store,
    columns: scan.finish(header.value.cells),
    fileRows: scan.rows,
    numbers: scan.numbersOrNull(),
    firstNumber: header.value.row + 1,
    ragged: scan.ragged,
    source: { dialect, headerStart: header.value.start, rowStarts: scan.rowStartsToEnd(), headers: header.value.cells },
  })
  const emptyLines = header.value.emptyLines + scan.emptyLines
  return ok({ table, facts: { ...dialect, name: options.name, format: 'csv', headerRow: header.value.row, emptyLines, notices: [] } })
}

/** The kernel reads what is large enough to be worth it; what it gives up on, its twin reads from the start. */
function scanRows(input: ScanInput, mayUseKernel: boolean): { readonly scan: RowScan; readonly problem: CsvProblem | null } {
  const kernel = mayUseKernel && KernelScan.takes(input) ? readKernel() : null
  if (kernel !== null) {
    const read = readWithKernel(kernel, input)
    if (read !== null) return read
  }
  const scan = new PlainScan(input)
  return { scan, problem: scan.run() }
}

/** Null: the file is odd through and through, or there is no memory left that the kernel could have. */
function readWithKernel(kernel: Kernel, input: ScanInput): { readonly scan: RowScan; readonly problem: CsvProblem | null } | null {
  try {
    const scan = new KernelScan(kernel, input)
    const problem = scan.run()
    return scan.gaveUp ? null : { scan, problem }
  } catch (error) {
    if (error instanceof Error && error.name === 'RuntimeError') return null
    throw error
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
function countHeadEndings(scan: RowScan, source: Uint8Array, start: number, end: number, delimiter: number): void {
  const record = newRecord(standardLimits.columns)
  for (let p = start; p < end; p = record.next) {
    readRecord(source, p, source.length, delimiter, record)
    if (record.trouble !== null) return
    countLineEnding(scan.endings, source, record)
  }
}

interface Header {
  readonly cells: readonly string[]
  readonly start: number
  readonly next: number
  /** The spreadsheet's row number. */
  readonly row: number
  readonly emptyLines: number
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
  let best: Header | null = null
  let bestScore = 0
  let emptyLines = 0
  let candidates = 0
  let row = 1
  for (let p = start; p < end && candidates < headerCandidates; row++, p = record.next) {
    readRecord(source, p, end, delimiter, record)
    const trouble = record.trouble
    // Trouble below a header is the row scan's to report.
    if (trouble !== null && best !== null && options.headerRow === undefined) break
    if (trouble === 'unterminated-quote') return err(unterminatedQuote(row))
    if (trouble === 'too-many-cells') return err(tooManyColumns(row, limits))
    if (isEmptyRecord(record)) {
      if (++emptyLines > limits.emptyLines) return err(tooManyEmptyLines(limits))
      continue
    }
    candidates++
    const cells = Array.from({ length: record.count }, (_, i) => cellText(source, record, i))
    const header = { cells, start: p, next: record.next, row, emptyLines }
    if (options.headerRow !== undefined) {
      if (row === options.headerRow) return ok(header)
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
  if (best !== null) return ok(best)
  if (candidates === 0) return err({ reason: 'empty', detail: 'Nothing stands in the file but empty lines.' })
  const wanted = String(options.headerRow)
  return err({ reason: 'no-header', detail: `The header was to be row ${wanted}, but no text stands there.` })
}
