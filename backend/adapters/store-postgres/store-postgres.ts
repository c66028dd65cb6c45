import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { gzipSync } from 'node:zlib'
import type { Client } from 'pg'
import { personKey } from '../../../shared/core/batch/approval.ts'
import type { Approval, BatchState } from '../../../shared/core/batch/batch.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { contentPieces } from '../../../shared/core/batch/content-pieces.ts'
import { transitions } from '../../../shared/core/batch/transitions.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type {
  LedgerRow,
  ProvisioningStore,
  ProvisioningStores,
  PushRecord,
  StoredBatch,
  StoreMoment,
  StoreProblem,
} from '../../ports/provisioning-store.ts'
import { readAddress } from './address.ts'
import { writeBackup } from './backup.ts'
import { postgresBook } from './book.ts'
import { heldCustomers, isHeld, lockNumber } from './customer-lock.ts'
import { closedIfItThrows, createLine, usualWaits, type Line, type LineOptions, type Waits } from './line.ts'
import { openMoment } from './moment.ts'
import { beginPush } from './push.ts'
import {
  appendAudit,
  batchOf,
  changedBy,
  changeState,
  customerId,
  customerKey,
  entryOf,
  keepActor,
  kept,
  metaOf,
  numberOrNull,
  rowOf,
  rowsOf,
  seedOf,
  storeHasher,
  subscriberOf,
  takeSerial,
  textOrNull,
  placeOfBatch,
  type Row,
} from './rows.ts'
import { migrations, rolesSql, schemaVersion } from './schema.ts'
import { isLost, noSuchBatch, StoreRefusal, unreachable } from './trouble.ts'
import { watchBatches } from './watch.ts'

export interface PostgresStoresOptions {
  /** Absent: what the PostgreSQL client itself knows (PGPASSWORD, the person's password file). A function is asked only when the server asks. */
  readonly password?: string | (() => Promise<string>)
  readonly waits?: Partial<Waits>
  readonly systemUser?: string
}

/** The provisioning store in PostgreSQL, or what speaks its protocol and SQL: one for a whole team. `url`: `postgres://…`. */
export function createPostgresStores({ password, waits, systemUser }: PostgresStoresOptions = {}): ProvisioningStores {
  return {
    async exists() {
      return true
    },
    async open(url, { create, password: said = password }) {
      const read = readAddress(url ?? '', systemUser ?? userInfo().username)
      if (!read.ok) return err(unreachable((url ?? '').replace(/\/\/[^/@]*@/u, '//'), read.error))
      const options = { address: read.value, password: said, waits: { ...usualWaits, ...waits } }
      const line = createLine({ ...options, name: 'roster' })
      const roles = await closedIfItThrows(line, async () => {
        const ready = create ? await makeReady(line, options) : await line.read(schemaOf)
        const problem = ready.ok ? problemOfSchema(line.url, ready.value) : ready.error
        return problem === null ? line.read((client) => metaOf(client, 'roles')) : err(problem)
      })
      if (roles.ok) return ok(openedStore(line, options, roles.value !== 'on'))
      await line.close()
      return roles
    },
  }
}

/** Null: there is no store in this database. */
async function schemaOf(client: Client): Promise<number | null> {
  const there = await rowOf(
    client,
    "SELECT 1 AS there FROM information_schema.tables WHERE table_schema = 'roster' AND table_name = 'meta'",
  )
  return there === null ? null : Number(await metaOf(client, 'schema'))
}

function problemOfSchema(url: string, found: number | null): StoreProblem | null {
  if (found === null) return unreachable(url, 'there is no store in this database yet; `roster store init` makes one.')
  return found === schemaVersion ? null : { kind: 'store-problem', reason: 'wrong-schema', found, wanted: schemaVersion }
}

