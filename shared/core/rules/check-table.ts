import type { Language } from '../../kit/language.ts'
import { finish, type Steps } from '../../kit/steps.ts'
import { rowSlices, sliceLength } from './coded-rows.ts'
import { checkContext, movableUser, type CheckContext, type CheckInput, type MovableUser } from './context.ts'
import { customRules } from './custom.ts'
import type { RowId } from '../table/table.ts'
import { FindingList } from './finding-list.ts'
import { findingStore, severities } from './finding-store.ts'
import { newFirstSeen } from './first-seen.ts'
import type { Finding, FindingPlace, Findings, Fix, NotRun, Severity } from './finding.ts'
import type { RuleFacts, RuleId } from './rule-facts.ts'
import type { Need, Place, Rule } from './rule.ts'
import { formWalk, type FormRule } from './form-walk.ts'
import { emitter, manyEmitter, type Run } from './run.ts'
import type { User } from './user.ts'
import { ruleset } from './ruleset.ts'
import { runShapes, shapesOf } from './shapes.ts'
import { ruleTexts } from './text/texts.ts'

export type { CheckInput } from './context.ts'

/** Findings that can be repaired. Row and column are those of the table that was checked. */
export interface CheckedFindings extends Findings {
  /** The repair of a finding, null where there is none. */
  fixOf(index: number): Fix | null
  /** Indexes of a row's findings: `from` … `to` (not included). */
  rangeOf(row: RowId): { readonly from: number; readonly to: number }
  /** How many there are of each rule and severity, and how many of them a safe repair can mend. Repairs are worked out once. */
  tally(): readonly RuleTally[]
}

export interface RuleTally {
  readonly rule: string
  readonly severity: Severity
  readonly count: number
  readonly safeFixes: number
}

/**
 * Runs every rule that can run over the table. What cannot run is listed with what it would need. The findings read the tables of the
 * input when they are put into words: they hold as long as those stay as they are.
 */
export const checkTable = (input: CheckInput): CheckedFindings => checkWhole(input).findings

/** A check that was made, with all that is needed to check some rows again. */
export interface CheckedTable {
  readonly findings: CheckedFindings
  readonly list: FindingList
  readonly run: Run
}

export const checkWhole = (input: CheckInput): CheckedTable => finish(checkSteps(input))

/** The same in slices. */
export function* checkSteps(input: CheckInput): Steps<CheckedTable> {
  const begun = beginCheck(input, checkContext(input))
  const { run } = begun
  yield 0.2
  runTableRules(run)
  yield 0.3
  yield* runUserRules(run, { users: run.context.rows, sweeps: 'whole' }, 0.3)
  const shapes = shapesOf(run)
  for (let i = 0; i < shapes.length; i++) {
    runShapes(run, [shapes[i]!])
    yield 0.7 + (0.2 * i) / shapes.length
  }
  return endCheck(begun)
}

/** A check that has a context and rules, and no finding yet. */
export interface BegunCheck {
  readonly run: Run
  readonly notRun: readonly NotRun[]
}

export function beginCheck(input: CheckInput, context: CheckContext): BegunCheck {
  const rules = [...ruleset, ...customRules(context)]
  const isWanted = ruleFilter(input)
  const notRun: NotRun[] = []
  const active = rules.map((rule) => {
    if (!isWanted(rule.id)) return false
    const missing = missingNeeds(rule, context)
    if (missing !== '') notRun.push({ rule: rule.id, needs: missing })
    return missing === ''
  })
  const numberOf = new Map(rules.map((rule, i) => [rule, i]))
  return { notRun, run: { context, rules, active, numberOf, store: findingStore() } }
}

/** Puts what was found in order. */
export function endCheck({ run, notRun }: BegunCheck): CheckedTable {
  const list = findingList(run)
  // What the walk remembered is of no use any more.
  run.context.firstSeen = newFirstSeen(0)
  return { findings: findingsOf(run, notRun, list), list, run }
}

/** Runs the active rules over the rows of the context. `isWhole`: these are all rows, and what is remembered of them is still empty. */
export function runRules(run: Run, shapes: ReturnType<typeof shapesOf>, isWhole = false): void {
  runTableRules(run)
  finish(runUserRules(run, { users: run.context.rows, sweeps: isWhole ? 'whole' : 'by-row' }, 0))
  runShapes(run, shapes)
}

