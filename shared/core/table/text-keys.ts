import type { Steps } from '../../kit/steps.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import { hasKeyHash, keyHashOf } from './cell-mark.ts'
import { hashedCells, type HashedCells } from './repeated-cells.ts'
import { StoredColumn } from './stored-column.ts'
import type { RowId, TableColumn } from './table.ts'

/** Which texts count as equal: with small letters for capitals, without white space at the edges. */
export interface KeyRule {
  readonly ignoreCase?: boolean
  readonly trim?: boolean
}

/** A column, and the rows of it that are looked at. */
export interface TextSide {
  readonly column: TableColumn
  readonly rows: Uint32Array
}

/** Loops come back after so many rows: a function that is called often is compiled sooner than one that loops long. */
export const rowsACall = 1024
/** A slice is so many rows. */
export const sliceSize = 32 * rowsACall

/** By place in `rows`; what is blank is marked. */
export function* hashTexts({ column, rows }: TextSide, rule: KeyRule, isBlank: Uint8Array): Steps<Int32Array> {
  const hashes = new Int32Array(rows.length)
  const hashOf = hasherOf(column, rule)
  const kept = hashedCells(column)
  const without = new Uint32Array(rowsACall)
  for (let from = 0; from < rows.length; from += rowsACall) {
    const to = Math.min(rows.length, from + rowsACall)
    const count = kept === null ? allBetween(from, to, without) : takeKept(rows, kept, from, to, hashes, without)
    for (let k = 0; k < count; k++) {
      const place = without[k]!
      const hash = hashOf(rows[place]!)
      if (hash === null) isBlank[place] = 1
      else hashes[place] = hash
    }
    if (from % sliceSize === 0) yield from / rows.length
  }
  return hashes
}

/** The hashes of some rows that the reader of the file left; the places of those without are listed, and counted. */
function takeKept(rows: Uint32Array, kept: HashedCells, from: number, to: number, hashes: Int32Array, without: Uint32Array): number {
  const { marks, hashes: keptHashes } = kept
  const mask = hasKeyHash
  let count = 0
  for (let i = from; i < to; i++) {
    const row = rows[i]!
    if ((marks[row]! & mask) === 0) without[count++] = i
    else hashes[i] = keptHashes[row]!
  }
  return count
}

function allBetween(from: number, to: number, places: Uint32Array): number {
  for (let i = from; i < to; i++) places[i - from] = i
  return to - from
}

/** Null: blank. */
export type HashOfCell = (row: RowId) => number | null

/** The hash of a cell's key: `keyHashOf` of its text as the rule has it. */
export const hasherOf = (column: TableColumn, rule: KeyRule): HashOfCell =>
  column.coded ? codeHasher(column, rule) : cellHasher(column, rule)

function codeHasher(column: TableColumn, rule: KeyRule): HashOfCell {
  const known: (number | null | undefined)[] = []
  const hashOf = cellHasher(column, rule)
  return (row) => {
    const code = column.codeOf(row)
    const hash = known[code]
    return hash === undefined ? (known[code] = hashOf(row)) : hash
  }
}

export const cellHasher =
  (column: TableColumn, rule: KeyRule): HashOfCell =>
  (row) => {
    if (column.isEmpty(row)) return null
    if (column instanceof StoredColumn) {
      const bytes = column.storedBytesOf(row)
      const start = column.storedStartOf(row)
      const end = start + column.byteLengthOf(row)
      let all = 0
      let hasSpace = false
      for (let i = start; i < end; i++) {
        all |= bytes[i]!
        if (bytes[i]! <= 0x20) hasSpace = true
      }
      if (all <= 0x7f && !hasSpace) return keyHashOf(bytes, start, end)
    }
    const key = keyOf(column.textOf(row), rule)
    if (key === null) return null
    const bytes = encodeUtf8(key)
    return keyHashOf(bytes, 0, bytes.length)
  }

/** Null: blank. */
export function keyOf(text: string, { ignoreCase = false, trim = false }: KeyRule): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const key = trim ? trimmed : text
  return ignoreCase ? key.toLowerCase() : key
}

export const isSameKey = (left: TableColumn, leftRow: RowId, right: TableColumn, rightRow: RowId, rule: KeyRule): boolean =>
  keyOf(left.textOf(leftRow), rule) === keyOf(right.textOf(rightRow), rule)
