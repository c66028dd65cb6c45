import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from 'pg'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import type { Supplement } from '../../../shared/core/batch/supplement.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ApplyCounts, ApplyOptions, BeginPush, NumberedItem, PushSession, StoreProblem } from '../../ports/provisioning-store.ts'
import { copyFormatOf, copyInto, copyWritten, type CopyFormat } from './copy.ts'
import { takeCustomer } from './customer-lock.ts'
import { addLines, newLines, openItems, retryLines, stagedLedgerSql, wasApplied, type LedgerLine } from './ledger.ts'
import { closedIfItThrows, createLine, withinTime, type Line, type LineOptions } from './line.ts'
import { mergeUsers, newUsers, stagedUsersSql, writeUser, type UserChange } from './merge-users.ts'
import { newPaper, prepareAdditions, prepareItems, type Additions, type Paper, type Prepared } from './prepare-items.ts'
import {
  appendAudit,
  changedBy,
  changeState,
  customerId,
  customerKey,
  keepActor,
  rowOf,
  seedOf,
  setSerial,
  subscriberOf,
  takeSerial,
} from './rows.ts'
import { isConstraint, noSuchBatch, Overtaken } from './trouble.ts'
import type { StoredUser } from './user-view.ts'

/** Users are fetched in so many at a time. */
const fetchCount = 10_000

interface Begun {
  readonly push: number
  readonly customer: number
  readonly seeded: number
  /** By which the ledger knows the batch. */
  readonly place: number
  readonly format: CopyFormat
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
      await client.query(stagedUsersSql + stagedLedgerSql)
    },
  })
  // A line that is left open would hold the customer for as long as this process lives.
  const begun = await closedIfItThrows(line, () =>
    line.write({
      run: (client) => begin(client, input, token, options.waits.statement),
      done: async (client) => {
        const value = await begunBefore(client, input, token)
        return value === null ? null : { value }
      },
    }),
  )
  if (!begun.ok) {
    await line.close()
    return begun
  }
  return ok(session(line, input, begun.value, options.waits.statement))
}

async function begin(client: Client, input: BeginPush, token: string, statementMs: number): Promise<Result<Begun, StoreProblem>> {
  const row = await rowOf(client, 'SELECT state, version, place FROM roster.batches WHERE batch = $1 FOR UPDATE', [input.batch])
  if (row === null) return err(noSuchBatch)
  const format = await copyFormatOf(client)
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
    seeded = await withinTime(statementMs, client, complete(client, format, customer, supplement.value))
  }
  if (customer === null) {
    customer = Number((await rowOf(client, 'SELECT coalesce(max(id), 0) + 1 AS id FROM roster.customers'))?.['id'])
    await changedBy(client, 'INSERT INTO roster.customers (id, name_key, name) VALUES ($1, $2, $3)', [
      customer,
      customerKey(input.customer),
      input.customer,
    ])
    await withinTime(statementMs, client, copyInto(client, format, newUsers, seed, writeUser(customer)))
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
  return ok({ push, customer, seeded, place: Number(row['place']), format, version })
}

/** How many users were written. */
async function complete(client: Client, format: CopyFormat, customer: number, supplement: readonly Supplement[]): Promise<number> {
  if (supplement.length === 0) return 0
  const users = await fetchByKey(client, customer, new Set(supplement.map(({ after }) => emailKey(after.email))))
  const changes = supplement.map(({ before, after }, unit): UserChange => {
    const key = emailKey(after.email)
    const stored = users.get(key)
    const found = stored === undefined ? null : subscriberOf(stored.email, stored.package, stored.cells)
    if (!isDeepStrictEqual(found, before)) throw new Overtaken()
    return { unit, key, seen: stored?.version ?? null, after }
  })
  return changes.length - (await mergeUsers(client, format, customer, changes)).size
}

/** The answer to our own commit was lost: the row with our token says whether it had been done. */
async function begunBefore(client: Client, input: BeginPush, token: string): Promise<Begun | null> {
  const row = await rowOf(
    client,
    'SELECT p.push, p.seeded, b.version, b.place FROM roster.pushes p JOIN roster.batches b ON b.batch = p.batch WHERE p.batch = $1 AND p.token = $2',
    [input.batch, token],
  )
  const customer = row === null ? null : await customerId(client, input.customer)
  if (row === null || customer === null) return null
  return {
    push: Number(row['push']),
    customer,
    seeded: Number(row['seeded']),
    place: Number(row['place']),
    format: await copyFormatOf(client),
    version: Number(row['version']),
  }
}

/**
 * By the key, for this transaction. The planner knows nothing of a staging table, and little of tables that grew by 200,000 rows a
 * moment ago: it then reads all users and the whole ledger for each chunk (measured: 4 to 6 times the time of a whole push).
 */
const byKeySql = `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`

