import { clamp } from './place.ts'

/** How a column is shown: kept by the column's own key, so that it outlives the file. */
export interface ColumnLayout {
  readonly id: string
  readonly width: number
  readonly isHidden: boolean
  readonly isPinned: boolean
}

export const leastWidth = 40
export const mostWidth = 900

/**
 * A remembered layout laid over the columns there are now: known columns keep their order, width and state; a new column stands
 * behind the one that precedes it in the file; columns that are gone are dropped. Who has released every column gets none frozen
 * because it is new.
 */
export function mergeLayout(remembered: readonly ColumnLayout[], present: readonly ColumnLayout[]): readonly ColumnLayout[] {
  const known = new Map(present.map((column) => [column.id, column]))
  const merged = remembered
    .filter((column) => known.has(column.id))
    .map((column) => ({ ...column, width: clamp(column.width, leastWidth, mostWidth) }))
  const placed = new Set(merged.map((column) => column.id))
  const mayPin = remembered.length === 0 || remembered.some((column) => column.isPinned)
  present.forEach((column, index) => {
    if (placed.has(column.id)) return
    const before = present[index - 1]
    const at = before ? merged.findIndex((each) => each.id === before.id) + 1 : 0
    merged.splice(at, 0, mayPin ? column : { ...column, isPinned: false })
    placed.add(column.id)
  })
  return merged
}

/** So many columns are remembered. */
const mostRemembered = 2000

/**
 * A layout as it is remembered: what is known of columns that this file has not stays, each behind the one that it followed, for the
 * next file may have them.
 */
export function withOthers(layout: readonly ColumnLayout[], remembered: readonly ColumnLayout[]): readonly ColumnLayout[] {
  const before = new Set(remembered.map(({ id }) => id))
  const whole = mergeLayout(layout, [...remembered, ...layout.filter(({ id }) => !before.has(id))])
  return whole.length > mostRemembered ? layout : whole
}

/** The order of the screen: pinned columns first, hidden ones not at all. */
export const shownColumns = (layout: readonly ColumnLayout[]): readonly ColumnLayout[] => {
  const visible = layout.filter((column) => !column.isHidden)
  return [...visible.filter((column) => column.isPinned), ...visible.filter((column) => !column.isPinned)]
}

const change = (layout: readonly ColumnLayout[], id: string, changes: Partial<ColumnLayout>): readonly ColumnLayout[] =>
  layout.map((column) => (column.id === id ? { ...column, ...changes } : column))

export const resize = (layout: readonly ColumnLayout[], id: string, width: number): readonly ColumnLayout[] =>
  change(layout, id, { width: clamp(Math.round(width), leastWidth, mostWidth) })
export const setHidden = (layout: readonly ColumnLayout[], id: string, isHidden: boolean): readonly ColumnLayout[] =>
  change(layout, id, { isHidden })
export const setPinned = (layout: readonly ColumnLayout[], id: string, isPinned: boolean): readonly ColumnLayout[] =>
  change(layout, id, { isPinned })

/** Moves a column to stand before another one (null: to the end) and takes on whether that one is pinned. */
export function moveBefore(layout: readonly ColumnLayout[], id: string, before: string | null): readonly ColumnLayout[] {
  const moved = layout.find((column) => column.id === id)
  if (!moved || id === before) return layout
  const rest = layout.filter((column) => column.id !== id)
  const at = before === null ? rest.length : rest.findIndex((column) => column.id === before)
  if (at < 0) return layout
  const neighbour = rest[at]
  const isPinned = neighbour ? neighbour.isPinned || (moved.isPinned && (rest[at - 1]?.isPinned ?? false)) : false
  return [...rest.slice(0, at), { ...moved, isPinned }, ...rest.slice(at)]
}

/** One place to the left or right among the shown columns, by key. */
export function nudge(layout: readonly ColumnLayout[], id: string, direction: 1 | -1): readonly ColumnLayout[] {
  const shown = shownColumns(layout)
  const at = shown.findIndex((column) => column.id === id)
  const target = shown[at + direction]
  if (at < 0 || !target) return layout
  return moveBefore(layout, direction === -1 ? id : target.id, direction === -1 ? target.id : id)
}
