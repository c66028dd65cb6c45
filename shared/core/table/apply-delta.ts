import type { DeltaStep, TableDelta } from '../edits/delta.ts'
import { withRows, withoutRows } from './editable-table.ts'
import type { EditableTable } from './editable-table.ts'
import { markCells } from './mark-cells.ts'

/** Carries a delta out on the table, in place. The only way in which a table changes. */
export function applyDelta(table: EditableTable, delta: TableDelta): void {
  for (const step of delta) applyStep(table, step)
}

function applyStep(table: EditableTable, step: DeltaStep): void {
  switch (step.kind) {
    case 'cells':
      table.columns[step.column]!.setTexts(step.rows, step.after)
      markCells(table.columns[step.column]!, step.rows)
      table.markTouched(step.rows)
      return
    case 'insert-rows':
      table.reserveRows(step.rows.reduce((most, row) => Math.max(most, row + 1), 0))
      table.rows = withRows(table.rows, step.rows, step.positions)
      for (const row of step.rows) {
        table.alive[row] = 1
        move(row, table.deletedRagged, table.ragged)
      }
      return
    case 'delete-rows':
      table.rows = withoutRows(table.rows, step.positions)
      for (const row of step.rows) {
        table.alive[row] = 0
        move(row, table.ragged, table.deletedRagged)
      }
      return
    case 'rename-column':
      table.columns[step.column]!.header = step.after
      return
    case 'insert-column':
      table.reserveColumn(step.column, step.header)
      table.live = table.live.toSpliced(step.position, 0, step.column)
      return
    case 'drop-column':
      table.live = table.live.toSpliced(step.position, 1)
      return
    case 'reshape-rows':
      step.rows.forEach((row, i) => {
        const shape = step.after[i]
        if (shape) table.ragged.set(row, shape)
        else table.ragged.delete(row)
      })
      table.markTouched(step.rows)
  }
}

function move<V>(key: number, from: Map<number, V>, to: Map<number, V>): void {
  const value = from.get(key)
  if (value === undefined) return
  from.delete(key)
  to.set(key, value)
}
