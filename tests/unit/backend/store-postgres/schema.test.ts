import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrations, schemaVersion } from '../../../../backend/adapters/store-postgres/schema.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../../../support/postgres.ts'
import {
  applyOptions,
  approvedBatch,
  begin,
  change,
  customer,
  fact,
  must,
  now,
  numbered,
  postgresStores,
  users,
} from '../../../support/store.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

/** Since this version the ledger knows a batch by its place. */
const narrowLedger = 5

test.each(migrations.map((_, index) => index + 1))('a store of version %i is brought forward with all that is in it', async (version) => {
  const url = await server.database()
  for (const sql of migrations.slice(0, version)) await server.query(url, sql)
  await server.query(url, `INSERT INTO roster.meta (name, value) VALUES ('lineage', 'kept'), ('serial', '4'), ('schema', '${version}')`)
  await server.query(
    url,
    `INSERT INTO roster.customers VALUES (1, 'fjordkraft as', 'Fjordkraft AS');
     INSERT INTO roster.subscribers VALUES (1, 'user0@example.no', 'user0@example.no', 'Webex Calling', '{"Extension":"20000"}', 3);
     INSERT INTO roster.batches (batch, place, customer_key, customer, state, version, author, author_key, submitted_at, digest, summary, items, single_person, hash_key)
       VALUES ('b-old', 1, 'fjordkraft as', 'Fjordkraft AS', 'submitted', 1, 'Kari', 'kari', '${now}', 'sha256:old', '{}', 1, false, '00');
     INSERT INTO roster.contents (batch, content) VALUES ('b-old', '{}');
     INSERT INTO roster.approvals (batch, place, by, by_key, decision, at, digest) VALUES ('b-old', 1, 'Ola', 'ola', 'approved', '${now}', 'sha256:old');
     UPDATE roster.batches SET state = 'approved', version = 2;`,
  )
  const [hash, before] = ['0a'.repeat(32), '{"email":"x@example.no","package":null,"cells":{}}']
  await server.query(
    url,
    version < narrowLedger
      ? `INSERT INTO roster.ledger (batch, number, op_hash, push, outcome, reason, before, at)
           VALUES ('b-old', 7, '${hash}', 1, 'applied', NULL, '${before}', '${now}'), ('b-old', 8, '${hash}', 1, 'refused', 'missing', NULL, '${now}')`
      : `INSERT INTO roster.ledger (place, number, op_hash, push, outcome, reason, before)
           VALUES (1, 7, '\\x${hash}', 1, 'applied', NULL, '${before}'), (1, 8, '\\x${hash}', 1, 'refused', 'missing', NULL)`,
  )
  if (version < schemaVersion) {
    expect(await postgresStores().open(url, { create: false })).toMatchObject({
      ok: false,
      error: { reason: 'wrong-schema', found: version, wanted: schemaVersion },
    })
  }
  const store = must(await postgresStores().open(url, { create: true }))
  expect(must(await store.status())).toEqual({
    lineage: 'kept',
    serial: 4,
    schema: schemaVersion,
    customers: 1,
    subscribers: 1,
    batches: 1,
  })
  expect(must(await store.approvals('b-old'))).toEqual([{ by: 'Ola', decision: 'approved', at: now, digest: 'sha256:old' }])
  expect(must(await store.ledger('b-old'))).toEqual([
    { number: 7, opHash: hash, outcome: 'applied', reason: null },
    { number: 8, opHash: hash, outcome: 'refused', reason: 'missing' },
  ])
  expect([await store.content('b-old'), await store.contentPiece('b-old', 0), await store.contentPiece('b-old', 1)]).toEqual(
    ['{}', '{}', null].map((value) => ({ ok: true, value })),
  )
  expect(must(await store.beforeImages('b-old'))).toEqual(new Map([[7, { email: 'x@example.no', package: null, cells: {} }]]))
  for (const attack of [
    "UPDATE roster.ledger SET push = 9 WHERE outcome = 'applied'",
    'DELETE FROM roster.ledger',
    'TRUNCATE roster.ledger',
  ]) {
    await expect(server.query(url, attack)).rejects.toMatchObject({ code: 'P0001' })
  }
  const session = must(await begin(store, 'b-old'))
  expect(must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))).toMatchObject({ applied: 1 })
  must(await session.finish('applied', now, fact('push/finished')))
  session.release()
  expect(must(await store.subscribers(customer))?.[0]?.cells).toEqual({ Extension: '1' })
  await store.close()
})

