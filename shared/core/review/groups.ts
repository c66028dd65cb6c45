import type { BatchContent, BatchItem } from '../batch/batch.ts'
import type { CellChange, Intent } from '../diff/change-set.ts'
import { packageColumn } from '../diff/patterns.ts'
import { losesCalling } from './risks.ts'

/** Changes of a frozen batch that are one to a reviewer. */
export interface ReviewGroup {
  /** Stable for equal changes. `various:` and the column where every member has texts of its own. */
  readonly key: string
  readonly intent: Intent
  readonly count: number
  readonly changes: readonly CellChange[]
  readonly losesCalling: boolean
  /** Numbers of the items. An item with several cells is in several groups. */
  readonly members: readonly number[]
}

interface Gathering {
  readonly intent: Intent
  readonly change: CellChange
  readonly losesCalling: boolean
  readonly members: number[]
}

/**
 * Equal changes together: removals first, then who loses calling, renames, package changes, new users by package, cells; of each kind the
 * larger first. A cell change that one user alone has is gathered by column. Law: every item is in at least one group.
 */
export function reviewGroups({ items }: Pick<BatchContent, 'items'>): readonly ReviewGroup[] {
  const groups = new Map<string, Gathering>()
  const join = (item: BatchItem, intent: Intent, change: CellChange, loses: boolean): void => {
    const key = JSON.stringify([intent, change.column, change.before, change.after])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { intent, change, losesCalling: loses, members: [item.number] })
    else known.members.push(item.number)
  }
  for (const item of items) {
    const { intent } = item
    if (intent !== 'update')
      join(item, intent, { column: packageColumn, before: item.from ?? '', after: item.to ?? '' }, losesCalling(item))
    if (intent !== 'add' && intent !== 'remove') for (const cell of item.cells) join(item, 'update', cell, false)
  }
  return gathered(groups).toSorted((a, b) => rank(a) - rank(b) || b.count - a.count || (a.key < b.key ? -1 : 1))
}

function gathered(groups: ReadonlyMap<string, Gathering>): readonly ReviewGroup[] {
  const singles = new Map<string, number[]>()
  for (const { intent, change, members } of groups.values()) {
    if (intent !== 'update' || members.length > 1) continue
    const known = singles.get(change.column)
    if (known === undefined) singles.set(change.column, [...members])
    else known.push(...members)
  }
  const list: ReviewGroup[] = []
  for (const [key, { intent, change, losesCalling: loses, members }] of groups) {
    if (intent === 'update' && members.length === 1 && (singles.get(change.column)?.length ?? 0) > 1) continue
    list.push({ key, intent, count: members.length, changes: [change], losesCalling: loses, members })
  }
  for (const [column, members] of singles) {
    if (members.length < 2) continue
    const changes = [{ column, before: '', after: '' }]
    list.push({ key: `various:${column}`, intent: 'update', count: members.length, changes, losesCalling: false, members })
  }
  return list
}

const ranks: Readonly<Record<Intent, number>> = { remove: 0, rename: 2, packageChange: 3, add: 4, update: 5 }
const rank = (group: ReviewGroup): number => (group.losesCalling ? 1 : ranks[group.intent])

/** The items that have not been seen: a group of theirs has not, and the user was not marked either (`isMarked`). */
export function unseenItems(
  groups: readonly ReviewGroup[],
  seen: ReadonlySet<string>,
  isMarked: (number: number) => boolean = () => false,
): ReadonlySet<number> {
  const unseen = new Set<number>()
  for (const { key, members } of groups) {
    if (!seen.has(key)) for (const number of members) if (!isMarked(number)) unseen.add(number)
  }
  return unseen
}

/** How many items have been seen: those all of whose groups were, or whose user was marked. */
export function seenItems(groups: readonly ReviewGroup[], seen: ReadonlySet<string>, isMarked?: (number: number) => boolean): number {
  const all = new Set(groups.flatMap(({ members }) => members))
  return all.size - unseenItems(groups, seen, isMarked).size
}
