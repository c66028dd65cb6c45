import path from 'node:path'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import type { Effect, Refusal } from '../../../shared/core/batch/effects.ts'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import type { Supplement } from '../../../shared/core/batch/supplement.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { OwnerLocks } from '../../ports/owner-lock.ts'
import type { ApplyCounts, ApplyOptions, BeginPush, NumberedItem, PushSession, StoreProblem } from '../../ports/provisioning-store.ts'
import {
  appendAudit,
  auditHead,
  bumpSerial,
  changeState,
  connect,
  customerId,
  customerKey,
  guarded,
  inTransaction,
  isConstraint,
  keepActor,
  messageOf,
  metaOf,
  problemOf,
  pushLockName,
  seedOf,
  StoreRefusal,
  subscriberOf,
  subscriberWriter,
  type BatchRow,
  type SubscriberRow,
} from './connection.ts'
import type { Turns } from './turns.ts'

/** Other calls get their turn after this much work. */
const portionMs = 15

/**
 * Takes the customer and moves the batch to `pushing`. The push has a connection of its own, so that what others read meanwhile
 * is not read from inside its transaction.
 */
export async function beginPush(
  file: string,
  locks: OwnerLocks,
  turns: Turns,
  input: BeginPush,
): Promise<Result<PushSession, StoreProblem>> {
  let held: ReturnType<OwnerLocks['acquire']>
  try {
    held = locks.acquire(pushLockName(customerKey(input.customer)))
  } catch (thrown) {
    return err({ kind: 'store-problem', reason: 'not-writable', path: path.dirname(file), detail: messageOf(thrown) })
  }
  if (!held.ok) return err({ kind: 'store-problem', reason: 'busy', owner: held.error.owner })
  const lock = held.value
  let database: DatabaseSync | null = null
  const release = (): void => {
    database?.close()
    lock.release()
  }
  try {
    const supplement = (await input.supplement?.()) ?? ok([])
    const session = supplement.ok
      ? await turns.take(async () =>
          guarded(file, () => {
            const connected = connect(file)
            if (!connected.ok) return connected
            const connection = connected.value
            database = connection
            connection.exec(pushPragmas)
            const begun = inTransaction(connection, () => begin(connection, input, supplement.value))
            return begun.ok ? ok(sessionOf(file, connection, turns, input, begun.value, release)) : begun
          }),
        )
      : supplement
    if (!session.ok) release()
    return session
  } catch (thrown) {
    release()
    throw thrown
  }
}

/**
 * For the connection of a push alone: 32 MB of pages at hand, because users come in the order of their emails nowhere; and the log is put
 * into the file after 40 MB instead of 4, which was once a transaction. Each commit is synced to the disk as before.
 */
const pushPragmas = 'PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=10000;'

interface Begun {
  readonly push: number
  readonly customer: number
  readonly seeded: number
  /** By which the ledger knows the batch. */
  readonly place: number
}

function begin(database: DatabaseSync, input: BeginPush, supplement: readonly Supplement[]): Result<Begun, StoreProblem> {
  const row = database.prepare('SELECT * FROM batches WHERE batch = ?').get(input.batch) as BatchRow | undefined
  if (row === undefined) return err({ kind: 'store-problem', reason: 'no-such-batch' })
  if (row.version !== input.version) return err({ kind: 'store-problem', reason: 'changed-meanwhile', state: row.state })
  let version = row.version
  if (row.state === 'pushing') {
    // We hold the customer, so the process that was pushing is gone.
    changeState(database, input.batch, version++, 'interrupted')
    database.prepare('UPDATE pushes SET finished_at = ? WHERE batch = ? AND finished_at IS NULL').run(input.startedAt, input.batch)
  }
  if (!changeState(database, input.batch, version, 'pushing'))
    return err({ kind: 'store-problem', reason: 'changed-meanwhile', state: row.state })

  const serial = Number(metaOf(database, 'serial'))
  const push = Number(database.prepare('SELECT coalesce(max(push), 0) + 1 AS push FROM pushes WHERE batch = ?').get(input.batch)?.['push'])
  database
    .prepare('INSERT INTO pushes (batch, push, by, mode, started_at, serial_before) VALUES (?, ?, ?, ?, ?, ?)')
    .run(input.batch, push, input.by, input.mode, input.startedAt, serial)
  keepActor(database, input.actor)
  appendAudit(database, input.audit)

  const known = customerId(database, input.customer)
  if (known !== null) {
    const completed = complete(database, known, supplement)
    if (completed === null) return err({ kind: 'store-problem', reason: 'changed-meanwhile', state: row.state })
    if (completed > 0) {
      appendAudit(database, input.seedAudit(completed))
      bumpSerial(database)
    }
    return ok({ push, customer: known, seeded: completed, place: row.place })
  }
  const { lastInsertRowid } = database
    .prepare('INSERT INTO customers (name_key, name) VALUES (?, ?)')
    .run(customerKey(input.customer), input.customer)
  const customer = Number(lastInsertRowid)
  const seed = seedOf(database, input.batch) ?? []
  const put = subscriberWriter(database, customer)
  for (const subscriber of seed) put(subscriber)
  if (seed.length > 0) {
    appendAudit(database, input.seedAudit(seed.length))
    bumpSerial(database)
  }
  return ok({ push, customer, seeded: seed.length, place: row.place })
}

