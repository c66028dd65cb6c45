import type { PackageName } from '../catalogue/packages.ts'
import type { RowId } from '../table/table.ts'

/** What a change is for the user it concerns (cli.md, JSON of `diff`). */
export type Intent = 'add' | 'update' | 'packageChange' | 'remove' | 'rename'

export interface CellChange {
  /** The file's own header text. */
  readonly column: string
  readonly before: string
  readonly after: string
}

export interface Change {
  readonly intent: Intent
  readonly email: string
  /** The spreadsheet's row number in the file. */
  readonly row: number
  /** The packages of a package change, an added or a removed user. */
  readonly from?: PackageName | null
  readonly to?: PackageName | null
  /** For a suspected rename: the email that vanished. */
  readonly formerEmail?: string
  readonly cells: readonly CellChange[]
}

export interface PackageCount {
  readonly package: PackageName
  readonly before: number
  readonly after: number
  /** Seats bought, where the customer profile says so. */
  readonly limit?: number
}

export interface ChangeSummary {
  readonly add: number
  readonly update: number
  readonly packageChange: number
  readonly remove: number
  readonly rename: number
  readonly unchanged: number
}

/** Where a change stands inside the program; the words are made on demand by `changeAt`. */
export interface ChangePlace {
  readonly intent: Intent
  readonly row: RowId
  /** The row in the baseline's table, -1 for a new user. For a rename: the vanished user's. */
  readonly baselineRow: RowId
}

/** Baseline × draft. Compact: places as columns of numbers, cells compared again when asked for. */
export interface ChangeSet {
  readonly summary: ChangeSummary
  readonly packages: readonly PackageCount[]
  /** Users of the baseline that the file does not mention: counted, never removed. */
  readonly absent: number
  readonly count: number
  placeOf(index: number): ChangePlace
  /** In the order of the file's rows. */
  changeAt(index: number): Change
}
