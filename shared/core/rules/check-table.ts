import type { Language } from '../../kit/language.ts'
import type { RecognisedColumn } from '../catalogue/column.ts'
import type { RowId } from '../table/table.ts'
import { isClear } from '../diff/cell-meaning.ts'
import { checkContext, movableUser, RowFlag, type CheckContext, type CheckInput } from './context.ts'
import { customRules } from './custom.ts'
import { findingStore, severities, type FindingStore, type SortedFindings } from './finding-store.ts'
import type { Finding, FindingPlace, Findings, Fix, NotRun, Severity } from './finding.ts'
import type { RuleFacts, RuleId } from './rule-facts.ts'
import type { Emit, Need, Place, Rule, ShapeCondition, ShapeFamily } from './rule.ts'
import type { User } from './user.ts'
import { ruleset, shapeFamilies } from './ruleset.ts'
import { ruleTexts } from './text/texts.ts'

export type { Baseline, CheckInput, CheckSettings } from './context.ts'
export { defaultSettings } from './context.ts'
export { rulesetVersion } from './ruleset.ts'

/** Findings that can be repaired. Row and column are those of the table that was checked. */
export interface CheckedFindings extends Findings {
  /** The repair of a finding, null where there is none. */
  fixOf(index: number): Fix | null
}

/**
 * Runs every rule that can run over the table. What cannot run is listed with what it would need. The findings read the tables of the
 * input when they are put into words: they hold as long as those stay as they are.
 */
export function checkTable(input: CheckInput): CheckedFindings {
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
  const store = findingStore()
  const run: Run = { context, rules, active, numberOf: new Map(rules.map((rule, i) => [rule, i])), store }
  runTableRules(run)
  runUserRules(run)
  for (const family of shapeFamilies) runShapeFamily(run, family)
  return findingsOf(context, rules, notRun, sortedFindings(context, rules.length, store))
}

interface Run {
  readonly context: CheckContext
  readonly rules: readonly Rule[]
  readonly active: readonly boolean[]
  readonly numberOf: ReadonlyMap<Rule, number>
  readonly store: FindingStore
}

const levelOf = (severity: Severity): number => severities.indexOf(severity)

function emitter(run: Run, number: number): Emit {
  const usual = levelOf(run.rules[number]!.severity[0])
  return (row, column, extra = 0, severity) => run.store.add(number, severity === undefined ? usual : levelOf(severity), row, column, extra)
}

function runTableRules(run: Run): void {
  run.rules.forEach((rule, number) => {
    if (run.active[number] === true && rule.condition.kind === 'table') rule.condition.check(run.context, emitter(run, number))
  })
}

function runUserRules(run: Run): void {
  const { context } = run
  const wanted = run.rules.flatMap((rule, number) => {
    const { condition } = rule
    if (run.active[number] !== true || (condition.kind !== 'user' && condition.kind !== 'sweep')) return []
    const emit = emitter(run, number)
    const visit = condition.kind === 'sweep' ? condition.begin(context, emit) : (user: User): void => condition.check(user, emit)
    return [{ visit, onRemovals: rule.onRemovals === true }]
  })
  if (wanted.length === 0) return
  const onRemovals = wanted.filter((rule) => rule.onRemovals)
  const user = movableUser(context)
  for (const row of context.rows) {
    user.moveTo(row)
    for (const { visit } of user.isRemoval ? onRemovals : wanted) visit(user)
  }
}

/** A rule of a family at work on one column. */
interface ShapeRun {
  readonly number: number
  readonly condition: ShapeCondition
  readonly onRemovals: boolean
  readonly level: number
}

function runShapeFamily(run: Run, family: ShapeFamily): void {
  const wanted = family.rules.flatMap((rule): ShapeRun[] => {
    const number = run.numberOf.get(rule)!
    if (run.active[number] !== true || rule.condition.kind !== 'shape') return []
    return [{ number, condition: rule.condition, onRemovals: rule.onRemovals === true, level: levelOf(rule.severity[0]) }]
  })
  if (wanted.length === 0) return
  // Of a chain, rules that are not wanted still take their place, so that filtering never makes another rule fire.
  const chain = family.isChain
    ? family.rules.map((rule) => ({
        condition: rule.condition as ShapeCondition,
        wanted: wanted.find((one) => one.number === run.numberOf.get(rule)) ?? null,
      }))
    : wanted.map((one) => ({ condition: one.condition, wanted: one }))
  for (const recognised of run.context.columns) {
    if (family.appliesTo(recognised, run.context.users)) checkShapes(run, family, chain, recognised)
  }
}

type Chain = readonly { readonly condition: ShapeCondition; readonly wanted: ShapeRun | null }[]
const nothing: readonly ShapeRun[] = []

