import { continued } from './series.ts'
import type { TextBlock } from './clipboard.ts'
import { heightOf, widthOf, type Place, type Rect } from './place.ts'

/** What dragging the fill handle covers: the stretch beside the source, in the direction the pointer went furthest. */
export interface FillPlan {
  readonly source: Rect
  readonly target: Rect
  readonly direction: 'down' | 'up' | 'right' | 'left'
}

/** Null while the pointer is inside the source. */
export function planFill(source: Rect, pointer: Place): FillPlan | null {
  const down = pointer.row - source.bottom
  const up = source.top - pointer.row
  const right = pointer.column - source.right
  const left = source.left - pointer.column
  const furthest = Math.max(down, up, right, left)
  if (furthest <= 0) return null
  // Rows before columns where both are equally far: people fill downwards.
  if (furthest === down) return { source, target: { ...source, top: source.bottom + 1, bottom: pointer.row }, direction: 'down' }
  if (furthest === up) return { source, target: { ...source, top: pointer.row, bottom: source.top - 1 }, direction: 'up' }
  if (furthest === right) return { source, target: { ...source, left: source.right + 1, right: pointer.column }, direction: 'right' }
  return { source, target: { ...source, left: pointer.column, right: source.left - 1 }, direction: 'left' }
}

const columnOf = (block: TextBlock, column: number): readonly string[] => block.map((row) => row[column] ?? '')

/** The texts of the target, row by row: each column (or, sideways, each row) goes on by itself. */
export function fillTexts(plan: FillPlan, source: TextBlock, copy: boolean): TextBlock {
  const sense = plan.direction === 'down' || plan.direction === 'right' ? 'after' : 'before'
  if (plan.direction === 'right' || plan.direction === 'left') return source.map((row) => continued(row, widthOf(plan.target), sense, copy))
  const rows = heightOf(plan.target)
  const columns = Array.from({ length: widthOf(plan.source) }, (_, column) => continued(columnOf(source, column), rows, sense, copy))
  return Array.from({ length: rows }, (_, row) => columns.map((texts) => texts[row] ?? ''))
}
