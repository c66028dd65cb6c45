import Type from 'typebox'
import { isCallingPackage, packageNames, type PackageName } from '../catalogue/packages.ts'
import { apiPackage } from '../onboarding/packages.ts'
import { payloadSchemas } from '../onboarding/payload-schemas.ts'

/** A new user in the words of `POST /wholesale/subscribers`; empty texts are left out. */
export interface NewSubscriber {
  readonly customerId: string
  readonly email: string
  readonly package: PackageName
  readonly firstName: string
  readonly lastName: string
  readonly phoneNumber: string
  readonly extension: string
  /** Empty where the user has none, or the package takes none. */
  readonly locationId: string
}

export interface NewSubscriberBody {
  readonly customerId: string
  readonly email: string
  readonly packages: readonly [string]
  readonly provisioningParameters: CallingParameters & { readonly firstName: string; readonly lastName: string }
}

export interface CallingParameters {
  readonly primaryPhoneNumber?: string
  readonly extension?: string
  readonly locationId?: string
}

export interface ChangedSubscriberBody {
  readonly packages: readonly [string]
  readonly provisioningParameters?: CallingParameters
}

/** The precheck takes the same body as the creation. */
export const newSubscriberBody = (user: NewSubscriber): NewSubscriberBody => ({
  customerId: user.customerId,
  email: user.email.trim(),
  packages: [apiPackage[user.package]],
  provisioningParameters: {
    firstName: user.firstName.trim(),
    lastName: user.lastName.trim(),
    ...(isCallingPackage(user.package) ? callingParameters(user) : {}),
  },
})

export const callingParameters = ({
  phoneNumber,
  extension,
  locationId,
}: Pick<NewSubscriber, 'phoneNumber' | 'extension' | 'locationId'>): CallingParameters => ({
  ...(phoneNumber.trim() === '' ? {} : { primaryPhoneNumber: phoneNumber.trim() }),
  ...(extension.trim() === '' ? {} : { extension: extension.trim() }),
  ...(locationId.trim() === '' ? {} : { locationId: locationId.trim() }),
})

const strict = { additionalProperties: false } as const

/**
 * The bodies that a batch sends, strict, in our own words; names and limits from webex-wholesale.json (webex/webex-openapi-specs,
 * commit 1be8332). Parameters go with a changed package only where the user leaves Webex Meetings for calling.
 */
export const subscriberSchemas = {
  'POST /wholesale/subscribers/validate': payloadSchemas['POST /wholesale/subscribers'],
  'POST /wholesale/subscribers': payloadSchemas['POST /wholesale/subscribers'],
  'PUT /wholesale/subscribers/{subscriberId}': Type.Object(
    {
      packages: Type.Array(Type.Enum(packageNames.map((name) => apiPackage[name])), { minItems: 1, maxItems: 1 }),
      provisioningParameters: Type.Optional(
        Type.Object(
          {
            primaryPhoneNumber: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' })),
            extension: Type.Optional(Type.String({ pattern: '^[0-9]{2,10}$' })),
            locationId: Type.Optional(Type.String({ minLength: 1 })),
          },
          strict,
        ),
      ),
    },
    strict,
  ),
} as const
