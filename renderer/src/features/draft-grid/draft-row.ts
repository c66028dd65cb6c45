import type { WindowRow } from '../../../../shared/contract/draft-methods.ts'
import { packageNames, type PackageName } from '../../../../shared/core/catalogue/packages.ts'
import { booleanText, readBoolean } from '../../../../shared/core/catalogue/read-boolean.ts'
import type { Severity } from '../../../../shared/core/rules/finding.ts'
import type { CellView, RowHeadView } from '../../grid/grid-source.ts'
import { isBooleanColumn, isPackageColumn, type ShownColumn } from './shown-column.ts'

/** A row of a window with its marks by the table's column index, so that a cell is looked up and not searched for. */
export interface DraftRow {
  readonly row: WindowRow
  /** Place of a table column in `row.cells`, -1 where it was not asked for. */
  readonly places: Int32Array
  readonly marks: ReadonlyMap<number, Severity>
  readonly before: ReadonlyMap<number, string>
}

const none: ReadonlyMap<number, never> = new Map<number, never>()

export function draftRow(row: WindowRow, asked: readonly number[], places: Int32Array): DraftRow {
  return {
    row,
    places,
    marks: row.marks.length === 0 ? none : new Map(row.marks.map(({ cell, severity }) => [asked[cell] ?? -1, severity])),
    before: row.before.length === 0 ? none : new Map(row.before.map(({ cell, text }) => [asked[cell] ?? -1, text])),
  }
}

/** Whether two answers say the same of a row. */
export const sameRow = (a: WindowRow, b: WindowRow): boolean =>
  a.id === b.id &&
  a.number === b.number &&
  a.severity === b.severity &&
  a.intent === b.intent &&
  a.package === b.package &&
  a.isRemoval === b.isRemoval &&
  a.cells.length === b.cells.length &&
  a.cells.every((text, place) => text === b.cells[place]) &&
  sameParts(a.marks, b.marks, (x, y) => x.cell === y.cell && x.severity === y.severity) &&
  sameParts(a.before, b.before, (x, y) => x.cell === y.cell && x.text === y.text)

const sameParts = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean =>
  a.length === b.length &&
  a.every((each, place) => {
    const other = b[place]
    return other !== undefined && same(each, other)
  })

export const placesOf = (asked: readonly number[], columns: number): Int32Array => {
  const places = new Int32Array(columns).fill(-1)
  asked.forEach((column, place) => (places[column] = place))
  return places
}

export const textOf = (row: DraftRow, column: number): string => row.row.cells[row.places[column] ?? -1] ?? ''

/** What a column shows of a row, as text: what copying takes. */
export const shownText = (row: DraftRow, column: ShownColumn): string =>
  column.draft ? textOf(row, column.draft.index) : (row.row.package ?? '')

/** The same row with other texts, before the backend has answered. */
export function withTexts(row: DraftRow, texts: ReadonlyMap<number, string>): DraftRow {
  const cells = [...row.row.cells]
  for (const [column, text] of texts) {
    const place = row.places[column] ?? -1
    if (place >= 0) cells[place] = text
  }
  return { ...row, row: { ...row.row, cells } }
}

export const withPackage = (row: DraftRow, name: PackageName): DraftRow => ({
  ...row,
  row: { ...row.row, package: name, isRemoval: false },
})

/** Empties the cell in Control Hub, where a blank one leaves it as it is. */
export const clearToken = '(clear)'

/** A text as it is kept in a column: words for TRUE and FALSE of any language become those. */
export const keptText = (column: ShownColumn, text: string): string => {
  const reading = isBooleanColumn(column) ? readBoolean(text) : null
  return reading ? booleanText(reading.value) : text
}

/** Space: TRUE becomes FALSE, all else TRUE. */
export const toggled = (text: string): 'TRUE' | 'FALSE' => booleanText(readBoolean(text)?.value !== true)

/** The package that a text names: its name, or the beginning of one and only one name. */
export function packageNamed(text: string, offered: readonly PackageName[] = packageNames): PackageName | null {
  const word = text.trim().toLowerCase()
  if (word === '') return null
  const exact = offered.find((name) => name.toLowerCase() === word || name.toLowerCase() === `webex ${word}`)
  const starts = offered.filter((name) => name.toLowerCase().startsWith(word) || name.toLowerCase().startsWith(`webex ${word}`))
  return exact ?? (starts.length === 1 ? (starts[0] ?? null) : null)
}

