import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from 'pg'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import type { Refusal } from '../../../shared/core/batch/effects.ts'
import type { Supplement } from '../../../shared/core/batch/supplement.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ApplyCounts, ApplyOptions, BeginPush, NumberedItem, PushSession, StoreProblem } from '../../ports/provisioning-store.ts'
import { copyInto, type CopyRow } from './copy.ts'
import { takeCustomer } from './customer-lock.ts'
import { createLine, withinTime, type Line, type LineOptions } from './line.ts'
import { mergeUsers, stagingSql, type UserChange } from './merge-users.ts'
import {
  appendAudit,
  changedBy,
  changeState,
  customerId,
  customerKey,
  keepActor,
  rowOf,
  rowsOf,
  seedOf,
  setSerial,
  subscriberOf,
  takeSerial,
} from './rows.ts'
import { noSuchBatch, Overtaken, StoreRefusal } from './trouble.ts'
import { createUserView, type StoredUser } from './user-view.ts'

/** Other calls get their turn after this much work. */
const portionMs = 15
/** Users are fetched in so many at a time. */
const fetchCount = 10_000

interface Begun {
  readonly push: number
  readonly customer: number
  readonly seeded: number
  /** The batch's version while this push has it: whoever took it over since then raised it. */
  readonly version: number
}

/**
 * Takes the customer and moves the batch to `pushing`. The push has a connection of its own, which holds the customer's lock.
 * When it is lost, another one takes the lock and goes on: what had been committed is read from the ledger.
 */
export async function beginPush(
  options: Omit<LineOptions, 'name' | 'prepare'>,
  input: BeginPush,
): Promise<Result<PushSession, StoreProblem>> {
  const token = randomUUID()
  const name = `roster push ${token}`
  let held = false
  const line = createLine({
    ...options,
    name,
    prepare: async (client) => {
      await takeCustomer(client, input.customer, name, held)
      held = true
      await client.query(stagingSql)
    },
  })
  const begun = await line.write({
    run: (client) => begin(client, input, token, options.waits.statement),
    done: async (client) => {
      const value = await begunBefore(client, input, token)
      return value === null ? null : { value }
    },
  })
  if (!begun.ok) {
    await line.close()
    return begun
  }
  return ok(session(line, input, begun.value, options.waits.statement))
}

async function begin(client: Client, input: BeginPush, token: string, statementMs: number): Promise<Result<Begun, StoreProblem>> {
  const row = await rowOf(client, 'SELECT state, version FROM roster.batches WHERE batch = $1 FOR UPDATE', [input.batch])
  if (row === null) return err(noSuchBatch)
  let version = Number(row['version'])
  if (version !== input.version) return err({ kind: 'store-problem', reason: 'changed-meanwhile', state: String(row['state']) })
  if (row['state'] === 'pushing') {
    // We hold the customer, so the process that was pushing is gone.
    await changeState(client, input.batch, version++, 'interrupted')
    await changedBy(client, 'UPDATE roster.pushes SET finished_at = $1 WHERE batch = $2 AND finished_at IS NULL', [
      input.startedAt,
      input.batch,
    ])
  }
  await changeState(client, input.batch, version++, 'pushing')

  const known = await customerId(client, input.customer)
  const seed = known === null ? ((await seedOf(client, input.batch)) ?? []) : []
  let seeded = seed.length
  let customer = known
  if (customer !== null) {
    const supplement = (await input.supplement?.()) ?? ok([])
    if (!supplement.ok) return supplement
    seeded = await timed(statementMs, client, complete(client, customer, supplement.value))
  }
  if (customer === null) {
    customer = Number((await rowOf(client, 'SELECT coalesce(max(id), 0) + 1 AS id FROM roster.customers'))?.['id'])
    await changedBy(client, 'INSERT INTO roster.customers (id, name_key, name) VALUES ($1, $2, $3)', [
      customer,
      customerKey(input.customer),
      input.customer,
    ])
    await timed(statementMs, client, copyInto(client, newUsers, seed, seedRow(customer)))
  }
  const serial = await takeSerial(client)
  await keepActor(client, input.actor)
  await appendAudit(client, input.audit)
  if (seeded > 0) {
    await appendAudit(client, input.seedAudit(seeded))
    await setSerial(client, serial + 1)
  }
  const push = Number(
    (await rowOf(client, 'SELECT coalesce(max(push), 0) + 1 AS push FROM roster.pushes WHERE batch = $1', [input.batch]))?.['push'],
  )
  await changedBy(
    client,
    'INSERT INTO roster.pushes (batch, push, by, mode, token, started_at, seeded, serial_before) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [input.batch, push, input.by, input.mode, token, input.startedAt, seeded, serial],
  )
  return ok({ push, customer, seeded, version })
}

