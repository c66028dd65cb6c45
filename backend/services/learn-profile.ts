import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { userColumns } from '../../shared/core/catalogue/user-columns.ts'
import { distinctValues } from '../../shared/core/table/views.ts'
import type { OpenedFile } from './services.ts'

/** What an export teaches about its customer: for a person to confirm. Limits and administrators no export tells. */
export function learnProfile(name: string, { table, columns }: OpenedFile): CustomerProfile {
  const users = userColumns(columns)
  const texts = (column: number): readonly string[] =>
    column < 0 ? [] : distinctValues(table, column, table.rows).flatMap(({ text }) => (text.trim() === '' ? [] : [text.trim()]))
  const packages = columns.flatMap(({ column, header }) =>
    column?.kind === 'package' && column.package !== undefined ? [{ package: column.package, column: header }] : [],
  )
  const lengths = new Set(texts(users.extension).map((text) => text.length))
  const [extensionLength] = lengths
  const domains = new Set(texts(users.email).flatMap((email) => email.toLowerCase().split('@').slice(1)))
  const sites = texts(users.site)
  const locations = texts(users.location)
  return {
    name,
    ...(packages.length === 0 ? {} : { packages }),
    ...(locations.length === 0 ? {} : { locations: locations.map((location) => ({ name: location })) }),
    ...(sites.length === 0 ? {} : { sites: [...sites] }),
    ...(lengths.size === 1 && extensionLength !== undefined && extensionLength >= 2 && extensionLength <= 10 ? { extensionLength } : {}),
    ...(domains.size === 0 ? {} : { emailDomains: [...domains] }),
    header: columns.map(({ header }) => header),
  }
}
