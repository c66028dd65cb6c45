import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Backend } from '../../backend/compose.ts'
import { startLoopback, type Loopback } from '../../backend/hosts/loopback/server.ts'
import { contentSecurityPolicy } from '../../shared/contract/security-headers.ts'
import { ok } from '../../shared/kit/result.ts'
import { rawRequest, type RawAnswer, type RawRequest } from '../support/http.ts'

// Threat model L1–L7 of the loopback host. The backend behind it only counts: what is refused must never reach it.
const reached: string[] = []
const backend: Backend = {
  dispatch: (name) => Promise.resolve(ok({ name: reached.push(name) })),
  subscribe: () => () => undefined,
  registerPath: () => Promise.reject(new Error('no path ever comes over HTTP')),
  registerBytes: (name, bytes) => {
    reached.push(`upload ${name}`)
    return Promise.resolve({ ticket: 't-1', name, size: bytes.length })
  },
  readTicket: (ticket) => {
    reached.push(`download ${ticket}`)
    return Promise.resolve(ok({ name: 'Åse "1"\r\n.csv', bytes: new TextEncoder().encode('a,b\r\n') }))
  },
  close: () => Promise.resolve(),
}

let folder: string
let host: Loopback
let port: number
let session: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'roster-loopback-'))
  await mkdir(path.join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(path.join(folder, 'page', 'index.html'), '<!doctype html><title>Roster</title>')
  await writeFile(path.join(folder, 'page', 'assets', 'app.js'), 'export {}')
  await writeFile(path.join(folder, 'page', '.stamp'), 'secret')
  await writeFile(path.join(folder, 'secret.html'), 'secret')
  await symlink(path.join(folder, 'secret.html'), path.join(folder, 'page', 'linked.html'))
  host = await startLoopback({ backend, rendererFolder: path.join(folder, 'page'), port: 0 })
  port = Number(new URL(host.origin).port)
  session = await newSession()
})
afterAll(async () => {
  await host.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => void (reached.length = 0))

const launchToken = (): string => new URL(host.newAddress()).hash.replace('#token=', '')
const own = (): Record<string, string> => ({ host: `127.0.0.1:${port}`, origin: host.origin, 'sec-fetch-site': 'same-origin' })
const signed = (): Record<string, string> => ({ ...own(), authorization: `Bearer ${session}` })
const send = (request: Omit<RawRequest, 'port'>): Promise<RawAnswer> => rawRequest({ port, ...request })
const call = (headers: RawRequest['headers'], over: Partial<RawRequest> = {}): Promise<RawAnswer> =>
  send({ method: 'POST', path: '/api/call/drafts.list', body: '{}', headers: { 'content-type': 'application/json', ...headers }, ...over })

async function newSession(): Promise<string> {
  const answer = await send({ method: 'POST', path: '/api/session', headers: { ...own(), authorization: `Bearer ${launchToken()}` } })
  return (JSON.parse(answer.body) as { value: { token: string } }).value.token
}

test('our own window gets through', async () => {
  const answer = await call(signed())
  expect({ status: answer.status, body: JSON.parse(answer.body) as unknown }).toEqual({
    status: 200,
    body: { ok: true, value: { name: 1 } },
  })
  expect(reached).toEqual(['drafts.list'])
})

describe('another page, or a name that was pointed at this machine (L1, L2)', () => {
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']
  const contents = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']
  const callers: readonly [string, Record<string, string | undefined>][] = [
    ['another origin', { origin: 'http://evil.test' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a rebound name', { host: 'evil.test', origin: 'http://evil.test' }],
    ['a rebound name with our port', { host: () => `evil.test:${port}` } as never],
    ['localhost by name', { host: 'localhost' }],
    ['a cross-site page', { 'sec-fetch-site': 'cross-site' }],
    ['no word on where it comes from', { 'sec-fetch-site': undefined }],
    ['no origin', { origin: undefined }],
  ]
  test.each(callers)('%s is refused with every method and content type, even with a token', async (_, said) => {
    for (const method of methods)
      for (const content of contents)
        for (const address of ['/api/call/drafts.list', '/api/files?name=a.csv', '/api/session', '/api/events']) {
          const fixed = Object.fromEntries(
            Object.entries(said).map(([name, value]) => [name, typeof value === 'function' ? (value as () => string)() : value]),
          )
          if (method === 'GET' && 'origin' in said && said['origin'] === undefined) continue
          const answer = await send({
            method,
            path: address,
            headers: { ...signed(), 'content-type': content, ...fixed },
            body: method === 'GET' ? '' : '{}',
          })
          expect(answer.status, `${method} ${address} ${content}`).toBe(403)
          expect(answer.headers['access-control-allow-origin']).toBeUndefined()
        }
    expect(reached).toEqual([])
  })
  test('our own window with another content type is refused', async () => {
    for (const content of [...contents.slice(1), 'application/jsonp', ''])
      expect((await call({ ...signed(), 'content-type': content })).status).toBe(415)
    expect(reached).toEqual([])
  })
  test('a preflight is answered by a refusal, not by permissions', async () => {
    const answer = await send({
      method: 'OPTIONS',
      path: '/api/call/drafts.list',
      headers: { ...own(), 'access-control-request-method': 'POST' },
    })
    expect(answer.status).toBe(401)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('who has no token (L3, L4)', () => {
  test.each([
    ['none', undefined],
    ['a wrong one', `Bearer ${'x'.repeat(43)}`],
    ['an empty one', 'Bearer '],
    ['another scheme', 'Basic eDp5'],
  ])('%s: 401, and nothing is reached', async (_, authorization) => {
    for (const address of ['/api/call/drafts.list', '/api/files/t-1', '/api/events', '/api/nothing'])
      expect((await send({ path: address, headers: { ...own(), authorization } })).status).toBe(401)
    expect(reached).toEqual([])
  })
  test('a token in the address or in a cookie is no token', async () => {
    expect((await call({ ...own(), cookie: `token=${session}` }, { path: `/api/call/drafts.list?token=${session}` })).status).toBe(401)
  })
  test('an address opens the window once', async () => {
    const token = launchToken()
    const exchange = (): Promise<RawAnswer> =>
      send({ method: 'POST', path: '/api/session', headers: { ...own(), authorization: `Bearer ${token}` } })
    expect((await exchange()).status).toBe(200)
    expect((await exchange()).status).toBe(401)
    expect((await call({ ...own(), authorization: `Bearer ${token}` })).status).toBe(401)
  })
  test('who keeps guessing finds the door shut, and the window still works', async () => {
    for (let n = 0; n < 70; n++) await call(own())
    expect((await call(own())).status).toBe(429)
    expect((await call(signed())).status).toBe(200)
  })
})

describe('files of the window', () => {
  test('the page and what it loads', async () => {
    const page = await send({ path: '/', headers: { host: own()['host'] } })
    expect([page.status, page.headers['content-type'], page.body]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype html><title>Roster</title>',
    ])
    expect((await send({ path: '/assets/app.js?v=1', headers: { host: own()['host'] } })).headers['content-type']).toBe(
      'text/javascript; charset=utf-8',
    )
  })
  test.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/..%5csecret.html',
    '/%2e%2e%2fsecret.html',
    '/..\\secret.html',
    '/linked.html',
    '/.stamp',
    '/index.html%00.js',
    '/%00',
    '/%',
    '/%c0%ae%c0%ae/secret.html',
    '//127.0.0.1/secret.html',
    'http://evil.test/secret.html',
    '/assets',
    '/assets/',
    '/api',
  ])('nothing else: %s', async (address) => {
    const answer = await send({ path: address, headers: { host: own()['host'] } })
    expect([400, 404]).toContain(answer.status)
    expect(answer.body).not.toContain('secret')
  })
  test('a file that is handed out is a download with a harmless name', async () => {
    const { origin: _, ...headers } = signed()
    const answer = await send({ path: '/api/files/t-1', headers })
    expect([answer.status, answer.headers['content-type'], answer.headers['content-disposition'], answer.body]).toEqual([
      200,
      'application/octet-stream',
      `attachment; filename*=UTF-8''%C3%85se%20%221%22.csv`,
      'a,b\r\n',
    ])
  })
  test('an upload brings bytes and a plain name', async () => {
    const upload = (name: string): Promise<RawAnswer> =>
      send({ method: 'PUT', path: `/api/files?name=${encodeURIComponent(name)}`, headers: signed(), body: 'a,b' })
    expect(JSON.parse((await upload('../../etc/Åse.csv')).body)).toEqual({ ok: true, value: { ticket: 't-1', name: 'Åse.csv', size: 3 } })
    expect(reached).toEqual(['upload Åse.csv'])
    for (const name of ['', '..', 'a/..', '\u0000']) expect((await upload(name)).status).toBe(400)
  })
})

test('every answer carries the security headers, errors too (L5)', async () => {
  const answers = await Promise.all([
    call(signed()),
    call(own()),
    call({ ...own(), host: 'evil.test' }),
    send({ path: '/', headers: { host: own()['host'] } }),
    send({ path: '/nothing', headers: { host: own()['host'] } }),
    send({ path: '/%', headers: { host: own()['host'] } }),
    send({ method: 'DELETE', path: '/', headers: { host: own()['host'] } }),
    call(signed(), { body: 'not JSON' }),
  ])
  expect(answers.map((answer) => answer.status)).toEqual([200, expect.any(Number), 403, 200, 404, 400, 405, 400])
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'content-security-policy': contentSecurityPolicy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
  expect(contentSecurityPolicy).toContain("frame-ancestors 'none'")
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/)
})

describe('too much, or too slowly (L6)', () => {
  test('a body whose length is announced as too large is not read', async () => {
    const answer = await call({ ...signed(), 'content-length': String(10 * 1024 ** 3) }, { body: '' }).catch(() => null)
    expect(answer?.status).toBe(413)
  })
  test('a body without a length is cut off at the limit', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let text = ''
      socket.on('data', (piece) => (text += String(piece)))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(text))
      const headers = Object.entries({ ...signed(), 'content-type': 'application/json', 'transfer-encoding': 'chunked' })
      socket.write(`POST /api/call/drafts.list HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`)
      const piece = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(1024 * 1024, 0x20), Buffer.from('\r\n')])
      let sent = 0
      const more = (): void => {
        if (socket.destroyed || sent++ > 64) return
        socket.write(piece, more)
      }
      more()
    })
    expect(answer).toContain('HTTP/1.1 413')
    expect(reached).toEqual([])
  })
  test('who never finishes asking is let go', async () => {
    const waited = await new Promise<number>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      const started = Date.now()
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(Date.now() - started))
      socket.resume()
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n')
    })
    expect(waited).toBeLessThan(14_000)
  }, 20_000)
})

test('nobody reaches it but this machine (L7)', async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && address.family === 'IPv4')
    .map((address) => address.address)
  // 127.0.0.2 is this machine too, but not the address that was bound: bound to every interface, it would answer.
  for (const address of ['127.0.0.2', ...others]) {
    const reachable = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: address, port, timeout: 2000 })
      socket.on('connect', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('timeout', () => resolve(false))
      socket.on('close', () => socket.destroy())
    })
    expect(reachable, address).toBe(false)
  }
})
