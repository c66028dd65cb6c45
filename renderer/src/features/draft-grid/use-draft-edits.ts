import type { Ref } from 'vue'
import type { DraftEdit } from '../../../../shared/contract/draft-methods.ts'
import type { PackageName } from '../../../../shared/core/catalogue/packages.ts'
import type { TextBlock } from '../../grid/clipboard.ts'
import { fillTexts } from '../../grid/fill.ts'
import type { FillRequest } from '../../grid/grid-source.ts'
import type { PastePlan } from '../../grid/paste.ts'
import { heightOf, widthOf, type GridSize, type Rect, type Span } from '../../grid/place.ts'
import type { RowCache } from '../../grid/row-cache.ts'
import { blockOf, countCells, lastRect, rectsOf, rowSpans, selectedColumns, type Selection } from '../../grid/selection.ts'
import type { DraftStore } from '../../state/draft-store.ts'
import { useToasts } from '../../state/toasts.ts'
import { useText } from '../../text/use-text.ts'
import { blockEdit, tableBlock } from './block-edit.ts'
import { keptText, packageNamed, shownText, toggled, withPackage, withTexts, type DraftRow } from './draft-row.ts'
import { isBooleanColumn, isPackageColumn, type ShownColumn } from './shown-column.ts'

export interface DraftGridContext {
  readonly store: DraftStore
  readonly all: Readonly<Ref<readonly ShownColumn[]>>
  readonly shown: Readonly<Ref<readonly ShownColumn[]>>
  readonly selection: Readonly<Ref<Selection | null>>
  readonly size: Readonly<Ref<GridSize>>
  readonly cache: RowCache<DraftRow>
  textsOf(first: number, count: number, columns: readonly ShownColumn[]): Promise<TextBlock | null>
  paint(): void
  /** Says something in the live region. */
  say(words: string): void
  /** Says on the screen, and aloud, why nothing or not all was done. */
  note(words: string): void
}

/** Selections that are no block are written cell by cell; above this they are refused with a word on how to go on. */
const mostScatteredCells = 50_000

