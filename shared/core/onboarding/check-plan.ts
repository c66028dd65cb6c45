import { isCallingPackage, type PackageName } from '../catalogue/packages.ts'
import { emailProblem } from '../rules/families/email.ts'
import { isE164 } from '../rules/phone-number.ts'
import { nearest } from '../../kit/suggest.ts'
import { isCountry, isLanguageCode, isTimeZone } from './codes.ts'
import { nearLocations } from './near-locations.ts'
import { assignNumbers, locationKey, overlaps, spanOf, type RangeProblem } from './numbers.ts'
import { addOnNeeds, givesCalling, isUserPackage, limitedByApi } from './packages.ts'
import { allLocations, type OnboardingPlan, type OnboardingTemplate, type PlanAddress, type PlanLocation, type StepId } from './plan.ts'
import type { HandOver, PlanProblem, ProblemId } from './problem.ts'

const everything: readonly HandOver[] = ['checklist', 'payloads', 'batch']
const setUp: readonly HandOver[] = ['checklist', 'payloads']
/** Users that Partner Hub takes in one go by form (SEED-NO). */
export const wizardUsers = 25
/** Characters of an address line (API reference). */
export const addressLineLength = 50
/** A location for Webex Calling (API reference). */
const locationNameLength = 80
/** Countries whose addresses the vendor's examples give a state or province. Which must have one is not public. */
const withStates = new Set(['US', 'CA', 'AU'])
const emergencyNumbers = new Set(['110', '112', '113', '114', '911', '1911', '933', '611'])

type Add = (
  id: ProblemId,
  path: string,
  options?: { values?: PlanProblem['values']; severity?: PlanProblem['severity']; gates?: readonly HandOver[] },
) => void

/** Everything that is wrong, missing or doubtful in a plan, in the order of its steps. Pure, and quick enough for every key press. */
export function checkPlan(plan: OnboardingPlan): readonly PlanProblem[] {
  const problems: PlanProblem[] = []
  const at =
    (step: StepId): Add =>
    (id, path, { values = {}, severity = 'error', gates = everything } = {}) =>
      problems.push({ id, step, path, severity, values, gates: severity === 'error' ? gates : [] })
  templateProblems(plan.template, 'template', at('template'))
  customerProblems(plan, at('customer'))
  locationProblems(plan, at('locations'))
  userProblems(plan, at('users'))
  numberProblems(plan, at('numbers'))
  administratorProblems(plan, at('administrators'))
  plan.progress.forEach(({ date }, index) => {
    if (date !== '' && !isDay(date)) at('review')('date', `progress.${index}.date`, { values: { value: date }, gates: [] })
  })
  return problems
}

/** The template alone, for its own page. */
export function checkTemplate(template: OnboardingTemplate): readonly PlanProblem[] {
  const problems: PlanProblem[] = []
  templateProblems(template, 'template', (id, path, { values = {}, severity = 'error', gates = everything } = {}) =>
    problems.push({ id, step: 'template', path, severity, values, gates: severity === 'error' ? gates : [] }),
  )
  return problems
}

function templateProblems(template: OnboardingTemplate, path: string, add: Add): void {
  const field = (name: keyof OnboardingTemplate): string => `${path}.${name}`
  required(template.name, field('name'), add, setUp)
  if (required(template.country, field('country'), add, setUp)) country(template.country, field('country'), add)
  required(template.administrator, field('administrator'), add, setUp)
  if (template.administrator.includes('@')) email(template.administrator, field('administrator'), add)
  required(template.subscription, field('subscription'), add, setUp)
  if (required(template.emailLanguage, field('emailLanguage'), add, setUp)) language(template.emailLanguage, field('emailLanguage'), add)
  if (template.authentication === 'saml') required(template.idpEntityId, field('idpEntityId'), add, setUp)
  if (template.authentication === 'oidc') required(template.idpName, field('idpName'), add, setUp)
  if (template.pstnProvider.trim() !== '') add('pstn-advice', field('pstnProvider'), { severity: 'warning' })
  for (const name of ['name', 'administrator', 'subscription', 'brandName', 'idpEntityId', 'idpName', 'pstnProvider'] as const)
    plain(template[name], field(name), add)
  if (template.provisioningId === '') add('missing-for-payloads', field('provisioningId'), { gates: ['payloads'] })
  else noSpaces(template.provisioningId, field('provisioningId'), add)
}

