import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import {
  at,
  booleanColumns,
  callingColumns,
  columns,
  packageColumns,
  patterns,
  ruleNames,
  siteColumns,
  type RuleCounts,
  type RuleName,
} from '../fifteen-rules.ts'
import { connect, load } from './duckdb.ts'

const name = (column: number): string => `"${columns[column]!}"`
const isTrue = (column: number): string => `${name(column)} = 'TRUE'`
const any = (some: readonly number[]): string => `(${some.map(isTrue).join(' or ')})`
const isBlank = (column: number): string => `${name(column)} = ''`
const bare = (pattern: string): string => pattern.replace(/^\^|\$$/gu, '')
const hasNoForm = (column: number, pattern: string): string =>
  `${name(column)} <> '' and not regexp_full_match(${name(column)}, '${bare(pattern)}')`

const rowRules: readonly (readonly [RuleName, number, string])[] = [
  ['email missing', at.email, isBlank(at.email)],
  ['email malformed', at.email, hasNoForm(at.email, patterns.email)],
  ['number missing', at.extension, `${any(callingColumns)} and ${isBlank(at.extension)} and ${isBlank(at.phone)}`],
  ['location missing', at.location, `${any(callingColumns)} and ${isBlank(at.location)}`],
  ['jabber calling missing', at.jabber, `${any(packageColumns)} and ${isBlank(at.jabber)}`],
  ['jabber teams missing', at.jabberTeams, `${any(packageColumns)} and ${isBlank(at.jabberTeams)}`],
  ['site missing', at.site, `${any(siteColumns)} and ${isBlank(at.site)}`],
  ['several packages', at.calling, `(${packageColumns.map((column) => `(${isTrue(column)})::int`).join(' + ')}) > 1`],
  ...booleanColumns.map((column) => ['boolean invalid', column, `${name(column)} not in ('', 'TRUE', 'FALSE')`] as const),
  ['phone form', at.phone, hasNoForm(at.phone, patterns.phone)],
  ['caller id form', at.callerId, hasNoForm(at.callerId, patterns.phone)],
  ['extension form', at.extension, hasNoForm(at.extension, patterns.extension)],
]
/** Every row but the first of those that have the same key. */
const onceRules: readonly (readonly [RuleName, number, string, string])[] = [
  ['email duplicate', at.email, `lower(${name(at.email)})`, `${name(at.email)} <> ''`],
  ['phone duplicate', at.phone, name(at.phone), `${name(at.phone)} <> ''`],
  [
    'extension duplicate',
    at.extension,
    `${name(at.location)} || chr(0) || ${name(at.extension)}`,
    `regexp_full_match(${name(at.extension)}, '${bare(patterns.anyExtension)}')`,
  ],
]
const number = (rule: RuleName): string => String(ruleNames.indexOf(rule))
const query = [
  ...rowRules.map(
    ([rule, column, holds]) => `select rowid as r, ${number(rule)} as rule, ${String(column)} as c from users where ${holds}`,
  ),
  ...onceRules.map(
    ([rule, column, key, where]) =>
      `select unnest(l[2:]) as r, ${number(rule)} as rule, ${String(column)} as c from (select list_sort(list(rowid)) as l from users where ${where} group by ${key} having count(*) > 1)`,
  ),
].join(' union all ')

export const prepare = connect

/** read_csv, then the fifteen rules as one query. */
export async function run({ file }: { readonly file: string }, connection: DuckDBConnection): Promise<DuckDBValue[][]> {
  await load(connection, 'users', file)
  return (await connection.runAndReadAll(query)).getColumns()
}

export function check([, rules = []]: DuckDBValue[][]): RuleCounts {
  const counts: RuleCounts = {}
  for (const rule of rules) {
    const known = ruleNames[Number(rule)]!
    counts[known] = (counts[known] ?? 0) + 1
  }
  return counts
}
