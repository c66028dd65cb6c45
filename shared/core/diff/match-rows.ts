import { userColumns } from '../catalogue/user-columns.ts'
import { within, type Steps } from '../../kit/steps.ts'
import { matchingPlaces, type PairsTest } from '../table/match-texts.ts'
import { withoutRows } from '../table/editable-table.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { sameEmail } from './cell-meaning.ts'
import { columnAt, type Sheet } from './paired-columns.ts'
import { SameRows } from './same-rows.ts'
import { pairSideBySide } from './side-by-side.ts'

/** Values of `partner` besides a baseline row: a user whom the baseline lacks, a row that is no user of its own. */
export const isNew = -1
export const isNobody = -2

export interface MatchedRows {
  /** By position in `file.table.rows`: the baseline's row, `isNew` or `isNobody`. */
  readonly partner: Int32Array
  /** By position: 1 where the user's two rows are the same in all cells of columns below `sameColumns`. */
  readonly same: Uint8Array
  readonly sameColumns: number
  /** Positions of all rows that are not the same, and of some that are. */
  readonly unsure: Uint32Array
  /** Row ids, in the baseline's order. */
  readonly baselineUsers: Uint32Array
  readonly vanished: readonly RowId[]
}

const none = new Uint32Array(0)

/** Matches rows by email. A user is a row with an email that stands in no earlier row. */
export function* matchingUsers(file: Sheet, baseline: Sheet | null): Steps<MatchedRows> {
  const { rows } = file.table
  const ours = emailCells(file)
  const theirs = baseline === null ? null : emailCells(baseline)
  const left = ours?.column ?? theirs?.column
  if (left === undefined) {
    const partner = new Int32Array(rows.length).fill(isNobody)
    const same = new Uint8Array(rows.length)
    return { partner, same, sameColumns: 0, unsure: placesNotIn(same), baselineUsers: none, vanished: [] }
  }
  // A list that has no emails is like one without rows.
  const users = { column: left, rows: ours === null ? none : rows }
  const others = { column: theirs?.column ?? left, rows: theirs === null ? none : (baseline?.table.rows ?? none) }
  const sameRows = baseline === null || ours?.index !== theirs?.index ? null : SameRows.of(file.table, baseline.table)
  // A column that came later has no part in the bytes of a row.
  const known = sameRows !== null && ours !== null && ours.index < sameRows.columnCount ? sameRows : null

  const paired = ours === null || theirs === null ? null : yield* within(pairSideBySide(users, others, sameEmail, known), 0, 0.3)
  const partner = paired?.partner ?? new Int32Array(rows.length)
  const same = paired?.same ?? new Uint8Array(rows.length)
  const [rest, otherRest] = [paired?.restOfFile ?? null, paired?.restOfBaseline ?? null]
  const matched = yield* within(
    matchingPlaces(
      { column: users.column, rows: rowsAt(users.rows, rest) },
      { column: others.column, rows: rowsAt(others.rows, otherRest) },
      sameEmail,
      known === null ? null : rowsTest(known, rest, same),
    ),
    0.3,
    1,
  )
  yield 1
  const { rightOf, leftSameAs, leftIsBlank, rightSameAs, rightIsBlank } = matched
  if (ours === null) partner.fill(isNobody)
  const isFound = new Uint8Array(rightSameAs.length)
  for (let k = 0; k < leftSameAs.length; k++) {
    const i = rest === null ? k : rest[k]!
    const isUser = leftSameAs[k] === -1 && leftIsBlank[k] === 0
    const place = rightOf[k]!
    if (!isUser || place < 0) {
      partner[i] = isUser ? isNew : isNobody
      same[i] = 0
      continue
    }
    partner[i] = others.rows[otherRest === null ? place : otherRest[place]!]!
    isFound[place] = 1
  }
  const vanished: RowId[] = []
  const nobodies: number[] = []
  for (let k = 0; k < rightSameAs.length; k++) {
    const place = otherRest === null ? k : otherRest[k]!
    if (rightSameAs[k] !== -1 || rightIsBlank[k] === 1) nobodies.push(place)
    else if (isFound[k] === 0) vanished.push(others.rows[place]!)
  }
  const baselineUsers = nobodies.length === 0 ? others.rows : withoutRows(others.rows, Uint32Array.from(nobodies))
  const unsure = paired?.unsure ?? placesNotIn(same)
  return { partner, same, sameColumns: known?.columnCount ?? 0, unsure, baselineUsers, vanished }
}

/** Users of the baseline who are nobody's partner, in its order. */
export function vanishedAmong(baselineUsers: Uint32Array, partner: Int32Array, rowLimit: number): RowId[] {
  const isFound = new Uint8Array(rowLimit)
  for (let i = 0; i < partner.length; i++) if (partner[i]! >= 0) isFound[partner[i]!] = 1
  const vanished: RowId[] = []
  for (let i = 0; i < baselineUsers.length; i++) if (isFound[baselineUsers[i]!] === 0) vanished.push(baselineUsers[i]!)
  return vanished
}

function emailCells(sheet: Sheet): { readonly index: number; readonly column: TableColumn } | null {
  const { email } = userColumns(sheet.columns)
  return email < 0 ? null : { index: email, column: columnAt(sheet.table, email) }
}

/** Null: all of them. */
const rowsAt = (rows: Uint32Array, places: Uint32Array | null): Uint32Array =>
  places === null ? rows : places.map((place) => rows[place]!)

function placesNotIn(same: Uint8Array): Uint32Array {
  const places = new Uint32Array(same.length)
  let count = 0
  for (let i = 0; i < same.length; i++) if (same[i] === 0) places[count++] = i
  return places.subarray(0, count)
}

/** Rows that are the same have the same email; which are is kept in `same`, by the place that `placeOf` gives. */
function rowsTest(sameRows: SameRows, placeOf: Uint32Array | null, same: Uint8Array): PairsTest {
  return (rows, others, from) => {
    sameRows.touch(others)
    const found = new Uint8Array(rows.length)
    for (let k = 0; k < rows.length; k++) {
      const other = others[k]!
      if (other < 0 || !sameRows.isSame(rows[k]!, other)) continue
      found[k] = 1
      same[placeOf === null ? from + k : placeOf[from + k]!] = 1
    }
    return found
  }
}
