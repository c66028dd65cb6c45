import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import { finish, within, type Steps } from '../../kit/steps.ts'
import type { RowId } from '../table/table.ts'
import type { Change, ChangePlace, ChangeSet, Intent, PackageCount } from './change-set.ts'
import {
  canDiffer,
  compareColumns,
  comparedCells,
  isDifferent,
  mayDifferFromItself,
  type ComparedCell,
  type ComparedColumn,
} from './compared-cells.ts'
import { findingDifferences } from './find-differences.ts'
import { isNew, isNobody, matchingUsers, vanishedAmong, type MatchedRows } from './match-rows.ts'
import { firstPackage, firstPackageIn, noPackage, pairColumns, type PairedColumn, type Sheet } from './paired-columns.ts'
import { findRenames } from './renames.ts'
import {
  countHeld,
  heldPackages,
  isRemoval,
  packageAfter,
  packageIndexAfter,
  sharePackageColumns,
  statedPackages,
} from './user-packages.ts'

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
   * Compares rows again after an edit of their cells. `arePeople`: names, numbers or extensions of new users are among the cells, so that
   * others may be taken for renamed ones. `others` gives the users that rows are now, where these may be others than before: the
   * baseline's row, `isNew` or `isNobody`. Emails cannot be edited without it. Numbers of changes (`changeAt`) may be others afterwards.
   */
  update(rows: Iterable<RowId>, arePeople?: boolean, others?: ReadonlyMap<RowId, RowId>): void
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
export const compareWithBaseline = (input: ComparisonInput): Comparison => finish(comparingWithBaseline(input))

/** The same in slices. Neither table may be edited meanwhile. */
export const comparingWithBaseline = (input: ComparisonInput): Steps<Comparison> =>
  compare({ table: input.table, columns: input.columns }, input.baseline, input.customer)

/** Without a baseline nobody is known: every user of the file is an add. */
export function compareWithNothing(input: Sheet & { readonly customer?: CustomerProfile | undefined }): Comparison {
  return finish(compare({ table: input.table, columns: input.columns }, null, input.customer))
}

/** Intents are settled so many at a time, in calls of a few. */
const sliceSize = 32_768
const fewRows = 512

const intentOrder = ['add', 'update', 'packageChange', 'remove', 'rename'] as const satisfies readonly Intent[]
/** Intents as numbers, and that nothing changes. */
const numberOf: Readonly<Record<Intent, number>> = { add: 1, update: 2, packageChange: 3, remove: 4, rename: 5 }
const nothing = 0

