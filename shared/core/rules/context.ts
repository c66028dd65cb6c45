import type { RecognisedColumn } from '../catalogue/column.ts'
import { isCallingPackage, needsSite, packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns, type UserColumns } from '../catalogue/user-columns.ts'
import type { SourceFacts } from '../csv/source-facts.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import { sameEmail } from '../diff/cell-meaning.ts'
import { packageBit, pairColumns } from '../diff/paired-columns.ts'
import { firstRowWithSameText, matchRows } from '../table/matching-rows.ts'
import { haveSameBytes } from '../table/cell-bytes.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId, Table, TableColumn } from '../table/table.ts'
import { cellReader, CellState, Licence, licenceOfText, licenceReader, type CellReader } from './cell-reader.ts'
import { bitsAdder, rowSlices, sliceLength, sliceRows, type BitsAdder } from './coded-rows.ts'
import { customerView, type CustomerView } from './customer-view.ts'
import { newFirstSeen, type FirstSeen } from './first-seen.ts'
import { fieldNames, type FieldName, type User } from './user.ts'

/** The customer's users as they stand: a Control Hub export, or the provisioning store put out as a table. */
export interface Baseline {
  readonly table: Table
  readonly columns: readonly RecognisedColumn[]
  readonly kind: 'export' | 'store'
}

export interface CheckSettings {
  /** Control Hub takes so many users a file (domain.md §1.1). */
  readonly maxRows: number
}
export const defaultSettings: CheckSettings = { maxRows: 20_000 }

export interface CheckInput {
  readonly table: Table
  /** The live columns, recognised. */
  readonly columns: readonly RecognisedColumn[]
  readonly facts: SourceFacts
  readonly baseline?: Baseline
  readonly customer?: CustomerProfile
  readonly settings?: CheckSettings
  /** Emails (lower case) whose removal was confirmed, or how many removals were: a number confirms them all when it is theirs. */
  readonly confirmedRemovals?: ReadonlySet<string> | number
  /** Ids with `*` for any text, separated by commas: `phone/*,email/*`. A leading `!` leaves rules out. */
  readonly rulePattern?: string
  /** Rules that the user has put aside. */
  readonly ignored?: ReadonlySet<string>
}

interface Field {
  readonly index: number
  readonly own: CellReader | null
  readonly baseline: CellReader | null
}

/** Everything that rules ask of the two tables, worked out once per check. Arrays are indexed by row id of the draft. */
export interface CheckContext {
  readonly input: CheckInput
  readonly table: Table
  /** The rows that are looked at: all of them, or those that an edit may have changed something for. */
  rows: Uint32Array
  firstSeen: FirstSeen
  readonly columns: readonly RecognisedColumn[]
  readonly users: UserColumns
  readonly settings: CheckSettings
  readonly customer: CustomerView | null
  readonly baseline: { readonly table: Table; readonly users: UserColumns; readonly columns: readonly RecognisedColumn[] } | null
  readonly baselineRowOf: Int32Array
  /** The first row with the same email, where that is an earlier one; else -1. */
  readonly sameEmailAs: Int32Array
  /** Baseline row → 1 where the file has the user. */
  readonly isMentioned: Uint8Array
  readonly packages: Uint8Array
  readonly packagesBefore: Uint8Array
  /** Bits of `RowFlag`. */
  readonly flags: Uint8Array
  removals: number
  readonly fields: Readonly<Record<FieldName, Field>>
  recognised(column: number): RecognisedColumn | undefined
  /** The baseline's column for a column of the draft. */
  baselineColumn(column: number): TableColumn | null
  textOf(column: number, row: RowId): string
  /** A fresh view of one user. */
  user(row: RowId): MovableUser
  /** Reads the packages of these rows anew. */
  readPackages(rows: Uint32Array): void
}

export interface MovableUser extends User {
  moveTo(row: RowId): void
}

export const RowFlag = { removal: 1, packageUnreadable: 2 } as const

export const callingBits = packageNames.filter(isCallingPackage).reduce((bits, name) => bits | packageBit(name), 0)
export const siteBits = packageNames.filter(needsSite).reduce((bits, name) => bits | packageBit(name), 0)

/** So many sets of packages there are. */
export const packageSets = 1 << packageNames.length

