import { mkdirSync, existsSync, openSync, closeSync } from 'node:fs'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { wholesaleReasonKinds, type WholesaleReasonKind } from '../../../shared/core/wholesale/reason.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { OwnerLocks } from '../../ports/owner-lock.ts'
import type { OutboxItem, OutboxProblem, OutboxSession, Sending, WholesaleOutbox } from '../../ports/wholesale-outbox.ts'

/** "RWhO" */
const applicationId = 0x5257684f
/** Each brings the schema one version further; what was released does not change any more. */
const migrations: readonly string[] = [
  `
  CREATE TABLE sendings (
    batch TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    url TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE items (
    batch TEXT NOT NULL REFERENCES sendings (batch),
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'unknown', 'waiting', 'done', 'refused')),
    attempts INTEGER NOT NULL,
    request_hash TEXT,
    subscriber_id TEXT,
    proof TEXT CHECK (proof IN ('answered', 'looked-up', 'was-so')),
    reason TEXT,
    detail TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (batch, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER sendings_stay BEFORE UPDATE OF batch, digest, customer_id ON sendings BEGIN SELECT raise(ABORT, 'a sending keeps its content and its customer'); END;
  CREATE TRIGGER items_stay BEFORE DELETE ON items BEGIN SELECT raise(ABORT, 'an item of the outbox stays'); END;
  CREATE TRIGGER done_stays BEFORE UPDATE OF state ON items WHEN OLD.state = 'done' AND NEW.state <> 'done' BEGIN SELECT raise(ABORT, 'what is done stays done'); END;
  `,
]

export interface WholesaleOutboxOptions {
  readonly file: string
  /** Locks beside the file. */
  readonly locks: OwnerLocks
}

/** An outbox in an SQLite file of its own, WAL and fully synchronous: made with the first batch that is sent. */
export function createSqliteOutbox({ file, locks }: WholesaleOutboxOptions): WholesaleOutbox {
  let database: DatabaseSync | null = null
  // Pages of one batch are asked for one after the other; 200,000 rows are half a second's reading.
  let last: { readonly batch: string; readonly version: string; readonly items: readonly OutboxItem[] } | null = null
  let ownChanges = 0

  /** Null: there is no outbox yet, and `make` was not asked for. */
  function open(make: boolean): Result<DatabaseSync | null, OutboxProblem> {
    if (database !== null) return ok(database)
    if (!make && !existsSync(file)) return ok(null)
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    // Made by us for its rights; a name that is there is left to SQLite.
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
    const opened = new DatabaseSync(file, { timeout: 10_000, enableForeignKeyConstraints: true })
    const version = numberOf(opened, 'user_version')
    const application = numberOf(opened, 'application_id')
    const isNew = version === 0 && application === 0
    const problem: OutboxProblem | null =
      !isNew && application !== applicationId
        ? { reason: 'not-usable', path: file, detail: 'the file is no outbox of Roster' }
        : version > migrations.length
          ? { reason: 'wrong-schema', found: version, wanted: migrations.length }
          : null
    if (problem !== null) {
      opened.close()
      return err(problem)
    }
    opened.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;')
    if (version < migrations.length) migrate(opened)
    database = opened
    return ok(opened)
  }

  const guarded = <T>(work: () => Result<T, OutboxProblem>): Result<T, OutboxProblem> => {
    try {
      return work()
    } catch (thrown) {
      if (!(thrown instanceof Error && 'errcode' in thrown)) throw thrown
      return err({ reason: 'not-usable', path: file, detail: thrown.message })
    }
  }

  const sending = (batch: string): Result<Sending | null, OutboxProblem> =>
    guarded(() => {
      const opened = open(false)
      return opened.ok ? ok(opened.value === null ? null : sendingOf(opened.value, batch)) : opened
    })

  return {
    sending,
    items: (batch) =>
      guarded(() => {
        const opened = open(false)
        if (!opened.ok) return opened
        if (opened.value === null) return ok([])
        // The first number tells other connections' changes, the second our own.
        const version = `${numberOf(opened.value, 'data_version')} ${ownChanges}`
        if (last?.batch !== batch || last.version !== version) last = { batch, version, items: itemsOf(opened.value, batch) }
        return ok(last.items)
      }),
    ownerOf: (customerId) => locks.ownerOf(lockName(customerId))?.owner ?? null,
    begin: (wanted, numbers, { retry }) =>
      guarded(() => {
        const opened = open(true)
        if (!opened.ok) return opened
        const known = opened.value!
        const lock = locks.acquire(lockName(wanted.customerId))
        if (!lock.ok) return err({ reason: 'busy', owner: lock.error.owner })
        ownChanges++
        const begun = guarded(() => beginIn(known, wanted, numbers, retry))
        if (!begun.ok) {
          lock.value.release()
          return begun
        }
        const put = putterOf(known, wanted.batch)
        const session: OutboxSession = {
          items: itemsOf(known, wanted.batch),
          put: (item) =>
            guarded(() => {
              // The program is ending: what is written as sent is looked up when it is there again.
              if (database === null) return err({ reason: 'not-usable', path: file, detail: 'the outbox is closed' })
              ownChanges++
              put(item)
              return ok(null)
            }),
          release() {
            lock.value.release()
          },
        }
        return ok(session)
      }),
    forget: (batch) =>
      guarded(() => {
        const opened = open(false)
        if (!opened.ok) return opened
        ownChanges++
        opened.value?.prepare('UPDATE items SET subscriber_id = NULL, detail = NULL WHERE batch = ?').run(batch)
        opened.value?.prepare("UPDATE sendings SET by = '' WHERE batch = ?").run(batch)
        // What was taken away is also gone from the pages of the file and of its journal.
        opened.value?.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
        return ok(null)
      }),
    close() {
      database?.close()
      database = null
    },
  }
}

