import { grown, sameBytes } from '../../kit/bytes.ts'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import type { EditableTable, RowSource } from '../table/editable-table.ts'
import type { StoredColumn } from '../table/stored-column.ts'
import { CellFlag } from '../table/table.ts'
import type { RowId } from '../table/table.ts'
import { beyondWindows1252, fromUtf8, markOf } from './encoding.ts'
import { CellForm, newRecord, readRecord, unescapeCell } from './record.ts'
import type { CsvRecord } from './record.ts'
import type { Dialect } from './source-facts.ts'

export interface WriteCsvOptions {
  /** How to write. Where the line ending is `mixed` or `none`, what is written anew ends with CRLF. */
  readonly dialect: Dialect
  /** Which columns, by index; the default is all that stand in the draft, with the surplus cells of ragged rows. */
  readonly columns?: readonly number[]
  /** Header texts instead of the columns' own, one for each column written. */
  readonly headers?: readonly string[]
  /** Which rows; the default is all. */
  readonly rows?: Uint32Array
}

/** A character that the encoding lacks. Nothing has been written. */
export interface CsvWriteProblem {
  readonly reason: 'unencodable'
  /** The spreadsheet's row number; null: the header, or a row that came from no file. */
  readonly row: number | null
  /** The column's header text. */
  readonly column: string
  readonly character: string
  readonly detail: string
}

/** The dialect Control Hub takes: UTF-8 without byte order mark, comma, CRLF. */
export const controlHubDialect: Dialect = { encoding: 'utf-8', delimiter: ',', bom: false, lineEnding: 'crlf' }

const chunkBytes = 1 << 20
const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d

/**
 * Writes a table as chunks of bytes. Where columns, delimiter and line ending are those of the source, what nobody touched is
 * copied: title rows, header, empty lines, rows, and in an edited row the cells that still have their text. So a file that
 * was only read is written back byte for byte. Everything else is quoted only where it must be (RFC 4180): around the
 * delimiter, quotes, line ends, and spaces or tabs at an edge. In another dialect title rows and empty lines are left out.
 */
export function writeCsv(table: EditableTable, options: WriteCsvOptions): Result<Iterable<Uint8Array>, CsvWriteProblem> {
  const columns = options.columns ?? table.live
  const headers = options.headers ?? columns.map((index) => table.columns[index]!.header)
  const rows = options.rows ?? table.rows
  if (options.dialect.encoding === 'windows-1252') {
    const problem = firstUnencodable(table, columns, headers, rows)
    if (problem !== null) return err(problem)
  }
  return ok(chunksOf(table, { ...options, columns, headers, rows, keepsShape: options.columns === undefined }))
}

interface Writing {
  readonly dialect: Dialect
  readonly columns: readonly number[]
  readonly headers: readonly string[]
  readonly rows: Uint32Array
  /** Surplus cells of ragged rows are written, and missing ones are not. */
  readonly keepsShape: boolean
}

function* chunksOf(table: EditableTable, writing: Writing): Generator<Uint8Array> {
  const { dialect } = writing
  if (dialect.bom) yield markOf(dialect.encoding)
  const source = copiableSource(table, writing)
  const chunks = source === null ? newChunks(table, writing) : copiedChunks(table, source, writing)
  for (const chunk of chunks) if (chunk.length > 0) yield fromUtf8(chunk, dialect.encoding)
}

/** The source, where its rows may be copied as they stand. */
function copiableSource(table: EditableTable, { dialect, columns, keepsShape }: Writing): RowSource | null {
  const source = table.source
  if (source === null || !keepsShape || source.dialect.delimiter !== dialect.delimiter) return null
  if (source.dialect.lineEnding !== dialect.lineEnding) return null
  const isWhole = columns.length === source.headers.length && columns.every((index, position) => index === position)
  return isWhole ? source : null
}

function* newChunks(table: EditableTable, writing: Writing): Generator<Uint8Array> {
  const { dialect, columns, headers, rows } = writing
  const out = new Sink(dialect)
  headers.forEach((header, i) => {
    out.cell(header, i > 0)
  })
  out.endLine()
  const writers = columns.map((index) => cellWriter(table.columns[index]!, out))
  const isWhole = writing.keepsShape && columns.every((index, position) => index === position)
  for (const row of rows) {
    const shape = writing.keepsShape ? table.ragged.get(row) : undefined
    const count = shape !== undefined && isWhole ? cellsToWrite(table, row, shape.cellCount, columns.length) : columns.length
    for (let i = 0; i < count; i++) {
      if (i > 0) out.byte(out.delimiter)
      writers[i]!(row)
    }
    for (const text of shape?.surplus ?? []) out.cell(text, true)
    out.endLine()
    if (out.used >= chunkBytes) yield out.take()
  }
  yield out.take()
}

