import { isCallingPackage } from '../catalogue/packages.ts'
import type { BatchItem } from './batch.ts'
import { heldAfter, heldCells, isSameHeld, takenBack } from './held-text.ts'
import { cellOf, type Subscriber } from './subscriber.ts'

/** What undoing a batch comes to. */
export interface Compensation {
  /** The items of the compensating batch, numbered from 0, removals last. It is a batch like any other and needs approval. */
  readonly items: readonly BatchItem[]
  /** Reversed, but not what it was: say so before anyone approves. `number` is the undone item's. */
  readonly withLoss: readonly { readonly number: number; readonly email: string; readonly loss: 'calling-data' | 'user-data' }[]
  /** Cannot be reversed from what is known. */
  readonly impossible: readonly { readonly number: number; readonly email: string; readonly reason: 'no-before-image' }[]
}

/**
 * The items that take back what was applied. `applied` are the items that a push applied; `beforeImages` the users as the store
 * held them before, by item number.
 *
 * - An added user is removed; a changed cell or package goes back; a rename moves back.
 * - A user who was as wanted already, by somebody else's doing, counted as applied but nothing was done: nothing is taken back.
 * - A removed user is added again with all that the before-image holds; without one there is nothing to add.
 * - Control Hub deletes voicemail and number assignment with the calling package, and everything with the user (AUTOLIC): those
 *   come back as settings, not as data, and are listed as losses.
 */
export function compensate(applied: readonly BatchItem[], beforeImages: ReadonlyMap<number, Subscriber>): Compensation {
  const items: BatchItem[] = []
  const withLoss: Compensation['withLoss'][number][] = []
  const impossible: Compensation['impossible'][number][] = []
  for (const item of applied) {
    const { number, email } = item
    const image = beforeImages.get(number)
    if (image !== undefined && wasSoBefore(item, image)) continue
    if (item.intent === 'remove' && image === undefined) {
      impossible.push({ number, email, reason: 'no-before-image' })
      continue
    }
    items.push(reverse(item, image))
    if (item.intent === 'remove') withLoss.push({ number, email, loss: 'user-data' })
    else if (lostCalling(item)) withLoss.push({ number, email, loss: 'calling-data' })
  }
  const ordered = [...items.filter((item) => item.intent !== 'remove'), ...items.filter((item) => item.intent === 'remove')]
  return { items: ordered.map((item, number) => ({ ...item, number })), withLoss, impossible }
}

/** Whether the push found nothing left to do (`applyItem`: `none`). */
function wasSoBefore(item: BatchItem, image: Subscriber): boolean {
  if (item.intent === 'remove' || item.intent === 'rename') return false
  // An add is only ever applied over a user who is there if that user is exactly as wanted.
  if (item.intent === 'add') return true
  return (
    (item.intent === 'update' || image.package === item.to) &&
    heldCells(item.cells).every(({ column, after }) => isSameHeld(column, cellOf(image, column), after))
  )
}

function reverse(item: BatchItem, image: Subscriber | undefined): BatchItem {
  const { number, row, email, from, to } = item
  const back = item.cells.map(({ column, before, after }) => ({ column, ...takenBack(column, before, after) }))
  switch (item.intent) {
    case 'add':
      return { number, row, intent: 'remove', email, formerEmail: null, from: to, to: null, cells: [] }
    case 'remove': {
      const cells = Object.entries(image?.cells ?? {}).map(([column, text]) => ({ column, before: '', after: heldAfter(column, '', text) }))
      return { number, row, intent: 'add', email, formerEmail: null, from: null, to: image?.package ?? from, cells }
    }
    case 'rename':
      return { number, row, intent: 'rename', email: item.formerEmail ?? email, formerEmail: email, from: to, to: from, cells: back }
    case 'update':
    case 'packageChange':
      return { number, row, intent: item.intent, email, formerEmail: null, from: to, to: from, cells: back }
  }
}

const lostCalling = ({ intent, from, to }: BatchItem): boolean =>
  intent === 'packageChange' && from !== null && isCallingPackage(from) && (to === null || !isCallingPackage(to))
