import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { StoreProblem } from '../../ports/provisioning-store.ts'
import { copyLine } from './copy.ts'
import { metaOf, rowsOf, textOrNull } from './rows.ts'
import { migrations } from './schema.ts'

/** What refers to others comes after them. */
const tables = [
  'meta',
  'customers',
  'subscribers',
  'batches',
  'contents',
  'seeds',
  'approvals',
  'pushes',
  'ledger',
  'audit',
  'actors',
  'records',
  'purges',
]

/**
 * The whole store at one moment as an SQL script: the schema, then every table as COPY text. `psql -v ON_ERROR_STOP=1 -f FILE` puts
 * it into an empty database. The rules of the store rest while it is read in, because they know only how batches come to be.
 */
export async function writeBackup(client: Client, path: string): Promise<Result<null, StoreProblem>> {
  if ((await stat(path).catch(() => null)) !== null) return err({ kind: 'store-problem', reason: 'exists', path })
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  // Either end can fail, and each then ends the other with its own error.
  let failed: 'store' | 'file' | null = null as 'store' | 'file' | null
  async function* told(): AsyncGenerator<string> {
    try {
      yield* script(client)
    } catch (thrown) {
      failed ??= 'store'
      throw thrown
    }
  }
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true })
  file.once('error', () => {
    failed ??= 'file'
  })
  try {
    await pipeline(Readable.from(told()), file)
  } catch (thrown) {
    const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'
    if (!isTaken) await rm(path, { force: true }).catch(() => undefined)
    if (failed !== 'file') throw thrown
    await client.query('ROLLBACK')
    return err(
      isTaken
        ? { kind: 'store-problem', reason: 'exists', path }
        : { kind: 'store-problem', reason: 'not-writable', path, detail: thrown instanceof Error ? thrown.message : String(thrown) },
    )
  }
  await client.query('ROLLBACK')
  return ok(null)
}

async function* script(client: Client): AsyncGenerator<string> {
  const version = Number(await metaOf(client, 'schema'))
  yield `-- Roster provisioning store, schema ${version}\nBEGIN;\n${migrations.slice(0, version).join('\n')}\n`
  for (const table of tables) {
    const columns = await rowsOf(
      client,
      "SELECT column_name FROM information_schema.columns WHERE table_schema = 'roster' AND table_name = $1 ORDER BY ordinal_position",
      [table],
    )
    const names = columns.map((row) => textOrNull(row['column_name']) ?? '').join(', ')
    yield `ALTER TABLE roster.${table} DISABLE TRIGGER USER;\nDELETE FROM roster.${table};\nCOPY roster.${table} (${names}) FROM stdin;\n`
    yield* linesOf(client, table, columns.map((row) => `${textOrNull(row['column_name']) ?? ''}::text`).join(', '))
    yield `\\.\nALTER TABLE roster.${table} ENABLE TRIGGER USER;\n`
  }
  yield 'COMMIT;\n'
}

/** A content may be large, so those come one by one. A cursor, because not every engine copies out. */
async function* linesOf(client: Client, table: string, columns: string): AsyncGenerator<string> {
  await client.query(`DECLARE backup_rows NO SCROLL CURSOR FOR SELECT ${columns} FROM roster.${table}`)
  for (;;) {
    const { rows } = await client.query<(string | null)[]>({
      text: `FETCH ${table === 'contents' || table === 'seeds' ? 1 : 5000} FROM backup_rows`,
      rowMode: 'array',
    })
    if (rows.length === 0) break
    yield rows.map(copyLine).join('')
  }
  await client.query('CLOSE backup_rows')
}