/** How many users were written; null where one is not as the supplement was made for. */
function complete(database: DatabaseSync, customer: number, supplement: readonly Supplement[]): number | null {
  const find = database.prepare('SELECT email, package, cells FROM subscribers WHERE customer = ? AND email_key = ?')
  const put = subscriberWriter(database, customer)
  let written = 0
  for (const { before, after } of supplement) {
    const row = find.get(customer, emailKey(after.email)) as SubscriberRow | undefined
    if (!isDeepStrictEqual(row === undefined ? null : subscriberOf(row), before)) return null
    try {
      put(after)
      written++
    } catch (thrown) {
      // The items that rely on this user are refused for it, by name.
      if (!isConstraint(thrown)) throw thrown
    }
  }
  return written
}

interface LedgerEntry {
  readonly op_hash: string
  readonly outcome: string
}

interface Statements {
  readonly ledgerRow: StatementSync
  readonly ledgerRows: StatementSync
  readonly retryLedger: StatementSync
  readonly find: StatementSync
  readonly remove: StatementSync
}

function sessionOf(file: string, database: DatabaseSync, turns: Turns, input: BeginPush, begun: Begun, release: () => void): PushSession {
  const { push, customer, seeded, place } = begun
  const statements: Statements = {
    ledgerRow: database.prepare('SELECT lower(hex(op_hash)) AS op_hash, outcome FROM ledger WHERE place = ? AND number = ?'),
    ledgerRows: database.prepare(
      'SELECT number, lower(hex(op_hash)) AS op_hash, outcome FROM ledger WHERE place = ? AND number BETWEEN ? AND ?',
    ),
    retryLedger: database.prepare('UPDATE ledger SET push = ?, outcome = ?, reason = ?, before = ? WHERE place = ? AND number = ?'),
    find: database.prepare('SELECT email, package, cells FROM subscribers WHERE customer = ? AND email_key = ?'),
    remove: database.prepare('DELETE FROM subscribers WHERE customer = ? AND email_key = ?'),
  }
  const put = subscriberWriter(database, customer)
  const ledger = inGroups(
    database,
    'INSERT INTO ledger (place, number, push, op_hash, outcome, reason, before) VALUES',
    `(${place}, ?, ${push}, unhex(?), ?, ?, ?)`,
  )
  const newUsers = inGroups(
    database,
    'INSERT INTO subscribers (customer, email_key, email, package, cells, row_version) VALUES',
    `(${customer}, ?, ?, ?, ?, 1)`,
  )
  /** Of those in `newUsers` that are not written yet. */
  const adding: NumberedItem[] = []
  const find = (key: string): Subscriber | null => {
    const row = statements.find.get(customer, key) as SubscriberRow | undefined
    return row === undefined ? null : subscriberOf(row)
  }

  /**
   * What the ledger says of items that come in order, as they do: read at once for a whole transaction. An item that does not come in
   * order is asked for by itself, because it may have been written a moment ago.
   */
  function ledgerOf(items: readonly NumberedItem[], flush: () => void): (number: number) => LedgerEntry | undefined {
    const numbers = items.map(({ item }) => item.number)
    const least = numbers.reduce((a, b) => Math.min(a, b), Infinity)
    const most = numbers.reduce((a, b) => Math.max(a, b), 0)
    const rows =
      items.length === 0 ? [] : (statements.ledgerRows.all(place, least, most) as unknown as (LedgerEntry & { number: number })[])
    const known = new Map(rows.map((row) => [row.number, row]))
    let highest = -1
    return (number) => {
      if (number > highest) {
        highest = number
        return known.get(number)
      }
      flush()
      return statements.ledgerRow.get(place, number) as LedgerEntry | undefined
    }
  }

  type Counts = { -readonly [Kind in keyof ApplyCounts]: ApplyCounts[Kind] }
  let counts: Counts = { applied: 0, refused: 0, skipped: 0 }

  /** One item, in the running transaction. */
  function applyOne(numbered: NumberedItem, known: LedgerEntry | undefined, options: ApplyOptions): void {
    const { item, opHash } = numbered
    if (known !== undefined && known.op_hash !== opHash) {
      throw new StoreRefusal('content-changed', `item ${item.number} is in the ledger with another content`)
    }
    if (known !== undefined && !(options.retry && known.outcome === 'refused')) {
      counts.skipped++
      return
    }
    const addition = known === undefined && item.intent === 'add' ? options.effectOf(item, nobody) : null
    if (addition?.kind === 'insert') {
      // Added users are written many at a time and without a look at who is there: the store's own key says so.
      const { email, package: held, cells } = addition.after
      adding.push(numbered)
      newUsers.put(emailKey(email), email, held, JSON.stringify(cells))
      if (adding.length === groupRows) flushUsers(options)
      return
    }
    flushUsers(options)
    applyLooking(numbered, known !== undefined, options)
  }

  function flushUsers(options: ApplyOptions): void {
    if (adding.length === 0) return
    const group = adding.splice(0)
    try {
      newUsers.write()
    } catch (thrown) {
      if (!isConstraint(thrown)) throw thrown
      // A statement that is refused leaves nothing: the same again, one by one.
      for (const one of group) applyLooking(one, false, options)
      return
    }
    counts.applied += group.length
    for (const { item, opHash } of group) addLine(item.number, opHash, 'applied', null, null)
  }

  function addLine(number: number, opHash: string, outcome: string, reason: string | null, before: string | null): void {
    if (ledger.put(number, opHash, outcome, reason, before) === groupRows) ledger.write()
  }

  function applyLooking({ item, opHash }: NumberedItem, again: boolean, { effectOf }: ApplyOptions): void {
    const subject = subjectKey(item)
    const before = find(subject)
    const effect = effectOf(item, (key) => (key === subject ? before : find(key)))
    // The effect first: where one of the store's constraints refuses it, the ledger names it as the reason.
    const reason = effect.kind === 'refused' ? reasonOf(effect) : carryOut(effect, before)
    const outcome = reason === null ? 'applied' : 'refused'
    const image = before === null || outcome === 'refused' ? null : JSON.stringify(before)
    if (again) statements.retryLedger.run(push, outcome, reason, image, place, item.number)
    else addLine(item.number, opHash, outcome, reason, image)
    counts[outcome]++
  }

  /** Null: done. Else the constraint that refused it, and nothing of it is done. */
  function carryOut(effect: Exclude<Effect, Refusal>, before: Subscriber | null): string | null {
    if (effect.kind === 'none') return null
    const key = before === null ? null : emailKey(before.email)
    const leaves = key !== null && (effect.after === null || emailKey(effect.after.email) !== key)
    const isTwofold = leaves && effect.after !== null
    if (isTwofold) database.exec('SAVEPOINT item')
    try {
      if (leaves) statements.remove.run(customer, key)
      if (effect.after !== null) put(effect.after)
      if (isTwofold) database.exec('RELEASE item')
      return null
    } catch (thrown) {
      if (!isConstraint(thrown)) throw thrown
      if (isTwofold) database.exec('ROLLBACK TO item; RELEASE item')
      return `store: ${messageOf(thrown)}`
    }
  }

  /** The call of `apply` that is under way, or the last of those that wait. */
  let last: Promise<Result<ApplyCounts, StoreProblem>> | null = null

  async function apply(items: readonly NumberedItem[], options: ApplyOptions): Promise<Result<ApplyCounts, StoreProblem>> {
    const before = last
    const applied = turns.take(async () => {
      const earlier = await before
      if (earlier?.ok === false) return earlier
      const isStopped = options.held?.aborted === true || options.signal?.aborted === true
      return isStopped ? err<StoreProblem>({ kind: 'store-problem', reason: 'cancelled' }) : applyAll(items, options)
    })
    last = applied
    try {
      return await applied
    } finally {
      if (last === applied) last = null
    }
  }

  async function applyAll(items: readonly NumberedItem[], options: ApplyOptions): Promise<Result<ApplyCounts, StoreProblem>> {
    counts = { applied: 0, refused: 0, skipped: 0 }
    adding.length = 0
    newUsers.clear()
    ledger.clear()
    const flushAll = (): void => {
      flushUsers(options)
      ledger.write()
    }
    try {
      database.exec('BEGIN IMMEDIATE')
      const inLedger = ledgerOf(items, flushAll)
      let portionStart = performance.now()
      for (const [index, item] of items.entries()) {
        applyOne(item, inLedger(item.item.number), options)
        // The clock itself costs as much as an item.
        if (index % 16 !== 15 || performance.now() - portionStart < portionMs) continue
        options.onPortion?.(index + 1)
        await setImmediate()
        if (options.signal?.aborted === true) {
          database.exec('ROLLBACK')
          return err({ kind: 'store-problem', reason: 'cancelled' })
        }
        portionStart = performance.now()
      }
      flushAll()
      appendAudit(database, options.audit(counts))
      bumpSerial(database)
      database.exec('COMMIT')
      options.onPortion?.(items.length)
      return ok(counts)
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK')
      return err(problemOf(file, thrown))
    }
  }

  return {
    push,
    seeded,
    apply,
    finish: (next, at, audit) =>
      turns.take(async () =>
        guarded(file, () =>
          inTransaction(database, () => {
            const row = database.prepare('SELECT * FROM batches WHERE batch = ?').get(input.batch) as BatchRow | undefined
            if (row === undefined) return err({ kind: 'store-problem', reason: 'no-such-batch' })
            if (!changeState(database, input.batch, row.version, next)) {
              return err({ kind: 'store-problem', reason: 'changed-meanwhile', state: row.state })
            }
            appendAudit(database, audit)
            const head = auditHead(database)
            database
              .prepare('UPDATE pushes SET finished_at = ?, serial_after = ?, audit_entry = ?, audit_hash = ? WHERE batch = ? AND push = ?')
              .run(at, Number(metaOf(database, 'serial')), head.entry, head.hash, input.batch, push)
            return ok(null)
          }),
        ),
      ),
    release,
  }
}

