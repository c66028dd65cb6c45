import { packageNames } from '../catalogue/packages.ts'
import { once } from '../../kit/once.ts'
import type { RowId } from '../table/table.ts'
import type { CheckContext } from './context.ts'
import type { Touch } from './edit-touch.ts'
import { heldPackagesReader, usersPerPackage } from './families/package.ts'

/** How many users each package has, counted along with edits where its limits are checked. */
export interface PackageTally {
  /** Whether an edit can change how many users a package has. */
  isOfEdit(touch: Touch): boolean
  /** Counts all users, where that was not done yet. Asked before the first edit that it is of. */
  begin(): void
  /** Counts the packages of a row in or out; a repeated email is no user of its own. */
  count(row: RowId, by: 1 | -1): void
  /** Notes which of some users of the baseline the file has (`isThere`). Those whom it lacks keep and count their packages. */
  mention(baselineRows: Iterable<RowId>, isThere: (baselineRow: RowId) => boolean): void
  /** The same of all users of the baseline. */
  mentionAll(): void
  /** By the place of the package in `packageNames`. */
  usersOf(place: number): number
}

export function packageTally(context: CheckContext, isOverLimitActive: boolean): PackageTally {
  const { rows: allRows } = context
  const heldPackages = once(() => (context.baseline === null ? () => 0 : heldPackagesReader(context.baseline)))
  /** By place in `packageNames`, known once they were asked for. */
  let packageUsers: number[] | null = null
  function countBits(bits: number, by: 1 | -1): void {
    for (let i = 0; i < packageNames.length; i++) if ((bits & (1 << i)) !== 0) packageUsers![i]! += by
  }
  function mention(baselineRows: Iterable<RowId>, isThere: (baselineRow: RowId) => boolean): void {
    const { isMentioned } = context
    for (const row of baselineRows) {
      const is = isThere(row) ? 1 : 0
      if (row < 0 || isMentioned[row] === is) continue
      isMentioned[row] = is
      if (packageUsers !== null) countBits(heldPackages()(row), is === 1 ? -1 : 1)
    }
  }
  return {
    isOfEdit: ({ isPackage, isEmail }) => isOverLimitActive && (isPackage || isEmail),
    begin() {
      packageUsers ??= packageNames.map((name) => usersPerPackage(context).get(name) ?? 0)
    },
    count(row, by) {
      if (context.sameEmailAs[row]! < 0) countBits(context.packages[row]!, by)
    },
    mention,
    mentionAll() {
      const isThere = new Uint8Array(context.isMentioned.length)
      for (let i = 0; i < allRows.length; i++) {
        const row = context.baselineRowOf[allRows[i]!]!
        if (row >= 0) isThere[row] = 1
      }
      mention(context.baseline!.table.rows, (row) => isThere[row] === 1)
    },
    usersOf: (place) => packageUsers![place] ?? 0,
  }
}
