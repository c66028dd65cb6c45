import { countingValues } from '../../../shared/core/table/distinct-values.ts'
import { findingCells } from '../../../shared/core/table/views.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { RowWindow, WindowRow } from '../../../shared/contract/draft-methods.ts'
import type { InputOf, OutputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { Severity } from '../../../shared/core/rules/finding.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Steps } from '../../../shared/kit/steps.ts'
import type { Draft } from './draft.ts'
import { viewPlaces } from './view.ts'

/** Rows of the view with their marks: what the grid paints. */
export function windowOf(draft: Draft, from: number, count: number, columns: readonly number[]): RowWindow {
  const rows = draft.viewRows.subarray(from, from + count)
  const placeOfColumn = placesOf(columns)
  const texts = columns.map((column) => draft.table.columns[column]?.textOfEach(rows))
  return {
    revision: draft.file.lastEntry,
    view: draft.viewNumber,
    from,
    total: draft.viewRows.length,
    rows: Array.from(rows, (row, nth) =>
      markedRow(
        draft,
        row,
        placeOfColumn,
        texts.map((column) => column?.[nth] ?? ''),
      ),
    ),
  }
}

export function windowRow(draft: Draft, row: number, columns: readonly number[]): WindowRow {
  const cells = columns.map((column) => draft.table.columns[column]?.textOf(row) ?? '')
  return markedRow(draft, row, placesOf(columns), cells)
}

const placesOf = (columns: readonly number[]): ReadonlyMap<number, number> => new Map(columns.map((column, place) => [column, place]))

function markedRow(
  { table, derived }: Draft,
  row: number,
  placeOfColumn: ReadonlyMap<number, number>,
  cells: readonly string[],
): WindowRow {
  const marks = new Map<number, Severity>()
  let severity: Severity | null = null
  const { from, to } = derived.ofRow(row)
  for (let finding = from; finding < to; finding++) {
    const found = derived.placeOf(finding)
    severity = worse(severity, found.severity)
    const cell = placeOfColumn.get(found.column)
    if (cell !== undefined) marks.set(cell, worse(marks.get(cell) ?? null, found.severity))
  }
  const intent = derived.intentOf(row)
  return {
    id: row,
    number: table.numberOf(row),
    cells,
    severity,
    marks: [...marks].map(([cell, mark]) => ({ cell, severity: mark })),
    intent,
    before: intent === 'add' ? [] : cellsBefore(derived, row, placeOfColumn),
    package: derived.packageOf(row),
    isRemoval: intent === 'remove',
  }
}

function cellsBefore({ comparison }: Draft['derived'], row: number, placeOfColumn: ReadonlyMap<number, number>): WindowRow['before'] {
  return (comparison?.cellsOf(row) ?? []).flatMap(({ column, before }) => {
    const cell = placeOfColumn.get(column.index)
    return cell === undefined ? [] : [{ cell, text: before }]
  })
}

const weight: Readonly<Record<Severity, number>> = { info: 1, warning: 2, error: 3 }
const worse = (a: Severity | null, b: Severity): Severity => (a !== null && weight[a] >= weight[b] ? a : b)

export function* distinctOf(
  { table }: Draft,
  { column, search, limit }: InputOf<Methods['drafts.distinct']>,
): Steps<OutputOf<Methods['drafts.distinct']>> {
  const { values, total } = yield* countingValues(table, column, table.rows, { search, limit })
  return { values, more: total > limit }
}

/** The rows of stretches of the view, each once and in its order, however the stretches lie. */
export function rowsWithin(viewRows: Uint32Array, stretches: readonly { readonly from: number; readonly to: number }[]): Uint32Array {
  const isIn = new Uint8Array(viewRows.length)
  for (const { from, to } of stretches) isIn.fill(1, from, to + 1)
  return viewRows.filter((_, place) => isIn[place] === 1)
}

/** The next place from where the cursor stands, in view order, around the end. */
export function* findNext(draft: Draft, input: InputOf<Methods['drafts.find']>): Steps<Result<OutputOf<Methods['drafts.find']>, AppError>> {
  const { find, matchCase, wholeCell, regex, columns, from, direction, within } = input
  const rows = within === undefined ? draft.viewRows : rowsWithin(draft.viewRows, within)
  const found = yield* findingCells(draft.table, rows, { text: find, matchCase, wholeCell, regex, columns: columns ?? draft.table.live })
  if (!found.ok) return err({ code: 'edit/impossible', detail: found.error.detail })
  const total = found.value.rows.length
  if (total === 0) return ok(null)
  const places = viewPlaces(draft)
  const order = new Map(draft.table.live.map((column, place) => [column, place]))
  const placeAt = (nth: number): { readonly viewRow: number; readonly column: number } => ({
    viewRow: places[found.value.rows[nth] ?? 0] ?? -1,
    column: found.value.columns[nth] ?? 0,
  })
  const isBehind = (nth: number): boolean => {
    const { viewRow, column } = placeAt(nth)
    return viewRow > from.viewRow || (viewRow === from.viewRow && (order.get(column) ?? 0) > (order.get(from.column) ?? 0))
  }
  const isAt = (nth: number): boolean => placeAt(nth).viewRow === from.viewRow && placeAt(nth).column === from.column
  // Places are in view order: the first behind the cursor, by halving.
  let low = 0
  let high = total
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBehind(middle)) high = middle
    else low = middle + 1
  }
  const before = low > 0 && isAt(low - 1) ? low - 2 : low - 1
  const nth = direction === 'next' ? low % total : (before + total) % total
  return ok({ ...placeAt(nth), nth: nth + 1, total })
}
