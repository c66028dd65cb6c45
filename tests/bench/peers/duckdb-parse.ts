import type { DuckDBConnection } from '@duckdb/node-api'
import { connect, load } from './duckdb.ts'

export const prepare = connect
export async function run({ file }: { readonly file: string }, connection: DuckDBConnection): Promise<number> {
  await load(connection, 'users', file)
  const counted = await connection.runAndReadAll('select count(*) from users')
  return Number(counted.getRows()[0]?.[0])
}
export const check = (rows: number): unknown => ({ rows })
