import { catalogue } from '../catalogue/columns.ts'
import { recogniseColumns } from '../catalogue/recognise.ts'
import { needsSite, type PackageName } from '../catalogue/packages.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import type { OnboardingPlan, PlanUser } from './plan.ts'

export interface FirstBatch {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Packages of users for which the header has no column: such a file would leave them without one. */
  readonly withoutColumn: readonly PackageName[]
}

/**
 * The header of a new customer that has no export yet: the fixed columns of today's export in their order, without read-only ones,
 * and the six packages. The customer's own export replaces it as soon as there is one.
 */
export const standardHeader: readonly string[] = catalogue
  .slice(
    0,
    catalogue.findIndex((column) => column.id === 'common-area'),
  )
  .filter((column) => column.kind !== 'read-only')
  .map((column) => column.name)

/**
 * The planned users as the first file for Control Hub. One package column says TRUE, the other package columns FALSE; the two Jabber
 * columns say FALSE, for they are mandatory for every package (SEED-NO, table 1); what the plan does not know stays blank.
 */
export function firstBatch(plan: OnboardingPlan, profile: CustomerProfile | null = null): FirstBatch {
  const header = profile?.header ?? standardHeader
  const columns = recogniseColumns(header, profile ?? undefined)
  const given = new Map<PackageName, number>()
  for (const { column, index } of columns) if (column?.package !== undefined && !given.has(column.package)) given.set(column.package, index)
  const rows = plan.users.map((user) =>
    columns.map(({ column, index }) => {
      if (column === null) return ''
      if (column.package !== undefined) return given.get(column.package) === index && column.package === user.package ? 'TRUE' : 'FALSE'
      return cellOf(column.id, user, plan.customer.site)
    }),
  )
  const withoutColumn = [...new Set(plan.users.flatMap(({ package: name }) => (name === '' || given.has(name) ? [] : [name])))]
  return { header, rows, withoutColumn }
}

function cellOf(column: string, user: PlanUser, site: string): string {
  switch (column) {
    case 'first-name':
      return user.firstName.trim()
    case 'last-name':
      return user.lastName.trim()
    case 'display-name':
      return `${user.firstName.trim()} ${user.lastName.trim()}`.trim()
    case 'email':
      return user.email.trim()
    case 'extension':
      return user.extension
    case 'phone-number':
      return user.phoneNumber
    case 'location':
      return user.location.trim()
    case 'site':
      return user.package !== '' && needsSite(user.package) ? site.trim() : ''
    case 'jabber-teams':
    case 'jabber-calling':
      return 'FALSE'
    default:
      return ''
  }
}
