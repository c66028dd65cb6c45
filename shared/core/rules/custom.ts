import { RE2JS } from 're2js'
import type { Language } from '../../kit/language.ts'
import { booleanText, readBoolean } from '../catalogue/read-boolean.ts'
import { recogniseColumns } from '../catalogue/recognise.ts'
import { packageNames } from '../catalogue/packages.ts'
import { packageBit } from '../diff/paired-columns.ts'
import { cellReader, CellState } from './cell-reader.ts'
import { RowFlag, type CheckContext } from './context.ts'
import { parseCustomRules, type CustomRule } from './custom-rule.ts'
import { baselineText } from './families/text.ts'
import type { Emit, Place, Rule } from './rule.ts'
import { textToBe } from './text-to-be.ts'

/** The customer's own rules. A profile that was read by `parseCustomerProfile` has none that is refused here. */
export function customRules(context: CheckContext): readonly Rule[] {
  const parsed = parseCustomRules(context.input.customer?.rules ?? [])
  return parsed.ok ? parsed.value.map(asRule) : []
}

function columnNamed(context: CheckContext, name: string): number {
  const exact = context.columns.find((column) => column.header === name || column.column?.name === name)
  if (exact !== undefined) return exact.index
  const meant = recogniseColumns([name])[0]?.column?.id
  return context.columns.find((column) => meant !== undefined && column.column?.id === meant)?.index ?? -1
}

type TextReader = (row: number) => string

/** What the file's own cells say: TRUE and FALSE by meaning, whatever their spelling; empty for a blank cell and for `(clear)`. */
function ownText(context: CheckContext, column: number): TextReader {
  const reader = cellReader(context.table.columns[column]!)
  const meaning = meaningOf(context, column)
  return (row) => (reader.stateOf(row) === CellState.text ? meaning(reader.textOf(row)) : '')
}

/** What will stand there: a blank cell of an existing user keeps what the baseline holds. */
function keptText(context: CheckContext, column: number): TextReader {
  const textOf = textToBe(context, context.table.columns[column]!, context.baselineColumn(column))
  const meaning = meaningOf(context, column)
  return (row) => meaning(textOf(row))
}

function meaningOf(context: CheckContext, column: number): (text: string) => string {
  if (context.recognised(column)?.column?.value !== 'boolean') return (text) => text
  // Such a column has few texts, and every row is asked.
  const known = new Map<string, string>()
  return (text) => {
    const read = known.get(text)
    if (read !== undefined) return read
    const reading = readBoolean(text)
    const meaning = reading === null ? text : booleanText(reading.value)
    known.set(text, meaning)
    return meaning
  }
}

/** Row → whether its text meets a test, asked once per distinct text. */
function textTest(textOf: TextReader, test: (text: string) => boolean): (row: number) => boolean {
  const answers = new Map<string, boolean>()
  const limit = 100_000
  return (row) => {
    const text = textOf(row)
    const known = answers.get(text)
    if (known !== undefined) return known
    const answer = test(text)
    if (answers.size < limit) answers.set(text, answer)
    return answer
  }
}

function applies(context: CheckContext, when: CustomRule['when']): ((row: number) => boolean) | null {
  if (when === undefined) return () => true
  const tests: ((row: number) => boolean)[] = []
  const bit = packageNames.filter((name) => name === when.package).reduce((bits, name) => bits | packageBit(name), 0)
  if (when.package !== undefined) tests.push((row) => context.packages[row] === bit)
  if (when.column !== undefined) {
    const column = columnNamed(context, when.column)
    if (column < 0) return null
    const textOf = keptText(context, column)
    if (when.blank !== undefined) tests.push(textTest(textOf, (text) => (text === '') === when.blank))
    if (when.oneOf !== undefined) {
      const wanted = new Set(when.oneOf.map(meaningOf(context, column)))
      tests.push(textTest(textOf, (text) => wanted.has(text)))
    }
    if (when.pattern !== undefined) {
      const pattern = RE2JS.compile(when.pattern)
      tests.push(textTest(textOf, (text) => pattern.matcher(text).find()))
    }
  }
  return (row) => tests.every((test) => test(row))
}

/** Whether a text breaks a rule that looks at one cell. What the rule itself lists is read by `meaning`, too. */
function breaks(rule: CustomRule, meaning: (text: string) => string): (text: string) => boolean {
  if (rule.required !== undefined) return (text) => text === ''
  if (rule.pattern !== undefined) {
    const pattern = RE2JS.compile(rule.pattern)
    return (text) => text !== '' && !pattern.matcher(text).find()
  }
  if (rule.oneOf !== undefined) {
    const allowed = new Set(rule.oneOf.map(meaning))
    return (text) => text !== '' && !allowed.has(text)
  }
  const most = rule.maxLength ?? Infinity
  return (text) => text.length > most && [...text].length > most
}