function* copiedChunks(table: EditableTable, source: RowSource, { dialect, headers, rows }: Writing): Generator<Uint8Array> {
  const bytes = table.store.source
  const { rowStarts } = source
  const out = new Sink(dialect)
  const record = newRecord(table.columns.length + 1000)
  let endsLine = true
  const sourceBytes = (from: number, to: number): Uint8Array => {
    if (to > from) endsLine = bytes[to - 1] === LF || bytes[to - 1] === CR
    return bytes.subarray(from, to)
  }

  yield sourceBytes(0, source.headerStart)
  const isSameHeader = headers.every((header, i) => header === source.headers[i])
  if (isSameHeader) yield sourceBytes(source.headerStart, rowStarts[0]!)
  else {
    readRecord(bytes, source.headerStart, rowStarts[0]!, out.delimiter, record)
    headers.forEach((header, i) => {
      if (i > 0) out.byte(out.delimiter)
      if (header === source.headers[i]) out.bytes(bytes, record.starts[i]!, record.ends[i]!)
      else out.text(header, i === 0)
    })
    yield out.take()
    yield sourceBytes(record.end, rowStarts[0]!)
  }

  for (let i = 0; i < rows.length;) {
    if (!endsLine) {
      out.endLine()
      endsLine = true
    }
    const row = rows[i]!
    if (row < table.fileRows && table.touched?.[row] !== 1) {
      // A run of neighbours that nobody touched is one piece of the source.
      let last = row
      for (i++; i < rows.length && rows[i] === last + 1 && last + 1 < table.fileRows && table.touched?.[last + 1] !== 1; i++) {
        last++
        if (rowStarts[last + 1]! - rowStarts[row]! > 4 * chunkBytes) {
          i++
          break
        }
      }
      yield out.take()
      yield sourceBytes(rowStarts[row]!, rowStarts[last + 1]!)
      continue
    }
    i++
    if (row < table.fileRows) {
      const end = rowStarts[row + 1]!
      readRecord(bytes, rowStarts[row]!, end, out.delimiter, record)
      writeEditedRow(table, row, record, out)
      out.bytes(bytes, record.end, end)
      endsLine = end > record.end && (bytes[end - 1] === LF || bytes[end - 1] === CR)
    } else {
      writeNewRow(table, row, out)
      out.endLine()
    }
    if (out.used >= chunkBytes) yield out.take()
  }
  yield out.take()
  yield bytes.subarray(rowStarts[table.fileRows])
}

/** The cells whose text is still that of the file are copied with their quotes, the others written anew. */
function writeEditedRow(table: EditableTable, row: RowId, record: CsvRecord, out: Sink): void {
  const bytes = table.store.source
  const columnCount = table.source!.headers.length
  const shape = table.ragged.get(row)
  const count = shape === undefined ? columnCount : cellsToWrite(table, row, shape.cellCount, columnCount)
  for (let i = 0; i < count; i++) {
    if (i > 0) out.byte(out.delimiter)
    const column = table.columns[i]!
    if (i < record.count && isStillAsWritten(column, row, bytes, record, i)) out.bytes(bytes, record.starts[i]!, record.ends[i]!)
    else out.stored(column.storedBytesOf(row), column.storedStartOf(row), column.byteLengthOf(row))
  }
  for (const text of shape?.surplus ?? []) out.cell(text, true)
}

function isStillAsWritten(column: StoredColumn, row: RowId, bytes: Uint8Array, record: CsvRecord, index: number): boolean {
  const start = record.starts[index]!
  const end = record.ends[index]!
  const now = column.storedBytesOf(row)
  const nowStart = column.storedStartOf(row)
  const nowLength = column.byteLengthOf(row)
  const form = record.forms[index]
  if (form === CellForm.bare) return nowLength === end - start && sameBytes(now, nowStart, bytes, start, nowLength)
  if (form === CellForm.quoted) return nowLength === end - start - 2 && sameBytes(now, nowStart, bytes, start + 1, nowLength)
  const then = new Uint8Array(end - start)
  return unescapeCell(bytes, start, end, then) === nowLength && sameBytes(now, nowStart, then, 0, nowLength)
}

function writeNewRow(table: EditableTable, row: RowId, out: Sink): void {
  for (let i = 0; i < table.source!.headers.length; i++) out.cell(table.columns[i]!.textOf(row), i > 0)
  for (const text of table.ragged.get(row)?.surplus ?? []) out.cell(text, true)
}

/** A short row stays short, unless something was written behind its last cell. */
function cellsToWrite(table: EditableTable, row: RowId, cellCount: number, columnCount: number): number {
  let count = columnCount
  while (count > cellCount && count > 0 && table.columns[count - 1]!.isEmpty(row)) count--
  return count
}

/** Writes the cell of a row; what repeats is quoted and encoded once per distinct text. */
function cellWriter(column: StoredColumn, out: Sink): (row: RowId) => void {
  if (!column.coded) {
    return (row) => {
      out.stored(column.storedBytesOf(row), column.storedStartOf(row), column.byteLengthOf(row))
    }
  }
  const written: (Uint8Array | undefined)[] = []
  return (row) => {
    const code = column.codeOf(row)
    const bytes = (written[code] ??= out.asCell(column.textOfCode(code)))
    out.bytes(bytes, 0, bytes.length)
  }
}

