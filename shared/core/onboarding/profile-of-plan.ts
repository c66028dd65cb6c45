import type { CustomerProfile } from '../customer/profile.ts'
import { isCountry } from './codes.ts'
import { packageLevel } from './check-plan.ts'
import { spanOf } from './numbers.ts'
import { isUserPackage } from './packages.ts'
import { allLocations, type OnboardingPlan } from './plan.ts'

/**
 * The planned customer as a profile, so that its first users are checked by all rules and can go into the provisioning store. `before`:
 * what is known already; lists that the plan does not speak of (header, domains, own rules) stay.
 */
export function profileOfPlan(plan: OnboardingPlan, before: CustomerProfile | null = null): CustomerProfile {
  const { customer } = plan
  const level = packageLevel(customer)
  const packages = customer.packages.flatMap(({ package: name, quantity }) => {
    if (!isUserPackage(name)) return []
    const column = before?.packages?.find((line) => line.package === name)?.column
    return [{ package: name, ...(column === undefined ? {} : { column }), ...(quantity === null ? {} : { limit: quantity }) }]
  })
  const locations = allLocations(plan)
    .filter(({ name }) => name.trim() !== '')
    .map(({ name, address }) => ({ name: name.trim(), ...(isCountry(address.country) ? { country: address.country } : {}) }))
  const numbers = plan.numbers.ranges.flatMap((range) => {
    const span = spanOf(range)
    if (typeof span === 'string') return []
    return Array.from({ length: span.last - span.first + 1 }, (_, place) => ({
      number: `+${String(span.first + place)}`,
      location: range.location.trim(),
    }))
  })
  const administrators = [
    ...new Set([customer.adminEmail, ...plan.administrators.map(({ email }) => email)].filter((email) => email.trim() !== '')),
  ]
  const customerId = customer.customerId.trim()
  const locationIds = allLocations(plan)
    .filter(({ name, webexId }) => name.trim() !== '' && webexId.trim() !== '')
    .map(({ name, webexId }) => ({ name: name.trim(), id: webexId.trim() }))
  return {
    ...(before ?? {}),
    name: customer.name.trim(),
    ...(level === null ? {} : { createdWith: level }),
    ...(packages.length === 0 ? {} : { packages }),
    ...(locations.length === 0 ? {} : { locations }),
    ...(customer.site.trim() === '' ? {} : { sites: [customer.site.trim()] }),
    ...(numbers.length === 0 ? {} : { numbers }),
    ...(administrators.length === 0 ? {} : { administrators }),
    ...(customerId === ''
      ? {}
      : { wholesale: { ...before?.wholesale, customerId, ...(locationIds.length === 0 ? {} : { locations: locationIds }) } }),
  }
}
