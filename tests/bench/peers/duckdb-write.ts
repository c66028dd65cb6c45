import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { connect, load } from './duckdb.ts'

export async function prepare({ file }: { readonly file: string }): Promise<DuckDBConnection> {
  const connection = await connect()
  await load(connection, 'users', file)
  return connection
}

export async function run(_args: unknown, connection: DuckDBConnection): Promise<{ readonly bytes: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  try {
    const target = path.join(folder, 'out.csv')
    await connection.run(`copy users to '${target.replace(/'/gu, "''")}' (header, delimiter ',')`)
    return { bytes: statSync(target).size }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
export const check = (): unknown => ({})
