import type { Ref } from 'vue'
import type { GridEmit, GridProps } from './grid-props.ts'
import { blankBorder } from './moves.ts'
import { navigate } from './navigate.ts'
import type { Place } from './place.ts'
import { extendTo, selectCell } from './selection.ts'
import type { GridGeometry } from './use-grid-geometry.ts'

/** Keys that move and select. What is none of the grid's goes to the parent as `key`. */
export function useGridKeys(box: Readonly<Ref<HTMLElement | null>>, props: GridProps, emit: GridEmit, geometry: GridGeometry) {
  const { size, scroll, rectangleOf, reveal } = geometry
  let lastHop = 0
  async function onKey(event: KeyboardEvent): Promise<void> {
    if (event.defaultPrevented || event.target !== box.value || (props.tabLeaves && event.key === 'Tab')) return
    const now = props.selection ?? (props.rowCount > 0 ? selectCell({ row: 0, column: 0 }) : null)
    if (now && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      event.preventDefault()
      reveal(now.active)
      const rectangle = rectangleOf(now.active)
      if (rectangle) emit('menu', { place: now.active, x: rectangle.left + 8, y: rectangle.top + rectangle.height, on: 'cell' })
      return
    }
    const press = { key: event.key, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey, alt: event.altKey }
    const movement = now
      ? navigate(now, press, size.value, Math.max(1, Math.floor(scroll.viewport.value.height / props.rowHeight) - 1))
      : null
    if (!movement || !now) return emit('key', event)
    event.preventDefault()
    lastHop++
    if (movement.kind === 'look') return reveal(now.active, 'centre')
    if (movement.kind === 'select') {
      emit('select', movement.selection)
      if (movement.follow) reveal(movement.follow)
      // A pinned first column is always in view; Home means the beginning of what scrolls, too.
      if (event.key === 'Home') scroll.goTo(scroll.state.value.virtual, 0)
      return
    }
    const mine = lastHop
    const place = await borderFrom(movement.from, movement.direction)
    if (mine !== lastHop || props.selection !== now) return
    emit('select', movement.extends ? extendTo(now, place) : selectCell(place))
    reveal(place)
  }

  async function borderFrom(from: Place, direction: 'up' | 'down' | 'left' | 'right'): Promise<Place> {
    const sense = direction === 'down' || direction === 'right' ? 1 : -1
    const isAcross = direction === 'left' || direction === 'right'
    const start = isAcross ? from.column : from.row
    const border = await blankBorder(start, sense, isAcross ? size.value.columns : size.value.rows, (at, count) =>
      props.source.filled(
        isAcross ? 'row' : 'column',
        isAcross ? { row: from.row, column: at } : { row: at, column: from.column },
        sense,
        count,
      ),
    )
    return isAcross ? { row: from.row, column: border } : { row: border, column: from.column }
  }

  return { onKey }
}