function checkShapes(run: Run, family: ShapeFamily, chain: Chain, recognised: RecognisedColumn): void {
  const { context } = run
  const column = context.table.columns[recognised.index]!
  const hitsOfText = (raw: string): readonly ShapeRun[] => {
    if (family.isSound?.(raw) === true) return nothing
    let text = family.reads === 'raw' ? raw : raw.trim()
    if (text !== '' && isClear(text)) text = ''
    if (text === '' && family.seesBlank !== true) return nothing
    let hits: ShapeRun[] | null = null
    for (const link of chain) {
      if (!link.condition.holds(text, recognised, context)) continue
      if (link.wanted !== null) (hits ??= []).push(link.wanted)
      if (family.isChain) break
    }
    return hits ?? nothing
  }
  const user = movableUser(context)
  const emit = (row: RowId, hits: readonly ShapeRun[]): void => {
    const isRemoval = (context.flags[row]! & RowFlag.removal) !== 0
    for (const { number, condition, onRemovals, level } of hits) {
      if (isRemoval && !onRemovals) continue
      if (condition.applies === undefined && condition.severityFor === undefined) {
        run.store.add(number, level, row, recognised.index, 0)
        continue
      }
      user.moveTo(row)
      if (condition.applies?.(user) === false) continue
      run.store.add(number, condition.severityFor === undefined ? level : levelOf(condition.severityFor(user)), row, recognised.index, 0)
    }
  }
  if (column.coded) {
    const hitsOfCode: (readonly ShapeRun[])[] = []
    let any = false
    for (let code = 0; code < column.codeCount; code++) {
      const hits = hitsOfText(column.textOfCode(code))
      hitsOfCode.push(hits)
      any ||= hits.length > 0
    }
    if (!any) return
    for (const row of context.rows) {
      const hits = hitsOfCode[column.codeOf(row)]!
      if (hits.length > 0) emit(row, hits)
    }
    return
  }
  const flags = family.flags?.(recognised)
  for (const row of context.rows) {
    if ((column.isEmpty(row) && family.seesBlank !== true) || (flags !== undefined && (column.flagsOf(row) & flags) === 0)) continue
    const hits = hitsOfText(column.textOf(row))
    if (hits.length > 0) emit(row, hits)
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

function sortedFindings(context: CheckContext, ruleCount: number, store: FindingStore): SortedFindings {
  const positionOf = new Int32Array(context.table.rowLimit)
  context.rows.forEach((row, position) => (positionOf[row] = position))
  return store.sorted(positionOf, context.rows.length, context.table.columns.length, ruleCount)
}

function findingsOf(context: CheckContext, rules: readonly Rule[], notRun: readonly NotRun[], sorted: SortedFindings): CheckedFindings {
  const summary: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  const counts = new Uint32Array(rules.length)
  for (let i = 0; i < sorted.count; i++) {
    summary[severities[sorted.severities[i]!]!]++
    counts[sorted.rules[i]!]!++
  }
  const byRule = Object.fromEntries(rules.flatMap((rule, number) => (counts[number]! > 0 ? [[rule.id, counts[number]!] as const] : [])))
  const ruleAt = (index: number): Rule => rules[sorted.rules[index]!]!
  const placeAt = (index: number): Place => {
    const row = sorted.rows[index]!
    const column = sorted.columns[index]!
    return {
      context,
      row,
      column,
      extra: sorted.extras[index]!,
      text: row < 0 || column < 0 ? '' : context.textOf(column, row),
      header: column < 0 ? '' : (context.recognised(column)?.header ?? ''),
      user: () => context.user(row),
    }
  }
  const fixOf = (index: number): Fix | null => ruleAt(index).repair?.(placeAt(index)) ?? null
  return {
    count: sorted.count,
    summary,
    byRule,
    notRun,
    placeOf: (index): FindingPlace => ({
      rule: ruleAt(index).id,
      severity: severities[sorted.severities[index]!]!,
      row: sorted.rows[index]!,
      column: sorted.columns[index]!,
    }),
    fixOf,
    describe(index, language): Finding {
      const place = placeAt(index)
      const fix = fixOf(index)
      return {
        rule: ruleAt(index).id,
        severity: severities[sorted.severities[index]!]!,
        row: place.row < 0 ? null : context.table.numberOf(place.row),
        column: place.column < 0 ? null : place.header,
        value: place.row < 0 || place.column < 0 ? null : place.text,
        message: messageOf(ruleAt(index), place, language),
        ...(fix === null ? {} : { fix }),
      }
    },
  }
}

function messageOf(rule: Rule, place: Place, language: Language): string {
  if (rule.words !== undefined) return rule.words(place, language)
  // The pairing of a rule's facts with its message is checked where each is written; here the id ties them together again.
  const message = ruleTexts[language][rule.id as RuleId].message as (facts: RuleFacts[RuleId]) => string
  return message(rule.facts(place))
}

/** The short name of a rule, for lists and filters; a customer's own rule goes by its id. */
export const ruleTitle = (id: string, language: Language): string =>
  id in ruleTexts[language] ? ruleTexts[language][id as RuleId].title : id
