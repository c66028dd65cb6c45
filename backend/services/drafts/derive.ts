import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import type { PackageName } from '../../../shared/core/catalogue/packages.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import type { Intent } from '../../../shared/core/diff/change-set.ts'
import { compareWithBaseline, type Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import { findPatterns, type ChangePattern } from '../../../shared/core/diff/patterns.ts'
import { userColumns, type UserColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { checkTable, type CheckedFindings } from '../../../shared/core/rules/check-table.ts'
import type { FindingPlace, Severity } from '../../../shared/core/rules/finding.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { RowId } from '../../../shared/core/table/table.ts'
import { packageReader, usersPerPackage } from '../files/package-users.ts'
import type { Baseline, KeptFacts } from './draft.ts'

/** Everything that follows from a draft's table, baseline and customer. Made anew after each change; costly parts only when asked for. */
export interface Derived {
  readonly findings: CheckedFindings
  /** The findings that are shown: those that were passed over are not among them. A finding's number is its place in here. */
  readonly shown: Uint32Array
  readonly summary: Readonly<Record<Severity, number>>
  placeOf(finding: number): FindingPlace
  /** Numbers of a row's findings: `from` … `to` (not included). */
  ofRow(row: RowId): { readonly from: number; readonly to: number }
  readonly ignoredCount: number
  /** Null without a baseline. */
  readonly comparison: Comparison | null
  /** Place of a row's change in the comparison, -1 where it has none. */
  changeOf(row: RowId): number
  intentOf(row: RowId): Intent | 'unchanged' | null
  readonly users: UserColumns
  packageOf(row: RowId): PackageName | null
  readonly packages: () => readonly { readonly package: PackageName; readonly users: number }[]
  readonly byRule: () => readonly RuleCount[]
  readonly patterns: () => readonly ChangePattern[]
  /** Emails of the users that the draft removes. */
  readonly removals: () => readonly string[]
}

export interface RuleCount {
  readonly rule: string
  readonly severity: Severity
  readonly count: number
  readonly safeFixes: number
}

export interface DeriveInput {
  readonly table: EditableTable
  readonly columns: readonly RecognisedColumn[]
  readonly baseline: Baseline | null
  readonly customer: CustomerProfile | null
  readonly kept: Pick<KeptFacts, 'source' | 'confirmed' | 'ignored'>
}

export function derive({ table, columns, baseline, customer, kept }: DeriveInput): Derived {
  const users = userColumns(columns)
  const comparison =
    baseline === null ? null : compareWithBaseline({ table, columns, baseline, ...(customer === null ? {} : { customer }) })
  const findings = checkTable({
    table,
    columns,
    facts: kept.source,
    confirmedRemovals: new Set(kept.confirmed),
    ...(baseline === null ? {} : { baseline: { ...baseline, kind: baseline.facts.kind === 'store' ? 'store' : 'export' } }),
    ...(customer === null ? {} : { customer }),
  })
  const shown = shownFindings(table, findings, kept.ignored)
  const summary: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  for (const index of shown) summary[findings.placeOf(index).severity]++
  const placeOf = (finding: number): FindingPlace => findings.placeOf(shown[finding] ?? 0)

  const starts = once(() => rowStarts(table, shown.length, placeOf))
  const changes = once(() => changesByRow(table, comparison))
  return {
    findings,
    shown,
    summary,
    placeOf,
    ofRow(row) {
      const { first, count } = starts()
      const from = first[row] ?? 0
      return { from, to: from + (count[row] ?? 0) }
    },
    ignoredCount: findings.count - shown.length,
    comparison,
    changeOf: (row) => (changes()[row] ?? 0) - 1,
    intentOf(row) {
      if (comparison === null) return null
      const change = (changes()[row] ?? 0) - 1
      return change < 0 ? 'unchanged' : comparison.placeOf(change).intent
    },
    users,
    packageOf: packageReader(table, columns),
    packages: once(() => usersPerPackage(table, columns)),
    byRule: once(() => ruleCounts(findings, shown)),
    patterns: once(() => (comparison === null ? [] : findPatterns(comparison))),
    removals: once(() => removedEmails(comparison)),
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}

function shownFindings(table: EditableTable, findings: CheckedFindings, ignored: KeptFacts['ignored']): Uint32Array {
  const all = Uint32Array.from({ length: findings.count }, (_, index) => index)
  if (ignored.length === 0) return all
  const keyOf = (rule: string, row: number, column: number, text: string): string => JSON.stringify([rule, row, column, text])
  const passedOver = new Set(ignored.map(({ rule, row, column, text }) => keyOf(rule, row, column, text)))
  return all.filter((index) => {
    const { rule, row, column, severity } = findings.placeOf(index)
    return severity === 'error' || !passedOver.has(keyOf(rule, row, column, cellText(table, row, column)))
  })
}

export const cellText = (table: EditableTable, row: number, column: number): string =>
  row < 0 || column < 0 ? '' : (table.columns[column]?.textOf(row) ?? '')

/** Findings come in row order, so those of one row stand together. */
function rowStarts(
  table: EditableTable,
  count: number,
  placeOf: (finding: number) => FindingPlace,
): { readonly first: Uint32Array; readonly count: Uint32Array } {
  const first = new Uint32Array(table.rowLimit)
  const counts = new Uint32Array(table.rowLimit)
  for (let finding = 0; finding < count; finding++) {
    const { row } = placeOf(finding)
    if (row < 0) continue
    if (counts[row] === 0) first[row] = finding
    counts[row] = (counts[row] ?? 0) + 1
  }
  return { first, count: counts }
}

/** By row id: one more than the place of its change. */
function changesByRow(table: EditableTable, comparison: Comparison | null): Uint32Array {
  const places = new Uint32Array(table.rowLimit)
  if (comparison !== null) for (let index = 0; index < comparison.count; index++) places[comparison.placeOf(index).row] = index + 1
  return places
}

function ruleCounts(findings: CheckedFindings, shown: Uint32Array): readonly RuleCount[] {
  const counts = new Map<string, { rule: string; severity: Severity; count: number; safeFixes: number }>()
  for (const index of shown) {
    const { rule, severity } = findings.placeOf(index)
    const key = `${rule} ${severity}`
    const known = counts.get(key) ?? { rule, severity, count: 0, safeFixes: 0 }
    known.count++
    if (findings.fixOf(index)?.kind === 'safe') known.safeFixes++
    counts.set(key, known)
  }
  return [...counts.values()].toSorted((a, b) => weight[a.severity] - weight[b.severity] || b.count - a.count)
}

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

function removedEmails(comparison: Comparison | null): readonly string[] {
  if (comparison === null || comparison.summary.remove === 0) return []
  const emails: string[] = []
  for (let index = 0; index < comparison.count; index++) {
    if (comparison.placeOf(index).intent === 'remove') emails.push(emailKey(comparison.changeAt(index).email))
  }
  return emails
}
