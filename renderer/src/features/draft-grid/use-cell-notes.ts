import { shallowRef, watch, type Ref } from 'vue'
import type { PlacedFinding } from '../../../../shared/contract/draft-methods.ts'
import type { Place } from '../../grid/place.ts'
import type { RowCache } from '../../grid/row-cache.ts'
import { useApi } from '../../state/api.ts'
import type { DraftStore } from '../../state/draft-store.ts'
import { useText } from '../../text/use-text.ts'
import { beforeAt, packageColumnsOf, severityAt, shownText, type DraftRow } from './draft-row.ts'
import type { ShownColumn } from './shown-column.ts'

export interface CellNoteContent {
  readonly place: Place
  readonly findings: readonly PlacedFinding[]
  readonly before: string | null
  readonly after: string
}

/** How long the pointer or the focus rests on a marked cell before its note shows, in ms. */
const delay = 250

/** What is to be said of the cell under the pointer or, without one, of the active cell. Findings are asked for by row, when needed. */
export function useCellNotes(
  store: DraftStore,
  cache: RowCache<DraftRow>,
  all: Readonly<Ref<readonly ShownColumn[]>>,
  shown: Readonly<Ref<readonly ShownColumn[]>>,
) {
  const api = useApi()
  const { language } = useText()
  const note = shallowRef<CellNoteContent | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let known: { readonly key: string; readonly findings: readonly PlacedFinding[] } | null = null

  async function findingsOfRow(id: number): Promise<readonly PlacedFinding[]> {
    const key = `${String(id)}/${String(store.state?.revision ?? 0)}/${language.value}`
    if (known?.key === key) return known.findings
    const result = await api['drafts.row']({ draftId: store.draftId, row: id, language: language.value })
    if (!result.ok) return []
    known = { key, findings: result.value.findings }
    return known.findings
  }

  async function findingsAt(place: Place): Promise<readonly PlacedFinding[]> {
    const row = cache.peek(place.row)
    const column = shown.value[place.column]
    if (!row || !column || !severityAt(row, column, packageColumnsOf(all.value))) return []
    const wanted = new Set(column.draft ? [column.draft.index] : packageColumnsOf(all.value))
    return (await findingsOfRow(row.row.id)).filter(({ columnIndex }) => columnIndex !== null && wanted.has(columnIndex))
  }

  function point(place: Place | null): void {
    clearTimeout(timer)
    note.value = null
    if (!place) return
    timer = setTimeout(() => void show(place), delay)
  }

  async function show(place: Place): Promise<void> {
    const row = cache.peek(place.row)
    const column = shown.value[place.column]
    if (!row || !column) return
    const mine = timer
    const findings = await findingsAt(place)
    const before = beforeAt(row, column, all.value)
    if (mine === timer && (findings.length > 0 || before !== null)) note.value = { place, findings, before, after: shownText(row, column) }
  }

  watch(
    () => store.state?.revision,
    () => {
      note.value = null
    },
  )
  return { note, point, findingsAt }
}