export const namesOf = (bits: number): PackageName[] => packageNames.filter((name) => (bits & packageBit(name)) !== 0)
export const isOne = (bits: number): boolean => bits !== 0 && (bits & (bits - 1)) === 0

export function checkContext(input: CheckInput): CheckContext {
  const { table, columns } = input
  const rows = table.rows
  const users = userColumns(columns)
  const byIndex = new Map(columns.map((column) => [column.index, column]))
  const baseline =
    input.baseline === undefined
      ? null
      : { table: input.baseline.table, columns: input.baseline.columns, users: userColumns(input.baseline.columns) }
  const pairs = new Map(pairColumns(input, baseline).map((pair) => [pair.index, pair.baseline]))
  const fields = fieldReaders(table, users, baseline)
  const emailColumn = table.columns[users.email] ?? null
  const baselineEmails = baseline === null ? null : (baseline.table.columns[baseline.users.email] ?? null)
  const { baselineRowOf, sameEmailAs } = matchEmails(emailColumn, rows, table.rowLimit, baseline, baselineEmails)
  const isMentioned = new Uint8Array(baseline?.table.rowLimit ?? 0)
  for (let i = 0; baseline !== null && i < rows.length; i++) {
    const row = rows[i]!
    if (baselineRowOf[row]! >= 0) isMentioned[baselineRowOf[row]!] = 1
  }

  const context: CheckContext = {
    input,
    table,
    rows,
    firstSeen: newFirstSeen(rows.length),
    columns,
    users,
    settings: input.settings ?? defaultSettings,
    customer: input.customer === undefined ? null : customerView(input.customer),
    baseline,
    baselineRowOf,
    sameEmailAs,
    isMentioned,
    packages: new Uint8Array(table.rowLimit),
    packagesBefore: new Uint8Array(table.rowLimit),
    flags: new Uint8Array(table.rowLimit),
    removals: 0,
    readPackages: (some) => {
      readPackages(some)
    },
    fields,
    recognised: (column) => byIndex.get(column),
    baselineColumn: (column) => pairs.get(column) ?? null,
    textOf: (column, row) => table.columns[column]?.textOf(row) ?? '',
    user(row) {
      const view = movableUser(context)
      view.moveTo(row)
      return view
    },
  }
  const readPackages = packagesReader(context)
  readPackages(rows)
  return context
}

/** By row id of the draft: the baseline's user with the same email, and the earlier row with it; -1 where there is none. */
function matchEmails(
  emails: TableColumn | null,
  rows: Uint32Array,
  rowLimit: number,
  baseline: CheckContext['baseline'],
  baselineEmails: TableColumn | null,
): Pick<CheckContext, 'baselineRowOf' | 'sameEmailAs'> {
  const none = (): Int32Array => new Int32Array(rowLimit).fill(-1)
  if (emails === null) return { baselineRowOf: none(), sameEmailAs: none() }
  const toEveryRow = (found: Int32Array): Int32Array => {
    if (found.length === rowLimit) return found
    const all = none()
    all.set(found)
    return all
  }
  if (baseline === null || baselineEmails === null) {
    return { baselineRowOf: none(), sameEmailAs: firstRowWithSameText(emails, rows, sameEmail, rowLimit) }
  }
  const { rightOf, leftSameAs } = matchRows(emails, rows, baselineEmails, baseline.table.rows, sameEmail)
  return { baselineRowOf: toEveryRow(rightOf), sameEmailAs: toEveryRow(leftSameAs) }
}

function fieldReaders(table: Table, users: UserColumns, baseline: CheckContext['baseline']): Record<FieldName, Field> {
  const entries = fieldNames.map((name) => {
    const own = table.columns[users[name]]
    const before = baseline?.table.columns[baseline.users[name]]
    return [
      name,
      { index: users[name], own: own === undefined ? null : cellReader(own), baseline: before === undefined ? null : cellReader(before) },
    ] as const
  })
  return Object.fromEntries(entries) as Record<FieldName, Field>
}

/**
 * Packages of every row before and after; the package is one field, read as the change set reads it. What the file has TRUE is what the
 * user will have; where nothing is TRUE an existing user keeps what the file neither sets FALSE nor clears. A removal is an existing
 * user of whom the file says FALSE in every package column, so that nothing is left: blank cells never remove anybody.
 */
