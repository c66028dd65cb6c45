import type { Approval, BatchContent, BatchItem, ItemCounts } from '../../../shared/core/batch/batch.ts'
import { countOutcomes } from '../../../shared/core/batch/receipt.ts'
import { nextActor } from '../../../shared/core/batch/transitions.ts'
import { packageColumn } from '../../../shared/core/diff/patterns.ts'
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

/** The keys of the groups that an item is in: its package, if it touches that, and each of its cells. */
export function groupKeysOf(item: BatchItem): readonly { readonly key: string; readonly group: Omit<ChangeGroup, 'key' | 'count'> }[] {
  const groups: Omit<ChangeGroup, 'key' | 'count'>[] = []
  if (item.intent !== 'update') {
    groups.push({ intent: item.intent, changes: [{ column: packageColumn, before: item.from ?? '', after: item.to ?? '' }] })
  }
  if (item.intent !== 'add' && item.intent !== 'remove') for (const cell of item.cells) groups.push({ intent: 'update', changes: [cell] })
  return groups.map((group) => ({
    key: JSON.stringify([group.intent, ...group.changes.flatMap(({ column, before, after }) => [column, before, after])]),
    group,
  }))
}

/** Equal changes together, removals first, then the larger groups. A change that only one user has is gathered by column. */
export function groupsOf(content: BatchContent): readonly ChangeGroup[] {
  const groups = new Map<string, Omit<ChangeGroup, 'key' | 'count'> & { count: number }>()
  for (const item of content.items) {
    for (const { key, group } of groupKeysOf(item)) {
      const known = groups.get(key)
      if (known === undefined) groups.set(key, { ...group, count: 1 })
      else known.count++
    }
  }
  return gatherSingles([...groups].map(([key, group]) => ({ key, ...group }))).toSorted((a, b) => rank(a) - rank(b) || b.count - a.count)
}

function gatherSingles(groups: readonly ChangeGroup[]): readonly ChangeGroup[] {
  const isSingle = (group: ChangeGroup): boolean => group.intent === 'update' && group.count === 1
  const byColumn = Map.groupBy(groups.filter(isSingle), (group) => group.changes[0]?.column ?? '')
  const gathered = [...byColumn].flatMap(([column, alone]) =>
    alone.length < 2
      ? alone
      : [{ key: variousKey(column), intent: 'update' as const, count: alone.length, changes: [{ column, before: '', after: '' }] }],
  )
  return [...groups.filter((group) => !isSingle(group)), ...gathered]
}

const variousKey = (column: string): string => `various:${column}`
const order = ['remove', 'rename', 'packageChange', 'add', 'update']
const rank = (group: ChangeGroup): number => order.indexOf(group.intent)

/** The items of a group. A gathered group has those of its column that no other item shares. */
export function membersOf(content: BatchContent, key: string): ReadonlySet<number> {
  const inGroup = new Map<string, number[]>()
  for (const item of content.items) {
    for (const { key: own, group } of groupKeysOf(item)) {
      const members = inGroup.get(own) ?? []
      members.push(item.number)
      inGroup.set(own, members)
      if (members.length === 1 && group.intent === 'update' && variousKey(group.changes[0]?.column ?? '') === key) {
        inGroup.set(key, [...(inGroup.get(key) ?? []), item.number])
      }
    }
  }
  return new Set(inGroup.get(key))
}

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
