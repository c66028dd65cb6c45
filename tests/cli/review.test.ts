import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createWorkplace } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'

vi.setConfig({ testTimeout: 60_000 })
const place = await createWorkplace()
afterAll(() => place.remove())
const signing = { env: { ROSTER_PASSPHRASE: 'correct horse battery' } }

beforeAll(async () => {
  await place.write('profile.json', JSON.stringify({ name: 'Fjordkraft AS' }))
  await place.write('base.csv', userFile(users(6)))
  await place.write('change.csv', userFile(users(6, (n) => (n < 3 ? { Department: 'Salg' } : {}))))
})
const submit = async (): Promise<string> => {
  const words = ['submit', 'change.csv', '--customer', 'profile.json', '--baseline', 'base.csv', '--as', 'Kari', '--json']
  return (await place.run(words)).json<{ batch: string }>().batch
}

test('a batch goes out as a file, is decided on elsewhere, and the decision comes home', async () => {
  const batch = await submit()
  expect((await place.run(['review', 'export', batch, '-o', 'b.rosterreview'])).code).toBe(0)
  const away = ['--data-dir', 'away']
  const shown = await place.run(['review', 'show', 'b.rosterreview', '--json', ...away])
  expect(shown.json()).toMatchObject({ customer: 'Fjordkraft AS', items: 3, batch: { id: batch, author: 'Kari' } })
  const decide = ['review', 'decide', 'b.rosterreview', '--as', 'Ola', '--decision', 'approved', '-o', 'd.rosterdecision', ...away]
  const without = await place.run(decide, signing)
  expect({ code: without.code, says: without.err }).toMatchObject({ code: 65, says: expect.stringContaining('no key here') as string })
  expect((await place.run(['review', 'key', '--as', 'Ola', '-o', 'ola.rosterkey', ...away], signing)).code).toBe(0)
  expect((await place.run(decide, signing)).code).toBe(0)

  const unknown = await place.run(['review', 'import', 'd.rosterdecision'])
  expect({ code: unknown.code, says: unknown.err }).toMatchObject({ code: 77, says: expect.stringContaining('not registered') as string })
  expect((await place.run(['review', 'import', 'ola.rosterkey'])).code).toBe(0)
  const home = await place.run(['review', 'import', 'd.rosterdecision'])
  expect([home.code, home.out.trim()]).toEqual([0, batch])
  expect(home.err).toContain('approved by Ola')
  expect((await place.run(['show', batch, '--json'])).json()).toMatchObject({ state: 'approved', approvals: [{ by: 'Ola' }] })

  expect((await place.run(['push', batch, '--as', 'Per'])).code).toBe(0)
  expect((await place.run(['review', 'evidence', batch, '-o', 'e.html'])).code).toBe(0)
  expect(await readFile(path.join(place.folder, 'e.html'), 'utf8')).toContain('Ed25519')
})

test('the file shows what its author said, whose values differ and what is emptied, in the reader’s language', async () => {
  await place.write(
    'mixed.csv',
    userFile(users(6, (n) => (n < 3 ? { Department: `Salg ${n}`, ...(n === 0 ? { 'Display Name': '(clear)' } : {}) } : {}))),
  )
  const words = ['submit', 'mixed.csv', '--customer', 'profile.json', '--baseline', 'base.csv', '--as', 'Kari', '--json']
  const { batch } = (await place.run([...words, '--message', 'Nye titler\nog avdelinger'])).json<{ batch: string }>()
  await place.run(['review', 'export', batch, '-o', 'm.rosterreview'])
  const shown = await place.run(['review', 'show', 'm.rosterreview', '--data-dir', 'away', '--lang', 'nb'])
  expect(shown.out).toMatch(/Kari .*: Nye titler og avdelinger/u)
  expect(shown.out).toContain('Department: ulike verdier')
  expect(shown.out).toMatch(/Display Name: "\S+ Nordmann" → ""/u)
  expect(shown.err).toContain('fire øyne')
})

test('a damaged file and a foreign one end with 65, each in its own words', async () => {
  const batch = await submit()
  await place.run(['review', 'export', batch, '-o', 'c.rosterreview'])
  const text = await readFile(path.join(place.folder, 'c.rosterreview'), 'utf8')
  await place.write('damaged.rosterreview', text.replace('Salg', 'Salt'))
  const damaged = await place.run(['review', 'show', 'damaged.rosterreview'])
  expect({ code: damaged.code, says: damaged.err }).toMatchObject({
    code: 65,
    says: expect.stringContaining('changed or cut off') as string,
  })
  const foreign = await place.run(['review', 'import', 'base.csv'])
  expect({ code: foreign.code, says: foreign.err }).toMatchObject({
    code: 65,
    says: expect.stringContaining('no Roster review file') as string,
  })
})

test('rejecting some rows approves the others', async () => {
  const batch = await submit()
  const wrong = await place.run(['reject', batch, '--as', 'Nina', '--message', 'not him', '--rows', '2-'])
  expect(wrong.code).toBe(64)
  const mistyped = await place.run(['reject', batch, '--as', 'Nina', '--message', 'not him', '--rows', '2,170'])
  expect([mistyped.code, mistyped.err]).toEqual([77, 'roster: No user of the batch stands in row 170: nothing was decided.\n'])
  const split = await place.run(['reject', batch, '--as', 'Nina', '--message', 'not him', '--rows', '2', '--json'])
  expect(split.code, split.out + split.err).toBe(0)
  const { batch: rest } = split.json<{ batch: string }>()
  expect((await place.run(['show', rest, '--json'])).json()).toMatchObject({ state: 'approved', items: { total: 2 } })
  expect((await place.run(['show', batch, '--json'])).json()).toMatchObject({ state: 'superseded' })
})

