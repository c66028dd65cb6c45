import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compose } from '../../backend/compose.ts'
import { must } from '../support/backend.ts'
import { createWorkplace } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'

const place = await createWorkplace()
afterAll(() => place.remove())

test('an export is taken over into the store from the command line, by a batch that is for the store alone', async () => {
  const words = ['--customer', 'profile.json', '--as', 'Kari']
  await place.write('profile.json', JSON.stringify({ name: 'Nordlys AS', wholesale: { customerId: 'Y2lz' } }))
  await place.write('before.csv', userFile(users(5)))
  await place.write('export.csv', userFile(users(4, (n) => (n === 0 ? { Department: '' } : n === 1 ? { Department: 'Lager' } : {}))))
  const settled = async (...submit: readonly string[]) => {
    const made = await place.run(['submit', ...submit, ...words, '--json'])
    expect(made.code, made.err).toBe(0)
    const { batch, summary } = made.json<{ batch: string; summary: Record<string, number> }>()
    expect((await place.run(['approve', batch, '--as', 'Ola'])).code).toBe(0)
    expect((await place.run(['push', batch, '--as', 'Per'])).code).toBe(0)
    return { batch, summary }
  }
  await settled('before.csv')

  const unconfirmed = await place.run(['submit', 'export.csv', '--store-only', '--remove-missing', ...words])
  expect(unconfirmed.code, unconfirmed.err).toBe(77)
  const { batch, summary } = await settled('export.csv', '--store-only', '--remove-missing', '--confirm-removals', '1')
  expect(summary).toMatchObject({ add: 0, update: 2, remove: 1, unchanged: 2 })
  expect((await place.run(['diff', 'export.csv', '--customer', 'profile.json', '--from-store'])).code).toBe(0)
  expect((await place.run(['wholesale', 'payloads', batch, '-o', 'calls'])).code).toBe(77)
  expect((await place.run(['submit', 'export.csv', '--store-only', ...words])).code).toBe(65)
  expect((await place.run(['submit', 'export.csv', '--store-only', '--baseline', 'before.csv', ...words])).code).toBe(64)
  expect((await place.run(['submit', 'export.csv', '--remove-missing', ...words])).code).toBe(64)
  expect((await place.run(['submit', 'export.csv', '--store-only', '--from-store', ...words])).code).toBe(64)

  // It asks nothing of Control Hub, so there is nothing to hold an export against, and no draft that would lead there.
  const reconciled = await place.run(['reconcile', batch, 'export.csv', '-o', 'catch-up.csv'])
  expect([reconciled.code, await place.names()]).toEqual([77, expect.not.arrayContaining(['catch-up.csv'])])

  // Nor a list of what was refused, which would lead there when it is submitted again.
  const failed = await place.run(['show', batch, '--failed', 'failed.csv'])
  expect([failed.code, await place.names()]).toEqual([77, expect.not.arrayContaining(['failed.csv'])])
  expect(failed.err).toContain('makes the store what Control Hub is already')
  expect(failed.err).toContain('take a fresh export over')
})

test('an export is taken over from a pipe and from the sheet that is named', async () => {
  const words = ['--store-only', '--customer', 'piped.json', '--as', 'Kari', '--json']
  await place.write('piped.json', JSON.stringify({ name: 'Fjellheim AS' }))
  const piped = await place.run(['submit', '-', ...words], { input: userFile(users(3)) })
  expect(piped.code, piped.err).toBe(0)
  expect(piped.json<{ summary: Record<string, number> }>().summary).toMatchObject({ add: 3 })

  await place.write('two.csv', userFile(users(2)))
  expect((await place.run(['convert', 'two.csv', 'two.xlsx'])).code).toBe(0)
  const noSheet = await place.run(['submit', 'two.xlsx', '--sheet', 'Nowhere', ...words])
  expect(noSheet.code).not.toBe(0)
  expect(noSheet.out).toContain('Nowhere')
})

test('what only makes the store what Control Hub is already is neither sent to Webex nor written into files for it', async () => {
  const { services, registerBytes, close } = compose({ dataDir: path.join(place.folder, 'data') })
  const { api } = services
  const customer = 'Fjordkraft AS'
  must(await api['customers.save']({ profile: { name: customer, wholesale: { customerId: 'Y2lz' } } }))
  const { ticket } = await registerBytes('export.csv', new TextEncoder().encode(userFile(users(3))))
  const { batch, digest } = must(await api['store.takeExport']({ customer, ticket, by: 'Kari', removeMissing: false }))
  must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }))
  await close()

  expect((await place.run(['push', batch, '--as', 'Per'])).code).toBe(0)
  const env = { ROSTER_WEBEX_TOKEN: 'not-a-token-of-anybody', ROSTER_WEBEX_API: 'http://127.0.0.1:9/v1' }
  for (const words of [
    ['wholesale', 'send', batch, '--as', 'Per'],
    ['wholesale', 'payloads', batch, '-o', 'calls'],
    ['wholesale', 'precheck', batch],
  ]) {
    const refused = await place.run(words, { env })
    expect([words[1], refused.code]).toEqual([words[1], 77])
    expect(refused.err).toContain('makes the store what Control Hub is already')
  }
  expect(await place.names()).not.toContain('calls')
})

test('a store whose file is damaged is called that, with what to do, and left as it is', async () => {
  const other = await createWorkplace()
  try {
    expect((await other.run(['store', 'init'])).code).toBe(0)
    const file = path.join(other.folder, 'data', 'store.sqlite')
    const whole = readFileSync(file)
    const garbled = Buffer.from(whole)
    garbled.fill(0x55, 4096, Math.min(whole.length, 4096 * 8))
    for (const bytes of [Buffer.from('this is no database at all. '.repeat(40)), garbled]) {
      writeFileSync(file, bytes)
      const ended = await other.run(['batches'])
      expect(ended.code, ended.out).toBe(69)
      expect(ended.err).toContain('is damaged')
      expect(ended.err).toContain('roster store backup')
      expect(ended.err).not.toContain('Nothing was lost')
      expect(readFileSync(file).equals(bytes)).toBe(true)
    }
  } finally {
    await other.remove()
  }
})

test('a file that is no store is not taken for a damaged one', async () => {
  const text = userFile(users(30))
  const list = await place.write('list.csv', text)
  const ended = await place.run(['batches', '--store', 'list.csv'])
  expect(ended.code, ended.out).toBe(69)
  expect(ended.err).toContain('is no store at all')
  expect(readFileSync(list, 'utf8')).toBe(text)
})
