import type { PayloadFile } from '../onboarding/payloads.ts'
import type { WholesaleItem, WholesaleLink } from './plan-calls.ts'
import type { WholesaleReason } from './reason.ts'

/** Stands in a path for the ID that a look-up by customer and email gives. */
export const subscriberIdMark = '{{subscriberId}}'

/** One line of the manifest's `requests`: what is sent, in the order in which it is sent. */
export interface PayloadRequest {
  readonly order: number
  /** The item's number in the batch, and its row in the file the batch came from. */
  readonly item: number
  readonly row: number
  readonly email: string
  readonly precheck?: string
  /** Answers the subscriber whose `id` stands in the path. */
  readonly lookUp?: string
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** The file that holds the body, and its place in that file's list, from 0; absent for a DELETE. */
  readonly file?: string
  readonly index?: number
  readonly notCarried?: readonly string[]
}

export interface PayloadManifest {
  readonly format: 'roster-wholesale-requests/1'
  readonly base: 'https://webexapis.com'
  readonly batch: string
  readonly digest: string
  readonly customer: string
  readonly customerId: string
  readonly madeAt: string
  readonly notes: readonly string[]
  readonly files: readonly { readonly name: string; readonly requests: number; readonly sha256: string }[]
  readonly requests: readonly PayloadRequest[]
  readonly leftOut: readonly { readonly item: number; readonly row: number; readonly email: string; readonly reason: WholesaleReason }[]
}

const addFile = '01-subscribers-add.json'
const changeFile = '02-subscribers-change.json'
const notes = [
  'Send each request once, in order. The API knows no idempotency key: after a timeout or a cut look the user up by customer and email before sending again.',
  '202 with the status pending_user_migration: the person has a free account and must consent first.',
  '200 with a filled list of errors is a refusal.',
  '429 and 423: wait as long as the header Retry-After says.',
]

/** The files for somebody who sends the calls by other means: bodies in lists, and `requests.json`, which says how they go. */
export function wholesaleFiles(
  items: readonly WholesaleItem[],
  facts: Pick<PayloadManifest, 'batch' | 'digest' | 'customer' | 'madeAt'> & { readonly link: WholesaleLink },
  sha256: (text: string) => string,
): readonly (PayloadFile & { readonly text: string })[] {
  const { link, ...about } = facts
  const bodies = { [addFile]: [] as unknown[], [changeFile]: [] as unknown[] }
  const place = (file: keyof typeof bodies, body: unknown): { readonly file: string; readonly index: number } => ({
    file,
    index: bodies[file].push(body) - 1,
  })
  const requests = items.flatMap(({ number, row, email, call, notCarried }): Omit<PayloadRequest, 'order'>[] => {
    if (call === null) return []
    const base = { item: number, row, email, ...(notCarried.length === 0 ? {} : { notCarried }) }
    if (call.kind === 'add') {
      const precheck = withOrg(link, '/v1/wholesale/subscribers/validate')
      return [{ ...base, precheck, method: 'POST', path: withOrg(link, '/v1/wholesale/subscribers'), ...place(addFile, call.body) }]
    }
    const one = withOrg(link, `/v1/wholesale/subscribers/${subscriberIdMark}`)
    const lookUp = `/v1/wholesale/subscribers?${queryOf({ customerId: link.customerId, email, ...orgOf(link) })}`
    return call.kind === 'change'
      ? [{ ...base, lookUp, method: 'PUT', path: one, ...place(changeFile, call.body) }]
      : [{ ...base, lookUp, method: 'DELETE', path: one }]
  })
  const files = Object.entries(bodies)
    .filter(([, list]) => list.length > 0)
    .map(([name, json]) => ({ name, json, text: textOf(json) }))
  const manifest: PayloadManifest = {
    format: 'roster-wholesale-requests/1',
    base: 'https://webexapis.com',
    ...about,
    customerId: link.customerId,
    notes,
    files: files.map(({ name, json, text }) => ({ name, requests: json.length, sha256: sha256(text) })),
    requests: requests.map((request, index) => ({ order: index + 1, ...request })),
    leftOut: items.flatMap(({ number, row, email, leftOut }) => (leftOut === null ? [] : [{ item: number, row, email, reason: leftOut }])),
  }
  return [{ name: 'requests.json', json: manifest, text: textOf(manifest) }, ...files]
}

const textOf = (json: unknown): string => `${JSON.stringify(json, null, 2)}\n`

const orgOf = ({ subPartnerOrgId }: WholesaleLink): Readonly<Record<string, string>> =>
  subPartnerOrgId === undefined ? {} : { onBehalfOfSubPartnerOrgId: subPartnerOrgId }

const withOrg = (link: WholesaleLink, path: string): string =>
  link.subPartnerOrgId === undefined ? path : `${path}?${queryOf(orgOf(link))}`

export const queryOf = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