function customerProblems(plan: OnboardingPlan, add: Add): void {
  const { customer, template } = plan
  const isNew = customer.organisation === 'new'
  required(customer.name, 'customer.name', add)
  plain(customer.name, 'customer.name', add)
  if (customer.name.includes('%')) add('percent', 'customer.name')
  if (required(customer.adminEmail, 'customer.adminEmail', add, setUp)) email(customer.adminEmail, 'customer.adminEmail', add)
  if (customer.subPartnerAdminEmail !== '') email(customer.subPartnerAdminEmail, 'customer.subPartnerAdminEmail', add)
  if (customer.language !== '') language(customer.language, 'customer.language', add)
  if (!isNew && customer.orgId === '') add('missing-for-payloads', 'customer.orgId', { gates: ['payloads'] })
  noSpaces(customer.orgId, 'customer.orgId', add)
  if (customer.externalId.trim() === '') add('missing-for-payloads', 'customer.externalId', { gates: ['payloads'] })
  plain(customer.externalId, 'customer.externalId', add)
  noSpaces(customer.customerId, 'customer.customerId', add)

  packageProblems(plan, add)

  const office = 'customer.headOffice'
  required(customer.headOffice.name, `${office}.name`, add)
  fieldsOfLocation(customer.headOffice, office, add)
  if (customer.billingAddress !== null) address(customer.billingAddress, 'customer.billingAddress', add)
  if (!customer.supportedLocation) add('not-confirmed', 'customer.supportedLocation', { gates: setUp })
  const [from, to] = [template.country, customer.headOffice.address.country]
  if (isCountry(from) && isCountry(to) && from !== to)
    add('residency', `${office}.address.country`, { severity: 'info', values: { from, to } })
}

function packageProblems({ customer, users }: OnboardingPlan, add: Add): void {
  const chosen = customer.packages.flatMap(({ package: name }) => (name === '' ? [] : [name]))
  if (chosen.length === 0) add('package-none', 'customer.packages')
  customer.packages.forEach(({ package: name, quantity }, index) => {
    const path = `customer.packages.${index}`
    if (name === '') return add('missing', `${path}.package`)
    if (customer.packages.findIndex((line) => line.package === name) !== index)
      add('package-twice', `${path}.package`, { values: { package: name } })
    const needs = addOnNeeds[name]
    if (needs !== undefined && !needs.some((other) => chosen.includes(other)))
      add('addon-needs', `${path}.package`, { values: { package: name, needs: needs.join(', ') } })
    if (quantity === null) return
    if (!Number.isSafeInteger(quantity) || quantity < 1) return add('quantity', `${path}.quantity`, { values: { value: quantity } })
    const planned = users.filter((user) => user.package === name).length
    if (planned > quantity) add('quantity-below-users', `${path}.quantity`, { values: { package: name, users: planned, quantity } })
    if (!limitedByApi.has(name)) add('limit-not-in-api', `${path}.quantity`, { severity: 'info', values: { package: name } })
  })
}

function locationProblems(plan: OnboardingPlan, add: Add): void {
  plan.locations.forEach((location, index) => {
    const path = `locations.${index}`
    required(location.name, `${path}.name`, add)
    fieldsOfLocation(location, path, add)
    if (location.address.line1 !== '' && location.address.postalCode === '')
      add('postal-for-payloads', `${path}.address.postalCode`, { gates: ['payloads'] })
  })
  const all = allLocations(plan)
  const ids = { 'same-name': 'location-same-name', 'near-name': 'location-near-name', 'same-address': 'location-same-address' } as const
  for (const { first, second, reason } of nearLocations(all))
    add(ids[reason], `locations.${second - 1}.name`, {
      severity: reason === 'same-name' ? 'error' : 'warning',
      values: { value: all[second]?.name ?? '', other: all[first]?.name ?? '' },
    })
}

function fieldsOfLocation(location: PlanLocation, path: string, add: Add): void {
  plain(location.name, `${path}.name`, add)
  tooLong(location.name, locationNameLength, `${path}.name`, add)
  address(location.address, `${path}.address`, add)
  if (required(location.timeZone, `${path}.timeZone`, add, setUp)) timeZone(location.timeZone, `${path}.timeZone`, add)
  if (required(location.emailLanguage, `${path}.emailLanguage`, add, setUp)) language(location.emailLanguage, `${path}.emailLanguage`, add)
  if (required(location.announcementLanguage, `${path}.announcementLanguage`, add, setUp))
    language(location.announcementLanguage, `${path}.announcementLanguage`, add)
  plain(location.emergencyLocationIdentifier, `${path}.emergencyLocationIdentifier`, add)
  noSpaces(location.webexId, `${path}.webexId`, add)
}

