/**
 * Why an item was not sent, was refused, or is not known to have been done. The kind has words in every language; `detail` is what
 * came with it: the API's own text, column names, a package. Never a stack, a token or a header.
 */
export interface WholesaleReason {
  readonly kind: WholesaleReasonKind
  readonly detail: string
}

export const wholesaleReasonKinds = [
  // Not sent.
  /** The API has no call for it: other cells of a user, another email. */
  'not-in-api',
  /** The provisioning store refused the item, or has not had it yet: the API is the second step. */
  'not-in-store',
  /** The profile has no ID for the location in `detail`. */
  'no-location-id',
  /** The body would not fit the API's schema; `detail` says where. */
  'unfit',
  // Refused.
  /** The API's own words. */
  'api',
  /** The user is there with another package than the batch was made against; `detail` names it. */
  'changed',
  /** No such user under this customer. */
  'missing',
  // Not known, or to be tried again.
  'timeout',
  'cut',
  'unreadable',
  'redirect',
  'server-error',
  'busy',
  'unreachable',
  'untrusted',
  'not-allowed',
  'stopped',
  /** The program ended while the call was under way. */
  'broken-off',
  // Done, with a remark.
  /** The person has a free account and must consent first. */
  'consent',
] as const
export type WholesaleReasonKind = (typeof wholesaleReasonKinds)[number]

export const reason = (kind: WholesaleReasonKind, detail = ''): WholesaleReason => ({ kind, detail })
