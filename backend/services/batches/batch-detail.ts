import type { Approval, BatchContent, BatchItem, ItemCounts } from '../../../shared/core/batch/batch.ts'
import { countOutcomes } from '../../../shared/core/batch/receipt.ts'
import { nextActor } from '../../../shared/core/batch/transitions.ts'
import { reviewGroups, type ReviewGroup } from '../../../shared/core/review/groups.ts'
import type { Change } from '../../../shared/core/diff/change-set.ts'
import type { BatchListItem } from '../../../shared/contract/batch-methods.ts'
import type { ChangeGroup } from '../../../shared/contract/draft-methods.ts'
import type { LedgerRow, PushRecord, StoredBatch } from '../../ports/provisioning-store.ts'

export function listItemOf(stored: StoredBatch, approvals: readonly Approval[]): BatchListItem {
  const { batch, customer, state, author, message, submittedAt, digest, summary, singlePerson } = stored
  return { batch, customer, state, author, message, submittedAt, digest, summary, approvals, singlePerson, next: nextActor[state] }
}

export const changeOf = ({ intent, email, row, from, to, formerEmail, cells }: BatchItem): Change => ({
  intent,
  email,
  row,
  ...(intent === 'update' ? {} : { from, to }),
  ...(formerEmail === null ? {} : { formerEmail }),
  cells,
})

/** What the ledger says of each item; those it does not know are pending. */
export function countsOf(total: number, ledger: readonly LedgerRow[]): ItemCounts {
  const counts = countOutcomes(ledger.map(({ outcome }) => outcome))
  return { ...counts, total, pending: total - ledger.length }
}

/** The same, where the store counted. */
export const countsIn = (total: number, { applied, refused }: Readonly<Record<'applied' | 'refused', number>>): ItemCounts => ({
  total,
  applied,
  refused,
  skipped: 0,
  unknown: 0,
  pending: total - applied - refused,
})

/** The groups of a batch that was looked at last: its pages ask for them again and again. */
export function createGroups(): (content: BatchContent) => readonly ReviewGroup[] {
  let last: { readonly content: BatchContent; readonly groups: readonly ReviewGroup[] } | null = null
  return (content) => {
    if (last?.content !== content) last = { content, groups: reviewGroups(content) }
    return last.groups
  }
}

export const groupOf = ({ key, intent, count, changes }: ReviewGroup): ChangeGroup => ({ key, intent, count, changes })

/** The life of a batch in lines: who did what and when. */
export function historyOf(
  stored: StoredBatch,
  approvals: readonly Approval[],
  pushes: readonly PushRecord[],
): readonly { readonly at: string; readonly by: string; readonly what: string }[] {
  return [
    { at: stored.submittedAt, by: stored.author, what: 'submitted' },
    ...approvals.map(({ at, by, decision }) => ({ at, by, what: decision })),
    ...pushes.flatMap(({ by, mode, startedAt, finishedAt }) => [
      { at: startedAt, by, what: mode },
      ...(finishedAt === null ? [] : [{ at: finishedAt, by, what: 'push-ended' }]),
    ]),
  ]
}
