import Type from 'typebox'
import { packageNames } from '../core/catalogue/packages.ts'
import type { PackageName } from '../core/catalogue/packages.ts'
import type { PackageChangePlan, PackageMove } from '../core/onboarding/change-package.ts'
import {
  planSchema,
  templateSchema,
  type OnboardingPlan,
  type OnboardingTemplate,
  type PlanLocation,
  type PlanUser,
} from '../core/onboarding/plan.ts'
import type { PlanStatus } from '../core/onboarding/status.ts'
import type { FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const
const planRef = { plan: Type.String({ maxLength: 64 }) }
const templateRef = { template: Type.String({ maxLength: 64 }) }
const userSource = Type.Union([Type.Object({ draftId: Type.String() }, strict), Type.Object({ ticket: Type.String() }, strict)])

export interface PlanListItem {
  readonly id: string
  readonly name: string
  readonly template: string
  readonly changedAt: string
  readonly users: number
  readonly errors: number
  readonly done: number
  readonly steps: number
  readonly next: PlanStatus['next']
}

export interface PlanDetail {
  readonly plan: OnboardingPlan
  /** Counts every save. The next save names it, so that two windows cannot overwrite each other. */
  readonly revision: number
  readonly changedAt: string
}

export interface TemplateVersion {
  readonly version: number
  readonly at: string
  readonly by: string
  readonly template: OnboardingTemplate
}

export interface TemplateDetail {
  readonly id: string
  /** Oldest first; never empty. */
  readonly versions: readonly TemplateVersion[]
  /** Plans that came from it. */
  readonly plans: number
}

const packageChange = {
  draftId: Type.String(),
  emails: Type.Array(Type.String(), { maxItems: 20000 }),
  to: Type.Enum([...packageNames]),
  /** What the new package asked for. A text that is empty leaves the user's own. */
  answers: Type.Array(
    Type.Object(
      { email: Type.String(), phoneNumber: Type.String(), extension: Type.String(), location: Type.String(), site: Type.String() },
      strict,
    ),
    { maxItems: 20000 },
  ),
}

export interface PackageChangeState {
  readonly users: readonly PackageMove[]
  readonly change: PackageChangePlan
  readonly unknown: readonly string[]
  readonly packages: readonly { readonly package: PackageName | null; readonly users: number }[]
}

export const onboardingMethods = {
  'onboarding.list': query<{
    readonly plans: readonly PlanListItem[]
    readonly templates: readonly TemplateDetail[]
    /** Files that are no plan or template any more; they are left as they are. */
    readonly damaged: readonly string[]
  }>()(Type.Object({}, strict)),
  'onboarding.plan': query<PlanDetail>()(Type.Object(planRef, strict)),
  /** Any stage is saved. `revision` 0 with an empty id: a new plan. */
  'onboarding.savePlan': command<PlanDetail>()(Type.Object({ plan: planSchema, revision: Type.Integer({ minimum: 0 }) }, strict)),
  'onboarding.deletePlan': command<null>()(Type.Object({ ...planRef, confirmedName: Type.String() }, strict)),
  'onboarding.template': query<TemplateDetail>()(Type.Object(templateRef, strict)),
  /** A new version where anything differs. `id` empty: a new template. */
  'onboarding.saveTemplate': command<TemplateDetail>()(
    Type.Object(
      { id: Type.String({ maxLength: 64 }), template: templateSchema, by: Type.String(), basedOn: Type.Integer({ minimum: 0 }) },
      strict,
    ),
  ),
  'onboarding.deleteTemplate': command<null>()(Type.Object({ ...templateRef, confirmedName: Type.String() }, strict)),
  'onboarding.readLocations': query<{
    readonly items: readonly PlanLocation[]
    readonly unknown: readonly string[]
    readonly skipped: number
  }>()(Type.Object({ ticket: Type.String() }, strict)),
  'onboarding.readUsers': query<{ readonly users: readonly PlanUser[] }>()(Type.Object({ source: userSource }, strict)),
  /** A plan for every customer of the file: CSV, XLSX, an answer of the API saved as JSON, or a plan's own file. */
  'onboarding.importCustomers': command<{
    readonly plans: readonly string[]
    readonly unknown: readonly string[]
    readonly skipped: number
  }>()(Type.Object({ ticket: Type.String() }, strict)),
  'onboarding.planFile': query<FileTicket>()(Type.Object(planRef, strict)),
  'onboarding.checklist': query<FileTicket>()(
    Type.Object({ ...planRef, language: Type.Enum(['en', 'nb', 'da']), format: Type.Enum(['html', 'md', 'txt']) }, strict),
  ),
  'onboarding.payloads': query<readonly FileTicket[]>()(Type.Object(planRef, strict)),
  'onboarding.firstBatchFile': query<FileTicket>()(Type.Object(planRef, strict)),
  /** The customer's profile from the plan, and its first users as a draft. */
  'onboarding.firstBatch': command<{ readonly draftId: string; readonly withoutColumn: readonly string[] }>()(Type.Object(planRef, strict)),
  'onboarding.packageChange': query<PackageChangeState>()(Type.Object(packageChange, strict)),
  /** One draft; two where some users need two steps, in the order in which they are to be sent. */
  'onboarding.makePackageChange': command<{ readonly drafts: readonly { readonly draftId: string; readonly name: string }[] }>()(
    Type.Object(packageChange, strict),
  ),
} as const
