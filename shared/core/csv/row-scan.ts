import { grown } from '../../kit/bytes.ts'
import { decodeUtf8 } from '../../kit/text.ts'
import type { Limits } from '../limits.ts'
import { ColumnBuilder } from '../table/column-builder.ts'
import type { StoredColumn } from '../table/stored-column.ts'
import type { RaggedRow, RowId } from '../table/table.ts'
import { TextStore } from '../table/text-store.ts'
import type { CsvProblem } from './csv-problem.ts'
import { CellForm, isEmptyRecord, newRecord, readRecord, unescapeCell } from './record.ts'
import type { CsvRecord } from './record.ts'
import type { LineEnding } from './source-facts.ts'

const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d

/** What a byte outside quotes does to a cell: nothing, ends it, or ends the record. */
const goesOn = 0
const endsCell = 1
const endsAtLf = 2

/** The hot loop comes back after so many rows: a function that is called often is compiled sooner than one that loops long. */
const rowsACall = 512

export interface LineEndings {
  crlf: number
  lf: number
  cr: number
}

/**
 * Reads the data rows into columns. `readPlainRows` is the hot loop: it takes records of exactly the header's cells, bare or
 * quoted, and refuses everything else. What it refuses (ragged rows, text after a quote, the last record without a line end,
 * empty lines, troubles) goes to `readOddRow`, the tolerant reader, one record at a time. The fast path never guesses.
 */
export class RowScan {
  readonly store: TextStore
  readonly ragged = new Map<RowId, RaggedRow>()
  readonly endings: LineEndings = { crlf: 0, lf: 0, cr: 0 }
  rows = 0
  emptyLines = 0

  private readonly bytes: Uint8Array
  private readonly end: number
  private readonly delimiter: number
  private readonly firstNumber: number
  private readonly limits: Limits
  private readonly columns: ColumnBuilder[]
  private readonly record: CsvRecord
  private readonly byteRoles: Uint8Array
  /** Behind the last line end nothing is read without looking where the file ends, so that is left to `readOddRow`. */
  private readonly lastBreak: number
  private position: number
  private rowStarts: Uint32Array
  /** Rows before which empty lines stand, and how many there were up to them. */
  private readonly gapRows: number[] = []
  private readonly gapTotals: number[] = []
  private scratch: Uint8Array = new Uint8Array(1024)

  constructor(bytes: Uint8Array, from: number, end: number, delimiter: number, columnCount: number, firstNumber: number, limits: Limits) {
    this.bytes = bytes
    this.position = from
    this.end = end
    this.delimiter = delimiter
    this.firstNumber = firstNumber
    this.limits = limits
    this.byteRoles = rolesOf(delimiter)
    this.lastBreak = Math.max(lastIndexWithin(bytes, LF, end), lastIndexWithin(bytes, CR, end))
    this.store = new TextStore(bytes, new Uint8Array(65_536))
    const expectedRows = expectedRowsOf(bytes, from, end)
    this.rowStarts = new Uint32Array(expectedRows)
    this.columns = Array.from({ length: columnCount }, () => new ColumnBuilder(this.store, expectedRows))
    this.record = newRecord(limits.columns)
  }

  run(): CsvProblem | null {
    while (this.position < this.end) {
      const before = this.rows
      this.readPlainRows()
      if (this.rows > this.limits.rows) return tooManyRows(this.limits)
      if (this.rows === before + rowsACall || this.position >= this.end) continue
      const problem = this.readOddRow()
      if (problem !== null) return problem
      if (this.emptyLines > this.limits.emptyLines) return tooManyEmptyLines(this.limits)
    }
    return null
  }

