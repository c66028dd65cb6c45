import type { CellValueKind } from '../../../../shared/core/catalogue/column.ts'
import type { DraftColumn } from '../../../../shared/contract/draft-methods.ts'
import type { ColumnLayout } from '../../grid/layout.ts'

/** A column of the draft's grid: one of the file's, or the one that shows which package a user has. */
export interface ShownColumn {
  /** Outlives the file: the header, and which of several where it stands twice. */
  readonly id: string
  readonly title: string
  readonly draft: DraftColumn | null
}

export const packageColumnId = 'roster:package'

const isStatus = ({ draft }: ShownColumn): boolean => draft?.column === 'user-status'

const widths: Readonly<Record<CellValueKind, number>> = {
  text: 140,
  name: 142,
  email: 240,
  boolean: 96,
  phones: 150,
  'caller-id-number': 140,
  'caller-id-name': 140,
  extension: 112,
  location: 130,
  site: 180,
}

/**
 * The columns as the grid shows them at first: the file's order, with the package as one field behind the names – that is what an
 * administrator looks for.
 */
export function shownColumnsOf(columns: readonly DraftColumn[], packageTitle: string): readonly ShownColumn[] {
  const seen = new Map<string, number>()
  const shown: ShownColumn[] = columns.map((draft) => {
    const times = (seen.get(draft.header) ?? 0) + 1
    seen.set(draft.header, times)
    const title = draft.header.trim() === '' ? `(${String(draft.index + 1)})` : draft.header.trim()
    return { id: times === 1 ? draft.header : `${draft.header}\u0000${String(times)}`, title, draft }
  })
  if (!columns.some((column) => column.package !== null)) return shown
  const at = shown.findIndex((column) => !isStatus(column) && column.draft?.value !== 'name' && column.draft?.value !== 'email')
  return shown.toSpliced(at < 0 ? shown.length : at, 0, { id: packageColumnId, title: packageTitle, draft: null })
}

/** Whether two lists show the same columns in the same way. Every answer of the backend brings its columns anew. */
export const sameColumns = (a: readonly ShownColumn[], b: readonly ShownColumn[]): boolean =>
  a.length === b.length &&
  a.every((column, place) => {
    const other = b[place]
    return column.id === other?.id && column.title === other.title && sameDraftColumn(column.draft, other.draft)
  })

const sameDraftColumn = (a: DraftColumn | null, b: DraftColumn | null): boolean =>
  a === b || (a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b))

/** Narrow: its words are short, and it takes its place from the columns that scroll. */
const statusWidth = 124

/**
 * How columns lie before a person moves any: who it is and how it stands with them – the email, then the user's status where the file
 * has it – stay where they are while the others scroll.
 */
export function firstLayout(columns: readonly ShownColumn[], emailColumn: number | null): readonly ColumnLayout[] {
  const email = columns.find(({ draft }) => draft !== null && draft.index === emailColumn)
  const status = columns.find(isStatus)
  const ordered = email && status ? columns.filter((column) => column !== status) : columns
  const placed = email && status ? ordered.toSpliced(ordered.indexOf(email) + 1, 0, status) : ordered
  return placed.map((column) => ({
    id: column.id,
    width: column === status ? statusWidth : column.draft ? widths[column.draft.value] : 170,
    isHidden: false,
    isPinned: column === email || column === status,
  }))
}

export const isPackageColumn = (column: ShownColumn): boolean => column.draft === null
export const isBooleanColumn = (column: ShownColumn): boolean => column.draft?.value === 'boolean'
/** Columns of which the customer has values to choose from: they are offered while typing. Of an email it is the domain. */
export function valueListOf(column: ShownColumn): 'location' | 'site' | 'email' | null {
  const value = column.draft?.value
  return value === 'location' || value === 'site' || value === 'email' ? value : null
}