const lockName = (customerId: string): string => `wholesale-${createHash('sha256').update(customerId).digest('hex').slice(0, 16)}`

function migrate(database: DatabaseSync): void {
  // Two processes may come at once: the version is looked at again under the write lock.
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const step of migrations.slice(numberOf(database, 'user_version'))) database.exec(step)
    database.exec(`PRAGMA application_id=${applicationId}; PRAGMA user_version=${migrations.length}; COMMIT`)
  } catch (thrown) {
    database.exec('ROLLBACK')
    throw thrown
  }
}

function beginIn(database: DatabaseSync, wanted: Sending, numbers: readonly number[], retry: boolean): Result<null, OutboxProblem> {
  const { batch, digest, customerId, url, by, at } = wanted
  const before = sendingOf(database, batch)
  if (before !== null && before.digest !== digest) return err({ reason: 'other-content', detail: before.digest })
  if (before !== null && before.customerId !== customerId) return err({ reason: 'other-customer', detail: before.customerId })
  database.exec('BEGIN IMMEDIATE')
  try {
    database
      .prepare(
        `INSERT INTO sendings (batch, digest, customer_id, url, by, at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (batch) DO UPDATE SET url = excluded.url, by = excluded.by, at = excluded.at`,
      )
      .run(batch, digest, customerId, url, by, at)
    const add = database.prepare(
      "INSERT INTO items (batch, number, state, attempts, at) VALUES (?, ?, 'pending', 0, ?) ON CONFLICT (batch, number) DO NOTHING",
    )
    for (const number of numbers) add.run(batch, number, at)
    database.prepare("UPDATE items SET state = 'unknown', reason = 'broken-off', detail = '' WHERE batch = ? AND state = 'sent'").run(batch)
    if (retry) {
      database
        .prepare(
          "UPDATE items SET state = CASE WHEN subscriber_id IS NULL THEN 'pending' ELSE 'unknown' END WHERE batch = ? AND state = 'refused'",
        )
        .run(batch)
    }
    database.exec('COMMIT')
    return ok(null)
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw thrown
  }
}

function putterOf(database: DatabaseSync, batch: string): (item: OutboxItem) => void {
  const put = database.prepare(
    `UPDATE items SET state = ?, attempts = ?, request_hash = ?, subscriber_id = ?, proof = ?, reason = ?, detail = ?, at = ?
     WHERE batch = ? AND number = ?`,
  )
  return ({ number, state, attempts, requestHash, subscriberId, proof, reason, at }) => {
    put.run(state, attempts, requestHash, subscriberId, proof, reason?.kind ?? null, reason?.detail ?? null, at, batch, number)
  }
}

function sendingOf(database: DatabaseSync, batch: string): Sending | null {
  const row = database.prepare('SELECT batch, digest, customer_id, url, by, at FROM sendings WHERE batch = ?').get(batch)
  if (row === undefined) return null
  const text = (name: string): string => String(row[name])
  return { batch, digest: text('digest'), customerId: text('customer_id'), url: text('url'), by: text('by'), at: text('at') }
}

interface ItemRow {
  readonly number: number
  readonly state: OutboxItem['state']
  readonly attempts: number
  readonly request_hash: string | null
  readonly subscriber_id: string | null
  readonly proof: OutboxItem['proof']
  readonly reason: string | null
  readonly detail: string | null
  readonly at: string
}

const itemsOf = (database: DatabaseSync, batch: string): readonly OutboxItem[] =>
  (database.prepare('SELECT * FROM items WHERE batch = ? ORDER BY number').all(batch) as unknown as readonly ItemRow[]).map((row) => ({
    number: row.number,
    state: row.state,
    attempts: row.attempts,
    requestHash: row.request_hash,
    subscriberId: row.subscriber_id,
    proof: row.proof,
    reason: isReasonKind(row.reason) ? { kind: row.reason, detail: row.detail ?? '' } : null,
    at: row.at,
  }))

const isReasonKind = (text: string | null): text is WholesaleReasonKind =>
  (wholesaleReasonKinds as readonly (string | null)[]).includes(text)

const numberOf = (database: DatabaseSync, pragma: 'user_version' | 'application_id' | 'data_version'): number =>
  Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma])
