import { emailKey } from '../diff/cell-meaning.ts'
import type { BatchItem } from './batch.ts'
import type { FindSubscriber } from './drift.ts'
import { withCells, type Subscriber } from './subscriber.ts'

/** What a store was told of a customer's users by the batches that were pushed, whatever became of the single items. */
export interface Heard {
  /** Users who left, or moved to another email: where they are not (or not as a baseline says), somebody wanted it so. */
  readonly settled: ReadonlySet<string>
  /** Columns that were ever set or emptied, by `emailKey`. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>
}

export function heardOf(batches: Iterable<readonly BatchItem[]>): Heard {
  const settled = new Set<string>()
  const columns = new Map<string, Set<string>>()
  for (const items of batches) {
    for (const { intent, email, formerEmail, cells } of items) {
      const key = emailKey(email)
      if (intent === 'remove' || intent === 'rename') settled.add(key)
      if (formerEmail !== null) settled.add(emailKey(formerEmail))
      const heard = columns.get(key) ?? new Set()
      for (const { column } of cells) heard.add(column)
      columns.set(key, heard)
    }
  }
  return { settled, columns }
}

/** One user before and after; `before` is null where the store has no such user. */
export interface Supplement {
  readonly before: Subscriber | null
  readonly after: Subscriber
}

/**
 * What a baseline adds to a store that knows a customer by single changes only: users it was never told of, and cells of users
 * that no batch ever touched. Never what the store has otherwise, or what a batch took away: there the store is right and the baseline
 * is old. A user who left or moved by a batch is left alone altogether.
 */
export function supplementOf(baseline: readonly Subscriber[], find: FindSubscriber, { settled, columns }: Heard): readonly Supplement[] {
  return baseline.flatMap((user): readonly Supplement[] => {
    const key = emailKey(user.email)
    if (settled.has(key)) return []
    const before = find(key)
    const heard = columns.get(key)
    if (before === null) return [{ before, after: user }]
    const unheard = Object.entries(user.cells).flatMap(([column, after]) =>
      Object.hasOwn(before.cells, column) || heard?.has(column) === true ? [] : [{ column, after }],
    )
    return unheard.length === 0 ? [] : [{ before, after: { ...before, cells: withCells(before.cells, unheard) } }]
  })
}
