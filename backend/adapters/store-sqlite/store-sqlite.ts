import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { personKey } from '../../../shared/core/batch/approval.ts'
import { transitions } from '../../../shared/core/batch/transitions.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import type { ChangeSummary } from '../../../shared/core/diff/change-set.ts'
import { contentPieces } from '../../../shared/core/batch/content-pieces.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { OwnerLocks } from '../../ports/owner-lock.ts'
import type {
  Actor,
  LedgerRow,
  ProvisioningStore,
  ProvisioningStores,
  PushRecord,
  StoredBatch,
  StoreProblem,
} from '../../ports/provisioning-store.ts'
import {
  appendAudit,
  busyTimeoutMs,
  changeState,
  connect,
  countOf,
  customerId,
  customerKey,
  damaged,
  damagedFile,
  entryOf,
  guarded,
  inTransaction,
  isBusy,
  isDamage,
  keepActor,
  kept,
  messageOf,
  metaOf,
  noSuchBatch,
  one,
  placeOfBatch,
  plainOf,
  problemOf,
  pushLockName,
  seedOf,
  storeHasher,
  StoreRefusal,
  subscriberOf,
  unreachable,
  type ApprovalRow,
  type AuditRow,
  type BatchRow,
  type PushRow,
  type SubscriberRow,
} from './connection.ts'
import { sqliteBook } from './book.ts'
import { beginPush } from './push.ts'
import { schemaVersion } from './schema.ts'
import { createTurns, type Turns } from './turns.ts'
import { watchFile } from './watch.ts'

export interface SqliteStoresOptions {
  /** The embedded store's own file. */
  readonly defaultPath: string
  /** Locks beside a store's file. */
  readonly locksBeside: (folder: string) => OwnerLocks
}

/** The provisioning store in one SQLite file: WAL, `synchronous=FULL`. `url`: a path, `file:` or `sqlite:` before it. */
export function createSqliteStores({ defaultPath, locksBeside }: SqliteStoresOptions): ProvisioningStores {
  const turnsOf = new Map<string, Turns>()
  return {
    async exists() {
      return existsSync(defaultPath)
    },
    async open(url, { create }) {
      const file = url === undefined ? defaultPath : pathOfUrl(url)
      if (file === null) return err(unreachable(url ?? '', 'this address is not that of a store file'))
      try {
        if (!existsSync(file)) {
          if (!create) return err(unreachable(file, 'there is no store yet'))
          mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
          closeSync(openSync(file, 'a', 0o600))
        }
        const connected = connect(file)
        if (!connected.ok) return connected
        const turns = turnsOf.get(file) ?? createTurns()
        turnsOf.set(file, turns)
        return ok(openedStore(file, connected.value, locksBeside(path.dirname(file)), turns))
      } catch (thrown) {
        if (isDamage(thrown)) return err(damagedFile(file, messageOf(thrown)))
        return err(
          isBusy(thrown) ? { kind: 'store-problem', reason: 'busy', owner: 'another program' } : unreachable(file, plainOf(thrown)),
        )
      }
    },
  }
}

const notWritable = (target: string, thrown: unknown): StoreProblem => ({
  kind: 'store-problem',
  reason: 'not-writable',
  path: target,
  detail: messageOf(thrown),
})

/** Of the two files of a backup it is the store's own that is held by another program, damaged or no store. */
const isOfSource = (thrown: unknown): boolean => isBusy(thrown) || isDamage(thrown)

function pathOfUrl(url: string): string | null {
  if (url.startsWith('file://')) return fileURLToPath(url)
  const scheme = /^([a-z][a-z0-9+.-]+):/iu.exec(url)
  if (scheme === null) return path.resolve(url)
  return scheme[1] === 'sqlite'
    ? path.resolve(url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/u, ''))
    : /^[A-Za-z]:[\\/]/u.test(url)
      ? url
      : null
}

