/** Why a file cannot be read as a table. The words are those of `UnusableReason`; `detail` says where and why. */
export interface CsvProblem {
  readonly reason: 'empty' | 'not-a-table' | 'no-header' | 'binary' | 'unterminated-quote' | 'nul-byte' | 'over-limit' | 'undecodable'
  readonly detail: string
  /** The spreadsheet's row number, where the trouble has a place. */
  readonly row?: number
}
