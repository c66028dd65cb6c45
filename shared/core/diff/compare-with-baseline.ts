import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { emailKey, heldText, wantedText } from './cell-meaning.ts'
import type { Change, ChangePlace, ChangeSet, Intent, PackageCount } from './change-set.ts'
import { columnAt, firstPackage, packageBit, pairColumns, type PairedColumn, type Sheet } from './paired-columns.ts'
import { findRenames } from './renames.ts'

export interface ComparisonInput extends Sheet {
  readonly baseline: Sheet
  readonly customer?: CustomerProfile | undefined
}

/** A cell that a change touches, with the column it stands in. */
export interface ComparedCell {
  readonly column: PairedColumn
  readonly before: string
  readonly after: string
}

/** A change set that still knows the two tables it was made from. */
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

/** Values of `partner` besides a baseline row: a user whom the baseline lacks, a row that is no user of its own. */
const isNew = -1
const isNobody = -2

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

  const differs = findDifferences(columns, rows, partner)
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
  const cellsAt = (index: number): readonly ComparedCell[] => comparedCells(columns, placeOf(index), heldBy(placeIndex(index)))

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

interface MatchedRows {
  /** By position in `file.table.rows`: the baseline's row, `isNew` or `isNobody`. */
  readonly partner: Int32Array
  readonly baselineUsers: readonly RowId[]
  readonly vanished: readonly RowId[]
}

function matchRows(file: Sheet, baseline: Sheet | null): MatchedRows {
  const known = baseline === null ? new Map<string, RowId>() : firstRowByEmail(baseline)
  const partner = new Int32Array(file.table.rows.length).fill(isNobody)
  const emails = emailCells(file)
  const seen = new Set<string>()
  if (emails !== null) {
    file.table.rows.forEach((row, i) => {
      const email = emailKey(emails.textOf(row))
      if (email === '' || seen.has(email)) return
      seen.add(email)
      partner[i] = known.get(email) ?? isNew
    })
  }
  const vanished = [...known].filter(([email]) => !seen.has(email)).map(([, row]) => row)
  return { partner, baselineUsers: [...known.values()], vanished }
}

function firstRowByEmail(sheet: Sheet): Map<string, RowId> {
  const known = new Map<string, RowId>()
  const emails = emailCells(sheet)
  if (emails === null) return known
  for (const row of sheet.table.rows) {
    const email = emailKey(emails.textOf(row))
    if (email !== '' && !known.has(email)) known.set(email, row)
  }
  return known
}

function emailCells(sheet: Sheet): TableColumn | null {
  const { email } = userColumns(sheet.columns)
  return email < 0 ? null : columnAt(sheet.table, email)
}

/** What the file says of each row's package, as sets of packages (bits). `spoken` are the packages that the file has a column for. */
interface StatedPackages {
  readonly spoken: number
  readonly yes: Uint8Array
  /** Packages whose column says neither TRUE nor FALSE in this row. */
  readonly open: Uint8Array
}

function statedPackages(columns: readonly PairedColumn[], rows: Uint32Array): StatedPackages {
  const yes = new Uint8Array(rows.length)
  const open = new Uint8Array(rows.length)
  let spoken = 0
  for (const column of columns) {
    if (column.role !== 'package' || column.package === null) continue
    const bit = packageBit(column.package)
    spoken |= bit
    const textAt = wantedTexts(column.file, true)
    for (let i = 0; i < rows.length; i++) {
      const text = textAt(rows[i] ?? 0)
      if (text === 'TRUE') yes[i] = (yes[i] ?? 0) | bit
      else if (text !== 'FALSE') open[i] = (open[i] ?? 0) | bit
    }
  }
  return { spoken, yes, open }
}

function heldPackages(baseline: Sheet): Uint8Array {
  const held = new Uint8Array(baseline.table.rowLimit)
  for (const [name, indexes] of userColumns(baseline.columns).packages) {
    for (const index of indexes) {
      const textAt = wantedTexts(columnAt(baseline.table, index), true)
      for (const row of baseline.table.rows) if (textAt(row) === 'TRUE') held[row] = (held[row] ?? 0) | packageBit(name)
    }
  }
  return held
}

/** Where the baseline has no package column, what the user holds is not known: FALSE everywhere is then a removal too. */
function isRemoval(stated: StatedPackages, i: number, held: number, heldIsKnown: boolean): boolean {
  const everyColumnFalse = stated.spoken !== 0 && stated.yes[i] === 0 && stated.open[i] === 0
  return everyColumnFalse && (heldIsKnown ? held !== 0 && (held & ~stated.spoken) === 0 : true)
}

