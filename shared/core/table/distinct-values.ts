import { finish, within, type Steps } from '../../kit/steps.ts'
import { hasKeyHash, keyHashOf } from './cell-mark.ts'
import { FirstHolders } from './first-holders.ts'
import { lengthFor } from './match-texts.ts'
import { StoredColumn } from './stored-column.ts'
import type { RowId, Table, TableColumn } from './table.ts'
import { findingRows } from './views.ts'

export interface DistinctValue {
  readonly text: string
  readonly count: number
}

export interface DistinctOptions {
  /** Only texts that hold this one, case ignored. */
  readonly search?: string | undefined
  /** So many at most; the default is all. */
  readonly limit?: number
}

export interface DistinctValues {
  readonly values: readonly DistinctValue[]
  /** How many there are, those beyond the limit counted. */
  readonly total: number
}

/** The distinct texts of a column and how many rows have each, the most frequent first, then as first met. */
export const distinctValues = (table: Table, column: number, rows: Uint32Array): readonly DistinctValue[] =>
  finish(countingValues(table, column, rows)).values

const sliceSize = 20_000

/** The same in slices, with what is asked for alone made texts. */
export function* countingValues(
  table: Table,
  column: number,
  rows: Uint32Array,
  { search = '', limit = Infinity }: DistinctOptions = {},
): Steps<DistinctValues> {
  const cells = table.columns[column]!
  const counted = yield* within(countTexts(cells, rows), 0, 0.6)
  const places = yield* within(placesOfTexts(table, column, counted.firstRows, search), 0.6, 0.8)
  const ordered = yield* within(byFrequency(places, counted.counts), 0.8, 0.9)
  const values: DistinctValue[] = []
  for (let i = 0; i < ordered.length && i < limit; i++) {
    const place = ordered[i]!
    values.push({ text: cells.textOf(counted.firstRows[place]!), count: counted.counts[place]! })
    if (i % sliceSize === sliceSize - 1) yield 0.9
  }
  return { values, total: ordered.length }
}

interface CountedTexts {
  /** The first row of each distinct text, in the order in which they are met, and how many rows have it. */
  readonly firstRows: Uint32Array
  readonly counts: Uint32Array
}

function* countTexts(cells: TableColumn, rows: Uint32Array): Steps<CountedTexts> {
  const earlierOf = firstFinder(cells, rows)
  const firstRows = new Uint32Array(rows.length)
  const counts = new Uint32Array(rows.length)
  /** By first row: its place. */
  const placeOf = new Uint32Array(lengthFor(rows))
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const earlier = earlierOf(row)
    if (earlier < 0) {
      placeOf[row] = count
      firstRows[count++] = row
    }
    counts[placeOf[earlier < 0 ? row : earlier]!]!++
    if (i % sliceSize === sliceSize - 1) yield i / rows.length
  }
  return { firstRows: firstRows.subarray(0, count), counts: counts.subarray(0, count) }
}

/** Row → the row asked for earlier that has the same text, -1 where this is the first. */
function firstFinder(cells: TableColumn, rows: Uint32Array): (row: RowId) => RowId {
  if (cells.coded) {
    const firstOf = new Int32Array(cells.codeCount).fill(-1)
    return (row) => {
      const code = cells.codeOf(row)
      const first = firstOf[code]!
      if (first < 0) firstOf[code] = row
      return first
    }
  }
  if (!(cells instanceof StoredColumn) || cells.cells.kind === 'coded') {
    const firstOf = new Map<string, RowId>()
    return (row) => {
      const text = cells.textOf(row)
      const first = firstOf.get(text)
      if (first === undefined) firstOf.set(text, row)
      return first ?? -1
    }
  }
  const holders = new FirstHolders(cells, rows.length)
  const { marks, hashes } = cells.cells
  return (row) => {
    if (marks !== null && hashes !== null && (marks[row]! & hasKeyHash) !== 0) return holders.putCell(row, hashes[row]! | 0)
    const start = cells.storedStartOf(row)
    return holders.putCell(row, keyHashOf(cells.storedBytesOf(row), start, start + cells.byteLengthOf(row)))
  }
}

/** Places among the first rows whose text holds what is looked for. */
function* placesOfTexts(table: Table, column: number, firstRows: Uint32Array, search: string): Steps<Uint32Array> {
  const places = new Uint32Array(firstRows.length)
  if (search === '') return places.map((_, place) => place)
  const found = yield* findingRows(table, firstRows, [column], search)
  let count = 0
  for (let place = 0; place < firstRows.length && count < found.length; place++) {
    if (firstRows[place] === found[count]) places[count++] = place
  }
  return places.subarray(0, count)
}

/** Stable: a counting sort by how often they occur. */
function* byFrequency(places: Uint32Array, counts: Uint32Array): Steps<Uint32Array> {
  const most = counts.reduce((highest, count) => Math.max(highest, count), 0)
  const starts = new Uint32Array(most + 2)
  for (const place of places) starts[most - counts[place]! + 1]!++
  yield 0.3
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!
  const ordered = new Uint32Array(places.length)
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!
    ordered[starts[most - counts[place]!]!++] = place
    if (i % sliceSize === sliceSize - 1) yield 0.5
  }
  return ordered
}