function checkRule(rule: CustomRule, context: CheckContext, emit: Emit): void {
  const column = columnNamed(context, rule.column)
  const isMeant = applies(context, rule.when)
  if (column < 0 || isMeant === null) return
  const isRemoval = (row: number): boolean => (context.flags[row]! & RowFlag.removal) !== 0
  if (rule.unique !== undefined) {
    const textOf = keptText(context, column)
    const first = new Map<string, number>()
    for (const row of context.rows) {
      const text = isRemoval(row) ? '' : textOf(row).toLowerCase()
      if (text === '' || !isMeant(row)) continue
      const earlier = first.get(text)
      if (earlier === undefined) first.set(text, row)
      else emit(row, column, earlier)
    }
    return
  }
  // What a user has and keeps breaks no rule on the shape of a cell.
  const textOf = rule.required === undefined ? ownText(context, column) : keptText(context, column)
  const isBroken = textTest(textOf, breaks(rule, meaningOf(context, column)))
  for (const row of context.rows) if (!isRemoval(row) && isBroken(row) && isMeant(row)) emit(row, column)
}

/** The columns that a rule on all rows reads: of packages all, since kept ones may be meant, and users to be removed hold nothing. */
function columnsOf({ column, when }: CustomRule, context: CheckContext): readonly number[] {
  const named = [column, ...(when?.column === undefined ? [] : [when.column])].map((name) => columnNamed(context, name))
  return [...named, ...[...context.users.packages.values()].flat(), context.users.email]
}

/** The first column that a rule asks about and the file lacks. */
const missingColumn = ({ column, when }: CustomRule, context: CheckContext): string | null =>
  [column, ...(when?.column === undefined ? [] : [when.column])].find((name) => columnNamed(context, name) < 0) ?? null

/** What a message quotes: a blank cell holds what it keeps. */
const quoted = (place: Place): string => (place.text.trim() === '' ? (baselineText(place) ?? '') : place.text)

const words: Readonly<Record<Language, (rule: CustomRule, place: Place) => string>> = {
  en(rule, place) {
    const { header, extra, context } = place
    const text = quoted(place)
    if (rule.required !== undefined) return `“${header}” must be filled in.`
    if (rule.pattern !== undefined) return `“${text}” does not fit the pattern ${rule.pattern}.`
    if (rule.oneOf !== undefined) return `“${text}” is none of the values allowed here: ${listed(rule.oneOf)}.`
    if (rule.unique !== undefined) return `“${text}” stands in row ${context.table.numberOf(extra)} already.`
    return `“${text}” has more than ${rule.maxLength ?? 0} characters.`
  },
  nb(rule, place) {
    const { header, extra, context } = place
    const text = quoted(place)
    if (rule.required !== undefined) return `«${header}» må fylles ut.`
    if (rule.pattern !== undefined) return `«${text}» passer ikke med mønsteret ${rule.pattern}.`
    if (rule.oneOf !== undefined) return `«${text}» er ingen av verdiene som er tillatt her: ${listed(rule.oneOf)}.`
    if (rule.unique !== undefined) return `«${text}» står allerede i rad ${context.table.numberOf(extra)}.`
    return `«${text}» har mer enn ${rule.maxLength ?? 0} tegn.`
  },
  da(rule, place) {
    const { header, extra, context } = place
    const text = quoted(place)
    if (rule.required !== undefined) return `»${header}« skal udfyldes.`
    if (rule.pattern !== undefined) return `»${text}« passer ikke med mønsteret ${rule.pattern}.`
    if (rule.oneOf !== undefined) return `»${text}« er ingen af de værdier, der er tilladt her: ${listed(rule.oneOf)}.`
    if (rule.unique !== undefined) return `»${text}« står allerede i række ${context.table.numberOf(extra)}.`
    return `»${text}« har mere end ${rule.maxLength ?? 0} tegn.`
  },
}
const listed = (values: readonly string[]): string => (values.length <= 8 ? values.join(', ') : `${values.slice(0, 8).join(', ')} …`)

const asRule = (rule: CustomRule): Rule => ({
  id: `custom/${rule.name}`,
  on: 'cell',
  severity: [rule.severity ?? 'warning'],
  when: "a rule of the customer's own",
  columns: rule.column,
  needs: [],
  missing: (context) => missingColumn(rule, context),
  source: 'the customer profile',
  condition: {
    kind: 'table',
    check: (context, emit) => {
      checkRule(rule, context, emit)
    },
    ...(rule.unique === undefined ? {} : { isOfAllRows: true, reads: (context) => columnsOf(rule, context) }),
  },
  facts: () => ({}),
  words: (place, language) => rule.message ?? words[language](rule, place),
})
