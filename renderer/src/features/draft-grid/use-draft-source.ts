import { computed, watch, type Ref } from 'vue'
import { readBoolean } from '../../../../shared/core/catalogue/read-boolean.ts'
import type { GridColumn, GridSource } from '../../grid/grid-source.ts'
import type { Place } from '../../grid/place.ts'
import { createRowCache, type RowCache } from '../../grid/row-cache.ts'
import type { DraftStore } from '../../state/draft-store.ts'
import { cellView, draftRow, headView, packageColumnsOf, placesOf, sameRow, shownText, type DraftRow, type RowWords } from './draft-row.ts'
import type { ShownColumn } from './shown-column.ts'

/** Rows of a draft as the grid asks for them: windows of the backend, kept by page; outdated with each revision. */
export function useDraftSource(
  store: DraftStore,
  all: Readonly<Ref<readonly ShownColumn[]>>,
  shown: Readonly<Ref<readonly ShownColumn[]>>,
  words: () => RowWords,
  paint: () => void,
) {
  /** Table columns to ask for: those that are shown, and the package columns that the package field speaks of. */
  const asked = computed(() => {
    const wanted = new Set([...shown.value.flatMap(({ draft }) => (draft ? [draft.index] : [])), ...packageColumnsOf(all.value)])
    return [...wanted].sort((a, b) => a - b)
  })
  const askedKey = computed(() => asked.value.join())
  const width = computed(() => store.state?.columns.length ?? 0)
  const places = computed(() => placesOf(asked.value, width.value))
  const byId = computed(() => new Map(all.value.map((column) => [column.id, column])))

  const cache: RowCache<DraftRow> = createRowCache({
    pageSize: 200,
    pages: 24,
    atOnce: 3,
    rest: 150,
    load: async (from, count) => {
      const wanted = asked.value
      const where = places.value
      const result = await store.window(from, count, wanted)
      if (!result.ok) return null
      return result.value.rows.map((row, place) => {
        const present = cache.peek(from + place)
        // A row that says what it said stays the same object, so that it is not drawn again.
        return present?.places === where && sameRow(present.row, row) ? present : draftRow(row, wanted, where)
      })
    },
    changed: paint,
  })

  const order = (): string => [store.state?.view.number, askedKey.value].join()
  /** Findings and comparisons change rows too, without an edit: a customer was chosen, a baseline was set, a warning was passed over. */
  const content = (): string => {
    const { state } = store
    if (!state) return ''
    const { revision, customer, baseline, confirmedRemovals, findings } = state
    return [revision, customer, baseline?.takenAt, baseline?.name, confirmedRemovals, ...Object.values(findings)].join()
  }
  // In one watch: an edit that adds rows changes both, and rows that are forgotten are asked for anew as it is.
  watch(
    [order, content],
    ([now], [before]) => {
      if (now === before) cache.outdate()
      else cache.clear()
    },
    { flush: 'sync' },
  )

  const columnOf = (column: GridColumn): ShownColumn | undefined => byId.value.get(column.id)

  async function filled(along: 'row' | 'column', from: Place, direction: 1 | -1, count: number): Promise<readonly boolean[]> {
    const start = direction === 1 ? 0 : -(count - 1)
    const columns =
      along === 'row'
        ? shown.value.slice(from.column + start, from.column + start + count)
        : shown.value.slice(from.column, from.column + 1)
    const first = along === 'row' ? from.row : from.row + start
    const texts = await textsOf(first, along === 'row' ? 1 : count, columns)
    const line = along === 'row' ? (texts?.[0] ?? []) : (texts ?? []).map((row) => row[0] ?? '')
    const answers = line.map((text) => text.trim() !== '')
    return direction === 1 ? answers : answers.reverse()
  }

  /** The texts of a block of the view, as shown: from the pages where all is here, else from the backend. Null: it failed. */
  async function textsOf(first: number, count: number, columns: readonly ShownColumn[]): Promise<readonly (readonly string[])[] | null> {
    return textsAtHand(first, count, columns) ?? textsFromBackend(first, count, columns)
  }

  function textsAtHand(first: number, count: number, columns: readonly ShownColumn[]): readonly (readonly string[])[] | null {
    if (count > 2000) return null
    const rows: (readonly string[])[] = []
    for (let row = first; row < first + count; row++) {
      const here = cache.peek(row)
      if (!here) return null
      rows.push(columns.map((column) => shownText(here, column)))
    }
    return rows
  }

  async function textsFromBackend(
    first: number,
    count: number,
    columns: readonly ShownColumn[],
  ): Promise<readonly (readonly string[])[] | null> {
    const packages = all.value.filter(({ draft }) => draft?.package)
    const needed = columns.flatMap(({ draft }) => (draft ? [draft.index] : packages.map((column) => column.draft?.index ?? 0)))
    const indices = [...new Set(needed)]
    const result = await store.block(first, count, indices)
    if (!result.ok) return null
    const where = placesOf(indices, store.state?.columns.length ?? 0)
    return result.value.map((cells) => columns.map((column) => blockText(cells, column, where, packages)))
  }

  const source = computed<GridSource<DraftRow>>(() => {
    // A new object where columns or words change, so that every row is drawn again.
    const columns = all.value
    const packages = packageColumnsOf(columns)
    const spoken = words()
    return {
      row: (index) => cache.peek(index),
      show: (first, end) => cache.show(first, end),
      cell: (row, column) => {
        const known = columnOf(column)
        return known ? cellView(row, known, packages) : { text: '', look: '' }
      },
      head: (row) => headView(row, spoken),
      filled,
    }
  })

  return { source, cache, textsOf, textsAtHand }
}

function blockText(cells: readonly string[], column: ShownColumn, where: Int32Array, packages: readonly ShownColumn[]): string {
  if (column.draft) return cells[where[column.draft.index] ?? -1] ?? ''
  const held = packages.filter(({ draft }) => draft && isTrue(cells[where[draft.index] ?? -1] ?? ''))
  return held.length === 1 ? (held[0]?.draft?.package ?? '') : ''
}

const isTrue = (text: string): boolean => readBoolean(text)?.value === true
