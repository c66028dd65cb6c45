import type { RecognisedColumn } from '../catalogue/column.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { Finding, FindingPlace, Findings } from '../rules/finding.ts'
import type { Table } from '../table/table.ts'
import { precheckRule } from './precheck-words.ts'

/** What was asked online of a file's new users. */
export interface AskedOnline {
  readonly unavailable: boolean
  readonly findings: readonly Finding[]
}

/**
 * The findings of a check with those of the precheck among them, in the one order of all findings: the file and its columns first, then
 * by row, then by column; within a cell the rules' own come first. Where the API offers no precheck, its rule is listed as not run.
 */
export function withPrecheck(
  own: Findings,
  { unavailable, findings }: AskedOnline,
  { table, columns }: { readonly table: Table; readonly columns: readonly RecognisedColumn[] },
): Findings {
  const email = userColumns(columns).email
  const positions = new Map<number, number>()
  const rowOf = new Map<number, number>()
  let position = 0
  for (const row of table.rows) {
    positions.set(row, position++)
    rowOf.set(table.numberOf(row), row)
  }
  const asked = findings.map((finding): { readonly finding: Finding; readonly place: FindingPlace } => ({
    finding: { ...finding, column: columns[email]?.header ?? finding.column },
    place: { rule: finding.rule, severity: finding.severity, row: rowOf.get(finding.row ?? -1) ?? -1, column: email },
  }))
  const positionOf = (row: number): number => (row < 0 ? -1 : (positions.get(row) ?? -1))
  const isBefore = (a: FindingPlace, b: FindingPlace): boolean =>
    positionOf(a.row) !== positionOf(b.row) ? positionOf(a.row) < positionOf(b.row) : a.column < b.column

  // Below 0: one that was asked for, as -1 - place; else an index into the check's own.
  const order: number[] = []
  let next = 0
  for (let index = 0; index < own.count; index++) {
    for (let one = asked[next]; one !== undefined && isBefore(one.place, own.placeOf(index)); one = asked[++next]) order.push(-1 - next)
    order.push(index)
  }
  for (; next < asked.length; next++) order.push(-1 - next)

  const summary = { ...own.summary }
  for (const { finding } of asked) summary[finding.severity]++
  return {
    count: order.length,
    summary,
    byRule: asked.length === 0 ? own.byRule : { ...own.byRule, [precheckRule]: asked.length },
    notRun: unavailable ? [...own.notRun, { rule: precheckRule, needs: 'precheck' }] : own.notRun,
    placeOf(index) {
      const at = order[index]!
      return at < 0 ? asked[-1 - at]!.place : own.placeOf(at)
    },
    describe(index, language) {
      const at = order[index]!
      return at < 0 ? asked[-1 - at]!.finding : own.describe(at, language)
    },
  }
}
