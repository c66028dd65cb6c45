import Ajv, { type ValidateFunction } from 'ajv'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { projectRoot } from './process.ts'

/** Six calls of the vendor's description, as they stand in `tests/fixtures/openapi`. */
interface Described {
  readonly query: readonly string[]
  readonly request?: object
  readonly answers: Readonly<Record<string, object | null>>
}
const vendor = JSON.parse(readFileSync(path.join(projectRoot, 'tests/fixtures/openapi/webex-wholesale-subscribers.json'), 'utf8')) as {
  readonly calls: Readonly<Record<string, Described>>
  readonly components: object
}
const ajv = new Ajv({ strict: false, allErrors: true })
const compiled = new Map<object, ValidateFunction>()
function problemsOf(schema: object, value: unknown): readonly string[] {
  const check = compiled.get(schema) ?? ajv.compile({ ...schema, components: vendor.components })
  compiled.set(schema, check)
  return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}

export interface StandInSubscriber {
  readonly id: string
  readonly email: string
  readonly customerId: string
  packages: string[]
  status: string
  errors?: readonly { readonly errorCode: number; readonly description: string }[]
  readonly parameters: Readonly<Record<string, unknown>>
}

/**
 * What can go wrong with one call. `before`: nothing of it was done; `after`: all of it was, and nobody is told so. What is told is an
 * answer of its own kind.
 */
export type Mishap =
  | { readonly kind: 'status'; readonly status: number; readonly done: boolean; readonly retryAfter?: string }
  | { readonly kind: 'hang' | 'cut' | 'cut-answer' | 'truncated' | 'wrong-type' | 'drip' | 'drip-on'; readonly done: boolean }
  /** Nobody is told, and it is done some time later. */
  | { readonly kind: 'late'; readonly afterMs: number }
  | { readonly kind: 'redirect' }
  /** Done, and the answer is that of a second call (409), as from a gateway that tried twice. */
  | { readonly kind: 'told-twice' }
  /** The new user has a free account; or is made with errors. */
  | { readonly kind: 'pending' | 'errors' }

export type CallName = 'validate' | 'list' | 'create' | 'read' | 'change' | 'remove'

export interface StandInApi {
  readonly url: string
  readonly token: string
  readonly customerId: string
  /** By email. */
  readonly subscribers: ReadonlyMap<string, StandInSubscriber>
  add(email: string, packageName: string, more?: Partial<StandInSubscriber>): void
  forget(email: string): void
  /** How the next calls are treated, until said otherwise; null: soundly. */
  treat(next: ((call: CallName, email: string) => Mishap | null) | null): void
  /** Requests or own answers that do not fit the vendor's schemas: none, ever. */
  readonly violations: readonly string[]
  /** Users that were made, by email: more than one is a double. */
  readonly made: ReadonlyMap<string, number>
  /** Creations that were asked for although a look-up would have shown the user. */
  readonly needless: readonly string[]
  readonly calls: Readonly<Record<CallName, number>>
  /** Starts of calls that came earlier than the API had asked for. */
  readonly early: number
  /** Requests to the place that redirects lead to. */
  readonly followed: number
  close(): Promise<void>
}

const names: Readonly<Record<CallName, string>> = {
  validate: 'POST /wholesale/subscribers/validate',
  list: 'GET /wholesale/subscribers',
  create: 'POST /wholesale/subscribers',
  read: 'GET /wholesale/subscribers/{subscriberId}',
  change: 'PUT /wholesale/subscribers/{subscriberId}',
  remove: 'DELETE /wholesale/subscribers/{subscriberId}',
}
const taken = { errorCode: 10022, description: 'The email is already associated with an existing user.' }

