import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { recogniseColumns } from '../catalogue/recognise.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import { clearToken } from '../diff/cell-meaning.ts'
import { columnKey, roleOf, type Sheet } from '../diff/paired-columns.ts'
import type { EditableTable } from '../table/editable-table.ts'
import { tableFromRows } from '../table/table-from-rows.ts'
import type { BatchContent, BatchItem } from './batch.ts'
import { subjectKey, type FindSubscriber } from './drift.ts'
import { cellOf, type Subscriber } from './subscriber.ts'

/**
 * Items as a file again: one row each, asking for what the item asks for and leaving all else blank. With the names of the user
 * where `find` knows the user, so that a person can read it. This is how a batch goes to Control Hub without the draft, how
 * rejected rows go back to their author, and how what did not land is tried again.
 *
 * The header is the batch's own, with columns added for what it has no place for. Law: held against the baseline that the
 * batch was made against, the file gives the same intents, packages and cells.
 */
export function sheetFromItems(
  content: Pick<BatchContent, 'header'>,
  items: readonly BatchItem[],
  find: FindSubscriber,
  customer?: CustomerProfile,
): Sheet & { readonly table: EditableTable } {
  const given = recogniseColumns(content.header, customer)
  const header = [...content.header, ...missingHeaders(content.header, items, customer)]
  const columns = header.length === given.length ? given : recogniseColumns(header, customer)
  const users = userColumns(columns)
  const names = new Set([users.firstName, users.lastName, users.displayName])
  const giving = givingColumns(users.packages)
  const cells = columns.map((column) => ({ column, key: columnKey(column), role: roleOf(column, users.email) }))
  const rows = items.map((item) => {
    const subscriber = find(subjectKey(item))
    const wanted = new Map(item.cells.map((cell) => [cell.column, cell.after]))
    return cells.map(({ column, key, role }) => {
      if (role === 'email') return item.email
      if (role === 'package') return packageCell(item, column.index, giving)
      if (role === 'ignored') return ''
      const after = wanted.get(key)
      if (after !== undefined) return after === '' ? clearToken : after
      return names.has(column.index) ? nameOf(subscriber, key) : ''
    })
  })
  return { table: tableFromRows(header, rows), columns }
}

const nameOf = (subscriber: Subscriber | null, key: string): string => (subscriber === null ? '' : cellOf(subscriber, key))

/** An update leaves the package cells blank. Else exactly one says TRUE: the first column that gives the package. */
function packageCell(item: BatchItem, column: number, giving: ReadonlyMap<PackageName, number>): string {
  if (item.intent === 'update') return ''
  return item.to !== null && item.intent !== 'remove' && giving.get(item.to) === column ? 'TRUE' : 'FALSE'
}

function givingColumns(packages: ReadonlyMap<PackageName, readonly number[]>): ReadonlyMap<PackageName, number> {
  return new Map([...packages].flatMap(([name, [first]]) => (first === undefined ? [] : [[name, first] as const])))
}

/** Column keys that the items use and the header does not have, and packages likewise. */
function missingHeaders(header: readonly string[], items: readonly BatchItem[], customer: CustomerProfile | undefined): readonly string[] {
  const columns = recogniseColumns(header, customer)
  const { email, packages } = userColumns(columns)
  const known = new Set(columns.map(columnKey))
  const used = new Set(items.flatMap((item) => item.cells.map((cell) => cell.column)))
  const touched = new Set(items.filter((item) => item.intent !== 'update').flatMap((item) => [item.from, item.to]))
  return [
    ...(email < 0 ? ['User ID/Email (Required)'] : []),
    ...[...used].filter((key) => !known.has(key)),
    ...packageNames.filter((name) => touched.has(name) && !packages.has(name)),
  ]
}
