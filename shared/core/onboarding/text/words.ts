import type { PlanProblem, ProblemId } from '../problem.ts'
import type { Actor } from '../status.ts'
import type { StepId } from '../plan.ts'

/** Words that Partner Hub and Control Hub show, as the vendor's own pages in that language give them where they do. */
export type HubKey =
  | 'login'
  | 'customers'
  | 'templates'
  | 'createTemplate'
  | 'kind'
  | 'next'
  | 'mainSettings'
  | 'templateName'
  | 'country'
  | 'administrator'
  | 'emailLanguage'
  | 'subscription'
  | 'webexAuthentication'
  | 'samlAuthentication'
  | 'oidcAuthentication'
  | 'idpEntityId'
  | 'oidcEntityId'
  | 'wholesaleCalling'
  | 'pstnProvider'
  | 'commonSettings'
  | 'restrictInvitations'
  | 'brandName'
  | 'callSettings'
  | 'disableCall'
  | 'edit'
  | 'submit'
  | 'provisioningId'
  | 'createCustomer'
  | 'customerInformation'
  | 'companyName'
  | 'adminEmail'
  | 'template'
  | 'packages'
  | 'headOffice'
  | 'confirmSupported'
  | 'setUpCustomer'
  | 'setUpUsers'
  | 'addLocations'
  | 'addUsers'
  | 'createUsers'
  | 'launchControlHub'
  | 'users'
  | 'manageUsers'
  | 'csv'
  | 'importMode'

/** Sentences of the checklist. `{…}` is filled in. */
export type ListKey =
  | 'title'
  | 'intro'
  | 'printed'
  | 'none'
  | 'on'
  | 'off'
  | 'unlimited'
  | 'doLogin'
  | 'doOpen'
  | 'doClick'
  | 'doChoose'
  | 'doFill'
  | 'doTick'
  | 'doReview'
  | 'doSubmit'
  | 'doCopyId'
  | 'writeId'
  | 'existsAlready'
  | 'pstnAdvice'
  | 'existing'
  | 'screen'
  | 'reviewCustomer'
  | 'afterCreate'
  | 'residency'
  | 'selectCustomer'
  | 'noLocations'
  | 'noUsers'
  | 'byFile'
  | 'enterUsers'
  | 'numbers'
  | 'noNumbers'
  | 'reviewUsers'
  | 'adminTitle'
  | 'adminRule'
  | 'assistTitle'
  | 'assistDo'
  | 'fileTitle'
  | 'fileDo'
  | 'fileInstead'
  | 'done'
  | 'quantity'
  | 'location'
  | 'role'
  | 'number'
  | 'extension'
  | 'name'
  | 'email'
  | 'package'
  | 'address'
  | 'timeZone'
  | 'languages'
  | 'emergency'
  | 'externalId'
  | 'language'
  | 'orgId'
  | 'doneBy'
  | 'near'
  | 'yes'
  | 'no'

export interface OnboardingWords {
  readonly step: Readonly<Record<StepId, string>>
  readonly actor: Readonly<Record<Actor, string>>
  /** By the field's path without indexes, or by its last parts where several fields are called the same. */
  readonly field: Readonly<Record<string, string>>
  readonly problem: Readonly<Record<ProblemId, string>>
  readonly hub: Readonly<Record<HubKey, string>>
  readonly list: Readonly<Record<ListKey, string>>
  readonly loss: Readonly<Record<'calling' | 'meetings' | 'queues', string>>
  readonly need: Readonly<Record<'number-or-extension' | 'number' | 'extension' | 'location' | 'site', string>>
}

export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/gu, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole))

/** A field's label: the most particular one that fits the end of its path. */
export function fieldLabel(words: OnboardingWords, path: string): string {
  const parts = path.split('.').filter((part) => !/^\d+$/u.test(part))
  for (let from = 0; from < parts.length; from++) {
    const label = words.field[parts.slice(from).join('.')]
    if (label !== undefined) return label
  }
  return path
}

/** What is wrong, in a sentence that names the field and, in a list, which entry. */
export const problemText = (words: OnboardingWords, problem: PlanProblem): string => {
  const near = problem.values['near']
  const text = fill(words.problem[problem.id], { field: fieldLabel(words, problem.path), ...problem.values })
  return near === undefined || near === '' ? text : `${text} ${fill(words.list.near, { value: String(near) })}`
}