  /** Reads on from `position` until the end, or until a record that it does not take. */
  private readPlainRows(): void {
    const { bytes, end, columns, store, lastBreak, byteRoles } = this
    const columnCount = columns.length
    // Letters and digits lie above the delimiter mostly, and need no look at the table.
    const highestEnd = Math.max(this.delimiter, CR)
    const longest = this.limits.cellCharacters
    const stopRow = Math.min(this.limits.rows + 1, this.rows + rowsACall)
    let { rowStarts, position: p } = this
    let row = this.rows
    let crlf = 0
    let lf = 0
    let cr = 0

    while (p <= lastBreak && row < stopRow) {
      const rowStart = p
      let index = 0
      let textBytes = 0
      let role = goesOn
      for (; index < columnCount; index++) {
        const column = columns[index]!
        const first = bytes[p]!
        if (first === QUOTE) {
          const start = p + 1
          let close = start
          let isEscaped = false
          while (close < end) {
            if (bytes[close] !== QUOTE) close++
            else if (close + 1 < end && bytes[close + 1] === QUOTE) {
              isEscaped = true
              close += 2
            } else break
          }
          p = close + 1
          if (p > lastBreak || close - start > longest) break
          role = byteRoles[bytes[p]!]!
          if (role === goesOn) break
          textBytes |= close - start
          if (isEscaped) this.putEscaped(column, row, start - 1, p)
          else column.put(row, bytes, start, close, start)
          column.guessLength = 0
        } else {
          role = byteRoles[first]!
          if (role !== goesOn) column.putEmpty(row)
          else {
            const start = p
            // Most columns repeat the text of the row before: then its bytes and the end of the cell are all there is to see.
            const guessLength = column.guessLength
            let guessed = 0
            if (guessLength > 0) {
              const arena = store.arena
              const guessStart = column.guessStart
              while (guessed < guessLength && bytes[start + guessed] === arena[guessStart + guessed]) guessed++
            }
            p = start + guessed
            role = byteRoles[bytes[p]!]!
            if (guessed === guessLength && guessed > 0 && role !== goesOn) column.putGuess(row)
            else {
              let byte = bytes[p]!
              while (byte > highestEnd || byteRoles[byte] === goesOn) byte = bytes[++p]!
              role = byteRoles[byte]!
              if (p - start > longest) break
              column.put(row, bytes, start, p, start)
            }
            textBytes |= p - start
          }
        }
        p++
        if (role !== endsCell) {
          index++
          break
        }
        role = goesOn
      }
      if (index !== columnCount || role < endsAtLf || textBytes === 0) {
        p = rowStart
        break
      }
      if (role === endsAtLf) lf++
      else if (p < end && bytes[p] === LF) {
        crlf++
        p++
      } else cr++
      if (row >= rowStarts.length) rowStarts = this.rowStarts = grown(rowStarts, Math.ceil(row * 1.5) + 16)
      rowStarts[row++] = rowStart
    }
    this.position = p
    this.rows = row
    this.endings.crlf += crlf
    this.endings.lf += lf
    this.endings.cr += cr
  }

  /** Reads the one record at `position` with all tolerance there is. */
  private readOddRow(): CsvProblem | null {
    const { bytes, record, limits, columns } = this
    const number = this.firstNumber + this.rows + this.emptyLines
    readRecord(bytes, this.position, this.end, this.delimiter, record)
    if (record.trouble === 'unterminated-quote') return unterminatedQuote(number)
    if (record.trouble === 'too-many-cells') return tooManyColumns(number, limits)
    countLineEnding(this.endings, bytes, record)
    const start = this.position
    this.position = record.next
    if (isEmptyRecord(record)) {
      this.emptyLines++
      this.gapRows.push(this.rows)
      this.gapTotals.push(this.emptyLines)
      return null
    }
    const row = this.rows
    if (row >= limits.rows) return tooManyRows(limits)
    const surplus: string[] = []
    for (let i = 0; i < Math.max(record.count, columns.length); i++) {
      const column = columns[i]
      if (i >= record.count) {
        column?.putEmpty(row)
        continue
      }
      const from = record.starts[i]!
      const to = record.ends[i]!
      if (to - from > limits.cellCharacters && charactersOf(bytes, record, i) > limits.cellCharacters) return tooLongCell(number, i, limits)
      if (column === undefined) surplus.push(cellText(bytes, record, i))
      else if (record.forms[i] === CellForm.bare) column.put(row, bytes, from, to, from)
      else if (record.forms[i] === CellForm.quoted) column.put(row, bytes, from + 1, to - 1, from + 1)
      else this.putEscaped(column, row, from, to)
      if (column !== undefined) column.guessLength = 0
    }
    if (record.count !== columns.length) this.ragged.set(row, { cellCount: record.count, surplus })
    if (row >= this.rowStarts.length) this.rowStarts = grown(this.rowStarts, Math.ceil(row * 1.5) + 16)
    this.rowStarts[row] = start
    this.rows++
    return null
  }

  finish(headers: readonly string[]): readonly StoredColumn[] {
    return this.columns.map((column, index) => column.finish(headers[index]!, this.rows))
  }