/** What a person does to the cells that are selected. Each is one edit of the draft, and so one step of undo. */
export function useDraftEdits(context: DraftGridContext) {
  const { store, all, shown, selection, size, cache } = context
  const toasts = useToasts()
  const { t, count } = useText()

  function mayEdit(): boolean {
    if (store.state && !store.state.readOnly) return true
    context.note(t('grid.readOnly'))
    return false
  }

  async function run(edit: DraftEdit): Promise<boolean> {
    if (!mayEdit()) return false
    const result = await store.edit(edit)
    if (result.ok) return true
    toasts.failed(result.error)
    cache.outdate()
    return false
  }

  async function idsOf(spans: readonly Span[]): Promise<number[]> {
    const ids: number[] = []
    for (const { first, last } of spans) {
      const here = idsAtHand(first, last)
      const result = here ? { ok: true as const, value: here } : await store.rowIds(first, last - first + 1)
      if (!result.ok) {
        toasts.failed(result.error)
        return []
      }
      for (const id of result.value) ids.push(id)
    }
    return ids
  }

  function idsAtHand(first: number, last: number): readonly number[] | null {
    if (last - first > 500) return null
    const ids: number[] = []
    for (let row = first; row <= last; row++) {
      const here = cache.peek(row)
      if (!here) return null
      ids.push(here.row.id)
    }
    return ids
  }

  /** Null stands for all rows of the view, which is how the backend wants to hear it. */
  const rowsOf = async (spans: readonly Span[]): Promise<number[] | null> => {
    const only = spans[0]
    return spans.length === 1 && only?.first === 0 && only.last === size.value.rows - 1 ? null : idsOf(spans)
  }

  const columnsAt = (positions: readonly number[]): readonly ShownColumn[] => positions.flatMap((position) => shown.value[position] ?? [])

  /** Shows a text at once, before the backend has taken it. */
  function showText(viewRow: number, column: ShownColumn, text: string): void {
    const row = cache.peek(viewRow)
    if (!row) return
    const name = isPackageColumn(column) ? packageNamed(text) : null
    if (column.draft) cache.put(viewRow, withTexts(row, new Map([[column.draft.index, text]])))
    else if (name) cache.put(viewRow, withPackage(row, name))
    context.paint()
  }

  /** One cell, as it was typed. `known`: whose it is; the row may have moved since. */
  async function setCell(viewRow: number, column: ShownColumn, typed: string, known: number | null = null): Promise<boolean> {
    const [id] = known === null ? await idsOf([{ first: viewRow, last: viewRow }]) : [known]
    if (id === undefined || !mayEdit()) return false
    const row = cache.peek(viewRow)
    const here = row?.row.id === id ? row : undefined
    if (isPackageColumn(column)) {
      const name = packageNamed(typed)
      if (!name) return false
      if (here) showText(viewRow, column, name)
      return run({ kind: 'set-package', rows: [id], package: name })
    }
    const text = keptText(column, typed)
    if (here && shownText(here, column) === text) return true
    if (here) showText(viewRow, column, text)
    return run({ kind: 'set-cells', cells: [{ row: id, column: column.draft?.index ?? 0, text }] })
  }

  /** The same text into every selected cell: Ctrl+Enter, Delete, Space. `only` narrows the columns. */
  async function setSelected(typed: string, only: (column: ShownColumn) => boolean = () => true): Promise<boolean> {
    const now = selection.value
    if (!now || !mayEdit()) return false
    const columns = columnsAt(selectedColumns(now, size.value)).filter(only)
    const packages = columns.some(isPackageColumn)
    if (packages && columns.length === 1) {
      const name = packageNamed(typed)
      if (name) return setPackage(name)
      context.note(t('grid.packageByName'))
      return false
    }
    const table = columns.flatMap(({ draft }) => (draft ? [{ draft, text: typed }] : []))
    if (table.length === 0) return false
    const block = blockOf(now, size.value)
    const text =
      columns.every((column) => isPackageColumn(column) || isBooleanColumn(column)) && columns[0]
        ? keptText(columns.find(isBooleanColumn) ?? columns[0], typed)
        : typed
    if (block) return run({ kind: 'fill', rows: await rowsOf(block.rows), columns: table.map(({ draft }) => draft.index), text })
    if (countCells(now, size.value) > mostScatteredCells) {
      context.note(t('grid.oneBlock'))
      return false
    }
    return run({ kind: 'set-cells', cells: await scattered(now, only, text) })
  }

  /** Packages are never taken away by clearing. */
  async function clear(): Promise<boolean> {
    const now = selection.value
    if (now && mayEdit() && columnsAt(selectedColumns(now, size.value)).every(isPackageColumn)) {
      context.note(t('grid.packageByName'))
      return false
    }
    return setSelected('', (column) => !isPackageColumn(column))
  }

  async function scattered(
    now: Selection,
    only: (column: ShownColumn) => boolean,
    text: string,
  ): Promise<{ row: number; column: number; text: string }[]> {
    const cells = new Map<string, { row: number; column: number; text: string }>()
    for (const rect of rectsOf(now, size.value)) {
      const ids = await idsOf([{ first: rect.top, last: rect.bottom }])
      const columns = shown.value.slice(rect.left, rect.right + 1).filter(only)
      for (const row of ids)
        for (const { draft } of columns) if (draft) cells.set(`${String(row)}:${String(draft.index)}`, { row, column: draft.index, text })
    }
    return [...cells.values()]
  }

  /** Space: turns the TRUE/FALSE cells of the selection to the opposite of the active one. */
  async function toggle(): Promise<boolean> {
    const now = selection.value
    const active = now ? shown.value[now.active.column] : undefined
    if (!now || !active || !isBooleanColumn(active)) return false
    const row = cache.peek(now.active.row)
    const text = toggled(row ? shownText(row, active) : '')
    if (countCells(now, size.value) === 1) return setCell(now.active.row, active, text)
    return setSelected(text, isBooleanColumn)
  }

  async function setPackage(name: PackageName): Promise<boolean> {
    const now = selection.value
    if (!now || !mayEdit()) return false
    return run({ kind: 'set-package', rows: await rowsOf(rowSpans(now, size.value)), package: name })
  }

  /** Puts a planned block into the draft: a paste, or texts that were filled. */
  async function putBlock(plan: PastePlan, exceptBlank: boolean): Promise<boolean> {
    if (!mayEdit()) return false
    const block = tableBlock(plan.block, shown.value.slice(plan.left, plan.left + plan.columns), all.value)
    const ids = plan.rows > 0 ? await idsOf([{ first: plan.top, last: plan.top + plan.rows - 1 }]) : []
    if (ids.length < plan.rows) return false
    const edit = blockEdit(block, ids, plan.newRows, exceptBlank)
    if (edit !== null && !(await run(edit))) return false
    if (block.unknownPackages > 0) context.note(count('grid.unknownPackages', block.unknownPackages))
    return true
  }

  const planAt = (rect: Rect, block: TextBlock): PastePlan => ({
    top: rect.top,
    rows: heightOf(rect),
    newRows: 0,
    left: rect.left,
    columns: widthOf(rect),
    lostColumns: 0,
    block,
    cells: heightOf(rect) * widthOf(rect),
  })

  /** The fill handle: counts on, or repeats. */
  async function fillSeries({ plan, copy }: FillRequest): Promise<boolean> {
    const columns = shown.value.slice(plan.source.left, plan.source.right + 1)
    const source = await context.textsOf(plan.source.top, heightOf(plan.source), columns)
    return source ? putBlock(planAt(plan.target, fillTexts(plan, source, copy)), false) : false
  }

  /** Ctrl+D: the first row of each range into the rows below. With one row, the row above it comes down, as spreadsheets do. */
  async function fillDown(): Promise<boolean> {
    const rect = selection.value ? lastRect(selection.value, size.value) : null
    if (!rect || size.value.rows === 0) return false
    const from = rect.top === rect.bottom ? rect.top - 1 : rect.top
    if (from < 0) return false
    const texts = await context.textsOf(from, 1, shown.value.slice(rect.left, rect.right + 1))
    return texts ? putBlock(planAt({ ...rect, top: from + 1 }, texts), false) : false
  }

  /** Ctrl+R: the first column of the range into the columns to its right; with one column, the column to its left. */
  async function fillRight(): Promise<boolean> {
    const rect = selection.value ? lastRect(selection.value, size.value) : null
    if (!rect || size.value.rows === 0) return false
    const from = rect.left === rect.right ? rect.left - 1 : rect.left
    const column = shown.value[from]
    if (!column) return false
    const texts = await context.textsOf(rect.top, heightOf(rect), [column])
    if (!texts) return false
    const width = rect.right - from
    const block = texts.map((row) => Array.from({ length: width }, () => row[0] ?? ''))
    return putBlock(planAt({ ...rect, left: from + 1 }, block), false)
  }

  /** As many blank rows as are selected. */
  async function insertRows(where: 'above' | 'below'): Promise<boolean> {
    const now = selection.value
    const rect = now && size.value.rows > 0 ? lastRect(now, size.value) : null
    // A row needs no texts: its cells are empty.
    const blank = Array.from({ length: rect ? heightOf(rect) : 1 }, () => [])
    const at = rect ? (where === 'above' ? rect.top : rect.bottom + 1) : 0
    const [before] = at < size.value.rows && rect ? await idsOf([{ first: at, last: at }]) : []
    return run({ kind: 'insert-rows', before: before ?? null, rows: blank })
  }

  async function onRows(kind: 'duplicate-rows' | 'delete-rows'): Promise<boolean> {
    if (!selection.value) return false
    const rows = await idsOf(rowSpans(selection.value, size.value))
    return rows.length > 0 && run({ kind, rows })
  }

  return {
    mayEdit,
    run,
    idsOf,
    setCell,
    setSelected,
    clear,
    toggle,
    setPackage,
    putBlock,
    fillSeries,
    fillDown,
    fillRight,
    insertRows,
    duplicateRows: () => onRows('duplicate-rows'),
    deleteRows: () => onRows('delete-rows'),
  }
}

export type DraftEdits = ReturnType<typeof useDraftEdits>
