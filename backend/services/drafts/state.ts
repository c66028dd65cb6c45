import { presentDamage } from '../../../shared/core/rules/damage.ts'
import type { DraftColumn, DraftState } from '../../../shared/contract/draft-methods.ts'
import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import type { Draft } from './draft.ts'
import { importErrorSummary } from './import-errors.ts'
import { emailColumnOf } from './view.ts'

/** All that a window shows of a draft beside its rows. */
export function stateOf(draft: Draft): DraftState {
  const { id, kept, file, table, baseline, derived, customer } = draft
  const byRule = derived.byRule()
  const limits = new Map(customer?.packages?.map((bought) => [bought.package, bought.limit]))
  return {
    id,
    name: kept.name,
    customer: kept.customer,
    source: kept.source,
    readOnly: file.heldBy !== null,
    revision: file.lastEntry,
    savedRevision: file.lastEntry,
    rows: table.rows.length,
    columns: draft.columns.map(draftColumn),
    emailColumn: emailColumnOf(draft),
    findings: derived.summary,
    byRule,
    notRun: derived.findings.notRun,
    safeFixes: byRule.reduce((sum, { safeFixes }) => sum + safeFixes, 0),
    packages: derived.packages().map((count) => {
      const limit = limits.get(count.package)
      return limit === undefined ? count : { ...count, limit }
    }),
    baseline:
      baseline === null
        ? null
        : { name: baseline.facts.name, users: baseline.facts.users, takenAt: baseline.facts.takenAt, kind: baseline.facts.kind },
    changes: derived.comparison === null ? null : { ...derived.comparison.summary, absent: derived.comparison.absent },
    confirmedRemovals: confirmedCount(draft),
    undo: draft.steps[draft.position - 1]?.label ?? null,
    redo: draft.steps[draft.position]?.label ?? null,
    view: { ...kept.view, number: draft.viewNumber, rows: draft.viewRows.length },
    damage: presentDamage(kept.damage, derived.findings.byRule),
    ...recoveredOf(draft),
    ...(kept.importErrors === undefined || kept.importErrors === null ? {} : { importErrors: importErrorSummary(kept.importErrors) }),
  }
}

function recoveredOf({ recovered }: Draft): Pick<DraftState, 'recovered'> {
  const last = recovered.at(-1)
  return last === undefined ? {} : { recovered: { steps: recovered.length, last: { ...last.label, at: last.at } } }
}

export function confirmedCount({ kept, derived }: Pick<Draft, 'kept' | 'derived'>): number {
  if (kept.confirmed.length === 0) return 0
  const confirmed = new Set(kept.confirmed)
  return derived.removals().filter((email) => confirmed.has(email)).length
}

export const draftColumn = ({ index, header, column, match }: RecognisedColumn): DraftColumn => ({
  index,
  header,
  column: column?.id ?? null,
  name: column?.name ?? null,
  kind: column?.kind ?? 'unknown',
  value: column?.value ?? 'text',
  package: column?.package ?? null,
  match,
})
