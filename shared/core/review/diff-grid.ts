import type { BatchItem } from '../batch/batch.ts'
import { emailKey } from '../diff/cell-meaning.ts'
import type { Intent } from '../diff/change-set.ts'
import { packageColumn } from '../diff/patterns.ts'
import type { Subscriber } from '../batch/subscriber.ts'

/** A column of the change grid: the package as one field first, then as the file has them. */
export interface DiffColumn {
  /** Column key, or `Package`. */
  readonly key: string
  /** For how many users it changes; 0: it is shown on request only. */
  readonly changes: number
}

/** One cell that changes. */
export interface DiffCell {
  readonly column: string
  readonly before: string
  readonly after: string
}

/** A row of the change grid. */
export interface DiffRow {
  /** Its place among the changes, from 0 (in a batch the item's number); null: nothing changes. */
  readonly change: number | null
  /** The spreadsheet's row; null where the user comes from the store. */
  readonly row: number | null
  readonly email: string
  readonly formerEmail: string | null
  readonly intent: Intent | null
  readonly cells: readonly DiffCell[]
  /** The texts that stay, by column key; empty where they were not asked for. */
  readonly rest: Readonly<Record<string, string>>
  /** Keys of the review groups that it is in; none in a draft. */
  readonly groups: readonly string[]
}

/** Whether a reviewer has seen all that happens to a user: by its groups, or marked alone. */
export const isSeenRow = ({ email, groups }: Pick<DiffRow, 'email' | 'groups'>, seen: ReadonlySet<string>): boolean =>
  seen.has(userMark(email)) || (groups.length > 0 && groups.every((key) => seen.has(key)))

/** The package counts as a changed cell where it does; an unchanged one belongs to the rest. */
export const packageCell = (from: string | null | undefined, to: string | null | undefined): readonly DiffCell[] =>
  (from ?? '') === (to ?? '') ? [] : [{ column: packageColumn, before: from ?? '', after: to ?? '' }]

/** Who has seen a user: a mark of the review book beside the keys of groups. By email, so that it stays with the user. */
export const userMark = (email: string): string => `user:${emailKey(email)}`

export const diffRowOfItem = (item: BatchItem, groups: readonly string[] = []): DiffRow => ({
  change: item.number,
  row: item.row,
  email: item.email,
  formerEmail: item.formerEmail,
  intent: item.intent,
  cells: [...(item.intent === 'update' ? [] : packageCell(item.from, item.to)), ...item.cells],
  rest: {},
  groups,
})

/** What of a user stays as it is. */
export function restOf(row: DiffRow, subscriber: Subscriber | undefined): Readonly<Record<string, string>> {
  if (subscriber === undefined) return {}
  const changed = new Set(row.cells.map(({ column }) => column))
  const texts = [...Object.entries(subscriber.cells), [packageColumn, subscriber.package ?? ''] as const]
  return Object.fromEntries(texts.filter(([key, text]) => text !== '' && !changed.has(key)))
}

/** How often each column changes. */
export function countColumns(rows: Iterable<Pick<DiffRow, 'cells'>>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { cells } of rows) for (const { column } of cells) counts.set(column, (counts.get(column) ?? 0) + 1)
  return counts
}

/** The columns in their order: package, then as the header says, then what it does not name. */
export function diffColumns(
  counts: ReadonlyMap<string, number>,
  header: readonly string[],
  others: Iterable<string>,
): readonly DiffColumn[] {
  const keys = new Set([packageColumn, ...header, ...counts.keys(), ...others])
  const known = new Set([...others, ...counts.keys()])
  return [...keys].filter((key) => known.has(key)).map((key) => ({ key, changes: counts.get(key) ?? 0 }))
}

/**
 * All users in one order: of each place the number of its change, or `~` the place of an unchanged user among `users`. Users and
 * changes go by email, for a batch does not know where in a file the others stood.
 */
export function orderOfAll(items: readonly BatchItem[], users: readonly Subscriber[]): Int32Array {
  const taken = new Set(items.map((item) => emailKey(item.formerEmail ?? item.email)))
  const entries = items.map((item) => ({ key: emailKey(item.formerEmail ?? item.email), at: item.number }))
  users.forEach((user, place) => {
    const key = emailKey(user.email)
    if (!taken.has(key)) entries.push({ key, at: ~place })
  })
  entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.at - b.at))
  return Int32Array.from(entries, ({ at }) => at)
}

/** Where the next (or previous) wanted change stands, beginning behind (before) `from`; null: there is none in that direction. */
export function seekChange(
  total: number,
  changeAt: (place: number) => number,
  from: number,
  direction: 1 | -1,
  isWanted: (change: number) => boolean,
): number | null {
  for (let place = from + direction; place >= 0 && place < total; place += direction) {
    const change = changeAt(place)
    if (change >= 0 && isWanted(change)) return place
  }
  return null
}
