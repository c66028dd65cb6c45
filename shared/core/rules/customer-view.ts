import { packageNames, type PackageName } from '../catalogue/packages.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import { emailKey } from '../diff/cell-meaning.ts'
import { phoneKey } from './phone-number.ts'
import type { Need } from './rule.ts'

/** A customer profile, laid out for the rules to ask. */
export interface CustomerView {
  readonly profile: CustomerProfile
  readonly bought: ReadonlySet<PackageName>
  readonly limits: ReadonlyMap<PackageName, number>
  /** Location name → its country, where the profile says it. */
  readonly locations: ReadonlyMap<string, string | null>
  /** Host names, lower case. */
  readonly sites: ReadonlySet<string>
  /** Digits of a number → the locations it belongs to; null for a number that the profile gives no location. */
  readonly numbers: ReadonlyMap<number, readonly (string | null)[]>
  readonly administrators: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
  /** An empty list holds nothing to compare with: the rules that need it do not run. */
  has(need: Need): boolean
}

export function customerView(profile: CustomerProfile): CustomerView {
  const packages = profile.packages ?? []
  const limits = new Map<PackageName, number>()
  for (const bought of packages)
    if (bought.limit !== undefined) limits.set(asPackage(bought.package), (limits.get(asPackage(bought.package)) ?? 0) + bought.limit)
  const numbers = new Map<number, (string | null)[]>()
  for (const { number, location } of profile.numbers ?? []) {
    const key = phoneKey(number.trim())
    numbers.set(key, [...(numbers.get(key) ?? []), location?.trim() ?? null])
  }
  const present: Partial<Record<Need, boolean>> = {
    'customer.packages': isFilled(profile.packages),
    'customer.packages.limit': limits.size > 0,
    'customer.locations': isFilled(profile.locations),
    'customer.sites': isFilled(profile.sites),
    'customer.numbers': isFilled(profile.numbers),
    'customer.administrators': profile.administrators !== undefined,
    'customer.createdWith': profile.createdWith !== undefined,
    'customer.extensionLength': profile.extensionLength !== undefined,
    'customer.emailDomains': isFilled(profile.emailDomains),
    'customer.directorySynced': profile.directorySynced !== undefined,
  }
  return {
    profile,
    bought: new Set(packages.map((bought) => asPackage(bought.package))),
    limits,
    locations: new Map((profile.locations ?? []).map((location) => [location.name.trim(), location.country ?? null])),
    sites: new Set((profile.sites ?? []).map((site) => site.trim().toLowerCase())),
    numbers,
    administrators: new Set((profile.administrators ?? []).map(emailKey)),
    domains: new Set((profile.emailDomains ?? []).map((domain) => domain.trim().toLowerCase().replace(/^@/, ''))),
    has: (need) => present[need] ?? false,
  }
}

const asPackage = (name: string): PackageName => packageNames.find((known) => known === name)!
const isFilled = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0
