import { computed, type Ref } from 'vue'
import { columnAt, edgesOf, pinnedThatFit, revealed } from './geometry.ts'
import type { GridProps } from './grid-props.ts'
import { clamp, type GridSize, type Place } from './place.ts'
import { useScroll } from './use-scroll.ts'

/** Where rows and columns lie: in the box, on the screen, under the pointer; and how to bring one into view. */
export function useGridGeometry(box: Readonly<Ref<HTMLElement | null>>, props: GridProps) {
  const headHeight = computed(() => props.rowHeight + 4)
  const size = computed<GridSize>(() => ({ rows: props.rowCount, columns: props.columns.length }))
  const edges = computed(() => edgesOf(props.columns.map((column) => column.width)))
  const pinnedCount = computed(() => {
    const wanted = props.columns.filter((column) => column.isPinned).length
    return pinnedThatFit(edges.value, wanted, props.headWidth, scroll.viewport.value.width)
  })
  /** Width of the row heads and the pinned columns. */
  const pinnedWidth = computed(() => props.headWidth + (edges.value[pinnedCount.value] ?? 0))
  const wholeWidth = computed(() => props.headWidth + (edges.value.at(-1) ?? 0))
  const total = computed(() => props.rowCount * props.rowHeight)
  const scroll = useScroll(
    box,
    () => total.value,
    () => headHeight.value,
  )

  /** Left edge of a column within the sizer, as if nothing were scrolled. */
  const leftOf = (column: number): number => props.headWidth + (edges.value[column] ?? 0)
  const isPinned = (column: number): boolean => column < pinnedCount.value

  /** How many pixels of the pointer's a pixel of style is: the window may be zoomed. */
  const scale = (): number => {
    const element = box.value
    return element && element.offsetWidth > 0 ? element.getBoundingClientRect().width / element.offsetWidth : 1
  }
  /** The box in pixels of style, which is what everything here but the pointer is in. */
  function boxBounds(): { readonly left: number; readonly top: number } | null {
    const bounds = box.value?.getBoundingClientRect()
    return bounds ? { left: bounds.left / scale(), top: bounds.top / scale() } : null
  }

  /** The cell under a place of the pointer's. */
  function placeAt(x: number, y: number): Place {
    const bounds = boxBounds()
    if (!bounds) return { row: 0, column: 0 }
    const inX = x / scale() - bounds.left
    const inY = y / scale() - bounds.top - headHeight.value
    const row = Math.floor((scroll.state.value.virtual + inY) / props.rowHeight)
    const overPinned = inX < pinnedWidth.value
    const column = columnAt(edges.value, (overPinned ? inX : inX + scroll.left.value) - props.headWidth)
    return { row: clamp(row, 0, Math.max(0, props.rowCount - 1)), column }
  }

  /** A cell's rectangle in the window, in pixels of style; null where it is not drawn. */
  function rectangleOf(place: Place): { left: number; top: number; width: number; height: number } | null {
    const bounds = boxBounds()
    const column = props.columns[place.column]
    if (!bounds || !column) return null
    const left = bounds.left + leftOf(place.column) - (isPinned(place.column) ? 0 : scroll.left.value)
    const top = bounds.top + headHeight.value + place.row * props.rowHeight - scroll.state.value.virtual
    return { left, top, width: column.width, height: props.rowHeight }
  }

  function reveal(place: Place, align: 'nearest' | 'centre' = 'nearest'): void {
    const { height, width } = scroll.viewport.value
    const top = place.row * props.rowHeight
    const virtual = revealed(top, top + props.rowHeight, scroll.state.value.virtual, height, align)
    const start = (edges.value[place.column] ?? 0) - (edges.value[pinnedCount.value] ?? 0)
    const columnWidth = props.columns[place.column]?.width ?? 0
    const left = isPinned(place.column)
      ? scroll.left.value
      : revealed(start, start + columnWidth, scroll.left.value, width - pinnedWidth.value, align)
    if (virtual !== scroll.state.value.virtual || left !== scroll.left.value) scroll.goTo(virtual, left)
  }

  return {
    headHeight,
    size,
    pinnedCount,
    edges,
    pinnedWidth,
    wholeWidth,
    total,
    scroll,
    leftOf,
    isPinned,
    scale,
    boxBounds,
    placeAt,
    rectangleOf,
    reveal,
  }
}

export type GridGeometry = ReturnType<typeof useGridGeometry>
