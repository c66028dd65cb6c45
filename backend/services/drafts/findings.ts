import type { Language } from '../../../shared/kit/language.ts'
import type { FixPreview, PlacedFinding } from '../../../shared/contract/draft-methods.ts'
import type { InputOf, OutputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { repairableRules } from '../../../shared/core/rules/damage.ts'
import { invert, textAt, type TableDelta } from '../../../shared/core/edits/delta.ts'
import { planEdit } from '../../../shared/core/edits/plan-edit.ts'
import { applyDelta } from '../../../shared/core/table/apply-delta.ts'
import { recogniseTable } from '../files/read-table.ts'
import { editOfFixes } from '../fixes.ts'
import { derive, type Derived } from './derive.ts'
import type { Draft } from './draft.ts'
import { viewPlaces } from './view.ts'

export function placedFinding(draft: Draft, finding: number, language: Language): PlacedFinding {
  const { derived } = draft
  const { row, column } = derived.placeOf(finding)
  const viewRow = row < 0 ? -1 : (viewPlaces(draft)[row] ?? -1)
  return {
    ...derived.findings.describe(derived.indexOf(finding), language),
    finding,
    rowId: row < 0 ? null : row,
    columnIndex: column < 0 ? null : column,
    viewRow: viewRow < 0 ? null : viewRow,
  }
}

export function findingsList(
  draft: Draft,
  { rule, severity, from, count, language }: InputOf<Methods['findings.list']>,
): OutputOf<Methods['findings.list']> {
  const { derived } = draft
  const findings: PlacedFinding[] = []
  const isPlain = rule === undefined && severity === undefined
  const matching = isPlain ? null : derived.matching(rule, severity)
  const total = matching === null ? derived.shownCount : matching.length
  for (let at = from; at < Math.min(from + count, total); at++)
    findings.push(placedFinding(draft, matching === null ? at : (matching[at] ?? 0), language))
  return { revision: draft.file.lastEntry, total, findings }
}

/** The nearest finding behind (or before) a place, in view order; around the end there is none. */
export function nextFinding(draft: Draft, input: InputOf<Methods['findings.next']>): OutputOf<Methods['findings.next']> {
  const { derived } = draft
  const places = viewPlaces(draft)
  const order = new Map(draft.table.live.map((column, place) => [column, place]))
  const columnPlace = (column: number): number => (column < 0 ? -1 : (order.get(column) ?? -1))
  const compare = (viewRow: number, column: number, otherRow: number, otherColumn: number): number =>
    viewRow - otherRow || column - otherColumn
  const fromColumn = columnPlace(input.fromColumn)
  let best: { readonly finding: number; readonly viewRow: number; readonly column: number } | null = null
  for (let finding = 0; finding < derived.shownCount; finding++) {
    const { row, column, severity } = derived.placeOf(finding)
    if (row < 0 || (input.severity !== undefined && severity !== input.severity)) continue
    const viewRow = places[row] ?? -1
    if (viewRow < 0) continue
    const place = columnPlace(column)
    const side = compare(viewRow, place, input.fromViewRow, fromColumn)
    if (input.direction === 'next' ? side <= 0 : side >= 0) continue
    const isNearer =
      best === null ||
      (input.direction === 'next'
        ? compare(viewRow, place, best.viewRow, best.column) < 0
        : compare(viewRow, place, best.viewRow, best.column) > 0)
    if (isNearer) best = { finding, viewRow, column: place }
  }
  return best === null ? null : placedFinding(draft, best.finding, input.language)
}

type Selection = InputOf<Methods['findings.fix']>['selection']

function wantedFixes(derived: Derived, selection: Selection): readonly number[] {
  if (selection.scope === 'one') {
    return selection.finding < derived.shownCount ? [derived.indexOf(selection.finding)] : []
  }
  return Array.from({ length: derived.shownCount }, (_, finding) => derived.indexOf(finding)).filter((index) => {
    if (selection.scope === 'damage') {
      // An odd extension is for a person to type again, whatever a spreadsheet did to it.
      const { rule } = derived.findings.placeOf(index)
      return repairableRules.includes(rule) && derived.findings.fixOf(index)?.value !== undefined
    }
    if (selection.scope === 'rule' && derived.findings.placeOf(index).rule !== selection.rule) return false
    const kind = derived.findings.fixOf(index)?.kind
    return kind === 'safe' || (kind === 'ask' && selection.scope === 'rule' && selection.includeAsk)
  })
}

export interface PlannedFix {
  readonly delta: TableDelta
  readonly byRule: Readonly<Record<string, number>>
}

/** A repair may uncover the next one; more rounds than this would be two rules that undo each other. */
const mostRounds = 6

/** The whole effect of a repair, planned round by round and taken back again. */
export function planFix(draft: Draft, selection: Selection): PlannedFix {
  const delta: TableDelta[number][] = []
  const byRule = new Map<string, number>()
  let { derived, columns } = draft
  for (let round = 0; round < (selection.scope === 'one' ? 1 : mostRounds); round++) {
    const fixes = editOfFixes(draft.table, columns, derived.findings, wantedFixes(derived, selection))
    const planned = fixes.edit === null ? null : planEdit(draft.table, fixes.edit)
    if (planned === null || !planned.ok || planned.value.delta.length === 0) break
    applyDelta(draft.table, planned.value.delta)
    delta.push(...planned.value.delta)
    for (const [rule, count] of Object.entries(fixes.byRule)) byRule.set(rule, (byRule.get(rule) ?? 0) + count)
    if (selection.scope === 'one') break
    columns = recogniseTable(draft.table, draft.customer ?? undefined)
    derived = derive({ ...draft, columns })
  }
  applyDelta(draft.table, invert(delta))
  return { delta, byRule: Object.fromEntries(byRule) }
}

const mostSamples = 20

export function fixPreview(draft: Draft, selection: Selection): FixPreview {
  const { delta, byRule } = planFix(draft, selection)
  const samples: FixPreview['samples'][number][] = []
  let cells = 0
  let rows = 0
  let removed = 0
  const columns = new Set<number>()
  for (const step of delta) {
    if (step.kind === 'rename-column' || step.kind === 'drop-column' || step.kind === 'insert-column') columns.add(step.column)
    if (step.kind === 'reshape-rows') rows += step.rows.length
    if (step.kind === 'delete-rows') removed += step.rows.length
    if (step.kind !== 'cells') continue
    cells += step.rows.length
    const header = draft.table.columns[step.column]?.header ?? ''
    for (let i = 0; i < step.rows.length && samples.length < mostSamples; i++) {
      samples.push({
        row: draft.table.numberOf(step.rows[i] ?? 0),
        column: header,
        before: textAt(step.before, i),
        after: textAt(step.after, i),
      })
    }
  }
  return { cells, columns: columns.size, rows, removed, byRule, samples }
}
