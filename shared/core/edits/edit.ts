import type { RowId } from '../table/table.ts'

/** Row ids or column indexes, as an array of any kind. */
export type Ids = ArrayLike<number>

/** What the user meant. Rows are row ids, columns are indexes for life; `planEdit` makes the delta. */
export type Edit =
  /** Single cells; of two texts for one cell the later one counts. */
  | { readonly kind: 'set-cells'; readonly cells: readonly { readonly row: RowId; readonly column: number; readonly text: string }[] }
  /** A block of texts onto rows × columns, repeated where it is smaller, as spreadsheets do. Null leaves a cell as it is. */
  | {
      readonly kind: 'paste'
      readonly rows: Ids
      readonly columns: Ids
      readonly texts: readonly (readonly (string | null)[])[]
      /** Empty texts leave the cell as it is. */
      readonly exceptBlank?: boolean
      /** What has more rows than `rows` is put into new rows at the end. */
      readonly grow?: boolean
    }
  /** One text into rows × columns. */
  | { readonly kind: 'fill'; readonly rows: Ids; readonly columns: Ids; readonly text: string }
  | {
      readonly kind: 'replace'
      readonly find: string
      /** With `regex`: `$1`, `$&` stand for what was found. */
      readonly replace: string
      /** Null: all that stand in the draft. */
      readonly rows: Ids | null
      readonly columns: Ids | null
      readonly matchCase: boolean
      readonly wholeCell: boolean
      readonly regex: boolean
    }
  /** New rows before a row (null: at the end), each with its texts in the order of the draft's columns. */
  | { readonly kind: 'insert-rows'; readonly before: RowId | null; readonly rows: readonly (readonly string[])[] }
  /** Each copy stands right below its row. */
  | { readonly kind: 'duplicate-rows'; readonly rows: Ids }
  | { readonly kind: 'delete-rows'; readonly rows: Ids }
  /** Ragged rows get the header's number of cells: missing ones are empty, surplus ones go. */
  | { readonly kind: 'pad-rows'; readonly rows: Ids }
  | { readonly kind: 'rename-column'; readonly column: number; readonly header: string }
  | { readonly kind: 'insert-column'; readonly position: number; readonly header: string; readonly text?: string }
  | { readonly kind: 'drop-column'; readonly column: number }
  /** One after the other, as one step. */
  | { readonly kind: 'compose'; readonly edits: readonly Edit[] }

/** What a step is called in the history: a key and its counts, put into words by `text/`. */
export interface StepLabel {
  readonly kind: Edit['kind']
  /** Cells changed; for row edits the rows, for column edits 1. */
  readonly count: number
  /** The header of the column, where it is one column. */
  readonly column?: string
  /** The text that was put in, where it is one. */
  readonly text?: string
}

/** Why an edit cannot be done. Nothing has changed. */
export interface EditProblem {
  readonly reason: 'no-such-row' | 'no-such-column' | 'bad-text' | 'bad-pattern' | 'over-limit' | 'no-such-place'
  readonly detail: string
}