/** Collects UTF-8 bytes until a chunk is full. */
class Sink {
  readonly delimiter: number
  used = 0
  private readonly lineEnd: Uint8Array
  private readonly mustQuote = new Uint8Array(256)
  private buffer: Uint8Array = new Uint8Array(chunkBytes + 65_536)

  constructor(dialect: Dialect) {
    this.delimiter = dialect.delimiter.charCodeAt(0)
    this.lineEnd = dialect.lineEnding === 'lf' ? Uint8Array.of(LF) : dialect.lineEnding === 'cr' ? Uint8Array.of(CR) : Uint8Array.of(CR, LF)
    for (const byte of [this.delimiter, QUOTE, LF, CR]) this.mustQuote[byte] = 1
  }

  byte(byte: number): void {
    this.room(1)
    this.buffer[this.used++] = byte
  }

  bytes(bytes: Uint8Array, start: number, end: number): void {
    this.room(end - start)
    const { buffer } = this
    let at = this.used
    if (end - start > 64) buffer.set(bytes.subarray(start, end), at)
    else for (let i = start; i < end; i++) buffer[at++] = bytes[i]!
    this.used += end - start
  }

  /** A text as a cell, quoted where it must be. */
  text(text: string, isFileStart: boolean): void {
    const bytes = encodeUtf8(text)
    // A file that begins with U+FEFF would lose it as a byte order mark.
    if (isFileStart && text.startsWith('\ufeff')) this.quoted(bytes, 0, bytes.length)
    else this.stored(bytes, 0, bytes.length)
  }

  cell(text: string, isAfterAnother: boolean): void {
    if (isAfterAnother) this.byte(this.delimiter)
    this.text(text, !isAfterAnother)
  }

  asCell(text: string): Uint8Array {
    const before = this.used
    this.text(text, false)
    const bytes = this.buffer.slice(before, this.used)
    this.used = before
    return bytes
  }

  stored(bytes: Uint8Array, start: number, length: number): void {
    if (length === 0) return
    const end = start + length
    const first = bytes[start]!
    const last = bytes[end - 1]!
    if (first === 0x20 || first === 0x09 || last === 0x20 || last === 0x09) {
      this.quoted(bytes, start, end)
      return
    }
    const { mustQuote } = this
    for (let i = start; i < end; i++) {
      if (mustQuote[bytes[i]!] === 1) {
        this.quoted(bytes, start, end)
        return
      }
    }
    this.bytes(bytes, start, end)
  }

  endLine(): void {
    this.bytes(this.lineEnd, 0, this.lineEnd.length)
  }

  take(): Uint8Array {
    const chunk = this.buffer.slice(0, this.used)
    this.used = 0
    return chunk
  }

  private quoted(bytes: Uint8Array, start: number, end: number): void {
    this.room(2 * (end - start) + 2)
    const { buffer } = this
    let at = this.used
    buffer[at++] = QUOTE
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte === QUOTE) buffer[at++] = QUOTE
      buffer[at++] = byte
    }
    buffer[at++] = QUOTE
    this.used = at
  }

  private room(length: number): void {
    if (this.used + length > this.buffer.length) this.buffer = grown(this.buffer, 2 * (this.used + length))
  }
}

function firstUnencodable(
  table: EditableTable,
  columns: readonly number[],
  headers: readonly string[],
  rows: Uint32Array,
): CsvWriteProblem | null {
  for (const header of headers) {
    const character = beyondWindows1252(header)
    if (character !== null) return unencodable(null, header, character)
  }
  for (const index of columns) {
    const column = table.columns[index]!
    const problemOfCode: (string | null | undefined)[] = []
    for (const row of rows) {
      let character: string | null
      if (column.coded) {
        const code = column.codeOf(row)
        character =
          problemOfCode[code] === undefined ? (problemOfCode[code] = beyondWindows1252(column.textOfCode(code))) : problemOfCode[code]
      } else if ((column.flagsOf(row) & CellFlag.beyondAscii) === 0) continue
      else character = beyondWindows1252(column.textOf(row))
      if (character !== null) return unencodable(table.numberOf(row) || null, column.header, character)
    }
  }
  for (const [row, shape] of table.ragged) {
    const character = beyondWindows1252(shape.surplus.join(''))
    if (character !== null) return unencodable(table.numberOf(row) || null, '', character)
  }
  return null
}

function unencodable(row: number | null, column: string, character: string): CsvWriteProblem {
  const place = row === null ? `column "${column}"` : `row ${String(row)}, column "${column}"`
  return {
    reason: 'unencodable',
    row,
    column,
    character,
    detail: `"${character}" (${place}) cannot be written in Windows-1252. Write UTF-8 instead.`,
  }
}
