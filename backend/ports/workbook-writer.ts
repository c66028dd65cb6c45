import type { Result } from '../../shared/kit/result.ts'

/** Writes workbooks whose every cell is text: no formula, no number, so `+4721000017` and `0042` stay what they are. */
export interface WorkbookWriter {
  /**
   * `target`: a path that must not exist yet (the caller renames it into place when all is written), or a sink.
   * On a problem the sink holds a part that is no workbook; a file that was begun at a path is removed.
   */
  write(target: string | ByteSink, sheets: readonly SheetToWrite[]): Promise<Result<{ readonly bytes: number }, WorkbookWriteProblem>>
}

export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>
}

export interface SheetToWrite {
  /** 1–31 characters, none of `\ / ? * [ ] :`; no two alike. */
  readonly name: string
  /** Written bold, and kept in sight when scrolling. */
  readonly header: readonly string[]
  /** Data rows; read once, in order. */
  readonly rows: Iterable<readonly string[]>
  /** The look of a data cell, both counted from 0. Not given, or undefined: plain. */
  readonly styleOf?: (row: number, column: number) => FindingStyle | undefined
  /** In characters. Not given: from the header and the first rows. */
  readonly columnWidths?: readonly number[]
}

/** Fills: red, amber, light blue. */
export type FindingStyle = 'error' | 'warning' | 'info'

export interface WorkbookWriteProblem {
  readonly reason: 'over-limit' | 'bad-sheet-name' | 'exists' | 'not-writable'
  readonly detail: string
}
