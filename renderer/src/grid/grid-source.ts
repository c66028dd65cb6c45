import type { Place } from './place.ts'
import type { FillPlan } from './fill.ts'

/** A column as the grid shows it. Pinned ones come first. */
export interface GridColumn {
  readonly id: string
  readonly title: string
  readonly width: number
  readonly isPinned: boolean
  readonly sort: 'up' | 'down' | null
  /** Its place among several sort columns, from 1; 0 where it is the only one or none. */
  readonly sortRank: number
  readonly isFiltered: boolean
}

/** A run of a cell's text that looks unlike the rest of it. */
export interface CellPiece {
  readonly text: string
  readonly look: string
  /** What it is, for who listens: went, came, or (absent) stays. */
  readonly tag?: 'del' | 'ins'
  /** Said where the pointer rests. */
  readonly title?: string
}

export interface CellView {
  readonly text: string
  /** Drawn instead of the text, run by run. */
  readonly pieces?: readonly CellPiece[]
  /** Classes, separated by spaces: how the cell looks. */
  readonly look: string
  /** Read out instead of the text where that says too little. */
  readonly label?: string
}

export interface RowHeadView {
  readonly text: string
  /** Classes of the whole row. */
  readonly look: string
  /** An outline of 14 × 14 and its sign, for a mark that is told by shape as well as colour. */
  readonly mark: { readonly look: string; readonly outline: string; readonly sign: string } | null
  /** Read out for the row head. */
  readonly label: string
}

/** Where rows come from. `Row` means nothing to the grid: it hands it back to `cell` and `head`. */
export interface GridSource<Row = unknown> {
  /** The row if it is here. Rows that are not are drawn empty until `paint` of the grid is called. */
  row(index: number): Row | undefined
  /** Which rows are on the screen now, `first` to before `end`. */
  show(first: number, end: number): void
  cell(row: Row, column: GridColumn): CellView
  head(row: Row): RowHeadView
  /** Whether cells are filled, along a row or a column, from a place on in a direction: for Ctrl+arrow. */
  filled(along: 'row' | 'column', from: Place, direction: 1 | -1, count: number): Promise<readonly boolean[]>
}

export interface FillRequest {
  readonly plan: FillPlan
  /** Alt or Ctrl held: repeat, do not count on. */
  readonly copy: boolean
}

export interface MenuRequest {
  readonly place: Place
  readonly x: number
  readonly y: number
  readonly on: 'cell' | 'row'
}

export interface HeaderMenuRequest {
  readonly column: string
  readonly x: number
  readonly y: number
}
