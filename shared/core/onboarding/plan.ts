import Type, { type Static, type TProperties } from 'typebox'
import Value from 'typebox/value'
import { packageNames } from '../catalogue/packages.ts'
import { err, ok, type Result } from '../../kit/result.ts'
import { customerPackageNames } from './packages.ts'

/**
 * The shapes of onboarding. Strict: an unknown key or a wrong type is refused with the path to it. Every part has a default, so a
 * plan can be saved and read at any stage; what is wrong *in* it is said by `checkPlan`, never by the shape.
 */
const whole = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false, default: {} })
const text = (description: string, maxLength = 500) => Type.String({ default: '', maxLength, description })
const flag = (description: string) => Type.Boolean({ default: false, description })
const choice = <const T extends readonly string[]>(values: T, first: T[number], description: string) =>
  Type.Enum([...values] as T[number][], { default: first, description })

export const templateSchema = whole({
  kind: choice(['Webex for Wholesale'], 'Webex for Wholesale', 'The kind of template; there is one.'),
  name: text('Template name.'),
  country: text('Country or region, ISO 3166-1 alpha-2.'),
  administrator: text('Service provider administrator, by email or name.'),
  subscription: text('Wholesale subscription.'),
  emailLanguage: text('Default email language, xx or xx_YY.'),
  authentication: choice(['webex', 'saml', 'oidc'], 'webex', 'Webex authentication, partner SAML, or partner OpenID Connect.'),
  idpEntityId: text('SAML: the IdP entity ID of the metadata.', 1000),
  idpName: text('OpenID Connect: the IdP name that was set up through TAC.'),
  pstnProvider: text('Cloud connected PSTN provider. The vendor advises against setting it.'),
  restrictInvitations: flag('Restrict administrator invitation mails when attaching to existing organisations.'),
  brandName: text('Brand name in the mails of the onboarding.'),
  disableCallOnWebex: flag('Disable Call on Webex (1:1, non-PSTN).'),
  provisioningId: text('Provisioning ID, copied from Partner Hub once the template exists there.'),
  notes: text('Notes.', 5000),
})
export type OnboardingTemplate = Static<typeof templateSchema>

export const addressSchema = whole({
  line1: text('Address line 1, at most 50 characters.'),
  line2: text('Address line 2, at most 50 characters.'),
  city: text('City.'),
  state: text('State or province, where the country has them.'),
  postalCode: text('Postal code.'),
  country: text('Country, ISO 3166-1 alpha-2.'),
})
export type PlanAddress = Static<typeof addressSchema>

export const locationSchema = whole({
  name: text('Name of the location; users and numbers name it by this.'),
  address: addressSchema,
  timeZone: text('IANA time zone, as Europe/Oslo.'),
  emailLanguage: text('Preferred (email) language, xx or xx_YY.'),
  announcementLanguage: text('Announcement language, xx or xx_YY.'),
  emergencyLocationIdentifier: text('Emergency location identifier (a SIP header of emergency calls).'),
  notes: text('Notes.', 5000),
  webexId: text('The ID that Webex gave the location; fills the payloads of the users.', 1000),
})
export type PlanLocation = Static<typeof locationSchema>

export const planUserSchema = whole({
  firstName: text('First name.'),
  lastName: text('Last name.'),
  email: text('Email.'),
  package: choice(['', ...packageNames], '', 'The wholesale package.'),
  location: text('Name of the location.'),
  extension: text('Extension, 2–10 digits.'),
  phoneNumber: text('Phone number, E.164.'),
})
export type PlanUser = Static<typeof planUserSchema>

export const numberRangeSchema = whole({
  location: text('Name of the location.'),
  from: text('First number, E.164.'),
  to: text('Last number, E.164; empty: the first number alone.'),
})
export type NumberRange = Static<typeof numberRangeSchema>

export const stepIds = [
  'template',
  'customer',
  'locations',
  'users',
  'numbers',
  'administrators',
  'setupAssist',
  'review',
  'handOver',
  'firstBatch',
] as const
export type StepId = (typeof stepIds)[number]

