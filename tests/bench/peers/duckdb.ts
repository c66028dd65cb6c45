import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

/** In memory, with as many threads as the machine of the figures in docs has. */
export async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  return instance.connect()
}

/** All columns as text; a blank cell is an empty text, not NULL. */
export async function load(connection: DuckDBConnection, table: string, file: string): Promise<void> {
  const path = file.replace(/'/gu, "''")
  await connection.run(
    `create table ${table} as select * from read_csv('${path}', header=true, all_varchar=true, delim=',', quote='"', escape='"', nullstr='\u0001')`,
  )
}
