import type { RowId, TableColumn } from '../table/table.ts'
import { cellReader, CellState } from './cell-reader.ts'
import type { CheckContext } from './context.ts'

/**
 * Row → what will stand in a column, trimmed: a blank cell of an existing user keeps what the baseline holds, and so does one that the
 * file has no column for (`own` is null). Empty where neither says anything.
 */
export function textToBe(
  { baselineRowOf }: Pick<CheckContext, 'baselineRowOf'>,
  own: TableColumn | null,
  before: TableColumn | null,
): (row: RowId) => string {
  const now = own === null ? null : cellReader(own)
  const was = before === null ? null : cellReader(before)
  return (row) => {
    const state = now === null ? CellState.blank : now.stateOf(row)
    if (state === CellState.text) return now!.textOf(row)
    const baselineRow = baselineRowOf[row]!
    return state === CellState.clear || baselineRow < 0 || was === null ? '' : was.textOf(baselineRow)
  }
}
