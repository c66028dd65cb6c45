import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import { packageNames, type PackageName } from '../../../shared/core/catalogue/packages.ts'
import { readBoolean } from '../../../shared/core/catalogue/read-boolean.ts'
import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import type { RowId, Table } from '../../../shared/core/table/table.ts'

/** The one package of a row by its own cells: null where it has none or several. Reads each distinct text once. */
export function packageReader(table: Table, columns: readonly RecognisedColumn[]): (row: RowId) => PackageName | null {
  const packages = [...userColumns(columns).packages].flatMap(([name, indexes]) =>
    indexes.flatMap((index) => {
      const column = table.columns[index]
      return column === undefined ? [] : [{ name, column, meanings: [] as (boolean | undefined)[] }]
    }),
  )
  return (row) => {
    let found: PackageName | null = null
    for (const { name, column, meanings } of packages) {
      const code = column.coded ? column.codeOf(row) : -1
      let isTrue = code < 0 ? undefined : meanings[code]
      if (isTrue === undefined) {
        isTrue = readBoolean(column.textOf(row))?.value === true
        if (code >= 0) meanings[code] = isTrue
      }
      if (!isTrue || found === name) continue
      if (found !== null) return null
      found = name
    }
    return found
  }
}

export function usersPerPackage(
  table: Table,
  columns: readonly RecognisedColumn[],
): readonly { readonly package: PackageName; readonly users: number }[] {
  const read = packageReader(table, columns)
  const counts = new Map<PackageName, number>()
  for (const row of table.rows) {
    const name = read(row)
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return packageNames.flatMap((name) => {
    const users = counts.get(name)
    return users === undefined ? [] : [{ package: name, users }]
  })
}
