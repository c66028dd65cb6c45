import type { Language } from '../../kit/language.ts'
import type { RowId } from '../table/table.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A repair. `safe` never changes what the author meant and may be applied to all at once; `ask` is shown for a decision. */
export interface Fix {
  readonly kind: 'safe' | 'ask'
  /** The new text of the cell, or absent where the fix is not one cell's text (drop a column or row, rename a header). */
  readonly value?: string
  /** For fixes that are no cell text. */
  readonly action?: 'rename-column' | 'drop-column' | 'pad-row' | 'map-column' | 'confirm-removal' | 'two-steps' | 'drop-row'
}

/** A finding as people and scripts see it (cli.md, JSON of `check`). */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  /** The spreadsheet's row number; null for the file or a column. */
  readonly row: number | null
  /** The file's own header text; null for a whole row or the file. */
  readonly column: string | null
  readonly value: string | null
  readonly message: string
  readonly fix?: Fix
}

/** A finding's place inside the program. `row` -1: the file or a column. `column` -1: a whole row or the file. */
export interface FindingPlace {
  readonly rule: string
  readonly severity: Severity
  readonly row: RowId
  readonly column: number
}

export interface NotRun {
  readonly rule: string
  /** What it would need: `baseline`, `customer`, `customer.locations` … */
  readonly needs: string
}

/**
 * The findings of one check: stored compactly (columns of numbers, no object each), counted at once, put into words on demand.
 * Order: file and column findings first, then by row order, then by column order.
 */
export interface Findings {
  readonly count: number
  readonly summary: Readonly<Record<Severity, number>>
  readonly byRule: Readonly<Record<string, number>>
  readonly notRun: readonly NotRun[]
  placeOf(index: number): FindingPlace
  /** The finding in words. Index 0 … count-1. */
  describe(index: number, language: Language): Finding
}
