import Type from 'typebox'
import { apiPackage, customerPackageNames, limitedByApi } from './packages.ts'
import { packageNames } from '../catalogue/packages.ts'

/**
 * The bodies that Roster hands over, as JSON Schemas in our own words, strict. Source of names, requirements and limits: the public
 * OpenAPI description webex-wholesale.json (webex/webex-openapi-specs, commit 1be8332, CC BY 4.0). Stricter than the source: no
 * unknown keys, lines of at most 50 characters, no % in a name, one package a user.
 */
const strict = { additionalProperties: false } as const
const filled = Type.String({ minLength: 1 })
const country = Type.String({ pattern: '^[A-Z]{2}$' })
const email = Type.String({ minLength: 3, pattern: '^[^@\\s]+@[^@\\s]+$' })

const address = Type.Object(
  {
    addressLine1: Type.String({ minLength: 1, maxLength: 50 }),
    addressLine2: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    city: filled,
    stateOrProvince: Type.Optional(filled),
    zipOrPostalCode: Type.Optional(filled),
    country,
  },
  strict,
)
const limits = Type.Object(
  Object.fromEntries([...limitedByApi].map((name) => [apiPackage[name], Type.Optional(Type.Integer({ minimum: 1 }))])),
  strict,
)
const parameters = Type.Object(
  {
    calling: Type.Optional(
      Type.Object(
        {
          location: Type.Object(
            {
              name: Type.String({ minLength: 1, maxLength: 80 }),
              address,
              timezone: filled,
              language: Type.String({ pattern: '^[a-z]{2}(_[a-z]{2})?$' }),
              emergencyLocationIdentifier: Type.Optional(filled),
            },
            strict,
          ),
        },
        strict,
      ),
    ),
    meetings: Type.Optional(Type.Object({ timezone: filled }, strict)),
    packages: Type.Optional(Type.Object({ limits }, strict)),
  },
  strict,
)
const packages = Type.Array(Type.Enum(customerPackageNames.map((name) => apiPackage[name])), { minItems: 1, uniqueItems: true })

export const payloadSchemas = {
  'POST /wholesale/customers/validate': Type.Object(
    {
      provisioningId: Type.Optional(filled),
      packages: Type.Optional(packages),
      orgId: Type.Optional(filled),
      externalId: Type.Optional(filled),
      address,
      customerInfo: Type.Optional(Type.Object({ name: Type.Optional(Type.String({ pattern: '^[^%]+$' })), primaryEmail: email }, strict)),
      provisioningParameters: Type.Optional(parameters),
    },
    strict,
  ),
  'POST /wholesale/customers': Type.Object(
    {
      provisioningId: filled,
      packages,
      orgId: Type.Optional(filled),
      externalId: filled,
      address,
      customerInfo: Type.Optional(
        Type.Object(
          {
            name: Type.String({ pattern: '^[^%]+$' }),
            primaryEmail: email,
            language: Type.Optional(Type.String({ pattern: '^[a-z]{2}(_[A-Za-z]{2})?$' })),
          },
          strict,
        ),
      ),
      provisioningParameters: Type.Optional(parameters),
      subPartnerAdminEmail: Type.Optional(email),
    },
    strict,
  ),
  'POST /locations': Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 80 }),
      timeZone: filled,
      preferredLanguage: filled,
      announcementLanguage: filled,
      address: Type.Object(
        {
          address1: Type.String({ minLength: 1, maxLength: 50 }),
          address2: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
          city: filled,
          state: Type.String(),
          postalCode: filled,
          country,
        },
        strict,
      ),
      notes: Type.Optional(filled),
    },
    strict,
  ),
  'POST /wholesale/subscribers': Type.Object(
    {
      customerId: filled,
      email,
      packages: Type.Array(Type.Enum(packageNames.map((name) => apiPackage[name])), { minItems: 1, maxItems: 1 }),
      provisioningParameters: Type.Object(
        {
          firstName: filled,
          lastName: filled,
          primaryPhoneNumber: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' })),
          extension: Type.Optional(Type.String({ pattern: '^[0-9]{2,10}$' })),
          locationId: Type.Optional(filled),
        },
        strict,
      ),
    },
    strict,
  ),
} as const
