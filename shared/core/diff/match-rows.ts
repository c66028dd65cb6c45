import { userColumns } from '../catalogue/user-columns.ts'
import type { Steps } from '../../kit/steps.ts'
import { matchingRows } from '../table/match-texts.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { columnAt, type Sheet } from './paired-columns.ts'

/** Values of `partner` besides a baseline row: a user whom the baseline lacks, a row that is no user of its own. */
export const isNew = -1
export const isNobody = -2

export interface MatchedRows {
  /** By position in `file.table.rows`: the baseline's row, `isNew` or `isNobody`. */
  readonly partner: Int32Array
  /** Row ids, in the baseline's order. */
  readonly baselineUsers: Uint32Array
  readonly vanished: readonly RowId[]
}

const sameEmail = { ignoreCase: true, trim: true } as const
const none = new Uint32Array(0)

/** Matches rows by email. A user is a row with an email that stands in no earlier row. */
export function* matchingUsers(file: Sheet, baseline: Sheet | null): Steps<MatchedRows> {
  const { rows } = file.table
  const partner = new Int32Array(rows.length).fill(isNobody)
  const ours = emailCells(file)
  const theirs = baseline === null ? null : emailCells(baseline)
  const theirRows = baseline?.table.rows ?? none
  const left = ours ?? theirs
  if (left === null) return { partner, baselineUsers: none, vanished: [] }

  // A list that has no emails is like one without rows.
  const matched = yield* matchingRows(
    { column: left, rows: ours === null ? none : rows },
    { column: theirs ?? left, rows: theirs === null ? none : theirRows },
    sameEmail,
  )
  const { rightOf, leftSameAs, leftIsBlank, rightSameAs, rightIsBlank } = matched
  const baselineUsers = new Uint32Array(theirs === null ? 0 : theirRows.length)
  let users = 0
  for (let i = 0; i < baselineUsers.length; i++) {
    const row = theirRows[i]!
    if (rightSameAs[row] === -1 && rightIsBlank[row] === 0) baselineUsers[users++] = row
  }
  const isFound = new Uint8Array(baseline?.table.rowLimit ?? 0)
  if (ours !== null) {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if (leftSameAs[row] !== -1 || leftIsBlank[row] === 1) continue
      const match = rightOf[row]!
      partner[i] = match < 0 ? isNew : match
      if (match >= 0) isFound[match] = 1
    }
  }
  const vanished: RowId[] = []
  for (let i = 0; i < users; i++) if (isFound[baselineUsers[i]!] === 0) vanished.push(baselineUsers[i]!)
  return { partner, baselineUsers: baselineUsers.subarray(0, users), vanished }
}

function emailCells(sheet: Sheet): TableColumn | null {
  const { email } = userColumns(sheet.columns)
  return email < 0 ? null : columnAt(sheet.table, email)
}
