import type { PackageName } from './packages.ts'

/** What a column is about: decides which rules read it and what the writer may do with it. */
export type ColumnKind =
  | 'identity' // names and the email
  | 'calling' // extension, numbers, location, caller ID
  | 'jabber'
  | 'hybrid'
  | 'site'
  | 'package' // one of the six wholesale packages
  | 'base-licence' // Basic Messaging, Basic Space Meetings, Call on Webex
  | 'add-on' // Attendant Console
  | 'licence' // any other licence, TRUE/FALSE
  | 'attribute' // department, title, address …
  | 'read-only'
  | 'removed' // Control Hub took it out
  | 'unknown'

/** How the text of a cell is to be read. `phones` may hold several numbers (`PRIMARY|+47…,REMOVE|+47…`). */
export type CellValueKind =
  'text' | 'name' | 'email' | 'boolean' | 'phones' | 'caller-id-number' | 'caller-id-name' | 'extension' | 'location' | 'site'

/** A row of the column catalogue. `id` is ours and stable; `name` is the header Control Hub writes today. */
export interface CatalogueColumn {
  readonly id: string
  readonly name: string
  readonly kind: ColumnKind
  readonly value: CellValueKind
  readonly package?: PackageName
}

/** How a header was recognised: `renamed` and `removed` become findings, `exact` does not. */
export type ColumnMatch = 'exact' | 'renamed' | 'removed' | 'unknown'

/**
 * A column of a file with what was recognised of it. `header` is the file's own text and is what is written back.
 * `column` is null where nothing was recognised: such a column is kept as it is.
 */
export interface RecognisedColumn {
  readonly index: number
  readonly header: string
  readonly column: CatalogueColumn | null
  readonly match: ColumnMatch
  /** The header Control Hub expects instead, with the file's own suffix kept: `Webex Suite [Sub123]`. */
  readonly expected: string | null
  /** `Sub123456` or `trialSub.<uuid>` of a bracket suffix. */
  readonly subscription: string | null
  /** The header says `(Suspended)`: a TRUE below it makes Control Hub refuse the whole file. */
  readonly suspended: boolean
  /** The site of a `<site> - <service>` licence. */
  readonly site: string | null
}
