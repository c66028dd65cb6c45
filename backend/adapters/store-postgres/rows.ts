import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Client } from 'pg'
import { emptyAuditHead, nextEntry, type AuditEntry, type AuditFact, type AuditHead } from '../../../shared/core/batch/audit.ts'
import type { BatchState } from '../../../shared/core/batch/batch.ts'
import type { Hasher } from '../../../shared/core/batch/hasher.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import type { ChangeSummary } from '../../../shared/core/diff/change-set.ts'
import type { Actor, StoredBatch } from '../../ports/provisioning-store.ts'
import { StoreRefusal } from './trouble.ts'

export const storeHasher: Hasher = { sha256: (text) => createHash('sha256').update(text).digest('hex') }
export const customerKey = (name: string): string => name.normalize('NFC').trim().toLowerCase()

export type Row = Readonly<Record<string, unknown>>

export async function rowsOf(client: Client, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  return (await client.query<Row>(text, [...values])).rows
}
export async function rowOf(client: Client, text: string, values: readonly unknown[] = []): Promise<Row | null> {
  return (await rowsOf(client, text, values))[0] ?? null
}
/** How many rows a statement changed. */
export async function changedBy(client: Client, text: string, values: readonly unknown[] = []): Promise<number> {
  return (await client.query(text, [...values])).rowCount ?? 0
}

export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
export const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))

/** What the store wrote as JSON. What cannot be read back was changed from outside: no fault of the program's. */
export function kept(text: unknown, what: string): unknown {
  try {
    return JSON.parse(String(text)) as unknown
  } catch {
    const detail = `${what} is damaged in the store, so nothing was done. A backup of the store has it whole`
    throw new StoreRefusal({ kind: 'store-problem', reason: 'refused', detail })
  }
}

// ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The ledger knows batches by their place. Stands for the first value of a query. */
export const placeOfBatch = '(SELECT place FROM roster.batches WHERE batch = $1)'

/** `isHeld`: whether a push holds its customer at this moment. */
export function batchOf(row: Row, isHeld: boolean): StoredBatch {
  const state = row['state'] as BatchState
  return {
    batch: String(row['batch']),
    customer: String(row['customer']),
    state: state === 'pushing' && !isHeld ? 'interrupted' : state,
    version: Number(row['version']),
    author: String(row['author']),
    message: textOrNull(row['message']),
    submittedAt: String(row['submitted_at']),
    digest: String(row['digest']),
    summary: kept(row['summary'], `The record of ${String(row['batch'])}`) as ChangeSummary,
    items: Number(row['items']),
    singlePerson: row['single_person'] === true,
    draft: textOrNull(row['draft']),
    hashKey: String(row['hash_key']),
  }
}

/** False: somebody else changed the batch first. */
export async function changeState(client: Client, batch: string, version: number, next: BatchState): Promise<boolean> {
  const changed = await changedBy(client, 'UPDATE roster.batches SET state = $1, version = version + 1 WHERE batch = $2 AND version = $3', [
    next,
    batch,
    version,
  ])
  return changed === 1
}

// ── store-wide facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function metaOf(client: Client, name: string): Promise<string> {
  return textOrNull((await rowOf(client, 'SELECT value FROM roster.meta WHERE name = $1', [name]))?.['value']) ?? ''
}

/**
 * The serial, and with it the turn to write to the audit log: writers of the whole store stand in line here, as late in their
 * transactions as they can.
 */
export async function takeSerial(client: Client): Promise<number> {
  return Number((await rowOf(client, "SELECT value FROM roster.meta WHERE name = 'serial' FOR UPDATE"))?.['value'] ?? 0)
}
export const setSerial = (client: Client, serial: number): Promise<number> =>
  changedBy(client, "UPDATE roster.meta SET value = $1 WHERE name = 'serial'", [String(serial)])

export async function customerId(client: Client, name: string): Promise<number | null> {
  return numberOrNull((await rowOf(client, 'SELECT id FROM roster.customers WHERE name_key = $1', [customerKey(name)]))?.['id'])
}

export async function auditHead(client: Client): Promise<AuditHead> {
  const row = await rowOf(client, 'SELECT entry, hash FROM roster.audit ORDER BY entry DESC LIMIT 1')
  return row === null ? emptyAuditHead : { entry: Number(row['entry']), hash: String(row['hash']) }
}

/** Only in a transaction that has taken the serial. */
export async function appendAudit(client: Client, fact: AuditFact): Promise<AuditHead> {
  const { entry, at, what, batch, digest, actor, counts, hash } = nextEntry(await auditHead(client), fact, storeHasher)
  await changedBy(
    client,
    'INSERT INTO roster.audit (entry, at, what, batch, digest, actor, counts, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [entry, at, what, batch, digest, actor, JSON.stringify(counts), hash],
  )
  return { entry, hash }
}

export const entryOf = (row: Row): AuditEntry => ({
  entry: Number(row['entry']),
  at: String(row['at']),
  what: String(row['what']),
  batch: textOrNull(row['batch']),
  digest: textOrNull(row['digest']),
  actor: String(row['actor']),
  counts: countsOf(String(row['counts'])),
  hash: String(row['hash']),
})

/** Counts that cannot be read are none: then the entry is not what its hash was made of, and who verifies the log is told of it. */
function countsOf(text: string): AuditEntry['counts'] {
  try {
    return JSON.parse(text) as AuditEntry['counts']
  } catch {
    return {}
  }
}

export const keepActor = (client: Client, { hash, name }: Actor): Promise<number> =>
  changedBy(client, 'INSERT INTO roster.actors (hash, name) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING', [hash, name])

// ── users ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const subscriberOf = (email: string, held: unknown, cells: string): Subscriber => ({
  email,
  package: held as Subscriber['package'],
  cells: kept(cells, 'The record of a user') as Subscriber['cells'],
})

/** The batch's own baseline, verified against the hash that was stored with it; null where there is none. */
export async function seedOf(client: Client, batch: string): Promise<readonly Subscriber[] | null> {
  const row = await rowOf(client, 'SELECT sha256, zipped FROM roster.seeds WHERE batch = $1', [batch])
  if (row === null) return null
  const text = gunzipSync(row['zipped'] as Buffer).toString('utf8')
  if (storeHasher.sha256(text) !== row['sha256']) {
    throw new StoreRefusal({ kind: 'store-problem', reason: 'content-changed', detail: 'the baseline kept with the batch was changed' })
  }
  return JSON.parse(text) as readonly Subscriber[]
}
