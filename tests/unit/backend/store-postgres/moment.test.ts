import { afterAll, beforeAll, expect, test } from 'vitest'
import { onBench } from '../../../support/backend.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../../../support/postgres.ts'
import { applyOptions, approvedBatch, begin, change, must, numbered, postgresStores, users } from '../../../support/store.ts'
import { users as people } from '../../../support/user-file.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

const momentsOpen = (url: string) =>
  server.query(url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'roster receipt' AND datname = current_database()")

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
  const moment = must(await store.moment())
  expect(await momentsOpen(url)).toHaveLength(1)
  await moment.close()
  await expect.poll(() => momentsOpen(url), { timeout: 20_000 }).toEqual([])
  await store.close()
})

/** The server answers the first look of a moment with a trouble that nobody expects of it: of every moment, or of the first one only. */
async function breakMoments(url: string, which: 'all' | 'first'): Promise<void> {
  // A file outlives the transaction that is rolled back, and may be written in one that only reads.
  await server.query(
    url,
    `CREATE FUNCTION roster.breaks() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
     DECLARE mark text := current_setting('data_directory') || '/broken-' || current_database();
     BEGIN
       IF current_setting('application_name') = 'roster receipt' AND (${which === 'all'} OR (pg_stat_file(mark, true)).size IS NULL) THEN
         EXECUTE format('COPY (SELECT 1) TO %L', mark);
         RAISE 'invalid page in block 0' USING ERRCODE = 'XX001';
       END IF;
       RETURN true;
     END $$;
     ALTER TABLE roster.meta RENAME TO kept_meta;
     CREATE VIEW roster.meta AS SELECT name, value FROM roster.kept_meta WHERE roster.breaks()`,
  )
}

test('a moment that fails in a way that nobody expects leaves no connection behind', async () => {
  const url = await server.database()
  const store = must(await postgresStores().open(url, { create: true }))
  await breakMoments(url, 'all')
  await expect(store.moment()).rejects.toThrow('invalid page')
  await expect.poll(() => momentsOpen(url), { timeout: 20_000 }).toEqual([])
  await store.close()
})

test('a push that is done says so with its receipt, though the moment of its end was not to be had', async () => {
  process.env['ROSTER_STORE_PASSWORD'] = serverPassword
  try {
    const url = await server.database()
    await must(await postgresStores().open(url, { create: true })).close()
    await onBench(
      async ({ api, approved }) => {
        const { batch } = await approved(
          people(3, () => ({ Department: 'Salg' })),
          people(3),
        )
        await breakMoments(url, 'first')
        expect(must(await api['batches.push']({ batch, by: 'Per' }))).toMatchObject({ state: 'applied', items: { applied: 3, refused: 0 } })
        expect(
          await server.query(url, "SELECT pg_stat_file(current_setting('data_directory') || '/broken-' || current_database())"),
        ).toHaveLength(1)
        expect(must(await api['batches.receipt']({ batch }))).toMatchObject({
          verified: true,
          receipt: { by: 'Per', counts: { applied: 3 } },
        })
        await expect.poll(() => momentsOpen(url), { timeout: 20_000 }).toEqual([])
      },
      { store: url },
    )
  } finally {
    delete process.env['ROSTER_STORE_PASSWORD']
  }
})

test('a push that cannot begin for a trouble that nobody expects lets go of the customer', async () => {
  const url = await server.database()
  const store = must(await postgresStores().open(url, { create: true }))
  const batch = await approvedBatch(store, 2, users(2))
  await server.query(
    url,
    `CREATE FUNCTION roster.breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'invalid page' USING ERRCODE = 'XX001'; END $$;
     CREATE TRIGGER breaks BEFORE INSERT ON roster.pushes FOR EACH ROW EXECUTE FUNCTION roster.breaks()`,
  )
  await expect(begin(store, batch)).rejects.toThrow('invalid page')
  await server.query(url, 'DROP TRIGGER breaks ON roster.pushes')
  const session = must(await begin(store, batch))
  must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))
  session.release()
  await store.close()
})
