import type { IncomingHttpHeaders } from 'node:http'

export interface Refusal {
  readonly status: 401 | 403
  readonly reason: string
}

/**
 * Whether a request can come from our own window (reliability.md L1, L2): a page elsewhere cannot make its browser send these.
 * The exact host keeps out names that were pointed at this machine; origin and `Sec-Fetch-Site` keep out other pages, each alone.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, host: string): Refusal | null {
  return refusedHost(headers, host) ?? refusedOrigin(method, headers, host)
}

export function refusedHost(headers: IncomingHttpHeaders, host: string): Refusal | null {
  return headers.host === host ? null : { status: 403, reason: `this server answers as http://${host} only` }
}

/** The window's own files hold nothing secret, so a link to the page may be followed from anywhere; nothing may embed them. */
export function refusedEmbedding(headers: IncomingHttpHeaders): Refusal | null {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return null
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return isVisit ? null : { status: 403, reason: 'other sites may not load this' }
}

function refusedOrigin(method: string, headers: IncomingHttpHeaders, host: string): Refusal | null {
  const origin = headers.origin
  const isOwn = origin === `http://${host}`
  // A browser names the origin of everything but a plain GET of the page's own.
  if (origin === undefined ? method !== 'GET' && method !== 'HEAD' : !isOwn)
    return { status: 403, reason: 'the request comes from another origin' }
  return headers['sec-fetch-site'] === 'same-origin' ? null : { status: 403, reason: 'the request does not come from this window' }
}

/** The token of `Authorization: Bearer …`, or null. */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^Bearer ([A-Za-z0-9_-]{16,128})$/.exec(headers.authorization ?? '')?.[1] ?? null
}
