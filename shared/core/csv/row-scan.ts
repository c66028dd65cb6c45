import { grown } from '../../kit/bytes.ts'
import { finish, type Steps } from '../../kit/steps.ts'
import { decodeUtf8 } from '../../kit/text.ts'
import type { Limits } from '../limits.ts'
import type { StoredColumn } from '../table/stored-column.ts'
import type { RaggedRow, RowId } from '../table/table.ts'
import { TextStore } from '../table/text-store.ts'
import { SoundText } from './arrival.ts'
import type { CsvProblem } from './csv-problem.ts'
import { CellForm, isEmptyRecord, newRecord, readRecord, unescapeCell } from './record.ts'
import type { CsvRecord } from './record.ts'
import type { LineEnding } from './source-facts.ts'

const LF = 0x0a
const CR = 0x0d

export interface LineEndings {
  crlf: number
  lf: number
  cr: number
}

/** What is to be read: the bytes from `from` to `end`, whose first record is the spreadsheet's row `firstNumber`. */
export interface ScanInput {
  readonly bytes: Uint8Array
  readonly from: number
  readonly end: number
  readonly delimiter: number
  readonly columnCount: number
  readonly firstNumber: number
  readonly limits: Limits
  /** Where the bytes are still coming in: how far they can be read. Without it all are there. */
  readonly text?: SoundText
}

/** Bytes that are there before a step reads on. */
const ahead = 256 * 1024

/** Collects the cells of one column, row after row. */
export interface RowColumn {
  /** Sets the cell of `row`; rows come in ascending order, and a row may be set again. `address` is where the bytes lie in the store, -1: nowhere yet. */
  put(row: number, bytes: Uint8Array, start: number, end: number, address: number): void
  putEmpty(row: number): void
  finish(header: string, rowCount: number): StoredColumn
}

/**
 * Reads the data rows into columns. How regular records are read fast is for those who extend this: the kernel in WebAssembly
 * (`kernel-scan.ts`) or its twin (`plain-scan.ts`). What they refuse (ragged rows, text after a quote, the last record without a line
 * end, empty lines, troubles) goes to `readOddRow`, the tolerant reader, one record at a time. The fast path never guesses.
 */
export abstract class RowScan<Column extends RowColumn = RowColumn> {
  readonly store: TextStore
  readonly ragged = new Map<RowId, RaggedRow>()
  readonly endings: LineEndings = { crlf: 0, lf: 0, cr: 0 }
  rows = 0
  emptyLines = 0

  protected readonly bytes: Uint8Array
  protected end: number
  protected readonly delimiter: number
  protected readonly limits: Limits
  protected readonly columns: readonly Column[]
  protected position: number
  protected rowStarts: Uint32Array
  private readonly text: SoundText
  private readonly firstNumber: number
  private readonly record: CsvRecord
  /** Rows before which empty lines stand, and how many there were up to them. */
  private readonly gapRows: number[] = []
  private readonly gapTotals: number[] = []
  private scratch: Uint8Array = new Uint8Array(1024)

  constructor(
    { bytes, from, end, delimiter, columnCount, firstNumber, limits, text = new SoundText(bytes) }: ScanInput,
    newColumn: (store: TextStore, expectedRows: number, index: number) => Column,
  ) {
    this.bytes = bytes
    this.position = from
    this.end = end
    this.delimiter = delimiter
    this.firstNumber = firstNumber
    this.limits = limits
    this.text = text
    this.store = new TextStore(bytes, new Uint8Array(65_536))
    const expectedRows = expectedRowsOf(bytes, from, end)
    this.rowStarts = new Uint32Array(expectedRows)
    this.columns = Array.from({ length: columnCount }, (_, index) => newColumn(this.store, expectedRows, index))
    this.record = newRecord(limits.columns)
  }

  run(): CsvProblem | null {
    return finish(this.steps())
  }

  /** The same in slices of a block or a few hundred rows. Of a text that shows itself damaged the rest is not read. */
  *steps(): Steps<CsvProblem | null> {
    const from = this.position
    const share = (): number => (this.position - from) / (this.end - from)
    while (this.position < this.end) {
      yield share()
      while (!this.text.reaches(this.position + ahead)) yield share()
      this.settleEnd()
      if (this.text.isDamaged() || this.position >= this.end) return null
      const goesOn = this.readRegularRows()
      if (this.rows > this.limits.rows) {
        while (!this.text.reaches(this.end)) yield share()
        return this.tooManyRows()
      }
      if (goesOn || this.position >= this.end) continue
      // How far an odd record goes nobody knows.
      while (!this.text.reaches(this.end)) yield share()
      this.settleEnd()
      if (this.text.isDamaged() || this.position >= this.end) return null
      const problem = this.readOddRow()
      if (problem !== null) return problem
      if (this.emptyLines > this.limits.emptyLines)
        return tooManyEmptyLines(this.firstNumber + this.rows + this.emptyLines - 1, this.limits)
    }
    return null
  }