/** The one package a user has afterwards. Several TRUE cells are an error of the draft; then the first that is news is shown. */
function packageAfter(stated: StatedPackages, i: number, held: number): PackageName | null {
  const yes = stated.yes[i] ?? 0
  const no = stated.spoken & ~yes & ~(stated.open[i] ?? 0)
  if (yes === 0) return firstPackage(held & ~no)
  const news = yes & ~held
  return firstPackage(news === 0 ? yes : news)
}

/**
 * Marks the rows of known users in which a cell differs. Column by column, because a coded column is compared by numbers:
 * each distinct text gets one number for its meaning, shared by both sides, so that the loop over the rows touches no text.
 */
function findDifferences(columns: readonly PairedColumn[], rows: Uint32Array, partner: Int32Array): Uint8Array {
  const differs = new Uint8Array(rows.length)
  for (const column of columns) {
    if (column.role !== 'cell' && (column.role !== 'package' || column.baseline === null)) continue
    const numbers = column.file.coded && (column.baseline === null || column.baseline.coded) ? meaningNumbers(column) : null
    for (let i = 0; i < rows.length; i++) {
      const held = partner[i] ?? isNobody
      if (held < 0 || differs[i] === 1) continue
      const row = rows[i] ?? 0
      if (numbers === null) {
        if (differsByText(column, row, held)) differs[i] = 1
        continue
      }
      const wanted = numbers.file[column.file.codeOf(row)] ?? leaves
      const present = column.baseline === null ? numbers.nothing : numbers.baseline[column.baseline.codeOf(held)]
      if (wanted !== leaves && wanted !== present) differs[i] = 1
    }
  }
  return differs
}

const leaves = -1

function meaningNumbers(column: PairedColumn): { readonly file: Int32Array; readonly baseline: Int32Array; readonly nothing: number } {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, numbers.size)
    return numbers.size - 1
  }
  const { file, baseline } = column
  const nothing = numberOf(comparable(column, ''))
  return {
    nothing,
    file: Int32Array.from({ length: file.codeCount }, (_, code) => {
      const wanted = wantedOf(column, file.textOfCode(code))
      return wanted === null ? leaves : numberOf(comparable(column, wanted))
    }),
    baseline: Int32Array.from({ length: baseline?.codeCount ?? 0 }, (_, code) =>
      numberOf(comparable(column, heldText(baseline?.textOfCode(code) ?? '', column.isBoolean))),
    ),
  }
}

function differsByText(column: PairedColumn, row: RowId, held: RowId): boolean {
  const text = column.file.textOf(row)
  const present = column.baseline?.textOf(held) ?? ''
  if (text === present) return false
  const wanted = wantedOf(column, text)
  return wanted !== null && comparable(column, wanted) !== comparable(column, heldText(present, column.isBoolean))
}

/** A package cell speaks by TRUE and FALSE only: neither `(clear)` nor a word that is neither changes what a user holds. */
function wantedOf(column: PairedColumn, text: string): string | null {
  const wanted = wantedText(text, column.isBoolean)
  return column.role === 'package' && wanted !== 'TRUE' && wanted !== 'FALSE' ? null : wanted
}

/** A licence that a user does not hold may stand as FALSE, as blank, or in no column at all: all the same. */
function comparable(column: PairedColumn, text: string): string {
  if (column.role === 'package') return text === 'TRUE' ? text : 'FALSE'
  return text === '' && column.isLicence ? 'FALSE' : text
}

/** `textOf` that reads each distinct text of a coded column once. */
function wantedTexts(column: TableColumn, isBoolean: boolean): (row: RowId) => string | null {
  if (!column.coded) return (row) => wantedText(column.textOf(row), isBoolean)
  const texts = Array.from({ length: column.codeCount }, (_, code) => wantedText(column.textOfCode(code), isBoolean))
  return (row) => texts[column.codeOf(row)] ?? null
}

/** A removed user is said by the package cells alone; what else the row holds will be gone with the user. */
function comparedCells(columns: readonly PairedColumn[], { intent, row, baselineRow }: ChangePlace, held: number): readonly ComparedCell[] {
  const cells: ComparedCell[] = []
  for (const column of columns) {
    if (column.role === 'ignored' || (intent === 'remove' && column.role !== 'package')) continue
    if (column.role === 'email' && intent !== 'add' && intent !== 'rename') continue
    const after = wantedOf(column, column.file.textOf(row))
    const before = baselineRow < 0 ? '' : presentText(column, baselineRow, held)
    if (after === null || after === before) continue
    if (intent !== 'add' && comparable(column, after) === comparable(column, before)) continue
    cells.push({ column, before, after })
  }
  return cells
}

/** A package column that the baseline has no one partner for is answered by the package that the user holds. */
function presentText(column: PairedColumn, baselineRow: RowId, held: number): string {
  if (column.baseline !== null) return heldText(column.baseline.textOf(baselineRow), column.isBoolean)
  return column.role === 'package' && column.package !== null && (held & packageBit(column.package)) !== 0 ? 'TRUE' : ''
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
