import { sameViewed, viewOf } from '../../kit/bytes.ts'
import { longLength, type StoredColumn } from './stored-column.ts'
import type { RowId } from './table.ts'

/** So many cells are brought near before they are compared. */
export const fewCells = 512

/**
 * Reads a byte of each cell of some rows, below 0 for none. Rows in another order lie all over memory; reads that wait for nothing are under way
 * together, while a comparison waits for its cell each time.
 */
export function touch({ cells, store }: StoredColumn, rows: Int32Array): number {
  // Rows that lie near each other come by themselves.
  const [first = -1, last = -1] = [rows[0], rows.at(-1)]
  if (cells.kind === 'coded' || (first >= 0 && last >= first && last - first < rows.length * 4)) return 0
  const { starts, lengths } = cells
  const { source, base } = store
  let touched = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (row < 0) continue
    const start = starts[row]!
    touched ^= lengths[row]!
    if (start < base) touched ^= source[start]!
  }
  return touched
}

/** Whether two cells have the same bytes: for a few, in tables that are edited meanwhile. */
export function haveSameBytes(left: StoredColumn, row: RowId, right: StoredColumn, other: RowId): boolean {
  const length = left.byteLengthOf(row)
  if (length !== right.byteLengthOf(other)) return false
  const [ours, theirs] = [left.storedBytesOf(row), right.storedBytesOf(other)]
  const [from, otherFrom] = [left.storedStartOf(row), right.storedStartOf(other)]
  for (let i = 0; i < length; i++) if (ours[from + i] !== theirs[otherFrom + i]) return false
  return true
}

/** Whether two cells have the same bytes. Holds until one of their tables is edited. */
export function bytesTest(left: StoredColumn, right: StoredColumn): (row: RowId, other: RowId) => boolean {
  const views = [left.store.source, left.store.arena, right.store.source, right.store.arena].map(viewOf)
  const [leftSource, leftArena, rightSource, rightArena] = [views[0]!, views[1]!, views[2]!, views[3]!]
  const [leftBase, rightBase] = [left.store.base, right.store.base]
  const isSame = (a: number, b: number, length: number): boolean =>
    sameViewed(
      a < leftBase ? leftSource : leftArena,
      a < leftBase ? a : a - leftBase,
      b < rightBase ? rightSource : rightArena,
      b < rightBase ? b : b - rightBase,
      length,
    )
  const whole = (row: RowId, other: RowId): boolean => {
    const length = left.byteLengthOf(row)
    return length === right.byteLengthOf(other) && isSame(left.addressOf(row), right.addressOf(other), length)
  }
  const [ours, theirs] = [left.cells, right.cells]
  if (ours.kind === 'coded' || theirs.kind === 'coded') return whole
  const { starts, lengths } = ours
  const { starts: otherStarts, lengths: otherLengths } = theirs
  return (row, other) => {
    const length = lengths[row]!
    if (length !== otherLengths[other]) return false
    if (length === longLength) return whole(row, other)
    return length === 0 || isSame(starts[row]!, otherStarts[other]!, length)
  }
}
