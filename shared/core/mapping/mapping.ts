/** How a full name stands in one column: `Olsen, Freja`, `Freja Olsen` (the last word is the family name) or `Olsen Freja`. */
export type NameOrder = 'family-comma-given' | 'given-family' | 'family-given'

/**
 * What becomes of a column of a foreign file. `target` is a catalogue id (`email`, `extension`, …).
 * `package`: its words name the user's package; all package columns are written from it.
 */
export type SourceUse =
  | { readonly kind: 'column'; readonly target: string }
  | { readonly kind: 'full-name'; readonly order: NameOrder }
  | { readonly kind: 'package' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }

export interface SourceMapping {
  readonly header: string
  readonly use: SourceUse
  /**
   * Words of the file and what is written for them. A word that is not listed is written as it stands; in a `package` column it
   * gives no package. Compared without case and outer spaces.
   */
  readonly values: readonly { readonly from: string; readonly to: string }[]
}

/** The columns of a foreign file, each with what becomes of it, in the file's order. */
export interface Mapping {
  readonly columns: readonly SourceMapping[]
  /** Texts for columns that the file does not have, by catalogue id; `package` is the package of all who have none of their own. */
  readonly constants: readonly { readonly target: string; readonly text: string }[]
  /** Display names are put together of given and family name where the file has none. */
  readonly joinDisplayName: boolean
}

/** How a proposal came about; a person looks harder at what was guessed from content. */
export type GuessedBy = 'remembered' | 'name' | 'content' | 'nothing'

/** The words of a cell as they are compared. */
export const foldWord = (text: string): string => text.normalize('NFC').trim().toLowerCase()