export function runTableRules(run: Run): void {
  run.rules.forEach((rule, number) => {
    if (run.active[number] === true && rule.condition.kind === 'table') rule.condition.check(run.context, emitter(run, number))
  })
}

interface Visit {
  readonly visit: (user: User) => void
  readonly onRemovals: boolean
}

/** Which rows the rules of single users look at, and how uniqueness is looked for. */
export interface UserWalk {
  readonly users: Uint32Array
  /**
   * `whole`: of all rows at once where the columns allow it, nothing being remembered yet. `by-row`: along with the walk. Rules in a set
   * were seen to elsewhere.
   */
  readonly sweeps: 'whole' | 'by-row' | { readonly doneElsewhere: ReadonlySet<number> }
}

export function* runUserRules(run: Run, { users, sweeps }: UserWalk, progress: number): Steps<void> {
  const { context } = run
  const everywhere: Visit[] = []
  const each: Visit[] = []
  const byForm: FormRule[] = []
  for (let number = 0; number < run.rules.length; number++) {
    if (run.active[number] !== true) continue
    const rule = run.rules[number]!
    const { condition } = rule
    const emit = emitter(run, number)
    const onRemovals = rule.onRemovals === true
    if (condition.kind === 'sweep') {
      if (typeof sweeps === 'object' && sweeps.doneElsewhere.has(number)) continue
      if (sweeps === 'whole' && condition.whole?.(context, emit, manyEmitter(run, number)) === true) yield progress
      else everywhere.push({ visit: condition.begin(context, emit), onRemovals })
    } else if (condition.kind === 'user') {
      if (sweeps !== 'by-row' && condition.sees !== undefined) byForm.push({ number, condition })
      else each.push({ visit: (user) => void condition.check(user, emit), onRemovals })
    }
  }
  const isSameWalk = users === context.rows
  if (isSameWalk) each.push(...everywhere)
  else yield* walkUsers(run, context.rows, everywhere, [], progress)
  yield* walkUsers(run, users, each, byForm, progress)
}

function* walkUsers(run: Run, rows: Uint32Array, each: readonly Visit[], byForm: readonly FormRule[], progress: number): Steps<void> {
  if (each.length + byForm.length === 0) return
  const onRemovals = each.filter((rule) => rule.onRemovals)
  const walkForms = byForm.length === 0 ? null : formWalk(run, byForm, sliceLength(rows))
  const user = movableUser(run.context)
  const slices = rowSlices(rows)
  for (let i = 0; i < slices.length; i++) {
    yield progress + (0.4 * i) / slices.length
    const slice = slices[i]!
    if (each.length > 0) walkSlice(user, slice.rows, each, onRemovals)
    walkForms?.(slice)
  }
}

function walkSlice(user: MovableUser, rows: Uint32Array, each: readonly Visit[], onRemovals: readonly Visit[]): void {
  for (let i = 0; i < rows.length; i++) {
    user.moveTo(rows[i]!)
    for (const { visit } of user.isRemoval ? onRemovals : each) visit(user)
  }
}

function missingNeeds(rule: Rule, context: CheckContext): string {
  const hasProfile = (need: Need): boolean => context.customer?.has(need) ?? false
  const isThere = (need: Need): boolean => (need === 'baseline' ? context.baseline !== null : hasProfile(need))
  // What is looked up in either must be in one of them: a customer's very first list has an empty baseline.
  const isFilled = (need: Need): boolean => (need === 'baseline' ? (context.baseline?.table.rows.length ?? 0) > 0 : hasProfile(need))
  const needs = rule.needs
    .map((need) => (typeof need === 'string' ? [need] : need))
    .filter((anyOf) => !anyOf.some(anyOf.length > 1 ? isFilled : isThere))
    .map((anyOf) => anyOf.join(' or '))
  const column = rule.missing?.(context) ?? null
  return (column === null ? needs : [...needs, column]).join(', ')
}