function packagesReader(context: CheckContext): (rows: Uint32Array) => void {
  const { baselineRowOf, baseline, table, users } = context
  const own = packageColumns(table, users)
  if (baseline === null) {
    return (rows) => {
      readNewPackages(context, own, rows)
    }
  }
  const readers = own.map(packageReader)
  const before = packageColumns(baseline.table, baseline.users).map(packageReader)
  const readSlice = (rows: Uint32Array, said: Int32Array): void => {
    said.fill(0)
    for (const read of readers) read(rows, said)
    const heldBy = before.length > 0 ? packagesHeld(before, rows, baselineRowOf) : null
    context.removals += takePackages(context, rows, said, heldBy, own.length > 0)
  }
  return (rows) => {
    const said = new Int32Array(Math.min(rows.length, sliceRows))
    for (let from = 0; from < rows.length; from += sliceRows) readSlice(rows.subarray(from, from + sliceRows), said)
  }
}

interface PackageColumn {
  readonly column: TableColumn
  readonly bit: number
}

const packageColumns = (table: Table, { packages }: UserColumns): PackageColumn[] =>
  [...packages].flatMap(([name, indices]) => indices.map((index) => ({ column: table.columns[index]!, bit: packageBit(name) })))

// What the package cells of a row say together: who is given what, from bit 8 on who is taken what, and two things more.
const yesBits = 0xff
const takenShift = 8
const saysUnreadable = 1 << 16
/** Some cell says anything but FALSE. */
const saysMoreThanNo = 1 << 17

/** Without a baseline there is nothing that a user had, and nobody to be removed: what is given counts, and what cannot be read. */
function readNewPackages({ packages, flags }: CheckContext, columns: readonly PackageColumn[], rows: Uint32Array): void {
  const adders = columns.map(({ column, bit }): BitsAdder => {
    const bitsOf = (licence: number): number => (licence === Licence.yes ? bit : licence === Licence.invalid ? unreadable : 0)
    if (column.coded && column.codeCount < rows.length)
      return bitsAdder(
        column,
        Uint16Array.from({ length: column.codeCount }, (_, code) => bitsOf(licenceOfText(column.textOfCode(code)))),
      )
    const read = licenceReader(column)
    return (slice, said) => {
      slice.rows.forEach((row, place) => (said[place]! |= bitsOf(read(row))))
    }
  })
  const said = new Uint16Array(sliceLength(rows))
  for (const slice of rowSlices(rows)) {
    said.fill(0)
    for (const add of adders) add(slice, said)
    takeNewPackages(slice.rows, said, packages, flags)
  }
}
const unreadable = yesBits + 1

function takeNewPackages(rows: Uint32Array, said: Uint16Array, packages: Uint8Array, flags: Uint8Array): void {
  const flag = RowFlag.packageUnreadable
  for (let i = 0; i < rows.length; i++) {
    packages[rows[i]!] = said[i]! & 0xff
    flags[rows[i]!] = said[i]! > 0xff ? flag : 0
  }
}

/** Gives how many removals there are more than before. */
function takePackages(
  { packages, packagesBefore, flags, baselineRowOf }: CheckContext,
  rows: Uint32Array,
  said: Int32Array,
  heldBy: Int32Array | null,
  hasColumns: boolean,
): number {
  let removals = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const held = heldBy === null ? 0 : heldBy[i]! & yesBits
    const yes = said[i]! & yesBits
    const taken = (said[i]! >>> takenShift) & yesBits
    packagesBefore[row] = held
    packages[row] = yes !== 0 ? yes : held & ~taken
    if ((flags[row]! & RowFlag.removal) !== 0) removals--
    flags[row] = (said[i]! & saysUnreadable) !== 0 ? RowFlag.packageUnreadable : 0
    const isAllFalse = hasColumns && (said[i]! & saysMoreThanNo) === 0
    if (isAllFalse && baselineRowOf[row]! >= 0 && packages[row] === 0 && (held !== 0 || heldBy === null)) {
      flags[row] = RowFlag.removal
      removals++
    }
  }
  return removals
}

function bitsOfLicence(licence: number, bit: number): number {
  if (licence === Licence.no) return bit << takenShift
  if (licence === Licence.yes) return bit | saysMoreThanNo
  if (licence === Licence.clear) return (bit << takenShift) | saysMoreThanNo
  return licence === Licence.invalid ? saysUnreadable | saysMoreThanNo : saysMoreThanNo
}

