/** A cell's place: `row` counts the rows as they are shown, `column` the shown columns from the left. Both from 0. */
export interface Place {
  readonly row: number
  readonly column: number
}

/** A block of cells, all four edges included. */
export interface Rect {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

export interface GridSize {
  readonly rows: number
  readonly columns: number
}

/** A stretch of rows or columns, both ends included. */
export interface Span {
  readonly first: number
  readonly last: number
}

export const samePlace = (a: Place, b: Place): boolean => a.row === b.row && a.column === b.column

export const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))

export const clampPlace = (place: Place, size: GridSize): Place => ({
  row: clamp(place.row, 0, Math.max(0, size.rows - 1)),
  column: clamp(place.column, 0, Math.max(0, size.columns - 1)),
})

export const rectAround = (a: Place, b: Place): Rect => ({
  top: Math.min(a.row, b.row),
  left: Math.min(a.column, b.column),
  bottom: Math.max(a.row, b.row),
  right: Math.max(a.column, b.column),
})

export const holds = (rect: Rect, place: Place): boolean =>
  place.row >= rect.top && place.row <= rect.bottom && place.column >= rect.left && place.column <= rect.right

export const heightOf = (rect: Rect): number => rect.bottom - rect.top + 1
export const widthOf = (rect: Rect): number => rect.right - rect.left + 1

/** Spans in order, those that touch or overlap made one. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1)
    if (before && span.first <= before.last + 1) merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, span.last) }
    else merged.push(span)
  }
  return merged
}