const packageIndices = new WeakMap<readonly ShownColumn[], readonly number[]>()
/** Table indices of the package columns among `columns`. */
export function packageColumnsOf(columns: readonly ShownColumn[]): readonly number[] {
  const known = packageIndices.get(columns)
  if (known) return known
  const found = columns.flatMap(({ draft }) => (draft?.package ? [draft.index] : []))
  packageIndices.set(columns, found)
  return found
}

const rank: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1 }

/** The severity of a shown cell; the package as one field has the worst of its columns. */
export function severityAt(row: DraftRow, column: ShownColumn, packages: readonly number[]): Severity | null {
  if (column.draft) return row.marks.get(column.draft.index) ?? null
  let worst: Severity | null = null
  for (const index of packages) {
    const found = row.marks.get(index)
    if (found && (!worst || rank[found] > rank[worst])) worst = found
  }
  return worst
}

/** The baseline's text of a shown cell where it differs, else null. */
export function beforeAt(row: DraftRow, column: ShownColumn, columns: readonly ShownColumn[]): string | null {
  if (column.draft) return row.before.get(column.draft.index) ?? null
  if (row.before.size === 0) return null
  const before = columns.filter(({ draft }) => {
    if (!draft?.package) return false
    return readBoolean(row.before.get(draft.index) ?? textOf(row, draft.index))?.value === true
  })
  const isChanged = columns.some(({ draft }) => draft?.package && row.before.has(draft.index))
  return isChanged ? before.map(({ draft }) => draft?.package ?? '').join(' + ') : null
}

/** How a cell looks and what is read out; `packages` are the table's package columns, for the package as one field. */
export function cellView(row: DraftRow, column: ShownColumn, packages: readonly number[]): CellView {
  const text = shownText(row, column)
  const severity = severityAt(row, column, packages)
  const isChanged = column.draft ? row.before.has(column.draft.index) : packages.some((index) => row.before.has(index))
  let look = severity ? `has-${severity}` : ''
  if (isChanged) look += ' is-changed'
  if (text === clearToken) return { text, look: `${look} is-clear` }
  if (isPackageColumn(column)) return { text: row.row.isRemoval ? '–' : text, look: `${look} is-package` }
  if (isBooleanColumn(column)) {
    if (text === 'TRUE') return { text: '✓', look: `${look} is-boolean is-true`, label: 'TRUE' }
    if (text === 'FALSE') return { text: '–', look: `${look} is-boolean is-false`, label: 'FALSE' }
    return { text, look: `${look} is-boolean` }
  }
  return { text: text.includes('\n') ? text.replaceAll(/\r\n|\r|\n/gu, '⏎') : text, look }
}

const marks: Readonly<Record<Severity, { readonly look: string; readonly outline: string; readonly sign: string }>> = {
  error: { look: 'is-error', outline: 'M4.3.5h5.4l3.8 3.8v5.4l-3.8 3.8H4.3L.5 9.7V4.3Z', sign: 'M7 3.6v4M7 10.3v.1' },
  warning: { look: 'is-warning', outline: 'M7 .9 13.7 12.9H.3Z', sign: 'M7 5v3.6M7 10.7v.1' },
  info: { look: 'is-info', outline: 'M7 .6a6.4 6.4 0 1 1 0 12.8A6.4 6.4 0 0 1 7 .6Z', sign: 'M7 6.3v4M7 3.6v.1' },
}

export interface RowWords {
  /** `row 17` */
  number(row: number): string
  severity(severity: Severity): string
  intent(intent: NonNullable<WindowRow['intent']>): string
}

export function headView({ row }: DraftRow, words: RowWords): RowHeadView {
  const intent = row.isRemoval ? 'remove' : row.intent
  const parts = [
    words.number(row.number),
    row.severity ? words.severity(row.severity) : '',
    intent && intent !== 'unchanged' ? words.intent(intent) : '',
  ]
  return {
    text: row.number === 0 ? '+' : String(row.number),
    look: intent && intent !== 'unchanged' ? `is-${intent}` : '',
    mark: row.severity ? marks[row.severity] : null,
    label: parts.filter((part) => part !== '').join(', '),
  }
}
