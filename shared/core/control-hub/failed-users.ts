import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { packagesOf } from '../catalogue/package-of.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import { emailKey, isBlank, isClear } from '../diff/cell-meaning.ts'
import { columnAt, pairColumns, roleOf, type Sheet } from '../diff/paired-columns.ts'
import type { EditableTable } from '../table/editable-table.ts'
import { tableBuilder } from '../table/table-from-rows.ts'
import type { RowId, Table } from '../table/table.ts'
import { numbersOf } from './written-text.ts'
import type { ImportError } from './error-file.ts'

/** An error of Control Hub's with the row of the table that it is about; null where the table has no such user. */
export interface PlacedImportError extends ImportError {
  readonly place: RowId | null
}

/**
 * Puts each message on its user: by email, case ignored. The row that the error file names decides only between two rows of one
 * email: it is the row of an uploaded file, which need not be this one.
 */
export function placeImportErrors(errors: readonly ImportError[], { table, columns }: Sheet): readonly PlacedImportError[] {
  const { email } = userColumns(columns)
  if (email < 0) return errors.map((error) => ({ ...error, place: null }))
  const emails = columnAt(table, email)
  const rowsOf = new Map<string, RowId[]>()
  for (const row of table.rows) {
    const key = emailKey(emails.textOf(row))
    if (key === '') continue
    const known = rowsOf.get(key)
    if (known === undefined) rowsOf.set(key, [row])
    else known.push(row)
  }
  return errors.map((error) => {
    const rows = rowsOf.get(emailKey(error.email)) ?? []
    return { ...error, place: rows.find((row) => table.numberOf(row) === error.row) ?? rows[0] ?? null }
  })
}

/** The table with some of its rows only, in their order and with their numbers. */
export function rowsOnly(table: Table, isWanted: (row: RowId) => boolean): EditableTable {
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  const builder = tableBuilder(columns.map(({ header }) => header))
  for (const row of table.rows) if (isWanted(row)) builder.add(columns.map((column) => column.textOf(row)), table.numberOf(row)) // prettier-ignore
  return builder.finish()
}

/** The two files that repair a half-done licence change, in their order. */
export interface ReassignPair {
  /** Every package column FALSE: this file DELETES its users. Names and email stand beside, all else is blank. */
  readonly unassign: EditableTable
  /** The same users whole, as new ones: their package TRUE, blank cells filled from the baseline. */
  readonly assign: EditableTable
  /** Emails that are left out: the second file could not give the user back, because no one package of theirs is known. */
  readonly withoutPackage: readonly string[]
}

/**
 * Takes the package of some users away and gives it again: the vendor's cure of the two documented errors, and the only way to
 * a package that Control Hub refuses in one step (domain.md §1.5, §2). Who is in the first file is in the second, with
 * everything that is known of the user: after the first file nothing of it is in Control Hub any more.
 */
export function reassignPair({ table, columns }: Sheet, baseline: Sheet | null, isWanted: (row: RowId) => boolean): ReassignPair {
  const users = userColumns(columns)
  const named = new Set([users.email, users.firstName, users.lastName, users.displayName])
  const live = columns.map((column) => ({ column, role: roleOf(column, users.email), cells: columnAt(table, column.index) }))
  const before = new Map(pairColumns({ table, columns }, baseline).map((pair) => [pair.index, pair.baseline]))
  const baselineRows = baselineRowsByEmail(baseline)
  const header = columns.map((column) => column.header)
  const [unassign, assign] = [tableBuilder(header), tableBuilder(header)]
  const withoutPackage: string[] = []
  for (const row of table.rows) {
    if (!isWanted(row)) continue
    const email = users.email < 0 ? '' : columnAt(table, users.email).textOf(row)
    const baselineRow = baselineRows.get(emailKey(email)) ?? -1
    const wanted = packageToGive(row, baselineRow)
    if (wanted === null) {
      withoutPackage.push(email.trim())
      continue
    }
    const number = table.numberOf(row)
    let isGiven = false
    unassign.add(live.map(({ column, role, cells }) => (role === 'package' ? 'FALSE' : named.has(column.index) ? cells.textOf(row) : '')), number) // prettier-ignore
    const whole = live.map(({ column, role, cells }) => {
      if (role === 'ignored') return ''
      if (role === 'package') {
        if (isGiven || column.column?.package !== wanted) return 'FALSE'
        isGiven = true
        return 'TRUE'
      }
      const text = cells.textOf(row)
      const held = isBlank(text) && baselineRow >= 0 ? (before.get(column.index)?.textOf(baselineRow) ?? '') : text
      if (isClear(held)) return ''
      // A new user has no numbers to lose: what is left of the list is what the user shall have.
      return column.column?.id === 'phone-number' && /(PRIMARY|REMOVE)\|/iu.test(held) ? phonesToGive(held) : held
    })
    assign.add(whole, number)
  }
  return { unassign: unassign.finish(), assign: assign.finish(), withoutPackage }

  function packageToGive(row: RowId, baselineRow: number): PackageName | null {
    const own = packagesOf(users, (column) => columnAt(table, column).textOf(row))
    if (own.length > 0) return own.length === 1 && users.packages.has(own[0]!) ? own[0]! : null
    if (baseline === null || baselineRow < 0) return null
    const held = packagesOf(userColumns(baseline.columns), (column) => columnAt(baseline.table, column).textOf(baselineRow))
    return packageNames.find((name) => held.length === 1 && held[0] === name && users.packages.has(name)) ?? null
  }
}

function phonesToGive(cell: string): string {
  const [first, ...more] = numbersOf(cell)
  if (first === undefined) return ''
  return more.length === 0 ? first : [`PRIMARY|${first}`, ...more].join(',')
}

function baselineRowsByEmail(baseline: Sheet | null): ReadonlyMap<string, RowId> {
  const rows = new Map<string, RowId>()
  if (baseline === null) return rows
  const { email } = userColumns(baseline.columns)
  if (email < 0) return rows
  const emails = columnAt(baseline.table, email)
  for (const row of baseline.table.rows) {
    const key = emailKey(emails.textOf(row))
    if (key !== '' && !rows.has(key)) rows.set(key, row)
  }
  return rows
}
