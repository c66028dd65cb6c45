import { emailKey } from '../diff/cell-meaning.ts'
import { reason, type WholesaleReason } from './reason.ts'

/** What came of one call, as the wire tells it. */
export type ApiAnswer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly contentType: string
      readonly retryAfter: string | null
      readonly text: string
    }
  /** Nothing of the call can have reached the API. */
  | { readonly kind: 'not-sent'; readonly reason: 'unreachable' | 'untrusted' | 'stopped'; readonly detail: string }
  /** The call may have had its effect, and nobody told. */
  | { readonly kind: 'no-answer'; readonly reason: 'timeout' | 'cut' | 'unreadable' | 'stopped'; readonly detail: string }

/** A subscriber as the API gives it, as far as it is used. */
export interface ApiSubscriber {
  readonly id: string
  readonly email: string
  readonly customerId: string | null
  readonly packages: readonly string[]
  readonly status: string
  /** Of the last attempt to provision or update. */
  readonly errors: readonly string[]
}

/** What an answer to a call that changes something means. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly subscriber: ApiSubscriber | null }
  | { readonly kind: 'refused'; readonly reason: WholesaleReason }
  /** Somebody is there already, perhaps by an earlier call of ours: to be looked up. */
  | { readonly kind: 'conflict'; readonly reason: WholesaleReason }
  | { readonly kind: 'gone' }
  /** Surely without effect, and worth another try. */
  | { readonly kind: 'again'; readonly afterMs: number | null; readonly reason: WholesaleReason }
  /** Perhaps with an effect: to be looked up before anything is sent again. */
  | { readonly kind: 'unknown'; readonly afterMs: number | null; readonly reason: WholesaleReason }
  /** The token, or what it may do. */
  | { readonly kind: 'barred'; readonly status: number; readonly reason: WholesaleReason }

/** "The email is already associated with an existing user." (OAS) */
const emailTaken = 10022

/** `email`: of the user that the call was for. An answer that speaks of somebody else tells nothing. */
export function judgeEffect(answer: ApiAnswer, call: 'add' | 'change' | 'remove', email: string, nowMs: number): Verdict {
  const common = judgeCommon(answer, nowMs)
  if (common !== null) return common
  const { status, text } = answer as Extract<ApiAnswer, { kind: 'answer' }>
  if (status >= 200 && status < 300) {
    // A page that says 200 in the API's place has removed nobody.
    if (call === 'remove' && status === 204) return { kind: 'accepted', subscriber: null }
    const subscriber = call === 'remove' ? null : readSubscriber(parseJson(answer))
    return subscriber === null || emailKey(subscriber.email) !== emailKey(email)
      ? { kind: 'unknown', afterMs: null, reason: reason('unreadable', `HTTP ${status}`) }
      : { kind: 'accepted', subscriber }
  }
  const errors = readErrors(parseJson(answer))
  const why = reason('api', wordsOf(status, errors, text))
  if ((status === 404 || status === 410) && call !== 'add') {
    // Something on the way that knows no such page says 404, too: only the API's own word tells that the user is gone.
    return isObject(parseJson(answer))
      ? { kind: 'gone' }
      : { kind: 'unknown', afterMs: null, reason: reason('unreadable', `HTTP ${status}`) }
  }
  if (status === 409 || (call === 'add' && errors.some(({ code }) => code === emailTaken))) return { kind: 'conflict', reason: why }
  return { kind: 'refused', reason: why }
}

/** What the precheck says. `unavailable`: this partner may not use it; the creation itself then is the judge. */
export type PrecheckVerdict =
  | { readonly kind: 'sound'; readonly remarks: readonly string[] }
  | { readonly kind: 'unavailable' }
  | Extract<Verdict, { readonly kind: 'refused' | 'again' | 'barred' }>

