import type { PackageName } from '../catalogue/packages.ts'

/** `manifest.json` of a Control Hub export folder (cli.md). */
export interface Manifest {
  readonly format: 1
  readonly name: string
  readonly customer: string | null
  readonly madeAt: string
  /** The digest of the batch, where the files come from one. */
  readonly digest: string | null
  /** What the importer must choose in Control Hub; the file cannot say it. */
  readonly importMode: 'Add and remove services'
  readonly columns: 'all' | 'changed'
  readonly maxRows: number
  readonly files: readonly ManifestFile[]
  /** The steps in words, one file at a time. */
  readonly steps: readonly string[]
  /** What these files cannot do (a cell to be emptied, a location to be moved …), by email and column. */
  readonly notes: readonly { readonly email: string; readonly column: string; readonly note: string }[]
}

export interface ManifestFile {
  /** From 1, the order of upload. */
  readonly order: number
  readonly name: string
  readonly rows: number
  /** Hex. */
  readonly sha256: string
  /** Users per package after the file. */
  readonly packages: Readonly<Partial<Record<PackageName, number>>>
  readonly adds: number
  readonly changes: number
  readonly removals: number
}