/** `phone/*,email/*`, `!text/*`: a rule runs if some pattern without `!` fits (or there is none) and none with `!` does. */
function ruleFilter({ rulePattern, ignored }: CheckInput): (id: string) => boolean {
  const patterns = (rulePattern ?? '').split(',').map((pattern) => pattern.trim()).filter((pattern) => pattern !== '') // prettier-ignore
  const asTest = (pattern: string): RegExp =>
    new RegExp(`^${pattern.replace(/^!/, '').split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('.*')}$`) // prettier-ignore
  const includes = patterns.filter((pattern) => !pattern.startsWith('!')).map(asTest)
  const excludes = patterns.filter((pattern) => pattern.startsWith('!')).map(asTest)
  return (id) =>
    ignored?.has(id) !== true &&
    (includes.length === 0 || includes.some((test) => test.test(id))) &&
    !excludes.some((test) => test.test(id))
}

function findingList({ context, rules, store }: Run): FindingList {
  const positionOf = new Int32Array(context.table.rowLimit)
  for (let position = 0; position < context.rows.length; position++) positionOf[context.rows[position]!] = position
  return new FindingList(store.sorted(positionOf, context.rows.length), store.counts(rules.length), positionOf)
}

/** The list in words. It is read through, so it says what the list holds at the moment. */
function findingsOf({ context, rules }: Run, notRun: readonly NotRun[], list: FindingList): CheckedFindings {
  const ruleAt = (index: number): Rule => rules[list.ruleAt(index)]!
  const severityAt = (index: number): Severity => severities[list.levelAt(index)]!
  const placeAt = (index: number): Place => placeIn(context, list.rowAt(index), list.columnAt(index), list.extraAt(index))
  const fixOf = (index: number): Fix | null => ruleAt(index).repair?.(placeAt(index)) ?? null
  return {
    get count() {
      return list.count
    },
    get summary() {
      const summary: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
      list.counts.forEach((count, at) => (summary[severities[at % 3]!] += count))
      return summary
    },
    get byRule() {
      const byRule: Record<string, number> = {}
      rules.forEach((rule, number) => {
        const count = list.counts[number * 3]! + list.counts[number * 3 + 1]! + list.counts[number * 3 + 2]!
        if (count > 0) byRule[rule.id] = count
      })
      return byRule
    },
    notRun,
    placeOf: (index): FindingPlace => ({
      rule: ruleAt(index).id,
      severity: severityAt(index),
      row: list.rowAt(index),
      column: list.columnAt(index),
    }),
    rangeOf: (row) => list.rangeOf(row),
    tally() {
      const safe = list.safeCountsBy((index) => fixOf(index)?.kind === 'safe')
      return rules.flatMap((rule, number) =>
        severities.flatMap((severity, level) => {
          const count = list.counts[number * 3 + level]!
          return count === 0 ? [] : [{ rule: rule.id, severity, count, safeFixes: safe[number * 3 + level]! }]
        }),
      )
    },
    fixOf,
    describe(index, language): Finding {
      const place = placeAt(index)
      const fix = fixOf(index)
      return {
        rule: ruleAt(index).id,
        severity: severityAt(index),
        row: place.row < 0 ? null : context.table.numberOf(place.row),
        column: place.column < 0 ? null : place.header,
        value: place.row < 0 || place.column < 0 ? null : place.text,
        message: messageOf(ruleAt(index), place, language),
        ...(fix === null ? {} : { fix }),
      }
    },
  }
}

/** Where a finding stands, with what its rule may ask to put it into words. */
export const placeIn = (context: CheckContext, row: number, column: number, extra: number): Place => ({
  context,
  row,
  column,
  extra,
  text: row < 0 || column < 0 ? '' : context.textOf(column, row),
  header: column < 0 ? '' : (context.recognised(column)?.header ?? ''),
  user: () => context.user(row),
})

function messageOf(rule: Rule, place: Place, language: Language): string {
  if (rule.words !== undefined) return rule.words(place, language)
  // The pairing of a rule's facts with its message is checked where each is written; here the id ties them together again.
  const message = ruleTexts[language][rule.id as RuleId].message as (facts: RuleFacts[RuleId]) => string
  return message(rule.facts(place))
}

/** The short name of a rule, for lists and filters; a customer's own rule goes by its id. */
export const ruleTitle = (id: string, language: Language): string =>
  id in ruleTexts[language] ? ruleTexts[language][id as RuleId].title : id
