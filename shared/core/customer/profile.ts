import Type, { type Static } from 'typebox'
import { packageNames } from '../catalogue/packages.ts'

const strict = { additionalProperties: false } as const

/**
 * A customer profile (cli.md). Only `name` is required; every other part switches on the rules that need it.
 * Strict: an unknown key or a wrong type is refused with the path to it.
 */
export const customerProfileSchema = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    /** The package that the customer was created with: its administrators keep it. */
    createdWith: Type.Optional(Type.Enum([...packageNames])),
    packages: Type.Optional(
      Type.Array(
        Type.Object(
          {
            package: Type.Enum([...packageNames]),
            /** The exact header text of the package's column in this customer's files. */
            column: Type.Optional(Type.String({ minLength: 1 })),
            /** Seats bought. */
            limit: Type.Optional(Type.Integer({ minimum: 0 })),
          },
          strict,
        ),
      ),
    ),
    locations: Type.Optional(
      Type.Array(
        Type.Object({ name: Type.String({ minLength: 1 }), country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })) }, strict),
      ),
    ),
    sites: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    numbers: Type.Optional(
      Type.Array(Type.Object({ number: Type.String({ minLength: 1 }), location: Type.Optional(Type.String()) }, strict)),
    ),
    administrators: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    extensionLength: Type.Optional(Type.Integer({ minimum: 2, maximum: 10 })),
    emailDomains: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    directorySynced: Type.Optional(Type.Boolean()),
    /** The header of the customer's own export, in order. */
    header: Type.Optional(Type.Array(Type.String())),
    /** What the Wholesale API calls this customer and its locations; needed to send a batch there. */
    wholesale: Type.Optional(
      Type.Object(
        {
          customerId: Type.String({ minLength: 1 }),
          /** Of a sub-partner on whose behalf the calls are made. */
          subPartnerOrgId: Type.Optional(Type.String({ minLength: 1 })),
          locations: Type.Optional(
            Type.Array(Type.Object({ name: Type.String({ minLength: 1 }), id: Type.String({ minLength: 1 }) }, strict)),
          ),
        },
        strict,
      ),
    ),
    /** The customer's own rules, listed under `custom/…`. Their shape is checked by `core/rules/custom`. */
    rules: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 5_000 })),
  },
  strict,
)
export type CustomerProfile = Static<typeof customerProfileSchema>
