import { readFile, readdir } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { PayloadManifest } from '../../shared/core/wholesale/payload-files.ts'
import { createWorkplace, startRoster } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'
import { startStandInApi, type StandInApi } from '../support/wholesale-api.ts'
import { profileOf } from '../support/wholesale-batch.ts'

vi.setConfig({ testTimeout: 60_000 })
const place = await createWorkplace()
let standIn: StandInApi
let batch = ''
const env = (more: Readonly<Record<string, string>> = {}) => ({
  env: { ROSTER_WEBEX_API: standIn.url, ROSTER_WEBEX_TOKEN: standIn.token, ...more },
})
const wholesale = (...words: readonly string[]) => place.run(['wholesale', ...words], env())

beforeAll(async () => {
  standIn = await startStandInApi()
  await place.write('profile.json', JSON.stringify(profileOf(standIn)))
  expect((await place.run(['customer', 'add', 'profile.json'])).code).toBe(0)
  await place.write('base.csv', userFile(users(2)))
  await place.write('new.csv', userFile(users(4, (n) => (n === 0 ? { package: 'Webex Voice' } : n > 1 ? { 'User Status': '' } : {}))))
  const submitted = await place.run([
    'submit',
    'new.csv',
    '--customer',
    'Fjordkraft AS',
    '--baseline',
    'base.csv',
    '--as',
    'Kari',
    '--json',
  ])
  expect(submitted.code, submitted.out).toBe(0)
  batch = submitted.json<{ batch: string }>().batch
  for (const n of [0, 1]) standIn.add(`user.${n}@fjordkraft.no`, 'webex_suite')
})
afterAll(async () => {
  expect(standIn.violations).toEqual([])
  await standIn.close()
  await place.remove()
})

test('from the files for other means, over the precheck, to the sending; a script can tell each outcome', async () => {
  expect((await wholesale('send', batch, '--as', 'Per')).code).toBe(77)
  expect((await place.run(['approve', batch, '--as', 'Ola'])).code).toBe(0)
  const early = await wholesale('send', batch, '--as', 'Per', '--json')
  expect(early.code).toBe(77)
  expect(early.json()).toMatchObject({ error: { code: 'guard/wrong-state', wanted: 'applied, partly-applied' } })

  const files = await wholesale('payloads', batch, '-o', 'calls', '--json')
  expect(files.code, files.err).toBe(0)
  expect(files.json()).toEqual({
    batch,
    folder: 'calls',
    files: ['requests.json', '01-subscribers-add.json', '02-subscribers-change.json'],
  })
  expect((await readdir(path.join(place.folder, 'calls'))).toSorted()).toEqual([
    '01-subscribers-add.json',
    '02-subscribers-change.json',
    'requests.json',
  ])
  const manifest = JSON.parse(await readFile(path.join(place.folder, 'calls', 'requests.json'), 'utf8')) as PayloadManifest
  for (const { name, sha256 } of manifest.files)
    expect(
      createHash('sha256')
        .update(await readFile(path.join(place.folder, 'calls', name)))
        .digest('hex'),
    ).toBe(sha256)
  expect(manifest.requests.map(({ method, email }) => `${method} ${email}`)).toEqual([
    'PUT user.0@fjordkraft.no',
    'POST user.2@fjordkraft.no',
    'POST user.3@fjordkraft.no',
  ])
  expect((await wholesale('payloads', batch, '-o', 'calls')).code).toBe(73)

  expect((await place.run(['push', batch, '--as', 'Per'])).code).toBe(0)
  expect((await wholesale('status', batch, '--json')).json()).toMatchObject({
    canSend: true,
    counts: { total: 3, pending: 3 },
    lastSent: null,
  })

  standIn.add('user.3@fjordkraft.no', 'webex_voice', { customerId: 'somebody-else' })
  const checked = await wholesale('precheck', batch, '--json')
  expect(checked.code).toBe(1)
  expect(checked.json()).toMatchObject({ checked: 2, summary: { error: 1 }, findings: [{ rule: 'wholesale/precheck', row: 5 }] })

  expect((await wholesale('send', batch)).code).toBe(64)
  const sent = await wholesale('send', batch, '--as', 'Per', '--json')
  expect(sent.code, sent.err).toBe(1)
  expect(sent.json()).toMatchObject({
    customerId: standIn.customerId,
    counts: { total: 3, done: 2, refused: 1 },
    items: [
      { email: 'user.0@fjordkraft.no', state: 'done', intent: 'packageChange', notCarried: [] },
      { email: 'user.2@fjordkraft.no', state: 'done', proof: 'answered' },
      { email: 'user.3@fjordkraft.no', state: 'refused', reason: { kind: 'api' } },
    ],
  })

  const told = await wholesale('status', batch, '--lang', 'nb')
  expect(told.out).toContain('Avvist  rad 5  user.3@fjordkraft.no')
  expect(told.out).toContain('10022: The email is already associated')
  // Free by now; going on needs no name again.
  standIn.treat(null)
  standIn.forget('user.3@fjordkraft.no')
  const again = await wholesale('send', batch, '--retry', '--json')
  expect(again.code, again.err).toBe(0)
  expect(again.json()).toMatchObject({ counts: { done: 3, refused: 0 } })
})

