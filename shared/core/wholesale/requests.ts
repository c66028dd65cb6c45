import { queryOf } from './payload-files.ts'
import type { WholesaleCall, WholesaleLink } from './plan-calls.ts'

/** One call, without host and token. `path` begins behind the base address (`https://webexapis.com/v1`). */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

const subscribers = '/wholesale/subscribers'
/** Users that a look-up lists at most, as many as the API gives a page. */
export const lookUpPage = 100

export const precheckRequest = (link: WholesaleLink, { body }: Extract<WholesaleCall, { kind: 'add' }>): ApiRequest => ({
  method: 'POST',
  path: `${subscribers}/validate${suffix(link)}`,
  body,
})

export const lookUpRequest = (link: WholesaleLink, email: string): ApiRequest => ({
  method: 'GET',
  path: `${subscribers}${suffix(link, { customerId: link.customerId, email, max: String(lookUpPage) })}`,
})

/** `id`: the subscriber's, which an addition does not have. */
export function effectRequest(link: WholesaleLink, call: WholesaleCall, id: string | null): ApiRequest {
  if (call.kind === 'add') return { method: 'POST', path: `${subscribers}${suffix(link)}`, body: call.body }
  const path = `${subscribers}/${encodeURIComponent(id ?? '')}${suffix(link)}`
  return call.kind === 'change' ? { method: 'PUT', path, body: call.body } : { method: 'DELETE', path }
}

function suffix({ subPartnerOrgId }: WholesaleLink, values: Readonly<Record<string, string>> = {}): string {
  const query = queryOf({ ...values, ...(subPartnerOrgId === undefined ? {} : { onBehalfOfSubPartnerOrgId: subPartnerOrgId }) })
  return query === '' ? '' : `?${query}`
}