  /** Where whole records can be read up to now. */
  protected get there(): number {
    return Math.min(this.end, this.text.sound)
  }

  /** DOS ends a text with ^Z: whether this one has it is known when its last byte is there. */
  private settleEnd(): void {
    if (this.end === this.bytes.length && this.text.sound === this.end) this.end = endOfText(this.bytes)
  }

  /** Reads on from `position`, some rows at most. False: it does not take the record at `position`. */
  protected abstract readRegularRows(): boolean

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
    if (row >= limits.rows) return this.tooManyRows()
    const long = tooLongCell(bytes, record, number, limits)
    if (long !== null) return long
    const surplus: string[] = []
    for (let i = 0; i < Math.max(record.count, columns.length); i++) {
      const column = columns[i]
      if (i >= record.count) {
        column?.putEmpty(row)
        continue
      }
      const from = record.starts[i]!
      const to = record.ends[i]!
      if (column === undefined) surplus.push(cellText(bytes, record, i))
      else if (record.forms[i] === CellForm.bare) column.put(row, bytes, from, to, from)
      else if (record.forms[i] === CellForm.quoted) column.put(row, bytes, from + 1, to - 1, from + 1)
      else this.putEscaped(column, row, from, to)
    }
    if (record.count !== columns.length) this.ragged.set(row, { cellCount: record.count, surplus })
    this.reserveRowStarts(row + 1)
    this.rowStarts[row] = start
    this.rows++
    return null
  }

  /** The first row that is one too many, by the spreadsheet's number. */
  private tooManyRows(): CsvProblem {
    const gaps = this.gapRows.findLastIndex((row) => row <= this.limits.rows)
    const row = this.firstNumber + this.limits.rows + (this.gapTotals[gaps] ?? 0)
    const detail = `The file has more than ${String(this.limits.rows)} rows, the most that can be opened; row ${String(row)} is one too many.`
    return { reason: 'over-limit', row, detail }
  }

  finish(headers: readonly string[]): readonly StoredColumn[] {
    return this.columns.map((column, index) => column.finish(headers[index]!, this.rows))
  }

  /** Where each row begins, and behind the last one the end of the text. */
  rowStartsToEnd(): Uint32Array {
    this.reserveRowStarts(this.rows + 1)
    this.rowStarts[this.rows] = this.end
    return this.rowStarts.subarray(0, this.rows + 1)
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

  protected reserveRowStarts(rows: number): void {
    if (rows <= this.rowStarts.length) return
    this.rowStarts = grown(this.rowStarts, Math.ceil(rows * 1.25) + 16)
  }

  protected putEscaped(column: Column, row: number, start: number, end: number): void {
    if (this.scratch.length < end - start) this.scratch = new Uint8Array(2 * (end - start))
    const length = unescapeCell(this.bytes, start, end, this.scratch)
    column.put(row, this.scratch, 0, length, -1)
  }
}

/** Where the text of a file ends: before the ^Z with which DOS ends one. */
export const endOfText = (bytes: Uint8Array): number => (bytes.at(-1) === 0x1a ? bytes.length - 1 : bytes.length)

/** How many there will be is told from so many bytes. */
export const sampledForRows = 262_144

/** From the length of the first lines; a little too many, so that arrays seldom grow. */
function expectedRowsOf(bytes: Uint8Array, from: number, end: number): number {
  const sample = bytes.subarray(from, Math.min(end, from + sampledForRows))
  let lines = 0
  // The platform looks for a byte much faster than code that has only begun to run.
  const byte = sample.includes(LF) ? LF : CR
  for (let p = sample.indexOf(byte); p >= 0; p = sample.indexOf(byte, p + 1)) lines++
  if (sample.length === end - from) return lines + 1
  return Math.ceil(((end - from) / sample.length) * (lines + 1) * 1.05) + 64
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

/** Whether a cell has more UTF-16 units than `most`; counted without decoding: every lead byte is one, of four bytes two. */
function isLonger(bytes: Uint8Array, start: number, end: number, most: number): boolean {
  if (end - start <= most) return false
  let units = 0
  for (let p = start; p < end && units <= most; p++) {
    const byte = bytes[p]!
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units > most
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

/** `row`: of the line that is one too many. */
export const tooManyEmptyLines = (row: number, limits: Limits): CsvProblem => ({
  reason: 'over-limit',
  row,
  detail: `The file has more than ${String(limits.emptyLines)} empty lines; row ${String(row)} is one too many.`,
})

/** The first cell of a record that is longer than a cell may be; its text is not put together for that. */
export function tooLongCell(bytes: Uint8Array, record: CsvRecord, row: number, limits: Limits): CsvProblem | null {
  for (let i = 0; i < record.count; i++) {
    if (!isLonger(bytes, record.starts[i]!, record.ends[i]!, limits.cellCharacters)) continue
    const detail = `Cell ${String(i + 1)} of row ${String(row)} has more than ${String(limits.cellCharacters)} characters.`
    return { reason: 'over-limit', row, detail }
  }
  return null
}