test('a policy is read and set on the command line, and refused with the path of what is wrong', async () => {
  await place.run(['customer', 'add', 'profile.json'])
  expect((await place.run(['customer', 'policy', 'Fjordkraft AS'])).json()).toEqual({ format: 1, approvers: 1 })
  const policy = { format: 1, approvers: 1, removals: { percent: 5, users: 25, approvers: 2 }, signed: true }
  await place.write('policy.json', JSON.stringify(policy))
  expect((await place.run(['customer', 'policy', 'Fjordkraft AS', 'policy.json'])).json()).toEqual(policy)
  const shown = await place.run(['customer', 'policy', 'Fjordkraft AS', '--json'])
  expect(shown.json()).toEqual({ customer: 'Fjordkraft AS', policy, isOwn: true })
  for (const [json, path] of [
    ['{ "format": 1, "approvers": 1, "removal": { "users": 3, "approvers": 2 } }', '/removal'],
    ['{ "format": 1, "approvers": "two" }', '/approvers'],
    ['{ "format": 1, "approvers": 1, "removals": { "approvers": 2 } }', '/removals'],
    ['{ "format": 1, "approvers": 1', 'JSON'],
  ] as const) {
    await place.write('wrong.json', json)
    const refused = await place.run(['customer', 'policy', 'Fjordkraft AS', 'wrong.json'])
    expect({ code: refused.code, says: refused.err }).toMatchObject({ code: 65, says: expect.stringContaining(path) as string })
    expect(refused.err).toContain('wrong.json')
  }
  expect((await place.run(['customer', 'policy', 'Fjordkraft AS'])).json(), 'nothing was changed').toEqual(policy)
  expect((await place.run(['customer', 'policy', 'Nobody AS', 'policy.json'])).code).toBe(66)
  await place.write('plain.json', '{ "format": 1, "approvers": 1 }')
  expect((await place.run(['customer', 'policy', 'Fjordkraft AS', 'plain.json'])).code).toBe(0)
})

test('every review command takes the store that is meant', async () => {
  const submitted = ['submit', 'change.csv', '--customer', 'profile.json', '--baseline', 'base.csv', '--as', 'Kari', '--json']
  const { batch } = (await place.run([...submitted, '--store', 'other.sqlite'])).json<{ batch: string }>()
  expect((await place.run(['review', 'export', batch, '-o', 'o.rosterreview'])).code).not.toBe(0)
  expect((await place.run(['review', 'export', batch, '-o', 'o.rosterreview', '--store', 'other.sqlite'])).code).toBe(0)
  expect((await place.run(['review', 'key', '--as', 'Ola', '--store', 'other.sqlite'], signing)).code).toBe(0)
  const decide = ['review', 'decide', 'o.rosterreview', '--as', 'Ola', '--decision', 'approved', '-o', 'o.rosterdecision']
  expect((await place.run(decide, signing)).code).toBe(0)
  expect((await place.run(['review', 'import', 'o.rosterdecision'])).code).toBe(77)
  expect((await place.run(['review', 'import', 'o.rosterdecision', '--store', 'other.sqlite'])).code).toBe(0)
  expect((await place.run(['review', 'evidence', batch, '-o', 'o.json', '--store', 'other.sqlite'])).code).toBe(0)
})

test('the personal data of a finished batch is taken away on request, and the log still verifies', async () => {
  const batch = await submit()
  expect((await place.run(['audit', 'purge', batch])).code).toBe(64)
  const open = await place.run(['audit', 'purge', batch, '--confirm', batch])
  expect({ code: open.code, says: open.err }).toMatchObject({ code: 77, says: expect.stringContaining('finished') as string })
  await place.run(['reject', batch, '--as', 'Nina', '--message', 'not now'])
  expect((await place.run(['audit', 'purge', batch, '--confirm', 'b-another'])).code).toBe(77)
  const purged = await place.run(['audit', 'purge', batch, '--confirm', batch, '--json'])
  expect(purged.json()).toMatchObject({ purged: batch, holds: true })
  expect((await place.run(['audit', 'verify'])).code).toBe(0)
  const shown = await place.run(['show', batch, '--json'])
  expect(shown.json()).toMatchObject({ batch, state: 'rejected', author: '', purged: true, summary: { update: 3 } })
  const exported = await place.run(['review', 'export', batch, '-o', 'gone.rosterreview'])
  expect({ code: exported.code, says: exported.err }).toMatchObject({ code: 66, says: expect.stringContaining('taken away') as string })
})

test('a signing key is replaced from the command line, its new passphrase out of the environment', async () => {
  const key = (...more: readonly string[]) => ['review', 'key', '--as', 'Ingrid', '--json', ...more]
  const first = (await place.run(key(), signing)).json<{ fingerprint: string }>()
  expect((await place.run(key('--replace'), signing)).code).toBe(64)
  const both = { env: { ...signing.env, ROSTER_NEW_PASSPHRASE: 'another good passphrase' } }
  const second = (await place.run(key('--replace'), both)).json<{ fingerprint: string }>()
  expect(second.fingerprint).not.toBe(first.fingerprint)
  expect((await place.run(key(), signing)).code).toBe(65)
  expect((await place.run(key(), { env: { ROSTER_PASSPHRASE: 'another good passphrase' } })).json()).toMatchObject(second)
})
