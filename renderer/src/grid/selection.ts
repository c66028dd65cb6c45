import {
  clampPlace,
  heightOf,
  holds,
  mergeSpans,
  rectAround,
  samePlace,
  widthOf,
  type GridSize,
  type Place,
  type Rect,
  type Span,
} from './place.ts'

/** Whole rows and whole columns stay whole when they are extended, however many columns or rows there are. */
export type RangeKind = 'cells' | 'rows' | 'columns' | 'all'

/** A range grows from its anchor to its focus. */
export interface Range {
  readonly kind: RangeKind
  readonly anchor: Place
  readonly focus: Place
}

/**
 * What is selected. There is always at least one range; Shift extends the last one.
 * The active cell (the one that typing goes to) lies in one of the ranges.
 */
export interface Selection {
  readonly active: Place
  readonly ranges: readonly Range[]
}

const range = (kind: RangeKind, anchor: Place, focus: Place): Range => ({ kind, anchor, focus })
const lastRange = (selection: Selection): Range => selection.ranges.at(-1) ?? range('cells', selection.active, selection.active)
const withLast = (selection: Selection, last: Range): Selection => ({
  active: selection.active,
  ranges: [...selection.ranges.slice(0, -1), last],
})

export const selectCell = (place: Place): Selection => ({ active: place, ranges: [range('cells', place, place)] })

export const selectBlock = (anchor: Place, focus: Place): Selection => ({ active: anchor, ranges: [range('cells', anchor, focus)] })

/** The last range now goes from the active cell (wherever Tab or Enter took it) to a place; the active cell stays. */
export const extendTo = (selection: Selection, place: Place): Selection => {
  const { kind } = lastRange(selection)
  return withLast(selection, range(kind === 'all' ? 'cells' : kind, selection.active, place))
}

/** Ctrl+click: one more cell, or one range less where the cell was a range of its own. */
export function addCell(selection: Selection, place: Place): Selection {
  const without = selection.ranges.filter(
    (each) => !(each.kind === 'cells' && samePlace(each.anchor, place) && samePlace(each.focus, place)),
  )
  const next = without.at(-1)
  if (without.length < selection.ranges.length && next) return { active: next.anchor, ranges: without }
  return { active: place, ranges: [...selection.ranges, range('cells', place, place)] }
}

/** A whole row. `column` is where the active cell goes. */
export const selectRow = (row: number, column: number): Selection => ({
  active: { row, column },
  ranges: [range('rows', { row, column }, { row, column })],
})
export const addRow = (selection: Selection, row: number, column: number): Selection => ({
  active: { row, column },
  ranges: [...selection.ranges, range('rows', { row, column }, { row, column })],
})
export const selectColumn = (column: number, row: number): Selection => ({
  active: { row, column },
  ranges: [range('columns', { row, column }, { row, column })],
})
export const addColumn = (selection: Selection, column: number, row: number): Selection => ({
  active: { row, column },
  ranges: [...selection.ranges, range('columns', { row, column }, { row, column })],
})
export const selectAll = (selection: Selection): Selection => ({
  active: selection.active,
  ranges: [range('all', selection.active, selection.active)],
})

/** Shift+Space: the last range becomes its whole rows; with whole columns it becomes everything. */
export function widenToRows(selection: Selection): Selection {
  const { kind, anchor, focus } = lastRange(selection)
  return withLast(selection, range(kind === 'columns' || kind === 'all' ? 'all' : 'rows', anchor, focus))
}

/** Ctrl+Space: the last range becomes its whole columns. */
export function widenToColumns(selection: Selection): Selection {
  const { kind, anchor, focus } = lastRange(selection)
  return withLast(selection, range(kind === 'rows' || kind === 'all' ? 'all' : 'columns', anchor, focus))
}

export function rectOf({ kind, anchor, focus }: Range, size: GridSize): Rect {
  const rect = rectAround(clampPlace(anchor, size), clampPlace(focus, size))
  const wide = kind === 'rows' || kind === 'all'
  const tall = kind === 'columns' || kind === 'all'
  return {
    top: tall ? 0 : rect.top,
    bottom: tall ? Math.max(0, size.rows - 1) : rect.bottom,
    left: wide ? 0 : rect.left,
    right: wide ? Math.max(0, size.columns - 1) : rect.right,
  }
}

export const rectsOf = (selection: Selection, size: GridSize): readonly Rect[] => selection.ranges.map((each) => rectOf(each, size))
export const lastRect = (selection: Selection, size: GridSize): Rect => rectOf(lastRange(selection), size)
export const isSelected = (selection: Selection, place: Place, size: GridSize): boolean =>
  rectsOf(selection, size).some((rect) => holds(rect, place))

