import { readFile } from 'node:fs/promises'
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
async function approved(): Promise<string> {
  const words = ['submit', 'change.csv', '--customer', 'profile.json', '--baseline', 'base.csv', '--as', 'Kari', '--json']
  const { batch } = (await place.run(words)).json<{ batch: string }>()
  expect((await place.run(['approve', batch, '--as', 'Ola'])).code).toBe(0)
  return batch
}

test('the importer’s key signs the receipt; audit verify says whether a receipt is genuine and for which batch', async () => {
  const batch = await approved()
  expect((await place.run(['review', 'key', '--as', 'Per', '-o', 'per.rosterkey'], signing)).code).toBe(0)
  const pushed = (await place.run(['push', batch, '--as', 'Per', '--json'], signing)).json<{ receipt: string; signature: string }>()
  expect(pushed.signature).toBe('signed')
  const said = await place.run(['audit', 'verify', pushed.receipt])
  expect({ code: said.code, out: said.out }).toMatchObject({
    code: 0,
    out: expect.stringContaining(`Genuine: the receipt of ${batch}, Fjordkraft AS`) as string,
  })
  expect(said.out).toContain('signed with the key of Per')

  const text = await readFile(pushed.receipt, 'utf8')
  await place.write('forged.json', text.replace('"Per"', '"Pia"'))
  const forged = await place.run(['audit', 'verify', 'forged.json', '--json'])
  expect(forged.code).toBe(65)
  expect(forged.json()).toMatchObject({ genuine: false, batch, error: { code: 'receipt/not-genuine', reason: 'changed' } })
  const nothing = await place.run(['audit', 'verify', 'base.csv', '--lang', 'nb'])
  expect({ code: nothing.code, err: nothing.err }).toMatchObject({
    code: 65,
    err: expect.stringContaining('den er ingen kvittering') as string,
  })

  const away = await place.run(['audit', 'verify', pushed.receipt, '--data-dir', 'away', '--json'])
  expect(away.json()).toMatchObject({ genuine: true, heldAgainst: 'file', signature: 'unknown-key' })
  expect((await place.run(['audit', 'show', 'forged.json'])).code).toBe(64)
})

test('without a key the push says in words that its receipt is not signed', async () => {
  const batch = await approved()
  const pushed = await place.run(['push', batch, '--as', 'Eva'], signing)
  expect({ code: pushed.code, out: pushed.out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('not signed: Eva has no key') as string,
  })
})
