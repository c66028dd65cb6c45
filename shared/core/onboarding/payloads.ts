import { newSubscriberBody } from '../wholesale/bodies.ts'
import { hasCalling } from './check-plan.ts'
import { locationKey } from './numbers.ts'
import { apiPackage, limitedByApi } from './packages.ts'
import { allLocations, type OnboardingPlan, type PlanAddress, type PlanLocation } from './plan.ts'

/** One call of the provisioning API, ready to send. */
export interface ApiCall {
  readonly order: number
  readonly method: 'POST'
  readonly path: string
  /** The file that holds the body; `index`: the body's place in that file's list. */
  readonly file: string
  readonly index?: number
  readonly about: string
}

export interface PayloadFile {
  readonly name: string
  readonly json: unknown
}

type Json = Readonly<Record<string, unknown>>

/** Stands in a payload for an ID that only the API's earlier answer tells. */
export const customerIdMark = '{{customerId}}'
export const locationIdMark = (name: string): string => `{{locationId:${name}}}`

/**
 * The plan as bodies for the provisioning API (webex-wholesale.json, webex/webex-openapi-specs, commit 1be8332). A field that is
 * empty in the plan is left out, unless the API requires it.
 */
export function createCustomerBody(plan: OnboardingPlan): Json {
  const { customer, template } = plan
  const address = customerAddress(customer.billingAddress ?? customer.headOffice.address)
  return {
    provisioningId: template.provisioningId,
    packages: packagesOf(plan),
    ...(customer.organisation === 'existing' ? { orgId: customer.orgId } : {}),
    externalId: customer.externalId,
    address,
    customerInfo: {
      name: customer.name.trim(),
      primaryEmail: customer.adminEmail.trim(),
      ...some('language', customer.language),
    },
    provisioningParameters: parametersOf(plan),
    ...some('subPartnerAdminEmail', customer.subPartnerAdminEmail),
  }
}

/** As the creation, without what the precheck does not take. */
export function validateCustomerBody(plan: OnboardingPlan): Json {
  const { customer, template } = plan
  return {
    ...some('provisioningId', template.provisioningId),
    packages: packagesOf(plan),
    ...(customer.organisation === 'existing' ? some('orgId', customer.orgId) : {}),
    ...some('externalId', customer.externalId),
    address: customerAddress(customer.billingAddress ?? customer.headOffice.address),
    customerInfo: { name: customer.name.trim(), primaryEmail: customer.adminEmail.trim() },
    provisioningParameters: parametersOf(plan),
  }
}

/** The API requires a state and a postal code; where a country has no states the state is empty. */
export function locationBody(location: PlanLocation): Json {
  const { address } = location
  return {
    name: location.name.trim(),
    timeZone: location.timeZone,
    preferredLanguage: apiLanguage(location.emailLanguage),
    announcementLanguage: apiLanguage(location.announcementLanguage),
    address: {
      address1: address.line1.trim(),
      ...some('address2', address.line2),
      city: address.city.trim(),
      state: address.state.trim(),
      postalCode: address.postalCode.trim(),
      country: address.country,
    },
    ...some('notes', location.notes),
  }
}

export function subscriberBody(plan: OnboardingPlan, index: number): Json | null {
  const user = plan.users[index]
  if (user === undefined || user.package === '') return null
  const place = allLocations(plan).find(({ name }) => locationKey(name) === locationKey(user.location))
  return {
    ...newSubscriberBody({
      ...user,
      package: user.package,
      customerId: plan.customer.customerId === '' ? customerIdMark : plan.customer.customerId,
      locationId: place === undefined ? '' : place.webexId === '' ? locationIdMark(place.name) : place.webexId,
    }),
  }
}

/** Every file of the hand-over, and the calls in the order in which they are sent. */
export function payloadFiles(plan: OnboardingPlan): readonly PayloadFile[] {
  const validate = { name: '01-customers-validate.json', json: validateCustomerBody(plan) }
  const create = { name: '02-customers.json', json: createCustomerBody(plan) }
  const locations = { name: '03-locations.json', json: plan.locations.map(locationBody) }
  const subscribers = { name: '04-subscribers.json', json: plan.users.flatMap((_, index) => subscriberBody(plan, index) ?? []) }
  const calls: Omit<ApiCall, 'order'>[] = [
    { method: 'POST', path: '/v1/wholesale/customers/validate', file: validate.name, about: plan.customer.name },
    { method: 'POST', path: '/v1/wholesale/customers', file: create.name, about: plan.customer.name },
    ...plan.locations.map(({ name }, index) => ({
      method: 'POST' as const,
      path: '/v1/locations',
      file: locations.name,
      index,
      about: name,
    })),
    ...plan.users.map(({ email }, index) => ({
      method: 'POST' as const,
      path: '/v1/wholesale/subscribers',
      file: subscribers.name,
      index,
      about: email,
    })),
  ]
  const requests = {
    format: 'roster-onboarding-requests/1',
    base: 'https://webexapis.com',
    customer: plan.customer.name,
    fill: {
      [customerIdMark]: 'id of the customer, from the address in the Location header of POST /v1/wholesale/customers',
      '{{locationId:NAME}}': 'id of the location of that name, from GET /v1/locations',
    },
    notes: [
      'POST /v1/wholesale/customers answers 202: wait until GET says that the customer is provisioned before the next call.',
      'Locations must be enabled for Webex Calling and have their numbers before subscribers get them.',
      'POST /v1/wholesale/subscribers answers 202 when the person has a free account and must consent first.',
    ],
    calls: calls.map((call, index): ApiCall => ({ order: index + 1, ...call })),
  }
  return [
    { name: 'requests.json', json: requests },
    validate,
    create,
    ...(plan.locations.length === 0 ? [] : [locations]),
    ...(plan.users.length === 0 ? [] : [subscribers]),
  ]
}

const packagesOf = ({ customer }: OnboardingPlan): readonly string[] => [
  ...new Set(customer.packages.flatMap(({ package: name }) => (name === '' ? [] : [apiPackage[name]]))),
]

function parametersOf(plan: OnboardingPlan): Json {
  const { customer } = plan
  const { headOffice } = customer
  const limits = customer.packages.flatMap(({ package: name, quantity }) =>
    name === '' || quantity === null || !limitedByApi.has(name) ? [] : [[apiPackage[name], quantity] as const],
  )
  const location = {
    name: headOffice.name.trim(),
    address: customerAddress(headOffice.address),
    timezone: headOffice.timeZone,
    language: apiLanguage(headOffice.announcementLanguage),
    ...some('emergencyLocationIdentifier', headOffice.emergencyLocationIdentifier),
  }
  return {
    ...(hasCalling(customer) ? { calling: { location } } : {}),
    meetings: { timezone: headOffice.timeZone },
    ...(limits.length === 0 ? {} : { packages: { limits: Object.fromEntries(limits) } }),
  }
}

const customerAddress = (address: PlanAddress): Json => ({
  addressLine1: address.line1.trim(),
  ...some('addressLine2', address.line2),
  city: address.city.trim(),
  ...some('stateOrProvince', address.state),
  ...some('zipOrPostalCode', address.postalCode),
  country: address.country,
})

/** Locations write `en_us`, in lower case, in every example of the API. */
const apiLanguage = (code: string): string => code.toLowerCase()

const some = (key: string, text: string): Json => (text.trim() === '' ? {} : { [key]: text.trim() })