test('the token comes from the environment and is never said; without one nothing is sent', async () => {
  const without = await place.run(['wholesale', 'precheck', batch, '--json'], { env: { ROSTER_WEBEX_API: standIn.url } })
  expect(without.code).toBe(64)
  expect(without.json()).toMatchObject({ error: { code: 'wholesale/token', reason: 'none' } })
  const wrong = await place.run(['wholesale', 'precheck', batch], env({ ROSTER_WEBEX_TOKEN: 'canary-7f3a' }))
  expect(wrong.code).toBe(69)
  expect(wrong.out + wrong.err).not.toContain('canary-7f3a')
  expect(wrong.err).toContain('Check the token and its scopes')
  const plain = await place.run(['wholesale', 'precheck', batch], env({ ROSTER_WEBEX_API: 'http://webexapis.example/v1' }))
  expect(plain.code).toBe(64)
  expect(plain.err).toContain('https://')
})

test('check --online holds the new users of a file against Webex, in the one list of findings', async () => {
  await place.write('add.csv', userFile(users(5, (n) => (n === 4 ? { 'User Status': '', 'Phone Number': '4721538304' } : {}))))
  await place.write('now.csv', userFile(users(3)))
  standIn.add('user.3@fjordkraft.no', 'webex_voice', { customerId: 'somebody-else' })
  const words = ['check', 'add.csv', '--baseline', 'now.csv', '--json']
  const checked = await place.run([...words, '--customer', 'profile.json', '--online', '--rules', 'phone/no-plus'], env())
  expect(checked.code, checked.err).toBe(1)
  // The user whose number the API would not take is not asked about: the rules say what is wrong there.
  expect(checked.json()).toMatchObject({
    rows: 5,
    summary: { error: 2 },
    byRule: { 'phone/no-plus': 1, 'wholesale/precheck': 1 },
    findings: [
      { rule: 'wholesale/precheck', row: 5, column: 'User ID/Email (Required)', value: 'user.3@fjordkraft.no' },
      { rule: 'phone/no-plus', row: 6 },
    ],
  })
  standIn.forget('user.3@fjordkraft.no')
  const without = await place.run([...words, '--online'], env())
  expect(without.code).toBe(66)
  expect(without.json()).toMatchObject({ error: { code: 'wholesale/no-customer-id' } })
})

test('Ctrl+C ends it at once, and the next sending goes on from there', async () => {
  await place.write('more.csv', userFile(users(6, (n) => (n > 3 ? { 'User Status': '' } : n === 0 ? { package: 'Webex Voice' } : {}))))
  await place.write('then.csv', userFile(users(4, (n) => (n === 0 ? { package: 'Webex Voice' } : {}))))
  const made = await place.run(['submit', 'more.csv', '--customer', 'Fjordkraft AS', '--baseline', 'then.csv', '--as', 'Kari', '--json'])
  const second = made.json<{ batch: string }>().batch
  expect((await place.run(['approve', second, '--as', 'Ola'])).code).toBe(0)
  expect((await place.run(['push', second, '--as', 'Per'])).code).toBe(0)
  standIn.treat((call) => (call === 'create' ? { kind: 'hang', done: true } : null))
  const child = startRoster(['wholesale', 'send', second, '--as', 'Per'], { cwd: place.folder, ...env() })
  const before = standIn.calls.create
  await expect.poll(() => standIn.calls.create, { timeout: 10_000 }).toBe(before + 2)
  const stopped = performance.now()
  child.kill('SIGINT')
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(130)
  expect(performance.now() - stopped).toBeLessThan(1500)
  standIn.treat(null)
  expect((await wholesale('status', second, '--json')).json()).toMatchObject({ counts: { unknown: 2, done: 0 } })
  const on = await wholesale('send', second, '--json')
  expect(on.code, on.err).toBe(0)
  expect(on.json()).toMatchObject({ counts: { done: 2 }, items: [{ proof: 'looked-up' }, { proof: 'looked-up' }] })
  expect(standIn.needless).toEqual([])
})
