import { recogniseColumns } from '../catalogue/recognise.ts'
import { packageNames } from '../catalogue/packages.ts'
import { packagesOf } from '../catalogue/package-of.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import { emailKey, heldText } from '../diff/cell-meaning.ts'
import { columnAt, columnKey, roleOf, type Sheet } from '../diff/paired-columns.ts'
import type { EditableTable } from '../table/editable-table.ts'
import { tableFromRows } from '../table/table-from-rows.ts'
import type { Subscriber } from './subscriber.ts'

/**
 * A customer's export as users of the store. Rows without an email are no users; of rows with the same email the first counts.
 * TRUE and FALSE are written so; of several packages (a broken export) the first in the catalogue's order is taken.
 */
export function subscribersFromTable({ table, columns }: Sheet): readonly Subscriber[] {
  const users = userColumns(columns)
  if (users.email < 0) return []
  const emails = columnAt(table, users.email)
  const kept = columns
    .filter((column) => roleOf(column, users.email) === 'cell')
    .map((column) => ({ key: columnKey(column), cells: columnAt(table, column.index), isBoolean: column.column?.value === 'boolean' }))
  const subscribers = new Map<string, Subscriber>()
  for (const row of table.rows) {
    const email = emails.textOf(row).trim()
    if (email === '' || subscribers.has(emailKey(email))) continue
    const texts = kept.map(({ key, cells, isBoolean }): readonly [string, string] => [key, heldText(cells.textOf(row), isBoolean)])
    const [held = null] = packagesOf(users, (column) => columnAt(table, column).textOf(row))
    subscribers.set(emailKey(email), { email, package: held, cells: Object.fromEntries(texts.filter(([, text]) => text !== '')) })
  }
  return [...subscribers.values()]
}

/**
 * Users of the store as a baseline: the email, then every cell that any of them has, then the six packages as TRUE and FALSE.
 * Law: `subscribersFromTable(tableFromSubscribers(s))` is `s`.
 */
export function tableFromSubscribers(subscribers: readonly Subscriber[]): Sheet & { readonly table: EditableTable } {
  const keys = new Set(subscribers.flatMap((subscriber) => Object.keys(subscriber.cells)))
  const header = [emailHeader, ...keys, ...packageNames]
  const rows = subscribers.map((subscriber) => [
    subscriber.email,
    ...[...keys].map((key) => (Object.hasOwn(subscriber.cells, key) ? (subscriber.cells[key] ?? '') : '')),
    ...packageNames.map((name) => (subscriber.package === name ? 'TRUE' : 'FALSE')),
  ])
  return { table: tableFromRows(header, rows), columns: recogniseColumns(header) }
}

const emailHeader = 'User ID/Email (Required)'
