import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import type { RowId } from '../table/table.ts'
import type { Change, ChangePlace, ChangeSet, Intent, PackageCount } from './change-set.ts'
import { compareColumns, comparedCells, findDifferences, type ComparedCell } from './compared-cells.ts'
import { isNew, isNobody, matchRows } from './match-rows.ts'
import { firstPackage, pairColumns, type PairedColumn, type Sheet } from './paired-columns.ts'
import { findRenames } from './renames.ts'
import { heldPackages, isRemoval, packageAfter, statedPackages } from './user-packages.ts'

export interface ComparisonInput extends Sheet {
  readonly baseline: Sheet
  readonly customer?: CustomerProfile | undefined
}

/** A change set that still knows the two tables it was made from. It reads them on demand, so it holds until one of them is edited. */
export interface Comparison extends ChangeSet {
  readonly columns: readonly PairedColumn[]
  /** The cells of `changeAt(index)`, by column instead of by header text. */
  cellsAt(index: number): readonly ComparedCell[]
  /** The package of the user after the change; null for a removed one. */
  packageAt(index: number): PackageName | null
  /** Users of the baseline; null where there was none. */
  readonly baselineUsers: number | null
}

/**
 * Holds a file against the customer's users as they stand and says what it would do, user by user.
 *
 * Rows are matched by email (case and surrounding space ignored), columns by meaning, TRUE and FALSE by meaning. A blank cell
 * changes nothing, `(clear)` empties; FALSE takes nothing from who does not hold the licence. Other text is compared to the
 * letter, surrounding space included. Read-only columns and those that Control Hub took out carry no change. Of rows with the
 * same email the first counts; a row without an email is no user. Laws: a file held against itself is no change; the order of
 * the rows does not matter; a change set applied to its baseline leaves nothing to change.
 *
 * The package is one field. It changes to the one package that the file sets TRUE; where the file sets none TRUE, the user
 * keeps what the file does not set FALSE. A user is *removed* when the file says FALSE, in so many words, in every package
 * column it has, and nothing is left that the user holds. Blank cells never remove: taking the last package away beside
 * blank cells is a package change to none, which the export refuses.
 */
export function compareWithBaseline(input: ComparisonInput): Comparison {
  return compare({ table: input.table, columns: input.columns }, input.baseline, input.customer)
}

/** Without a baseline nobody is known: every user of the file is an add. */
export function compareWithNothing(input: Sheet & { readonly customer?: CustomerProfile | undefined }): Comparison {
  return compare({ table: input.table, columns: input.columns }, null, input.customer)
}

const intentOrder = ['add', 'update', 'packageChange', 'remove', 'rename'] as const satisfies readonly Intent[]

