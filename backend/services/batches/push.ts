import { pushProblemWith } from '../../../shared/core/batch/approval.ts'
import type { BatchItem, ItemCounts } from '../../../shared/core/batch/batch.ts'
import { subjectKey, type FindSubscriber } from '../../../shared/core/batch/drift.ts'
import { applyItem, type Effect } from '../../../shared/core/batch/effects.ts'
import { oneTransactionBound, portionItems } from '../../../shared/core/batch/push-portions.ts'
import type { ReadItem } from '../../../shared/core/batch/read-content.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { NumberedItem, PushSession, StoreMoment, StoreProblem } from '../../ports/provisioning-store.ts'
import type { Work } from '../jobs.ts'
import type { Decisions } from '../review/decisions.ts'
import { storeError } from '../problems.ts'
import type { World } from '../world.ts'
import { actorOf, batchFact } from './audit-facts.ts'
import { countsIn } from './batch-detail.ts'
import { itemsAgain, verifyContent, type VerifiedContent } from './content-in-pieces.ts'
import type { BatchReader, ReadBatch } from './read-batch.ts'
import { supplement } from './supplement.ts'

export interface PushInput {
  readonly by: string
  readonly mode: PushMode
  /** Items a transaction, where the caller wants other than the usual. */
  readonly chunk: number | undefined
}

export interface Pushed {
  readonly counts: ItemCounts
  /** What was pushed, for its receipt. */
  readonly content: VerifiedContent
  /** The store as this push left it, for whoever writes the receipt, and to be closed there; null where there is none to be had. */
  readonly moment: StoreMoment | null
}

export type PushMode = 'push' | 'resume' | 'retry'

/**
 * Applies an approved batch, each item exactly once. Everything is looked at again first: content against digest, decisions, the
 * store's lineage. What is left to do is read from the ledger and nowhere else, so a push that was killed goes on from there.
 *
 * An item whose user is no longer as the batch found them is refused and named, the others are applied. A batch of which no
 * item could be applied is refused as a whole (`guard/stale-baseline`) and stays as it is. Who comes second hears who is at work, or
 * that it is done.
 *
 * The items are read in pieces, twice: once to hold them to the digest, once to apply them. What a push has in memory is two portions
 * of them, however many there are.
 */
export async function push(
  world: PushWorld,
  reader: BatchReader,
  decisions: Pick<Decisions, 'standingWith' | 'policyCounter'>,
  read: ReadBatch,
  input: PushInput,
  work: Work,
): Promise<Result<Pushed, AppError>> {
  for (let looks = 1; ; looks++) {
    const pushed = await pushOnce(
      world,
      reader,
      decisions,
      looks === 1 ? ok(read) : await reader.head(read.store, read.stored.batch),
      input,
      work,
    )
    if (pushed !== 'changed-meanwhile') return pushed
    if (looks === mostLooks) return err(await busy(read))
  }
}

/** Somebody else changed the batch between our look and our grip: we look again, so often. */
const mostLooks = 5

type PushWorld = Pick<World, 'clock' | 'hasher' | 'log' | 'breathe'>

