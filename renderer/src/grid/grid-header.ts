import { h, type VNode } from 'vue'
import type { GridColumn } from './grid-source.ts'

interface HeaderOptions {
  readonly columns: readonly GridColumn[]
  readonly pinnedCount: number
  readonly first: number
  readonly end: number
  readonly height: number
  readonly headWidth: number
  readonly pinnedWidth: number
  readonly wholeWidth: number
  readonly words: { readonly columnMenu: string; readonly rowNumber: string }
  /** Where a drop line stands while a column is dragged. */
  readonly dropX: number | null
  styleOf(column: number): string
  isSelected(column: number): boolean
  onDown(event: PointerEvent, column: number): void
  onMenu(column: number): void
  onFit(columnId: string): void
}

const arrowOf = { up: 'M4 9 7 5l3 4', down: 'M4 5l3 4 3-4' } as const
const sortState = { up: 'ascending', down: 'descending' } as const

/** The header row: sticks to the top, its pinned part to the left. */
export function renderHeader(options: HeaderOptions): VNode {
  const { columns, pinnedCount, first, end, height } = options
  const pinned: VNode[] = [
    h(
      'div',
      { key: 'corner', class: 'rg-corner', role: 'columnheader', 'aria-colindex': 1, style: `width:${String(options.headWidth)}px` },
      options.words.rowNumber,
    ),
  ]
  for (let column = 0; column < pinnedCount; column++) pinned.push(headerCell(options, column))
  const cells: VNode[] = [
    h('div', { key: 'pinned', class: 'rg-pinned', role: 'presentation', style: `width:${String(options.pinnedWidth)}px` }, pinned),
  ]
  for (let column = Math.max(first, pinnedCount); column < Math.min(end, columns.length); column++) cells.push(headerCell(options, column))
  if (options.dropX !== null) cells.push(h('i', { key: 'drop', class: 'rg-drop', style: `left:${String(options.dropX)}px` }))
  return h('div', { class: 'rg-head', role: 'rowgroup', style: `height:${String(height)}px;width:${String(options.wholeWidth)}px` }, [
    h('div', { class: 'rg-headrow', role: 'row', 'aria-rowindex': 1 }, cells),
  ])
}

function headerCell(options: HeaderOptions, index: number): VNode {
  const column = options.columns[index]
  if (!column) return h('i')
  const classes = `rg-colhead${options.isSelected(index) ? ' is-selected' : ''}${column.isFiltered ? ' is-filtered' : ''}`
  return h(
    'div',
    {
      key: column.id,
      class: classes,
      role: 'columnheader',
      'aria-colindex': index + 2,
      'aria-sort': column.sort ? sortState[column.sort] : undefined,
      'data-column': column.id,
      title: column.title,
      style: options.styleOf(index),
      onPointerdown: (event: PointerEvent) => {
        if ((event.target as Element).closest('button') === null) options.onDown(event, index)
      },
      onContextmenu: (event: MouseEvent) => {
        event.preventDefault()
        options.onMenu(index)
      },
    },
    [
      h('span', { class: 'rg-title' }, column.title),
      column.sort
        ? h('span', { class: 'rg-sort' }, [
            h('svg', { viewBox: '0 0 14 14', width: 12, height: 12, 'aria-hidden': 'true' }, [h('path', { d: arrowOf[column.sort] })]),
            column.sortRank > 0 ? String(column.sortRank) : '',
          ])
        : null,
      h(
        'button',
        {
          class: 'rg-menu',
          type: 'button',
          tabindex: -1,
          'aria-label': `${options.words.columnMenu}: ${column.title}`,
          'aria-haspopup': 'menu',
          onClick: () => options.onMenu(index),
        },
        [
          h('svg', { viewBox: '0 0 14 14', width: 12, height: 12, 'aria-hidden': 'true' }, [
            h('path', { d: column.isFiltered ? 'M2 3h10L8.5 7.5v4l-3-1.5v-2.5Z' : 'M4 5.5 7 9l3-3.5' }),
          ]),
        ],
      ),
      h('i', { class: 'rg-grip', 'aria-hidden': 'true', onDblclick: () => options.onFit(column.id) }),
    ],
  )
}
