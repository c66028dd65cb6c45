import type { CustomerProfile } from '../customer/profile.ts'
import type { BatchContent, BatchItem } from '../batch/batch.ts'
import { packageField, subjectKey } from '../batch/drift.ts'
import { heldAfter } from '../batch/held-text.ts'
import { sheetFromItems } from '../batch/sheet-from-items.ts'
import { cellOf, type Subscriber } from '../batch/subscriber.ts'
import { subscribersFromTable } from '../batch/subscribers-from-table.ts'
import { emailKey } from '../diff/cell-meaning.ts'
import { columnKey, type Sheet } from '../diff/paired-columns.ts'
import { samenessOf } from './same-text.ts'

/**
 * What became of an item, seen in a fresh export.
 * - `landed`: all of it is there (an emptied cell is empty, a removed user gone).
 * - `not-landed`: nothing of it is there; the user is as before.
 * - `differently`: some of it is there, or something else than was asked for.
 */
export type Landing = 'landed' | 'not-landed' | 'differently'

export interface ItemLanding {
  readonly number: number
  readonly email: string
  readonly landing: Landing
  /**
   * The columns that are not as asked: what was wanted, what the export says. The package stands under `Package`, a user who is not
   * there, or still is, under the email's column.
   */
  readonly columns: readonly { readonly column: string; readonly wanted: string; readonly found: string }[]
}

/** A change that the batch did not ask for, on a user or in a cell that it leaves alone. */
export interface ForeignChange {
  readonly email: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly columns: readonly { readonly column: string; readonly before: string; readonly found: string }[]
}

export interface Reconciliation {
  readonly counts: Readonly<Record<Landing, number>>
  /** In the order of the items. */
  readonly items: readonly ItemLanding[]
  /** Known only where the users from before the batch are. */
  readonly byOthers: readonly ForeignChange[]
  /** Emails of the removals among the items that did not land: the catch-up file asks for them again. */
  readonly removals: readonly string[]
  /** Columns that the batch touches and the export does not have: nothing is said about them. */
  readonly unseen: readonly string[]
  /** The items that did not land whole, as a file to try again; null when everything landed. */
  readonly catchUp: Sheet | null
}

export interface ReconcileInput {
  readonly content: BatchContent
  /** A fresh Control Hub export. */
  readonly fresh: Sheet
  /** The users as they stood before the batch, to tell what somebody else changed. */
  readonly before?: readonly Subscriber[] | undefined
  readonly customer?: CustomerProfile | undefined
}

const emailField = 'User ID/Email (Required)'

export function reconcile({ content, fresh, before, customer }: ReconcileInput): Reconciliation {
  const exported = subscribersFromTable(fresh)
  const now = new Map(exported.map((subscriber) => [emailKey(subscriber.email), subscriber]))
  const seen = new Set(fresh.columns.map(columnKey))
  const isSame = samenessOf(seen)

  const items = content.items.map((item) => landingOf(item, now, seen, isSame))
  const counts = { landed: 0, 'not-landed': 0, differently: 0 }
  for (const item of items) counts[item.landing]++
  const failed = content.items.filter((_, index) => items[index]?.landing !== 'landed')
  const touched = new Set(content.items.flatMap((item) => item.cells.map((cell) => cell.column)))
  return {
    counts,
    items,
    byOthers: before === undefined ? [] : foreignChanges(content.items, before, now, seen, isSame),
    removals: failed.filter(({ intent }) => intent === 'remove').map(({ email }) => email),
    unseen: [...touched].filter((column) => !seen.has(column)),
    catchUp: failed.length === 0 ? null : sheetFromItems(content, failed, (key) => now.get(key) ?? null, customer),
  }
}

type Same = (column: string, a: string, b: string) => boolean

function landingOf(item: BatchItem, now: ReadonlyMap<string, Subscriber>, seen: ReadonlySet<string>, isSame: Same): ItemLanding {
  const { number, email } = item
  const subscriber = now.get(emailKey(email))
  if (item.intent === 'remove') {
    if (subscriber === undefined) return { number, email, landing: 'landed', columns: [] }
    // Without a package and still listed: what stands there is the user itself.
    const columns =
      subscriber.package === null
        ? [{ column: emailField, wanted: '', found: subscriber.email }]
        : [{ column: packageField, wanted: '', found: subscriber.package }]
    return { number, email, landing: subscriber.package === item.from ? 'not-landed' : 'differently', columns }
  }
  if (subscriber === undefined) {
    // The user is not there at all: not the same as one who is there without a package.
    const columns = [{ column: emailField, wanted: email, found: '' }]
    const isGone = item.intent !== 'add' && !now.has(subjectKey(item))
    return { number, email, landing: isGone ? 'differently' : 'not-landed', columns }
  }
  const asks = [
    ...(item.intent === 'update'
      ? []
      : [{ column: packageField, before: item.from ?? '', after: item.to ?? '', found: subscriber.package ?? '' }]),
    ...item.cells.filter((cell) => seen.has(cell.column)).map((cell) => ({ ...cell, found: cellOf(subscriber, cell.column) })),
  ]
  const open = asks.filter(({ column, before, after, found }) => !isSame(column, heldAfter(column, before, after), found))
  const columns = open.map(({ column, after, found }) => ({ column, wanted: after, found }))
  const hasStranger = item.intent === 'rename' && now.has(subjectKey(item))
  if (open.length === 0) return { number, email, landing: hasStranger ? 'differently' : 'landed', columns }
  const isUntouched = item.intent !== 'add' && item.intent !== 'rename' && asks.every((ask) => isSame(ask.column, ask.before, ask.found))
  return { number, email, landing: isUntouched ? 'not-landed' : 'differently', columns }
}

function foreignChanges(
  items: readonly BatchItem[],
  before: readonly Subscriber[],
  now: ReadonlyMap<string, Subscriber>,
  seen: ReadonlySet<string>,
  isSame: Same,
): readonly ForeignChange[] {
  const asked = new Map(items.flatMap((item) => [[subjectKey(item), item] as const, [emailKey(item.email), item] as const]))
  const known = new Set(before.map((subscriber) => emailKey(subscriber.email)))
  const changes: ForeignChange[] = []
  for (const was of before) {
    const item = asked.get(emailKey(was.email))
    const is = now.get(emailKey(was.email))
    if (is === undefined) {
      if (item?.intent !== 'remove' && item?.intent !== 'rename') changes.push({ email: was.email, kind: 'removed', columns: [] })
      continue
    }
    if (item?.intent === 'remove' || item?.intent === 'rename') continue
    const ours = new Set(item?.cells.map((cell) => cell.column))
    const keys = [...new Set([...Object.keys(was.cells), ...Object.keys(is.cells)])].filter((key) => seen.has(key) && !ours.has(key))
    const columns = keys
      .map((column) => ({ column, before: cellOf(was, column), found: cellOf(is, column) }))
      .filter(({ column, before: text, found }) => !isSame(column, text, found))
    // An added user's package is the batch's own doing, too (the store's users may stand for those from before).
    if (item?.intent !== 'packageChange' && item?.intent !== 'add' && was.package !== is.package) {
      columns.unshift({ column: packageField, before: was.package ?? '', found: is.package ?? '' })
    }
    if (columns.length > 0) changes.push({ email: was.email, kind: 'changed', columns })
  }
  for (const [key, is] of now) if (!known.has(key) && !asked.has(key)) changes.push({ email: is.email, kind: 'added', columns: [] })
  return changes
}
