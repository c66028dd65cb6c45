import type { RaggedRow } from '../table/table.ts'
/**
 * The whole effect of an edit as columnar data: stored, sent and inverted without code.
 * Texts of many cells are kept as distinct texts plus an index per cell, so a fill over a million rows is small.
 */
export type TableDelta = readonly DeltaStep[]

export type DeltaStep =
  | { readonly kind: 'cells'; readonly column: number; readonly rows: Uint32Array; readonly before: CellTexts; readonly after: CellTexts }
  /** `rows` are new row ids in the order they stand, put in at `positions` (index in `Table.rows` after the step). Their cells start empty. */
  | { readonly kind: 'insert-rows'; readonly rows: Uint32Array; readonly positions: Uint32Array }
  | { readonly kind: 'delete-rows'; readonly rows: Uint32Array; readonly positions: Uint32Array }
  | { readonly kind: 'rename-column'; readonly column: number; readonly before: string; readonly after: string }
  /** Columns keep their index for life; a dropped one is only out of `live`. */
  | { readonly kind: 'insert-column'; readonly column: number; readonly position: number; readonly header: string }
  | { readonly kind: 'drop-column'; readonly column: number; readonly position: number; readonly header: string }
  /** What is known of ragged rows changes: null is a row with just the header's cells. Says nothing of the texts. */
  | { readonly kind: 'reshape-rows'; readonly rows: Uint32Array; readonly before: RowShapes; readonly after: RowShapes }

/** Per row of the step. */
export type RowShapes = readonly (RaggedRow | null)[]

/** One text per row of a step: `texts[index[i]]`, or `texts[0]` for all where `index` is null. */
export interface CellTexts {
  readonly texts: readonly string[]
  readonly index: Uint32Array | null
}

export const textAt = (cells: CellTexts, i: number): string => cells.texts[cells.index === null ? 0 : (cells.index[i] ?? 0)] ?? ''

/** `apply(invert(d), apply(d, t))` is `t`. Undo is this function; there is no second undo path. */
export function invert(delta: TableDelta): TableDelta {
  return delta.map(invertStep).reverse()
}

function invertStep(step: DeltaStep): DeltaStep {
  switch (step.kind) {
    case 'cells':
      return { ...step, before: step.after, after: step.before }
    case 'insert-rows':
      return { ...step, kind: 'delete-rows' }
    case 'delete-rows':
      return { ...step, kind: 'insert-rows' }
    case 'rename-column':
      return { ...step, before: step.after, after: step.before }
    case 'reshape-rows':
      return { ...step, before: step.after, after: step.before }
    case 'insert-column':
      return { ...step, kind: 'drop-column' }
    case 'drop-column':
      return { ...step, kind: 'insert-column' }
  }
}