function address(value: PlanAddress, path: string, add: Add): void {
  required(value.line1, `${path}.line1`, add, setUp)
  required(value.city, `${path}.city`, add, setUp)
  if (required(value.country, `${path}.country`, add, setUp)) country(value.country, `${path}.country`, add)
  for (const line of ['line1', 'line2'] as const) tooLong(value[line], addressLineLength, `${path}.${line}`, add)
  for (const name of ['line1', 'line2', 'city', 'state', 'postalCode'] as const) plain(value[name], `${path}.${name}`, add)
  if (withStates.has(value.country) && value.state.trim() === '')
    add('state', `${path}.state`, { severity: 'warning', values: { country: value.country } })
}

function userProblems(plan: OnboardingPlan, add: Add): void {
  const { users, customer } = plan
  if (users.length === 0) add('no-users', 'users', { severity: 'info' })
  if (users.length > wizardUsers) add('wizard-limit', 'users', { severity: 'info', values: { users: users.length, limit: wizardUsers } })
  const bought = new Set(customer.packages.map((line) => line.package))
  const names = allLocations(plan).map(({ name }) => name)
  const known = new Set(names.map(locationKey))
  const emails = new Map<string, number>()
  const extensions = new Map<string, number>()
  users.forEach((user, index) => {
    const path = `users.${index}`
    required(user.firstName, `${path}.firstName`, add)
    required(user.lastName, `${path}.lastName`, add)
    plain(user.firstName, `${path}.firstName`, add)
    plain(user.lastName, `${path}.lastName`, add)
    if (required(user.email, `${path}.email`, add)) email(user.email, `${path}.email`, add)
    twice(emails, user.email.trim().toLowerCase(), index, (earlier) =>
      add('email-twice', `${path}.email`, { values: { value: user.email, row: earlier + 1 } }),
    )
    if (user.package === '') return add('missing', `${path}.package`)
    if (!bought.has(user.package)) add('user-package-not-bought', `${path}.package`, { values: { package: user.package } })
    if (user.location !== '' && !known.has(locationKey(user.location)))
      add('location-unknown', `${path}.location`, { values: { value: user.location, near: nearest(user.location, names) ?? '' } })
    if (!isCallingPackage(user.package)) return
    if (user.location.trim() === '') add('missing', `${path}.location`)
    if (user.extension === '' && user.phoneNumber === '')
      add('user-number-or-extension', `${path}.extension`, { values: { package: user.package } })
    if (user.phoneNumber !== '' && !isE164(user.phoneNumber)) add('phone', `${path}.phoneNumber`, { values: { value: user.phoneNumber } })
    if (user.extension !== '') {
      if (!/^\d{2,10}$/u.test(user.extension)) add('extension', `${path}.extension`, { values: { value: user.extension } })
      else if (emergencyNumbers.has(user.extension)) add('extension-emergency', `${path}.extension`, { values: { value: user.extension } })
      twice(extensions, `${locationKey(user.location)}\u0000${user.extension}`, index, (earlier) =>
        add('extension-twice', `${path}.extension`, { values: { value: user.extension, row: earlier + 1 } }),
      )
    }
  })
}

function twice(seen: Map<string, number>, key: string, index: number, found: (earlier: number) => void): void {
  if (key === '') return
  const earlier = seen.get(key)
  if (earlier === undefined) seen.set(key, index)
  else found(earlier)
}

const rangeProblems: Readonly<Record<RangeProblem, ProblemId>> = {
  'not-e164': 'range-number',
  'other-length': 'range-length',
  backwards: 'range-backwards',
  'too-large': 'range-too-large',
}
const conflictProblems = {
  'not-in-pool': 'number-not-in-pool',
  'other-location': 'number-other-location',
  reserved: 'number-reserved',
  twice: 'number-twice',
} as const

