import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compose } from '../../backend/compose.ts'
import { must } from '../support/backend.ts'
import { createWorkplace } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'

const place = await createWorkplace()
afterAll(() => place.remove())

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
  expect(await place.names()).toEqual([])
})