/** Brings the schema to this version, each step in a transaction of its own. One of a later version is left alone. */
async function makeReady(line: Line, options: Omit<LineOptions, 'name' | 'prepare'>): Promise<Result<number | null, StoreProblem>> {
  const found = await line.read(schemaOf)
  if (!found.ok || (found.value ?? 0) >= schemaVersion) return found
  const patient = createLine({ ...options, waits: { ...options.waits, statement: 0 }, name: 'roster upgrade', prepare: withoutLimit })
  const stepped = await stepUp(patient)
  await patient.close()
  return stepped.ok ? line.read(schemaOf) : stepped
}

/**
 * A ledger of many millions is written anew for as long as that takes, and who comes second waits for it: no limit of ours, nor one that
 * was meant for everyday statements. Whoever breaks it off is noticed by the server (from PostgreSQL 14 on), which then rolls the step back.
 */
async function withoutLimit(client: Client): Promise<void> {
  await client.query("SELECT set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)")
  await client.query("SELECT set_config('client_connection_check_interval', '2s', false)").catch((thrown: unknown) => {
    if (isLost(thrown)) throw thrown as Error
  })
}

async function stepUp(line: Line): Promise<Result<null, StoreProblem>> {
  for (;;) {
    const found = await line.read(schemaOf)
    if (!found.ok) return found
    if ((found.value ?? 0) >= schemaVersion) return ok(null)
    const stepped = await line.write<null>({
      run: async (client) => {
        // Two who make the same store at once stand in line; the second finds nothing left to do.
        await client.query('SELECT pg_advisory_xact_lock(5932734601)')
        const version = (await schemaOf(client)) ?? 0
        if (version >= schemaVersion) return ok(null)
        await client.query(migrations[version] ?? '')
        await changedBy(
          client,
          "INSERT INTO roster.meta (name, value) VALUES ('lineage', $1), ('serial', '0'), ('schema', '0') ON CONFLICT (name) DO NOTHING",
          [randomUUID()],
        )
        await changedBy(client, "UPDATE roster.meta SET value = $1 WHERE name = 'schema'", [String(version + 1)])
        return ok(null)
      },
      done: async () => null,
    })
    if (!stepped.ok) return stepped
  }
}

const batchColumns =
  'batch, place, customer_key, customer, state, version, author, author_key, message, submitted_at, digest, summary, items, single_person, draft, hash_key'
const pageUsers = 20_000

/** What a moment of the store can be asked. */
function readsOf(line: Pick<Line, 'url' | 'read' | 'close'>): StoreMoment {
  const one = async (client: Client, id: string): Promise<StoredBatch> => {
    let seen: unknown = null
    for (;;) {
      const row = await rowOf(client, 'SELECT * FROM roster.batches WHERE batch = $1', [id])
      if (row === null) throw new StoreRefusal(noSuchBatch)
      // Interrupted only where nobody held the customer while it said so, before and after.
      if (row['state'] !== 'pushing' || row['version'] === seen) return batchOf(row, false)
      if (await isHeld(client, String(row['customer']))) return batchOf(row, true)
      seen = row['version']
    }
  }

  return {
    url: line.url,
    status: () =>
      line.read(async (client) => {
        const counts = await rowOf(
          client,
          'SELECT (SELECT count(*) FROM roster.customers) AS customers, (SELECT count(*) FROM roster.subscribers) AS subscribers, (SELECT count(*) FROM roster.batches) AS batches',
        )
        return {
          lineage: await metaOf(client, 'lineage'),
          serial: Number(await metaOf(client, 'serial')),
          schema: Number(await metaOf(client, 'schema')),
          customers: Number(counts?.['customers']),
          subscribers: Number(counts?.['subscribers']),
          batches: Number(counts?.['batches']),
        }
      }),
    batch: (id) => line.read((client) => one(client, id)),
    contentPiece: (id, piece) =>
      line.read(async (client) => {
        const row = await rowOf(client, 'SELECT content FROM roster.contents WHERE batch = $1 AND piece = $2', [id, piece])
        if (row === null && piece === 0) throw new StoreRefusal(noSuchBatch)
        return textOrNull(row?.['content'])
      }),
    approvals: (id) =>
      line.read(async (client) =>
        (
          await rowsOf(
            client,
            'SELECT by, decision, at, digest, message, signature FROM roster.approvals WHERE batch = $1 ORDER BY place',
            [id],
          )
        ).map(approvalOf),
      ),
    ledger: (id, [least, most] = [0, 0x7fffffff]) =>
      line.read(async (client) =>
        (
          await rowsOf(
            client,
            `SELECT number, encode(op_hash, 'hex') AS op_hash, outcome, reason FROM roster.ledger WHERE place = ${placeOfBatch} AND number BETWEEN $2 AND $3 ORDER BY number`,
            [id, least, most],
          )
        ).map((row): LedgerRow => ({
          number: Number(row['number']),
          opHash: String(row['op_hash']),
          outcome: row['outcome'] as LedgerRow['outcome'],
          reason: textOrNull(row['reason']),
        })),
      ),
    ledgerCounts: (id) =>
      line.read(async (client) => {
        const row = await rowOf(
          client,
          `SELECT count(*) FILTER (WHERE outcome = 'applied') AS applied, count(*) FILTER (WHERE outcome = 'refused') AS refused FROM roster.ledger WHERE place = ${placeOfBatch}`,
          [id],
        )
        return { applied: Number(row?.['applied']), refused: Number(row?.['refused']) }
      }),
    pushes: (id) =>
      line.read(async (client) => (await rowsOf(client, 'SELECT * FROM roster.pushes WHERE batch = $1 ORDER BY push', [id])).map(pushOf)),
    close: () => line.close(),
  }
}

