import { finish } from '../../kit/steps.ts'
import { matchingRows, type KeyRule, type MatchedTexts } from './match-texts.ts'
import type { TableColumn } from './table.ts'

const noRows = new Uint32Array(0)

/**
 * By row id: the first row, in the order of `rows`, with an equal text, or -1 for the first of its kind, for blank ones (nothing but white
 * space), and for ids not among `rows`. The array is as long as the highest id of `rows` plus one.
 */
export const firstRowWithSameText = (column: TableColumn, rows: Uint32Array, rule: KeyRule = {}): Int32Array =>
  matchRows(column, rows, column, noRows, rule).leftSameAs

/** A join that also says which rows of either side repeat an earlier one. Blank cells match nothing. */
export const matchRows = (
  left: TableColumn,
  leftRows: Uint32Array,
  right: TableColumn,
  rightRows: Uint32Array,
  rule: KeyRule = {},
): MatchedTexts => finish(matchingRows({ column: left, rows: leftRows }, { column: right, rows: rightRows }, rule))
