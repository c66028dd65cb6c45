import { pushProblem } from '../../../shared/core/batch/approval.ts'
import type { BatchContent, BatchItem, ItemCounts } from '../../../shared/core/batch/batch.ts'
import { itemHash } from '../../../shared/core/batch/digest.ts'
import { subjectKey, type FindSubscriber } from '../../../shared/core/batch/drift.ts'
import { applyItem, type Effect } from '../../../shared/core/batch/effects.ts'
import { oneTransactionBound, portionItems } from '../../../shared/core/batch/push-portions.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { NumberedItem, PushSession, StoreProblem } from '../../ports/provisioning-store.ts'
import type { Work } from '../jobs.ts'
import type { Decisions } from '../review/decisions.ts'
import { storeError } from '../problems.ts'
import type { World } from '../world.ts'
import { actorOf, batchFact } from './audit-facts.ts'
import { countsOf } from './batch-detail.ts'
import type { BatchReader, ReadBatch } from './read-batch.ts'
import { supplement, usersForPush } from './supplement.ts'

export interface PushInput {
  readonly by: string
  readonly mode: PushMode
  /** Items a transaction, where the caller wants other than the usual. */
  readonly chunk: number | undefined
}

export type PushMode = 'push' | 'resume' | 'retry'

/**
 * Applies an approved batch, each item exactly once. Everything is looked at again first: content against digest, decisions, the
 * store's lineage. What is left to do is read from the ledger and nowhere else, so a push that was killed goes on from there.
 *
 * An item whose user is no longer as the batch found them is refused and named, the others are applied. A batch of which no
 * item could be applied is refused as a whole (`guard/stale-baseline`) and stays as it is. Who comes second hears who is at work, or
 * that it is done.
 */
export async function push(
  world: PushWorld,
  reader: BatchReader,
  decisions: Pick<Decisions, 'standing'>,
  read: ReadBatch,
  input: PushInput,
  work: Work,
): Promise<Result<ItemCounts, AppError>> {
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

type PushWorld = Pick<World, 'clock' | 'hasher' | 'log'>

async function pushOnce(
  world: PushWorld,
  reader: BatchReader,
  decisions: Pick<Decisions, 'standing'>,
  found: Result<ReadBatch, AppError>,
  { by, mode, chunk }: PushInput,
  work: Work,
): Promise<Result<ItemCounts, AppError> | 'changed-meanwhile'> {
  if (!found.ok) return found
  const read = found.value
  const { clock, hasher, log } = world
  const { store, stored } = read
  const { batch, customer } = stored

  const content = await reader.content(read)
  if (!content.ok) return content
  const isDone = stored.state === 'applied' || (stored.state === 'partly-applied' && mode !== 'retry')
  if (isDone) return skipped(read)
  if (by.trim() === '') return err({ code: 'guard/refused', detail: 'a push needs the name of who pushes' })
  const standing = await decisions.standing(read, content.value)
  if (!standing.ok) return standing
  const guard = pushProblem(stored, content.value, standing.value.decisions, mode, standing.value.policy)
  if (guard?.code === 'guard/wrong-state' && stored.state === 'pushing') return err(await busy(read))
  if (guard !== null) return err(guard)
  const status = await store.status()
  if (!status.ok) return err(storeError(status.error, batch))
  const target = content.value.target?.lineage
  if (target !== undefined && target !== status.value.lineage) {
    return err({ code: 'guard/wrong-store', expected: target, actual: status.value.lineage })
  }
  if (mode === 'push') {
    const stale = await staleRows(reader, read, content.value)
    if (!stale.ok) return stale
    if (stale.value.length > 0 && stale.value.length === content.value.items.length) {
      return err({ code: 'guard/stale-baseline', batch, rows: stale.value })
    }
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
    audit: batchFact(`push/${mode === 'push' ? 'started' : mode}`, stored, actor, clock.now(), { items: content.value.items.length }),
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
      log.event('push/ended', { batch, reason: applied.error.reason })
      const what = work.held?.aborted === true && !work.signal.aborted ? 'push/paused' : 'push/interrupted'
      await session.finish('interrupted', clock.now(), batchFact(what, stored, actor, clock.now()))
      // Our connection was away for so long that somebody else took over and goes on.
      return err(applied.error.reason === 'changed-meanwhile' ? await busy(read) : storeError(applied.error, batch))
    }
    const ledger = await store.ledger(batch)
    if (!ledger.ok) return err(storeError(ledger.error, batch))
    const counts = countsOf(stored.items, ledger.value)
    const finished = await session.finish(
      counts.applied === counts.total ? 'applied' : 'partly-applied',
      clock.now(),
      batchFact('push/finished', stored, actor, clock.now(), { applied: counts.applied, refused: counts.refused }),
    )
    return finished.ok ? ok(counts) : err(storeError(finished.error, batch))
  } finally {
    session.release()
  }
}

