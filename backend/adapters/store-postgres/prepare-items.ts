import { setImmediate } from 'node:timers/promises'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import type { Refusal } from '../../../shared/core/batch/effects.ts'
import type { ApplyOptions, NumberedItem } from '../../ports/provisioning-store.ts'
import { copyRows, type CopyFormat, type CopyRows } from './copy.ts'
import { writeLine, type LedgerLine, type LedgerPlace } from './ledger.ts'
import { writeUser, type UserChange } from './merge-users.ts'
import { createUserView, type StoredUser } from './user-view.ts'

/** What a transaction is to write. */
export interface Prepared {
  readonly lines: readonly LedgerLine[]
  readonly changes: readonly UserChange[]
  /** The unit of the item at an index of `lines`. */
  readonly unitOf: (index: number) => number
}

/** Rows of added users and their ledger lines, as they go to the server, in memory that is used again. */
export interface Additions {
  readonly count: number
  readonly users: Buffer
  readonly ledger: Buffer
}
/** What additions are written on. */
export interface Paper {
  readonly users: CopyRows
  readonly ledger: CopyRows
}
export const newPaper = (format: CopyFormat): Paper => ({ users: copyRows(format), ledger: copyRows(format) })

/** Other work gets its turn after so many milliseconds: also what the connection has to send of the transaction before. */
const portionMs = 0.5

/** `stored`: the users that the items touch, as they stand. Null where it was cancelled. */
export async function prepareItems(
  items: readonly NumberedItem[],
  stored: ReadonlyMap<string, StoredUser>,
  { effectOf, signal }: Pick<ApplyOptions, 'effectOf' | 'signal'>,
  onPortion?: (done: number) => void,
): Promise<Prepared | null> {
  const touched = createUserView(stored, items.length)
  const lines: LedgerLine[] = []
  let portionStart = performance.now()
  for (const [index, { item, opHash }] of items.entries()) {
    const subject = subjectKey(item)
    const effect = effectOf(item, touched.find)
    const isRefused = effect.kind === 'refused'
    lines.push({
      number: item.number,
      opHash,
      outcome: isRefused ? 'refused' : 'applied',
      reason: isRefused ? reasonOf(effect) : null,
      before: isRefused ? null : touched.textOf(subject),
    })
    touched.carryOut(effect, subject, index)
    // The clock itself costs as much as an item.
    if (index % 16 !== 15 || performance.now() - portionStart < portionMs) continue
    onPortion?.(index + 1)
    await setImmediate()
    if (signal?.aborted === true) return null
    portionStart = performance.now()
  }
  return { lines, changes: touched.changes(), unitOf: touched.unitOf }
}

/**
 * Added users are worked out without a look at the store, and while the transaction before is still under way: nobody is there
 * under their emails. The store's own key says where that is not so; then they are worked out anew on what is there. Null where the
 * items are of other kinds or speak twice of somebody, or where it was cancelled.
 */
export async function prepareAdditions(
  items: readonly NumberedItem[],
  { effectOf, signal }: Pick<ApplyOptions, 'effectOf' | 'signal'>,
  { customer, ...of }: LedgerPlace & { readonly customer: number },
  paper: Paper,
): Promise<Additions | null> {
  if (items.length === 0) return null
  const keys = new Set<string>()
  const { users, ledger } = paper
  users.again()
  ledger.again()
  const putUser = writeUser(customer)
  const putLine = writeLine(of)
  let portionStart = performance.now()
  for (const [index, { item, opHash }] of items.entries()) {
    const effect = effectOf(item, nobody)
    if (item.intent !== 'add' || effect.kind !== 'insert') return null
    keys.add(subjectKey(item))
    if (keys.size === index) return null
    putUser(effect.after, users)
    putLine({ number: item.number, opHash, outcome: 'applied', reason: null, before: null }, ledger)
    if (index % 16 !== 15 || performance.now() - portionStart < portionMs) continue
    await setImmediate()
    if (signal?.aborted === true) return null
    portionStart = performance.now()
  }
  users.end()
  ledger.end()
  return { count: items.length, users: users.take(), ledger: ledger.take() }
}
const nobody = (): null => null

/** `changed: Extension, Location`. */
const reasonOf = ({ reason, columns }: Refusal): string => (columns.length === 0 ? reason : `${reason}: ${columns.join(', ')}`)
