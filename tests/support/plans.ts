import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readPlan, type OnboardingPlan } from '../../shared/core/onboarding/plan.ts'
import { projectRoot } from './process.ts'

/** The sample plan: whole, without a problem. */
export function samplePlan(): OnboardingPlan {
  const read = readPlan(JSON.parse(readFileSync(path.join(projectRoot, 'resources/samples/plan-nordlys.json'), 'utf8')))
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value
}

/** The sample plan with one value put in: `customer.headOffice.address.line1`. */
export function planWith(place: string, value: unknown): OnboardingPlan {
  const plan = samplePlan()
  const parts = place.split('.')
  const last = parts.pop() ?? ''
  let node: unknown = plan
  for (const part of parts) node = (node as Record<string, unknown>)[part]
  ;(node as Record<string, unknown>)[last] = value
  return plan
}
