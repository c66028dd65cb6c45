import { createHash, randomUUID } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import { emptyAuditHead, nextEntry, type AuditEntry, type AuditFact, type AuditHead } from '../../../shared/core/batch/audit.ts'
import type { Approval, BatchState } from '../../../shared/core/batch/batch.ts'
import type { Hasher } from '../../../shared/core/batch/hasher.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Actor, PushRecord, StoreProblem } from '../../ports/provisioning-store.ts'
import { migrate, schemaVersion, storeApplicationId } from './schema.ts'

/** Another program may be writing for this long before a call gives up. */
export const busyTimeoutMs = 10_000

/** A connection with a schema of this version, or why not. */
export function connect(file: string): Result<DatabaseSync, StoreProblem> {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    const { version, isStore } = kindOf(database)
    if (!isStore) {
      database.close()
      return err(unreachable(file, 'the file is no provisioning store'))
    }
    if (version <= schemaVersion) database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;')
    // Another process may be bringing it forward at this very moment.
    const found = version < schemaVersion ? migrate(database) : version
    if (found !== schemaVersion) {
      database.close()
      return err({ kind: 'store-problem', reason: 'wrong-schema', found, wanted: schemaVersion })
    }
    if (metaOf(database, 'lineage') === '') {
      database
        .prepare("INSERT INTO meta (name, value) VALUES ('lineage', ?), ('serial', '0') ON CONFLICT (name) DO NOTHING")
        .run(randomUUID())
    }
    return ok(database)
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

/** Read of one moment: somebody else may be making the store right now. An empty file becomes one. */
function kindOf(database: DatabaseSync): { readonly version: number; readonly isStore: boolean } {
  database.exec('BEGIN')
  try {
    const version = Number(one(database, 'PRAGMA user_version')['user_version'])
    const application = Number(one(database, 'PRAGMA application_id')['application_id'])
    const isEmpty = version === 0 && application === 0 && Number(one(database, 'SELECT count(*) AS n FROM sqlite_master')['n']) === 0
    return { version, isStore: isEmpty || application === storeApplicationId }
  } finally {
    if (database.isTransaction) database.exec('COMMIT')
  }
}

export const storeHasher: Hasher = { sha256: (text) => createHash('sha256').update(text).digest('hex') }

// ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface BatchRow {
  readonly batch: string
  readonly place: number
  readonly customer_key: string
  readonly customer: string
  readonly state: BatchState
  readonly version: number
  readonly author: string
  readonly message: string | null
  readonly submitted_at: string
  readonly digest: string
  readonly summary: string
  readonly items: number
  readonly single_person: number
  readonly draft: string | null
  readonly hash_key: string
}
export interface ApprovalRow extends Omit<Approval, 'message' | 'signature'> {
  readonly message: string | null
  readonly signature: string | null
}
export interface PushRow {
  readonly push: number
  readonly by: string
  readonly mode: PushRecord['mode']
  readonly started_at: string
  readonly finished_at: string | null
  readonly serial_before: number
  readonly serial_after: number | null
  readonly audit_entry: number | null
  readonly audit_hash: string | null
}
export interface AuditRow extends Omit<AuditEntry, 'counts'> {
  readonly counts: string
}
export interface SubscriberRow {
  readonly email: string
  readonly package: string | null
  readonly cells: string
}

/** What the store wrote as JSON. What cannot be read back was changed from outside, or its disk lost it: no fault of the program's. */
export function kept(text: unknown, what: string): unknown {
  try {
    return JSON.parse(String(text)) as unknown
  } catch {
    throw new StoreRefusal('refused', damaged(what))
  }
}
export const damaged = (what: string): string => `${what} is damaged in the store, so nothing was done. A backup of the store has it whole`

export const entryOf = ({ entry, at, what, batch, digest, actor, counts, hash }: AuditRow): AuditEntry => ({
  entry,
  at,
  what,
  batch,
  digest,
  actor,
  counts: countsOf(counts),
  hash,
})

/** Counts that cannot be read are none: then the entry is not what its hash was made of, and who verifies the log is told of it. */
function countsOf(text: string): AuditEntry['counts'] {
  try {
    return JSON.parse(text) as AuditEntry['counts']
  } catch {
    return {}
  }
}

export const subscriberOf = (row: SubscriberRow): Subscriber => ({
  email: row.email,
  package: row.package as Subscriber['package'],
  cells: kept(row.cells, 'The record of a user') as Subscriber['cells'],
})

// ── small words over a connection ────────────────────────────────────────────────────────────────────────────────────────────

export const one = (database: DatabaseSync, sql: string): Readonly<Record<string, unknown>> => database.prepare(sql).get() ?? {}
export const customerKey = (name: string): string => name.normalize('NFC').trim().toLowerCase()
export const pushLockName = (key: string): string => `push-${storeHasher.sha256(key).slice(0, 16)}`
export const metaOf = (database: DatabaseSync, name: string): string =>
  String(database.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.['value'] ?? '')
export const countOf = (database: DatabaseSync, table: 'customers' | 'subscribers' | 'batches' | 'audit'): number =>
  Number(one(database, `SELECT count(*) AS n FROM ${table}`)['n'])

export function customerId(database: DatabaseSync, name: string): number | null {
  const row = database.prepare('SELECT id FROM customers WHERE name_key = ?').get(customerKey(name))
  return row === undefined ? null : Number(row['id'])
}

