import { computed, shallowRef, type Ref } from 'vue'
import type { DraftState, View } from '../../../../shared/contract/draft-methods.ts'
import { packageNames, type PackageName } from '../../../../shared/core/catalogue/packages.ts'
import type { HeaderMenuRequest, MenuRequest } from '../../grid/grid-source.ts'
import type { GridSize, Place } from '../../grid/place.ts'
import { areWholeRows, countCells, countRows, type Selection } from '../../grid/selection.ts'
import { useCommands } from '../../state/commands.ts'
import type { DraftStore } from '../../state/draft-store.ts'
import { useText } from '../../text/use-text.ts'
import { cellMenu } from './cell-menu.ts'
import type { ShownColumn } from './shown-column.ts'
import type { DraftClipboard } from './use-draft-clipboard.ts'
import type { DraftEdits } from './use-draft-edits.ts'

export interface GridMenus {
  readonly store: DraftStore
  readonly state: Readonly<Ref<DraftState>>
  readonly all: Readonly<Ref<readonly ShownColumn[]>>
  readonly shown: Readonly<Ref<readonly ShownColumn[]>>
  readonly selection: Readonly<Ref<Selection | null>>
  readonly size: Readonly<Ref<GridSize>>
  readonly packages: Readonly<Ref<readonly PackageName[]>>
  readonly edits: DraftEdits
  readonly clipboard: DraftClipboard
  textAt(place: Place, column: ShownColumn): string
  deleteRows(): Promise<void>
  insertBelow(): Promise<void>
  toggleRecord(): void
  focusGrid(): void
}

/** The menu of the selected cells and the menu of a column: where they are open, and what they do. */
export function useGridMenus(context: GridMenus) {
  const { store, state, all, shown, selection, size, packages, edits, clipboard, textAt, focusGrid } = context
  const { t, count } = useText()
  const commands = useCommands()
  const cell = shallowRef<MenuRequest | null>(null)
  const header = shallowRef<HeaderMenuRequest | null>(null)
  const activeColumn = (): ShownColumn | undefined => (selection.value ? shown.value[selection.value.active.column] : undefined)

  const items = computed(() => {
    const now = selection.value
    const column = activeColumn()
    if (!cell.value || !now) return []
    return cellMenu(
      {
        rows: countRows(now, size.value),
        areWholeRows: areWholeRows(now, size.value),
        cells: countCells(now, size.value),
        isReadOnly: state.value.readOnly,
        packages: packages.value,
        value: column ? textAt(now.active, column) : '',
        canFilter: column !== undefined,
      },
      { t, count },
    )
  })

  const acts: Readonly<Record<string, () => unknown>> = {
    cut: () => clipboard.copy(false, true),
    copy: () => clipboard.copy(),
    'copy-header': () => clipboard.copy(true),
    paste: () => clipboard.paste(),
    'paste-except-blank': () => clipboard.paste(true),
    'insert-above': () => edits.insertRows('above'),
    'insert-below': () => context.insertBelow(),
    duplicate: () => edits.duplicateRows(),
    'delete-rows': () => context.deleteRows(),
    // The window asks for the count and does it; the same as from the palette.
    remove: () => commands.run('removeUsers'),
    'fill-down': () => edits.fillDown(),
    filter: filterByValue,
    clear: () => edits.clear(),
    record: () => context.toggleRecord(),
  }

  function close(): void {
    cell.value = null
    focusGrid()
  }

  function choose(id: string): void {
    close()
    const name = packageNames.find((each) => id === `package:${each}`)
    if (name) void edits.setPackage(name)
    else void acts[id]?.()
  }

  /** Only rows that have the same as the active cell. */
  function filterByValue(): void {
    const now = selection.value
    const column = activeColumn()
    const view = state.value.view
    if (!now || !column) return
    const text = textAt(now.active, column)
    const rest = view.filter.filter(
      (each) => !(each.kind === 'values' && each.column === column.draft?.index) && !(each.kind === 'package' && !column.draft),
    )
    const name = packageNames.find((each) => each === text) ?? null
    const condition: View['filter'][number] = column.draft
      ? { kind: 'values', column: column.draft.index, texts: [text] }
      : { kind: 'package', packages: [name] }
    void store.setView({ sort: [...view.sort], filter: [...rest, condition] })
  }

  const headerColumn = computed(() => all.value.find(({ id }) => id === header.value?.column))
  function closeHeader(): void {
    header.value = null
    focusGrid()
  }
  /** The column whose header is being changed, by its index. */
  const renamed = shallowRef<number | null>(null)
  function renameColumn(): void {
    const index = headerColumn.value?.draft?.index
    if (index !== undefined && edits.mayEdit()) renamed.value = index
  }

  return { cell, items, choose, close, filterByValue, header, headerColumn, closeHeader, renamed, renameColumn }
}
