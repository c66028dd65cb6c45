import { emailKey } from '../diff/cell-meaning.ts'
import type { BatchItem } from './batch.ts'
import { canonicalize } from './canonical.ts'
import { isSameHeld } from './held-text.ts'
import type { Hasher } from './hasher.ts'
import { cellOf, type Subscriber } from './subscriber.ts'

/** Finds a user by `emailKey`. */
export type FindSubscriber = (emailKey: string) => Subscriber | null

/** The user whom an item speaks of: for a rename the one under the former email. */
export const subjectKey = (item: BatchItem): string => emailKey(item.formerEmail ?? item.email)

/** Whether an item says what package the user has now. An update does not touch it, an added user has none. */
const saysPackage = (item: BatchItem): boolean => item.intent === 'packageChange' || item.intent === 'remove' || item.intent === 'rename'

/** What of the customer's users a batch relies on: for each item whether the user is there, and the texts that it will change. */
interface ReliedOn {
  readonly email: string
  readonly exists: boolean
  readonly package: string | null
  readonly cells: readonly (readonly [string, string])[]
}

const reliedOn = (item: BatchItem): ReliedOn => ({
  email: subjectKey(item),
  exists: item.intent !== 'add',
  package: saysPackage(item) ? item.from : null,
  cells: item.intent === 'add' ? [] : item.cells.map(({ column, before }) => [column, before] as const),
})

const foundNow = (item: BatchItem, subscriber: Subscriber | null): ReliedOn => ({
  email: subjectKey(item),
  exists: subscriber !== null,
  package: saysPackage(item) ? (subscriber?.package ?? null) : null,
  cells: item.intent === 'add' || subscriber === null ? [] : item.cells.map(({ column }) => [column, cellOf(subscriber, column)] as const),
})

/** SHA-256 over the baseline users that the batch touches, as far as it touches them. Hex. */
export const baselineFingerprint = (items: readonly BatchItem[], hasher: Hasher): string => hasher.sha256(canonicalize(items.map(reliedOn)))

/** The same over the users as they stand now: equal exactly when nothing that the batch relies on has changed. */
export const presentFingerprint = (items: readonly BatchItem[], find: FindSubscriber, hasher: Hasher): string =>
  hasher.sha256(canonicalize(items.map((item) => foundNow(item, find(subjectKey(item))))))

/** One user who is no longer as the batch found them. */
export interface Drift {
  readonly number: number
  readonly email: string
  /** `missing`: gone; `exists`: to be added, but already there; `changed`: the columns named hold other texts now. */
  readonly kind: 'missing' | 'exists' | 'changed'
  readonly columns: readonly string[]
}

/** Which items no longer stand on firm ground: the rows to show when a batch is refused as stale. */
export function driftOf(items: readonly BatchItem[], find: FindSubscriber): readonly Drift[] {
  return items.flatMap((item) => {
    const drift = driftOfItem(item, find(subjectKey(item)))
    return drift === null ? [] : [drift]
  })
}

/** The name under which a package stands among changed columns. */
export const packageField = 'Package'

export function driftOfItem(item: BatchItem, subscriber: Subscriber | null): Drift | null {
  const { number, email } = item
  if (item.intent === 'add') return subscriber === null ? null : { number, email, kind: 'exists', columns: [] }
  if (subscriber === null) return { number, email, kind: 'missing', columns: [] }
  const columns = item.cells
    .filter((cell) => !isSameHeld(cell.column, cellOf(subscriber, cell.column), cell.before))
    .map((cell) => cell.column)
  if (saysPackage(item) && subscriber.package !== item.from) columns.unshift(packageField)
  return columns.length === 0 ? null : { number, email, kind: 'changed', columns }
}