/** Nothing is changed by a precheck, so what is unknown elsewhere may simply be asked again here. */
export function judgePrecheck(answer: ApiAnswer, nowMs: number): PrecheckVerdict {
  const common = judgeCommon(answer, nowMs)
  if (common !== null) {
    if (common.kind === 'barred' && common.status === 403) return { kind: 'unavailable' }
    return common.kind === 'barred' ? common : { kind: 'again', afterMs: common.afterMs, reason: common.reason }
  }
  const { status, text } = answer as Extract<ApiAnswer, { kind: 'answer' }>
  const body = parseJson(answer)
  const errors = readErrors(body)
  if (status >= 200 && status < 300) {
    if (!isObject(body)) return { kind: 'again', afterMs: null, reason: reason('unreadable', `HTTP ${status}`) }
    if (errors.length > 0) return { kind: 'refused', reason: reason('api', wordsOf(status, errors, text)) }
    return { kind: 'sound', remarks: readInfo(body) }
  }
  // No such call for this partner; a refusal of the user says why.
  if ([404, 405, 410, 415].includes(status) && errors.length === 0) return { kind: 'unavailable' }
  return { kind: 'refused', reason: reason('api', wordsOf(status, errors, text)) }
}

/** What a look-up found; `again` where it could not be told. */
export type LookUp =
  { readonly kind: 'list'; readonly subscribers: readonly ApiSubscriber[] } | Extract<Verdict, { readonly kind: 'again' | 'barred' }>

export function judgeLookUp(answer: ApiAnswer, nowMs: number): LookUp {
  const common = judgeCommon(answer, nowMs)
  if (common !== null) return common.kind === 'barred' ? common : { kind: 'again', afterMs: common.afterMs, reason: common.reason }
  const { status, text } = answer as Extract<ApiAnswer, { kind: 'answer' }>
  const body = parseJson(answer)
  if (status < 200 || status >= 300) return { kind: 'again', afterMs: null, reason: reason('api', wordsOf(status, readErrors(body), text)) }
  const items = isObject(body) ? body['items'] : undefined
  if (!Array.isArray(items)) return { kind: 'again', afterMs: null, reason: reason('unreadable', `HTTP ${status}`) }
  const subscribers = items.map(readSubscriber)
  // One line that cannot be read may be the one that is looked for.
  return subscribers.every((one) => one !== null)
    ? { kind: 'list', subscribers }
    : { kind: 'again', afterMs: null, reason: reason('unreadable', `HTTP ${status}`) }
}

/** Ours among those that the API listed: whatever it thinks of filters, another customer's user is none of ours. */
export const pickSubscriber = (listed: readonly ApiSubscriber[], email: string, customerId: string): ApiSubscriber | null =>
  listed.find((one) => emailKey(one.email) === emailKey(email) && (one.customerId === null || isSameId(one.customerId, customerId))) ?? null

/** The API writes its IDs, which are base64, with and without padding. */
const isSameId = (a: string, b: string): boolean => a.replace(/=+$/u, '') === b.replace(/=+$/u, '')

/** What every call has in common; null: an answer that speaks of the call itself. */
function judgeCommon(answer: ApiAnswer, nowMs: number): Extract<Verdict, { readonly kind: 'again' | 'unknown' | 'barred' }> | null {
  if (answer.kind === 'not-sent') return { kind: 'again', afterMs: null, reason: reason(answer.reason, answer.detail) }
  if (answer.kind === 'no-answer') return { kind: 'unknown', afterMs: null, reason: reason(answer.reason, answer.detail) }
  const { status, text } = answer
  const afterMs = retryAfterMs(answer.retryAfter, nowMs)
  const said = (): string => wordsOf(status, readErrors(parseJson(answer)), text)
  if (status === 401 || status === 403) return { kind: 'barred', status, reason: reason('not-allowed', said()) }
  // A limiter and a lock stand before the work.
  if (status === 429 || status === 423) return { kind: 'again', afterMs, reason: reason('busy', said()) }
  if (status === 408 || status >= 500) return { kind: 'unknown', afterMs, reason: reason('server-error', said()) }
  // Redirects are not followed: the token goes to one host only.
  if (status < 200 || (status >= 300 && status < 400))
    return { kind: 'unknown', afterMs: null, reason: reason('redirect', `HTTP ${status}`) }
  return null
}