function openedStore(line: Line, options: Omit<LineOptions, 'name' | 'prepare'>, singlePerson: boolean): ProvisioningStore {
  return {
    ...readsOf(line),
    singlePerson,
    async backup(path) {
      const written = await line.read((client) => writeBackup(client, path))
      return written.ok ? written.value : written
    },

    addBatch: (batch, audit, supersedes) =>
      line.write<null>({
        run: async (client) => {
          await takeSerial(client)
          const place = Number((await rowOf(client, 'SELECT coalesce(max(place), 0) + 1 AS place FROM roster.batches'))?.['place'])
          await changedBy(
            client,
            `INSERT INTO roster.batches (${batchColumns}) VALUES ($1, $2, $3, $4, 'submitted', 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
            [
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
              batch.singlePerson,
              batch.draft,
              batch.hashKey,
            ],
          )
          for (const [piece, text, pieces] of contentPieces(batch.content)) {
            await changedBy(client, 'INSERT INTO roster.contents (batch, piece, pieces, content) VALUES ($1, $2, $3, $4)', [
              batch.batch,
              piece,
              pieces,
              text,
            ])
          }
          if (batch.seed !== null) {
            const text = JSON.stringify(batch.seed)
            await changedBy(client, 'INSERT INTO roster.seeds (batch, users, sha256, zipped) VALUES ($1, $2, $3, $4)', [
              batch.batch,
              batch.seed.length,
              storeHasher.sha256(text),
              gzipSync(text, { level: 1 }),
            ])
          }
          for (const earlier of supersedes) {
            const row = await rowOf(client, 'SELECT state, version FROM roster.batches WHERE batch = $1', [earlier])
            const state = row?.['state'] as BatchState | undefined
            if (state !== undefined && transitions[state].supersede !== undefined) {
              await changeState(client, earlier, Number(row?.['version']), 'superseded')
            }
          }
          await keepActor(client, batch.actor)
          await appendAudit(client, audit)
          return ok(null)
        },
        done: async (client) => {
          const row = await rowOf(client, 'SELECT digest FROM roster.batches WHERE batch = $1', [batch.batch])
          return row?.['digest'] === batch.digest ? { value: null } : null
        },
      }),
    batches: () =>
      line.read(async (client) => {
        const all = () => rowsOf(client, 'SELECT * FROM roster.batches ORDER BY place DESC')
        const rows = await all()
        if (!rows.some((row) => row['state'] === 'pushing')) return rows.map((row) => batchOf(row, false))
        const held = await heldCustomers(client)
        const seen = new Map(rows.map((row) => [row['batch'], row['version']]))
        return (await all()).map((row) =>
          batchOf(row, held.has(String(lockNumber(String(row['customer'])))) || seen.get(row['batch']) !== row['version']),
        )
      }),
    content: (id) =>
      line.read(async (client) => {
        const rows = await rowsOf(client, 'SELECT content FROM roster.contents WHERE batch = $1 ORDER BY piece', [id])
        if (rows.length === 0) throw new StoreRefusal(noSuchBatch)
        return rows.map((row) => String(row['content'])).join('')
      }),
    decide: (id, version, decision, next, audit) =>
      line.write<null>({
        run: async (client) => {
          await takeSerial(client)
          const row = await rowOf(client, 'SELECT state, version FROM roster.batches WHERE batch = $1 FOR UPDATE', [id])
          if (row === null) return err(noSuchBatch)
          const changed: StoreProblem = { kind: 'store-problem', reason: 'changed-meanwhile', state: String(row['state']) }
          if (Number(row['version']) !== version) return err(changed)
          await changedBy(
            client,
            `INSERT INTO roster.approvals (batch, place, by, by_key, decision, at, digest, message, signature)
             SELECT $1::text, (SELECT coalesce(max(place), 0) + 1 FROM roster.approvals WHERE batch = $1::text), $2, $3, $4, $5, $6, $7, $8`,
            [
              id,
              decision.by,
              personKey(decision.by),
              decision.decision,
              decision.at,
              decision.digest,
              decision.message ?? null,
              decision.signature ?? null,
            ],
          )
          if (next !== null && !(await changeState(client, id, version, next))) return err(changed)
          // Where more approvers are needed, the next one must have seen this decision: otherwise neither would be the last.
          if (next === null) await changedBy(client, 'UPDATE roster.batches SET version = version + 1 WHERE batch = $1', [id])
          await keepActor(client, { hash: audit.actor, name: decision.by })
          await appendAudit(client, audit)
          return ok(null)
        },
        done: async (client) => {
          const row = await rowOf(client, 'SELECT 1 AS there FROM roster.approvals WHERE batch = $1 AND by_key = $2 AND at = $3', [
            id,
            personKey(decision.by),
            decision.at,
          ])
          return row === null ? null : { value: null }
        },
      }),
    beforeImages: (id) =>
      line.read(async (client) => {
        const rows = await rowsOf(client, `SELECT number, before FROM roster.ledger WHERE place = ${placeOfBatch} AND before IS NOT NULL`, [
          id,
        ])
        return new Map(rows.map((row) => [Number(row['number']), kept(row['before'], `The record of ${id}`) as Subscriber] as const))
      }),
    beginPush: (input) => beginPush(options, input),
    beginning: (customer) =>
      line.read(async (client) => {
        if ((await customerId(client, customer)) === null) return 'unknown'
        const row = await rowOf(
          client,
          `SELECT 1 AS there FROM roster.batches b JOIN roster.pushes p ON p.batch = b.batch WHERE b.customer_key = $1
           AND (EXISTS (SELECT 1 FROM roster.seeds s WHERE s.batch = b.batch AND s.users > 0) OR EXISTS (SELECT 1 FROM roster.purges u WHERE u.batch = b.batch)) LIMIT 1`,
          [customerKey(customer)],
        )
        return row === null ? 'changes' : 'baseline'
      }),
    seed: (id) => line.read((client) => seedOf(client, id)),
    present: (customer, emailKeys) =>
      line.read(async (client) => {
        const known = await customerId(client, customer)
        if (known === null) return null
        const found = new Map<string, ReturnType<typeof userOf>>()
        for (let from = 0; from < emailKeys.length; from += pageUsers) {
          const keys = emailKeys.slice(from, from + pageUsers)
          const rows = await rowsOf(
            client,
            'SELECT email_key, email, package, cells FROM roster.subscribers WHERE customer = $1 AND email_key = ANY($2::text[])',
            [known, keys],
          )
          for (const row of rows) found.set(String(row['email_key']), userOf(row))
        }
        return found
      }),
    subscribers: (customer) =>
      line.read(async (client) => {
        const known = await customerId(client, customer)
        if (known === null) return null
        const users: ReturnType<typeof userOf>[] = []
        for (let after = ''; ;) {
          const rows = await rowsOf(
            client,
            'SELECT email_key, email, package, cells FROM roster.subscribers WHERE customer = $1 AND email_key > $2 ORDER BY email_key LIMIT $3',
            [known, after, pageUsers],
          )
          for (const row of rows) users.push(userOf(row))
          if (rows.length < pageUsers) return users
          after = String(rows.at(-1)?.['email_key'])
        }
      }),
    book: postgresBook(line),
    note: (fact, actor) =>
      line.write<null>({
        run: async (client) => {
          await takeSerial(client)
          await keepActor(client, actor)
          await appendAudit(client, fact)
          return ok(null)
        },
        done: async (client) => {
          const row = await rowOf(client, 'SELECT 1 AS there FROM roster.audit WHERE batch = $1 AND what = $2 AND at = $3 AND actor = $4', [
            fact.batch,
            fact.what,
            fact.at,
            fact.actor,
          ])
          return row === null ? null : { value: null }
        },
      }),
    enforceRoles: () =>
      line.write<null>({
        run: async (client) => {
          await client.query(rolesSql)
          return ok(null)
        },
        done: async () => null,
      }),
    watch: (onChange) => watching(options, onChange, line),
    audit: (from, count) =>
      line.read(async (client) => ({
        total: Number((await rowOf(client, 'SELECT count(*) AS total FROM roster.audit'))?.['total']),
        entries: (await rowsOf(client, 'SELECT * FROM roster.audit ORDER BY entry LIMIT $1 OFFSET $2', [count, from])).map(entryOf),
      })),
    actors: () =>
      line.read(
        async (client) =>
          new Map((await rowsOf(client, 'SELECT hash, name FROM roster.actors')).map((row) => [String(row['hash']), String(row['name'])])),
      ),
    async moment() {
      const moment = await openMoment(options)
      return moment.ok ? ok(readsOf(moment.value)) : moment
    },
  }
}

/** Where nothing is told, versions are compared. */
function watching(options: Omit<LineOptions, 'name' | 'prepare'>, onChange: (batch: string) => void, line: Line): () => void {
  let known: ReadonlyMap<string, number> | null = null
  return watchBatches(options, onChange, async () => {
    const read = await line.read((client) => rowsOf(client, 'SELECT batch, version FROM roster.batches'))
    if (!read.ok) return
    const now = new Map(read.value.map((row) => [String(row['batch']), Number(row['version'])]))
    if (known !== null) for (const [batch, version] of now) if (known.get(batch) !== version) onChange(batch)
    known = now
  })
}

const userOf = (row: Row) => subscriberOf(String(row['email']), row['package'], String(row['cells']))

function approvalOf(row: Row): Approval {
  const [message, signature] = [textOrNull(row['message']), textOrNull(row['signature'])]
  return {
    by: String(row['by']),
    decision: row['decision'] as Approval['decision'],
    at: String(row['at']),
    digest: String(row['digest']),
    ...(message === null ? {} : { message }),
    ...(signature === null ? {} : { signature }),
  }
}

function pushOf(row: Row): PushRecord {
  const [entry, hash] = [numberOrNull(row['audit_entry']), textOrNull(row['audit_hash'])]
  return {
    push: Number(row['push']),
    by: String(row['by']),
    mode: row['mode'] as PushRecord['mode'],
    startedAt: String(row['started_at']),
    finishedAt: textOrNull(row['finished_at']),
    serialBefore: Number(row['serial_before']),
    serialAfter: numberOrNull(row['serial_after']),
    auditHead: entry === null || hash === null ? null : { entry, hash },
  }
}
