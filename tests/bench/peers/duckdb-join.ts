import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { connect, load } from './duckdb.ts'
import { check as checkOf, join } from './duckdb-diff.ts'

export async function prepare({ before, after }: { readonly before: string; readonly after: string }): Promise<DuckDBConnection> {
  const connection = await connect()
  await load(connection, 'a', before)
  await load(connection, 'b', after)
  return connection
}

/** Two loaded tables joined. */
export const run = (_args: unknown, connection: DuckDBConnection): Promise<DuckDBValue[][]> => join(connection)
export const check = checkOf
