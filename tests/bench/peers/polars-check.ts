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
import { polars, read, type DataFrame, type Expr, type Polars } from './polars.ts'

export const prepare = polars

/** read_csv, then the fifteen rules as a column of yes and no each; what fails is kept as rows. */
export function run({ file }: { readonly file: string }, pl: Polars): readonly (readonly [RuleName, DataFrame])[] {
  const users = read(pl, file).withRowIndex('row')
  const column = (index: number): Expr => pl.col(columns[index]!)
  const isTrue = (index: number): Expr => column(index).eq(pl.lit('TRUE'))
  const isBlank = (index: number): Expr => column(index).eq(pl.lit(''))
  const any = (some: readonly number[]): Expr => some.map(isTrue).reduce((either, one) => either.or(one))
  const hasNoForm = (index: number, pattern: string): Expr => isBlank(index).or(column(index).str.contains(pattern)).not()
  const again = (key: Expr, counts: Expr): Expr => counts.and(key.isFirstDistinct().not())
  const tests: readonly (readonly [RuleName, Expr])[] = [
    ['email missing', isBlank(at.email)],
    ['email malformed', hasNoForm(at.email, patterns.email)],
    ['number missing', any(callingColumns).and(isBlank(at.extension)).and(isBlank(at.phone))],
    ['location missing', any(callingColumns).and(isBlank(at.location))],
    ['jabber calling missing', any(packageColumns).and(isBlank(at.jabber))],
    ['jabber teams missing', any(packageColumns).and(isBlank(at.jabberTeams))],
    ['site missing', any(siteColumns).and(isBlank(at.site))],
    [
      'several packages',
      packageColumns
        .map((index) => isTrue(index).cast(pl.Int32))
        .reduce((sum, one) => sum.plus(one))
        .gt(1),
    ],
    ...booleanColumns.map(
      (index) =>
        [
          'boolean invalid',
          isBlank(index)
            .or(isTrue(index))
            .or(column(index).eq(pl.lit('FALSE')))
            .not(),
        ] as const,
    ),
    ['phone form', hasNoForm(at.phone, patterns.phone)],
    ['caller id form', hasNoForm(at.callerId, patterns.phone)],
    ['extension form', hasNoForm(at.extension, patterns.extension)],
    ['email duplicate', again(column(at.email).str.toLowerCase(), isBlank(at.email).not())],
    ['phone duplicate', again(column(at.phone), isBlank(at.phone).not())],
    [
      'extension duplicate',
      again(
        pl.concatString([column(at.location), column(at.extension)], '\u0000'),
        column(at.extension).str.contains(patterns.anyExtension),
      ),
    ],
  ]
  const told = users.select(pl.col('row'), ...tests.map(([, test], place) => test.alias(String(place))))
  return tests.map(([rule], place) => [rule, told.filter(pl.col(String(place))).select('row')])
}

export function check(found: readonly (readonly [RuleName, DataFrame])[]): RuleCounts {
  const counts: RuleCounts = {}
  for (const rule of ruleNames) {
    const failing = found.reduce((sum, [name, rows]) => sum + (name === rule ? rows.height : 0), 0)
    if (failing > 0) counts[rule] = failing
  }
  return counts
}