  /** Where each row begins, and behind the last one the end of the text. */
  rowStartsToEnd(): Uint32Array {
    const starts = new Uint32Array(this.rows + 1)
    starts.set(this.rowStarts.subarray(0, this.rows))
    starts[this.rows] = this.end
    return starts
  }

  /** The spreadsheet's numbers, or null where they follow the first without a gap. */
  numbersOrNull(): Uint32Array | null {
    if (this.gapRows.every((row) => row >= this.rows)) return null
    const numbers = new Uint32Array(this.rows)
    let gap = 0
    let passed = 0
    for (let row = 0; row < this.rows; row++) {
      while (gap < this.gapRows.length && this.gapRows[gap]! <= row) passed = this.gapTotals[gap++]!
      numbers[row] = this.firstNumber + row + passed
    }
    return numbers
  }

  private putEscaped(column: ColumnBuilder, row: number, start: number, end: number): void {
    if (this.scratch.length < end - start) this.scratch = new Uint8Array(2 * (end - start))
    const length = unescapeCell(this.bytes, start, end, this.scratch)
    column.put(row, this.scratch, 0, length, -1)
  }
}

function rolesOf(delimiter: number): Uint8Array {
  const roles = new Uint8Array(256)
  roles[delimiter] = endsCell
  roles[LF] = endsAtLf
  roles[CR] = endsAtLf + 1
  return roles
}

const lastIndexWithin = (bytes: Uint8Array, byte: number, end: number): number => (end === 0 ? -1 : bytes.lastIndexOf(byte, end - 1))

/** From the length of the first lines; a little too many, so that arrays seldom grow. */
function expectedRowsOf(bytes: Uint8Array, from: number, end: number): number {
  const sample = Math.min(end, from + 262_144)
  let lines = 0
  for (let p = from; p < sample; p++) if (bytes[p] === LF || (bytes[p] === CR && bytes[p + 1] !== LF)) lines++
  if (sample === end) return lines + 1
  return Math.ceil(((end - from) / (sample - from)) * (lines + 1) * 1.05) + 64
}

export function countLineEnding(endings: LineEndings, bytes: Uint8Array, record: CsvRecord): void {
  if (record.next === record.end) return
  if (record.next - record.end === 2) endings.crlf++
  else if (bytes[record.end] === LF) endings.lf++
  else endings.cr++
}

export function lineEndingOf(endings: LineEndings): LineEnding {
  const kinds = (['crlf', 'lf', 'cr'] as const).filter((kind) => endings[kind] > 0)
  return kinds.length > 1 ? 'mixed' : (kinds[0] ?? 'none')
}

/** The text of a cell of a record. */
export function cellText(bytes: Uint8Array, record: CsvRecord, index: number): string {
  const start = record.starts[index]!
  const end = record.ends[index]!
  if (record.forms[index] === CellForm.bare) return decodeUtf8(bytes, start, end)
  if (record.forms[index] === CellForm.quoted) return decodeUtf8(bytes, start + 1, end - 1)
  const target = new Uint8Array(end - start)
  return decodeUtf8(target, 0, unescapeCell(bytes, start, end, target))
}

/** UTF-16 units of a cell, counted without decoding: every lead byte is one, of four bytes two. */
function charactersOf(bytes: Uint8Array, record: CsvRecord, index: number): number {
  let units = 0
  for (let p = record.starts[index]!; p < record.ends[index]!; p++) {
    const byte = bytes[p]!
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units
}

export const unterminatedQuote = (row: number): CsvProblem => ({
  reason: 'unterminated-quote',
  row,
  detail: `Row ${String(row)} opens a quote (") that is never closed, or closed in the middle of a cell further down.`,
})

export const tooManyColumns = (row: number, limits: Limits): CsvProblem => ({
  reason: 'over-limit',
  row,
  detail: `Row ${String(row)} has more than ${String(limits.columns)} cells, the most that can be opened.`,
})

export const tooManyEmptyLines = (limits: Limits): CsvProblem => ({
  reason: 'over-limit',
  detail: `The file has more than ${String(limits.emptyLines)} empty lines.`,
})

const tooManyRows = (limits: Limits): CsvProblem => ({
  reason: 'over-limit',
  detail: `The file has more than ${String(limits.rows)} rows, the most that can be opened.`,
})

const tooLongCell = (row: number, column: number, limits: Limits): CsvProblem => ({
  reason: 'over-limit',
  row,
  detail: `Cell ${String(column + 1)} of row ${String(row)} has more than ${String(limits.cellCharacters)} characters.`,
})
