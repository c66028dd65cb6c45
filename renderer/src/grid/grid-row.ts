import { h, type VNode } from 'vue'
import type { GridProps } from './grid-props.ts'
import type { CellView } from './grid-source.ts'
import type { GridSize, Rect } from './place.ts'
import type { Selection } from './selection.ts'
import type { GridGeometry } from './use-grid-geometry.ts'

/** What of the selection falls on a row. `key` is another one where a mark is. */
export interface RowMarks {
  readonly spans: readonly Rect[]
  /** Columns of the active cell and the fill handle in this row, -1 for none. */
  readonly active: number
  readonly handle: number
  readonly fill: Rect | null
  readonly isWholeRow: boolean
  readonly key: string
}

export interface RowMarkSources {
  readonly selection: Selection | null
  readonly size: GridSize
  readonly rects: readonly Rect[]
  /** The range that shows the fill handle, and where the fill would go. */
  readonly handleRect: Rect | undefined
  readonly fillTarget: Rect | null
}

export function marksOf(index: number, { selection, size, rects, handleRect, fillTarget }: RowMarkSources): RowMarks {
  const spans = rects.filter((rect) => index >= rect.top && index <= rect.bottom)
  const active = selection?.active.row === index && size.rows > 0 ? selection.active.column : -1
  const handle = handleRect?.bottom === index ? handleRect.right : -1
  const fill = fillTarget && index >= fillTarget.top && index <= fillTarget.bottom ? fillTarget : null
  const isWholeRow = spans.some((rect) => rect.left === 0 && rect.right === size.columns - 1)
  const key = `${spans.map((rect) => `${String(rect.left)}-${String(rect.right)}`).join()}|${String(active)}|${String(handle)}|${fill ? `${String(fill.left)}-${String(fill.right)}` : ''}`
  return { spans, active, handle, fill, isWholeRow, key }
}

/** Draws rows: the head and the pinned cells, then the columns in view. */
export function rowRenderer(
  props: GridProps,
  { edges, pinnedCount, pinnedWidth, wholeWidth }: Pick<GridGeometry, 'edges' | 'pinnedCount' | 'pinnedWidth' | 'wholeWidth'>,
  shownColumns: () => { readonly first: number; readonly end: number },
  id: string,
) {
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
    return view.pieces.map(({ text, look, title, tag = 'span' }, place) => h(tag, { key: place, class: look, title }, text))
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
    for (let column = shownColumns().first; column < shownColumns().end; column++)
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

  return { cellStyle, renderRow }
}
