import type { RowId } from '../table/table.ts'
import { heldText } from './cell-meaning.ts'
import { compareColumns, type CellReading, type ComparedColumn } from './compared-cells.ts'
import { finish, within, type Steps } from '../../kit/steps.ts'
import { isNew, isNobody, matchingUsers } from './match-rows.ts'
import { pairColumns, type PairedColumn, type Sheet } from './paired-columns.ts'

/** A user in both lists: its row in either. */
export interface SharedUser {
  readonly here: RowId
  readonly there: RowId
}

/** A cell that reads differently in two lists. */
export interface DifferingCell {
  readonly column: PairedColumn
  readonly here: string
  readonly there: string
}

/** Two lists of users side by side. It reads both tables on demand, so it holds until one of them is edited. */
export interface ListComparison {
  /** Rows of users that only one list has, in its order. */
  readonly onlyHere: readonly RowId[]
  readonly onlyThere: readonly RowId[]
  /** Users whose cells differ, in the order of the list here; and how many users read the same in both. */
  readonly different: readonly SharedUser[]
  readonly same: number
  /** Rows that cannot be matched: without an email, or with one that stands in an earlier row. */
  readonly aside: { readonly here: number; readonly there: number }
  /** Columns that both have and that differ for somebody, with how many users; in the order of the list here. */
  readonly columns: readonly { readonly column: PairedColumn; readonly users: number }[]
  /** Headers of columns that only one list has. */
  readonly columnsOnlyHere: readonly string[]
  readonly columnsOnlyThere: readonly string[]
  /** The users who differ in one column, by its index in the table here. */
  differentIn(column: number): readonly SharedUser[]
  cellsOf(user: SharedUser): readonly DifferingCell[]
}

/** Users are looked at so many at a time. */
const sliceSize = 20_000

/**
 * Lists are read as they stand: a blank cell is a text like another, unlike in a change set, where it leaves what a user holds.
 * TRUE and FALSE go by meaning, cells of nothing but spaces are blank.
 */
const asItStands: CellReading = {
  ofFile: (column, text) => heldText(text, column.isBoolean),
  ofBaseline: (column, text) => heldText(text, column.isBoolean),
}

/**
 * Holds two lists of users against each other, as equals. Users are matched by email and columns by meaning, as everywhere.
 * Law: with the lists exchanged, the same users differ in as many cells, and `here` and `there` change places.
 */
export const compareLists = (here: Sheet, there: Sheet): ListComparison => finish(comparingLists(here, there))

/** The same in slices. Neither table may be edited meanwhile. */
export function* comparingLists(here: Sheet, there: Sheet): Steps<ListComparison> {
  const pairs = pairColumns(here, there)
  const { partner, vanished, baselineUsers } = yield* within(matchingUsers(here, there), 0, 0.3)
  const compared = compareColumns(
    pairs.filter(({ role, baseline }) => role !== 'email' && baseline !== null),
    asItStands,
  )

  const onlyHere: RowId[] = []
  const shared: SharedUser[] = []
  let nobody = 0
  const { rows } = here.table
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!
    const other = partner[place]!
    if (other === isNew) onlyHere.push(row)
    else if (other === isNobody) nobody++
    else shared.push({ here: row, there: other })
    if (place % sliceSize === sliceSize - 1) yield 0.3
  }

  const differs = new Uint8Array(shared.length)
  const columns: { readonly column: PairedColumn; readonly users: number }[] = []
  for (const [done, each] of compared.entries()) {
    const users = yield* within(
      markDifferent(each, shared, differs),
      0.3 + (0.7 * done) / compared.length,
      0.3 + (0.7 * (done + 1)) / compared.length,
    )
    if (users > 0) columns.push({ column: each.column, users })
  }
  const different = shared.filter((_, place) => differs[place] === 1)
  const paired = new Set(pairs.map(({ baseline }) => baseline))

  return {
    onlyHere,
    onlyThere: vanished,
    different,
    same: shared.length - different.length,
    aside: { here: nobody, there: there.table.rows.length - baselineUsers.length },
    columns,
    columnsOnlyHere: pairs.filter(({ role, baseline }) => role !== 'email' && baseline === null).map(({ header }) => header),
    columnsOnlyThere: there.columns.flatMap(({ index, header }) => {
      const column = there.table.columns[index]
      return column === undefined || paired.has(column) ? [] : [header]
    }),
    differentIn(column) {
      const wanted = compared.find((each) => each.column.index === column)
      return wanted === undefined ? [] : different.filter((user) => wanted.differs(user.here, user.there))
    },
    cellsOf: (user) =>
      compared
        .filter((each) => each.differs(user.here, user.there))
        .map(({ column }) => ({ column, here: column.file.textOf(user.here), there: column.baseline?.textOf(user.there) ?? '' })),
  }
}

/** Marks the users who differ in a column, and counts them. */
function* markDifferent({ differs }: ComparedColumn, users: readonly SharedUser[], marks: Uint8Array): Steps<number> {
  let count = 0
  for (let place = 0; place < users.length; place++) {
    const { here, there } = users[place]!
    if (place % sliceSize === sliceSize - 1) yield place / users.length
    if (!differs(here, there)) continue
    marks[place] = 1
    count++
  }
  return count
}
