import { shallowRef, type Ref } from 'vue'
import { planFill, type FillPlan } from './fill.ts'
import type { GridEmit, GridProps } from './grid-props.ts'
import { samePlace, type Place } from './place.ts'
import {
  addCell,
  addColumn,
  addRow,
  extendTo,
  isSelected,
  lastRect,
  selectCell,
  selectColumn,
  selectRow,
  type Selection,
} from './selection.ts'
import type { GridGeometry } from './use-grid-geometry.ts'
import { useDrag } from './use-pointer.ts'

/** The pointer on cells, row heads and column heads: selecting, filling, resizing, moving, menus. */
export function useGridPointer(
  box: Readonly<Ref<HTMLElement | null>>,
  props: GridProps,
  emit: GridEmit,
  geometry: GridGeometry,
  firstShownColumn: () => number,
) {
  const { headHeight, size, pinnedCount, pinnedWidth, scroll, scale, boxBounds, placeAt, rectangleOf } = geometry
  const filling = shallowRef<FillPlan | null>(null)
  const dropBefore = shallowRef<{ readonly id: string | null; readonly x: number } | null>(null)

  const drag = useDrag(
    () => {
      const bounds = box.value?.getBoundingClientRect() ?? new DOMRect()
      const [head, pinned] = [headHeight.value * scale(), pinnedWidth.value * scale()]
      return { top: bounds.top + head, bottom: bounds.bottom, left: bounds.left + pinned, right: bounds.right }
    },
    (x, y) => scroll.goTo(scroll.state.value.virtual + y, scroll.left.value + x),
  )

  function onBodyDown(event: PointerEvent): void {
    if (props.rowCount === 0 || (event.target as Element).closest('.rg-editor') !== null) return
    if (event.button !== 0) return
    const place = placeAt(event.clientX, event.clientY)
    if ((event.target as Element).closest('.rg-handle') !== null) return startFill(event)
    const onHead = (event.target as Element).closest('.rg-rowhead') !== null
    const mod = event.ctrlKey || event.metaKey
    const now = props.selection
    const begin = onHead ? headSelection(now, place, event.shiftKey, mod) : cellSelection(now, place, event.shiftKey, mod)
    emit('select', begin)
    let latest = begin
    let at = place
    drag.start(event, {
      move: (x, y) => {
        const next = placeAt(x, y)
        if (samePlace(next, at)) return
        at = next
        latest = extendTo(latest, onHead ? { row: next.row, column: place.column } : next)
        emit('select', latest)
      },
    })
  }

  const cellSelection = (now: Selection | null, place: Place, shift: boolean, mod: boolean): Selection => {
    if (shift && now) return extendTo(now.ranges.at(-1)?.kind === 'cells' ? now : selectCell(now.active), place)
    return mod && now ? addCell(now, place) : selectCell(place)
  }
  const headSelection = (now: Selection | null, place: Place, shift: boolean, mod: boolean): Selection => {
    const column = firstShownColumn()
    if (shift && now) return extendTo(selectRow(now.active.row, now.active.column), place)
    return mod && now ? addRow(now, place.row, column) : selectRow(place.row, pinnedCount.value > 0 ? 0 : column)
  }

  function startFill(event: PointerEvent): void {
    const selection = props.selection
    if (!selection) return
    const source = lastRect(selection, size.value)
    drag.start(event, {
      move: (x, y) => {
        filling.value = planFill(source, placeAt(x, y))
      },
      end: (ended) => {
        const plan = filling.value
        filling.value = null
        if (plan && ended) emit('fill', { plan, copy: ended.altKey || ended.ctrlKey || ended.metaKey })
      },
    })
  }

  function onContextMenu(event: MouseEvent): void {
    const target = event.target as Element
    if (target.closest('.rg-editor') !== null || target.closest('.rg-head') !== null || props.rowCount === 0) return
    event.preventDefault()
    const place = placeAt(event.clientX, event.clientY)
    const on = target.closest('.rg-rowhead') === null ? 'cell' : 'row'
    if (!props.selection || !isSelected(props.selection, place, size.value))
      emit('select', on === 'row' ? selectRow(place.row, 0) : selectCell(place))
    emit('menu', { place, x: event.clientX / scale(), y: event.clientY / scale(), on })
  }

  let hovered: Place | null = null
  function onHover(event: PointerEvent): void {
    const inBody = (event.target as Element).closest('.rg-cell') !== null && event.buttons === 0
    const next = inBody ? placeAt(event.clientX, event.clientY) : null
    if (next === hovered || (next && hovered && samePlace(next, hovered))) return
    hovered = next
    emit('hover', next)
  }

  function onDouble(event: MouseEvent): void {
    const target = event.target as Element
    if (target.closest('.rg-cell') === null || target.closest('.rg-editor') !== null) return
    emit('edit', placeAt(event.clientX, event.clientY))
  }

  function onHeaderDown(event: PointerEvent, index: number): void {
    const column = props.columns[index]
    if (event.button !== 0 || !column) return
    const startX = event.clientX
    if ((event.target as Element).closest('.rg-grip') !== null) {
      event.preventDefault()
      drag.start(event, { move: (x) => emit('resize', column.id, Math.max(40, column.width + (x - startX) / scale())) })
      return
    }
    let isMoving = false
    drag.start(event, {
      move: (x, y) => {
        isMoving ||= Math.abs(x - startX) > 6
        if (!isMoving) return
        const over = placeAt(x, y).column
        const rectangle = rectangleOf({ row: 0, column: over })
        const behind = rectangle !== null && x / scale() > rectangle.left + rectangle.width / 2
        const at = behind ? over + 1 : over
        const left = rectangle ? rectangle.left + (behind ? rectangle.width : 0) - (boxBounds()?.left ?? 0) + scroll.left.value : 0
        dropBefore.value = { id: props.columns[at]?.id ?? null, x: left }
      },
      end: (ended) => {
        const drop = dropBefore.value
        dropBefore.value = null
        if (!ended) return
        if (isMoving) {
          if (drop && drop.id !== column.id) emit('move', column.id, drop.id)
        } else selectHeader(index, ended.shiftKey, ended.ctrlKey || ended.metaKey)
      },
    })
  }

  function selectHeader(index: number, shift: boolean, mod: boolean): void {
    if (props.rowCount === 0) return
    const row = Math.max(0, Math.min(props.rowCount - 1, Math.ceil(scroll.state.value.virtual / props.rowHeight)))
    const now = props.selection
    if (shift && now) emit('select', extendTo(selectColumn(now.active.column, now.active.row), { row: now.active.row, column: index }))
    else emit('select', mod && now ? addColumn(now, index, row) : selectColumn(index, row))
    box.value?.focus({ preventScroll: true })
  }

  function onLeave(): void {
    if (hovered) emit('hover', (hovered = null))
  }

  return { filling, dropBefore, onBodyDown, onContextMenu, onHover, onLeave, onDouble, onHeaderDown }
}