function numberProblems(plan: OnboardingPlan, add: Add): void {
  const names = allLocations(plan).map(({ name }) => name)
  const known = new Set(names.map(locationKey))
  plan.numbers.ranges.forEach((range, index) => {
    const path = `numbers.ranges.${index}`
    const span = spanOf(range)
    if (typeof span === 'string')
      add(rangeProblems[span], `${path}.${span === 'not-e164' && isE164(range.from) ? 'to' : 'from'}`, {
        values: { from: range.from, to: range.to },
      })
    if (required(range.location, `${path}.location`, add) && !known.has(locationKey(range.location)))
      add('location-unknown', `${path}.location`, { values: { value: range.location, near: nearest(range.location, names) ?? '' } })
  })
  for (const { range, other } of overlaps(plan.numbers.ranges)) {
    const [a, b] = [plan.numbers.ranges[range], plan.numbers.ranges[other]]
    const isSame = a !== undefined && b !== undefined && locationKey(a.location) === locationKey(b.location)
    add('range-overlap', `numbers.ranges.${range}.from`, {
      severity: isSame ? 'warning' : 'error',
      values: { other: b?.from ?? '', location: b?.location ?? '' },
    })
  }
  plan.numbers.reserved.forEach(({ number }, index) => {
    if (!isE164(number)) add('phone', `numbers.reserved.${index}.number`, { values: { value: number } })
  })
  for (const { user, conflict, detail } of assignNumbers(plan).conflicts) {
    const path = `users.${user}.phoneNumber`
    const values = { value: detail, location: plan.users[user]?.location ?? '' }
    if (conflict === 'not-in-pool' || conflict === 'other-location' || conflict === 'reserved' || conflict === 'twice')
      add(conflictProblems[conflict], path, { values })
    // An extension alone is enough; without pools numbers are not planned here.
    else if (conflict === 'none-left' && plan.numbers.ranges.length > 0) add('none-left', path, { severity: 'warning', values })
  }
}

function administratorProblems({ administrators, customer }: OnboardingPlan, add: Add): void {
  if (administrators.length === 0) add('administrator-none', 'administrators', { severity: 'info', values: { value: customer.adminEmail } })
  const level = packageLevel(customer)
  administrators.forEach(({ email: address, package: name }, index) => {
    const path = `administrators.${index}`
    if (required(address, `${path}.email`, add)) email(address, `${path}.email`, add)
    if (name === '') add('missing', `${path}.package`)
    else if (level !== null && name !== level)
      add('administrator-package', `${path}.package`, { values: { value: address, package: name, level } })
  })
}

/** The package level that administrators keep: what was said, else the only user package that the customer gets. */
export function packageLevel({ createdWith, packages }: OnboardingPlan['customer']): PackageName | null {
  if (createdWith !== '') return createdWith
  const own = packages.flatMap(({ package: name }) => (isUserPackage(name) ? [name] : []))
  return own.length === 1 ? (own[0] ?? null) : null
}

/** Whether the head office must be a calling location. */
export const hasCalling = ({ packages }: OnboardingPlan['customer']): boolean =>
  packages.some(({ package: name }) => name !== '' && givesCalling(name))

function required(value: string, path: string, add: Add, gates: readonly HandOver[] = everything): boolean {
  if (value.trim() !== '') return true
  add('missing', path, { gates })
  return false
}

// Control characters, halves of a character, separators of lines, and what hides in a text or turns its direction.
const unseen = /[\p{Cc}\p{Cs}\u00AD\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u
function plain(value: string, path: string, add: Add): void {
  if (unseen.test(value)) add('control', path)
}
function tooLong(value: string, limit: number, path: string, add: Add): void {
  const { length } = [...value]
  if (length > limit) add('too-long', path, { values: { length, limit } })
}
function country(value: string, path: string, add: Add): void {
  if (!isCountry(value)) add('country', path, { values: { value } })
}
function timeZone(value: string, path: string, add: Add): void {
  if (!isTimeZone(value)) add('time-zone', path, { values: { value } })
}
function language(value: string, path: string, add: Add): void {
  if (!isLanguageCode(value)) add('language', path, { values: { value } })
}
function email(value: string, path: string, add: Add): void {
  if (emailProblem(value) !== null) add('email', path, { values: { value } })
}
function noSpaces(value: string, path: string, add: Add): void {
  if (/\s/u.test(value)) add('spaces', path)
}
/** A day of the calendar: 2026-02-30 is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