function compare(file: Sheet, baseline: Sheet | null, customer: CustomerProfile | undefined): Comparison {
  const columns = pairColumns(file, baseline)
  const { rows } = file.table
  const { partner, vanished, baselineUsers } = matchRows(file, baseline)

  const newRows: RowId[] = []
  rows.forEach((row, i) => {
    if (partner[i] === isNew) newRows.push(row)
  })
  const renames = baseline === null ? new Map<RowId, RowId>() : findRenames(file, newRows, baseline, vanished)
  const subject = partner.map((found, i) => (found === isNew ? (renames.get(rows[i] ?? 0) ?? isNew) : found))

  const stated = statedPackages(columns, rows)
  const held = baseline === null ? new Uint8Array(0) : heldPackages(baseline)
  const heldIsKnown = baseline !== null && userColumns(baseline.columns).packages.size > 0
  const heldBy = (i: number): number => {
    const row = subject[i] ?? isNobody
    return row < 0 ? 0 : (held[row] ?? 0)
  }

  const compared = compareColumns(columns)
  const differs = findDifferences(compared, rows, partner)
  const intents = new Uint8Array(rows.length)
  const counts = { add: 0, update: 0, packageChange: 0, remove: 0, rename: 0, unchanged: 0 }
  const before = new Int32Array(packageNames.length)
  const movement = new Int32Array(packageNames.length)
  const move = (name: PackageName | null, by: number): void => {
    if (name !== null) movement[packageNames.indexOf(name)] = (movement[packageNames.indexOf(name)] ?? 0) + by
  }

  for (let i = 0; i < rows.length; i++) {
    if (partner[i] === isNobody) continue
    const intent = intentAt(i)
    if (intent === null) {
      counts.unchanged++
      continue
    }
    counts[intent]++
    intents[i] = intentOrder.indexOf(intent) + 1
    move(firstPackage(heldBy(i)), -1)
    if (intent !== 'remove') move(packageAfter(stated, i, heldBy(i)), 1)
  }
  if (baseline !== null) {
    for (const row of baselineUsers) {
      const name = firstPackage(held[row] ?? 0)
      if (name !== null) before[packageNames.indexOf(name)] = (before[packageNames.indexOf(name)] ?? 0) + 1
    }
  }

  function intentAt(i: number): Intent | null {
    if (partner[i] === isNew) return renames.has(rows[i] ?? 0) ? 'rename' : 'add'
    if (isRemoval(stated, i, heldBy(i), heldIsKnown)) return 'remove'
    if (packageAfter(stated, i, heldBy(i)) !== firstPackage(heldBy(i))) return 'packageChange'
    return differs[i] === 1 ? 'update' : null
  }

  const places = new Uint32Array(rows.length).map((_, i) => i).filter((i) => intents[i] !== 0)
  const placeOf = (index: number): ChangePlace => {
    const i = placeIndex(index)
    return { intent: intentOrder[(intents[i] ?? 1) - 1] ?? 'update', row: rows[i] ?? 0, baselineRow: subject[i] ?? isNew }
  }
  function placeIndex(index: number): number {
    const i = places[index]
    if (i === undefined) throw new RangeError(`There is no change ${index}; there are ${places.length}`)
    return i
  }

  const emailColumn = columns.find((column) => column.role === 'email')
  const changeAt = (index: number): Change => {
    const i = placeIndex(index)
    const place = placeOf(index)
    const from = firstPackage(heldBy(i))
    const to = packageAt(index)
    return {
      intent: place.intent,
      email: emailColumn?.file.textOf(place.row).trim() ?? '',
      row: file.table.numberOf(place.row),
      ...(place.intent === 'update' ? {} : { from, to }),
      ...(place.intent === 'rename' ? { formerEmail: emailColumn?.baseline?.textOf(place.baselineRow).trim() ?? '' } : {}),
      cells: cellsAt(index).map(({ column, before, after }) => ({ column: column.header, before, after })),
    }
  }
  const packageAt = (index: number): PackageName | null => {
    const i = placeIndex(index)
    return placeOf(index).intent === 'remove' ? null : packageAfter(stated, i, heldBy(i))
  }
  const cellsAt = (index: number): readonly ComparedCell[] => comparedCells(compared, placeOf(index), heldBy(placeIndex(index)))

  return {
    summary: counts,
    packages: packageCounts(before, movement, customer),
    absent: vanished.length - renames.size,
    count: places.length,
    placeOf,
    changeAt,
    cellsAt,
    packageAt,
    columns,
    baselineUsers: baseline === null ? null : baselineUsers.length,
  }
}

function packageCounts(before: Int32Array, movement: Int32Array, customer: CustomerProfile | undefined): readonly PackageCount[] {
  return packageNames.flatMap((name, index) => {
    const users = before[index] ?? 0
    const after = users + (movement[index] ?? 0)
    const limit = customer?.packages?.find((bought) => bought.package === name)?.limit
    if (users === 0 && after === 0 && limit === undefined) return []
    return [{ package: name, before: users, after, ...(limit === undefined ? {} : { limit }) }]
  })
}
