import type { TextBlock } from './clipboard.ts'
import { heightOf, widthOf, type GridSize, type Rect } from './place.ts'

/** Where a pasted block lands. Nothing is done yet. */
export interface PastePlan {
  /** Rows of the view that are there already: `top`, and how many. */
  readonly top: number
  readonly rows: number
  /** Rows to add at the end. */
  readonly newRows: number
  /** Shown columns, from the left. */
  readonly left: number
  readonly columns: number
  /** Columns of the block that have no place to the right. */
  readonly lostColumns: number
  /** The block, repeated sideways and cut to `columns`; downwards whole, to be repeated by whoever applies it. */
  readonly block: TextBlock
  readonly cells: number
}

/**
 * As spreadsheets do it: the block lands at the corner of the selection, and is repeated in a direction where the selection is a
 * whole multiple of it. Rows beyond the end are added, unless `grow` is off; columns beyond the last are lost and counted.
 */
export function planPaste(block: TextBlock, target: Rect, size: GridSize, grow = true): PastePlan {
  const blockRows = block.length
  const blockColumns = block[0]?.length ?? 0
  const tiledRows = heightOf(target) % blockRows === 0 ? Math.max(heightOf(target), blockRows) : blockRows
  const tiledColumns = widthOf(target) % blockColumns === 0 ? Math.max(widthOf(target), blockColumns) : blockColumns
  const columns = Math.min(tiledColumns, Math.max(0, size.columns - target.left))
  const rows = Math.min(tiledRows, Math.max(0, size.rows - target.top))
  const newRows = grow ? tiledRows - rows : 0
  return {
    top: target.top,
    rows,
    newRows,
    left: target.left,
    columns,
    lostColumns: tiledColumns - columns,
    block: block.slice(0, rows + newRows).map((row) => Array.from({ length: columns }, (_, i) => row[i % blockColumns] ?? '')),
    cells: (rows + newRows) * columns,
  }
}