/** A store of the first version, and another session that holds its ledger: bringing it forward takes until that one lets go. */
async function slowUpgrade(): Promise<{
  readonly url: string
  readonly waiting: (ms: number) => Promise<boolean>
  letGo(): Promise<void>
}> {
  const url = await server.database()
  await server.query(url, migrations[0] ?? '')
  await server.query(url, "INSERT INTO roster.meta (name, value) VALUES ('lineage', 'kept'), ('serial', '4'), ('schema', '1')")
  const other = `${url}?other`
  await server.query(other, 'BEGIN; LOCK TABLE roster.ledger IN ACCESS SHARE MODE')
  return {
    url,
    waiting: async (ms) =>
      (
        await server.query(
          url,
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND clock_timestamp() - query_start > ${ms} * interval '1 ms'`,
        )
      ).length > 0,
    letGo: async () => void (await server.query(other, 'COMMIT')),
  }
}

test(
  'a store whose upgrade takes longer than any other statement may is brought forward, for two at once',
  { timeout: 60_000 },
  async () => {
    const { url, waiting, letGo } = await slowUpgrade()
    await server.query(url, 'ALTER ROLE postgres IN DATABASE ' + new URL(url).pathname.slice(1) + " SET statement_timeout = '1s'")
    const stores = postgresStores({ waits: { statement: 1000, reconnect: 2000 } })
    const opening = [stores.open(url, { create: true }), stores.open(url, { create: true })]
    let ended = 0
    for (const each of opening) void each.then(() => ended++)
    await expect.poll(() => waiting(5000), { timeout: 30_000 }).toBe(true)
    expect(ended).toBe(0)
    await letGo()
    for (const each of opening) {
      const store = must(await each)
      expect(must(await store.status())).toMatchObject({ lineage: 'kept', serial: 4, schema: schemaVersion })
      await store.close()
    }
  },
)

test('an upgrade that is broken off is rolled back by the server', { timeout: 60_000 }, async () => {
  const { url, waiting, letGo } = await slowUpgrade()
  const script = `import { createPostgresStores } from './backend/adapters/store-postgres/store-postgres.ts'
    await createPostgresStores({ password: process.argv[2] }).open(process.argv[1], { create: true })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, url, serverPassword], { stdio: 'ignore' })
  await expect.poll(() => waiting(0), { timeout: 30_000 }).toBe(true)
  child.kill('SIGKILL')
  // Although what it waits for still lasts.
  await expect
    .poll(
      () => server.query(url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'roster upgrade' AND datname = current_database()"),
      {
        timeout: 30_000,
      },
    )
    .toEqual([])
  await letGo()
  const store = must(await postgresStores().open(url, { create: true }))
  expect(must(await store.status())).toMatchObject({ lineage: 'kept', schema: schemaVersion })
  await store.close()
})

test('who looks is told when somebody else submits, decides or pushes', async () => {
  const url = await server.database()
  const [looker, worker] = [
    must(await postgresStores().open(url, { create: true })),
    must(await postgresStores().open(url, { create: true })),
  ]
  const told: string[] = []
  const end = looker.watch?.((batch) => void told.push(batch))
  await expect
    .poll(() => server.query(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"), {
      timeout: 5000,
    })
    .toHaveLength(1)
  const batch = await approvedBatch(worker, 1, users(1))
  await expect.poll(() => told).toEqual([batch, batch])
  const session = must(await begin(worker, batch))
  session.release()
  await expect.poll(() => told).toHaveLength(3)
  end?.()
  await looker.close()
  await worker.close()
})

test('where nobody can be told (LISTEN is refused), it is looked at again every few seconds', async () => {
  const url = await server.database()
  const worker = must(await postgresStores().open(url, { create: true }))
  // One connection only: the one that listens is refused.
  await server.query(url, `CREATE ROLE alone LOGIN PASSWORD '${serverPassword}' CONNECTION LIMIT 1`)
  await server.query(url, 'GRANT USAGE ON SCHEMA roster TO alone; GRANT SELECT ON ALL TABLES IN SCHEMA roster TO alone')
  const looker = must(await postgresStores().open(url.replace('postgres@', 'alone@'), { create: false }))
  const told: string[] = []
  const end = looker.watch?.((batch) => void told.push(batch))
  // It has looked once: only then is anything a change.
  await expect
    .poll(() => server.query(url, "SELECT query FROM pg_stat_activity WHERE usename = 'alone'"), { timeout: 5000 })
    .toEqual([{ query: expect.stringContaining('roster.batches') as string }])
  expect(await server.query(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")).toEqual([])
  const batch = await approvedBatch(worker, 1, users(1))
  await expect.poll(() => told, { timeout: 15_000 }).toContain(batch)
  end?.()
  await looker.close()
  await worker.close()
}, 30_000)
