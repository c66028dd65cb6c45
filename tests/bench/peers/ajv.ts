import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import Papa from 'papaparse'
import {
  at,
  booleanColumns,
  callingColumns,
  columns,
  packageColumns,
  patterns,
  siteColumns,
  type RuleCounts,
  type RuleName,
} from '../fifteen-rules.ts'

const anyExtension = new RegExp(patterns.anyExtension, 'u')

type Row = Readonly<Record<string, string>>
interface Finding {
  readonly row: number
  readonly rule: RuleName
  readonly column: string
}

const name = (column: number): string => columns[column]!
const isTrue = (column: number): object => ({ properties: { [name(column)]: { const: 'TRUE' } } })
const isFilled = (column: number): object => ({ properties: { [name(column)]: { minLength: 1 } } })
const matches = (pattern: string): object => ({ type: 'string', pattern: `^$|${pattern}` })

/** Conditions by their place in `allOf`. */
const conditions: readonly RuleName[] = [
  'number missing',
  'location missing',
  'jabber calling missing',
  'jabber teams missing',
  'site missing',
]
const calling = { anyOf: callingColumns.map(isTrue) }
const anyPackage = { anyOf: packageColumns.map(isTrue) }
const schema = {
  type: 'object',
  properties: {
    [name(at.email)]: { type: 'string', minLength: 1, pattern: `^$|${patterns.email}` },
    [name(at.phone)]: matches(patterns.phone),
    [name(at.callerId)]: matches(patterns.phone),
    [name(at.extension)]: matches(patterns.extension),
    ...Object.fromEntries(booleanColumns.map((column) => [name(column), { enum: ['', 'TRUE', 'FALSE'] }])),
  },
  allOf: [
    { if: calling, then: { anyOf: [isFilled(at.extension), isFilled(at.phone)] } },
    { if: calling, then: isFilled(at.location) },
    { if: anyPackage, then: isFilled(at.jabber) },
    { if: anyPackage, then: isFilled(at.jabberTeams) },
    { if: { anyOf: siteColumns.map(isTrue) }, then: isFilled(at.site) },
    { onePackage: true },
  ],
}
const ruleOfPattern: Readonly<Record<string, RuleName>> = {
  [name(at.email)]: 'email malformed',
  [name(at.phone)]: 'phone form',
  [name(at.callerId)]: 'caller id form',
  [name(at.extension)]: 'extension form',
}

export function prepare(): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: false })
  const one = (_schema: unknown, row: Row): boolean => packageColumns.filter((column) => row[name(column)] === 'TRUE').length < 2
  ajv.addKeyword({ keyword: 'onePackage', validate: one, errors: false })
  return ajv.compile(schema)
}

/** papaparse into row objects, the compiled schema on each, Maps for what must stand once. */
export function run({ file }: { readonly file: string }, validate: ValidateFunction): readonly Finding[] {
  const rows = Papa.parse<Row>(readFileSync(file, 'utf8'), { header: true, skipEmptyLines: true }).data
  const findings: Finding[] = []
  const seen = { email: new Set<string>(), phone: new Set<string>(), extension: new Set<string>() }
  const once = (known: Set<string>, key: string, row: number, rule: RuleName, column: number): void => {
    if (known.has(key)) findings.push({ row, rule, column: name(column) })
    else known.add(key)
  }
  rows.forEach((row, at_) => {
    if (!validate(row)) for (const error of validate.errors ?? []) add(findings, at_, error)
    const email = row[name(at.email)]!
    const phone = row[name(at.phone)]!
    const extension = row[name(at.extension)]!
    const location = row[name(at.location)]!
    if (email !== '') once(seen.email, email.toLowerCase(), at_, 'email duplicate', at.email)
    if (phone !== '') once(seen.phone, phone, at_, 'phone duplicate', at.phone)
    if (anyExtension.test(extension)) once(seen.extension, `${location}\u0000${extension}`, at_, 'extension duplicate', at.extension)
  })
  return findings
}

function add(findings: Finding[], row: number, { keyword, schemaPath, instancePath }: ErrorObject): void {
  const column = instancePath.slice(1).replace(/~1/gu, '/').replace(/~0/gu, '~')
  if (keyword === 'if') findings.push({ row, rule: conditions[Number(/allOf\/(\d+)/u.exec(schemaPath)?.[1])]!, column })
  else if (keyword === 'onePackage') findings.push({ row, rule: 'several packages', column })
  else if (keyword === 'enum') findings.push({ row, rule: 'boolean invalid', column })
  else if (keyword === 'pattern') findings.push({ row, rule: ruleOfPattern[column]!, column })
  else if (keyword === 'minLength' && schemaPath.startsWith('#/properties')) findings.push({ row, rule: 'email missing', column })
}

export function check(findings: readonly Finding[]): RuleCounts {
  const counts: RuleCounts = {}
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1
  return counts
}
