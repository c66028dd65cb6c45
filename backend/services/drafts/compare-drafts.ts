import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { comparingLists, type ListComparison, type SharedUser } from '../../../shared/core/diff/compare-lists.ts'
import { joinName } from '../../../shared/core/mapping/names.ts'
import type { ComparedUser, DraftComparison } from '../../../shared/contract/editor-methods.ts'
import type { InputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { Steps } from '../../../shared/kit/steps.ts'
import { inSlicesOf, type Slices } from '../jobs.ts'
import { cellText } from './derive.ts'
import type { Draft } from './draft.ts'
import { viewPlaces } from './view.ts'

type Wanted = Pick<InputOf<Methods['editor.compareDrafts']>, 'list' | 'column' | 'from' | 'count'>

/** Compared drafts by the one here, then the one there; let go with either of them. */
const comparisons = new WeakMap<Draft, WeakMap<Draft, { readonly revision: string; readonly comparison: ListComparison }>>()

/** The last comparison holds while both drafts stay as they are: the list is read page by page. One that an edit outran is made anew. */
async function comparisonOfDrafts(here: Draft, there: Draft, work: Slices): Promise<ListComparison> {
  const revisionOf = (): string => JSON.stringify([here, there].map(({ kept, file }) => [kept.customer, file.lastEntry]))
  const byOther = comparisons.get(here) ?? new WeakMap()
  comparisons.set(here, byOther)
  for (;;) {
    const known = byOther.get(there)
    if (known?.revision === revisionOf()) return known.comparison
    let revision = ''
    const begin = (): Steps<ListComparison> => {
      revision = revisionOf()
      return comparingLists(here, there)
    }
    const { result: comparison, isStill } = await inSlicesOf(revisionOf, begin, work, 'compare')
    if (!isStill()) continue
    byOther.set(there, { revision, comparison })
    return comparison
  }
}

/** Two drafts side by side, as a window asks for them. */
export async function compareDrafts(
  here: Draft,
  there: Draft,
  { list, column, from, count }: Wanted,
  work: Slices,
): Promise<DraftComparison> {
  const comparison = await comparisonOfDrafts(here, there, work)
  const users = usersOf(comparison, list, column)
  return {
    counts: {
      different: comparison.different.length,
      onlyHere: comparison.onlyHere.length,
      onlyThere: comparison.onlyThere.length,
      same: comparison.same,
    },
    aside: comparison.aside,
    columns: comparison.columns.map(({ column: { index, header }, users: differing }) => ({ index, header, users: differing })),
    columnsOnlyHere: comparison.columnsOnlyHere,
    columnsOnlyThere: comparison.columnsOnlyThere,
    total: users.length,
    users: users.slice(from, from + count).map((user) => comparedUser(here, there, user, comparison)),
  }
}

type AnyUser = SharedUser | { readonly here: number; readonly there: null } | { readonly here: null; readonly there: number }

function usersOf(comparison: ListComparison, list: Wanted['list'], column: number | undefined): readonly AnyUser[] {
  if (list === 'only-here') return comparison.onlyHere.map((here) => ({ here, there: null }))
  if (list === 'only-there') return comparison.onlyThere.map((there) => ({ here: null, there }))
  return column === undefined ? comparison.different : comparison.differentIn(column)
}

function comparedUser(here: Draft, there: Draft, user: AnyUser, comparison: ListComparison): ComparedUser {
  const place = user.here === null ? -1 : (viewPlaces(here)[user.here] ?? -1)
  const isShared = user.here !== null && user.there !== null
  return {
    ...(user.here === null ? nameOf(there, user.there) : nameOf(here, user.here)),
    rowId: user.here,
    viewRow: place < 0 ? null : place,
    here: user.here === null ? null : here.table.numberOf(user.here),
    there: user.there === null ? null : there.table.numberOf(user.there),
    cells: isShared
      ? comparison.cellsOf(user).map((cell) => ({
          index: cell.column.index,
          column: cell.column.header,
          before: cell.there,
          after: cell.here,
        }))
      : [],
  }
}

function nameOf({ table, columns }: Draft, row: number): Pick<ComparedUser, 'email' | 'name'> {
  const { email, firstName, lastName, displayName } = userColumns(columns)
  const text = (column: number): string => cellText(table, row, column).trim()
  return { email: text(email), name: text(displayName) || joinName({ given: text(firstName), family: text(lastName) }) }
}
