import type { OnboardingTemplate } from './plan.ts'

export interface TemplateDifference {
  readonly field: keyof OnboardingTemplate
  readonly before: string | boolean
  readonly after: string | boolean
}

/** The fields in which two templates differ, in the order of the form. */
export function compareTemplates(before: OnboardingTemplate, after: OnboardingTemplate): readonly TemplateDifference[] {
  return (Object.keys(before) as (keyof OnboardingTemplate)[])
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, before: before[field], after: after[field] }))
}
