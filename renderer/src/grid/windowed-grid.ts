import { computed, defineComponent, h, shallowRef, useId, watch, withMemo, type PropType, type VNode } from 'vue'
import { columnWindow, physicalHeight, rowWindow } from './geometry.ts'
import { renderHeader } from './grid-header.ts'
import { marksOf, rowRenderer } from './grid-row.ts'
import type { FillRequest, GridColumn, GridSource, HeaderMenuRequest, MenuRequest } from './grid-source.ts'
import { clamp, holds, type GridSize, type Place } from './place.ts'
import { rectsOf, type Selection } from './selection.ts'
import { useGridGeometry } from './use-grid-geometry.ts'
import { useGridKeys } from './use-grid-keys.ts'
import { useGridPointer } from './use-grid-pointer.ts'
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
    /** Tab leaves the grid instead of going from cell to cell: where nothing is typed. */
    tabLeaves: { type: Boolean, default: false },
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
    const geometry = useGridGeometry(box, props)
    const { headHeight, size, pinnedCount, edges, pinnedWidth, wholeWidth, total, scroll, leftOf, isPinned } = geometry
    const { boxBounds, placeAt, rectangleOf, reveal } = geometry

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

    const pointer = useGridPointer(box, props, emit, geometry, () => shownColumns.value.first)
    const { filling, dropBefore } = pointer
    const { onKey } = useGridKeys(box, props, emit, geometry)

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

    const { cellStyle, renderRow } = rowRenderer(props, geometry, () => shownColumns.value, id)
    const memo: unknown[] = []
    /** Everything beside the row itself that a drawn row depends on; a new object where one of them changed. */
    const frame = computed(() => ({
      columns: props.columns,
      window: [pinnedCount.value, shownColumns.value.first, shownColumns.value.end].join(),
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

    /** Scrolled away, the active cell is not there to be named. */
    function isActiveDrawn(): boolean {
      const active = props.selection?.active
      if (!active || props.rowCount === 0) return false
      const { first, slotCount } = rows.value
      const isRow = active.row >= first && active.row < first + slotCount
      return isRow && (isPinned(active.column) || (active.column >= shownColumns.value.first && active.column < shownColumns.value.end))
    }

    function renderBody(): VNode {
      // Rows are not reactive: this has the body looked at again. A row that is the same object is not drawn again.
      void painted.value
      const { first, slotCount } = rows.value
      const offset = scroll.state.value.virtual - scroll.state.value.physical
      const rects = props.selection ? rectsOf(props.selection, size.value) : []
      const handleRect = props.canFill && !props.editing && rects.length === 1 ? rects[0] : undefined
      const sources = { selection: props.selection, size: size.value, rects, handleRect, fillTarget: filling.value?.target ?? null }
      const drawn: VNode[] = []
      for (let slot = 0; slot < slotCount; slot++) {
        // The row of this slot: rows keep their slot while they stay in view.
        const index = first + ((((slot - first) % slotCount) + slotCount) % slotCount)
        const marks = marksOf(index, sources)
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
      return h('div', { class: 'rg-body', role: 'rowgroup', onPointerdown: pointer.onBodyDown, onDblclick: pointer.onDouble }, drawn)
    }

    function renderEditor(): VNode | null {
      const place = props.editing
      const column = place ? props.columns[place.column] : undefined
      if (!place || !column) return null
      const offset = scroll.state.value.virtual - scroll.state.value.physical
      const left = leftOf(place.column) + (isPinned(place.column) ? scroll.left.value : 0)
      const y = headHeight.value + place.row * props.rowHeight - offset
      // What is typed is seen whole: it wraps where the grid ends.
      const room = Math.max(column.width, scroll.viewport.value.width - (left - scroll.left.value))
      const style = `--rg-room:${String(room)}px;transform:translate(${String(left)}px,${String(y)}px);min-width:${String(column.width)}px;min-height:${String(props.rowHeight)}px`
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
          'aria-activedescendant': isActiveDrawn() ? `${id}-active` : undefined,
          'aria-describedby': props.describedBy,
          style: `--rg-row:${String(props.rowHeight)}px`,
          onScroll: scroll.onScroll,
          onKeydown: (event: KeyboardEvent) => void onKey(event),
          onContextmenu: pointer.onContextMenu,
          onPointermove: pointer.onHover,
          onPointerleave: pointer.onLeave,
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
                onDown: pointer.onHeaderDown,
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

const columnIsSelected = (selection: Selection | null, column: number, size: GridSize): boolean =>
  selection !== null && size.rows > 0 && rectsOf(selection, size).some((rect) => holds({ ...rect, top: 0, bottom: 0 }, { row: 0, column }))
