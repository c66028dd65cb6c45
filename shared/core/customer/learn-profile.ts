import type { RecognisedColumn } from '../catalogue/column.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { Table } from '../table/table.ts'
import type { CustomerProfile } from './profile.ts'

/** What an export tells of a customer, to be confirmed by a person: never the name, the limits or the numbers. */
export type LearnedProfile = Pick<CustomerProfile, 'packages' | 'header' | 'sites' | 'locations' | 'emailDomains' | 'extensionLength'>

/**
 * Package columns with their exact headers, the header, the sites, the locations (with their country where all users of a location
 * agree on an ISO code), the email domains and the length of extensions, where all have one, of an export, in the order in which they
 * stand there. What it does not hold is left out: an empty list would say that the customer has none, and every cell would be wrong.
 */
export function learnProfile(table: Table, columns: readonly RecognisedColumn[]): LearnedProfile {
  const users = userColumns(columns)
  const headerOf = (index: number): string => table.columns[index]?.header ?? ''
  const distinct = (index: number): string[] => {
    const column = table.columns[index]
    if (column === undefined) return []
    const texts = new Set<string>()
    for (const row of table.rows) {
      const text = column.textOf(row).trim()
      if (text !== '') texts.add(text)
    }
    return [...texts]
  }
  const packages = [...users.packages].flatMap(([name, indices]) => indices.map((index) => ({ package: name, column: headerOf(index) })))
  const sites = distinct(users.site)
  const locations = locationsOf(table, users.location, users.country)
  const emailDomains = [...new Set(distinct(users.email).flatMap((email) => /@([^@\s]+\.[^@\s]+)$/.exec(email.toLowerCase())?.[1] ?? []))]
  const [length, ...otherLengths] = new Set(distinct(users.extension).map((extension) => extension.length))
  return {
    header: columns.map((column) => column.header),
    ...(packages.length === 0 ? {} : { packages }),
    ...(sites.length === 0 ? {} : { sites }),
    ...(locations.length === 0 ? {} : { locations }),
    ...(emailDomains.length === 0 ? {} : { emailDomains }),
    ...(length !== undefined && otherLengths.length === 0 && length >= 2 && length <= 10 ? { extensionLength: length } : {}),
  }
}

/**
 * A profile with what an export taught put to it. Nothing that it says is taken away: seats, countries, numbers, rules and all else
 * stay; lists grow, the header is the export's. A package that stands once in both gets the export's column and keeps its seats.
 */
export function withLearned(profile: CustomerProfile, learned: LearnedProfile): CustomerProfile {
  const { packages, header, sites, locations, emailDomains, extensionLength } = learned
  return {
    ...profile,
    ...(header === undefined ? {} : { header }),
    ...(packages === undefined ? {} : { packages: packagesWith(profile.packages ?? [], packages) }),
    ...(sites === undefined ? {} : { sites: [...new Set([...(profile.sites ?? []), ...sites])] }),
    ...(emailDomains === undefined ? {} : { emailDomains: [...new Set([...(profile.emailDomains ?? []), ...emailDomains])] }),
    ...(locations === undefined ? {} : { locations: locationsWith(profile.locations ?? [], locations) }),
    ...(extensionLength === undefined || profile.extensionLength !== undefined ? {} : { extensionLength }),
  }
}

type PackageLine = NonNullable<CustomerProfile['packages']>[number]
type LocationLine = NonNullable<CustomerProfile['locations']>[number]

function packagesWith(known: readonly PackageLine[], learned: readonly PackageLine[]): PackageLine[] {
  const linesOf = (lines: readonly PackageLine[], { package: name }: PackageLine) => lines.filter((line) => line.package === name)
  const isOnce = (line: PackageLine): boolean => linesOf(known, line).length === 1 && linesOf(learned, line).length === 1
  const kept = known.map((line) => (isOnce(line) ? { ...line, ...linesOf(learned, line)[0] } : line))
  const isNew = (line: PackageLine): boolean => !isOnce(line) && !linesOf(known, line).some(({ column }) => column === line.column)
  return [...kept, ...learned.filter(isNew)]
}

function locationsWith(known: readonly LocationLine[], learned: readonly LocationLine[]): LocationLine[] {
  const taught = new Map(learned.map((line) => [line.name, line]))
  const names = new Set(known.map(({ name }) => name))
  return [...known.map((line) => ({ ...taught.get(line.name), ...line })), ...learned.filter(({ name }) => !names.has(name))]
}

function locationsOf(table: Table, location: number, country: number): { name: string; country?: string }[] {
  const names = table.columns[location]
  if (names === undefined) return []
  const countries = new Map<string, Set<string>>()
  for (const row of table.rows) {
    const name = names.textOf(row).trim()
    if (name === '') continue
    const found = countries.get(name) ?? new Set()
    countries.set(name, found)
    const code = table.columns[country]?.textOf(row).trim() ?? ''
    if (code !== '') found.add(code)
  }
  return [...countries].map(([name, found]) => {
    const [only] = found
    return found.size === 1 && only !== undefined && /^[A-Z]{2}$/.test(only) ? { name, country: only } : { name }
  })
}