/** `120` or an HTTP date (RFC 9110 §10.2.3) as milliseconds from now; null where it is neither. */
export function retryAfterMs(text: string | null, nowMs: number): number | null {
  const trimmed = text?.trim() ?? ''
  if (/^\d{1,9}$/u.test(trimmed)) return Number(trimmed) * 1000
  // What is no date of the web is left alone: `Date.parse` also takes much else.
  const date = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u.test(trimmed) ? Date.parse(trimmed) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}

// ── bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Undefined where the body is no JSON, or says it is something else. */
function parseJson(answer: ApiAnswer): unknown {
  if (answer.kind !== 'answer' || !/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/iu.test(answer.contentType)) return undefined
  try {
    return JSON.parse(answer.text)
  } catch {
    return undefined
  }
}

/** Null: no subscriber that can be worked with. */
export function readSubscriber(value: unknown): ApiSubscriber | null {
  if (!isObject(value) || textOf(value['id']) === '' || textOf(value['email']) === '') return null
  const { packages, customerId, errors } = value
  return {
    id: textOf(value['id']),
    email: textOf(value['email']),
    customerId: typeof customerId === 'string' && customerId !== '' ? customerId : null,
    packages:
      Array.isArray(packages) && packages.length > 0 ? packages.map(textOf) : [textOf(value['package'])].filter((name) => name !== ''),
    status: textOf(value['status']),
    errors: readErrors(Array.isArray(errors) ? { errors } : undefined).map(errorWords),
  }
}

interface ApiError {
  readonly code: number | null
  readonly text: string
}

/** `{"errors":[{"errorCode":…,"description":…}]}`, `{"errorCode":…}`, `{"message":…,"errors":[{"description":…}]}`. */
function readErrors(body: unknown): readonly ApiError[] {
  if (!isObject(body)) return []
  const { errors, info } = body
  const listed = (Array.isArray(errors) ? errors : isObject(errors) ? [errors] : []).filter(isObject)
  // The precheck tells its errors where it tells its infos.
  const told = (Array.isArray(info) ? info : [info]).filter(isObject).filter((one) => 'errorCode' in one)
  const all = [...listed, ...told, ...('errorCode' in body ? [body] : [])]
  return all.map((one) => ({ code: codeOf(one['errorCode']), text: textOf(one['description']) || textOf(one['message']) }))
}

/** A number since January 2024, a text of digits before (NEWS). */
function codeOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{1,9}$/u.test(value) ? Number(value) : null
}

/** Infos of a precheck other than "successful" (100). */
const readInfo = ({ info }: Readonly<Record<string, unknown>>): readonly string[] =>
  (Array.isArray(info) ? info : [info])
    .filter(isObject)
    .filter((one) => codeOf(one['infoCode']) !== 100)
    .map((one) => errorWords({ code: codeOf(one['infoCode']), text: textOf(one['description']) }))

const errorWords = ({ code, text }: ApiError): string => cut(code === null ? text : text === '' ? String(code) : `${code}: ${text}`)

/** The API's reasons, with its tracking ID, by which its support finds the call. */
function wordsOf(status: number, errors: readonly ApiError[], text: string): string {
  const body = isJsonText(text)
  const message = isObject(body) ? textOf(body['message']) : ''
  const trackingId = isObject(body) ? textOf(body['trackingId']) : ''
  const words =
    errors.length > 0 ? errors.map(errorWords).join('; ') : message === '' ? `HTTP ${status}` : `HTTP ${status}: ${cut(message)}`
  return trackingId === '' ? words : `${words} (${cut(trackingId)})`
}

function isJsonText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const longest = 500
const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)
