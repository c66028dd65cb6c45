import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import { packageNames, type PackageName } from '../../../shared/core/catalogue/packages.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import type { Intent } from '../../../shared/core/diff/change-set.ts'
import { comparingWithBaseline, type Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import { findPatterns, type ChangePattern } from '../../../shared/core/diff/patterns.ts'
import { userColumns, type UserColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { checkSteps, type CheckedFindings } from '../../../shared/core/rules/check-table.ts'
import type { CheckInput } from '../../../shared/core/rules/context.ts'
import { liveCheck } from '../../../shared/core/rules/live-check.ts'
import type { FindingPlace, Severity } from '../../../shared/core/rules/finding.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { RowId } from '../../../shared/core/table/table.ts'
import { once } from '../../../shared/kit/once.ts'
import { finish, within, type Steps } from '../../../shared/kit/steps.ts'
import { packageReader } from '../files/package-users.ts'
import type { Baseline, KeptFacts } from './draft.ts'

/** Everything that follows from a draft's table, baseline and customer. It goes along with edits of cells; costly parts are made when asked for. */
export interface Derived {
  readonly findings: CheckedFindings
  /** How many are shown: those that were passed over are not among them. A shown finding's number is its place among the shown. */
  readonly shownCount: number
  /** The index in `findings` of a shown finding. */
  indexOf(finding: number): number
  /** Numbers of the shown findings of a rule and a severity, where they are given. */
  matching(rule: string | undefined, severity: Severity | undefined): Uint32Array
  readonly summary: Readonly<Record<Severity, number>>
  placeOf(finding: number): FindingPlace
  /** Numbers of a row's findings: `from` … `to` (not included). */
  ofRow(row: RowId): { readonly from: number; readonly to: number }
  readonly ignoredCount: number
  /** Null without a baseline. */
  readonly comparison: Comparison | null
  intentOf(row: RowId): Intent | 'unchanged' | null
  readonly users: UserColumns
  packageOf(row: RowId): PackageName | null
  readonly packages: () => readonly { readonly package: PackageName; readonly users: number }[]
  readonly byRule: () => readonly RuleCount[]
  readonly patterns: () => readonly ChangePattern[]
  /** Emails of the users that the draft removes. */
  readonly removals: () => readonly string[]
  /**
   * Carries out an edit of the cells of `rows` in `columns` and follows it: for few rows at a cost that does not grow with the table. False, with
   * nothing done: it must be derived anew.
   */
  edit(rows: Uint32Array, columns: readonly number[], carryOut: () => void): boolean
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

export const derive = (input: DeriveInput): Derived => finish(deriveSteps(input))

/** Of the time that a comparison and a check take, the comparison's. */
const compareShare = 0.4

/** The same in slices. The table must not be edited meanwhile. */
export function* deriveSteps({ table, columns, baseline, customer, kept }: DeriveInput): Steps<Derived> {
  const users = userColumns(columns)
  const comparison =
    baseline === null
      ? null
      : yield* within(comparingWithBaseline({ table, columns, baseline, ...(customer === null ? {} : { customer }) }), 0, compareShare)
  const input: CheckInput = {
    table,
    columns,
    facts: kept.source,
    confirmedRemovals: new Set(kept.confirmed),
    ...(baseline === null ? {} : { baseline: { ...baseline, kind: baseline.facts.kind === 'store' ? 'store' : 'export' } }),
    ...(customer === null ? {} : { customer }),
  }
  const check = liveCheck(input, undefined, yield* within(checkSteps(input), baseline === null ? 0 : compareShare, 1))
  const { findings } = check
  const isOfPeople = new Set([users.firstName, users.lastName, users.phone, users.extension])
  const packageOf = packageReader(table, columns)
  const packages = packageCounter(table, packageOf, [...users.packages.values()].flat())

  // Worked out when somebody asks, and anew after an edit.
  let lazy = lazyParts()
  function lazyParts() {
    const hidden = once(() => hiddenFindings(table, findings, kept.ignored))
    return {
      hidden,
      shown: once(() => withoutHidden(findings.count, hidden())),
      byRule: once(() => ruleCounts(findings, hidden())),
      patterns: once(() => (comparison === null ? [] : findPatterns(comparison))),
      removals: once(() => removedEmails(comparison)),
      matching: new Map<string, Uint32Array>(),
    }
  }
  const indexOf = (finding: number): number => {
    const hidden = lazy.hidden()
    return hidden.length === 0 ? finding : (lazy.shown()[finding] ?? 0)
  }
  const shownBefore = (index: number): number => index - countBelow(lazy.hidden(), index)

  return {
    findings,
    get shownCount() {
      return findings.count - lazy.hidden().length
    },
    indexOf,
    get summary() {
      const summary = { ...findings.summary }
      for (const index of lazy.hidden()) summary[findings.placeOf(index).severity]--
      return summary
    },
    placeOf: (finding) => findings.placeOf(indexOf(finding)),
    ofRow(row) {
      const { from, to } = findings.rangeOf(row)
      return { from: shownBefore(from), to: shownBefore(to) }
    },
    matching(rule, severity) {
      const key = `${rule ?? ''} ${severity ?? ''}`
      const known = lazy.matching.get(key)
      if (known !== undefined) return known
      const found = matchingFindings(findings, lazy.shown(), rule, severity)
      lazy.matching.set(key, found)
      return found
    },
    get ignoredCount() {
      return lazy.hidden().length
    },
    comparison,
    intentOf: (row) => (comparison === null ? null : (comparison.intentOf(row) ?? 'unchanged')),
    users,
    packageOf,
    packages: packages.counts,
    byRule: () => lazy.byRule(),
    patterns: () => lazy.patterns(),
    removals: () => lazy.removals(),
    edit(rows, edited, carryOut) {
      const others = check.edit(rows, edited, () => {
        packages.edit(rows, edited, carryOut)
      })
      if (others === null) return false
      const arePeople = edited.some((column) => isOfPeople.has(column))
      comparison?.update(rows, arePeople, others)
      lazy = lazyParts()
      return true
    },
  }
}

/** Indexes of the findings that were passed over and still are what they were, ascending. */
function hiddenFindings(table: EditableTable, findings: CheckedFindings, ignored: KeptFacts['ignored']): Uint32Array {
  const hidden = new Set<number>()
  for (const { rule, row, column, text } of ignored) {
    if (row >= table.rowLimit || cellText(table, row, column) !== text) continue
    const { from, to } = findings.rangeOf(row)
    for (let index = from; index < to; index++) {
      const place = findings.placeOf(index)
      if (place.row === row && place.rule === rule && place.column === column && place.severity !== 'error') hidden.add(index)
    }
  }
  return Uint32Array.from(hidden).sort()
}

function withoutHidden(count: number, hidden: Uint32Array): Uint32Array {
  const shown = new Uint32Array(count - hidden.length)
  let at = 0
  let passed = 0
  for (let index = 0; index < count; index++) {
    if (hidden[passed] === index) passed++
    else shown[at++] = index
  }
  return shown
}

/** How many of ascending numbers lie below `limit`. */
function countBelow(numbers: Uint32Array, limit: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Numbers of the shown findings of a rule and a severity. */
function matchingFindings(
  findings: CheckedFindings,
  shown: Uint32Array,
  rule: string | undefined,
  severity: Severity | undefined,
): Uint32Array {
  const found = new Uint32Array(shown.length)
  let count = 0
  for (let finding = 0; finding < shown.length; finding++) {
    const place = findings.placeOf(shown[finding]!)
    if ((rule === undefined || place.rule === rule) && (severity === undefined || place.severity === severity)) found[count++] = finding
  }
  return found.slice(0, count)
}

/** Users per package, kept along with edits. */
function packageCounter(table: EditableTable, packageOf: (row: RowId) => PackageName | null, columns: readonly number[]) {
  let counts: Map<PackageName, number> | null = null
  const counted = (): Map<PackageName, number> => {
    if (counts !== null) return counts
    counts = new Map()
    for (const row of table.rows) add(counts, row, 1)
    return counts
  }
  const add = (to: Map<PackageName, number>, row: RowId, by: 1 | -1): void => {
    const name = packageOf(row)
    if (name !== null) to.set(name, (to.get(name) ?? 0) + by)
  }
  return {
    counts: (): readonly { readonly package: PackageName; readonly users: number }[] =>
      packageNames.flatMap((name) => {
        const users = counted().get(name) ?? 0
        return users === 0 ? [] : [{ package: name, users }]
      }),
    edit(rows: Uint32Array, edited: readonly number[], carryOut: () => void): void {
      const known = edited.some((column) => columns.includes(column)) ? counts : null
      if (known !== null) for (const row of rows) add(known, row, -1)
      carryOut()
      if (known !== null) for (const row of rows) add(known, row, 1)
    },
  }
}

export const cellText = (table: EditableTable, row: number, column: number): string =>
  row < 0 || column < 0 ? '' : (table.columns[column]?.textOf(row) ?? '')

function ruleCounts(findings: CheckedFindings, hidden: Uint32Array): readonly RuleCount[] {
  const counts = new Map(findings.tally().map((tally) => [`${tally.rule} ${tally.severity}`, { ...tally }]))
  for (const index of hidden) {
    const { rule, severity } = findings.placeOf(index)
    const count = counts.get(`${rule} ${severity}`)
    if (count === undefined) continue
    count.count--
    if (findings.fixOf(index)?.kind === 'safe') count.safeFixes--
  }
  return [...counts.values()]
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => weight[a.severity] - weight[b.severity] || b.count - a.count)
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