export const planSchema = whole({
  format: Type.Literal('roster-onboarding-plan', { default: 'roster-onboarding-plan', description: 'Says what this file is.' }),
  id: text('Our own id of the plan.', 64),
  template: templateSchema,
  templateRef: whole({
    id: text('The saved template it came from.', 64),
    version: Type.Integer({ default: 0, minimum: 0, description: 'Its version; 0: none.' }),
  }),
  customer: whole({
    organisation: choice(['new', 'existing'], 'new', 'A new organisation, or one that exists in Webex.'),
    orgId: text('Organisation ID, for an existing one.', 1000),
    name: text('Company name, without %.'),
    adminEmail: text('Email of the administrator.'),
    language: text('Language of the organisation and its meeting sites, xx or xx_YY.'),
    externalId: text('Your own ID of the customer; the API requires it.'),
    subPartnerAdminEmail: text('Email of the sub-partner’s administrator.'),
    packages: Type.Array(
      whole({
        package: choice(['', ...customerPackageNames], '', 'Package or add-on.'),
        quantity: Type.Union([Type.Number(), Type.Null()], { default: null, description: 'Seats; null: not limited.' }),
      }),
      { default: [], maxItems: 50 },
    ),
    createdWith: choice(['', ...packageNames], '', 'The package level the customer is created with; its administrators keep it.'),
    headOffice: locationSchema,
    billingAddress: Type.Union([addressSchema, Type.Null()], { default: null, description: 'Null: the head office’s address.' }),
    supportedLocation: flag('Confirmed: the customer is in a location that Cisco Webex supports.'),
    customerId: text('The ID that Webex gave the customer; fills the payloads of the users.', 1000),
    site: text('Meeting site, as nordlys.webex.com; for the first user file.'),
  }),
  locations: Type.Array(locationSchema, { default: [], maxItems: 5000, description: 'Locations beside the head office.' }),
  users: Type.Array(planUserSchema, { default: [], maxItems: 20000 }),
  numbers: whole({
    ranges: Type.Array(numberRangeSchema, { default: [], maxItems: 5000 }),
    reserved: Type.Array(whole({ number: text('Number that is never assigned, E.164.'), reason: text('What for.') }), {
      default: [],
      maxItems: 20000,
    }),
    order: choice(['list', 'name', 'extension'], 'list', 'Who comes first when numbers are assigned: as listed, by name, by extension.'),
    matchExtension: Type.Boolean({ default: true, description: 'Give a number whose last digits are the extension, where there is one.' }),
  }),
  administrators: Type.Array(
    whole({
      name: text('Name.'),
      email: text('Email.'),
      package: choice(['', ...packageNames], '', 'Package: the level the customer is created with.'),
      role: text('Control Hub role, as a note.'),
    }),
    { default: [], maxItems: 500 },
  ),
  setupAssist: whole({ wanted: flag('Send the setup-assist request.'), note: text('What is asked for.', 5000) }),
  progress: Type.Array(
    whole({
      step: Type.Enum([...stepIds]),
      done: flag('Done, here or elsewhere.'),
      note: text('Note.', 5000),
      date: text('Day, YYYY-MM-DD.', 10),
      who: text('Who did it.'),
    }),
    { default: [], maxItems: 50 },
  ),
})
export type OnboardingPlan = Static<typeof planSchema>
export type PlanProgress = OnboardingPlan['progress'][number]

/** Why a file is no plan: the path, and what is wrong there. */
export interface ShapeProblem {
  readonly path: string
  readonly detail: string
}

const filled = (schema: Type.TSchema, value: unknown): unknown => Value.Default(schema, JSON.parse(JSON.stringify(value)) as unknown)

export const emptyPlan = (): OnboardingPlan => filled(planSchema, {}) as OnboardingPlan
export const emptyTemplate = (): OnboardingTemplate => filled(templateSchema, {}) as OnboardingTemplate
export const emptyLocation = (): PlanLocation => filled(locationSchema, {}) as PlanLocation
export const emptyUser = (): PlanUser => filled(planUserSchema, {}) as PlanUser

/** A plan of any stage, with everything that it leaves out filled with its default. */
export const readPlan = (value: unknown): Result<OnboardingPlan, ShapeProblem> => readShape(planSchema, value)
export const readTemplate = (value: unknown): Result<OnboardingTemplate, ShapeProblem> => readShape(templateSchema, value)

function readShape<S extends Type.TSchema>(schema: S, value: unknown): Result<Static<S>, ShapeProblem> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return err({ path: '', detail: 'must be an object' })
  const whole = filled(schema, value)
  if (Value.Check(schema, whole)) return ok(whole)
  const first = [...Value.Errors(schema, whole)][0]
  if (first === undefined) return err({ path: '', detail: 'does not fit' })
  const { instancePath: path } = first
  if (first.keyword === 'boolean') return err({ path, detail: 'is not a known key' })
  if (first.keyword === 'enum')
    return err({ path, detail: `must be one of ${first.params.allowedValues.map((one) => JSON.stringify(one)).join(', ')}` })
  // The format alone: another kind of file, or a plan of a later version.
  if (first.keyword === 'const')
    return err({ path, detail: `must be ${JSON.stringify(first.params.allowedValue)}: this version of Roster knows no other` })
  return err({ path, detail: first.message })
}

/** The head office and all others, in their order. */
export const allLocations = (plan: OnboardingPlan): readonly PlanLocation[] => [plan.customer.headOffice, ...plan.locations]

/** The same JSON Schema with nothing required that has a default: what a person may write. For the docs. */
export function planFileSchema(): unknown {
  const optional = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(optional)
    if (typeof node !== 'object' || node === null) return node
    const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] =>
      key === 'required' && Array.isArray(value) ? [] : [[key, optional(value)]],
    )
    return Object.fromEntries(entries)
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Roster onboarding plan',
    description: 'A new customer, prepared. Every part may be left out until the hand-over.',
    ...(optional(JSON.parse(JSON.stringify(planSchema))) as object),
  }
}
