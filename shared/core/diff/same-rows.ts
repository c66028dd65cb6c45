import { sameStretch, viewOf } from '../../kit/bytes.ts'
import { EditableTable } from '../table/editable-table.ts'
import type { RowId, Table } from '../table/table.ts'

/** The rows of a table as its file has them. */
interface FileRows {
  readonly bytes: DataView
  /** Row `r` is the bytes `starts[r]` … `starts[r + 1]`. */
  readonly starts: Uint32Array
  readonly count: number
  /** 1 for a row that was written to since; null: none was. */
  readonly touched: Uint8Array | null
}

/** A run of rows is compared at once, so many at most. */
export const longestRun = 64

/**
 * Tells whether rows of two files are the same by their bytes, which says it of all their cells at once. A row reads the same wherever in
 * a file it stands, so the same bytes are the same cells; but for rows that somebody wrote to, of which nothing is told.
 */
export class SameRows {
  /** Columns with an index below this one have their cells from the files. */
  readonly columnCount: number
  private readonly left: FileRows
  private readonly right: FileRows

  private constructor(left: FileRows, right: FileRows, columnCount: number) {
    this.left = left
    this.right = right
    this.columnCount = columnCount
  }

  /** Null where either table is from no text file, or the two files set cells apart differently. */
  static of(left: Table, right: Table): SameRows | null {
    if (!(left instanceof EditableTable && right instanceof EditableTable)) return null
    if (left.source === null || right.source === null || left.source.dialect.delimiter !== right.source.dialect.delimiter) return null
    const columnCount = Math.min(left.source.headers.length, right.source.headers.length)
    return new SameRows(rowsOf(left, left.source.rowStarts), rowsOf(right, right.source.rowStarts), columnCount)
  }

  /** How many rows from the places `i` and `j` on, side by side, are the same. After less than `longestRun` the next two are not known to be. */
  run(rows: Uint32Array, i: number, others: Uint32Array, j: number): number {
    const { left, right } = this
    const row = rows[i]!
    const other = others[j]!
    const start = left.starts[row]!
    const otherStart = right.starts[other]!
    const most = Math.min(longestRun, rows.length - i, others.length - j)
    let count = 0
    // Rows of the same lengths, and no gap between them.
    while (
      count < most &&
      rows[i + count] === row + count &&
      others[j + count] === other + count &&
      isAsRead(left, row + count) &&
      isAsRead(right, other + count) &&
      left.starts[row + count + 1]! - start === right.starts[other + count + 1]! - otherStart
    )
      count++
    if (count === 0) return 0
    const length = left.starts[row + count]! - start
    const same = sameStretch(left.bytes, start, right.bytes, otherStart, length)
    while (left.starts[row + count]! - start > same) count--
    return count
  }

  isSame(row: RowId, other: RowId): boolean {
    const { left, right } = this
    if (!isAsRead(left, row) || !isAsRead(right, other)) return false
    const start = left.starts[row]!
    const otherStart = right.starts[other]!
    const length = left.starts[row + 1]! - start
    return length === right.starts[other + 1]! - otherStart && sameStretch(left.bytes, start, right.bytes, otherStart, length) === length
  }

  /**
   * Reads a byte of each cache line of some rows of the other table, below 0 for none: rows in another order lie all over memory, and reads
   * that wait for nothing are under way together, while a comparison waits for its row each time.
   */
  touch(others: Int32Array): number {
    const { bytes, starts, count } = this.right
    let touched = 0
    for (let i = 0; i < others.length; i++) {
      const other = others[i]!
      if (other < 0 || other >= count) continue
      const end = starts[other + 1]!
      for (let at = starts[other]!; at < end; at += cacheLine) touched ^= bytes.getUint8(at)
    }
    return touched
  }
}

const cacheLine = 64

const rowsOf = ({ store, fileRows, touched }: EditableTable, starts: Uint32Array): FileRows => ({
  bytes: viewOf(store.source),
  starts,
  count: fileRows,
  touched,
})

const isAsRead = ({ count, touched }: FileRows, row: RowId): boolean => row < count && (touched === null || touched[row] !== 1)
