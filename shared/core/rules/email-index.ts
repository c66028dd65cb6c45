import { emailKey } from '../diff/cell-meaning.ts'
import type { RowId, TableColumn } from '../table/table.ts'

/** Row id → the first row with the same email, where that is an earlier one; else -1. Case and surrounding space ignored, blanks too. */
export function firstRowWithSameEmail(column: TableColumn, rows: Uint32Array, rowLimit: number): Int32Array {
  const found = new Int32Array(rowLimit).fill(-1)
  const first = new Map<string, RowId>()
  for (const row of rows) {
    const key = emailKey(column.textOf(row))
    if (key === '') continue
    const earlier = first.get(key)
    if (earlier === undefined) first.set(key, row)
    else found[row] = earlier
  }
  return found
}

/** Row id of the draft → the first row of the baseline with the same email, else -1. */
export function joinByEmail(
  left: TableColumn,
  leftRows: Uint32Array,
  rowLimit: number,
  right: TableColumn,
  rightRows: Uint32Array,
): Int32Array {
  const found = new Int32Array(rowLimit).fill(-1)
  const rightRowOf = new Map<string, RowId>()
  for (const row of rightRows) {
    const key = emailKey(right.textOf(row))
    if (key !== '' && !rightRowOf.has(key)) rightRowOf.set(key, row)
  }
  for (const row of leftRows) found[row] = rightRowOf.get(emailKey(left.textOf(row))) ?? -1
  return found
}
