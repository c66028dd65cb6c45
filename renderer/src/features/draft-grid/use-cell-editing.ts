import { computed, nextTick, shallowRef, type Ref } from 'vue'
import type { PlacedFinding } from '../../../../shared/contract/draft-methods.ts'
import { step } from '../../grid/moves.ts'
import { onwards } from '../../grid/navigate.ts'
import type { GridSize, Place } from '../../grid/place.ts'
import { isOneCell, selectCell, type Selection } from '../../grid/selection.ts'
import type { EditorMove } from './CellEditor.vue'
import type { ShownColumn } from './shown-column.ts'
import type { DraftEdits } from './use-draft-edits.ts'
import type { Suggest } from './use-suggestions.ts'

export interface CellEditing {
  readonly shown: Readonly<Ref<readonly ShownColumn[]>>
  readonly selection: Readonly<Ref<Selection | null>>
  readonly size: Readonly<Ref<GridSize>>
  readonly edits: DraftEdits
  textAt(place: Place, column: ShownColumn): string
  /** Who stands in a row; null where the row has not come yet. */
  rowIdAt(row: number): number | null
  findingsAt(place: Place): Promise<readonly PlacedFinding[]>
  suggestFor(column: ShownColumn): Suggest | null
  select(next: Selection): void
  reveal(place: Place): void
  focusGrid(): void
}

interface EditedCell {
  readonly place: Place
  /** Whose cell it is: rows move while somebody types, for another window takes some out or puts some in. */
  readonly row: number | null
  readonly text: string
  readonly mode: 'overwrite' | 'edit'
  readonly column: ShownColumn
}

/** The editor over one cell: where it stands, what it begins with, what becomes of what was typed. */
export function useCellEditing({
  shown,
  selection,
  size,
  edits,
  textAt,
  rowIdAt,
  findingsAt,
  suggestFor,
  select,
  reveal,
  focusGrid,
}: CellEditing) {
  const editing = shallowRef<EditedCell | null>(null)
  const findings = shallowRef<readonly PlacedFinding[]>([])

  /** `typed`: the text that typing began with; null: the cell's own is edited. */
  function start(place: Place, typed: string | null): void {
    const column = shown.value[place.column]
    if (!column || size.value.rows === 0 || !edits.mayEdit()) return
    reveal(place)
    findings.value = []
    editing.value = {
      place,
      row: rowIdAt(place.row),
      text: typed ?? textAt(place, column),
      mode: typed === null ? 'edit' : 'overwrite',
      column,
    }
    void findingsAt(place).then((found) => {
      if (editing.value?.place === place) findings.value = found
    })
  }

  const suggest = computed(() => {
    const at = editing.value
    const of = at ? suggestFor(at.column) : null
    return at && of ? (typed: string) => of(typed, typed === at.text && at.mode === 'edit') : null
  })

  async function commit(text: string, move: EditorMove): Promise<void> {
    const at = editing.value
    if (!at) return
    end()
    const now = selection.value
    const saved = move === 'all' ? edits.setSelected(text) : edits.setCell(at.place.row, at.column, text, at.row)
    if (now) moveOn(now, move)
    await saved
  }

  function end(): void {
    editing.value = null
    // Only where the focus is still ours: a click elsewhere ended the edit and took it.
    void nextTick(() => {
      if (document.activeElement === document.body || document.activeElement === null) focusGrid()
    })
  }

  function moveOn(now: Selection, move: EditorMove): void {
    if (move === 'stay' || move === 'all') return
    const isBack = move === 'up' || move === 'left'
    const movement = isOneCell(now, size.value)
      ? null
      : onwards(now, isBack ? -1 : 1, move === 'left' || move === 'right' ? 'rows' : 'columns', size.value)
    const next = movement?.kind === 'select' ? movement.selection : selectCell(step(now.active, move, size.value))
    select(next)
    reveal(next.active)
  }

  return { editing, findings, suggest, start, commit, end }
}
