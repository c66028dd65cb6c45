import { packageNames, type PackageName } from './packages.ts'
import { readBoolean } from './read-boolean.ts'
import type { UserColumns } from './user-columns.ts'

/** The packages that a row's own cells have TRUE: one for a sound user, none or several where something is wrong. */
export function packagesOf(users: UserColumns, cell: (column: number) => string): PackageName[] {
  return packageNames.filter((name) => users.packages.get(name)?.some((column) => readBoolean(cell(column))?.value === true) ?? false)
}

/** The one package of a row, null where it has none or several. */
export function packageOf(users: UserColumns, cell: (column: number) => string): PackageName | null {
  const names = packagesOf(users, cell)
  return names.length === 1 ? names[0]! : null
}
