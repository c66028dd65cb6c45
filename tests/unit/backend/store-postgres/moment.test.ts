import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type PostgresServer } from '../../../support/postgres.ts'
import { applyOptions, approvedBatch, begin, change, must, numbered, postgresStores, users } from '../../../support/store.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

test('a moment whose connection is lost is not silently another one', async () => {
  const url = await server.database()
  const store = must(await postgresStores().open(url, { create: true }))
  const batch = await approvedBatch(store, 2, users(2))
  const session = must(await begin(store, batch))
  must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))
  const moment = must(await store.moment())
  must(await session.apply(numbered([change(1, 'Extension', '20001', '2')]), applyOptions()))
  session.release()
  expect([must(await moment.ledgerCounts(batch)).applied, must(await store.ledgerCounts(batch)).applied]).toEqual([1, 2])
  await server.query(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster receipt'")
  await expect.poll(() => moment.ledgerCounts(batch)).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
  expect(await moment.ledgerCounts(batch)).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
  await moment.close()
  await store.close()
})

test('a moment that is closed leaves no connection behind', async () => {
  const url = await server.database()
  const store = must(await postgresStores().open(url, { create: true }))
  const open = () =>
    server.query(url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'roster receipt' AND datname = current_database()")
  const moment = must(await store.moment())
  expect(await open()).toHaveLength(1)
  await moment.close()
  await expect.poll(open).toEqual([])
  await store.close()
})
