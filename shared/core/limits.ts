/**
 * What Roster takes at most. Shown in Settings and docs/limits.md; each limit has a test. A list of a million users with 25 columns is about 200 MB.
 * 32,767 characters a cell and 500 columns are what spreadsheets and Control Hub can hold at all.
 */
export interface Limits {
  /** Bytes of an input file. */
  readonly fileBytes: number
  readonly rows: number
  readonly columns: number
  /** UTF-16 units of one cell, as spreadsheets count them. */
  readonly cellCharacters: number
  /** Lines on which nothing stands. */
  readonly emptyLines: number
}

export const limits: Limits = {
  fileBytes: 512 * 1024 * 1024,
  rows: 2_000_000,
  columns: 500,
  cellCharacters: 32_767,
  emptyLines: 2_000_000,
}
