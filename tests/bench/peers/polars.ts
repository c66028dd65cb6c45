/**
 * polars is no package of the project: it names platform packages that were never published, and then `npm ci` of some versions of npm
 * refuses the whole lock file. Who wants it beside the others has it with `npm install --no-save nodejs-polars@0.26.1` (under Node 22 or newer).
 */
export const polarsPackage: string = 'nodejs-polars'

/** As much of the library as is used. */
export interface Polars {
  readonly Int32: unknown
  readCSV(file: string, options: { readonly inferSchemaLength: number; readonly missingIsNull: boolean }): DataFrame
  col(name: string): Expr
  lit(value: string): Expr
  concatString(columns: readonly Expr[], separator: string): Expr
}
export interface DataFrame {
  readonly height: number
  withRowIndex(name: string): DataFrame
  select(...columns: readonly (Expr | string)[]): DataFrame
  filter(condition: Expr): DataFrame
}
export interface Expr {
  readonly str: { contains(pattern: string): Expr; toLowerCase(): Expr }
  eq(other: Expr): Expr
  or(other: Expr): Expr
  and(other: Expr): Expr
  not(): Expr
  plus(other: Expr): Expr
  gt(least: number): Expr
  cast(type: unknown): Expr
  alias(name: string): Expr
  isFirstDistinct(): Expr
}

/** As many threads as the machine of the figures in docs has; the library is read after that is said. */
export async function polars(): Promise<Polars> {
  process.env['POLARS_MAX_THREADS'] = '2'
  return ((await import(polarsPackage)) as { readonly default: Polars }).default
}

/** All columns as text; a blank cell is an empty text, not null. */
export const read = (pl: Polars, file: string): DataFrame => pl.readCSV(file, { inferSchemaLength: 0, missingIsNull: false })
