import type { StepId } from './plan.ts'

/** What can be wrong or doubtful in a plan. Its words stand in `text/`. */
export const problemIds = [
  'missing',
  'missing-for-payloads',
  'too-long',
  'control',
  'percent',
  'country',
  'time-zone',
  'language',
  'email',
  'spaces',
  'date',
  'pstn-advice',
  'residency',
  'package-none',
  'package-twice',
  'quantity',
  'quantity-below-users',
  'addon-needs',
  'limit-not-in-api',
  'not-confirmed',
  'postal-for-payloads',
  'state',
  'location-same-name',
  'location-near-name',
  'location-same-address',
  'location-unknown',
  'user-package-not-bought',
  'user-number-or-extension',
  'email-twice',
  'phone',
  'extension',
  'extension-emergency',
  'extension-twice',
  'wizard-limit',
  'no-users',
  'range-number',
  'range-length',
  'range-backwards',
  'range-too-large',
  'range-overlap',
  'number-not-in-pool',
  'number-other-location',
  'number-reserved',
  'number-twice',
  'none-left',
  'administrator-package',
  'administrator-none',
] as const
export type ProblemId = (typeof problemIds)[number]

/** What a plan is handed over as. */
export type HandOver = 'checklist' | 'payloads' | 'batch'

export interface PlanProblem {
  readonly id: ProblemId
  readonly severity: 'error' | 'warning' | 'info'
  readonly step: StepId
  /** Dotted, with indexes from 0: `locations.2.address.line1`. */
  readonly path: string
  /** What an error stands in the way of. Saving never is. */
  readonly gates: readonly HandOver[]
  /** Fill the message. `field` is put in from the path. */
  readonly values: Readonly<Record<string, string | number>>
}
