import type { RecognisedColumn } from '../../shared/core/catalogue/column.ts'
import type { Edit } from '../../shared/core/edits/edit.ts'
import type { CheckedFindings } from '../../shared/core/rules/check-table.ts'
import type { EditableTable } from '../../shared/core/table/editable-table.ts'

export interface PlannedFixes {
  /** As one step. Null: none of the findings has a repair that can be carried out. */
  readonly edit: Edit | null
  /** How many findings of each rule it repairs. */
  readonly byRule: Readonly<Record<string, number>>
}

/**
 * The repairs of some findings as one edit. A cell is repaired once: where two findings want to change the same cell, the first
 * one does, and the other is looked at again afterwards.
 */
export function editOfFixes(
  table: EditableTable,
  columns: readonly RecognisedColumn[],
  findings: CheckedFindings,
  indexes: Iterable<number>,
): PlannedFixes {
  const cells: { row: number; column: number; text: string }[] = []
  const ragged: number[] = []
  const surplus: number[] = []
  const ofColumns: Edit[] = []
  const taken = new Set<string>()
  const byRule: Record<string, number> = {}
  for (const index of indexes) {
    const fix = findings.fixOf(index)
    if (fix === null) continue
    const { rule, row, column } = findings.placeOf(index)
    const key = `${row}:${column}`
    if (taken.has(key)) continue
    if (fix.action === 'pad-row' && row >= 0) ragged.push(row)
    else if (fix.action === 'drop-row' && row >= 0) surplus.push(row)
    else if (fix.action === 'rename-column' && column >= 0) {
      const expected = fix.value ?? columns.find((candidate) => candidate.index === column)?.expected ?? null
      if (expected === null || columns.some(({ header }) => header === expected)) continue
      ofColumns.push({ kind: 'rename-column', column, header: expected })
    } else if (fix.action === 'drop-column' && column >= 0) ofColumns.push({ kind: 'drop-column', column })
    else if (fix.action === undefined && fix.value !== undefined && row >= 0 && column >= 0) {
      if (table.columns[column]?.textOf(row) === fix.value) continue
      cells.push({ row, column, text: fix.value })
    } else continue
    taken.add(key)
    byRule[rule] = (byRule[rule] ?? 0) + 1
  }
  const edits: Edit[] = [
    ...(cells.length === 0 ? [] : [{ kind: 'set-cells', cells } as const]),
    ...(ragged.length === 0 ? [] : [{ kind: 'pad-rows', rows: ragged } as const]),
    ...ofColumns,
    ...(surplus.length === 0 ? [] : [{ kind: 'delete-rows', rows: surplus } as const]),
  ]
  return { edit: edits.length === 0 ? null : { kind: 'compose', edits }, byRule }
}

/** Findings whose repair never changes what the author meant. */
export function safeFixIndexes(findings: CheckedFindings, isWanted: (index: number) => boolean = () => true): readonly number[] {
  return Array.from({ length: findings.count }, (_, index) => index).filter(
    (index) => isWanted(index) && findings.fixOf(index)?.kind === 'safe',
  )
}
