import type { SourceFacts } from '../../../shared/core/csv/source-facts.ts'
import type { DamageLine, DraftColumn, DraftState } from '../../../shared/contract/draft-methods.ts'
import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import type { Derived } from './derive.ts'
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
    damage: presentDamage(kept.damage, derived),
    ...(kept.importErrors === undefined || kept.importErrors === null ? {} : { importErrors: importErrorSummary(kept.importErrors) }),
  }
}

export function confirmedCount({ kept, derived }: Pick<Draft, 'kept' | 'derived'>): number {
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

const damageRules = [
  { kind: 'lost-plus', rules: ['phone/no-plus'] },
  { kind: 'lost-zeros', rules: ['extension/lost-zero'] },
  { kind: 'scientific', rules: ['phone/scientific', 'phone/rounded'] },
  { kind: 'localized-words', rules: ['boolean/localized'] },
  { kind: 'code-page', rules: ['text/mojibake', 'text/lost-character'] },
  { kind: 'spaces', rules: ['text/surrounding-space'] },
] as const satisfies readonly { readonly kind: DamageLine['kind']; readonly rules: readonly string[] }[]

/** What a spreadsheet program did to the file, as far as its traces show. */
export function damageOf(source: SourceFacts, { findings }: Pick<Derived, 'findings'>): readonly DamageLine[] {
  const lines: DamageLine[] = []
  const first = new Map<string, number>()
  for (let index = 0; index < findings.count; index++) {
    const { rule } = findings.placeOf(index)
    if (!first.has(rule)) first.set(rule, index)
  }
  for (const { kind, rules } of damageRules) {
    const cells = rules.reduce((sum, rule) => sum + (findings.byRule[rule] ?? 0), 0)
    const index = rules.map((rule) => first.get(rule)).find((found) => found !== undefined)
    if (index === undefined) continue
    const repair = findings.fixOf(index)?.kind ?? 'none'
    lines.push({ kind, cells, repair, example: findings.describe(index, 'en').value })
  }
  const dates = source.notices.find(({ code }) => code === 'dates')
  if (dates !== undefined) lines.push({ kind: 'dates', cells: dates.count, repair: 'none', example: dates.where ?? null })
  // Reading the file has put these right already.
  if (source.format === 'csv' && source.delimiter !== ',')
    lines.push({ kind: 'delimiter', cells: 0, repair: 'done', example: source.delimiter })
  if (source.format === 'csv' && source.encoding !== 'utf-8')
    lines.push({ kind: 'code-page', cells: 0, repair: 'done', example: source.encoding })
  return lines
}

/** The same lines as the draft stands now: what was repaired says so. */
function presentDamage(damage: readonly DamageLine[], { findings }: Derived): readonly DamageLine[] {
  return damage.map((line) => {
    const rules = damageRules.find(({ kind }) => kind === line.kind)?.rules
    if (rules === undefined || line.cells === 0) return line
    const left = rules.reduce((sum, rule) => sum + (findings.byRule[rule] ?? 0), 0)
    return left === 0 ? { ...line, repair: 'done' } : line
  })
}
