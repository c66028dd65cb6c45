import { grown } from '../../kit/bytes.ts'
import type { Dialect } from '../csv/source-facts.ts'
import { emptyColumn } from './stored-column.ts'
import type { StoredColumn } from './stored-column.ts'
import type { RaggedRow, RowId, Table } from './table.ts'
import type { TextStore } from './text-store.ts'

/** Where the rows of a table lie in the source bytes, so that the writer can copy what nobody touched. */
export interface RowSource {
  readonly dialect: Dialect
  /** Bytes before the header: a `sep=` line, title rows, empty lines. */
  readonly headerStart: number
  /** Row `r` of the file and the empty lines after it are the bytes `rowStarts[r]` … `rowStarts[r + 1]`; the last one ends the text (a ^Z may follow). */
  readonly rowStarts: Uint32Array
  /** The header texts of the file, by column index. A column that is not among them came later. */
  readonly headers: readonly string[]
}

export interface TableParts {
  readonly store: TextStore
  readonly columns: readonly StoredColumn[]
  /** How many rows the file gave: ids 0 … fileRows-1. */
  readonly fileRows: number
  /** The spreadsheet's number of each row of the file; null: they follow `firstNumber` without a gap. */
  readonly numbers: Uint32Array | null
  readonly firstNumber: number
  readonly ragged: Iterable<readonly [RowId, RaggedRow]>
  readonly source: RowSource | null
  /** Set when a table comes back from a snapshot. */
  readonly rows?: Uint32Array
  readonly rowLimit?: number
  readonly live?: readonly number[]
  readonly touched?: Uint8Array | null
}

/**
 * The table of a draft: columnar, changed in place by deltas alone (`applyDelta`), which hold what they replaced.
 * Reading it is `Table`; everything else is for the deltas, the writer and the snapshot.
 */
export class EditableTable implements Table {
  readonly store: TextStore
  readonly columns: StoredColumn[]
  readonly fileRows: number
  readonly numbers: Uint32Array | null
  readonly firstNumber: number
  readonly source: RowSource | null
  readonly ragged: Map<RowId, RaggedRow>
  /** Ragged rows that are deleted at the moment: they come back with their row. */
  readonly deletedRagged = new Map<RowId, RaggedRow>()
  live: readonly number[]
  rows: Uint32Array
  rowLimit: number
  /** 1 for each row id that is among `rows`. */
  alive: Uint8Array
  /** 1 for each row of the file that an edit has written to since; null: none. */
  touched: Uint8Array | null

  constructor(parts: TableParts) {
    this.store = parts.store
    this.columns = [...parts.columns]
    this.fileRows = parts.fileRows
    this.numbers = parts.numbers
    this.firstNumber = parts.firstNumber
    this.source = parts.source
    this.ragged = new Map(parts.ragged)
    this.live = parts.live ?? parts.columns.map((_, index) => index)
    this.rows = parts.rows ?? allRows(parts.fileRows)
    this.rowLimit = parts.rowLimit ?? parts.fileRows
    this.touched = parts.touched ?? null
    this.alive = new Uint8Array(this.rowLimit)
    if (parts.rows === undefined) this.alive.fill(1, 0, this.fileRows)
    else for (let i = 0; i < this.rows.length; i++) this.alive[this.rows[i]!] = 1
  }

  numberOf(row: RowId): number {
    if (row >= this.fileRows) return 0
    return this.numbers === null ? this.firstNumber + row : this.numbers[row]!
  }

  /** Makes `rowLimit` at least this; the new rows are empty and not live. */
  reserveRows(rowLimit: number): void {
    if (rowLimit <= this.rowLimit) return
    for (const column of this.columns) column.reserveRows(rowLimit)
    if (this.alive.length < rowLimit) this.alive = grown(this.alive, Math.ceil(rowLimit * 1.125) + 16)
    this.rowLimit = rowLimit
  }

  /** Makes the columns reach to `index`; the new ones are empty and not live. */
  reserveColumn(index: number, header: string): void {
    while (this.columns.length <= index) this.columns.push(emptyColumn(header, this.store, this.rowLimit))
  }

  isAlive(row: RowId): boolean {
    return this.alive[row] === 1
  }

  markTouched(rows: Uint32Array): void {
    if (this.source === null) return
    this.touched ??= new Uint8Array(this.fileRows)
    for (const row of rows) if (row < this.fileRows) this.touched[row] = 1
  }
}

function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count)
  for (let row = 0; row < count; row++) rows[row] = row
  return rows
}

/** Row ids with `added[i]` put in so that it stands at `positions[i]` of the result. Positions ascend. */
export function withRows(rows: Uint32Array, added: Uint32Array, positions: Uint32Array): Uint32Array {
  const result = new Uint32Array(rows.length + added.length)
  let taken = 0
  let filled = 0
  for (let i = 0; i < added.length; i++) {
    const between = positions[i]! - filled
    result.set(rows.subarray(taken, taken + between), filled)
    taken += between
    filled += between
    result[filled++] = added[i]!
  }
  result.set(rows.subarray(taken), filled)
  return result
}

/** Row ids without those at `positions`, which ascend. */
export function withoutRows(rows: Uint32Array, positions: Uint32Array): Uint32Array {
  const result = new Uint32Array(rows.length - positions.length)
  let from = 0
  let filled = 0
  for (const position of positions) {
    result.set(rows.subarray(from, position), filled)
    filled += position - from
    from = position + 1
  }
  result.set(rows.subarray(from), filled)
  return result
}
