import type { Approval, BatchContent } from '../../../shared/core/batch/batch.ts'
import { readContent } from '../../../shared/core/batch/digest.ts'
import type { Hasher } from '../../../shared/core/batch/hasher.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ProvisioningStore, StoredBatch } from '../../ports/provisioning-store.ts'
import { storeError } from '../problems.ts'

export interface ReadBatch {
  readonly store: ProvisioningStore
  readonly stored: StoredBatch
  readonly approvals: readonly Approval[]
}

export interface BatchReader {
  head(store: ProvisioningStore, batch: string): Promise<Result<ReadBatch, AppError>>
  /** The content, verified against the digest; `guard/content-changed` where it does not hold. */
  content(read: ReadBatch): Promise<Result<BatchContent, AppError>>
}

/** The key of its hashes goes with the data: without it nobody can tell any more whom they were of. */
export const isPurged = ({ hashKey }: Pick<StoredBatch, 'hashKey'>): boolean => hashKey === ''

/**
 * Whether the list of batches says of a batch what its content says. A push goes to the customer of the list, the author of the list may
 * not approve, and whoever decides is shown the counts of the list: all must be those that the digest holds.
 */
export function isOfContent(stored: StoredBatch, content: Pick<BatchContent, 'customer' | 'author' | 'summary'>, items: number): boolean {
  const counts = Object.keys(content.summary) as (keyof BatchContent['summary'])[]
  return (
    content.customer === stored.customer &&
    content.author === stored.author &&
    items === stored.items &&
    counts.every((intent) => content.summary[intent] === stored.summary[intent])
  )
}
export const saysOther = 'the list of batches says another customer, another author, other counts or other items'

export function createBatchReader(hasher: Hasher): BatchReader {
  // Verifying hashes every item. A text that is byte for byte the one that was verified before needs no second time.
  let last: { readonly key: string; readonly content: BatchContent } | null = null

  return {
    async head(store, batch) {
      const stored = await store.batch(batch)
      if (!stored.ok) return err(storeError(stored.error, batch))
      const approvals = await store.approvals(batch)
      if (!approvals.ok) return err(storeError(approvals.error, batch))
      return ok({ store, stored: stored.value, approvals: approvals.value })
    },
    async content({ store, stored }) {
      if (isPurged(stored)) return err({ code: 'batch/purged', batch: stored.batch })
      const text = await store.content(stored.batch)
      if (!text.ok) return err(storeError(text.error, stored.batch))
      const key = `${stored.digest} ${hasher.sha256(text.value)}`
      if (last?.key !== key) {
        const content = readContent(text.value, stored.digest, hasher)
        if (!content.ok) return err({ code: 'guard/content-changed', batch: stored.batch, detail: content.error.detail })
        last = { key, content: content.value }
      }
      return isOfContent(stored, last.content, last.content.items.length)
        ? ok(last.content)
        : err({ code: 'guard/content-changed', batch: stored.batch, detail: saysOther })
    },
  }
}
