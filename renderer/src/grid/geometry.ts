import { clamp } from './place.ts'

/**
 * Browsers stop at about 33 million pixels of height; far below that they get imprecise. The scrolled element is never higher than
 * this, and what does not fit is scaled.
 */
export const maxPhysicalHeight = 10_000_000

export interface ScrollState {
  /** What the browser says. */
  readonly physical: number
  /** The pixel of the whole (unscaled) height that is at the top of the viewport. */
  readonly virtual: number
}

export interface ScrollExtent {
  /** Height of all rows together. */
  readonly total: number
  readonly viewport: number
}

export const physicalHeight = ({ total }: ScrollExtent): number => Math.min(total, maxPhysicalHeight)
const isScaled = ({ total }: ScrollExtent): boolean => total > maxPhysicalHeight
const virtualRange = ({ total, viewport }: ScrollExtent): number => Math.max(0, total - viewport)
const physicalRange = (extent: ScrollExtent): number => Math.max(1, physicalHeight(extent) - extent.viewport)

/** Where the browser's scroll position belongs for a virtual one. */
export const physicalOf = (virtual: number, extent: ScrollExtent): number =>
  isScaled(extent) ? Math.round((virtual / Math.max(1, virtualRange(extent))) * physicalRange(extent)) : virtual

const virtualOf = (physical: number, extent: ScrollExtent): number =>
  isScaled(extent) ? (physical / physicalRange(extent)) * virtualRange(extent) : physical

/**
 * The next state after the browser scrolled to `physical`. Short moves (wheel, keys) go pixel by pixel; long ones (dragging the thumb)
 * are scaled. At the very ends both agree.
 */
export function scrolled(state: ScrollState, physical: number, extent: ScrollExtent): ScrollState {
  if (!isScaled(extent)) return { physical, virtual: physical }
  const delta = physical - state.physical
  const isLocal = Math.abs(delta) < 2 * extent.viewport
  // Whole pixels, or text gets blurred.
  const virtual = isLocal ? state.virtual + delta : Math.round(virtualOf(physical, extent))
  return { physical, virtual: clamp(virtual, 0, virtualRange(extent)) }
}

/**
 * Pixel-exact moves let the browser's position drift from the scaled one. Once scrolling rests – or before the browser reaches an
 * end that the rows have not reached – the position is put back without moving a row. Returns the position to set, or null.
 */
export function drift(state: ScrollState, extent: ScrollExtent): number | null {
  if (!isScaled(extent)) return null
  const right = physicalOf(state.virtual, extent)
  return Math.abs(right - state.physical) >= 1 ? right : null
}

/** True when the browser is about to stop although rows remain in that direction (or the other way round). */
export function isNearFalseEnd(state: ScrollState, extent: ScrollExtent): boolean {
  const margin = extent.viewport
  const nearPhysicalEnd = state.physical < margin || state.physical > physicalRange(extent) - margin
  const nearVirtualEnd = state.virtual < margin || state.virtual > virtualRange(extent) - margin
  return isScaled(extent) && nearPhysicalEnd !== nearVirtualEnd
}

/** Left edges of columns, one more than there are columns: the last is the whole width. */
export function edgesOf(widths: readonly number[]): readonly number[] {
  const edges = [0]
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width)
  return edges
}

/** What is left for the columns that scroll, at the least: one of them can be read. */
const leastScrolledWidth = 160

/**
 * How many of the `pinned` columns at the left stay while the others scroll: as many as leave room for one that scrolls. In a narrow or
 * much enlarged window the rest of them scroll too, or nothing else would ever be seen. `viewport`: 0 before it is known.
 */
export function pinnedThatFit(edges: readonly number[], pinned: number, headWidth: number, viewport: number): number {
  let count = pinned
  while (viewport > 0 && count > 0 && headWidth + (edges[count] ?? 0) + leastScrolledWidth > viewport) count--
  return count
}

/** The last column whose left edge is at or before `x`; 0 before the first. */
export function columnAt(edges: readonly number[], x: number): number {
  let low = 0
  let high = Math.max(0, edges.length - 2)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((edges[middle] ?? 0) <= x) low = middle
    else high = middle - 1
  }
  return low
}

/** Columns that show between `left` and `right`, `first` to before `end`. */
export function columnWindow(edges: readonly number[], left: number, right: number): { readonly first: number; readonly end: number } {
  const count = edges.length - 1
  if (count <= 0) return { first: 0, end: 0 }
  return { first: columnAt(edges, left), end: Math.min(count, columnAt(edges, right) + 1) }
}

/** Rows to draw: those in view and `margin` beyond on both sides, `first` to before `end`. */
export function rowWindow(
  virtual: number,
  viewport: number,
  rowHeight: number,
  rows: number,
  margin: number,
): { readonly first: number; readonly end: number } {
  return {
    first: clamp(Math.floor(virtual / rowHeight) - margin, 0, Math.max(0, rows)),
    end: clamp(Math.ceil((virtual + viewport) / rowHeight) + margin, 0, rows),
  }
}

/** How far to scroll so that `start` … `end` can be seen: the least move, or `centre`d. */
export function revealed(start: number, end: number, from: number, viewport: number, align: 'nearest' | 'centre'): number {
  if (align === 'centre') return Math.max(0, Math.round((start + end - viewport) / 2))
  if (start < from) return start
  if (end > from + viewport) return end - viewport
  return from
}

/** Pixels per frame while a drag holds the pointer outside the viewport: faster the further out. */
export function autoscrollSpeed(pointer: number, start: number, end: number): number {
  if (pointer < start) return -clamp(Math.ceil((start - pointer) / 3), 4, 120)
  if (pointer > end) return clamp(Math.ceil((pointer - end) / 3), 4, 120)
  return 0
}
