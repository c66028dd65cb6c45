import http from 'node:http'
import https from 'node:https'
import type { ApiAnswer } from '../../../shared/core/wholesale/answer.ts'
import type { ApiRequest } from '../../../shared/core/wholesale/requests.ts'
import { err, ok } from '../../../shared/kit/result.ts'
import type { WholesaleApi } from '../../ports/wholesale-api.ts'

export interface WholesaleHttpOptions {
  /** Default: the vendor's own. Plain http only to this machine. */
  readonly url?: string
  /** For the whole of a call, the last byte of its answer included. */
  readonly timeoutMs?: number
}

const usualUrl = 'https://webexapis.com/v1'
const usualTimeoutMs = 30_000
/** A page of a hundred subscribers is a hundredth of this. */
const mostAnswerBytes = 4 * 1024 * 1024
/** As many calls at once as the service makes, and a little more. */
const mostSockets = 8

/**
 * The API over Node's own client: certificates are always verified, redirects are not followed, nothing is tried twice. Errors before
 * the connection stood are told apart from those after it, for only the former are surely without effect.
 */
export function createWholesaleHttp({ url = usualUrl, timeoutMs = usualTimeoutMs }: WholesaleHttpOptions = {}): WholesaleApi {
  return {
    url,
    connect(token) {
      const base = baseOf(url)
      if (base === null) return err({ reason: 'bad-address' })
      // What a header cannot hold would be quoted in an error's text.
      if (!/^[\x21-\x7e]{1,8192}$/u.test(token)) return err({ reason: 'bad-token' })
      const isSecure = base.protocol === 'https:'
      const options = { keepAlive: true, maxSockets: mostSockets }
      const agent = isSecure ? new https.Agent({ ...options, rejectUnauthorized: true }) : new http.Agent(options)
      const prefix = base.pathname.replace(/\/$/u, '')
      return ok({
        call: (request, signal) =>
          send(request, { begin: isSecure ? https.request : http.request, agent, base, prefix, token, timeoutMs, signal }),
        close() {
          agent.destroy()
        },
      })
    },
  }
}

interface Way {
  readonly begin: typeof https.request
  readonly agent: http.Agent
  readonly base: URL
  readonly prefix: string
  readonly token: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

function send(request: ApiRequest, { begin, agent, base, prefix, token, timeoutMs, signal }: Way): Promise<ApiAnswer> {
  if (signal.aborted) return Promise.resolve({ kind: 'not-sent', reason: 'stopped', detail: '' })
  const body = request.body === undefined ? null : Buffer.from(JSON.stringify(request.body))
  return new Promise((resolve) => {
    let isConnected = false
    let ended: 'timeout' | 'stopped' | 'unreadable' | null = null
    const call = begin({
      agent,
      host: base.hostname.replace(/^\[|\]$/gu, ''),
      port: base.port === '' ? undefined : base.port,
      method: request.method,
      path: `${prefix}${request.path}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }),
      },
    })
    const timer = setTimeout(() => {
      give('timeout')
    }, timeoutMs)
    const stop = (): void => {
      give('stopped')
    }
    const give = (why: NonNullable<typeof ended>): void => {
      ended ??= why
      call.destroy()
      settle(failed(''))
    }
    const settle = (answer: ApiAnswer): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(answer)
    }
    const failed = (code: string): ApiAnswer => {
      if (!isConnected) {
        if (ended === 'stopped') return { kind: 'not-sent', reason: 'stopped', detail: '' }
        return {
          kind: 'not-sent',
          reason: isTrustProblem(code) ? 'untrusted' : 'unreachable',
          detail: code === '' ? 'no connection' : code,
        }
      }
      return { kind: 'no-answer', reason: ended ?? 'cut', detail: code }
    }
    signal.addEventListener('abort', stop, { once: true })
    call.on('socket', (socket) => {
      // A connection that was kept stands already; a new one does when its handshake is over.
      if (!socket.connecting) isConnected = true
      else socket.once(begin === https.request ? 'secureConnect' : 'connect', () => (isConnected = true))
    })
    call.on('error', (error: NodeJS.ErrnoException) => {
      settle(failed(error.code ?? ''))
    })
    call.on('response', (response) => {
      isConnected = true
      const pieces: Buffer[] = []
      let length = 0
      response.on('data', (piece: Buffer) => {
        length += piece.length
        if (length > mostAnswerBytes) give('unreadable')
        else pieces.push(piece)
      })
      response.on('error', (error: NodeJS.ErrnoException) => {
        settle(failed(error.code ?? ''))
      })
      response.on('end', () => {
        const { headers, statusCode = 0, complete } = response
        if (!complete) {
          settle(failed(''))
          return
        }
        settle({
          kind: 'answer',
          status: statusCode,
          contentType: headers['content-type'] ?? '',
          retryAfter: headers['retry-after'] ?? null,
          text: Buffer.concat(pieces).toString('utf8'),
        })
      })
    })
    call.end(body ?? undefined)
  })
}

/** Null: neither https nor this machine, or no address at all. */
function baseOf(url: string): URL | null {
  const base = URL.canParse(url) ? new URL(url) : null
  if (base === null || base.username !== '' || base.password !== '' || base.search !== '' || base.hash !== '') return null
  if (base.protocol === 'https:') return base
  return base.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(base.hostname) ? base : null
}

/** Codes of OpenSSL's verification and of Node's check of the name. */
const isTrustProblem = (code: string): boolean => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|^ERR_TLS|^ERR_SSL/u.test(code)