/** Nothing but whole rows is selected, from the first column to the last. */
export const areWholeRows = (selection: Selection, size: GridSize): boolean =>
  rectsOf(selection, size).every(({ left, right }) => left === 0 && right === size.columns - 1)

export const isOneCell = (selection: Selection, size: GridSize): boolean => {
  const rects = rectsOf(selection, size)
  return rects.every(
    (rect) => heightOf(rect) === 1 && widthOf(rect) === 1 && rect.top === selection.active.row && rect.left === selection.active.column,
  )
}

/** The focus of the last range: what Shift+arrow moves. */
export const focusOf = (selection: Selection): Place => lastRange(selection).focus
/** Selected rows as merged stretches. */
export const rowSpans = (selection: Selection, size: GridSize): readonly Span[] =>
  size.rows === 0 ? [] : mergeSpans(rectsOf(selection, size).map((rect) => ({ first: rect.top, last: rect.bottom })))

/** Selected columns, from the left, each once. */
export function selectedColumns(selection: Selection, size: GridSize): readonly number[] {
  const spans = mergeSpans(rectsOf(selection, size).map((rect) => ({ first: rect.left, last: rect.right })))
  return spans.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
}

export const countRows = (selection: Selection, size: GridSize): number =>
  rowSpans(selection, size).reduce((sum, { first, last }) => sum + last - first + 1, 0)

/** How many cells are selected, a cell in several ranges counted once. */
export function countCells(selection: Selection, size: GridSize): number {
  if (size.rows === 0 || size.columns === 0) return 0
  const rects = rectsOf(selection, size)
  const edges = [...new Set(rects.flatMap((rect) => [rect.top, rect.bottom + 1]))].sort((a, b) => a - b)
  let cells = 0
  for (const [i, top] of edges.entries()) {
    const next = edges[i + 1]
    if (next === undefined) break
    const spans = rects.filter((rect) => rect.top <= top && rect.bottom >= top).map((rect) => ({ first: rect.left, last: rect.right }))
    cells += (next - top) * mergeSpans(spans).reduce((sum, span) => sum + span.last - span.first + 1, 0)
  }
  return cells
}

/** Whether all ranges cover the same columns (stacked) or the same rows (side by side), so that they make one block. */
export function blockOf(
  selection: Selection,
  size: GridSize,
): { readonly rows: readonly Span[]; readonly columns: readonly number[] } | null {
  const rects = rectsOf(selection, size)
  const first = rects[0]
  if (!first || size.rows === 0) return null
  const sameColumns = rects.every((rect) => rect.left === first.left && rect.right === first.right)
  const sameRows = rects.every((rect) => rect.top === first.top && rect.bottom === first.bottom)
  if (!sameColumns && !sameRows) return null
  return { rows: rowSpans(selection, size), columns: selectedColumns(selection, size) }
}

/**
 * Tab and Enter inside a selection of several cells: the active cell goes round within the ranges and the selection stays.
 * `along` says which way the ranges are read: `rows` for Tab, `columns` for Enter.
 */
export function cycle(selection: Selection, along: 'rows' | 'columns', direction: 1 | -1, size: GridSize): Selection {
  const rects = rectsOf(selection, size)
  const at = rects.findIndex((rect) => holds(rect, selection.active))
  const rect = rects[at]
  if (!rect) return selection
  const width = widthOf(rect)
  const height = heightOf(rect)
  const { row, column } = selection.active
  const index = along === 'rows' ? (row - rect.top) * width + (column - rect.left) : (column - rect.left) * height + (row - rect.top)
  const next = index + direction
  if (next >= 0 && next < width * height) return { ...selection, active: nthOf(rect, next, along) }
  const other = rects[(at + direction + rects.length) % rects.length] ?? rect
  return { ...selection, active: nthOf(other, direction === 1 ? 0 : widthOf(other) * heightOf(other) - 1, along) }
}

function nthOf(rect: Rect, index: number, along: 'rows' | 'columns'): Place {
  const length = along === 'rows' ? widthOf(rect) : heightOf(rect)
  const major = Math.floor(index / length)
  const minor = index % length
  return along === 'rows' ? { row: rect.top + major, column: rect.left + minor } : { row: rect.top + minor, column: rect.left + major }
}

/** The selection after rows or columns went away: nothing points outside. */
export const clampSelection = (selection: Selection, size: GridSize): Selection => ({
  active: clampPlace(selection.active, size),
  ranges: selection.ranges.map(({ kind, anchor, focus }) => range(kind, clampPlace(anchor, size), clampPlace(focus, size))),
})
