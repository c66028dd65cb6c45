import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import type { RowId } from '../table/table.ts'
import type { Change, ChangePlace, ChangeSet, Intent, PackageCount } from './change-set.ts'
import { compareColumns, comparedCells, findDifferences, isDifferent, type ComparedCell } from './compared-cells.ts'
import { isNew, isNobody, matchRows } from './match-rows.ts'
import { firstPackage, pairColumns, type PairedColumn, type Sheet } from './paired-columns.ts'
import { findRenames } from './renames.ts'
import { heldPackages, isRemoval, packageAfter, statedPackages } from './user-packages.ts'

export interface ComparisonInput extends Sheet {
  readonly baseline: Sheet
  readonly customer?: CustomerProfile | undefined
}

/** A change set that still knows the two tables it was made from. It reads them on demand, so it holds until one of them is edited; `update` makes it hold again. */
export interface Comparison extends ChangeSet {
  readonly columns: readonly PairedColumn[]
  /** The cells of `changeAt(index)`, by column instead of by header text. */
  cellsAt(index: number): readonly ComparedCell[]
  /** The package of the user after the change; null for a removed one. */
  packageAt(index: number): PackageName | null
  /** Users of the baseline; null where there was none. */
  readonly baselineUsers: number | null
  /** What becomes of the user of a row; null: nothing, or the row is no user. */
  intentOf(row: RowId): Intent | null
  /** The cells of a row's change; none where it has none. */
  cellsOf(row: RowId): readonly ComparedCell[]
  /**
   * Compares rows again after an edit of their cells. Not for emails, nor for names, numbers and extensions of new users: who is whom
   * would have to be found out anew. Numbers of changes (`changeAt`) may be others afterwards.
   */
  update(rows: Iterable<RowId>): void
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
  for (let i = 0; i < rows.length; i++) if (partner[i] === isNew) newRows.push(rows[i]!)
  const renames = baseline === null ? new Map<RowId, RowId>() : findRenames(file, newRows, baseline, vanished)
  const subject = partner.slice()
  if (renames.size > 0) for (let i = 0; i < rows.length; i++) if (partner[i] === isNew) subject[i] = renames.get(rows[i]!) ?? isNew

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

  /** Counts the change of place `i` in, or out again. */
  const tally = (i: number, by: 1 | -1): void => {
    if (partner[i] === isNobody) return
    const intent = intentOrder[intents[i]! - 1]
    if (intent === undefined) {
      counts.unchanged += by
      return
    }
    counts[intent] += by
    move(firstPackage(heldBy(i)), -by)
    if (intent !== 'remove') move(packageAfter(stated, i, heldBy(i)), by)
  }
  const settle = (i: number): void => {
    const intent = partner[i] === isNobody ? null : intentAt(i)
    intents[i] = intent === null ? 0 : intentOrder.indexOf(intent) + 1
    tally(i, 1)
  }
  for (let i = 0; i < rows.length; i++) settle(i)
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

  // Made when somebody asks by number; an edit makes them void.
  let places: Uint32Array | null = null
  const changedPlaces = (): Uint32Array => (places ??= placesOf(intents))
  let positions: Int32Array | null = null
  const positionOf = (row: RowId): number => (positions ??= positionsOf(rows, file.table.rowLimit))[row] ?? -1
  const placeAt = (i: number): ChangePlace => ({
    intent: intentOrder[intents[i]! - 1] ?? 'update',
    row: rows[i]!,
    baselineRow: subject[i]!,
  })
  const placeOf = (index: number): ChangePlace => placeAt(placeIndex(index))
  function placeIndex(index: number): number {
    const i = changedPlaces()[index]
    if (i === undefined) throw new RangeError(`There is no change ${index}; there are ${changedPlaces().length}`)
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
    get summary() {
      return { ...counts }
    },
    get packages() {
      return packageCounts(before, movement, customer)
    },
    absent: vanished.length - renames.size,
    get count() {
      return changedPlaces().length
    },
    placeOf,
    changeAt,
    cellsAt,
    packageAt,
    columns,
    baselineUsers: baseline === null ? null : baselineUsers.length,
    intentOf(row) {
      const i = positionOf(row)
      return i < 0 ? null : (intentOrder[intents[i]! - 1] ?? null)
    },
    cellsOf(row) {
      const i = positionOf(row)
      return i < 0 || intents[i] === 0 ? [] : comparedCells(compared, placeAt(i), heldBy(i))
    },
    update(edited) {
      for (const row of edited) {
        const i = positionOf(row)
        if (i < 0) continue
        tally(i, -1)
        stated.read(i)
        differs[i] = isDifferent(compared, row, partner[i]!) ? 1 : 0
        settle(i)
      }
      places = null
    },
  }
}

function placesOf(intents: Uint8Array): Uint32Array {
  const places = new Uint32Array(intents.length)
  let count = 0
  for (let i = 0; i < intents.length; i++) if (intents[i] !== 0) places[count++] = i
  return places.slice(0, count)
}

function positionsOf(rows: Uint32Array, rowLimit: number): Int32Array {
  const positions = new Int32Array(rowLimit).fill(-1)
  for (let i = 0; i < rows.length; i++) positions[rows[i]!] = i
  return positions
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
