import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { securityHeaders } from '../../../shared/contract/security-headers.ts'
import { limits } from '../../../shared/core/limits.ts'
import { err, ok } from '../../../shared/kit/result.ts'
import type { Backend } from '../../compose.ts'
import { plainName } from '../plain-name.ts'
import { listStaticFiles } from '../static-files.ts'
import { BodyTooLarge, readBody } from './body.ts'
import { bearerOf, refusalOf, refusedEmbedding, refusedHost } from './guard.ts'
import { createTokens } from './tokens.ts'

export interface LoopbackOptions {
  readonly backend: Backend
  /** The built window. */
  readonly rendererFolder: string
  /** 0: any free one. */
  readonly port: number
}

export interface Loopback {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** An address that opens the window, once, within some minutes. */
  newAddress(): string
  close(): Promise<void>
}

/** A call's input is small but for pasted blocks. Bytes. */
const callLimit = 32 * 1024 * 1024
const heartbeatMs = 15_000
const uploadsAtOnce = 2
/** A window that does not read its events is let go; it asks again when it wakes. Bytes. */
const eventBacklog = 1024 * 1024
/** Wrong tokens within a minute before the door stays shut for those who have none. */
const triesPerMinute = 60

/** The app for a browser on this machine: the contract over HTTP on 127.0.0.1, and nothing of its own (reliability.md L1–L7). */
export async function startLoopback({ backend, rendererFolder, port }: LoopbackOptions): Promise<Loopback> {
  const files = await listStaticFiles(rendererFolder)
  const tokens = createTokens()
  let host = ''
  let uploads = 0
  let wrongTokens: number[] = []

  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 2_000,
    },
    (request, response) => {
      answer(request, response).catch((thrown: unknown) => {
        if (response.headersSent || response.destroyed) response.destroy()
        else if (thrown instanceof BodyTooLarge) refuse(response, 413, `more than ${thrown.limit} bytes`)
        else refuse(response, 500, 'the request could not be answered')
      })
    },
  )
  server.maxConnections = 128

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    const method = request.method ?? ''
    const place = readTarget(request.url ?? '')
    const wrongHost = refusedHost(request.headers, host)
    if (wrongHost !== null) return refuse(response, wrongHost.status, wrongHost.reason)
    if (place === null) return refuse(response, 400, 'this address cannot be read')
    if (!place.path.startsWith('/api/')) return page(request, response, method, place.path)

    const refusal = refusalOf(method, request.headers, host)
    if (refusal !== null) return refuse(response, refusal.status, refusal.reason)
    const token = bearerOf(request.headers)
    if (place.path === '/api/session') return session(response, method, token)
    if (token === null || !tokens.isSession(token)) return wrongToken(response)
    return api(request, response, method, place)
  }

  async function page(request: IncomingMessage, response: ServerResponse, method: string, path: string): Promise<void> {
    const embedding = refusedEmbedding(request.headers)
    if (embedding !== null) return refuse(response, embedding.status, embedding.reason)
    if (method !== 'GET' && method !== 'HEAD') return notAllowed(response, 'GET, HEAD')
    const file = files.get(path)
    if (file === undefined) return refuse(response, 404, 'there is nothing here')
    response.setHeader('content-type', file.type)
    if (method === 'HEAD') response.end()
    else await pipeline(createReadStream(file.path), response)
  }

  /** A launch token in, a session token out: so the address in history, a screenshot or a chat opens nothing any more. */
  function session(response: ServerResponse, method: string, launchToken: string | null): void {
    if (method !== 'POST') return notAllowed(response, 'POST')
    const token = launchToken === null ? null : tokens.exchange(launchToken)
    if (token === null) return wrongToken(response)
    sendJson(response, 200, ok({ token }))
  }

  async function api(request: IncomingMessage, response: ServerResponse, method: string, { path, query }: Target): Promise<void> {
    const call = /^\/api\/call\/([A-Za-z]+\.[A-Za-z]+)$/.exec(path)?.[1]
    if (call !== undefined) return method === 'POST' ? answerCall(request, response, call) : notAllowed(response, 'POST')
    if (path === '/api/events') return method === 'GET' ? sendEvents(response) : notAllowed(response, 'GET')
    if (path === '/api/files') return method === 'PUT' ? takeFile(request, response, query.get('name') ?? '') : notAllowed(response, 'PUT')
    const ticket = /^\/api\/files\/([A-Za-z0-9_-]{1,200})$/.exec(path)?.[1]
    if (ticket !== undefined) return method === 'GET' ? giveFile(response, ticket) : notAllowed(response, 'GET')
    refuse(response, 404, 'there is nothing here')
  }

  async function answerCall(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    if (!/^application\/json(?:;|$)/i.test(request.headers['content-type'] ?? ''))
      return refuse(response, 415, 'a call is sent as application/json')
    const body = await readBody(request, callLimit)
    let input: unknown
    try {
      input = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    } catch {
      return sendError(response, 400, { code: 'request/invalid-input', method: name, path: '', detail: 'the body is not JSON' })
    }
    sendJson(response, 200, await backend.dispatch(name, input))
  }

  /** Server-sent events, read by fetch: the browser's own EventSource cannot carry the token in a header. */
  function sendEvents(response: ServerResponse): void {
    response.setHeader('content-type', 'text/event-stream; charset=utf-8')
    response.write(':\n\n')
    const send = (text: string): void => {
      if (response.writableLength > eventBacklog) response.destroy()
      else response.write(text)
    }
    const unsubscribe = backend.subscribe((event) => send(`data: ${JSON.stringify(event)}\n\n`))
    const heartbeat = setInterval(() => send(':\n\n'), heartbeatMs)
    response.on('close', () => {
      clearInterval(heartbeat)
      unsubscribe()
    })
  }

  async function takeFile(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const plain = plainName(name)
    if (plain === '')
      return sendError(response, 400, { code: 'request/invalid-input', method: 'files', path: '/name', detail: 'a file needs a name' })
    if (uploads >= uploadsAtOnce) return refuse(response, 503, 'other files are being taken in; try again')
    uploads++
    try {
      const bytes = await readBody(request, limits.fileBytes)
      sendJson(response, 200, ok(await backend.registerBytes(plain, bytes)))
    } finally {
      uploads--
    }
  }

  async function giveFile(response: ServerResponse, ticket: string): Promise<void> {
    const found = await backend.readTicket(ticket)
    if (!found.ok) return sendError(response, 404, found.error)
    const { name, bytes } = found.value
    response.setHeader('content-type', 'application/octet-stream')
    response.setHeader(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(plainName(name)).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`,
    )
    response.end(bytes)
  }

  function wrongToken(response: ServerResponse): void {
    const minuteAgo = performance.now() - 60_000
    wrongTokens = [...wrongTokens.filter((at) => at > minuteAgo), performance.now()].slice(-2 * triesPerMinute)
    response.setHeader('www-authenticate', 'Bearer')
    refuse(response, wrongTokens.length > triesPerMinute ? 429 : 401, 'open the address that Roster printed; each works once')
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // The literal address: not a name, not every interface (L7).
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve)
  })
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    origin: `http://${host}`,
    newAddress: () => `http://${host}/#token=${tokens.newLaunchToken()}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Target {
  readonly path: string
  readonly query: URLSearchParams
}

/** The path and query of a request; null where it is no plain path. */
function readTarget(url: string): Target | null {
  if (!url.startsWith('/') || url.startsWith('//')) return null
  const mark = url.indexOf('?')
  try {
    const path = decodeURIComponent(mark === -1 ? url : url.slice(0, mark))
    return { path, query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)) }
  } catch {
    return null
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}

const sendError = (response: ServerResponse, status: number, error: AppError): void => sendJson(response, status, err(error))

function refuse(response: ServerResponse, status: number, reason: string): void {
  // What is still on its way is not wanted.
  response.setHeader('connection', 'close')
  sendError(response, status, { code: 'guard/refused', detail: reason })
}

function notAllowed(response: ServerResponse, allow: string): void {
  response.setHeader('allow', allow)
  refuse(response, 405, 'that is not how this is asked for')
}
