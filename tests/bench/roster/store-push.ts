import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { copyLine, type CopyRow } from '../../../backend/adapters/store-postgres/copy.ts'
import { createSqliteLocks } from '../../../backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
import { createSqliteStores } from '../../../backend/adapters/store-sqlite/store-sqlite.ts'
import type { NumberedItem, ProvisioningStore } from '../../../backend/ports/provisioning-store.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { serverPassword } from '../../support/postgres.ts'
import {
  addition,
  applyOptions,
  approvedBatch,
  begin,
  customer,
  fact,
  must,
  now,
  numbered,
  postgresStores,
  user,
} from '../../support/store.ts'

/** What is measured: Roster's push, and others that put the same rows into the same engine with nothing of a push around them. */
export type How = 'roster-postgres' | 'psql-copy' | 'copy-and-merge' | 'row-by-row' | 'roster-sqlite' | 'bare-sqlite'

interface Args {
  readonly how: How
  readonly rows: number
  readonly chunk: number
  /** Of the server's own database. */
  readonly server: string
}

interface Prepared {
  readonly go: () => Promise<number> | number
  readonly count: () => Promise<number>
}

const columns =
  'customer INTEGER NOT NULL, email_key TEXT NOT NULL, email TEXT NOT NULL, package TEXT, cells TEXT NOT NULL, row_version INTEGER NOT NULL'
const rowOf = ({ email, package: held, cells }: Subscriber): CopyRow => [1, email, email, held, JSON.stringify(cells), 1]
export const benchUser = (n: number): Subscriber =>
  user(n, {
    'Last Name': `Family ${n % 997}`,
    'Phone Number': `+4721${String(100_000 + n)}`,
    Location: 'Oslo HQ',
    Department: 'Salg',
    'Preferred Webex Site': 'example.webex.com',
  })
const subscribers = (rows: number): readonly Subscriber[] => Array.from({ length: rows }, (_, n) => benchUser(n))

/** A quarter of a megabyte a piece. */
function* linesOf(users: readonly Subscriber[]): Generator<Buffer> {
  let text = ''
  for (const one of users) {
    text += copyLine(rowOf(one))
    if (text.length < 256 * 1024) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

export async function prepare({ how, rows, chunk, server }: Args): Promise<Prepared> {
  if (how === 'roster-sqlite' || how === 'bare-sqlite') return prepareSqlite(how, rows, chunk)
  const url = await freshDatabase(server)
  if (how === 'roster-postgres') {
    const store = must(await postgresStores().open(url, { create: true }))
    return pushInto(store, rows, chunk)
  }
  const client = clientOf(url)
  await client.connect()
  const count = async () => Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM users')).rows[0]?.n)
  const users = subscribers(rows)
  if (how === 'psql-copy') {
    await client.query(`CREATE TABLE users (${columns})`)
    const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
    const file = path.join(folder, 'users.tsv')
    writeFileSync(file, users.map((one) => copyLine(rowOf(one))).join(''))
    const address = new URL(url)
    return {
      go: () => {
        execFileSync(
          'psql',
          [
            '-q',
            '-h',
            '127.0.0.1',
            '-p',
            address.port,
            '-U',
            'postgres',
            '-d',
            address.pathname.slice(1),
            '-c',
            `\\copy users from '${file}'`,
          ],
          {
            env: { ...process.env, PGPASSWORD: serverPassword },
          },
        )
        rmSync(folder, { recursive: true })
        return rows
      },
      count,
    }
  }
  await client.query(`CREATE TABLE users (${columns}, PRIMARY KEY (customer, email_key))`)
  if (how === 'copy-and-merge') {
    await client.query(`CREATE TEMPORARY TABLE staged (${columns})`)
    return {
      go: async () => {
        await client.query('BEGIN')
        await pipeline(Readable.from(linesOf(users)), client.query(copyFrom('COPY staged FROM STDIN')))
        await client.query('INSERT INTO users SELECT * FROM staged ON CONFLICT (customer, email_key) DO UPDATE SET cells = excluded.cells')
        await client.query('COMMIT')
        return rows
      },
      count,
    }
  }
  return {
    go: async () => {
      for (const one of users) await client.query('INSERT INTO users VALUES ($1, $2, $3, $4, $5, $6)', [...rowOf(one)])
      return rows
    },
    count,
  }
}

async function prepareSqlite(how: How, rows: number, chunk: number): Promise<Prepared> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  const file = path.join(folder, 'store.sqlite')
  if (how === 'roster-sqlite') {
    const stores = createSqliteStores({ defaultPath: file, locksBeside: createSqliteLocks })
    return pushInto(must(await stores.open(undefined, { create: true })), rows, chunk)
  }
  const database = new DatabaseSync(file)
  database.exec(
    `PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE users (${columns}, PRIMARY KEY (customer, email_key)) STRICT, WITHOUT ROWID`,
  )
  const users = subscribers(rows)
  return {
    go: () => {
      const insert = database.prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)')
      database.exec('BEGIN')
      for (const one of users) insert.run(...(rowOf(one) as (string | number | null)[]))
      database.exec('COMMIT')
      return rows
    },
    count: async () => Number(database.prepare('SELECT count(*) AS n FROM users').get()?.['n']),
  }
}

async function pushInto(store: ProvisioningStore, rows: number, chunk: number): Promise<Prepared> {
  const batch = await approvedBatch(store, rows)
  const items: readonly NumberedItem[] = numbered(Array.from({ length: rows }, (_, n) => addition(n, benchUser(n))))
  return {
    go: async () => {
      const session = must(await begin(store, batch))
      // As the service does it: the next portion is prepared while the store is at work on this one.
      let ahead: ReturnType<typeof session.apply> | null = null
      for (let from = 0; from < rows; from += chunk) {
        const next = session.apply(items.slice(from, from + chunk), applyOptions())
        if (ahead !== null) must(await ahead)
        ahead = next
      }
      if (ahead !== null) must(await ahead)
      must(await session.finish('applied', now, fact('push/finished')))
      session.release()
      return rows
    },
    count: async () => {
      const applied = must(await store.ledger(batch)).filter(({ outcome }) => outcome === 'applied').length
      return applied === rows ? (must(await store.subscribers(customer))?.length ?? 0) : -1
    },
  }
}

async function freshDatabase(server: string): Promise<string> {
  const client = clientOf(server)
  await client.connect()
  const name = `bench_${process.pid}`
  await client.query(`DROP DATABASE IF EXISTS ${name}`)
  await client.query(`CREATE DATABASE ${name}`)
  await client.query('CHECKPOINT')
  await client.end()
  return server.replace(/\/[^/]*$/u, `/${name}`)
}

function clientOf(url: string): pg.Client {
  const { port, pathname } = new URL(url)
  return new pg.Client({ host: '127.0.0.1', port: Number(port), user: 'postgres', password: serverPassword, database: pathname.slice(1) })
}

export async function run(_: Args, { go, count }: Prepared): Promise<{ readonly rows: number; readonly count: Prepared['count'] }> {
  return { rows: await go(), count }
}
export const check = ({ rows }: { readonly rows: number }): unknown => ({ rows })