/** The ledger knows batches by their place. */
export const placeOfBatch = '(SELECT place FROM batches WHERE batch = ?)'

/** False: somebody else changed the batch first. */
export function changeState(database: DatabaseSync, batch: string, version: number, next: BatchState): boolean {
  const { changes } = database
    .prepare('UPDATE batches SET state = ?, version = version + 1 WHERE batch = ? AND version = ?')
    .run(next, batch, version)
  return Number(changes) === 1
}

export function auditHead(database: DatabaseSync): AuditHead {
  const row = database.prepare('SELECT entry, hash FROM audit ORDER BY entry DESC LIMIT 1').get()
  return row === undefined ? emptyAuditHead : { entry: Number(row['entry']), hash: String(row['hash']) }
}

export function appendAudit(database: DatabaseSync, fact: AuditFact): AuditHead {
  const { entry, at, what, batch, digest, actor, counts, hash } = nextEntry(auditHead(database), fact, storeHasher)
  database
    .prepare('INSERT INTO audit (entry, at, what, batch, digest, actor, counts, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(entry, at, what, batch, digest, actor, JSON.stringify(counts), hash)
  return { entry, hash }
}

export function keepActor(database: DatabaseSync, { hash, name }: Actor): void {
  database.prepare('INSERT INTO actors (hash, name) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING').run(hash, name)
}

export function bumpSerial(database: DatabaseSync): void {
  database.exec("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'serial'")
}

/** The batch's own baseline, verified against the hash that was stored with it; null where there is none. */
export function seedOf(database: DatabaseSync, batch: string): readonly Subscriber[] | null {
  const row = database.prepare('SELECT sha256, zipped FROM seeds WHERE batch = ?').get(batch) as
    { sha256: string; zipped: Uint8Array } | undefined
  if (row === undefined) return null
  const text = gunzipSync(row.zipped).toString('utf8')
  if (storeHasher.sha256(text) !== row.sha256) throw new StoreRefusal('content-changed', 'the baseline kept with the batch was changed')
  return JSON.parse(text) as readonly Subscriber[]
}

/** Prepared once for the many rows of a push. */
export function subscriberWriter(database: DatabaseSync, customer: number): (subscriber: Subscriber) => void {
  const put: StatementSync = database.prepare(
    `INSERT INTO subscribers (customer, email_key, email, package, cells, row_version) VALUES (?, ?, ?, ?, ?, 1)
     ON CONFLICT (customer, email_key) DO UPDATE SET email = excluded.email, package = excluded.package, cells = excluded.cells, row_version = row_version + 1`,
  )
  return ({ email, package: held, cells }) => {
    put.run(customer, emailKey(email), email, held, JSON.stringify(cells))
  }
}

// ── transactions and trouble ─────────────────────────────────────────────────────────────────────────────────────────────────

export function inTransaction<T>(database: DatabaseSync, work: () => Result<T, StoreProblem>): Result<T, StoreProblem> {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec(result.ok ? 'COMMIT' : 'ROLLBACK')
    return result
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw thrown
  }
}

/** Ends a transaction from deep within it. */
export class StoreRefusal extends Error {
  readonly reason: 'content-changed' | 'refused'
  constructor(reason: 'content-changed' | 'refused', detail: string) {
    super(detail)
    this.reason = reason
  }
}

export function guarded<T>(file: string, work: () => Result<T, StoreProblem>): Result<T, StoreProblem> {
  try {
    return work()
  } catch (thrown) {
    return err(problemOf(file, thrown))
  }
}

export function problemOf(file: string, thrown: unknown): StoreProblem {
  if (thrown instanceof StoreRefusal) return { kind: 'store-problem', reason: thrown.reason, detail: thrown.message }
  if (isBusy(thrown)) return { kind: 'store-problem', reason: 'busy', owner: 'another program' }
  // Driver messages of constraints name columns, never values.
  if (isConstraint(thrown)) return { kind: 'store-problem', reason: 'refused', detail: messageOf(thrown) }
  if (isDamage(thrown)) return damagedFile(file, messageOf(thrown))
  if (sqliteCode(thrown) !== null) return unreachable(file, plainOf(thrown))
  throw thrown
}

/** Its result code, without the finer distinctions; null where it was not SQLite that threw. */
export const sqliteCode = (thrown: unknown): number | null =>
  thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : null
/** A constraint or one of the store's own triggers. */
export const isConstraint = (thrown: unknown): boolean => sqliteCode(thrown) === 19
/** Pages that contradict each other, or a file that is no database at all. */
export const isDamage = (thrown: unknown): boolean => sqliteCode(thrown) === 11 || sqliteCode(thrown) === 26
export const isBusy = (thrown: unknown): boolean => sqliteCode(thrown) === 5 || sqliteCode(thrown) === 6

export const unreachable = (url: string, detail: string): StoreProblem => ({ kind: 'store-problem', reason: 'unreachable', url, detail })
export const damagedFile = (url: string, detail: string): StoreProblem => ({ kind: 'store-problem', reason: 'damaged', url, detail })
export const noSuchBatch: StoreProblem = { kind: 'store-problem', reason: 'no-such-batch' }
/** Why a store's file cannot be used, for people. */
export const plainOf = (thrown: unknown): string =>
  sqliteCode(thrown) === 8 ? 'its file or folder can only be read (its rights, or the medium it lies on)' : messageOf(thrown)
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
