import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compose, type ComposedBackend } from '../../../../backend/compose.ts'
import type { AppEvent } from '../../../../shared/contract/method.ts'
import { must } from '../../../support/backend.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../../../support/postgres.ts'
import { postgresStores } from '../../../support/store.ts'
import { userFile, users } from '../../../support/user-file.ts'

let server: PostgresServer
let folder: string
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
  folder = await mkdtemp(path.join(tmpdir(), 'roster-team-'))
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const customer = 'Fjordkraft AS'
const secret = 'correct horse battery'

test('two machines on one store: the inbox hears without being asked, and a receipt signed on one is signed on the other', async () => {
  const url = await server.database()
  const made = must(await postgresStores().open(url, { create: true }))
  await made.close()
  const told: Record<string, AppEvent[]> = { here: [], there: [] }
  const machine = (name: 'here' | 'there', store: string): ComposedBackend => {
    const backend = compose({ dataDir: path.join(folder, name), store, askPassword: async () => serverPassword })
    backend.subscribe((event) => told[name]?.push(event))
    return backend
  }
  // The same store under another address, as another person's login would have it.
  const here = machine('here', url)
  const there = machine('there', url.replace('127.0.0.1', 'localhost'))
  const [api, other] = [here.services.api, there.services.api]
  try {
    expect(must(await other['batches.list']({}))).toEqual([])
    await expect
      .poll(() => server.query(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"), {
        timeout: 10_000,
      })
      .not.toHaveLength(0)
    must(await api['customers.save']({ profile: { name: customer } }))
    const upload = async (text: string) => (await here.registerBytes('users.csv', new TextEncoder().encode(text))).ticket
    const { id } = must(
      await api['drafts.create']({
        ticket: await upload(userFile(users(5, (n) => (n < 2 ? { Department: 'Salg' } : {})))),
        baselineTicket: await upload(userFile(users(5))),
        customer,
      }),
    )
    const { batch, digest } = must(await api['batches.submit']({ draftId: id, by: 'Kari' }))
    await expect.poll(() => told['there']?.filter((event) => event.kind === 'batches-changed' && event.batch === batch)).toHaveLength(1)
    must(await other['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }))
    must(await api['batches.push']({ batch, by: 'Per' }))
    expect(must(await other['batches.receipt']({ batch }))).toMatchObject({ verified: true, signature: 'unsigned' })
    must(await api['review.makeKey']({ person: 'Per', passphrase: secret }))
    must(await api['receipts.sign']({ batch, by: 'Per', passphrase: secret }))
    for (const side of [api, other]) {
      expect(must(await side['batches.receipt']({ batch }))).toMatchObject({ verified: true, signature: 'signed', receipt: { by: 'Per' } })
    }
  } finally {
    await Promise.all([here.close(), there.close()])
  }
})
