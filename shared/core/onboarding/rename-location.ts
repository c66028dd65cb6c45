import { locationKey } from './numbers.ts'
import { allLocations, type OnboardingPlan } from './plan.ts'

/**
 * Whoever and whatever names a location by its former name names it by the new one. Nothing follows where another location still
 * bears the former name, or where either name is empty.
 */
export function renameLocation(plan: OnboardingPlan, before: string, after: string): OnboardingPlan {
  const former = locationKey(before)
  if (former === '' || locationKey(after) === '' || before === after) return plan
  if (allLocations(plan).some(({ name }) => locationKey(name) === former && name !== after)) return plan
  const follow = <T extends { readonly location: string }>(entry: T): T =>
    locationKey(entry.location) === former ? { ...entry, location: after } : entry
  return { ...plan, users: plan.users.map(follow), numbers: { ...plan.numbers, ranges: plan.numbers.ranges.map(follow) } }
}
