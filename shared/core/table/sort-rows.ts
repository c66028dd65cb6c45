import { grown } from '../../kit/bytes.ts'
import { finish, within, type Steps } from '../../kit/steps.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import type { StoredTexts } from './letter-order.ts'
import { StoredColumn } from './stored-column.ts'
import type { Table, TableColumn } from './table.ts'
import { rankTexts } from './text-order.ts'
import { TextStore } from './text-store.ts'

/** A view is an order of row ids; the draft's own order never changes by it. */
export interface SortKey {
  readonly column: number
  readonly direction: 'up' | 'down'
}

/** Numbers are put in their places so many at a time: a few milliseconds. */
const sliceSize = 100_000

/** Rows in the order of the keys, the first one counting most; equal ones keep their order. Empty cells stand last either way. */
export const sortRows = (table: Table, rows: Uint32Array, keys: readonly SortKey[], locale: string): Uint32Array =>
  finish(sortingRows(table, rows, keys, locale))

/** The same in slices. The cells count as they are when their column is read; an edit meanwhile does no harm. */
export function* sortingRows(table: Table, rows: Uint32Array, keys: readonly SortKey[], locale: string): Steps<Uint32Array> {
  let order: Uint32Array = rows.slice()
  for (let done = 0; done < keys.length; done++) {
    // The last key first: what it orders stays so among those that are equal by the ones before it.
    const { column, direction } = keys[keys.length - 1 - done]!
    const sorted = sortedByColumn(table.columns[column]!, order, table.rowLimit, direction, locale)
    order = yield* within(sorted, done / keys.length, (done + 1) / keys.length)
  }
  return order
}

function* sortedByColumn(
  column: TableColumn,
  rows: Uint32Array,
  rowLimit: number,
  direction: SortKey['direction'],
  locale: string,
): Steps<Uint32Array> {
  const { texts, textOfRow } = yield* column.coded ? codedTexts(column, rows, rowLimit) : plainTexts(column, rows, rowLimit)
  const { ranks, most } = yield* within(rankTexts(texts, locale), 0.05, 0.9)
  // Number 0 is empty: behind everything, whichever way the texts go.
  const placeOfText = new Uint32Array(ranks.length + 1).fill(most + 1, 0, 1)
  for (let text = 0; text < ranks.length; text++) placeOfText[text + 1] = direction === 'up' ? ranks[text]! : most + 1 - ranks[text]!
  yield 0.91
  return yield* within(sortedByPlace(rows, textOfRow, placeOfText, most + 1), 0.91, 1)
}

interface TextsOfRows {
  readonly texts: StoredTexts
  /** By row id: the number of its text, from 1; 0: empty. */
  readonly textOfRow: Uint32Array
}

/** Each distinct text once. */
function* codedTexts(column: TableColumn, rows: Uint32Array, rowLimit: number): Steps<TextsOfRows> {
  const textOfRow = new Uint32Array(rowLimit)
  // An edit meanwhile may bring new codes.
  let textOfCode = new Uint32Array(column.codeCount)
  const texts = new TextList(column, column.codeCount)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (i % sliceSize === sliceSize - 1) yield 0
    if (column.isEmpty(row)) continue
    const code = column.codeOf(row)
    if (code >= textOfCode.length) textOfCode = grown(textOfCode, column.codeCount)
    if (textOfCode[code] === 0) textOfCode[code] = texts.add(row)
    textOfRow[row] = textOfCode[code]!
  }
  return { texts: texts.stored(), textOfRow }
}

/** Texts that stand in several cells are told to be equal when they are put in order. */
function* plainTexts(column: TableColumn, rows: Uint32Array, rowLimit: number): Steps<TextsOfRows> {
  const textOfRow = new Uint32Array(rowLimit)
  const texts = new TextList(column, rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (i % sliceSize === sliceSize - 1) yield 0
    if (!column.isEmpty(row)) textOfRow[row] = texts.add(row)
  }
  return { texts: texts.stored(), textOfRow }
}

/** Texts of a column by number, where they lie. A column that is none of a table's own is copied. */
class TextList {
  private readonly column: TableColumn
  private readonly store: TextStore
  private starts: Uint32Array
  private lengths: Uint32Array
  private count = 0

  /** `room`: how many texts are expected. */
  constructor(column: TableColumn, room: number) {
    this.column = column
    this.store = column instanceof StoredColumn ? column.store : new TextStore(new Uint8Array(0))
    this.starts = new Uint32Array(room)
    this.lengths = new Uint32Array(room)
  }

  /** The number of the text, from 1. */
  add(row: number): number {
    const { column, store, count } = this
    if (count === this.starts.length) {
      this.starts = grown(this.starts, count * 2 + 16)
      this.lengths = grown(this.lengths, count * 2 + 16)
    }
    if (column instanceof StoredColumn) {
      this.starts[count] = column.addressOf(row)
      this.lengths[count] = column.byteLengthOf(row)
    } else {
      const bytes = encodeUtf8(column.textOf(row))
      this.starts[count] = store.addBytes(bytes, 0, bytes.length)
      this.lengths[count] = bytes.length
    }
    return ++this.count
  }

  stored(): StoredTexts {
    const { source, arena, base } = this.store
    return { source, arena, base, starts: this.starts.subarray(0, this.count), lengths: this.lengths.subarray(0, this.count) }
  }
}

/** Stable counting sort by `placeOfText[textOfRow[row]]`, 16 bits at a time. */
function* sortedByPlace(rows: Uint32Array, textOfRow: Uint32Array, placeOfText: Uint32Array, most: number): Steps<Uint32Array> {
  let from = rows
  const passes = most > 0xffff ? 2 : 1
  for (let pass = 0; pass < passes; pass++) {
    const shift = pass * 16
    const done = pass / passes
    const counts = new Uint32Array(0x10001)
    for (let i = 0; i < from.length; i++) {
      counts[((placeOfText[textOfRow[from[i]!]!]! >>> shift) & 0xffff) + 1]!++
      if (i % sliceSize === sliceSize - 1) yield done
    }
    for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!
    const to = new Uint32Array(rows.length)
    for (let i = 0; i < from.length; i++) {
      const row = from[i]!
      to[counts[(placeOfText[textOfRow[row]!]! >>> shift) & 0xffff]!++] = row
      if (i % sliceSize === sliceSize - 1) yield done + 0.5 / passes
    }
    from = to
  }
  return from
}
