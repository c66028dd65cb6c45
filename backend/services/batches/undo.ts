import { personKey, removalsProblem } from '../../../shared/core/batch/approval.ts'
import type { BatchContent, BatchItem } from '../../../shared/core/batch/batch.ts'
import { baselineFingerprint } from '../../../shared/core/batch/drift.ts'
import { packagesAfter, sumItems } from '../../../shared/core/batch/sum-items.ts'
import { compensate } from '../../../shared/core/batch/undo.ts'
import type { ChangeSummary } from '../../../shared/core/diff/change-set.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { rulesetVersion } from '../check.ts'
import { storeError } from '../problems.ts'
import type { World } from '../world.ts'
import type { Batches } from './batches.ts'
import type { ReadBatch } from './read-batch.ts'
import { addContent } from './submit.ts'

export type UndoMethods = Pick<Api<Methods>, 'batches.undo'>

/**
 * Taking back what a push did is another batch: made from the before-images that the ledger kept, reviewed, approved and pushed like
 * any other. Only what was applied is taken back; a user who was changed again since is refused when it is pushed, and named.
 */
export function undoMethods(world: Pick<World, 'clock' | 'hasher' | 'emit'>, batches: Pick<Batches, 'read'>): UndoMethods {
  return {
    async 'batches.undo'({ batch, by, message, confirmRemovals }) {
      if (personKey(by) === '') return err({ code: 'guard/refused', detail: 'a batch needs the name of its author' })
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      const { store, stored } = read
      if (stored.state !== 'applied' && stored.state !== 'partly-applied') {
        return err({ code: 'guard/wrong-state', batch, state: stored.state, wanted: 'applied, partly-applied' })
      }
      const ledger = await store.ledger(batch)
      if (!ledger.ok) return err(storeError(ledger.error, batch))
      const images = await store.beforeImages(batch)
      if (!images.ok) return err(storeError(images.error, batch))
      const done = new Set(ledger.value.filter(({ outcome }) => outcome === 'applied').map(({ number }) => number))
      const { items, withLoss, impossible } = compensate(
        content.items.filter(({ number }) => done.has(number)),
        images.value,
      )
      if (items.length === 0) return err({ code: 'draft/no-changes', batch })
      const summary = sumItems(items)
      const removals = removalsProblem(summary.remove, confirmRemovals ?? 0)
      if (removals !== null) return err(removals)
      const frozen = await contentOf(world, read, content, items, summary)
      if (!frozen.ok) return frozen
      const added = await addContent(world, store, frozen.value, {
        by,
        message: message ?? `Takes back ${batch}`,
        draft: null,
        seed: null,
      })
      if (!added.ok) return added
      world.emit({ kind: 'batches-changed', batch: added.value.batch })
      return ok({ ...added.value, undone: batch, items: items.length, removals: summary.remove, withLoss, impossible })
    },
  }
}

async function contentOf(
  { hasher }: Pick<World, 'hasher'>,
  { store, stored }: Pick<ReadBatch, 'store' | 'stored'>,
  undone: BatchContent,
  items: readonly BatchItem[],
  summary: ChangeSummary,
): Promise<Result<BatchContent, AppError>> {
  const status = await store.status()
  if (!status.ok) return err(storeError(status.error, stored.batch))
  const users = await store.subscribers(stored.customer)
  if (!users.ok) return err(storeError(users.error, stored.batch))
  return ok({
    format: 1,
    customer: undone.customer,
    author: undone.author,
    rulesetVersion,
    target: { lineage: status.value.lineage },
    // Taken back it is what it was in the store; Control Hub never heard of it.
    ...(undone.storeOnly === true ? { storeOnly: true } : {}),
    baseline: { kind: 'store', fingerprint: baselineFingerprint(items, hasher), users: users.value?.length ?? 0 },
    header: undone.header,
    summary: { ...summary, unchanged: Math.max(0, (users.value?.length ?? 0) - items.length + summary.add) },
    packages: packagesAfter(undone.packages, users.value ?? [], items),
    confirmedRemovals: summary.remove,
    ignored: [],
    items,
  })
}
