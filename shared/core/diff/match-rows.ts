import { userColumns } from '../catalogue/user-columns.ts'
import { within, type Steps } from '../../kit/steps.ts'
import type { PairsTest } from '../table/joined-pairs.ts'
import { matchingPlaces } from '../table/match-texts.ts'
import type { MatchedPlaces } from '../table/part-join.ts'
import { rowsACall } from '../table/text-keys.ts'
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
  const otherRows = rowsAt(others.rows, otherRest)
  const matched = yield* within(
    matchingPlaces(
      { column: users.column, rows: rowsAt(users.rows, rest) },
      { column: others.column, rows: otherRows },
      sameEmail,
      known === null ? null : rowsTest(known, rest, same),
    ),
    0.3,
    1,
  )
  yield 1
  if (ours === null) partner.fill(isNobody)
  const isFound = new Uint8Array(otherRows.length)
  for (let from = 0; from < matched.rightOf.length; from += rowsACall) {
    const to = Math.min(matched.rightOf.length, from + rowsACall)
    settleUsers(matched, from, to, isFound)
    takePartners(matched.rightOf, otherRows, rest, from, to, partner, same)
  }
  const vanished: RowId[] = []
  const nobodies: number[] = []
  const { rightSameAs, rightIsBlank } = matched
  for (const k of placesNotIn(isFound)) {
    if (rightSameAs[k] !== -1 || rightIsBlank[k] === 1) nobodies.push(otherRest === null ? k : otherRest[k]!)
    else vanished.push(otherRows[k]!)
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

/** Makes `rightOf` of some left places `isNew` and `isNobody` where there is none, and marks the right places that are somebody's. */
function settleUsers({ rightOf, leftSameAs, leftIsBlank }: MatchedPlaces, from: number, to: number, isFound: Uint8Array): void {
  for (let k = from; k < to; k++) {
    const place = rightOf[k]!
    if (leftSameAs[k] !== -1 || leftIsBlank[k] !== 0) rightOf[k] = isNobody
    else if (place < 0) rightOf[k] = isNew
    else isFound[place] = 1
  }
}

/** Makes rows of places, which stand at `rest` of all. */
function takePartners(
  places: Int32Array,
  rows: Uint32Array,
  rest: Uint32Array | null,
  from: number,
  to: number,
  partner: Int32Array,
  same: Uint8Array,
): void {
  for (let k = from; k < to; k++) {
    const i = rest === null ? k : rest[k]!
    const place = places[k]!
    if (place < 0) same[i] = 0
    partner[i] = place < 0 ? place : rows[place]!
  }
}

function placesNotIn(same: Uint8Array): Uint32Array {
  const places = new Uint32Array(same.length)
  let count = 0
  for (let from = 0; from < same.length; from += rowsACall)
    count = addNotIn(same, from, Math.min(same.length, from + rowsACall), places, count)
  return places.subarray(0, count)
}

function addNotIn(same: Uint8Array, from: number, to: number, places: Uint32Array, known: number): number {
  let count = known
  for (let i = from; i < to; i++) if (same[i] === 0) places[count++] = i
  return count
}

/** Rows that are the same have the same email; which are is kept in `same`, by the place that `placeOf` gives. */
function rowsTest(sameRows: SameRows, placeOf: Uint32Array | null, same: Uint8Array): PairsTest {
  return (rows, others, from) => {
    if (placeOf === null) {
      const found = same.subarray(from, from + rows.length)
      sameRows.compare(rows, others, found)
      return found
    }
    const found = new Uint8Array(rows.length)
    sameRows.compare(rows, others, found)
    for (let k = 0; k < rows.length; k++) if (found[k] === 1) same[placeOf[from + k]!] = 1
    return found
  }
}
