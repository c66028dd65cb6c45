import { personKey, removalsProblem } from '../../../shared/core/batch/approval.ts'
import type { BatchContent, BatchItem } from '../../../shared/core/batch/batch.ts'
import { baselineFingerprint } from '../../../shared/core/batch/drift.ts'
import { compensate } from '../../../shared/core/batch/undo.ts'
import type { PackageName } from '../../../shared/core/catalogue/packages.ts'
import type { ChangeSummary, PackageCount } from '../../../shared/core/diff/change-set.ts'
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
      if (items.length === 0) return err({ code: 'draft/no-changes' })
      const summary = summaryOf(items)
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
  const before = new Map<PackageName | null, number>()
  for (const user of users.value ?? []) before.set(user.package, (before.get(user.package) ?? 0) + 1)
  return ok({
    format: 1,
    customer: undone.customer,
    author: undone.author,
    rulesetVersion,
    target: { lineage: status.value.lineage },
    baseline: { kind: 'store', fingerprint: baselineFingerprint(items, hasher), users: users.value?.length ?? 0 },
    header: undone.header,
    summary: { ...summary, unchanged: Math.max(0, (users.value?.length ?? 0) - items.length + summary.add) },
    packages: packagesAfter(undone.packages, before, items),
    confirmedRemovals: summary.remove,
    ignored: [],
    items,
  })
}

function summaryOf(items: readonly BatchItem[]): ChangeSummary {
  const count = (intent: BatchItem['intent']): number => items.filter((item) => item.intent === intent).length
  return {
    add: count('add'),
    update: count('update'),
    packageChange: count('packageChange'),
    remove: count('remove'),
    rename: count('rename'),
    unchanged: 0,
  }
}

/** Users per package as the store holds them, and as they will be; limits as the undone batch knew them. */
function packagesAfter(
  known: readonly PackageCount[],
  before: ReadonlyMap<PackageName | null, number>,
  items: readonly BatchItem[],
): readonly PackageCount[] {
  const delta = new Map<PackageName, number>()
  const add = (name: PackageName | null, by: number): void => {
    if (name !== null) delta.set(name, (delta.get(name) ?? 0) + by)
  }
  for (const { intent, from, to } of items) {
    if (intent === 'update') continue
    if (intent !== 'add') add(from, -1)
    if (intent !== 'remove') add(to, 1)
  }
  const names = new Set([...known.map((one) => one.package), ...delta.keys()])
  return [...names].map((name) => {
    const limit = known.find((one) => one.package === name)?.limit
    const now = before.get(name) ?? 0
    return { package: name, before: now, after: now + (delta.get(name) ?? 0), ...(limit === undefined ? {} : { limit }) }
  })
}
