import { packageOf } from '../catalogue/package-of.ts'
import type { RecognisedColumn } from '../catalogue/column.ts'
import { packageNames } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { EditableTable } from '../table/editable-table.ts'
import { emptyUser, type PlanUser } from './plan.ts'

/** Users of a file or a draft as planned ones. A plain column "Package" that names the package is read where there are no package columns. */
export function usersFromTable(table: EditableTable, columns: readonly RecognisedColumn[]): readonly PlanUser[] {
  const places = userColumns(columns)
  const named =
    columns.find(({ header, column }) => column === null && /^(package|pakke|webex package)$/iu.test(header.trim()))?.index ?? -1
  const blank = emptyUser()
  return Array.from(table.rows, (row): PlanUser => {
    const cell = (column: number): string => (column < 0 ? '' : (table.columns[column]?.textOf(row) ?? '').trim())
    const byName = packageNames.find((name) => name.toLowerCase() === cell(named).toLowerCase())
    return {
      ...blank,
      firstName: cell(places.firstName),
      lastName: cell(places.lastName),
      email: cell(places.email),
      package: packageOf(places, cell) ?? byName ?? '',
      location: cell(places.location),
      extension: cell(places.extension),
      phoneNumber: cell(places.phone),
    }
  }).filter((user) => user.email !== '' || user.firstName !== '' || user.lastName !== '')
}
