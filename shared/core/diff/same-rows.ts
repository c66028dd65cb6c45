import { sameStretch, sameWhole, viewOf } from '../../kit/bytes.ts'
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
  // Of the rows that are compared next.
  private readonly places = new Uint32Array(fewRows)
  private readonly ourStarts = new Uint32Array(fewRows)
  private readonly theirStarts = new Uint32Array(fewRows)
  private readonly lengths = new Uint32Array(fewRows)

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

  /**
   * Writes into `found` 1 for each of some rows that is the same as the one beside it of the other table (below 0: none), else 0. Rows in
   * another order lie all over memory: where they are is gathered first, then a byte of each of their cache lines is read, so that reads
   * which wait for nothing are under way together, and only then are they compared.
   */
  compare(rows: Uint32Array, others: Int32Array, found: Uint8Array): void {
    found.fill(0, 0, rows.length)
    for (let from = 0; from < rows.length; from += fewRows) {
      const count = this.gather(rows, others, from, Math.min(rows.length, from + fewRows))
      this.touch(count)
      this.compareGathered(count, found)
    }
  }

  /** Where those rows lie that have as many bytes as the one beside them; gives how many. */
  private gather(rows: Uint32Array, others: Int32Array, from: number, to: number): number {
    const { left, right, places, ourStarts, theirStarts, lengths } = this
    const [starts, otherStarts] = [left.starts, right.starts]
    let count = 0
    for (let i = from; i < to; i++) {
      const row = rows[i]!
      const other = others[i]!
      if (other < 0 || !isAsRead(left, row) || !isAsRead(right, other)) continue
      const start = starts[row]!
      const otherStart = otherStarts[other]!
      const length = starts[row + 1]! - start
      if (length === 0 || length !== otherStarts[other + 1]! - otherStart) continue
      places[count] = i
      ourStarts[count] = start
      theirStarts[count] = otherStart
      lengths[count++] = length
    }
    return count
  }

  private touch(count: number): number {
    const { theirStarts, lengths } = this
    const { bytes } = this.right
    let touched = 0
    for (let k = 0; k < count; k++) {
      const start = theirStarts[k]!
      const last = start + lengths[k]! - 1
      // For as many lines as each row has the processor would have to guess. Of longer ones the rest comes while they are compared.
      touched ^= bytes.getUint8(start) ^ bytes.getUint8(Math.min(start + cacheLine, last)) ^ bytes.getUint8(last)
      touched ^= bytes.getUint8(Math.min(start + 2 * cacheLine, last)) ^ bytes.getUint8(Math.min(start + 3 * cacheLine, last))
    }
    return touched
  }

  private compareGathered(count: number, found: Uint8Array): void {
    const { left, right, places, ourStarts, theirStarts, lengths } = this
    for (let k = 0; k < count; k++)
      if (sameWhole(left.bytes, ourStarts[k]!, right.bytes, theirStarts[k]!, lengths[k]!)) found[places[k]!] = 1
  }
}

const cacheLine = 64
/** So many rows are brought near before they are compared. */
const fewRows = 128

const rowsOf = ({ store, fileRows, touched }: EditableTable, starts: Uint32Array): FileRows => ({
  bytes: viewOf(store.source),
  starts,
  count: fileRows,
  touched,
})

const isAsRead = ({ count, touched }: FileRows, row: RowId): boolean => row < count && (touched === null || touched[row] !== 1)