/** The Wholesale API on this machine: it holds each request and each of its own answers against the vendor's schemas, and misbehaves as told. */
export async function startStandInApi(): Promise<StandInApi> {
  const token = 'test-token-7f3a'
  const customerId = 'Y2lzY29zcGFyazovL3VzL0NVU1RPTUVSLzAwMQ=='
  const subscribers = new Map<string, StandInSubscriber>()
  const violations: string[] = []
  const made = new Map<string, number>()
  const needless: string[] = []
  const calls: Record<CallName, number> = { validate: 0, list: 0, create: 0, read: 0, change: 0, remove: 0 }
  let treat: ((call: CallName, email: string) => Mishap | null) | null = null
  let count = 0
  let closed = { from: 0, until: 0 }
  let early = 0
  let followed = 0
  const later = new Set<NodeJS.Timeout>()

  const newSubscriber = (email: string, packageName: string, parameters: Readonly<Record<string, unknown>>): StandInSubscriber => ({
    id: `Y2lzY29zcGFyazovL3VzL1NVQlNDUklCRVIv${++count}`,
    email,
    customerId,
    packages: [packageName],
    status: 'provisioned',
    parameters,
  })
  const shown = ({ id, email, packages, status, errors, customerId: customer }: StandInSubscriber): object => ({
    id,
    ...(status === 'provisioned' ? { personId: `p-${id}` } : {}),
    email,
    customerId: customer.replace(/=+$/u, ''),
    externalCustomerId: 'c1677a16-557a-4fb4-b48f-24adde57ec99',
    ...(packages[0] === undefined ? {} : { package: packages[0] }),
    packages,
    status,
    ...(errors === undefined ? {} : { errors }),
    created: '2026-11-21T00:00:00.000Z',
    lastStatusChange: '2026-11-21T00:00:00.000Z',
  })

  interface Asked {
    readonly call: CallName
    readonly id: string
    readonly query: URLSearchParams
    readonly body: Readonly<Record<string, unknown>>
    readonly email: string
  }
  interface Told {
    readonly status: number
    readonly body: unknown
  }
  const errors = (status: number, ...list: readonly object[]): Told => ({ status, body: { errors: list, trackingId: `ROUTER_${count}` } })
  const byId = (id: string): StandInSubscriber | undefined => [...subscribers.values()].find((one) => one.id === id)

  /** What the API does when nothing goes wrong. */
  function work({ call, id, query, body, email }: Asked, mishap: Mishap | null): Told {
    const key = email.toLowerCase()
    switch (call) {
      case 'validate':
        return subscribers.has(key)
          ? errors(400, taken)
          : {
              status: 200,
              body: { message: 'success', info: { infoCode: 100, description: 'Provisioning preCheck validation successful.' } },
            }
      case 'list': {
        const wanted = (query.get('email') ?? '').toLowerCase()
        const items = [...subscribers.values()].filter(
          (one) => (wanted === '' || one.email.toLowerCase() === wanted) && query.get('customerId') === one.customerId,
        )
        return { status: 200, body: { items: items.map(shown) } }
      }
      case 'create': {
        if (subscribers.has(key)) return errors(409, taken)
        const one = newSubscriber(email, (body['packages'] as string[])[0] ?? '', body['provisioningParameters'] as Record<string, unknown>)
        if (mishap?.kind === 'pending') one.status = 'pending_user_migration'
        if (mishap?.kind === 'errors') one.errors = [{ errorCode: 5001, description: 'The number could not be assigned.' }]
        subscribers.set(key, one)
        made.set(key, (made.get(key) ?? 0) + 1)
        return { status: one.status === 'provisioned' ? 200 : 202, body: shown(one) }
      }
      case 'read': {
        const one = byId(id)
        return one === undefined ? errors(404, { errorCode: 404, description: 'not found' }) : { status: 200, body: shown(one) }
      }
      case 'change': {
        const one = byId(id)
        if (one === undefined) return errors(404, { errorCode: 404, description: 'not found' })
        one.packages = [...(body['packages'] as string[])]
        return { status: 200, body: shown(one) }
      }
      case 'remove': {
        const one = byId(id)
        if (one === undefined) return errors(404, { errorCode: 404, description: 'not found' })
        subscribers.delete(one.email.toLowerCase())
        return { status: 204, body: undefined }
      }
    }
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch((thrown: unknown) => {
      violations.push(`the stand-in failed: ${String(thrown)}`)
      response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request)
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    if (url.pathname === '/elsewhere') followed++
    const asked = readRequest(request.method ?? '', url, text)
    if (asked === null) {
      violations.push(`no such call: ${request.method ?? ''} ${url.pathname}`)
      response.writeHead(404).end()
      return
    }
    calls[asked.call]++
    if (request.headers.authorization !== `Bearer ${token}`) {
      tell(response, asked.call, errors(401, { errorCode: 401, description: 'The access token is not valid.' }))
      return
    }
    // A call that was on its way when the API asked to wait is none that came too early.
    const now = performance.now()
    if (now > closed.from + 25 && now < closed.until - 2) early++
    if (asked.call === 'create' && subscribers.has(asked.email.toLowerCase())) needless.push(asked.email)
    const mishap = treat?.(asked.call, asked.email) ?? null
    go(response, asked, mishap)
  }

  function readRequest(method: string, url: URL, text: string): Asked | null {
    const found = /^\/v1\/wholesale\/subscribers(?:\/([^/]+))?$/u.exec(url.pathname)
    if (found === null) return null
    const id = decodeURIComponent(found[1] ?? '')
    const call = (Object.keys(names) as CallName[]).find((name) => {
      const [verb, form = ''] = names[name].split(' ')
      if (verb !== method) return false
      return form.endsWith('/validate') ? id === 'validate' : form.endsWith('}') ? id !== '' && id !== 'validate' : id === ''
    })
    if (call === undefined) return null
    const described = vendor.calls[names[call]]!
    for (const name of url.searchParams.keys()) if (!described.query.includes(name)) violations.push(`${names[call]}: query ${name}`)
    let body: Record<string, unknown> = {}
    if (described.request === undefined) {
      if (text !== '') violations.push(`${names[call]}: a body`)
    } else {
      body = JSON.parse(text) as Record<string, unknown>
      for (const problem of problemsOf(described.request, body)) violations.push(`${names[call]}: ${problem}`)
      // "Either packages or package field is required but not both", one package only, parameters of a change: prose of the description.
      if ('package' in body === 'packages' in body) violations.push(`${names[call]}: package and packages`)
      if (Array.isArray(body['packages']) && body['packages'].length !== 1) violations.push(`${names[call]}: not one package`)
    }
    const email = typeof body['email'] === 'string' ? body['email'] : (url.searchParams.get('email') ?? byId(id)?.email ?? '')
    return { call, id, query: url.searchParams, body, email }
  }

  function go(response: ServerResponse, asked: Asked, mishap: Mishap | null): void {
    const { call } = asked
    switch (mishap?.kind) {
      case undefined:
      case 'pending':
      case 'errors':
        tell(response, call, work(asked, mishap))
        return
      case 'status': {
        const { status, done, retryAfter } = mishap
        if (done) work(asked, null)
        if (retryAfter !== undefined) {
          response.setHeader('retry-after', retryAfter)
          closed = { from: performance.now(), until: Math.max(closed.until, performance.now() + Number(retryAfter) * 1000) }
        }
        tell(response, call, errors(status, { errorCode: status, description: `injected ${status}` }))
        return
      }
      case 'hang':
        if (mishap.done) work(asked, null)
        return
      case 'late': {
        const timer = setTimeout(() => {
          later.delete(timer)
          work(asked, null)
        }, mishap.afterMs)
        later.add(timer)
        return
      }
      case 'cut':
        if (mishap.done) work(asked, null)
        response.destroy()
        return
      case 'redirect':
        response.writeHead(302, { location: `http://127.0.0.1:${port()}/elsewhere` }).end()
        return
      case 'told-twice':
        work(asked, null)
        tell(response, call, errors(409, taken))
        return
      case 'cut-answer':
      case 'truncated':
      case 'wrong-type':
      case 'drip':
      case 'drip-on':
        bend(response, mishap.done ? work(asked, null) : { status: 200, body: {} }, mishap.kind)
    }
  }

  /** An answer that came to harm on its way. */
  function bend(
    response: ServerResponse,
    { status, body }: Told,
    kind: 'cut-answer' | 'truncated' | 'wrong-type' | 'drip' | 'drip-on',
  ): void {
    const text = JSON.stringify(body ?? {})
    if (kind === 'wrong-type') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>')
      return
    }
    if (kind === 'truncated') {
      response.writeHead(status === 204 ? 200 : status, { 'content-type': 'application/json' }).end(text.slice(0, text.length - 2))
      return
    }
    response.writeHead(status === 204 ? 200 : status, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    })
    if (kind === 'cut-answer') {
      response.write(text.slice(0, text.length / 2), () => response.destroy())
      return
    }
    // A byte now and then: in time, or on and on.
    const bytes = Buffer.from(text)
    const piece = kind === 'drip' ? Math.ceil(bytes.length / 4) : 1
    let at = 0
    const timer = setInterval(() => {
      response.write(bytes.subarray(at, (at += piece)))
      if (at >= bytes.length || response.destroyed) {
        clearInterval(timer)
        later.delete(timer)
        response.end()
      }
    }, 8)
    later.add(timer)
  }

  function tell(response: ServerResponse, call: CallName, { status, body }: Told): void {
    const { answers } = vendor.calls[names[call]]!
    if (!(String(status) in answers)) violations.push(`${names[call]}: answers ${status}`)
    const schema = answers[String(status)]
    if (schema != null) for (const problem of problemsOf(schema, body)) violations.push(`${names[call]} answers: ${problem}`)
    if (body === undefined) response.writeHead(status).end()
    else response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' }).end(JSON.stringify(body))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (): number => (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${port()}/v1`,
    token,
    customerId,
    subscribers,
    violations,
    made,
    needless,
    calls,
    get early() {
      return early
    },
    get followed() {
      return followed
    },
    add(email, packageName, more = {}) {
      subscribers.set(email.toLowerCase(), { ...newSubscriber(email, packageName, {}), ...more })
    },
    forget: (email) => {
      subscribers.delete(email.toLowerCase())
    },
    treat(next) {
      treat = next
    },
    close: () => {
      for (const timer of later) clearTimeout(timer)
      server.closeAllConnections()
      return new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
      })
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