/** How many users were written. */
async function complete(client: Client, customer: number, supplement: readonly Supplement[]): Promise<number> {
  if (supplement.length === 0) return 0
  const users = await fetchByKey(client, customer, new Set(supplement.map(({ after }) => emailKey(after.email))))
  const changes = supplement.map(({ before, after }, unit): UserChange => {
    const key = emailKey(after.email)
    const stored = users.get(key)
    const found = stored === undefined ? null : subscriberOf(stored.email, stored.package, stored.cells)
    if (!isDeepStrictEqual(found, before)) throw new Overtaken()
    return { unit, key, seen: stored?.version ?? null, after }
  })
  return changes.length - (await mergeUsers(client, customer, changes)).size
}

const newUsers = 'roster.subscribers (customer, email_key, email, package, cells, row_version)'
const seedRow =
  (customer: number) =>
  ({ email, package: held, cells }: Subscriber): CopyRow => [customer, emailKey(email), email, held, JSON.stringify(cells), 1]

/** The answer to our own commit was lost: the row with our token says whether it had been done. */
async function begunBefore(client: Client, input: BeginPush, token: string): Promise<Begun | null> {
  const row = await rowOf(
    client,
    'SELECT p.push, p.seeded, b.version FROM roster.pushes p JOIN roster.batches b ON b.batch = p.batch WHERE p.batch = $1 AND p.token = $2',
    [input.batch, token],
  )
  const customer = row === null ? null : await customerId(client, input.customer)
  if (row === null || customer === null) return null
  return { push: Number(row['push']), customer, seeded: Number(row['seeded']), version: Number(row['version']) }
}

/**
 * By the key, for this transaction. The planner knows nothing of a staging table, and little of tables that grew by 200,000 rows a
 * moment ago: it then reads all users and the whole ledger for each chunk (measured: 4 to 6 times the time of a whole push).
 */
const byKeySql = `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`

const timed = <T>(ms: number, client: Client, work: Promise<T>): Promise<T> =>
  withinTime(ms, work, () => {
    client.emit('error', new Error('no answer'))
  })

