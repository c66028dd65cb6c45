import { computed, ref, shallowRef, watch } from 'vue'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DiffOverview, DiffSource } from '../../../shared/contract/diff-methods.ts'
import { packageColumn } from '../../../shared/core/diff/patterns.ts'
import { isSeenRow, type DiffColumn, type DiffRow } from '../../../shared/core/review/diff-grid.ts'
import type { GridColumn, GridSource, RowHeadView } from '../grid/grid-source.ts'
import type { Place } from '../grid/place.ts'
import { createRowCache } from '../grid/row-cache.ts'
import { useApi } from '../state/api.ts'
import { changedCell, unchangedCell, userCell, type DiffWords } from './diff-cell.ts'

/** The column of the user's email, before all others. */
export const userColumn = ':user'

export interface DiffGridWords extends DiffWords {
  readonly user: string
  readonly packageName: string
  readonly seen: string
  /** `row 17` */
  rowNumber(row: number): string
  intent(intent: NonNullable<DiffRow['intent']>): string
}

/** Rows and columns of a change grid, and the way from change to change. `paint` draws again what is on the screen. */
export function useDiff(source: () => DiffSource, seen: () => ReadonlySet<string>, words: () => DiffGridWords, paint: () => void) {
  const api = useApi()
  const overview = shallowRef<DiffOverview | null>(null)
  const failure = shallowRef<AppError | null>(null)
  const withUsers = ref(false)
  const withColumns = ref(false)
  const widths = ref<ReadonlyMap<string, number>>(new Map())

  const cache = createRowCache<DiffRow>({
    pageSize: 200,
    pages: 24,
    atOnce: 2,
    load: async (from, count) => {
      const result = await api['diff.rows']({ source: source(), all: withUsers.value, rest: withColumns.value, from, count })
      failure.value = result.ok ? null : result.error
      return result.ok ? result.value.rows : null
    },
    changed: paint,
  })

  async function open(): Promise<void> {
    const result = await api['diff.open']({ source: source(), context: withUsers.value || withColumns.value })
    failure.value = result.ok ? null : result.error
    if (result.ok) overview.value = result.value
    cache.clear()
  }
  let opening: Promise<void> = Promise.resolve()
  const reload = (): Promise<void> => (opening = open())
  watch(() => JSON.stringify(source()), reload, { immediate: true })
  // Rows of the other order, or without their unchanged texts, must not be drawn meanwhile.
  watch([withUsers, withColumns], () => cache.clear(), { flush: 'sync' })
  watch(seen, paint)

  /** What stays is not known: a review file holds the changes alone. */
  const isContextMissing = computed(() => overview.value?.all === null && (withUsers.value || withColumns.value))
  const rowCount = computed(() => {
    const known = overview.value
    return known === null ? 0 : withUsers.value ? (known.all ?? known.changes) : known.changes
  })
  const shown = computed(() => (overview.value?.columns ?? []).filter(({ changes }) => withColumns.value || changes > 0))
  const columns = computed((): readonly GridColumn[] => {
    const base = { sort: null, sortRank: 0, isFiltered: false } as const
    return [
      { id: userColumn, title: words().user, width: widths.value.get(userColumn) ?? 240, isPinned: true, ...base },
      ...shown.value.map((column) => ({ id: column.key, title: titleOf(column), width: widthOf(column), isPinned: false, ...base })),
    ]
  })
  const titleOf = ({ key, changes }: DiffColumn): string =>
    `${key === packageColumn ? words().packageName : key}${changes > 0 ? ` · ${String(changes)}` : ''}`
  const widthOf = ({ key, changes }: DiffColumn): number =>
    widths.value.get(key) ?? (changes === 0 ? 130 : key === packageColumn ? 260 : 230)
  function resize(column: string, width: number): void {
    widths.value = new Map(widths.value).set(column, Math.round(width))
  }

  const gridSource = computed((): GridSource<DiffRow> => {
    const spoken = words()
    const marks = seen()
    return {
      row: (index) => cache.peek(index),
      show: (first, end) => cache.show(first, end),
      cell(row, { id }) {
        if (id === userColumn) return userCell(row, spoken)
        const cell = row.cells.find(({ column }) => column === id)
        return cell === undefined ? unchangedCell(row.rest[id] ?? '', spoken) : changedCell(cell, row, spoken)
      },
      head: (row) => headOf(row, isSeenRow(row, marks), spoken),
      filled: async (along, from, direction, count) =>
        Array.from({ length: count }, (_, step) => {
          const row = cache.peek(along === 'row' ? from.row : from.row + step * direction)
          const column = columns.value[along === 'row' ? from.column + step * direction : from.column]?.id ?? ''
          return (
            row !== undefined &&
            (column === userColumn || row.cells.some((cell) => cell.column === column) || (row.rest[column] ?? '') !== '')
          )
        }),
    }
  })

  /** The places in a row where something changes; of a row without changed cells that is removed, added or renamed: the user. */
  function changedColumns(row: DiffRow): readonly number[] {
    const found = columns.value.flatMap(({ id }, place) => {
      const isChanged = id === userColumn ? row.formerEmail !== null : row.cells.some(({ column }) => column === id)
      return isChanged ? [place] : []
    })
    return found.length === 0 && row.change !== null ? [0] : found
  }

  async function rowAt(place: number): Promise<DiffRow | null> {
    const here = cache.peek(place)
    if (here !== undefined) return here
    const result = await api['diff.rows']({ source: source(), all: withUsers.value, rest: withColumns.value, from: place, count: 1 })
    return result.ok ? (result.value.rows[0] ?? null) : null
  }

  /** The next or previous changed cell, seen from one place; null: there is none. */
  async function nextChange(from: Place | null, direction: 1 | -1): Promise<Place | null> {
    const row = from === null ? null : await rowAt(from.row)
    const inRow = row === null || from === null ? [] : changedColumns(row)
    const column =
      direction === 1 ? inRow.find((place) => place > (from?.column ?? -1)) : inRow.findLast((place) => place < (from?.column ?? 0))
    if (column !== undefined && from !== null) return { row: from.row, column }
    return rowFrom(from?.row ?? -1, direction, null)
  }

  /** The next changed row that `by` has not seen, round to the beginning. */
  async function nextUnseen(from: Place | null, by: string): Promise<Place | null> {
    const local = [...seen()]
    const found = await rowFrom(from?.row ?? -1, 1, { by, seen: by === '' ? local : [] })
    return found ?? (from === null ? null : rowFrom(-1, 1, { by, seen: by === '' ? local : [] }))
  }

  async function rowFrom(
    from: number,
    direction: 1 | -1,
    unseen: { readonly by: string; readonly seen: string[] } | null,
  ): Promise<Place | null> {
    const next = unseen === null && !withUsers.value ? beside(from, direction) : null
    const found = next !== null ? { place: next, row: await rowAt(next) } : await seek(from, direction, unseen)
    if (found === null || found.place === null || found.row === null) return null
    const columnsOfRow = changedColumns(found.row)
    return { row: found.place, column: (direction === 1 ? columnsOfRow[0] : columnsOfRow.at(-1)) ?? 0 }
  }

  /** Among changes alone the neighbour is the next one. */
  function beside(from: number, direction: 1 | -1): number | null {
    const place = from < 0 && direction === -1 ? rowCount.value - 1 : from + direction
    return place >= 0 && place < rowCount.value ? place : null
  }

  async function seek(
    from: number,
    direction: 1 | -1,
    unseen: { readonly by: string; readonly seen: string[] } | null,
  ): Promise<{ readonly place: number | null; readonly row: DiffRow | null } | null> {
    const result = await api['diff.seek']({
      source: source(),
      all: withUsers.value,
      from,
      direction: direction === 1 ? 'next' : 'previous',
      ...(unseen === null ? {} : { unseen }),
    })
    return result.ok ? result.value : null
  }

  /** Where a change stands when unchanged users are shown or hidden. */
  async function placeOfChange(change: number): Promise<number | null> {
    const result = await api['diff.seek']({ source: source(), all: withUsers.value, from: -1, direction: 'next', change })
    return result.ok ? result.value.place : null
  }

  return {
    overview,
    failure,
    withUsers,
    withColumns,
    isContextMissing,
    rowCount,
    columns,
    gridSource,
    resize,
    rowAt,
    peek: (place: number) => cache.peek(place),
    nextChange,
    nextUnseen,
    placeOfChange,
    reload,
    /** When the first answer is there: keys may come before it. */
    ready: () => opening,
  }
}

