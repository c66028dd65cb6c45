import { computed, defineComponent, h, shallowRef, useId, watch, withMemo, type PropType, type VNode } from 'vue'
import { columnAt, columnWindow, edgesOf, physicalHeight, revealed, rowWindow } from './geometry.ts'
import { planFill, type FillPlan } from './fill.ts'
import type { CellView, FillRequest, GridColumn, GridSource, HeaderMenuRequest, MenuRequest } from './grid-source.ts'
import { renderHeader } from './grid-header.ts'
import { blankBorder } from './moves.ts'
import { navigate } from './navigate.ts'
import { clamp, holds, samePlace, type GridSize, type Place, type Rect } from './place.ts'
import {
  addCell,
  addColumn,
  addRow,
  extendTo,
  isSelected,
  lastRect,
  rectsOf,
  selectCell,
  selectColumn,
  selectRow,
  type Selection,
} from './selection.ts'
import { useDrag } from './use-pointer.ts'
import { useScroll } from './use-scroll.ts'
import './grid.css'

/** Rows drawn beyond the viewport on each side. */
const margin = 3

/**
 * A grid of any number of rows: it draws the rows and columns in view, and keeps selection, keys and pointer as spreadsheets do.
 * It knows rows and columns, not what they mean. The selection belongs to the parent (`select`), rows to the source.
 * The number of row elements is fixed for a viewport; scrolling gives an element another row, and rows that stay are not drawn again.
 */
