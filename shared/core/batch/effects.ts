import { emailKey } from '../diff/cell-meaning.ts'
import type { BatchItem } from './batch.ts'
import { driftOfItem } from './drift.ts'
import { heldCells, isSameHeld } from './held-text.ts'
import { cellOf, withCells, type Subscriber } from './subscriber.ts'

/**
 * What an item does to the store.
 * `none`: the user already is what the item wants; nothing is written and the item counts as applied.
 */
export type Effect =
  { readonly kind: 'insert' | 'update' | 'none'; readonly after: Subscriber } | { readonly kind: 'delete'; readonly after: null } | Refusal

export interface Refusal {
  readonly kind: 'refused'
  /**
   * `missing`: no user under that email. `exists`: to be added, but there with other data. `changed`: a text or the package is
   * not what the batch was made against; `columns` names them. `email-taken`: the new email of a rename is another user's.
   */
  readonly reason: 'missing' | 'exists' | 'changed' | 'email-taken'
  readonly columns: readonly string[]
}

/**
 * The effect of one item on the user it speaks of.
 *
 * `subscriber` is the user found under `subjectKey(item)` (for a rename: the former email); `occupant`, for a rename, the user
 * found under the new one. Every text and package that the item changes must still be what the batch was made against, or the
 * item is refused: an approval never overwrites what it did not see. The one exception is a user who already is exactly
 * as the item wants (someone did the same by hand): that is no conflict.
 *
 * - add: nobody may be there. Inserts the user with the item's package and cells.
 * - update, packageChange: sets the cells (an empty text takes the cell away) and, for a package change, the package.
 * - rename: the same, and moves the user to the new email, which must be free.
 * - remove: deletes the user.
 *
 * Law: applying an item twice is `none` the second time, but for a removal and a rename, which are `missing`.
 */
export function applyItem(subscriber: Subscriber | null, item: BatchItem, occupant: Subscriber | null = null): Effect {
  const drift = driftOfItem(item, subscriber)
  if (subscriber === null) {
    if (item.intent === 'add') return { kind: 'insert', after: wanted({ email: item.email, package: null, cells: {} }, item) }
    return refuse('missing')
  }
  const after = wanted(subscriber, item)
  if (drift !== null) {
    if (item.intent !== 'remove' && isSame(subscriber, after)) return { kind: 'none', after: subscriber }
    return item.intent === 'add' ? refuse('exists', differing(subscriber, item)) : refuse('changed', drift.columns)
  }
  if (item.intent === 'remove') return { kind: 'delete', after: null }
  if (item.intent === 'rename' && occupant !== null && emailKey(occupant.email) !== emailKey(subscriber.email)) return refuse('email-taken')
  return { kind: 'update', after }
}

const refuse = (reason: Refusal['reason'], columns: readonly string[] = []): Refusal => ({ kind: 'refused', reason, columns })

function wanted(subscriber: Subscriber, item: BatchItem): Subscriber {
  return {
    email: item.intent === 'rename' ? item.email : subscriber.email,
    package: item.intent === 'update' ? subscriber.package : item.to,
    cells: withCells(subscriber.cells, heldCells(item.cells)),
  }
}

function isSame(a: Subscriber, b: Subscriber): boolean {
  const keys = new Set([...Object.keys(a.cells), ...Object.keys(b.cells)])
  return (
    emailKey(a.email) === emailKey(b.email) &&
    a.package === b.package &&
    [...keys].every((key) => isSameHeld(key, cellOf(a, key), cellOf(b, key)))
  )
}

const differing = (subscriber: Subscriber, item: BatchItem): readonly string[] =>
  heldCells(item.cells)
    .filter(({ column, after }) => !isSameHeld(column, cellOf(subscriber, column), after))
    .map(({ column }) => column)
