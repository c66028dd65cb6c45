import type { BatchItem } from '../batch/batch.ts'
import { cellOf, type Subscriber } from '../batch/subscriber.ts'
import { isCallingPackage, type PackageName } from '../catalogue/packages.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import { emailKey } from '../diff/cell-meaning.ts'
import { apiPackage } from '../onboarding/packages.ts'
import { firstProblem } from '../rules/custom-rule.ts'
import { isE164, phoneParts } from '../rules/phone-number.ts'
import {
  callingParameters,
  newSubscriberBody,
  subscriberSchemas,
  type ChangedSubscriberBody,
  type NewSubscriber,
  type NewSubscriberBody,
} from './bodies.ts'
import { reason, type WholesaleReason } from './reason.ts'

export type WholesaleLink = NonNullable<CustomerProfile['wholesale']>

/** What the API is to do for one item. Packages are spelt as the API does. */
export type WholesaleCall =
  | { readonly kind: 'add'; readonly package: string; readonly body: NewSubscriberBody }
  | { readonly kind: 'change'; readonly from: string | null; readonly package: string; readonly body: ChangedSubscriberBody }
  | { readonly kind: 'remove'; readonly from: string | null }

/** An item of a batch as the API takes it: a call, or why there is none. */
export interface WholesaleItem {
  readonly number: number
  readonly row: number
  readonly intent: BatchItem['intent']
  readonly email: string
  readonly call: WholesaleCall | null
  /** Null where there is a call. */
  readonly leftOut: WholesaleReason | null
  /** Columns of the item that the API's call has no field for: they still go by the Control Hub files. */
  readonly notCarried: readonly string[]
}

export interface PlanFacts {
  readonly link: WholesaleLink
  /** Whether the provisioning store has applied the item; it is what the API follows. */
  readonly isInStore: (item: BatchItem) => boolean
  /** The user as the store holds them: a call may need what the item itself does not change. */
  readonly userOf: (item: BatchItem) => Subscriber | null
}

/**
 * The items of a batch as calls of the Wholesale API, in their order. An item has exactly one of `call` and `leftOut`.
 *
 * - add: `POST /wholesale/subscribers`, after its precheck.
 * - packageChange: `PUT`, with number, extension and location only where the user leaves Webex Meetings for calling (OAS).
 * - remove: `DELETE`.
 * - update, rename: the API changes neither names nor numbers nor emails of a subscriber.
 */
export const planCalls = (items: readonly BatchItem[], facts: PlanFacts): readonly WholesaleItem[] =>
  items.map((item) => planItem(item, facts))

function planItem(item: BatchItem, facts: PlanFacts): WholesaleItem {
  const { number, row, intent, email } = item
  const base = { number, row, intent, email: email.trim() }
  const columns = item.cells.map(({ column }) => column)
  const without = (leftOut: WholesaleReason): WholesaleItem => ({ ...base, call: null, leftOut, notCarried: columns })
  if (!facts.isInStore(item)) return without(reason('not-in-store'))
  if (intent === 'update' || intent === 'rename') return without(reason('not-in-api', columns.join(', ')))
  if (intent === 'remove') return { ...base, call: { kind: 'remove', from: apiName(item.from) }, leftOut: null, notCarried: [] }
  if (item.to === null) return without(reason('not-in-api'))

  const carried = carriedColumns(intent, item)
  const textOf = textsAfter(item, facts.userOf(item))
  const isWithLocation = intent === 'add' ? isCallingPackage(item.to) : carried.size > 0
  const location = isWithLocation ? textOf('Location').trim() : ''
  const locationId = location === '' ? '' : locationIdOf(facts.link, location)
  if (locationId === null) return without(reason('no-location-id', location))
  const parts: NewSubscriber = {
    customerId: facts.link.customerId,
    email: base.email,
    package: item.to,
    firstName: textOf('First Name'),
    lastName: textOf('Last Name'),
    phoneNumber: primaryNumber(textOf('Phone Number')),
    extension: textOf('Extension'),
    locationId,
  }
  const call: WholesaleCall =
    intent === 'add'
      ? { kind: 'add', package: apiPackage[item.to], body: newSubscriberBody(parts) }
      : { kind: 'change', from: apiName(item.from), package: apiPackage[item.to], body: changeBody(parts, carried.size > 0) }
  const schema = subscriberSchemas[call.kind === 'add' ? 'POST /wholesale/subscribers' : 'PUT /wholesale/subscribers/{subscriberId}']
  const problem = isPlainlySound(call) ? null : firstProblem(schema, call.body)
  if (problem !== null) return without(reason('unfit', `${problem.path} ${problem.detail}`))
  if (isWithLocation && parts.phoneNumber === '' && parts.extension === '') return without(reason('unfit', 'Extension, Phone Number'))
  return { ...base, call, leftOut: null, notCarried: columns.filter((column) => !carried.has(column)) }
}

/**
 * A quick yes to the common case (200,000 bodies held against their schemas take seconds). Law: what is plainly sound fits the schema.
 */
export function isPlainlySound({ body }: Exclude<WholesaleCall, { kind: 'remove' }>): boolean {
  const { provisioningParameters: given = {} } = body
  const { primaryPhoneNumber, extension } = given
  if (primaryPhoneNumber !== undefined && !isE164(primaryPhoneNumber)) return false
  if (extension !== undefined && !/^[0-9]{2,10}$/u.test(extension)) return false
  if (!('email' in body)) return true
  const { customerId, email, provisioningParameters: person } = body
  return customerId !== '' && /^[^@\s]+@[^@\s]+$/u.test(email) && person.firstName !== '' && person.lastName !== ''
}

const callingColumns = ['Extension', 'Phone Number', 'Location']
const nothing: ReadonlySet<string> = new Set()

function carriedColumns(intent: 'add' | 'packageChange', { from, to }: BatchItem): ReadonlySet<string> {
  if (to === null || !isCallingPackage(to)) return intent === 'add' ? new Set(['First Name', 'Last Name']) : nothing
  if (intent === 'add') return new Set(['First Name', 'Last Name', ...callingColumns])
  return from === 'Webex Meetings' ? new Set(callingColumns) : nothing
}

/** The texts of a user as they are after the item. */
const textsAfter =
  ({ cells }: BatchItem, known: Subscriber | null) =>
  (column: string): string =>
    cells.find((cell) => cell.column === column)?.after ?? (known === null ? '' : cellOf(known, column))

const changeBody = (user: NewSubscriber, withCalling: boolean): ChangedSubscriberBody => ({
  packages: [apiPackage[user.package]],
  ...(withCalling ? { provisioningParameters: callingParameters(user) } : {}),
})

const apiName = (name: PackageName | null): string | null => (name === null ? null : apiPackage[name])

/** Null: the profile does not know it. Names of locations are compared as they are written, white space around them aside. */
const locationIdOf = ({ locations = [] }: WholesaleLink, name: string): string | null =>
  locations.find((location) => location.name.trim() === name)?.id ?? null

/** The one with the mark, else the first that is not taken away. */
function primaryNumber(text: string): string {
  const parts = phoneParts(text).filter(({ mark }) => mark !== 'REMOVE|')
  return (parts.find(({ mark }) => mark === 'PRIMARY|') ?? parts[0])?.number ?? ''
}

/** The emails whose users the plan wants to see: those who leave Webex Meetings for calling. */
export const wantedUsers = (items: readonly BatchItem[]): readonly string[] =>
  items.flatMap((item) => (item.intent === 'packageChange' && carriedColumns('packageChange', item).size > 0 ? [emailKey(item.email)] : []))
