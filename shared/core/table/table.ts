/**
 * The columnar table that everything reads: text stays text, a cell is the characters of the file.
 * Rows are named by `RowId`, their place in storage: stable for the life of the table, never reused.
 * `rows` lists the live ones in order; deleting a row takes its id out of `rows` and leaves its cells, so undo is cheap.
 */
export type RowId = number

export interface Table {
  /** Every column there ever was, by its index for life; `live` says which stand in the draft. */
  readonly columns: readonly TableColumn[]
  /** Indexes into `columns` in the order they stand. A dropped column is only out of this list. */
  readonly live: readonly number[]
  /** Live rows in the draft's own order (not the view's). */
  readonly rows: Uint32Array
  /** One more than the highest row id ever used. Arrays indexed by row id have this length. */
  readonly rowLimit: number
  /** The spreadsheet's number of a row: the header of a plain file is 1, the first data row 2. 0: the row came from no file. */
  numberOf(row: RowId): number
  /** Live rows whose cell count is not the header's: how many cells stood there, and the surplus ones. */
  readonly ragged: ReadonlyMap<RowId, RaggedRow>
}

export interface RaggedRow {
  readonly cellCount: number
  /** Cells beyond the header, kept so that writing loses nothing. */
  readonly surplus: readonly string[]
}

/**
 * One column. Where values repeat it is *coded*: a dictionary of distinct texts and a code per row, so that a rule runs
 * once per distinct text. Where they differ it is not, and a rule reads `flagsOf` first and decodes only what is odd.
 */
export interface TableColumn {
  /** The file's own header text. */
  readonly header: string
  readonly coded: boolean
  /** Codes run 0 … codeCount-1, each for one text; equal text means equal code. 0 when not coded. A code may have no row left. */
  readonly codeCount: number
  codeOf(row: RowId): number
  textOfCode(code: number): string
  textOf(row: RowId): string
  /** No characters at all (not even spaces). */
  isEmpty(row: RowId): boolean
  /** What the bytes of the cell give away without decoding: `CellFlag` bits. */
  flagsOf(row: RowId): number
}

/** Bits of `TableColumn.flagsOf`. A cell without any bit is plain printable ASCII that no text rule can object to. */
export const CellFlag = {
  beyondAscii: 1,
  /** U+0000–001F or 007F, line ends included. */
  control: 2,
  /** First or last character is a space or tab. (White space beyond ASCII shows as `beyondAscii`.) */
  edgeSpace: 4,
  /** First character is one of = + - @ tab CR. */
  formulaStart: 8,
  /** Holds a space anywhere. */
  space: 16,
  /** Holds `?` (a letter may have been lost). */
  questionMark: 32,
  /** Holds a character beyond ASCII that is none of U+00C0–00FF, the letters of western Europe. */
  beyondLatin: 64,
} as const
