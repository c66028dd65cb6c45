import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { columns } from '../user-columns.ts'
import { connect, load } from './duckdb.ts'

export const prepare = connect

/** Both files read, joined by lower-cased email, a bit for each cell that differs. */
export async function run(
  { before, after }: { readonly before: string; readonly after: string },
  connection: DuckDBConnection,
): Promise<DuckDBValue[][]> {
  await load(connection, 'a', before)
  await load(connection, 'b', after)
  return join(connection)
}

/** Tables `a` and `b`, by email. */
export async function join(connection: DuckDBConnection): Promise<DuckDBValue[][]> {
  const bits = columns.map((name, index) => `(case when a."${name}" is distinct from b."${name}" then ${String(2 ** index)} else 0 end)`)
  const query = `select * from (select a.rowid as ra, b.rowid as rb, (${bits.join(' + ')})::bigint as cells
    from a full outer join b on lower(a."User ID/Email (Required)") = lower(b."User ID/Email (Required)")) where cells <> 0`
  return (await connection.runAndReadAll(query)).getColumns()
}

export function check([old = [], fresh = []]: DuckDBValue[][]): unknown {
  const added = old.filter((row) => row === null).length
  const gone = fresh.filter((row) => row === null).length
  return { added, changed: old.length - added - gone, gone }
}