async function pushOnce(
  world: PushWorld,
  reader: BatchReader,
  decisions: Pick<Decisions, 'standingWith' | 'policyCounter'>,
  found: Result<ReadBatch, AppError>,
  { by, mode, chunk }: PushInput,
  work: Work,
): Promise<Result<Pushed, AppError> | 'changed-meanwhile'> {
  if (!found.ok) return found
  const read = found.value
  const { clock, hasher, log } = world
  const { store, stored } = read
  const { batch, customer } = stored

  const counter = await decisions.policyCounter(customer)
  if (!counter.ok) return counter
  const policyFacts = counter.value
  let removals = 0
  const content = await verifyContent(
    world,
    read,
    (items) => {
      policyFacts.add(items.map(({ item }) => item))
      for (const { item } of items) if (item.intent === 'remove') removals++
    },
    work.signal,
  )
  if (!content.ok) return content
  const { frame } = content.value
  const isDone = stored.state === 'applied' || (stored.state === 'partly-applied' && mode !== 'retry')
  if (isDone) {
    const counts = await skipped(read)
    return counts.ok ? ok({ counts: counts.value, content: content.value, moment: null }) : counts
  }
  if (by.trim() === '') return err({ code: 'guard/refused', detail: 'a push needs the name of who pushes' })
  const standing = await decisions.standingWith(read, frame, policyFacts.counts())
  if (!standing.ok) return standing
  const typed = { removals, confirmed: frame.confirmedRemovals }
  const guard = pushProblemWith(stored, typed, standing.value.decisions, mode, standing.value.policy)
  if (guard?.code === 'guard/wrong-state' && stored.state === 'pushing') return err(await busy(read))
  if (guard !== null) return err(guard)
  const status = await store.status()
  if (!status.ok) return err(storeError(status.error, batch))
  if (frame.target !== null && frame.target.lineage !== status.value.lineage) {
    return err({ code: 'guard/wrong-store', expected: frame.target.lineage, actual: status.value.lineage })
  }
  if (mode === 'push') {
    const stale = await staleRows(world, reader, read, content.value)
    if (!stale.ok) return stale
    if (stale.value !== null) return err({ code: 'guard/stale-baseline', batch, rows: stale.value })
  }

  const actor = actorOf(by, stored.hashKey, hasher)
  const begun = await store.beginPush({
    batch,
    customer,
    version: stored.version,
    by: by.trim(),
    actor,
    mode,
    startedAt: clock.now(),
    audit: batchFact(`push/${mode === 'push' ? 'started' : mode}`, stored, actor, clock.now(), { items: stored.items }),
    seedAudit: (users) => batchFact('store/seeded', stored, actor, clock.now(), { users }),
    supplement: () => supplement(reader, read),
  })
  if (!begun.ok) {
    if (begun.error.reason === 'changed-meanwhile') return 'changed-meanwhile'
    return err(begun.error.reason === 'busy' ? await busy(read, begun.error.owner) : storeError(begun.error, batch))
  }
  const session = begun.value
  try {
    const applied = await applyItems(world, session, read, content.value, { mode, actor, chunk }, work)
    if (!applied.ok) {
      log.event('push/ended', { batch, reason: reasonOf(applied.error) })
      const what = work.held?.aborted === true && !work.signal.aborted ? 'push/paused' : 'push/interrupted'
      await session.finish('interrupted', clock.now(), batchFact(what, stored, actor, clock.now()))
      // Our connection was away for so long that somebody else took over and goes on.
      if (!('kind' in applied.error)) return err(applied.error)
      return err(applied.error.reason === 'changed-meanwhile' ? await busy(read) : storeError(applied.error, batch))
    }
    const ledger = await store.ledgerCounts(batch)
    if (!ledger.ok) return err(storeError(ledger.error, batch))
    const counts = countsIn(stored.items, ledger.value)
    const finished = await session.finish(
      counts.applied === counts.total ? 'applied' : 'partly-applied',
      clock.now(),
      batchFact('push/finished', stored, actor, clock.now(), { applied: counts.applied, refused: counts.refused }),
    )
    if (!finished.ok) return err(storeError(finished.error, batch))
    // While we hold the customer: nobody has begun to try the refused items again.
    return ok({ counts, content: content.value, moment: await momentOf(store, log) })
  } finally {
    session.release()
  }
}

/** Null where there is none to be had, whatever the trouble: the push is done, and its receipt is read of a later moment then. */
async function momentOf(store: ReadBatch['store'], log: World['log']): Promise<StoreMoment | null> {
  try {
    const moment = await store.moment()
    return moment.ok ? moment.value : null
  } catch (thrown) {
    log.incident('push/moment', thrown)
    return null
  }
}

const reasonOf = (error: StoreProblem | AppError): string => ('kind' in error ? error.reason : error.code)

async function applyItems(
  world: PushWorld,
  session: PushSession,
  read: ReadBatch,
  content: VerifiedContent,
  { mode, actor, chunk }: Pick<PushInput, 'mode' | 'chunk'> & { readonly actor: ReturnType<typeof actorOf> },
  { signal, held, progress }: Work,
): Promise<Result<null, StoreProblem | AppError>> {
  const { clock } = world
  const { store, stored } = read
  const ledger = await store.ledgerCounts(stored.batch)
  if (!ledger.ok) return ledger
  const { applied, refused } = ledger.value
  let done = mode === 'retry' ? applied : applied + refused
  const size = chunk ?? (stored.items <= oneTransactionBound ? stored.items : portionItems)
  progress('push', done, stored.items)

  // The store prepares a portion while it is still at work on the one before.
  let ahead: Promise<Result<unknown, StoreProblem>> = Promise.resolve(ok(null))
  async function apply(portion: readonly NumberedItem[]): Promise<Result<unknown, StoreProblem>> {
    if (signal.aborted || held?.aborted === true) {
      await ahead
      return err({ kind: 'store-problem', reason: 'cancelled' })
    }
    const before = done
    done += portion.length
    const next = session.apply(portion, {
      retry: mode === 'retry',
      effectOf,
      at: clock.now(),
      audit: ({ applied: items, refused: others }) =>
        batchFact('push/applied', stored, actor, clock.now(), { applied: items, refused: others }),
      signal,
      ...(held === undefined ? {} : { held }),
      onPortion: (count) => {
        progress('push', before + count, stored.items)
      },
    })
    // Where the one before fails by a bug, this one fails with it, and nobody asks for it any more.
    next.catch(() => undefined)
    const previous = ahead
    ahead = next
    const earlier = await previous
    if (!earlier.ok) await next
    return earlier
  }

  try {
    let waiting: NumberedItem[] = []
    for await (const items of itemsAgain(world, read, content)) {
      if (!items.ok) {
        await ahead
        return items
      }
      const open = await openItems(read, items.value, mode, applied + refused > 0)
      if (!open.ok) {
        await ahead
        return open
      }
      waiting = waiting.concat(open.value)
      while (waiting.length >= size && size > 0) {
        const went = await apply(waiting.slice(0, size))
        if (!went.ok) return went
        waiting = waiting.slice(size)
      }
    }
    if (waiting.length > 0) {
      const went = await apply(waiting)
      if (!went.ok) return went
    }
    const last = await ahead
    return last.ok ? ok(null) : last
  } finally {
    // The session is let go after this: nothing of it may be at work then.
    await Promise.allSettled([ahead])
  }
}