function session(line: Line, input: BeginPush, begun: Begun, statementMs: number): PushSession {
  const { push, customer, seeded, version } = begun
  const { batch } = input

  /** Nobody may have taken the batch over since we began: asked in each transaction, and held until its end. */
  async function standFast(client: Client): Promise<Result<null, StoreProblem>> {
    const row = await rowOf(client, 'SELECT state, version FROM roster.batches WHERE batch = $1 FOR UPDATE', [batch])
    if (row === null) return err(noSuchBatch)
    return row['state'] === 'pushing' && Number(row['version']) === version
      ? ok(null)
      : err({ kind: 'store-problem', reason: 'changed-meanwhile', state: String(row['state']) })
  }

  async function applyOnce(
    client: Client,
    items: readonly NumberedItem[],
    options: ApplyOptions,
  ): Promise<Result<ApplyCounts, StoreProblem>> {
    const { retry, effectOf, at, signal } = options
    const firm = await standFast(client)
    if (!firm.ok) return firm
    await client.query(byKeySql)
    const todo = await openItems(client, batch, items, retry)
    const users = await fetchUsers(client, customer, todo)
    const touched = createUserView(users, todo.length)
    const rows: LedgerLine[] = []
    let portionStart = performance.now()
    for (const [index, { item, opHash }] of todo.entries()) {
      const effect = effectOf(item, touched.find)
      const before = touched.textOf(subjectKey(item))
      const isRefused = effect.kind === 'refused'
      rows.push({
        number: item.number,
        opHash,
        outcome: isRefused ? 'refused' : 'applied',
        reason: isRefused ? reasonOf(effect) : null,
        before: isRefused ? null : before,
      })
      touched.carryOut(effect, subjectKey(item), index)
      if (performance.now() - portionStart < portionMs) continue
      // The server has half of the work still before it.
      options.onPortion?.(Math.floor((index + 1) / 2))
      await setImmediate()
      if (signal?.aborted === true) return err({ kind: 'store-problem', reason: 'cancelled' })
      portionStart = performance.now()
    }
    const poisoned = await timed(statementMs, client, mergeUsers(client, customer, touched.changes()))
    for (const [index, row] of rows.entries()) {
      const reason = poisoned.get(touched.unitOf(index))
      if (reason !== undefined && row.outcome === 'applied') rows[index] = { ...row, outcome: 'refused', reason, before: null }
    }
    options.onPortion?.(Math.floor(items.length * 0.8))
    await timed(statementMs, client, writeLedger(client, rows, { batch, push, at, retry }))

    const refused = rows.filter((row) => row.outcome === 'refused').length
    const counts = { applied: rows.length - refused, refused, skipped: items.length - rows.length }
    const serial = await takeSerial(client)
    await appendAudit(client, options.audit(counts))
    await setSerial(client, serial + 1)
    return ok(counts)
  }

  async function apply(items: readonly NumberedItem[], options: ApplyOptions): Promise<Result<ApplyCounts, StoreProblem>> {
    let counts: ApplyCounts | null = null
    // Cutting the connection is the one way to end a statement that also works where the server does not answer any more.
    const stop = (): void => {
      line.hurry(400)
      line.drop()
    }
    options.signal?.addEventListener('abort', stop, { once: true })
    try {
      const applied = await line.write({
        run: async (client) => {
          const result = await applyOnce(client, items, options)
          counts = result.ok ? result.value : null
          return result
        },
        done: async (client) => (counts !== null && (await wasApplied(client, batch, push, counts, items)) ? { value: counts } : null),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      })
      if (applied.ok) options.onPortion?.(items.length)
      else if (applied.error.reason === 'unreachable') line.hurry(400)
      return applied
    } finally {
      options.signal?.removeEventListener('abort', stop)
    }
  }

  return {
    push,
    seeded,
    apply,
    finish: (next, at, audit) =>
      line.write<null>({
        run: async (client) => {
          const firm = await standFast(client)
          if (!firm.ok) return firm
          if (!(await changeState(client, batch, version, next))) throw new Overtaken()
          const serial = await takeSerial(client)
          const head = await appendAudit(client, audit)
          await changedBy(
            client,
            'UPDATE roster.pushes SET finished_at = $1, serial_after = $2, audit_entry = $3, audit_hash = $4 WHERE batch = $5 AND push = $6',
            [at, serial, head.entry, head.hash, batch, push],
          )
          return ok(null)
        },
        done: async (client) => {
          const row = await rowOf(
            client,
            'SELECT 1 AS there FROM roster.pushes WHERE batch = $1 AND push = $2 AND audit_hash IS NOT NULL',
            [batch, push],
          )
          return row === null ? null : { value: null }
        },
      }),
    release: () => {
      void line.close()
    },
  }
}

/** Those of the items that are still to be done: not in the ledger, or there as refused when they are tried again. */
async function openItems(client: Client, batch: string, items: readonly NumberedItem[], retry: boolean): Promise<readonly NumberedItem[]> {
  const numbers = items.map(({ item }) => item.number)
  const known = await rowsOf(client, 'SELECT number, op_hash, outcome FROM roster.ledger WHERE batch = $1 AND number BETWEEN $2 AND $3', [
    batch,
    numbers.reduce((least, number) => Math.min(least, number), Infinity),
    numbers.reduce((most, number) => Math.max(most, number), 0),
  ])
  if (known.length === 0) return items
  const byNumber = new Map(known.map((row) => [Number(row['number']), row]))
  return items.filter(({ item, opHash }) => {
    const row = byNumber.get(item.number)
    if (row === undefined) return true
    if (row['op_hash'] !== opHash) {
      const detail = `item ${item.number} is in the ledger with another content`
      throw new StoreRefusal({ kind: 'store-problem', reason: 'content-changed', detail })
    }
    return retry && row['outcome'] === 'refused'
  })
}

