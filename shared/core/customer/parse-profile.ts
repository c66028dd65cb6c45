import { err, ok, type Result } from '../../kit/result.ts'
import { personKey } from '../batch/approval.ts'
import { firstProblem, parseCustomRules, type PathProblem } from '../rules/custom-rule.ts'
import { customerProfileSchema, type CustomerProfile } from './profile.ts'

/** Why a profile was refused: where (a JSON pointer, `/packages/0/limit`) and what. */
export type ProfileProblem = PathProblem

/** A pattern says nothing to a person. */
const isOfCountry = ({ path, detail }: ProfileProblem): boolean => /^\/locations\/\d+\/country$/.test(path) && detail.includes('pattern')

/** A customer profile from parsed JSON. Strict: an unknown key, a wrong type or a broken rule of the customer's own is refused with its path. */
export function parseCustomerProfile(json: unknown): Result<CustomerProfile, ProfileProblem> {
  const problem = firstProblem(customerProfileSchema, json)
  if (problem !== null)
    return err(isOfCountry(problem) ? { ...problem, detail: 'must be the two capital letters of a country, such as NO' } : problem)
  const profile = json as CustomerProfile
  // Nobody could name such a customer, or see it in a list.
  if (personKey(profile.name) === '') return err({ path: '/name', detail: 'must not be blank' })
  const rules = parseCustomRules(profile.rules ?? [])
  return rules.ok ? ok(profile) : rules
}
