import type { Language } from '../../kit/language.ts'
import { checkContext, movableUser, type CheckContext, type CheckInput } from './context.ts'
import { customRules } from './custom.ts'
import type { RowId } from '../table/table.ts'
import { FindingList } from './finding-list.ts'
import { findingStore, severities } from './finding-store.ts'
import { newFirstSeen } from './first-seen.ts'
import type { Finding, FindingPlace, Findings, Fix, NotRun, Severity } from './finding.ts'
import type { RuleFacts, RuleId } from './rule-facts.ts'
import type { Need, Place, Rule, UserCondition } from './rule.ts'
import { emitter, type Run } from './run.ts'
import type { User } from './user.ts'
import { noForm, userForms } from './user-forms.ts'
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

export function checkWhole(input: CheckInput): CheckedTable {
  const context = checkContext(input)
  const rules = [...ruleset, ...customRules(context)]
  const isWanted = ruleFilter(input)
  const notRun: NotRun[] = []
  const active = rules.map((rule) => {
    if (!isWanted(rule.id)) return false
    const missing = missingNeeds(rule, context)
    if (missing !== '') notRun.push({ rule: rule.id, needs: missing })
    return missing === ''
  })
  const run: Run = {
    context,
    rules,
    active,
    numberOf: new Map(rules.map((rule, i) => [rule, i])),
    store: findingStore(Math.min(context.rows.length, mostExpected)),
  }
  runRules(run, shapesOf(run), true)
  const list = findingList(run)
  // What the walk remembered is of no use any more.
  context.firstSeen = newFirstSeen(0)
  return { findings: findingsOf(run, notRun, list), list, run }
}

/** Runs the active rules over the rows of the context. `isWhole`: these are all rows, and what is remembered of them is still empty. */
export function runRules(run: Run, shapes: ReturnType<typeof shapesOf>, isWhole = false): void {
  runTableRules(run)
  runUserRules(run, isWhole)
  runShapes(run, shapes)
}

/** A clean table has few findings; room for so many is no loss. */
const mostExpected = 1 << 17

function runTableRules(run: Run): void {
  run.rules.forEach((rule, number) => {
    if (run.active[number] === true && rule.condition.kind === 'table') rule.condition.check(run.context, emitter(run, number))
  })
}

interface Visit {
  readonly visit: (user: User) => void
  readonly onRemovals: boolean
}
interface FormVisit extends Visit {
  readonly condition: UserCondition
}

function runUserRules(run: Run, isWhole: boolean): void {
  const { context } = run
  const each: Visit[] = []
  const byForm: FormVisit[] = []
  run.rules.forEach((rule, number) => {
    const { condition } = rule
    if (run.active[number] !== true) return
    const emit = emitter(run, number)
    const onRemovals = rule.onRemovals === true
    if (condition.kind === 'sweep') {
      if (!isWhole || condition.whole?.(context, emit) !== true) each.push({ visit: condition.begin(context, emit), onRemovals })
    } else if (condition.kind === 'user') {
      const visit = (user: User): void => {
        condition.check(user, emit)
      }
      if (isWhole && condition.sees !== undefined) byForm.push({ visit, onRemovals, condition })
      else each.push({ visit, onRemovals })
    }
  })
  if (each.length + byForm.length === 0) return
  const onRemovals = each.filter((rule) => rule.onRemovals)
  const visitsOf = byForm.length === 0 ? null : visitsByForm(context, byForm)
  const user = movableUser(context)
  for (let i = 0; i < context.rows.length; i++) {
    const row = context.rows[i]!
    const visits = visitsOf === null ? none : visitsOf(row)
    if (visits.length === 0 && each.length === 0) continue
    user.moveTo(row)
    for (const { visit } of user.isRemoval ? onRemovals : each) visit(user)
    for (const { visit, onRemovals: takesRemovals } of visits) if (takesRemovals || !user.isRemoval) visit(user)
  }
}
const none: readonly Visit[] = []

/** Of most users nothing is to be said, and thousands are alike: the rules are asked about one of each form, and run where they spoke. */
function visitsByForm(context: CheckContext, rules: readonly FormVisit[]): (row: RowId) => readonly Visit[] {
  const forms = userForms(context, [...new Set(rules.flatMap(({ condition }) => condition.sees ?? []))])
  const known = new Map<number, readonly Visit[]>()
  const user = movableUser(context)
  let lastForm = noForm
  let last: readonly Visit[] = rules
  return (row) => {
    const form = forms[row]!
    if (form === noForm) return rules
    if (form === lastForm) return last
    lastForm = form
    const found = known.get(form)
    if (found !== undefined) return (last = found)
    user.moveTo(row)
    last = rules.filter(({ condition }) => {
      let spoken = 0
      condition.check(user, () => void spoken++)
      return spoken > 0
    })
    known.set(form, last)
    return last
  }
}

function missingNeeds(rule: Rule, context: CheckContext): string {
  const isThere = (need: Need): boolean => (need === 'baseline' ? context.baseline !== null : (context.customer?.has(need) ?? false))
  return rule.needs
    .map((need) => (typeof need === 'string' ? [need] : need))
    .filter((anyOf) => !anyOf.some(isThere))
    .map((anyOf) => anyOf.join(' or '))
    .join(', ')
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
  return new FindingList(store.sorted(positionOf, context.rows.length), positionOf, rules.length)
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