async function fetchUsers(client: Client, customer: number, items: readonly NumberedItem[]): Promise<ReadonlyMap<string, StoredUser>> {
  return fetchByKey(
    client,
    customer,
    new Set(items.flatMap(({ item }) => (item.intent === 'rename' ? [subjectKey(item), emailKey(item.email)] : [subjectKey(item)]))),
  )
}

async function fetchByKey(client: Client, customer: number, emailKeys: ReadonlySet<string>): Promise<ReadonlyMap<string, StoredUser>> {
  const keys = [...emailKeys]
  const users = new Map<string, StoredUser>()
  for (let from = 0; from < keys.length; from += fetchCount) {
    const { rows } = await client.query<[string, string, string | null, string, number]>({
      text: 'SELECT email_key, email, package, cells, row_version FROM roster.subscribers WHERE customer = $1 AND email_key = ANY($2::text[])',
      values: [customer, keys.slice(from, from + fetchCount)],
      rowMode: 'array',
    })
    for (const [key, email, held, cells, version] of rows) users.set(key, { email, package: held, cells, version: version })
  }
  return users
}

interface LedgerLine {
  readonly number: number
  readonly opHash: string
  readonly outcome: 'applied' | 'refused'
  readonly reason: string | null
  readonly before: string | null
}

interface LedgerFacts {
  readonly batch: string
  readonly push: number
  readonly at: string
  readonly retry: boolean
}

/** The ledger's own key ends the transaction where an item is there already. */
async function writeLedger(client: Client, rows: readonly LedgerLine[], { batch, push, at, retry }: LedgerFacts): Promise<void> {
  if (rows.length === 0) return
  if (!retry) {
    await copyInto(client, 'roster.ledger (batch, number, op_hash, push, outcome, reason, before, at)', rows, (row) => [
      batch,
      row.number,
      row.opHash,
      push,
      row.outcome,
      row.reason,
      row.before,
      at,
    ])
    return
  }
  await copyInto(client, 'staged_ledger (number, op_hash, outcome, reason, before)', rows, (row) => [
    row.number,
    row.opHash,
    row.outcome,
    row.reason,
    row.before,
  ])
  const again = await changedBy(
    client,
    `UPDATE roster.ledger l SET push = $2, outcome = s.outcome, reason = s.reason, before = s.before, at = $3
     FROM staged_ledger s WHERE l.batch = $1 AND l.number = s.number`,
    [batch, push, at],
  )
  const first = await changedBy(
    client,
    `INSERT INTO roster.ledger (batch, number, op_hash, push, outcome, reason, before, at)
     SELECT $1::text, s.number, s.op_hash, $2::integer, s.outcome, s.reason, s.before, $3::text FROM staged_ledger s ON CONFLICT (batch, number) DO NOTHING`,
    [batch, push, at],
  )
  if (again + first !== rows.length) throw new Overtaken()
}

/** A transaction is there as a whole or not at all: one ledger row of this push among its items says which. */
async function wasApplied(
  client: Client,
  batch: string,
  push: number,
  counts: ApplyCounts,
  items: readonly NumberedItem[],
): Promise<boolean> {
  if (counts.applied + counts.refused === 0) return true
  const row = await rowOf(
    client,
    'SELECT 1 AS there FROM roster.ledger WHERE batch = $1 AND push = $2 AND number = ANY($3::integer[]) LIMIT 1',
    [batch, push, items.map(({ item }) => item.number)],
  )
  return row !== null
}

/** `changed: Extension, Location`. */
const reasonOf = ({ reason, columns }: Refusal): string => (columns.length === 0 ? reason : `${reason}: ${columns.join(', ')}`)