const nobody = (): null => null

/** So many rows a statement: beyond it nothing is gained (200,000 users: 0.59 s of the processor one by one, 0.42 s in groups). */
const groupRows = 32

interface Groups {
  /** How many rows are waiting now. */
  put(...values: readonly SQLInputValue[]): number
  /** What waits, in one statement where the group is full. */
  write(): void
  clear(): void
}

/** Rows that are written many at a time. `row`: one row of VALUES. */
function inGroups(database: DatabaseSync, insert: string, row: string): Groups {
  const rowsOf = (count: number): StatementSync => database.prepare(`${insert} ${Array.from({ length: count }, () => row).join(', ')}`)
  const [full, single] = [rowsOf(groupRows), rowsOf(1)]
  let waiting: SQLInputValue[] = []
  let rows = 0
  return {
    put(...values) {
      for (const value of values) waiting.push(value)
      return ++rows
    },
    write() {
      const [values, count] = [waiting, rows]
      waiting = []
      rows = 0
      if (count === 0) return
      ;(count === groupRows ? full : count === 1 ? single : rowsOf(count)).run(...values)
    },
    clear() {
      waiting = []
      rows = 0
    },
  }
}

/** `changed: Extension, Location`. */
const reasonOf = ({ reason, columns }: Refusal): string => (columns.length === 0 ? reason : `${reason}: ${columns.join(', ')}`)
