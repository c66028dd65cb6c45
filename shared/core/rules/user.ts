/** The cells of a user that rules speak of by name. */
export const fieldNames = [
  'email',
  'firstName',
  'lastName',
  'displayName',
  'extension',
  'phone',
  'location',
  'country',
  'site',
  'jabberCalling',
  'jabberTeams',
] as const
export type FieldName = (typeof fieldNames)[number]

/**
 * One user of the draft, as it will be once the file is imported: a blank cell of an existing user is the baseline's value
 * (rules.md, Precision). The same object is moved from row to row; keep nothing of it.
 */
export interface User {
  readonly row: number
  /** The user's row in the baseline, -1 for a new user or where there is no baseline. */
  readonly baselineRow: number
  /** Bits of `packageBit`: what is TRUE once imported. */
  readonly packages: number
  readonly packagesBefore: number
  readonly isRemoval: boolean
  /** Index of the field's column in the draft, -1 where the file has none. */
  columnOf(field: FieldName): number
  /** `CellState` of the file's own cell. */
  stateOf(field: FieldName): number
  /** The file's own text, trimmed; empty for a blank cell and for `(clear)`. */
  own(field: FieldName): string
  /** What the baseline holds, trimmed; empty for a new user. */
  before(field: FieldName): string
  /** Whether the file's cell holds the very bytes that the baseline's does, and so says nothing new. Asked without decoding. */
  repeats(field: FieldName): boolean
  /** What will stand there. */
  willBe(field: FieldName): string
  /** `willBe` is not empty; asked without decoding where the cell has text. */
  isFilled(field: FieldName): boolean
  /** `Licence` of a TRUE/FALSE column as it will be. `no` where the cell is blank and was. */
  licence(column: number): number
}
