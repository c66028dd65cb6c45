import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { sortingRows } from '../../../shared/core/table/sort-rows.ts'
import { filteringRows, findingRows, pickedRows } from '../../../shared/core/table/views.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Condition, View } from '../../../shared/contract/draft-methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { within, type Steps } from '../../../shared/kit/steps.ts'
import type { Derived } from './derive.ts'
import type { Draft } from './draft.ts'

/**
 * The rows of a view, in its order; in slices. Rows that come or go meanwhile are not followed (`followRows`), and findings count as they
 * are at the beginning (`viewStateOf`).
 */
export function* findingView(draft: Draft, { sort, filter }: View, locale: string): Steps<Result<Uint32Array, AppError>> {
  const { table } = draft
  const isColumn = (column: number): boolean => table.live.includes(column)
  const wanted = [...sort.map(({ column }) => column), ...filter.flatMap((condition) => ('column' in condition ? [condition.column] : []))]
  const missing = wanted.find((column) => !isColumn(column))
  if (missing !== undefined) return err({ code: 'edit/impossible', detail: `there is no column ${missing}` })

  const cells = filter.filter((condition) => condition.kind === 'values' || condition.kind === 'text')
  const filtered = yield* within(filteringRows(table, table.rows, cells), 0, 0.2)
  if (!filtered.ok) return err({ code: 'edit/impossible', detail: filtered.error.detail })
  let rows = filtered.value
  for (const condition of filter) {
    if (condition.kind === 'values' || condition.kind === 'text') continue
    rows = yield* within(rowsThat(draft, rows, condition), 0.2, 0.4)
  }
  if (sort.length === 0) return ok(rows)
  return ok(yield* within(sortingRows(table, rows, sort, locale), 0.4, 1))
}

/** What a view of a draft is made of and cannot follow: it is made anew when this has become another. */
export const viewStateOf = (draft: Draft, { filter }: View): unknown => (filter.some(isOfDerived) ? draft.derived : null)

const isOfDerived = ({ kind }: Condition): boolean => kind !== 'values' && kind !== 'text' && kind !== 'search'

type RowCondition = Exclude<Condition, { kind: 'values' | 'text' }>

function rowsThat({ derived, table }: Draft, rows: Uint32Array, condition: RowCondition): Steps<Uint32Array> {
  if (condition.kind === 'search') return findingRows(table, rows, table.live, condition.text)
  const test = rowTest(derived, condition)
  return pickedRows(rows, (some) => some.filter(test))
}

function rowTest(derived: Derived, condition: Exclude<RowCondition, { kind: 'search' }>): (row: number) => boolean {
  const hasFinding = (row: number, isWanted: (finding: number) => boolean): boolean => {
    const { from, to } = derived.ofRow(row)
    for (let finding = from; finding < to; finding++) if (isWanted(finding)) return true
    return false
  }
  switch (condition.kind) {
    case 'severity':
      return (row) => hasFinding(row, (finding) => condition.severity === 'any' || derived.placeOf(finding).severity === condition.severity)
    case 'rule':
      return (row) => hasFinding(row, (finding) => derived.placeOf(finding).rule === condition.rule)
    case 'intent':
      return (row) => {
        const intent = derived.intentOf(row)
        return condition.intent === 'changed' ? intent !== null && intent !== 'unchanged' : intent === condition.intent
      }
    case 'package': {
      const packages = new Set(condition.packages)
      return (row) => packages.has(derived.packageOf(row))
    }
  }
}

/** A row's place in the present view, by row id; -1 where the filter hides it. Made once per view. */
export function viewPlaces(draft: Draft): Int32Array {
  const known = places.get(draft.viewRows)
  if (known?.length === draft.table.rowLimit) return known
  const made = new Int32Array(draft.table.rowLimit).fill(-1)
  draft.viewRows.forEach((row, place) => (made[row] = place))
  places.set(draft.viewRows, made)
  return made
}

const places = new WeakMap<Uint32Array, Int32Array>()

export const emailColumnOf = (draft: Draft): number | null => {
  const { email } = userColumns(draft.columns)
  return email < 0 ? null : email
}
