import type { ColumnKind, RecognisedColumn } from '../catalogue/column.ts'
import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { Table, TableColumn } from '../table/table.ts'

/** A table with what was recognised of its columns. */
export interface Sheet {
  readonly table: Table
  readonly columns: readonly RecognisedColumn[]
}

/** A column of the file, with the column of the baseline that means the same. */
export interface PairedColumn {
  /** The column's index in the file's table. */
  readonly index: number
  /** The file's own header text. */
  readonly header: string
  /** The name under which batches and the store keep this column, whatever the file calls it. */
  readonly key: string
  /** `ignored`: read-only columns and those that Control Hub took out. They can carry no change. */
  readonly role: 'email' | 'package' | 'cell' | 'ignored'
  readonly package: PackageName | null
  readonly isBoolean: boolean
  /** TRUE gives the user something; Jabber's switches, which Control Hub wants to have stated, do not. */
  readonly isLicence: boolean
  readonly recognised: RecognisedColumn
  readonly file: TableColumn
  readonly baseline: TableColumn | null
}

/**
 * A column's name that does not change with the vintage of the file: the catalogue's name with site and subscription,
 * without `(Suspended)`; the header itself, trimmed, where the catalogue does not know it.
 */
export function columnKey(column: RecognisedColumn): string {
  if (column.column === null) return column.header.trim()
  const site = column.site === null ? '' : `${column.site} - `
  return site + column.column.name + (column.subscription === null ? '' : ` [${column.subscription}]`)
}

const licenceKinds: ReadonlySet<ColumnKind> = new Set(['package', 'base-licence', 'add-on', 'licence', 'hybrid'])

/** `emailIndex`: the column that counts as the email; a second one like it is a cell. */
export function roleOf(column: RecognisedColumn, emailIndex: number): PairedColumn['role'] {
  if (column.index === emailIndex) return 'email'
  const kind = column.column?.kind
  if (kind === 'read-only' || kind === 'removed') return 'ignored'
  return kind === 'package' && column.column?.package !== undefined ? 'package' : 'cell'
}

/**
 * Columns mean the same when the catalogue gives them the same id; where either side has several of one id, site and
 * subscription must agree too. Columns that the catalogue does not know go by their header text.
 */
export function pairColumns(file: Sheet, baseline: Sheet | null): readonly PairedColumn[] {
  const partners = baseline === null ? new Map<number, RecognisedColumn>() : partnersOf(file.columns, baseline.columns)
  const emailIndex = userColumns(file.columns).email
  return file.columns.map((column) => {
    const partner = partners.get(column.index) ?? null
    return {
      index: column.index,
      header: column.header,
      key: columnKey(partner ?? column),
      role: roleOf(column, emailIndex),
      package: column.column?.package ?? null,
      isBoolean: column.column?.value === 'boolean',
      isLicence: column.column?.value === 'boolean' && licenceKinds.has(column.column.kind),
      recognised: column,
      file: columnAt(file.table, column.index),
      baseline: partner === null || baseline === null ? null : columnAt(baseline.table, partner.index),
    }
  })
}

function partnersOf(file: readonly RecognisedColumn[], baseline: readonly RecognisedColumn[]): Map<number, RecognisedColumn> {
  const partners = new Map<number, RecognisedColumn>()
  const candidates = Map.groupBy(baseline, family)
  for (const [name, ours] of Map.groupBy(file, family)) {
    const theirs = [...(candidates.get(name) ?? [])]
    for (const column of ours) {
      const same = theirs.findIndex((other) => other.site === column.site && other.subscription === column.subscription)
      const [partner] = same < 0 ? [] : theirs.splice(same, 1)
      if (partner !== undefined) partners.set(column.index, partner)
    }
    const [only] = ours
    const [other] = theirs
    const oneEach = ours.length === 1 && candidates.get(name)?.length === 1
    if (oneEach && only !== undefined && other !== undefined && sitesAgree(only, other)) partners.set(only.index, other)
  }
  return partners
}

const family = (column: RecognisedColumn): string => (column.column === null ? `header:${column.header}` : `id:${column.column.id}`)

const sitesAgree = (a: RecognisedColumn, b: RecognisedColumn): boolean => a.site === null || b.site === null || a.site === b.site

export function columnAt(table: Table, index: number): TableColumn {
  const column = table.columns[index]
  if (column === undefined) throw new RangeError(`The table has no column ${index}`)
  return column
}

/** A bit for each package, so that a set of packages is one small number. */
export const packageBit = (name: PackageName): number => 1 << packageNames.indexOf(name)
export const firstPackage = (bits: number): PackageName | null => packageNames[firstPackageIn[bits]!] ?? null

export const noPackage = 255

/** By a set of packages: the place of the first one among `packageNames`, `noPackage` for none. */
export const firstPackageIn = Uint8Array.from({ length: 1 << packageNames.length }, (_, bits) => {
  const first = packageNames.findIndex((_name, place) => (bits & (1 << place)) !== 0)
  return first < 0 ? noPackage : first
})
