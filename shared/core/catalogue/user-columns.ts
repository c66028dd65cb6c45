import type { CatalogueColumn, RecognisedColumn } from './column.ts'
import { packageNames, type PackageName } from './packages.ts'

/** Where the columns of a user stand: indices into the table's columns, -1 where the file has none. */
export interface UserColumns {
  readonly email: number
  readonly firstName: number
  readonly lastName: number
  readonly displayName: number
  readonly extension: number
  readonly phone: number
  readonly location: number
  readonly country: number
  readonly site: number
  readonly jabberCalling: number
  readonly jabberTeams: number
  /** Several subscriptions may give several columns of one package. A package that the file has no column of is not in the map. */
  readonly packages: ReadonlyMap<PackageName, readonly number[]>
  readonly attendantConsole: readonly number[]
  readonly baseLicences: readonly number[]
  /** Add-ons, hybrid services and every other licence that is TRUE or FALSE; no package, no base licence, no Jabber. */
  readonly otherLicences: readonly number[]
  /** Those that Control Hub fills; not Roster's own columns with reasons. */
  readonly readOnly: readonly number[]
  /** Every column whose cells are TRUE or FALSE. */
  readonly booleans: readonly number[]
}

const rosterOwn: ReadonlySet<string> = new Set(['review-reason', 'finding-reason'])
/** A column of reasons that Roster itself wrote: what stands there belongs to no user. */
export const isRosterOwn = ({ column }: RecognisedColumn): boolean => column !== null && rosterOwn.has(column.id)

/** Where a file has two columns of one meaning, the one with today's name counts, else the first. */
export function userColumns(recognised: readonly RecognisedColumn[]): UserColumns {
  const known = recognised.filter(
    (column): column is RecognisedColumn & { column: CatalogueColumn } => column.column !== null && column.match !== 'removed',
  )
  const one = (id: string): number => {
    const named = known.filter((column) => column.column.id === id)
    return (named.find((column) => column.match === 'exact') ?? named[0])?.index ?? -1
  }
  const all = (wanted: (column: CatalogueColumn) => boolean): number[] =>
    known.filter((column) => wanted(column.column)).map((column) => column.index)
  const isBoolean = (column: CatalogueColumn): boolean => column.value === 'boolean'
  const packages = new Map<PackageName, readonly number[]>()
  for (const name of packageNames) {
    const indices = all((column) => column.package === name)
    if (indices.length > 0) packages.set(name, indices)
  }
  return {
    email: one('email'),
    firstName: one('first-name'),
    lastName: one('last-name'),
    displayName: one('display-name'),
    extension: one('extension'),
    phone: one('phone-number'),
    location: one('location'),
    country: one('country'),
    site: one('site'),
    jabberCalling: one('jabber-calling'),
    jabberTeams: one('jabber-teams'),
    packages,
    attendantConsole: all((column) => column.id === 'attendant-console'),
    baseLicences: all((column) => column.kind === 'base-licence'),
    otherLicences: all((column) => isBoolean(column) && ['licence', 'add-on', 'hybrid'].includes(column.kind)),
    readOnly: all((column) => column.kind === 'read-only' && !rosterOwn.has(column.id)),
    booleans: all(isBoolean),
  }
}
