// Puts an approved batch of additions into a new store and prints its id: `node put-batch.ts ARGS`.
import pg from 'pg'
import { createHash } from 'node:crypto'
import { createSqliteLocks } from '../../../backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
import { createSqliteStores } from '../../../backend/adapters/store-sqlite/store-sqlite.ts'
import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { digestOf, serializeContent } from '../../../shared/core/batch/digest.ts'
import { serverPassword } from '../../support/postgres.ts'
import { addition, approvedBatch, customer, must, postgresStores } from '../../support/store.ts'
import { benchUser } from './store-push.ts'

const {
  engine,
  rows,
  server,
  store: url,
} = JSON.parse(process.argv[2] ?? '{}') as {
  readonly engine: 'sqlite' | 'postgres'
  readonly rows: number
  readonly server: string
  readonly store: string
}
if (engine === 'postgres') {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(new URL(server).port),
    user: 'postgres',
    password: serverPassword,
    database: 'postgres',
  })
  await client.connect()
  await client.query(`CREATE DATABASE ${new URL(url).pathname.slice(1)}`)
  await client.end()
}
const stores = engine === 'postgres' ? postgresStores() : createSqliteStores({ defaultPath: url, locksBeside: createSqliteLocks })
const store = must(await stores.open(url, { create: true, init: true }))
const content: BatchContent = {
  format: 1,
  customer,
  author: 'Kari',
  rulesetVersion: '1',
  target: null,
  baseline: { kind: 'none', fingerprint: '', users: 0 },
  header: [],
  summary: { add: rows, update: 0, packageChange: 0, remove: 0, rename: 0, unchanged: 0 },
  packages: [],
  confirmedRemovals: 0,
  ignored: [],
  items: Array.from({ length: rows }, (_, n) => addition(n, benchUser(n))),
}
const digest = digestOf(content, { sha256: (text) => createHash('sha256').update(text).digest('hex') })
const batch = await approvedBatch(store, rows, null, { content: serializeContent(content), digest, summary: content.summary })
await store.close()
process.stdout.write(`${batch}\n`)
