import { packageNames } from '../catalogue/packages.ts'
import type { RowId } from '../table/table.ts'
import { placeIn, runRules, type CheckedTable } from './check-table.ts'
import {
  anyRow,
  asksAllRows,
  edited,
  isOfRows,
  scopeOf,
  sharingEmails,
  sharingExtensions,
  sharingPhones,
  staysAsSaid,
  type Touch,
} from './edit-touch.ts'
import type { KeptFinding } from './finding-list.ts'
import { findingStore } from './finding-store.ts'
import { newFirstSeen } from './first-seen.ts'
import type { PackageTally } from './package-tally.ts'
import { levelOf } from './run.ts'
import { shapesOf } from './shapes.ts'

/** Asks rules again after an edit, and puts what they say in the place of what they said. */
export interface SecondCheck {
  /** Of few rows: row by row. */
  ofFew(rows: Uint32Array, touch: Touch): void
  /** Of many: as sets, which `marks` tells by row id. Each rule runs only over the rows for which the edit can have changed something. */
  ofSets(marks: Uint8Array, touch: Touch): void
}

export function secondCheck({ list, run }: CheckedTable, tally: PackageTally): SecondCheck {
  const { context, rules } = run
  const allRows = context.rows
  const { positionOf } = list
  const shapes = shapesOf(run)

  function checkAgain(rows: Uint32Array, touch: Touch): void {
    const store = findingStore()
    const active = run.active.map((is, number) => {
      const rule = rules[number]!
      return is && isOfRows(rule) && !staysAsSaid(rule, touch)
    })
    context.rows = rows
    runRules({ ...run, active, store }, shapes)
    context.rows = allRows
    const found = new Map<RowId, KeptFinding[]>([...rows].map((row) => [row, []]))
    store.each((rule, level, row, column, extra) => {
      found.get(row)?.push(asKept(rule, level, row, column, extra))
    })
    for (const [row, ofRow] of found) {
      const { from, to } = list.rangeOf(row)
      for (let index = from; index < to; index++) {
        const rule = list.ruleAt(index)
        if (run.active[rule] !== true || !staysAsSaid(rules[rule]!, touch)) continue
        ofRow.push(asKept(rule, list.levelAt(index), row, list.columnAt(index), list.extraAt(index)))
      }
      ofRow.sort((a, b) => a.column - b.column || a.rule - b.rule)
    }
    if (tally.isOfEdit(touch)) found.set(-1, sheetFindings())
    list.replace(found)
    checkAllRows(touch)
  }

  /** The rules that an edit makes ask all rows, where few were looked at for the others. */
  function checkAllRows(touch: Touch): void {
    const active = rules.map((rule, number) => run.active[number] === true && asksAllRows(rule) && scopeOf(context, rule, touch) === anyRow)
    if (!active.includes(true)) return
    const store = findingStore()
    runRules({ ...run, active, store }, [], true)
    list.replaceMany((rule) => active[rule] === true, store.sorted(positionOf, allRows.length), isSafe)
  }

  const isSafe = (rule: number, row: number, column: number, extra: number): boolean =>
    rules[rule]!.repair?.(placeIn(context, row, column, extra))?.kind === 'safe'
  const asKept = (rule: number, level: number, row: number, column: number, extra: number): KeptFinding => ({
    rule,
    level,
    column,
    extra,
    isSafe: list.countsSafe && isSafe(rule, row, column, extra),
  })

  /** Of the findings of the file only the limits of packages depend on cells. */
  function sheetFindings(): KeptFinding[] {
    const overLimit = rules.findIndex(({ id }) => id === 'package/over-limit')
    const { from, to } = list.rangeOf(-1)
    const findingsOfSheet: KeptFinding[] = []
    for (let index = from; index < to; index++) {
      if (list.ruleAt(index) !== overLimit)
        findingsOfSheet.push(asKept(list.ruleAt(index), list.levelAt(index), -1, list.columnAt(index), list.extraAt(index)))
    }
    for (const [name, limit] of context.customer?.limits ?? []) {
      const place = packageNames.indexOf(name)
      if (tally.usersOf(place) > limit) findingsOfSheet.push(asKept(overLimit, levelOf('error'), -1, -1, place))
    }
    return findingsOfSheet.sort((a, b) => a.column - b.column || a.rule - b.rule)
  }

  function checkSets(marks: Uint8Array, touch: Touch): void {
    const { columns, isPackage } = touch
    const scopes = rules.map((rule, number) => (run.active[number] === true ? scopeOf(context, rule, touch) : 0))
    const isOfCells = rules.map(({ condition }) => condition.kind === 'shape' && !isPackage)
    const touchedShapes = isPackage ? shapes : shapes.filter(({ recognised }) => columns.includes(recognised.index))
    const store = findingStore()
    for (const scope of [edited, sharingPhones, sharingExtensions, sharingEmails, anyRow]) {
      const active = scopes.map((one) => one === scope)
      if (!active.includes(true)) continue
      context.rows = scope === anyRow ? allRows : rowsMarked(allRows, marks, scope)
      // Whoever may hold the same is among the rows, so what came first is found among them.
      context.firstSeen = newFirstSeen(context.rows.length)
      runRules({ ...run, active, store }, scope === edited ? touchedShapes : [], true)
    }
    context.rows = allRows
    context.firstSeen = newFirstSeen(0)
    const isColumn = new Uint8Array(context.table.columns.length)
    for (const column of columns) isColumn[column] = 1
    list.replaceMany(
      (rule, row, column) => {
        const scope = scopes[rule]!
        if (scope === anyRow) return true
        return row >= 0 && scope !== 0 && (marks[row]! & scope) !== 0 && (isOfCells[rule] !== true || isColumn[column] === 1)
      },
      store.sorted(positionOf, allRows.length),
      isSafe,
    )
    if (tally.isOfEdit(touch)) list.replace(new Map([[-1, sheetFindings()]]))
  }

  return { ofFew: checkAgain, ofSets: checkSets }
}

/** The marked ones of some rows, in their order. */
export function rowsMarked(allRows: Uint32Array, marks: Uint8Array, mark: number): Uint32Array {
  const found = new Uint32Array(allRows.length)
  let length = 0
  for (let i = 0; i < allRows.length; i++) if ((marks[allRows[i]!]! & mark) !== 0) found[length++] = allRows[i]!
  return length === allRows.length ? allRows : found.slice(0, length)
}