/** Those that the ledger does not know or, where it is tried again, knows as refused. */
async function openItems(
  { store, stored }: ReadBatch,
  items: readonly ReadItem[],
  mode: PushMode,
  isBegun: boolean,
): Promise<Result<readonly NumberedItem[], StoreProblem>> {
  const numbered = items.map(({ item, hash }): NumberedItem => ({ item, opHash: hash }))
  if (!isBegun) return ok(numbered)
  const [least, most] = [numbered.at(0)?.item.number ?? 0, numbered.at(-1)?.item.number ?? 0]
  const rows = await store.ledger(stored.batch, [Math.min(least, most), Math.max(least, most)])
  if (!rows.ok) return rows
  const outcomes = new Map(rows.value.map(({ number, outcome }) => [number, outcome]))
  return ok(
    numbered.filter(({ item }) => {
      const outcome = outcomes.get(item.number)
      return outcome === undefined || (mode === 'retry' && outcome === 'refused')
    }),
  )
}

const effectOf = (item: BatchItem, find: FindSubscriber): Effect =>
  applyItem(find(subjectKey(item)), item, item.intent === 'rename' ? find(emailKey(item.email)) : null)

/** Who pushes this batch and how far they are, as far as the store tells; else `owner`. */
async function busy({ store, stored: { batch, items } }: ReadBatch, owner = 'another push'): Promise<AppError> {
  const [now, pushes] = [await store.batch(batch), await store.pushes(batch)]
  const running = now.ok && now.value.state === 'pushing' && pushes.ok ? pushes.value.at(-1) : undefined
  // The customer can be held for another of its batches, too.
  if (running === undefined) return { code: 'batch/busy', batch, owner }
  const ledger = await store.ledgerCounts(batch)
  const done = ledger.ok ? `${String(ledger.value.applied + ledger.value.refused)} of ${String(items)} items, ` : ''
  return { code: 'batch/busy', batch, owner: `${running.by} (${done}since ${running.startedAt})` }
}

/**
 * Emails of the items where not one of them could be applied to the users as they stand; null where one can be, which is known with the
 * first of them, or where the batch's own baseline will be the beginning.
 */
async function staleRows(
  world: PushWorld,
  reader: BatchReader,
  read: ReadBatch,
  content: VerifiedContent,
): Promise<Result<readonly string[] | null, AppError>> {
  const { store, stored } = read
  const added = await supplement(reader, read)
  if (!added.ok) return err(storeError(added.error, stored.batch))
  const completed = new Map(added.value.map(({ after }) => [emailKey(after.email), after]))
  const stale: string[] = []
  for await (const items of itemsAgain(world, read, content)) {
    if (!items.ok) return items
    const keys = new Set(items.value.flatMap(({ item }) => [subjectKey(item), emailKey(item.email)]))
    const present = await store.present(stored.customer, [...keys])
    if (!present.ok) return err(storeError(present.error, stored.batch))
    const users = present.value
    if (users === null) return ok(null)
    const find = (key: string) => completed.get(key) ?? users.get(key) ?? null
    for (const { item } of items.value) {
      if (effectOf(item, find).kind !== 'refused') return ok(null)
      stale.push(item.email)
    }
  }
  return ok(stale.length === 0 ? null : stale)
}

/** A second push of what is done changes nothing: every item that was applied is skipped. */
async function skipped({ store, stored }: ReadBatch): Promise<Result<ItemCounts, AppError>> {
  const ledger = await store.ledgerCounts(stored.batch)
  if (!ledger.ok) return err(storeError(ledger.error, stored.batch))
  const { applied, ...counts } = countsIn(stored.items, ledger.value)
  return ok({ ...counts, applied: 0, skipped: counts.skipped + applied })
}
