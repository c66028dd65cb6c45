import { recogniseColumns } from '../catalogue/recognise.ts'
import type { RowId } from '../table/table.ts'
import { checkTable, type CheckedFindings, type CheckInput } from './check-table.ts'
import type { FindingPlace, Fix } from './finding.ts'
import { overlayTable } from './overlay-table.ts'

/** Which repairs to make. With nothing but `safeOnly: true`: every safe one. */
export interface FixSelection {
  /** Only repairs of this rule. */
  readonly rule?: string
  /** Only the repair of this finding … */
  readonly place?: Pick<FindingPlace, 'rule' | 'row' | 'column'>
  /** … and of all others of the same rule in the same column whose cell holds the same text. */
  readonly alike?: boolean
  /** Leaves out repairs that are to be asked. */
  readonly safeOnly: boolean
}

export interface PlannedCell {
  readonly row: RowId
  readonly column: number
  readonly text: string
}

export type PlannedColumn =
  { readonly kind: 'rename'; readonly column: number; readonly header: string } | { readonly kind: 'drop'; readonly column: number }

/** What a selection of repairs comes to, to be applied as one edit. A cell stands in it once, with the text it ends up with. */
export interface FixPlan {
  readonly cells: readonly PlannedCell[]
  readonly columns: readonly PlannedColumn[]
  /** How many findings of each rule it repairs. */
  readonly perRule: Readonly<Record<string, number>>
}

/** A repair can bring another to light (a trimmed cell, then its separators); more than a few layers there are not. */
const maxRounds = 8

/**
 * Works out repairs without changing anything. Safe ones are repeated until none is left: after the plan no finding has a safe fix, and
 * nothing is touched that no finding named. Repairs to be asked are made once.
 */
export function planFixes(input: CheckInput, findings: CheckedFindings, selection: FixSelection): FixPlan {
  const changes = new Map<number, Map<RowId, string>>()
  const headers = new Map<number, string>()
  const dropped = new Set<number>()
  const perRule: Record<string, number> = {}
  const wants = selector(input, selection)
  const isRepeated = selection.safeOnly && selection.place === undefined
  let found = findings
  for (let round = 0; round < maxRounds; round++) {
    let applied = 0
    const touched = new Set<string>()
    for (let i = 0; i < found.count; i++) {
      const place = found.placeOf(i)
      if (!wants(place)) continue
      const fix = found.fixOf(i)
      if (fix === null || (selection.safeOnly && fix.kind !== 'safe')) continue
      const cell = `${place.row}:${place.column}`
      if (touched.has(cell) || !put(place, fix)) continue
      touched.add(cell)
      applied++
      perRule[place.rule] = (perRule[place.rule] ?? 0) + 1
    }
    if (applied === 0 || !isRepeated) break
    found = checkTable(repaired())
  }
  return { cells: plannedCells(input, changes), columns: plannedColumns(), perRule }

  function put(place: FindingPlace, fix: Fix): boolean {
    if (fix.action === 'drop-column') dropped.add(place.column)
    else if (fix.action === 'rename-column' && fix.value !== undefined) headers.set(place.column, fix.value)
    else if (fix.action === undefined && fix.value !== undefined && place.row >= 0 && place.column >= 0) {
      let cells = changes.get(place.column)
      if (cells === undefined) changes.set(place.column, (cells = new Map<number, string>()))
      cells.set(place.row, fix.value)
    } else return false
    return true
  }

  function repaired(): CheckInput {
    const table = overlayTable(input.table, changes, headers)
    const live = input.columns.filter((column) => !dropped.has(column.index))
    const recognised = recogniseColumns(
      live.map((column) => headers.get(column.index) ?? column.header),
      input.customer,
    )
    return { ...input, table, columns: recognised.map((column, i) => ({ ...column, index: live[i]!.index })) }
  }

  function plannedColumns(): PlannedColumn[] {
    return [
      ...[...headers]
        .filter(([column]) => !dropped.has(column))
        .map(([column, header]): PlannedColumn => ({ kind: 'rename', column, header })),
      ...[...dropped].map((column): PlannedColumn => ({ kind: 'drop', column })),
    ]
  }
}

function selector(input: CheckInput, selection: FixSelection): (place: FindingPlace) => boolean {
  const { rule, place, alike } = selection
  if (place === undefined) return (one) => rule === undefined || one.rule === rule
  if (alike !== true || place.column < 0) return (one) => one.rule === place.rule && one.row === place.row && one.column === place.column
  const column = input.table.columns[place.column]
  const text = place.row < 0 ? null : (column?.textOf(place.row) ?? null)
  return (one) => one.rule === place.rule && one.column === place.column && one.row >= 0 && column?.textOf(one.row) === text
}

function plannedCells(input: CheckInput, changes: ReadonlyMap<number, ReadonlyMap<RowId, string>>): PlannedCell[] {
  const cells: PlannedCell[] = []
  for (const [column, texts] of changes) {
    for (const [row, text] of texts) if (input.table.columns[column]?.textOf(row) !== text) cells.push({ row, column, text })
  }
  return cells
}
