import { afterAll, expect, test, vi } from 'vitest'
import { rawRequest } from '../support/http.ts'
import { createWorkplace, ended, olderNode, rosterFile, startRoster } from '../support/process.ts'

vi.setConfig({ testTimeout: 60_000 })
const place = await createWorkplace()
afterAll(() => place.remove())

interface Served {
  readonly url: string
  readonly origin: string
}

test('serves the app on this machine, says where, and ends cleanly on Ctrl+C', async () => {
  const child = startRoster(['serve', '--json'], { cwd: place.folder })
  const over = ended(child)
  const { url, origin } = await new Promise<Served>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (piece) => {
      text += String(piece)
      if (text.endsWith('}\n')) resolve(JSON.parse(text) as Served)
    })
    child.once('exit', () => reject(new Error('it ended before it served')))
  })
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
  const port = Number(new URL(origin).port)
  const own = { host: `127.0.0.1:${port}`, origin, 'sec-fetch-site': 'same-origin' }

  const page = await rawRequest({ port, path: '/', headers: { host: own.host } })
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('<script type="module"') as string])
  const script = /src="(?:\.)?(\/[^"]+\.js)"/.exec(page.body)?.[1] ?? ''
  expect((await rawRequest({ port, path: script, headers: { host: own.host } })).status).toBe(200)

  const session = await rawRequest({
    port,
    method: 'POST',
    path: '/api/session',
    headers: { ...own, authorization: `Bearer ${url.split('#token=')[1] ?? ''}` },
  })
  const { token } = (JSON.parse(session.body) as { value: { token: string } }).value
  const headers = { ...own, authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const info = await rawRequest({ port, method: 'POST', path: '/api/call/app.info', headers, body: '{}' })
  expect(JSON.parse(info.body)).toMatchObject({ ok: true, value: { version: expect.stringMatching(/^\d/) as string } })

  child.kill('SIGINT')
  const { code, signal, err } = await over
  // It may have had to build the window first.
  expect({ code, signal, err: err.replaceAll(/^built .*\n/gm, '') }).toEqual({ code: 0, signal: null, err: '' })
})

test('a port that is taken is said, not crashed on', async () => {
  const first = startRoster(['serve'], { cwd: place.folder })
  const port = await new Promise<string>((resolve) =>
    first.stdout.on('data', (piece) => resolve(/:(\d+)\//.exec(String(piece))?.[1] ?? '')),
  )
  const second = await place.run(['serve', '--port', port])
  expect([second.code, second.err]).toEqual([64, expect.stringContaining(`Port ${port}`) as string])
  first.kill('SIGTERM')
  expect((await ended(first)).code).toBe(0)
})

test.skipIf(olderNode === undefined)('killed together with the older Node that started it', async () => {
  const child = startRoster(['serve'], { cwd: place.folder, command: [olderNode ?? '', rosterFile] })
  const port = await new Promise<number>((resolve) =>
    child.stdout.on('data', (piece) => resolve(Number(/:(\d+)\//.exec(String(piece))?.[1]))),
  )
  const answers = (): Promise<boolean> =>
    rawRequest({ port, path: '/', headers: { host: `127.0.0.1:${port}` } }).then(
      () => true,
      () => false,
    )
  expect(await answers()).toBe(true)
  child.kill('SIGKILL')
  await expect.poll(answers, { timeout: 5000 }).toBe(false)
})
