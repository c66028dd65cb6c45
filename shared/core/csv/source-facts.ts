/** The character encodings Roster reads. Decided by BOM, then strict UTF-8, else Windows-1252 (domain.md §6). */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
export type Delimiter = ',' | ';' | '\t' | '|'
export type LineEnding = 'crlf' | 'lf' | 'cr' | 'mixed' | 'none'

/** How a file was written. The same shape goes into the JSON of `inspect` and `check` (cli.md). */
export interface Dialect {
  readonly encoding: Encoding
  readonly delimiter: Delimiter
  readonly bom: boolean
  readonly lineEnding: LineEnding
}

/** What is known of a source file once it is read. */
export interface SourceFacts extends Dialect {
  readonly name: string
  readonly format: 'csv' | 'xlsx'
  /** The sheet that was read, for a workbook. */
  readonly sheet?: string
  readonly sheets?: readonly string[]
  /** The spreadsheet row number of the header, 1 in a plain file. */
  readonly headerRow: number
  /** Lines passed over because nothing stood on them (delimiters and quotes aside). */
  readonly emptyLines: number
  /** What a reader of the file should know: hidden rows or sheets, formulas, dates by style … One word each, see xlsx. */
  readonly notices: readonly SourceNotice[]
}

export interface SourceNotice {
  readonly code: 'hidden-sheet' | 'hidden-rows' | 'hidden-columns' | 'formulas' | 'merged-cells' | 'macros' | 'external-links' | 'dates'
  readonly count: number
  readonly where?: string
}