function session(line: Line, input: BeginPush, begun: Begun, statementMs: number): PushSession {
  const { push, customer, seeded, version, place, format } = begun
  const { batch } = input
  /** Somebody was there whom an addition did not expect: from now on it is looked first. */
  let looksFirst = false
  /** The call of `apply` that is under way, or the last of those that wait. */
  let last: Promise<Result<ApplyCounts, StoreProblem>> | null = null
  /** Two are in use where one call waits for the other. */
  const papers: Paper[] = []

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
    additions: Additions | null,
    options: ApplyOptions,
  ): Promise<Result<ApplyCounts, StoreProblem>> {
    const firm = await standFast(client)
    if (!firm.ok) return firm
    const todo = await openItems(client, place, items, options.retry)
    // All of them, or it is no longer what was prepared.
    const isPrepared = additions !== null && todo === items && !looksFirst
    const done = isPrepared ? await writeAdditions(client, additions, options) : await writeItems(client, todo, options)
    if (done === null) return err({ kind: 'store-problem', reason: 'cancelled' })
    const counts = { ...done, skipped: items.length - done.applied - done.refused }
    const serial = await takeSerial(client)
    await appendAudit(client, options.audit(counts))
    await setSerial(client, serial + 1)
    return ok(counts)
  }

  type Done = Pick<ApplyCounts, 'applied' | 'refused'>

  async function writeAdditions(client: Client, { count, users, ledger }: Additions, { onPortion }: ApplyOptions): Promise<Done> {
    try {
      await withinTime(statementMs, client, copyWritten(client, format, newUsers, users))
    } catch (thrown) {
      if (!isConstraint(thrown)) throw thrown
      // Somebody is there, or a constraint refuses one of them: the same again, with a look at each.
      looksFirst = true
      throw new Overtaken()
    }
    onPortion?.(Math.floor(count * 0.6))
    await withinTime(statementMs, client, copyWritten(client, format, newLines, ledger))
    return { applied: count, refused: 0 }
  }

  async function writeItems(client: Client, todo: readonly NumberedItem[], options: ApplyOptions): Promise<Done | null> {
    const prepared = await lookAndPrepare(client, todo, options)
    if (prepared === null) return null
    const poisoned = await withinTime(statementMs, client, mergeUsers(client, format, customer, prepared.changes))
    const lines = poisoned.size === 0 ? prepared.lines : prepared.lines.map(unlessPoisoned(poisoned, prepared.unitOf))
    options.onPortion?.(Math.floor(todo.length * 0.8))
    await withinTime(statementMs, client, (options.retry ? retryLines : addLines)(client, format, lines, { place, push }))
    const refused = lines.filter((line) => line.outcome === 'refused').length
    return { applied: lines.length - refused, refused }
  }

  /** On the users as they stand. */
  async function lookAndPrepare(client: Client, todo: readonly NumberedItem[], options: ApplyOptions): Promise<Prepared | null> {
    await client.query(byKeySql)
    const users = await fetchUsers(client, customer, todo)
    // The server has half of the work still before it.
    return prepareItems(todo, users, options, (done) => options.onPortion?.(Math.floor(done / 2)))
  }

  async function apply(items: readonly NumberedItem[], options: ApplyOptions): Promise<Result<ApplyCounts, StoreProblem>> {
    const before = last
    const isAddition = !options.retry && !looksFirst && items.every(({ item }) => item.intent === 'add')
    const paper = papers.pop() ?? newPaper(format)
    const additions = isAddition ? prepareAdditions(items, options, { customer, place, push }, paper) : Promise.resolve(null)
    const applied = applyInTurn(items, options, additions, before)
    last = applied
    try {
      const result = await applied
      // All of it has been sent. Where it went wrong, a broken connection may still hold on to it.
      if (result.ok) papers.push(paper)
      return result
    } finally {
      if (last === applied) last = null
    }
  }

  /** `before`: the call that was under way when this one came. Where that did not succeed, this one is not begun. */
  async function applyInTurn(
    items: readonly NumberedItem[],
    options: ApplyOptions,
    additions: Promise<Additions | null>,
    before: Promise<Result<ApplyCounts, StoreProblem>> | null,
  ): Promise<Result<ApplyCounts, StoreProblem>> {
    // Whatever fails before they are asked for, their own failure must find a listener.
    additions.catch(() => undefined)
    const earlier = await before
    if (earlier?.ok === false) return earlier
    if (options.held?.aborted === true || options.signal?.aborted === true) return err({ kind: 'store-problem', reason: 'cancelled' })
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
          const result = await applyOnce(client, items, await additions, options)
          counts = result.ok ? result.value : null
          return result
        },
        done: async (client) => (counts !== null && (await wasApplied(client, { place, push }, counts, items)) ? { value: counts } : null),
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

/** Where one of the store's constraints refused what an item did, the item is refused for it. */
const unlessPoisoned =
  (poisoned: ReadonlyMap<number, string>, unitOf: (index: number) => number) =>
  (line: LedgerLine, index: number): LedgerLine => {
    const reason = poisoned.get(unitOf(index))
    return reason === undefined || line.outcome !== 'applied' ? line : { ...line, outcome: 'refused', reason, before: null }
  }