function* compare(file: Sheet, baseline: Sheet | null, customer: CustomerProfile | undefined): Steps<Comparison> {
  const columns = pairColumns(file, baseline)
  const { rows } = file.table
  const matched = yield* within(matchingUsers(file, baseline), 0, 0.5)
  const { partner, baselineUsers } = matched
  let { vanished } = matched
  const compared = compareColumns(columns)
  yield 0.5
  const look = placesToLookAt(matched, compared, baseline)

  let newRows = newAmong(rows, partner)
  yield 0.51
  const renames = baseline === null ? new Map<RowId, RowId>() : findRenames(file, newRows, baseline, vanished)
  /** The baseline's row of the user of a place, the former one of a renamed user; -1 where there is none. */
  const subjectOf = (i: number): RowId => {
    const row = partner[i]!
    return row >= 0 ? row : row === isNew ? (renames.get(rows[i]!) ?? -1) : -1
  }

  yield 0.52
  const stated = yield* within(statedPackages(columns, rows, look.users), 0.52, 0.55)
  const held = baseline === null ? new Uint8Array(0) : yield* within(heldPackages(baseline), 0.55, 0.6)
  const heldIsKnown = baseline !== null && userColumns(baseline.columns).packages.size > 0
  const heldBy = (i: number): number => {
    const row = subjectOf(i)
    return row < 0 ? 0 : held[row]!
  }

  const differs = new Uint8Array(rows.length)
  for (const { columns: some, places } of look.cells)
    yield* within(findingDifferences(some, file.table, partner, places, differs), 0.6, 0.95)
  const intents = new Uint8Array(rows.length)
  const counts = new Int32Array(intentOrder.length + 1)
  const before = new Int32Array(packageNames.length)
  const movement = new Int32Array(packageNames.length)
  const move = (place: number, by: number): void => {
    if (place !== noPackage) movement[place]! += by
  }

  /** Counts the change of place `i` in, or out again. */
  const tally = (i: number, by: 1 | -1): void => {
    if (partner[i] === isNobody) return
    const intent = intents[i]!
    counts[intent]! += by
    if (intent === nothing) return
    const bits = heldBy(i)
    move(firstPackageIn[bits]!, -by)
    if (intent !== numberOf.remove) move(packageIndexAfter(stated, i, bits), by)
  }
  const settle = (i: number): void => {
    intents[i] = partner[i] === isNobody ? nothing : intentAt(i)
    tally(i, 1)
  }
  counts[nothing] = look.unchanged
  /** Called often, so that it is compiled sooner than a loop in here would be. */
  const settleSome = (from: number, to: number): void => {
    for (let k = from; k < to; k++) settle(look.users[k]!)
  }
  for (let from = 0; from < look.users.length; from += fewRows) {
    settleSome(from, Math.min(look.users.length, from + fewRows))
    if (from % sliceSize === 0) yield 0.95
  }
  countHeld(held, baselineUsers).forEach((count, bits) => {
    const place = firstPackageIn[bits]!
    if (place !== noPackage) before[place]! += count
  })

  function intentAt(i: number): number {
    if (partner[i] === isNew) return subjectOf(i) >= 0 ? numberOf.rename : numberOf.add
    const bits = heldBy(i)
    if (isRemoval(stated, i, bits, heldIsKnown)) return numberOf.remove
    if (packageIndexAfter(stated, i, bits) !== firstPackageIn[bits]) return numberOf.packageChange
    return differs[i] === 1 ? numberOf.update : nothing
  }

  /** Makes rows other users and compares them; gives those that were not who they are now. */
  function exchange(others: ReadonlyMap<RowId, RowId>): ReadonlySet<RowId> {
    const exchanged = new Set<RowId>()
    for (const [row, user] of others) {
      const i = positionOf(row)
      if (i < 0 || partner[i] === user) continue
      exchanged.add(row)
      tally(i, -1)
      partner[i] = user
      renames.delete(row)
      compareAgain(i)
    }
    if (exchanged.size > 0 && baseline !== null) {
      newRows = newAmong(rows, partner)
      vanished = vanishedAmong(baselineUsers, partner, baseline.table.rowLimit)
    }
    return exchanged
  }

  /** The change of place `i`, which is not counted, is found out and counted. */
  function compareAgain(i: number): void {
    stated.read(i)
    differs[i] = isDifferent(compared, rows[i]!, partner[i]!) ? 1 : 0
    settle(i)
  }

  /** New users are held against the vanished ones again. */
  function pairAgain(): void {
    if (baseline === null) return
    const found = findRenames(file, newRows, baseline, vanished)
    for (const row of newRows) {
      const former = found.get(row)
      if (renames.get(row) === former) continue
      const i = positionOf(row)
      tally(i, -1)
      if (former === undefined) renames.delete(row)
      else renames.set(row, former)
      settle(i)
    }
  }

  // Made when somebody asks by number; an edit makes them void.
  let places: Uint32Array | null = null
  const changedPlaces = (): Uint32Array => (places ??= placesOf(intents))
  let positions: Int32Array | null = null
  const positionOf = (row: RowId): number => (positions ??= positionsOf(rows, file.table.rowLimit))[row] ?? -1
  const placeAt = (i: number): ChangePlace => ({
    intent: intentOrder[intents[i]! - 1] ?? 'update',
    row: rows[i]!,
    baselineRow: subjectOf(i),
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
      const [unchanged = 0, add = 0, update = 0, packageChange = 0, remove = 0, rename = 0] = counts
      return { add, update, packageChange, remove, rename, unchanged }
    },
    get packages() {
      return packageCounts(before, movement, customer)
    },
    get absent() {
      return vanished.length - renames.size
    },
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
    update(edited, arePeople = false, others = nobodyElse) {
      const exchanged = exchange(others)
      let hasNew = false
      for (const row of edited) {
        const i = positionOf(row)
        if (i < 0 || exchanged.has(row)) continue
        if (partner[i] === isNew) hasNew = true
        tally(i, -1)
        compareAgain(i)
      }
      if (exchanged.size > 0 || (arePeople && hasNew)) pairAgain()
      places = null
    },
  }
}

const nobodyElse: ReadonlyMap<RowId, RowId> = new Map()

function newAmong(rows: Uint32Array, partner: Int32Array): RowId[] {
  const found: RowId[] = []
  for (let i = 0; i < rows.length; i++) if (partner[i] === isNew) found.push(rows[i]!)
  return found
}

interface PlacesToLookAt {
  /** Of users whose intent is not known yet, and of rows that are no users. */
  readonly users: Uint32Array
  /** Users known to be as they were. */
  readonly unchanged: number
  /** Which columns are to be compared for which users. */
  readonly cells: readonly { readonly columns: readonly ComparedColumn[]; readonly places: Uint32Array }[]
}

/** Users whose rows are the same on both sides are not looked at again, but for columns that such rows say nothing of. */
function placesToLookAt(
  { partner, unsure, sameColumns }: MatchedRows,
  columns: readonly ComparedColumn[],
  baseline: Sheet | null,
): PlacesToLookAt {
  const able = columns.filter(canDiffer)
  const isSaid = (one: ComparedColumn): boolean =>
    one.column.index < sameColumns && baseline?.table.columns[one.column.index] === one.column.baseline && !mayDifferFromItself(one)
  const said = able.filter(isSaid)
  const unsaid = able.filter((one) => !said.includes(one))
  const arePackagesSaid =
    baseline !== null &&
    sharePackageColumns(
      columns.map(({ column }) => column),
      baseline,
      sameColumns,
    )
  const isAllSaid = arePackagesSaid && unsaid.length === 0
  const all = isAllSaid ? unsure : allPlaces(partner.length)
  return {
    users: all,
    unchanged: isAllSaid ? partner.length - unsure.length : 0,
    cells:
      baseline === null
        ? []
        : [
            { columns: said, places: unsure },
            { columns: unsaid, places: all },
          ].filter((one) => one.columns.length > 0),
  }
}

function allPlaces(count: number): Uint32Array {
  const places = new Uint32Array(count)
  for (let i = 0; i < count; i++) places[i] = i
  return places
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
