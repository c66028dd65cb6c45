import type { Steps } from '../../kit/steps.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import { hasKeyHash, keyHashOf } from './cell-mark.ts'
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

/** A slice is about so many rows. */
export const sliceSize = 40_000

/** By place in `rows`; what is blank is marked. */
export function* hashTexts({ column, rows }: TextSide, rule: KeyRule, isBlank: Uint8Array): Steps<Int32Array> {
  const hashes = new Int32Array(rows.length)
  const hashOf = hasherOf(column, rule)
  const plain = column instanceof StoredColumn && column.cells.kind === 'plain' ? column.cells : null
  const marks = plain?.marks ?? null
  const kept = plain?.hashes ?? null
  for (let from = 0; from < rows.length; from += sliceSize) {
    const to = Math.min(rows.length, from + sliceSize)
    for (let i = from; i < to; i++) {
      const row = rows[i]!
      if (marks !== null && kept !== null && (marks[row]! & hasKeyHash) !== 0) {
        hashes[i] = kept[row]!
        continue
      }
      const hash = hashOf(row)
      if (hash === null) isBlank[i] = 1
      else hashes[i] = hash
    }
    yield from / rows.length
  }
  return hashes
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
