import { emailKey } from '../diff/cell-meaning.ts'
import { columnAt, columnKey, type Sheet } from '../diff/paired-columns.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import { samenessOf } from '../control-hub/same-text.ts'
import type { BatchItem } from './batch.ts'
import { wellFormed } from './canonical.ts'
import { packageField } from './drift.ts'
import { cellOf, type Subscriber } from './subscriber.ts'
import { subscribersFromTable } from './subscribers-from-table.ts'

/** One user who is not the same in a Control Hub export and in the store. */
export interface StoreDriftRow {
  readonly email: string
  /** `only-there`: in the export alone. `only-here`: in the store alone. */
  readonly kind: 'only-there' | 'only-here' | 'differs'
  /** The row of the export, from 1 with the header; null where the user is not in it. */
  readonly row: number | null
  /** What differs, the package under `Package`; of a user who is on one side only, what is known there. */
  readonly columns: readonly { readonly column: string; readonly there: string; readonly here: string }[]
}

export interface StoreDrift {
  readonly rows: readonly StoreDriftRow[]
  readonly counts: Readonly<Record<StoreDriftRow['kind'] | 'same', number>>
  /** Columns that the store has texts for and the export does not have: nothing is said about them. */
  readonly unseen: readonly string[]
}

/**
 * A Control Hub export held against the users of the store, user by user by their email. Phone numbers are the same in any order and
 * whatever their marks, as everywhere. Law: after the items of `itemsToTakeOver` with removals are applied, only the unseen is left.
 */
export function storeDrift(exported: Sheet, held: readonly Subscriber[]): StoreDrift {
  const there = new Map(subscribersFromTable(exported).map((user) => [emailKey(user.email), user]))
  const here = new Map(held.map((user) => [emailKey(user.email), user]))
  const seen = new Set(exported.columns.map(columnKey))
  const isSame = samenessOf(seen)
  const numbers = rowNumbers(exported)
  const rows: StoreDriftRow[] = []
  const counts = { 'only-there': 0, 'only-here': 0, differs: 0, same: 0 }
  const add = (row: StoreDriftRow): void => {
    rows.push(row)
    counts[row.kind]++
  }
  for (const [key, user] of there) {
    const known = here.get(key) ?? null
    const columns = compared(user, known, seen, isSame)
    if (known === null) add({ email: user.email, kind: 'only-there', row: numbers.get(key) ?? null, columns })
    else if (columns.length > 0) add({ email: known.email, kind: 'differs', row: numbers.get(key) ?? null, columns })
    else counts.same++
  }
  for (const [key, user] of here) {
    if (!there.has(key)) add({ email: user.email, kind: 'only-here', row: null, columns: compared(null, user, seen, isSame) })
  }
  const kept = new Set(held.flatMap((user) => Object.keys(user.cells)))
  return { rows, counts, unseen: [...kept].filter((key) => !seen.has(key)) }
}

function compared(
  there: Subscriber | null,
  here: Subscriber | null,
  seen: ReadonlySet<string>,
  isSame: (column: string, a: string, b: string) => boolean,
): StoreDriftRow['columns'] {
  const keys = [...new Set([...Object.keys(there?.cells ?? {}), ...Object.keys(here?.cells ?? {})])].filter((key) => seen.has(key))
  const textOf = (user: Subscriber | null, key: string): string => (user === null ? '' : cellOf(user, key))
  const columns = keys
    .map((column) => ({ column, there: textOf(there, column), here: textOf(here, column) }))
    .filter((cell) => !isSame(cell.column, cell.there, cell.here))
  const packages = { column: packageField, there: there?.package ?? '', here: here?.package ?? '' }
  return packages.there === packages.here ? columns : [packages, ...columns]
}

function rowNumbers({ table, columns }: Sheet): ReadonlyMap<string, number> {
  const emails = columnAt(table, userColumns(columns).email)
  const numbers = new Map<string, number>()
  for (const row of table.rows) {
    const key = emailKey(emails.textOf(row).trim())
    if (!numbers.has(key)) numbers.set(key, table.numberOf(row))
  }
  return numbers
}

/**
 * The items that make the store what the export says, numbered from 0. Users who are not in the export are removed only where
 * `removals` says so, last.
 */
export function itemsToTakeOver(
  { rows }: StoreDrift,
  held: readonly Subscriber[],
  exported: Sheet,
  { removals }: { readonly removals: boolean },
): readonly BatchItem[] {
  const here = new Map(held.map((user) => [emailKey(user.email), user]))
  const there = new Map(subscribersFromTable(exported).map((user) => [emailKey(user.email), user]))
  const items = rows.flatMap((row): Omit<BatchItem, 'number'>[] => {
    const was = here.get(emailKey(row.email)) ?? null
    const is = there.get(emailKey(row.email)) ?? null
    const [from, to] = [was?.package ?? null, is?.package ?? null]
    const place = { email: wellFormed(row.email), formerEmail: null, row: row.row ?? 0 }
    const cells = row.columns
      .filter(({ column }) => column !== packageField)
      .map((cell) => ({ column: wellFormed(cell.column), before: wellFormed(cell.here), after: wellFormed(cell.there) }))
    if (is === null) return removals ? [{ ...place, intent: 'remove', from, to: null, cells: [] }] : []
    if (was === null) return [{ ...place, intent: 'add', from: null, to, cells }]
    return [
      { ...place, intent: from === to ? 'update' : 'packageChange', ...(from === to ? { from: null, to: null } : { from, to }), cells },
    ]
  })
  return items.map((item, number) => ({ number, ...item }))
}