async function applyItems(
  { clock, hasher }: Pick<World, 'clock' | 'hasher'>,
  session: PushSession,
  { store, stored }: ReadBatch,
  content: BatchContent,
  { mode, actor, chunk }: Pick<PushInput, 'mode' | 'chunk'> & { readonly actor: ReturnType<typeof actorOf> },
  { signal, held, progress }: Work,
): Promise<Result<null, StoreProblem>> {
  const ledger = await store.ledger(stored.batch)
  if (!ledger.ok) return ledger
  const outcomes = new Map(ledger.value.map(({ number, outcome }) => [number, outcome]))
  const open = content.items.filter(({ number }) => {
    const outcome = outcomes.get(number)
    return outcome === undefined || (mode === 'retry' && outcome === 'refused')
  })
  const numbered = open.map((item): NumberedItem => ({ item, opHash: itemHash(item, hasher) }))
  const done = content.items.length - open.length
  const size = chunk ?? (content.items.length <= oneTransactionBound ? numbered.length : portionItems)
  progress('push', done, content.items.length)
  // The store prepares a portion while it is still at work on the one before.
  let ahead: ReturnType<PushSession['apply']> | null = null
  for (let from = 0; from < numbered.length; from += size) {
    if (signal.aborted || held?.aborted === true) {
      await ahead
      return err({ kind: 'store-problem', reason: 'cancelled' })
    }
    const next = session.apply(numbered.slice(from, from + size), {
      retry: mode === 'retry',
      effectOf,
      at: clock.now(),
      audit: ({ applied: items, refused }) => batchFact('push/applied', stored, actor, clock.now(), { applied: items, refused }),
      signal,
      ...(held === undefined ? {} : { held }),
      onPortion: (count) => {
        progress('push', done + from + count, content.items.length)
      },
    })
    const applied = await ahead
    ahead = next
    if (applied?.ok === false) {
      await next
      return applied
    }
  }
  const applied = await ahead
  return applied?.ok === false ? applied : ok(null)
}

const effectOf = (item: BatchItem, find: FindSubscriber): Effect =>
  applyItem(find(subjectKey(item)), item, item.intent === 'rename' ? find(emailKey(item.email)) : null)

/** Who pushes this batch and how far they are, as far as the store tells; else `owner`. */
async function busy({ store, stored: { batch, items } }: ReadBatch, owner = 'another push'): Promise<AppError> {
  const [now, pushes] = [await store.batch(batch), await store.pushes(batch)]
  const running = now.ok && now.value.state === 'pushing' && pushes.ok ? pushes.value.at(-1) : undefined
  // The customer can be held for another of its batches, too.
  if (running === undefined) return { code: 'batch/busy', batch, owner }
  const ledger = await store.ledger(batch)
  const done = ledger.ok ? `${String(ledger.value.length)} of ${String(items)} items, ` : ''
  return { code: 'batch/busy', batch, owner: `${running.by} (${done}since ${running.startedAt})` }
}

/** Emails of the items that could not be applied to the users as they stand. None where the batch's own baseline will be the beginning. */
async function staleRows(reader: BatchReader, read: ReadBatch, content: BatchContent): Promise<Result<readonly string[], AppError>> {
  const keys = new Set(content.items.flatMap((item) => [subjectKey(item), emailKey(item.email)]))
  const present = await usersForPush(reader, read, [...keys])
  if (!present.ok) return err(storeError(present.error, read.stored.batch))
  const users = present.value
  if (users === null) return ok([])
  const find = (key: string) => users.get(key) ?? null
  return ok(content.items.filter((item) => effectOf(item, find).kind === 'refused').map((item) => item.email))
}

/** A second push of what is done changes nothing: every item that was applied is skipped. */
async function skipped({ store, stored }: ReadBatch): Promise<Result<ItemCounts, AppError>> {
  const ledger = await store.ledger(stored.batch)
  if (!ledger.ok) return err(storeError(ledger.error, stored.batch))
  const { applied, ...counts } = countsOf(stored.items, ledger.value)
  return ok({ ...counts, applied: 0, skipped: counts.skipped + applied })
}
