import { finish } from '../../kit/steps.ts'
import { hasKeyHash } from './cell-mark.ts'
import { lengthFor, matchingRows, type MatchedTexts } from './match-texts.ts'
import { hashedCells, RepeatedCells } from './repeated-cells.ts'
import type { RowId, TableColumn } from './table.ts'
import { cellHasher, keyOf, type KeyRule } from './text-keys.ts'

const noRows = new Uint32Array(0)

/** More rows than this that may repeat are joined by their hashes; fewer are told apart by their texts. */
const fewRows = 1 << 14

/**
 * By row id: the first row, in the order of `rows`, with an equal text, or -1 for the first of its kind, for blank ones (nothing but white
 * space), and for ids not among `rows`. The array has this `length`, more than the highest id of `rows`.
 */
export function firstRowWithSameText(column: TableColumn, rows: Uint32Array, rule: KeyRule = {}, length = lengthFor(rows)): Int32Array {
  const repeated = rowsThatMayRepeat(column, rows, rule)
  const first = new Int32Array(length).fill(-1)
  if (repeated.length > fewRows) first.set(matchRows(column, repeated, column, noRows, rule).leftSameAs)
  else {
    const firstOf = new Map<string, RowId>()
    for (const row of repeated) {
      const key = keyOf(column.textOf(row), rule)
      const known = key === null ? -1 : firstOf.get(key)
      if (known === undefined) firstOf.set(key!, row)
      else first[row] = known
    }
  }
  return first
}

function rowsThatMayRepeat(column: TableColumn, rows: Uint32Array, rule: KeyRule): Uint32Array {
  const cells = hashedCells(column)
  if (cells === null || rows.length <= fewRows) return rows
  const repeated = new RepeatedCells(rows, cells, hasKeyHash)
  const hashOf = cellHasher(column, rule)
  for (const row of repeated.odd) {
    const hash = hashOf(row)
    if (hash !== null) repeated.addOdd(hash)
  }
  return repeated.rowsThatMayRepeat()
}

/** A join that also says which rows of either side repeat an earlier one. Blank cells match nothing. */
export const matchRows = (
  left: TableColumn,
  leftRows: Uint32Array,
  right: TableColumn,
  rightRows: Uint32Array,
  rule: KeyRule = {},
): MatchedTexts => finish(matchingRows({ column: left, rows: leftRows }, { column: right, rows: rightRows }, rule))