/** Adds what the cells of these rows say to what those of other columns say, by place. */
type PackageReader = (rows: Uint32Array, said: Int32Array) => void

/** For many rows each code is read once, so that a row costs two places of arrays. */
function packageReader({ column, bit }: PackageColumn): PackageReader {
  const read = licenceReader(column)
  let ofCode = new Int32Array(0)
  return (rows, said) => {
    if (column instanceof StoredColumn && column.cells.kind === 'coded' && rows.length > column.codeCount) {
      // An edit may have brought new codes.
      if (ofCode.length < column.codeCount)
        ofCode = Int32Array.from({ length: column.codeCount }, (_, code) => bitsOfLicence(licenceOfText(column.textOfCode(code)), bit))
      const { codes } = column.cells
      for (let i = 0; i < rows.length; i++) said[i]! |= ofCode[codes[rows[i]!]!]!
    } else for (let i = 0; i < rows.length; i++) said[i]! |= bitsOfLicence(read(rows[i]!), bit)
  }
}

/** What the baseline says of the users of these rows, by place; 0 for those whom it lacks. */
function packagesHeld(before: readonly PackageReader[], rows: Uint32Array, baselineRowOf: Int32Array): Int32Array {
  const known = rows.filter((row) => baselineRowOf[row]! >= 0)
  const said = new Int32Array(known.length)
  const baselineRows = known.map((row) => baselineRowOf[row]!)
  for (const read of before) read(baselineRows, said)
  if (known.length === rows.length) return said
  const held = new Int32Array(rows.length)
  let next = 0
  for (let i = 0; i < rows.length; i++) if (baselineRowOf[rows[i]!]! >= 0) held[i] = said[next++]!
  return held
}

export function movableUser(context: CheckContext): MovableUser {
  const { fields, baselineRowOf, packages, packagesBefore, flags, table } = context
  const licences = new Map<number, { own: (row: number) => number; before: ((row: number) => number) | null }>()
  const licencesOf = (column: number): { own: (row: number) => number; before: ((row: number) => number) | null } => {
    const known = licences.get(column)
    if (known !== undefined) return known
    const before = context.baselineColumn(column)
    const readers = { own: licenceReader(table.columns[column]!), before: before === null ? null : licenceReader(before) }
    licences.set(column, readers)
    return readers
  }
  const user = {
    row: -1,
    baselineRow: -1,
    packages: 0,
    packagesBefore: 0,
    isRemoval: false,
    moveTo(row: number) {
      user.row = row
      user.baselineRow = baselineRowOf[row]!
      user.packages = packages[row]!
      user.packagesBefore = packagesBefore[row]!
      user.isRemoval = (flags[row]! & RowFlag.removal) !== 0
    },
    columnOf: (field: FieldName) => fields[field].index,
    stateOf: (field: FieldName) => fields[field].own?.stateOf(user.row) ?? CellState.blank,
    own(field: FieldName) {
      const reader = fields[field].own
      return reader?.stateOf(user.row) === CellState.text ? reader.textOf(user.row) : ''
    },
    before(field: FieldName) {
      return user.baselineRow < 0 ? '' : (fields[field].baseline?.textOf(user.baselineRow) ?? '')
    },
    repeats(field: FieldName) {
      const { own, baseline } = fields[field]
      const [left, right] = [own?.column, baseline?.column]
      if (user.baselineRow < 0 || !(left instanceof StoredColumn) || !(right instanceof StoredColumn)) return false
      return haveSameBytes(left, user.row, right, user.baselineRow)
    },
    willBe(field: FieldName) {
      const reader = fields[field].own
      const state = reader?.stateOf(user.row) ?? CellState.blank
      if (state === CellState.text) return reader!.textOf(user.row)
      return state === CellState.blank ? user.before(field) : ''
    },
    isFilled(field: FieldName) {
      const state = fields[field].own?.stateOf(user.row) ?? CellState.blank
      return state === CellState.text || (state === CellState.blank && user.before(field) !== '')
    },
    licence(column: number) {
      const readers = licencesOf(column)
      const value = readers.own(user.row)
      if (value !== Licence.blank) return value === Licence.clear ? Licence.no : value
      if (user.baselineRow < 0 || readers.before === null) return Licence.no
      const before = readers.before(user.baselineRow)
      return before === Licence.blank ? Licence.no : before
    },
  }
  return user
}