export const WindowedGrid = defineComponent({
  name: 'WindowedGrid',
  props: {
    source: { type: Object as PropType<GridSource>, required: true },
    columns: { type: Array as PropType<readonly GridColumn[]>, required: true },
    rowCount: { type: Number, required: true },
    rowHeight: { type: Number, default: 28 },
    headWidth: { type: Number, default: 76 },
    label: { type: String, required: true },
    /** Words of the header cells: the menu button, the corner, and the states that are read out. */
    words: {
      type: Object as PropType<{ readonly columnMenu: string; readonly rowNumber: string }>,
      required: true,
    },
    selection: { type: Object as PropType<Selection | null>, default: null },
    /** The cell under the editor; the editor itself is the slot `editor`. */
    editing: { type: Object as PropType<Place | null>, default: null },
    canFill: { type: Boolean, default: true },
    describedBy: { type: String, default: undefined },
  },
  emits: {
    select: (selection: Selection) => selection.ranges.length > 0,
    edit: (place: Place) => place.row >= 0,
    menu: (request: MenuRequest) => request.place.row >= 0,
    'header-menu': (request: HeaderMenuRequest) => request.column !== '',
    resize: (column: string, width: number) => column !== '' && width > 0,
    'auto-fit': (column: string) => column !== '',
    move: (column: string, before: string | null) => column !== before,
    fill: (request: FillRequest) => request.plan.target.top >= 0,
    hover: (place: Place | null) => place === null || place.row >= 0,
    key: (event: KeyboardEvent) => event.key !== '',
  },
  setup(props, { emit, slots, expose }) {
    const box = shallowRef<HTMLElement | null>(null)
    const id = useId()
    const painted = shallowRef(0)
    const filling = shallowRef<FillPlan | null>(null)
    const dropBefore = shallowRef<{ readonly id: string | null; readonly x: number } | null>(null)
    const headHeight = computed(() => props.rowHeight + 4)
    const size = computed<GridSize>(() => ({ rows: props.rowCount, columns: props.columns.length }))
    const pinnedCount = computed(() => props.columns.filter((column) => column.isPinned).length)
    const edges = computed(() => edgesOf(props.columns.map((column) => column.width)))
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

    const rows = computed(() => {
      const { first, end } = rowWindow(scroll.state.value.virtual, scroll.viewport.value.height, props.rowHeight, props.rowCount, margin)
      // A fixed number of row elements, so that scrolling by a row draws one row.
      const slotCount = Math.min(props.rowCount, Math.ceil(scroll.viewport.value.height / props.rowHeight) + 1 + 2 * margin)
      const from = clamp(first, 0, Math.max(0, props.rowCount - slotCount))
      return { first: from, end: Math.max(end, from + slotCount), slotCount }
    })
    const shownColumns = computed(() => {
      const from = edges.value[pinnedCount.value] ?? 0
      const { first, end } = columnWindow(
        edges.value,
        scroll.left.value + from,
        scroll.left.value + Math.max(0, scroll.viewport.value.width - props.headWidth),
      )
      return { first: Math.max(pinnedCount.value, first), end }
    })

    watch(
      [() => rows.value.first, () => rows.value.slotCount, () => props.source],
      () => props.source.show(rows.value.first, rows.value.first + rows.value.slotCount),
      { immediate: true, flush: 'sync' },
    )

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

    const drag = useDrag(
      () => {
        const bounds = box.value?.getBoundingClientRect() ?? new DOMRect()
        const [head, pinned] = [headHeight.value * scale(), pinnedWidth.value * scale()]
        return { top: bounds.top + head, bottom: bounds.bottom, left: bounds.left + pinned, right: bounds.right }
      },
      (x, y) => scroll.goTo(scroll.state.value.virtual + y, scroll.left.value + x),
    )

    // ── Pointer on cells and row heads ──────────────────────────────────────────────────────────────────────────────────────────
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
      const column = shownColumns.value.first
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

    // ── Keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    let lastHop = 0
    async function onKey(event: KeyboardEvent): Promise<void> {
      if (event.defaultPrevented || event.target !== box.value) return
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

    // ── Header ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
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

    function openHeaderMenu(index: number): void {
      const column = props.columns[index]
      const rectangle = rectangleOf({ row: 0, column: index })
      const top = boxBounds()?.top ?? 0
      if (column && rectangle) emit('header-menu', { column: column.id, x: rectangle.left, y: top + headHeight.value })
    }

    /** The widest text of a column among the rows that are here, as a column width. */
    function fittingWidth(columnId: string): number {
      const column = props.columns.find((each) => each.id === columnId)
      const context = document.createElement('canvas').getContext('2d')
      if (!column || !context || !box.value) return column?.width ?? 120
      const style = getComputedStyle(box.value)
      context.font = `600 ${style.fontSize} ${style.fontFamily}`
      let width = context.measureText(column.title).width + 44
      context.font = `${style.fontSize} ${style.fontFamily}`
      for (let i = Math.max(0, rows.value.first - 400); i < Math.min(props.rowCount, rows.value.end + 400); i++) {
        const row = props.source.row(i)
        if (row !== undefined) width = Math.max(width, context.measureText(props.source.cell(row, column).text).width + 22)
      }
      return clamp(Math.ceil(width), 48, 640)
    }

    // ── Drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    const cellStyle = (column: number, offset: number): string =>
      `left:${String((edges.value[column] ?? 0) - offset)}px;width:${String(props.columns[column]?.width ?? 0)}px`

    function renderCell(row: unknown, column: number, marks: RowMarks, offset: number): VNode {
      const shown = props.columns[column]
      if (!shown) return h('i')
      const view = row === undefined ? null : props.source.cell(row, shown)
      const isActive = marks.active === column
      const selected = isActive || marks.spans.some((span) => column >= span.left && column <= span.right)
      let look = view ? `rg-cell ${view.look}` : 'rg-cell is-loading'
      if (selected) look += ' is-selected'
      if (isActive) look += ' is-active'
      if (marks.fill && column >= marks.fill.left && column <= marks.fill.right) look += ' is-filling'
      return h(
        'div',
        {
          key: shown.id,
          class: look,
          role: 'gridcell',
          id: isActive ? `${id}-active` : undefined,
          'aria-colindex': column + 2,
          'aria-selected': selected,
          'aria-label': view?.label,
          style: cellStyle(column, offset),
        },
        marks.handle === column ? [view?.text ?? '', h('i', { class: 'rg-handle', 'aria-hidden': 'true' })] : contentOf(view),
      )
    }

    function contentOf(view: CellView | null): string | VNode[] {
      if (view?.pieces === undefined) return view?.text ?? ''
      return view.pieces.map(({ text, look, title }, place) => h('span', { key: place, class: look, title }, text))
    }

    function renderRow(index: number, slot: number, y: number, marks: RowMarks): VNode {
      const row = props.source.row(index)
      const head = row === undefined ? null : props.source.head(row)
      const pinned: VNode[] = [
        h(
          'div',
          {
            key: 'head',
            class: marks.isWholeRow ? 'rg-rowhead is-selected' : 'rg-rowhead',
            role: 'rowheader',
            'aria-colindex': 1,
            'aria-label': head?.label,
            style: `width:${String(props.headWidth)}px`,
          },
          head
            ? [
                head.mark
                  ? h('svg', { class: `rg-mark ${head.mark.look}`, viewBox: '0 0 14 14', width: 13, height: 13, 'aria-hidden': 'true' }, [
                      h('path', { d: head.mark.outline }),
                      h('path', { class: 'rg-sign', d: head.mark.sign }),
                    ])
                  : null,
                h('span', head.text),
              ]
            : [],
        ),
      ]
      for (let column = 0; column < pinnedCount.value; column++) pinned.push(renderCell(row, column, marks, -props.headWidth))
      const cells: VNode[] = [
        h('div', { key: 'pinned', class: 'rg-pinned', role: 'presentation', style: `width:${String(pinnedWidth.value)}px` }, pinned),
      ]
      for (let column = shownColumns.value.first; column < shownColumns.value.end; column++)
        cells.push(renderCell(row, column, marks, -props.headWidth))
      return h(
        'div',
        {
          key: slot,
          class: `rg-row ${head?.look ?? ''}${index % 2 === 1 ? ' is-odd' : ''}`,
          role: 'row',
          'aria-rowindex': index + 2,
          'aria-selected': marks.isWholeRow ? true : undefined,
          style: `transform:translateY(${String(y)}px);width:${String(wholeWidth.value)}px;height:${String(props.rowHeight)}px`,
        },
        cells,
      )
    }

    const memo: unknown[] = []
    /** Everything beside the row itself that a drawn row depends on; a new object where one of them changed. */
    const frame = computed(() => ({
      columns: props.columns,
      window: `${String(shownColumns.value.first)}-${String(shownColumns.value.end)}`,
      height: props.rowHeight,
      source: props.source,
    }))
    const frameKey = shallowRef(frame.value)
    watch(
      frame,
      (next, before) => {
        const same =
          next.columns === before.columns && next.window === before.window && next.height === before.height && next.source === before.source
        if (!same) frameKey.value = next
      },
      { flush: 'sync' },
    )

    function renderBody(): VNode {
      // Rows are not reactive: this has the body looked at again. A row that is the same object is not drawn again.
      void painted.value
      const { first, slotCount } = rows.value
      const offset = scroll.state.value.virtual - scroll.state.value.physical
      const rects = props.selection ? rectsOf(props.selection, size.value) : []
      const handleRect = props.canFill && !props.editing && rects.length === 1 ? rects[0] : undefined
      const drawn: VNode[] = []
      for (let slot = 0; slot < slotCount; slot++) {
        // The row of this slot: rows keep their slot while they stay in view.
        const index = first + ((((slot - first) % slotCount) + slotCount) % slotCount)
        const marks = marksOf(index, rects, handleRect)
        const y = headHeight.value + index * props.rowHeight - offset
        drawn.push(
          withMemo(
            [props.source.row(index), index, y, frameKey.value, marks.key],
            () => renderRow(index, slot, y, marks),
            memo as Parameters<typeof withMemo>[2],
            slot,
          ),
        )
      }
      return h('div', { class: 'rg-body', role: 'rowgroup', onPointerdown: onBodyDown, onDblclick: onDouble }, drawn)
    }

    function marksOf(index: number, rects: readonly Rect[], handleRect: Rect | undefined): RowMarks {
      const spans = rects.filter((rect) => index >= rect.top && index <= rect.bottom)
      const active = props.selection?.active.row === index && props.rowCount > 0 ? props.selection.active.column : -1
      const handle = handleRect?.bottom === index ? handleRect.right : -1
      const fill = filling.value && index >= filling.value.target.top && index <= filling.value.target.bottom ? filling.value.target : null
      const isWholeRow = spans.some((rect) => rect.left === 0 && rect.right === size.value.columns - 1)
      const key = `${spans.map((rect) => `${String(rect.left)}-${String(rect.right)}`).join()}|${String(active)}|${String(handle)}|${fill ? `${String(fill.left)}-${String(fill.right)}` : ''}`
      return { spans, active, handle, fill, isWholeRow, key }
    }

    function onDouble(event: MouseEvent): void {
      const target = event.target as Element
      if (target.closest('.rg-cell') === null || target.closest('.rg-editor') !== null) return
      emit('edit', placeAt(event.clientX, event.clientY))
    }

    function renderEditor(): VNode | null {
      const place = props.editing
      const column = place ? props.columns[place.column] : undefined
      if (!place || !column) return null
      const offset = scroll.state.value.virtual - scroll.state.value.physical
      const left = leftOf(place.column) + (isPinned(place.column) ? scroll.left.value : 0)
      const y = headHeight.value + place.row * props.rowHeight - offset
      const style = `transform:translate(${String(left)}px,${String(y)}px);min-width:${String(column.width)}px;min-height:${String(props.rowHeight)}px`
      return h('div', { class: 'rg-editor', role: 'presentation', style }, slots['editor']?.({ column, place }))
    }

    function paint(): void {
      painted.value++
    }
    expose({ focus: () => box.value?.focus({ preventScroll: true }), reveal, rectangleOf, paint, fittingWidth, placeAt, openHeaderMenu })

    return () =>
      h(
        'div',
        {
          ref: box,
          class: 'rg',
          role: 'grid',
          tabindex: 0,
          'aria-label': props.label,
          'aria-rowcount': props.rowCount + 1,
          'aria-colcount': props.columns.length + 1,
          'aria-multiselectable': 'true',
          'aria-activedescendant': props.selection && props.rowCount > 0 ? `${id}-active` : undefined,
          'aria-describedby': props.describedBy,
          style: `--rg-row:${String(props.rowHeight)}px`,
          onScroll: scroll.onScroll,
          onKeydown: (event: KeyboardEvent) => void onKey(event),
          onContextmenu: onContextMenu,
          onPointermove: onHover,
          onPointerleave: () => {
            if (hovered) emit('hover', (hovered = null))
          },
        },
        [
          h(
            'div',
            {
              class: 'rg-sizer',
              role: 'presentation',
              style: `width:${String(wholeWidth.value)}px;height:${String(headHeight.value + physicalHeight({ total: total.value, viewport: scroll.viewport.value.height }))}px`,
            },
            [
              renderHeader({
                columns: props.columns,
                pinnedCount: pinnedCount.value,
                first: shownColumns.value.first,
                end: shownColumns.value.end,
                height: headHeight.value,
                headWidth: props.headWidth,
                pinnedWidth: pinnedWidth.value,
                wholeWidth: wholeWidth.value,
                words: props.words,
                styleOf: (column) => cellStyle(column, -props.headWidth),
                isSelected: (column) => columnIsSelected(props.selection, column, size.value),
                onDown: onHeaderDown,
                onMenu: openHeaderMenu,
                onFit: (columnId) => emit('auto-fit', columnId),
                dropX: dropBefore.value?.x ?? null,
              }),
              renderBody(),
              renderEditor(),
            ],
          ),
        ],
      )
  },
})

interface RowMarks {
  readonly spans: readonly Rect[]
  /** Columns of the active cell and the fill handle in this row, -1 for none. */
  readonly active: number
  readonly handle: number
  readonly fill: Rect | null
  readonly isWholeRow: boolean
  readonly key: string
}

const columnIsSelected = (selection: Selection | null, column: number, size: GridSize): boolean =>
  selection !== null && size.rows > 0 && rectsOf(selection, size).some((rect) => holds({ ...rect, top: 0, bottom: 0 }, { row: 0, column }))
