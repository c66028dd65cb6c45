import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasKeyRing, withKeyRing } from '../support/key-ring.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { createWorkplace, rosterFile } from '../support/process.ts'
import { canMakeTerminal, onTerminal } from '../support/terminal.ts'

vi.setConfig({ testTimeout: 60_000 })
const place = await createWorkplace()
let server: PostgresServer
let store = ''
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
  store = await server.database()
  expect((await place.run(['store', 'init', '--store', store], { env: { ROSTER_STORE_PASSWORD: serverPassword } })).code).toBe(0)
})
afterAll(async () => {
  await place.remove()
  await server.stop()
})

/** Files below the workplace in which the password stands as it was typed. */
const filesWithPassword = (): readonly string[] =>
  readdirSync(place.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(serverPassword))

test('without a key chain that is said, nobody is asked for a password in vain, and nothing is kept', async () => {
  // No session bus: nobody is logged in at a desktop.
  const refused = await place.run(['store', 'remember-password', '--store', store], { env: { ROSTER_STORE_PASSWORD: serverPassword } })
  expect(refused.code).toBe(69)
  expect(refused.err).toMatch(/key chain.*Nothing was kept: the password is asked for each time/u)
  expect(refused.out + refused.err).not.toContain(serverPassword)
  expect(filesWithPassword()).toEqual([])
  const status = await place.run(['store', 'status', '--store', store])
  expect(status.code).toBe(69)
  expect(status.err).toContain('does not take this login or its password')
})

test('the store in the data folder wants no password', async () => {
  expect((await place.run(['store', 'remember-password'])).code).toBe(64)
  expect((await place.run(['store', 'forget-password'])).code).toBe(64)
})

describe('with a key ring', () => {
  const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) => place.run(words, { command: withKeyRing, env })

  test.skipIf(!hasKeyRing)('it keeps the password of a store until it is told to forget it, and no file shows it', async () => {
    expect((await run(['store', 'status', '--store', store])).code).toBe(69)
    const kept = await run(['store', 'remember-password', '--store', store, '--json'], { ROSTER_STORE_PASSWORD: serverPassword })
    expect(kept.code, kept.err).toBe(0)
    expect(kept.json()).toEqual({ url: store, kept: true })
    expect(filesWithPassword()).toEqual([])

    const status = await run(['store', 'status', '--store', store, '--json'])
    expect(status.code, status.err).toBe(0)
    expect(status.json()).toMatchObject({ url: store })
    // Another database on the same server is another store: its password is not said there.
    const other = await server.database()
    expect((await run(['store', 'init', '--store', other])).code).toBe(69)
    // What the environment says counts first.
    expect((await run(['store', 'status', '--store', store], { ROSTER_STORE_PASSWORD: 'another' })).code).toBe(69)

    const forgotten = await run(['store', 'forget-password', '--store', store])
    expect(forgotten.code, forgotten.err).toBe(0)
    expect((await run(['store', 'status', '--store', store])).code).toBe(69)
  })

  test.skipIf(!hasKeyRing)('a password that the store refuses is not kept', async () => {
    const wrong = await run(['store', 'remember-password', '--store', store], { ROSTER_STORE_PASSWORD: 'canary-91c4' })
    expect(wrong.code).toBe(69)
    expect(wrong.err).not.toContain('canary-91c4')
    expect((await run(['store', 'status', '--store', store])).code).toBe(69)
  })
})

describe('at a terminal', () => {
  const question = 'Password of the store: '
  const seen = (words: readonly string[], keys: string) =>
    onTerminal([process.execPath, rosterFile, ...words], [{ when: question, keys }], {
      cwd: place.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: place.folder, ROSTER_DATA_DIR: path.join(place.folder, 'data'), TERM: 'xterm' },
    })

  test.skipIf(!canMakeTerminal)('such a terminal does show what is typed, where nobody prevents it', async () => {
    const shown = await onTerminal(['bash', '-c', 'printf "Say: "; read -r said; echo'], [{ when: 'Say: ', keys: 'aloud\r' }], {
      cwd: place.folder,
      env: { PATH: process.env['PATH'] ?? '' },
    })
    expect(shown.screen).toContain('aloud')
  })

  test.skipIf(!canMakeTerminal)('the password is asked for once, and nothing of what is typed is shown', async () => {
    const { code, screen } = await seen(['store', 'status', '--store', store, '--json'], `${serverPassword}\r`)
    expect(code, screen).toBe(0)
    expect(screen.split(question)).toHaveLength(2)
    for (const part of [serverPassword, serverPassword.slice(0, 4), '*']) expect(screen).not.toContain(part)
    const json = JSON.parse(screen.slice(screen.indexOf('{'))) as unknown
    expect(json).toMatchObject({ url: store })
  })

  test.skipIf(!canMakeTerminal)('what was typed wrongly can be taken back; a wrong one is not shown either', async () => {
    const mended = await seen(['store', 'status', '--store', store], `${serverPassword}xy\u007f\u007f\r`)
    expect(mended.code, mended.screen).toBe(0)
    const wrong = await seen(['store', 'status', '--store', store], 'canary-5d1e\r')
    expect(wrong.code).toBe(69)
    expect(wrong.screen).not.toContain('canary')
  })

  test.skipIf(!canMakeTerminal)('Ctrl+C at the question ends at once, and the screen stays clean', async () => {
    const { code, screen } = await seen(['store', 'status', '--store', store], 'canary\u0003')
    expect(code).toBe(130)
    expect(screen).not.toContain('canary')
  })
})
