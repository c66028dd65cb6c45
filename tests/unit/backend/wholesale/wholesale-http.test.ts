import { readFileSync } from 'node:fs'
import http, { type RequestListener } from 'node:http'
import https from 'node:https'
import { createServer, type AddressInfo, type Server } from 'node:net'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createWholesaleHttp } from '../../../../backend/adapters/wholesale-http/wholesale-http.ts'
import type { WholesaleLine } from '../../../../backend/ports/wholesale-api.ts'
import { must } from '../../../support/backend.ts'
import { projectRoot } from '../../../support/process.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  return (server.address() as AddressInfo).port
}
function lineTo(url: string, timeoutMs = 200): WholesaleLine {
  const line = must(createWholesaleHttp({ url, timeoutMs }).connect('token-1'))
  ends.push(() => {
    line.close()
  })
  return line
}
const server = async (listener: RequestListener): Promise<string> => `http://127.0.0.1:${await listen(http.createServer(listener))}/v1/`
const get = { method: 'GET', path: '/wholesale/subscribers?email=a%40b.no' } as const
const never = new AbortController().signal

test('a call goes out as it was given, and its answer comes back as it was told', async () => {
  const seen: unknown[] = []
  const url = await server((request, response) => {
    const { method, url: asked, headers } = request
    request.setEncoding('utf8').on('data', (body: string) => seen.push({ method, asked, token: headers.authorization, body }))
    request.on('end', () => response.writeHead(202, { 'content-type': 'application/json', 'retry-after': '7' }).end('{"é":1}'))
  })
  const line = lineTo(url)
  expect(await line.call({ method: 'POST', path: '/wholesale/subscribers', body: { name: 'Åse' } }, never)).toEqual({
    kind: 'answer',
    status: 202,
    contentType: 'application/json',
    retryAfter: '7',
    text: '{"é":1}',
  })
  expect(seen).toEqual([{ method: 'POST', asked: '/v1/wholesale/subscribers', token: 'Bearer token-1', body: '{"name":"Åse"}' }])
})

test('what surely never came there is told apart from what may have', async () => {
  const closed = createServer()
  const port = await listen(closed)
  await new Promise((resolve) => closed.close(resolve))
  expect(await lineTo(`http://127.0.0.1:${port}`).call(get, never)).toEqual({
    kind: 'not-sent',
    reason: 'unreachable',
    detail: 'ECONNREFUSED',
  })
  const cut = await server((request) => request.socket.destroy())
  expect(await lineTo(cut).call(get, never)).toMatchObject({ kind: 'no-answer', reason: 'cut' })
  const silent = await server(() => undefined)
  expect(await lineTo(silent).call(get, never)).toMatchObject({ kind: 'no-answer', reason: 'timeout' })
  const early = new AbortController()
  early.abort()
  expect(await lineTo(silent).call(get, early.signal)).toMatchObject({ kind: 'not-sent', reason: 'stopped' })
  const late = new AbortController()
  setTimeout(() => {
    late.abort()
  }, 40)
  expect(await lineTo(silent).call(get, late.signal)).toMatchObject({ kind: 'no-answer', reason: 'stopped' })
})

test('a kept connection that the server drops in between is no proof that nothing was done', async () => {
  let calls = 0
  const url = await server((request, response) => {
    calls++
    if (calls === 1) response.writeHead(200).end('{}')
    else request.socket.destroy()
  })
  const line = lineTo(url)
  expect(await line.call(get, never)).toMatchObject({ status: 200 })
  expect(await line.call(get, never)).toMatchObject({ kind: 'no-answer', reason: 'cut' })
})

test('an answer without an end, and one that drips past the time limit, are cut off; one that is too long, too', async () => {
  const partly = await server((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"id"')
    setTimeout(() => response.destroy(), 20)
  })
  expect(await lineTo(partly).call(get, never)).toMatchObject({ kind: 'no-answer', reason: 'cut' })
  const dripping = await server((_, response) => {
    const timer = setInterval(() => response.write(' '), 10)
    ends.push(() => {
      clearInterval(timer)
    })
  })
  const started = performance.now()
  expect(await lineTo(dripping).call(get, never)).toMatchObject({ kind: 'no-answer', reason: 'timeout' })
  expect(performance.now() - started).toBeLessThan(1000)
  const flood = await server((_, response) => {
    const pour = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 20, 32))) continue
      response.once('drain', pour)
    }
    pour()
  })
  expect(await lineTo(flood, 5000).call(get, never)).toMatchObject({ kind: 'no-answer', reason: 'unreadable' })
})

test('a redirect is told, not followed: the token goes to one host', async () => {
  let other = 0
  const elsewhere = await server((_, response) => {
    other++
    response.end('{}')
  })
  const url = await server((_, response) => response.writeHead(307, { location: elsewhere }).end())
  expect(await lineTo(url).call(get, never)).toMatchObject({ kind: 'answer', status: 307 })
  expect(other).toBe(0)
})

test('a certificate that nobody vouches for is refused before anything is sent, whatever the environment allows', async () => {
  const pem = (name: string): Buffer => readFileSync(path.join(projectRoot, 'tests/fixtures/tls', name))
  let calls = 0
  const secure = https.createServer({ key: pem('self-signed.key.pem'), cert: pem('self-signed.cert.pem') }, (_, response) => {
    calls++
    response.end('{}')
  })
  const port = await listen(secure)
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  try {
    expect(await lineTo(`https://127.0.0.1:${port}/v1`, 2000).call(get, never)).toEqual({
      kind: 'not-sent',
      reason: 'untrusted',
      detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
  }
  expect(calls).toBe(0)
  // A connection that stands in the middle of its handshake has carried nothing yet, either.
  const mute = await listen(createServer((socket) => socket.resume()))
  expect(await lineTo(`https://127.0.0.1:${mute}/v1`).call(get, never)).toMatchObject({ kind: 'not-sent', reason: 'unreachable' })
})

test('no token is sent where it could be read on the way, and what is no token is not sent at all', () => {
  const refusal = (url: string, token = 'token-1'): string => {
    const line = createWholesaleHttp({ url }).connect(token)
    return line.ok ? 'taken' : line.error.reason
  }
  expect(
    ['http://webexapis.com/v1', 'http://127.0.0.1.evil.example/v1', 'ftp://webexapis.com', 'https://a:b@webexapis.com/v1', 'nonsense'].map(
      (url) => refusal(url),
    ),
  ).toEqual(Array.from({ length: 5 }, () => 'bad-address'))
  expect(
    ['https://webexapis.com/v1', 'http://127.0.0.1:8080/v1', 'http://[::1]/v1', 'http://localhost/v1'].map((url) => refusal(url)),
  ).toEqual(Array.from({ length: 4 }, () => 'taken'))
  expect(['', ' ', 'a b', 'a\r\nX: y', 'å'].map((token) => refusal('https://webexapis.com/v1', token))).toEqual(
    Array.from({ length: 5 }, () => 'bad-token'),
  )
})