const signs = {
  add: 'M7 3.5v7M3.5 7h7',
  remove: 'M3.5 7h7',
  update: 'M4 10.2 9.6 4.6M8.2 3.6l2.2 2.2',
  packageChange: 'M3.5 5.2h7M8.5 3.2l2 2-2 2M10.5 9h-7M5.5 7l-2 2 2 2',
  rename: 'M3.5 7h7M8 4.5 10.5 7 8 9.5',
} as const

function headOf({ row, intent }: DiffRow, isSeen: boolean, words: DiffGridWords): RowHeadView {
  const parts = [row === null ? '' : words.rowNumber(row), intent === null ? '' : words.intent(intent), isSeen ? words.seen : '']
  return {
    text: row === null ? '' : String(row),
    look: `${intent === null ? 'is-unchanged' : `is-${intent}`}${isSeen ? ' is-seen' : ''}`,
    mark:
      intent === null
        ? null
        : {
            look: `dx-mark is-${intent}`,
            outline: 'M2 .5h10A1.5 1.5 0 0 1 13.5 2v10A1.5 1.5 0 0 1 12 13.5H2A1.5 1.5 0 0 1 .5 12V2A1.5 1.5 0 0 1 2 .5Z',
            sign: signs[intent],
          },
    label: parts.filter((part) => part !== '').join(', '),
  }
}
