import { hasKeyHash, keyHashOf, markOfBytes } from './cell-mark.ts'
import { longLength, type StoredColumn } from './stored-column.ts'

/** Says of cells that were just written what the reader of a file says of those it reads, where the column keeps that. */
export function markCells({ cells, store }: StoredColumn, rows: Uint32Array): void {
  if (cells.kind === 'coded') return
  const { starts, lengths, marks, hashes } = cells
  if (marks === null) return
  let lastStart = -1
  let mark = 0
  let hash = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const length = lengths[row]!
    if (length === longLength) continue
    const start = starts[row]!
    if (start !== lastStart || length === 0) {
      const isSource = start < store.base
      const bytes = isSource ? store.source : store.arena
      const from = isSource ? start : start - store.base
      mark = markOfBytes(bytes, from, from + length)
      hash = (mark & hasKeyHash) === 0 ? 0 : keyHashOf(bytes, from, from + length)
      // An empty text may stand where another one begins.
      lastStart = length === 0 ? -1 : start
    }
    if (hashes === null && (mark & hasKeyHash) !== 0) continue
    marks[row] = mark
    if (hashes !== null) hashes[row] = hash
  }
}