function openedStore(file: string, database: DatabaseSync, locks: OwnerLocks, turns: Turns): ProvisioningStore {
  const reading = <T>(work: () => T): Result<T, StoreProblem> => guarded(file, () => ok(work()))
  const writing = <T>(work: () => Result<T, StoreProblem>): Promise<Result<T, StoreProblem>> =>
    turns.take(async () => guarded(file, () => inTransaction(database, work)))

  const batchRow = (id: string): BatchRow | undefined =>
    database.prepare('SELECT * FROM batches WHERE batch = ?').get(id) as BatchRow | undefined
  /** The row with the state that counts: `interrupted` only where nobody held the customer while it said `pushing`, before and after. */
  function inEffect(row: BatchRow): BatchRow {
    if (row.state !== 'pushing' || locks.ownerOf(pushLockName(row.customer_key)) !== null) return row
    const now = batchRow(row.batch) ?? row
    return now.version === row.version ? { ...row, state: 'interrupted' } : inEffect(now)
  }

  const batchOf = (read: BatchRow): StoredBatch => {
    if (!(read.state in transitions)) throw new StoreRefusal('refused', damaged(`The record of ${read.batch}`))
    const row = inEffect(read)
    return {
      batch: row.batch,
      customer: row.customer,
      state: row.state,
      version: row.version,
      author: row.author,
      message: row.message,
      submittedAt: row.submitted_at,
      digest: row.digest,
      summary: kept(row.summary, `The record of ${row.batch}`) as ChangeSummary,
      items: row.items,
      singlePerson: row.single_person === 1,
      draft: row.draft,
      hashKey: row.hash_key,
    }
  }

  return {
    url: file,
    singlePerson: true,
    async status() {
      return reading(() => ({
        lineage: metaOf(database, 'lineage'),
        serial: Number(metaOf(database, 'serial')),
        schema: schemaVersion,
        customers: countOf(database, 'customers'),
        subscribers: countOf(database, 'subscribers'),
        batches: countOf(database, 'batches'),
      }))
    },
    async backup(target) {
      try {
        closeSync(openSync(target, 'wx', 0o600))
      } catch (thrown) {
        return err(existsSync(target) ? { kind: 'store-problem', reason: 'exists', path: target } : notWritable(target, thrown))
      }
      try {
        await backup(database, target)
        return ok(null)
      } catch (thrown) {
        rmSync(target, { force: true })
        rmSync(`${target}-journal`, { force: true })
        return err(isOfSource(thrown) ? problemOf(file, thrown) : notWritable(target, thrown))
      }
    },

    async addBatch(batch, audit, supersedes) {
      return writing(() => {
        const place = Number(one(database, 'SELECT coalesce(max(place), 0) + 1 AS place FROM batches')['place'])
        database
          .prepare(
            `INSERT INTO batches (batch, place, customer_key, customer, state, version, author, author_key, message, submitted_at, digest, summary, items, single_person, draft, hash_key)
             VALUES (?, ?, ?, ?, 'submitted', 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(
            batch.batch,
            place,
            customerKey(batch.customer),
            batch.customer,
            batch.author,
            batch.authorKey,
            batch.message,
            batch.submittedAt,
            batch.digest,
            JSON.stringify(batch.summary),
            batch.items,
            batch.singlePerson ? 1 : 0,
            batch.draft,
            batch.hashKey,
          )
        const addPiece = database.prepare('INSERT INTO contents (batch, piece, pieces, content) VALUES (?, ?, ?, ?)')
        for (const [piece, text, pieces] of contentPieces(batch.content)) addPiece.run(batch.batch, piece, pieces, text)
        if (batch.seed !== null) {
          const text = JSON.stringify(batch.seed)
          database
            .prepare('INSERT INTO seeds (batch, users, sha256, zipped) VALUES (?, ?, ?, ?)')
            .run(batch.batch, batch.seed.length, storeHasher.sha256(text), gzipSync(text, { level: 1 }))
        }
        for (const earlier of supersedes) {
          const row = batchRow(earlier)
          if (row !== undefined && transitions[row.state].supersede !== undefined) changeState(database, earlier, row.version, 'superseded')
        }
        keepActor(database, batch.actor)
        appendAudit(database, audit)
        return ok(null)
      })
    },
    async batches() {
      return reading(() => (database.prepare('SELECT * FROM batches ORDER BY place DESC').all() as unknown as BatchRow[]).map(batchOf))
    },
    async batch(id) {
      return guarded(file, () => {
        const row = batchRow(id)
        return row === undefined ? err(noSuchBatch) : ok(batchOf(row))
      })
    },
    async content(id) {
      return guarded(file, () => {
        const rows = database.prepare('SELECT content FROM contents WHERE batch = ? ORDER BY piece').all(id)
        return rows.length === 0 ? err(noSuchBatch) : ok(rows.map((row) => String(row['content'])).join(''))
      })
    },
    async contentPiece(id, piece) {
      return guarded(file, () => {
        const row = database.prepare('SELECT content FROM contents WHERE batch = ? AND piece = ?').get(id, piece)
        if (row !== undefined) return ok(String(row['content']))
        return piece === 0 ? err(noSuchBatch) : ok(null)
      })
    },
    async decide(id, version, decision, next, audit) {
      return writing(() => {
        const row = batchRow(id)
        if (row === undefined) return err(noSuchBatch)
        if (row.version !== version) return err({ kind: 'store-problem', reason: 'changed-meanwhile', state: inEffect(row).state })
        database
          .prepare('INSERT INTO approvals (batch, by, by_key, decision, at, digest, message, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
          .run(
            id,
            decision.by,
            personKey(decision.by),
            decision.decision,
            decision.at,
            decision.digest,
            decision.message ?? null,
            decision.signature ?? null,
          )
        if (next !== null && !changeState(database, id, version, next)) {
          return err({ kind: 'store-problem', reason: 'changed-meanwhile', state: row.state })
        }
        // Where more approvers are needed, the next one must have seen this decision: otherwise neither would be the last.
        if (next === null) database.prepare('UPDATE batches SET version = version + 1 WHERE batch = ?').run(id)
        keepActor(database, { hash: audit.actor, name: decision.by })
        appendAudit(database, audit)
        return ok(null)
      })
    },
    async approvals(id) {
      return reading(() =>
        (
          database
            .prepare('SELECT by, decision, at, digest, message, signature FROM approvals WHERE batch = ? ORDER BY id')
            .all(id) as unknown as ApprovalRow[]
        ).map(({ message, signature, ...approval }) => ({
          ...approval,
          ...(message === null ? {} : { message }),
          ...(signature === null ? {} : { signature }),
        })),
      )
    },
    async ledger(id, [least, most] = [0, Number.MAX_SAFE_INTEGER]) {
      return reading(
        () =>
          database
            .prepare(
              `SELECT number, lower(hex(op_hash)) AS opHash, outcome, reason FROM ledger WHERE place = ${placeOfBatch} AND number BETWEEN ? AND ? ORDER BY number`,
            )
            .all(id, least, most) as unknown as LedgerRow[],
      )
    },
    async ledgerCounts(id) {
      return reading(() => {
        const rows = database.prepare(`SELECT outcome, count(*) AS n FROM ledger WHERE place = ${placeOfBatch} GROUP BY outcome`).all(id)
        const counts = new Map(rows.map((row) => [row['outcome'], Number(row['n'])]))
        return { applied: counts.get('applied') ?? 0, refused: counts.get('refused') ?? 0 }
      })
    },
    async beforeImages(id) {
      return reading(() => {
        const rows = database.prepare(`SELECT number, before FROM ledger WHERE place = ${placeOfBatch} AND before IS NOT NULL`).iterate(id)
        return new Map(
          Array.from(rows, (row) => [Number(row['number']), kept(row['before'], `The record of ${id}`) as Subscriber] as const),
        )
      })
    },
    async pushes(id) {
      return reading(() =>
        (database.prepare('SELECT * FROM pushes WHERE batch = ? ORDER BY push').all(id) as unknown as PushRow[]).map((row): PushRecord => ({
          push: row.push,
          by: row.by,
          mode: row.mode,
          startedAt: row.started_at,
          finishedAt: row.finished_at,
          serialBefore: row.serial_before,
          serialAfter: row.serial_after,
          auditHead: row.audit_entry === null || row.audit_hash === null ? null : { entry: row.audit_entry, hash: row.audit_hash },
        })),
      )
    },
    async beginPush(input) {
      return beginPush(file, locks, turns, input)
    },
    async beginning(customer) {
      return reading(() => {
        if (customerId(database, customer) === null) return 'unknown'
        const row = database
          .prepare(
            `SELECT 1 FROM batches b JOIN pushes p ON p.batch = b.batch WHERE b.customer_key = ?
             AND (EXISTS (SELECT 1 FROM seeds s WHERE s.batch = b.batch AND s.users > 0) OR EXISTS (SELECT 1 FROM purges u WHERE u.batch = b.batch)) LIMIT 1`,
          )
          .get(customerKey(customer))
        return row === undefined ? 'changes' : 'baseline'
      })
    },
    async seed(id) {
      return reading(() => seedOf(database, id))
    },
    async present(customer, emailKeys) {
      return reading(() => {
        const known = customerId(database, customer)
        if (known === null) return null
        const find = database.prepare('SELECT email, package, cells FROM subscribers WHERE customer = ? AND email_key = ?')
        return new Map(
          emailKeys.flatMap((key) => {
            const row = find.get(known, key) as SubscriberRow | undefined
            return row === undefined ? [] : [[key, subscriberOf(row)] as const]
          }),
        )
      })
    },
    async subscribers(customer) {
      return reading(() => {
        const id = customerId(database, customer)
        if (id === null) return null
        const rows = database.prepare('SELECT email, package, cells FROM subscribers WHERE customer = ? ORDER BY email_key').iterate(id)
        return Array.from(rows as Iterable<SubscriberRow>, subscriberOf)
      })
    },
    book: sqliteBook(database, reading, writing),
    async note(fact, actor) {
      return writing(() => {
        keepActor(database, actor)
        appendAudit(database, fact)
        return ok(null)
      })
    },
    async audit(from, count) {
      return reading(() => ({
        total: countOf(database, 'audit'),
        entries: (database.prepare('SELECT * FROM audit ORDER BY entry LIMIT ? OFFSET ?').all(count, from) as unknown as AuditRow[]).map(
          entryOf,
        ),
      }))
    },
    async actors() {
      return reading(
        () =>
          new Map((database.prepare('SELECT hash, name FROM actors').all() as unknown as Actor[]).map(({ hash, name }) => [hash, name])),
      )
    },
    async moment() {
      return guarded(file, () => {
        const reader = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
        try {
          // The moment is that of the first look; writers go on in the log beside the file.
          reader.exec('BEGIN')
          one(reader, 'SELECT count(*) FROM meta')
        } catch (thrown) {
          reader.close()
          throw thrown
        }
        return ok(openedStore(file, reader, locks, turns))
      })
    },
    watch: (onChange) =>
      watchFile(database, () => (database.prepare('SELECT * FROM batches').all() as unknown as BatchRow[]).map(batchOf), onChange),
    async close() {
      if (database.isOpen) database.close()
    },
  }
}
