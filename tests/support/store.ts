import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSqliteLocks } from '../../backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
import { createPostgresStores, type PostgresStoresOptions } from '../../backend/adapters/store-postgres/store-postgres.ts'
import { createSqliteStores } from '../../backend/adapters/store-sqlite/store-sqlite.ts'
import type {
  ApplyCounts,
  ApplyOptions,
  BeginPush,
  NewStoredBatch,
  NumberedItem,
  ProvisioningStore,
  ProvisioningStores,
  PushSession,
} from '../../backend/ports/provisioning-store.ts'
import type { AuditFact } from '../../shared/core/batch/audit.ts'
import type { BatchItem } from '../../shared/core/batch/batch.ts'
import { itemHash } from '../../shared/core/batch/digest.ts'
import { subjectKey } from '../../shared/core/batch/drift.ts'
import { applyItem } from '../../shared/core/batch/effects.ts'
import type { Subscriber } from '../../shared/core/batch/subscriber.ts'
import { emailKey } from '../../shared/core/diff/cell-meaning.ts'
import type { Result } from '../../shared/kit/result.ts'
import { serverPassword, startPostgres, type PostgresServer } from './postgres.ts'

/** An engine under the port: every test of the suite runs over each of them. */
export interface Engine {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** A new empty store, and its address. */
  fresh(): Promise<{ readonly store: ProvisioningStore; readonly url: string; readonly stores: ProvisioningStores }>
  stop(): Promise<void>
}

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

export async function sqliteEngine(): Promise<Engine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-store-'))
  const open: ProvisioningStore[] = []
  let count = 0
  return {
    name: 'SQLite',
    async fresh() {
      const url = path.join(folder, String(++count), 'store.sqlite')
      const stores = createSqliteStores({ defaultPath: url, locksBeside: createSqliteLocks })
      const store = must(await stores.open(url, { create: true }))
      open.push(store)
      return { store, url, stores }
    },
    async stop() {
      await Promise.all(open.map((store) => store.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const postgresStores = (options: PostgresStoresOptions = {}): ProvisioningStores =>
  createPostgresStores({ password: serverPassword, ...options })

export async function postgresEngine(server?: PostgresServer): Promise<Engine & { readonly server: PostgresServer }> {
  const running = server ?? (await startPostgres({ fsync: false }))
  const open: ProvisioningStore[] = []
  const stores = postgresStores()
  return {
    name: 'PostgreSQL',
    server: running,
    async fresh() {
      const url = await running.database()
      const store = must(await stores.open(url, { create: true }))
      open.push(store)
      return { store, url, stores }
    },
    async stop() {
      await Promise.all(open.map((store) => store.close()))
      if (server === undefined) await running.stop()
    },
  }
}

// ── batches at the height of the port ────────────────────────────────────────────────────────────────────────────────────────

const hasher = { sha256: (text: string) => createHash('sha256').update(text).digest('hex') }
export const now = '2026-11-20T12:00:00.000Z'
export const fact = (what: string, counts: AuditFact['counts'] = {}): AuditFact => ({
  at: now,
  what,
  batch: null,
  digest: null,
  actor: 'a'.repeat(64),
  counts,
})
const actor = { hash: 'a'.repeat(64), name: 'Kari' }

export const user = (n: number, cells: Readonly<Record<string, string>> = {}): Subscriber => ({
  email: `user${n}@example.no`,
  package: 'Webex Calling',
  cells: { 'First Name': `Name ${n}`, Extension: String(20_000 + n), ...cells },
})
export const users = (count: number): readonly Subscriber[] => Array.from({ length: count }, (_, n) => user(n))

export const addition = (number: number, subscriber = user(number)): BatchItem => ({
  number,
  intent: 'add',
  email: subscriber.email,
  formerEmail: null,
  row: number,
  from: null,
  to: subscriber.package,
  cells: Object.entries(subscriber.cells).map(([column, after]) => ({ column, before: '', after })),
})
export const change = (number: number, column: string, before: string, after: string): BatchItem => ({
  number,
  intent: 'update',
  email: user(number).email,
  formerEmail: null,
  row: number,
  from: null,
  to: null,
  cells: [{ column, before, after }],
})
export const removal = (number: number): BatchItem => ({
  ...change(number, '', '', ''),
  intent: 'remove',
  from: 'Webex Calling',
  cells: [],
})
export const rename = (number: number, email: string): BatchItem => ({
  ...change(number, '', '', ''),
  intent: 'rename',
  email,
  formerEmail: user(number).email,
  from: 'Webex Calling',
  to: 'Webex Calling',
  cells: [],
})

export const numbered = (items: readonly BatchItem[]): readonly NumberedItem[] =>
  items.map((item) => ({ item, opHash: itemHash(item, hasher) }))

export const customer = 'Fjordkraft AS'

export function newBatch(items: number, seed: readonly Subscriber[] | null = null, over: Partial<NewStoredBatch> = {}): NewStoredBatch {
  const batch = over.batch ?? `b-${randomUUID().slice(0, 8)}`
  return {
    batch,
    customer,
    author: 'Kari',
    authorKey: 'kari',
    message: null,
    submittedAt: now,
    digest: `sha256:${batch}`,
    content: `{"of":"${batch}"}`,
    summary: { add: 0, update: items, packageChange: 0, remove: 0, rename: 0, unchanged: 0 },
    items,
    singlePerson: false,
    draft: null,
    hashKey: '00',
    actor,
    seed,
    ...over,
  }
}

/** Submitted by Kari, approved by Ola. */
export async function approvedBatch(
  store: ProvisioningStore,
  items: number,
  seed: readonly Subscriber[] | null = null,
  over: Partial<NewStoredBatch> = {},
): Promise<string> {
  const batch = newBatch(items, seed, over)
  must(await store.addBatch(batch, fact('batch/submitted'), []))
  must(
    await store.decide(
      batch.batch,
      1,
      { by: 'Ola', decision: 'approved', at: now, digest: batch.digest },
      'approved',
      fact('batch/approved'),
    ),
  )
  return batch.batch
}

export async function begin(
  store: ProvisioningStore,
  batch: string,
  mode: 'push' | 'resume' | 'retry' = 'push',
  by = 'Per',
  supplement?: BeginPush['supplement'],
): Promise<Result<PushSession, unknown>> {
  const stored = must(await store.batch(batch))
  return store.beginPush({
    batch,
    customer: stored.customer,
    version: stored.version,
    by,
    actor,
    mode,
    startedAt: now,
    audit: fact(`push/${mode}`),
    seedAudit: (count) => fact('store/seeded', { users: count }),
    ...(supplement === undefined ? {} : { supplement }),
  })
}

export const applyOptions = (over: Partial<ApplyOptions> = {}): ApplyOptions => ({
  retry: false,
  effectOf: (item, find) => applyItem(find(subjectKey(item)), item, item.intent === 'rename' ? find(emailKey(item.email)) : null),
  audit: (counts: ApplyCounts) => fact('push/applied', { ...counts }),
  at: now,
  ...over,
})
