import Type from 'typebox'
import type { WholesaleCounts, WholesaleProof, WholesaleState } from '../core/wholesale/outcome.ts'
import type { WholesaleReason } from '../core/wholesale/reason.ts'
import type { Finding } from '../core/rules/finding.ts'
import type { Change } from '../core/diff/change-set.ts'
import { wholesaleStates } from '../core/wholesale/outcome.ts'
import { languageSchema, type FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const
const batchRef = { batch: Type.String() }
const index = Type.Integer({ minimum: 0 })
/** Only from the window: other hosts have it in `ROSTER_WEBEX_TOKEN`. Kept in memory for the one call. */
const token = Type.Optional(Type.String({ minLength: 1 }))
const job = Type.Optional(Type.String())

/** How far a batch is in the Wholesale API. What is sent there is at least once and reconciled: the API knows no idempotency key. */
export interface WholesaleStatus {
  readonly batch: string
  readonly customer: string
  /** Null: the customer's profile does not say what the API calls it. */
  readonly customerId: string | null
  readonly url: string
  /** A token stands in the environment of the backend, so nobody need be asked. */
  readonly hasToken: boolean
  /** Approved and pushed; else the batch can only be made into files, or not even that. */
  readonly canSend: boolean
  readonly counts: WholesaleCounts
  /** The last sending from this machine. */
  readonly lastSent: { readonly by: string; readonly at: string; readonly url: string } | null
  /** Who is sending to the customer now. */
  readonly owner: string | null
}

export interface WholesaleItemLine {
  readonly number: number
  readonly row: number
  readonly email: string
  readonly intent: Change['intent']
  readonly state: WholesaleState
  readonly reason: WholesaleReason | null
  readonly proof: WholesaleProof | null
  /** Calls with an effect that were made for it. */
  readonly attempts: number
  readonly subscriberId: string | null
  /** Columns that the API's call has no field for. */
  readonly notCarried: readonly string[]
}

/** What the API's precheck says of new users, as findings like any others: rule `wholesale/precheck`. */
export interface WholesalePrecheck {
  readonly checked: number
  /** The API answered that this partner may not use the precheck. */
  readonly unavailable: boolean
  readonly summary: Readonly<Record<Finding['severity'], number>>
  readonly findings: readonly Finding[]
}

export const wholesaleMethods = {
  'wholesale.status': query<WholesaleStatus>()(Type.Object(batchRef, strict)),
  'wholesale.items': query<{ readonly total: number; readonly items: readonly WholesaleItemLine[] }>()(
    Type.Object(
      {
        ...batchRef,
        state: Type.Optional(Type.Enum([...wholesaleStates])),
        from: index,
        count: Type.Integer({ minimum: 1, maximum: 500 }),
      },
      strict,
    ),
  ),
  /** The calls as JSON files with a manifest, for people who send them by other means. */
  'wholesale.payloads': query<readonly FileTicket[]>()(Type.Object(batchRef, strict)),
  'wholesale.precheck': command<WholesalePrecheck>()(Type.Object({ ...batchRef, token, language: languageSchema, job }, strict)),
  /** The same of a draft, before anybody has to look at a batch. */
  'wholesale.precheckDraft': command<WholesalePrecheck>()(
    Type.Object({ draftId: Type.String(), token, language: languageSchema, job }, strict),
  ),
  /** Where the calls would go, and whether anybody need be asked for a token. */
  'wholesale.address': query<{ readonly url: string; readonly hasToken: boolean }>()(Type.Object({}, strict)),
  /** `retry`: what was refused is tried again, too. */
  'wholesale.send': command<WholesaleStatus>()(
    Type.Object({ ...batchRef, by: Type.String({ minLength: 1 }), token, mode: Type.Optional(Type.Enum(['send', 'retry'])), job }, strict),
  ),
} as const
