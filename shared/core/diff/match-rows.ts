import { userColumns } from '../catalogue/user-columns.ts'
import { firstRowWithSameText, matchRows as matchTexts } from '../table/matching-rows.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { isBlank } from './cell-meaning.ts'
import { columnAt, type Sheet } from './paired-columns.ts'

/** Values of `partner` besides a baseline row: a user whom the baseline lacks, a row that is no user of its own. */
export const isNew = -1
export const isNobody = -2

export interface MatchedRows {
  /** By position in `file.table.rows`: the baseline's row, `isNew` or `isNobody`. */
  readonly partner: Int32Array
  readonly baselineUsers: readonly RowId[]
  readonly vanished: readonly RowId[]
}

const sameEmail = { ignoreCase: true, trim: true } as const

/** Matches rows by email. A user is a row with an email that stands in no earlier row. */
export function matchRows(file: Sheet, baseline: Sheet | null): MatchedRows {
  const partner = new Int32Array(file.table.rows.length).fill(isNobody)
  const ours = emailCells(file)
  const theirs = baseline === null ? null : emailCells(baseline)
  const { rows } = file.table
  if (baseline === null || theirs === null || ours === null) {
    const baselineUsers = baseline === null || theirs === null ? [] : usersAmong(theirs, baseline.table.rows, null)
    if (ours !== null) {
      const earlier = firstRowWithSameText(ours, rows, { ...sameEmail, skipBlank: true })
      for (let i = 0; i < rows.length; i++) if (earlier[rows[i]!] === -1 && !isBlankCell(ours, rows[i]!)) partner[i] = isNew
    }
    return { partner, baselineUsers, vanished: baselineUsers }
  }

  const { rightOf, leftSameAs, rightSameAs } = matchTexts(ours, rows, theirs, baseline.table.rows, sameEmail)
  const baselineUsers = usersAmong(theirs, baseline.table.rows, rightSameAs)
  const isFound = new Uint8Array(baseline.table.rowLimit)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const match = rightOf[row]!
    if (leftSameAs[row] !== -1 || (match < 0 && isBlankCell(ours, row))) continue
    partner[i] = match < 0 ? isNew : match
    if (match >= 0) isFound[match] = 1
  }
  return { partner, baselineUsers, vanished: baselineUsers.filter((row) => isFound[row] === 0) }
}

function usersAmong(emails: TableColumn, rows: Uint32Array, known: Int32Array | null): readonly RowId[] {
  const earlier = known ?? firstRowWithSameText(emails, rows, { ...sameEmail, skipBlank: true })
  const users: RowId[] = []
  for (const row of rows) if (earlier[row] === -1 && !isBlankCell(emails, row)) users.push(row)
  return users
}

/** Most cells show without decoding that they are not blank. */
const isBlankCell = (column: TableColumn, row: RowId): boolean =>
  column.isEmpty(row) || (column.flagsOf(row) !== 0 && isBlank(column.textOf(row)))

function emailCells(sheet: Sheet): TableColumn | null {
  const { email } = userColumns(sheet.columns)
  return email < 0 ? null : columnAt(sheet.table, email)
}
