import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProvisioningStore } from '../../backend/ports/provisioning-store.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../support/postgres.ts'
import {
  addition,
  applyOptions,
  approvedBatch,
  begin,
  change,
  customer,
  fact,
  must,
  newBatch,
  now,
  numbered,
  postgresEngine,
  postgresStores,
  removal,
  rename,
  sqliteEngine,
  user,
  users,
  type Engine,
} from '../support/store.ts'
import { report, trials } from './figures.ts'
import { createRounds, nothingAmiss, pushUntilDone } from './store-rounds.ts'
import { seeded } from './support.ts'

const start = { SQLite: sqliteEngine, PostgreSQL: postgresEngine }

describe.each(['SQLite', 'PostgreSQL'] as const)('what the store in %s must not let through', (name) => {
  let engine: Engine
  let server: PostgresServer
  beforeAll(async () => {
    if (name === 'PostgreSQL') {
      server = await startPostgres({ fsync: false })
      engine = await postgresEngine(server)
    } else engine = await start.SQLite()
  })
  afterAll(async () => {
    await engine.stop()
    if (name === 'PostgreSQL') await server.stop()
  })

  /** A statement past Roster, as somebody with the right to everything. */
  async function behindRosters(url: string, sql: string): Promise<void> {
    if (name === 'PostgreSQL') await server.query(url, sql.replaceAll('{store}.', 'roster.'))
    else {
      const database = new DatabaseSync(url)
      try {
        database.exec(sql.replaceAll('{store}.', ''))
      } finally {
        database.close()
      }
    }
  }

  const forgeries = trials(20, 200)
  test(`F20: an item under a number that the ledger knows with another content (${forgeries})`, async () => {
    const { store } = await engine.fresh()
    const count = 40
    const batch = await approvedBatch(store, count, users(count))
    const session = must(await begin(store, batch))
    const items = users(count).map((_, n) => change(n, 'Department', '', 'right'))
    must(await session.apply(numbered(items), applyOptions()))
    const random = seeded(20)
    let accepted = 0
    for (let trial = 0; trial < forgeries; trial++) {
      const n = Math.floor(random() * count)
      const forged = numbered(items.map((item) => (item.number === n ? change(n, 'Department', 'right', `forged ${trial}`) : item)))
      if ((await session.apply(forged, applyOptions({ retry: trial % 2 === 1 }))).ok) accepted++
    }
    session.release()
    const wrong = (must(await store.subscribers(customer)) ?? []).filter((one) => one.cells['Department'] !== 'right').length
    expect({ accepted, wrong }).toEqual({ accepted: 0, wrong: 0 })
    report({ fault: 'F20', store: name, what: 'same key, other content', trials: forgeries, ...nothingAmiss, more: { accepted } })
  })

  const races = trials(15, 500)
  test(`F21: two reviewers decide at once (${races}); one decision wins`, { timeout: 300_000 }, async () => {
    const { store, url, stores } = await engine.fresh()
    const second = must(await stores.open(url, { create: false }))
    let double = 0
    for (let race = 0; race < races; race++) {
      const batch = newBatch(1)
      must(await store.addBatch(batch, fact('batch/submitted'), []))
      const decide = (over: ProvisioningStore, by: string, decision: 'approved' | 'rejected') =>
        over.decide(batch.batch, 1, { by, decision, at: now, digest: batch.digest, message: 'no' }, decision, fact(`batch/${decision}`))
      const results = await Promise.all([decide(store, 'Ola', 'approved'), decide(second, 'Nina', 'rejected')])
      const approvals = must(await store.approvals(batch.batch))
      if (results.filter(({ ok }) => ok).length !== 1 || approvals.length !== 1) double++
      expect(must(await store.batch(batch.batch))).toMatchObject({ state: approvals[0]?.decision, version: 2 })
    }
    await second.close()
    expect(double).toBe(0)
    report({
      fault: 'F21',
      store: name,
      what: 'two reviewers at once',
      trials: races,
      ...nothingAmiss,
      more: { 'double decisions': double },
    })
  })

  test('F22: rows that changed, left or moved meanwhile are refused and named, the others applied', async () => {
    const { store } = await engine.fresh()
    const count = 200
    const batch = await approvedBatch(store, count, users(count))
    // Somebody else's batch comes in between: of each ten one changed, one removed, one renamed.
    const first = await approvedBatch(store, 1, users(count))
    const items = users(count).map((_, n) => change(n, 'Extension', String(20_000 + n), `new ${n}`))
    const meanwhile = users(count).flatMap((_, n) =>
      n % 10 === 0
        ? [change(n, 'Extension', String(20_000 + n), 'theirs')]
        : n % 10 === 1
          ? [removal(n)]
          : n % 10 === 2
            ? [rename(n, `moved${n}@example.no`)]
            : [],
    )
    const other = must(await begin(store, first))
    must(await other.apply(numbered(meanwhile.map((item, number) => ({ ...item, number }))), applyOptions()))
    must(await other.finish('applied', now, fact('push/finished')))
    other.release()

    const session = must(await begin(store, batch))
    expect(must(await session.apply(numbered(items), applyOptions()))).toEqual({ applied: count * 0.7, refused: count * 0.3, skipped: 0 })
    session.release()
    const named = must(await store.ledger(batch)).filter(({ outcome }) => outcome === 'refused')
    expect(named.map(({ number, reason }) => [number % 10, reason])).toEqual(
      Array.from({ length: count / 10 }, () => [
        [0, 'changed: Extension'],
        [1, 'missing'],
        [2, 'missing'],
      ]).flat(),
    )
    const present = new Map((must(await store.subscribers(customer)) ?? []).map((one) => [one.email, one.cells['Extension']]))
    const staleWritten = meanwhile.filter((item) => present.get(item.email)?.startsWith('new')).length
    expect(staleWritten).toBe(0)
    report({
      fault: 'F22',
      store: name,
      what: 'rows changed, removed or renamed meanwhile',
      trials: count,
      ...nothingAmiss,
      more: { stale: named.length, 'stale written': staleWritten, 'named rightly': '100 %' },
    })
  })

  const poisoned = trials(500, 5000)
  test(
    `F25: one row in a hundred breaks a constraint of the store (${poisoned} rows): exactly those are refused`,
    { timeout: 300_000 },
    async () => {
      const { store, url } = await engine.fresh()
      await behindRosters(
        url,
        name === 'PostgreSQL'
          ? "ALTER TABLE {store}.subscribers ADD CONSTRAINT no_poison CHECK (cells NOT LIKE '%poison%')"
          : "CREATE TRIGGER no_poison BEFORE UPDATE ON subscribers WHEN NEW.cells LIKE '%poison%' BEGIN SELECT raise(ABORT, 'no_poison'); END; CREATE TRIGGER no_poison_new BEFORE INSERT ON subscribers WHEN NEW.cells LIKE '%poison%' BEGIN SELECT raise(ABORT, 'no_poison'); END",
      )
      const isBad = (n: number): boolean => n % 100 === 37
      const seedCount = poisoned / 2
      const batch = await approvedBatch(store, poisoned, users(seedCount))
      const items = Array.from({ length: poisoned }, (_, n) =>
        n < seedCount
          ? change(n, 'Department', '', isBad(n) ? 'poison' : 'good')
          : addition(n, user(n, { Department: isBad(n) ? 'poison' : 'good' })),
      )
      const session = must(await begin(store, batch))
      const bad = items.filter(({ number }) => isBad(number)).length
      expect(must(await session.apply(numbered(items), applyOptions()))).toEqual({ applied: poisoned - bad, refused: bad, skipped: 0 })
      session.release()
      const refused = must(await store.ledger(batch)).filter(({ outcome }) => outcome === 'refused')
      expect(refused.map(({ number }) => number)).toEqual(items.filter(({ number }) => isBad(number)).map(({ number }) => number))
      expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['store: no_poison']))
      const present = must(await store.subscribers(customer)) ?? []
      expect(present.filter((one) => one.cells['Department'] === 'good')).toHaveLength(poisoned - bad)
      expect(present).toHaveLength(poisoned - items.filter(({ number }) => isBad(number) && number >= seedCount).length)
      report({
        fault: 'F25',
        store: name,
        what: 'poison rows, 1 %',
        trials: poisoned,
        ...nothingAmiss,
        more: { refused: refused.length, unreported: 0 },
      })
    },
  )

  test('F27: a schema that this version does not know, and another store than the one that was meant', async () => {
    const { store, url, stores } = await engine.fresh()
    await behindRosters(
      url,
      name === 'PostgreSQL' ? "UPDATE {store}.meta SET value = '99' WHERE name = 'schema'" : 'PRAGMA user_version = 99',
    )
    expect(await stores.open(url, { create: true })).toMatchObject({ ok: false, error: { reason: 'wrong-schema', found: 99 } })
    await behindRosters(
      url,
      name === 'PostgreSQL' ? "UPDATE {store}.meta SET value = '1' WHERE name = 'schema'" : 'PRAGMA user_version = 1',
    )
    expect((await store.status()).ok).toBe(true)
  })

  test('history is not rewritten, whoever asks', async () => {
    const { store, url } = await engine.fresh()
    const batch = await approvedBatch(store, 1, users(1))
    const session = must(await begin(store, batch))
    must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))
    must(await session.finish('applied', now, fact('push/finished')))
    session.release()
    for (const sql of [
      "UPDATE {store}.batches SET digest = 'sha256:forged'",
      "UPDATE {store}.batches SET state = 'approved', version = version + 1",
      'DELETE FROM {store}.batches',
      "UPDATE {store}.contents SET content = '{}'",
      'DELETE FROM {store}.contents',
      "INSERT INTO {store}.contents (batch, piece, pieces, content) SELECT batch, 1, 2, 'more' FROM {store}.batches",
      "INSERT INTO {store}.contents (batch, piece, pieces, content) SELECT batch, 0, 1, 'another' FROM {store}.batches",
      "UPDATE {store}.approvals SET by = 'Kari'",
      'DELETE FROM {store}.approvals',
      "UPDATE {store}.ledger SET outcome = 'refused'",
      "UPDATE {store}.ledger SET op_hash = 'x'",
      'DELETE FROM {store}.ledger',
      "UPDATE {store}.audit SET what = 'nothing'",
      'DELETE FROM {store}.audit',
      "INSERT INTO {store}.audit (entry, at, what, actor, counts, hash) VALUES (77, '', '', '', '{}', '')",
    ]) {
      await expect(behindRosters(url, sql), sql).rejects.toThrow()
    }
  })
})

describe('PostgreSQL as it is run by others', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ fsync: false })
  })
  afterAll(() => server.stop())

  const count = 200
  const retried = trials(10, 100)
  test(
    `F24: three transactions in ten end in a serialization failure or a deadlock (${retried} pushes)`,
    { timeout: 300_000 },
    async () => {
      const url = await server.database()
      const store = must(await postgresStores().open(url, { create: true }))
      const rounds = createRounds(count)
      await pushUntilDone(store, store, await rounds.prepare(store), 50)
      // Raised at the very end of a transaction, when all of its work is done.
      await server.query(
        url,
        `CREATE SEQUENCE public.failures;
       GRANT ALL ON SEQUENCE public.failures TO PUBLIC;
       CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF random() < 0.3 THEN
           PERFORM nextval('public.failures');
           RAISE EXCEPTION 'injected' USING ERRCODE = (CASE WHEN random() < 0.5 THEN '40001' ELSE '40P01' END);
         END IF; RETURN NEW; END $$;
       CREATE TRIGGER fail BEFORE INSERT ON roster.audit FOR EACH ROW EXECUTE FUNCTION public.fail();`,
      )
      let resumes = 0
      for (let trial = 0; trial < retried; trial++) {
        const round = await rounds.prepare(store)
        resumes += await pushUntilDone(store, store, round, 50)
        expect(await round.audit(store)).toEqual(nothingAmiss)
      }
      const failures = Number((await server.query(url, 'SELECT last_value AS n FROM public.failures'))[0]?.['n'])
      expect(failures).toBeGreaterThan(retried)
      await store.close()
      report({
        fault: 'F24',
        store: 'PostgreSQL',
        what: '40001/40P01 in 30 % of transactions',
        trials: retried,
        ...nothingAmiss,
        more: { failures, 'resumes needed': resumes },
      })
    },
  )

  test('F24: a store that always asks to try again is given up after a bounded number of tries', async () => {
    const url = await server.database()
    const store = must(await postgresStores().open(url, { create: true }))
    await server.query(
      url,
      `CREATE SEQUENCE public.tries;
       CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('public.tries'); RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END $$;
       CREATE TRIGGER fail BEFORE INSERT ON roster.audit FOR EACH ROW EXECUTE FUNCTION public.fail();`,
    )
    expect(await store.addBatch(newBatch(1), fact('batch/submitted'), [])).toMatchObject({ ok: false, error: { reason: 'busy' } })
    expect(Number((await server.query(url, 'SELECT last_value AS n FROM public.tries'))[0]?.['n'])).toBe(9)
    expect(must(await store.batches())).toEqual([])
    await store.close()
  })

  test('F27: missing rights and a read-only store are refused before anything is written', async () => {
    const url = await server.database()
    const store = must(await postgresStores().open(url, { create: true }))
    const batch = await approvedBatch(store, 2, users(2))
    const database = new URL(url).pathname.slice(1)
    await server.query(
      url,
      `CREATE ROLE looker LOGIN PASSWORD '${serverPassword}'; GRANT USAGE ON SCHEMA roster TO looker; GRANT SELECT ON ALL TABLES IN SCHEMA roster TO looker;`,
    )
    const looker = must(await postgresStores().open(url.replace('postgres@', 'looker@'), { create: false }))
    expect(must(await looker.batch(batch)).state).toBe('approved')
    expect(await begin(looker, batch)).toMatchObject({ ok: false, error: { reason: 'refused' } })
    await looker.close()

    await server.query(url, `ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    const readOnly = must(await postgresStores().open(url, { create: false }))
    expect(await begin(readOnly, batch)).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
    await readOnly.close()
    await server.query(url, `ALTER DATABASE ${database} RESET default_transaction_read_only`)

    expect(must(await store.batch(batch))).toMatchObject({ state: 'approved' })
    expect(must(await store.subscribers(customer))).toBeNull()
    expect(must(await store.ledger(batch))).toEqual([])
    expect(must(await store.pushes(batch))).toEqual([])
    await store.close()
    report({
      fault: 'F27',
      store: 'PostgreSQL',
      what: 'wrong schema, missing rights, read-only',
      trials: 4,
      ...nothingAmiss,
      more: { 'partial writes': 0 },
    })
  })

  test('a store that was made by an older version is brought forward only when that is asked for', async () => {
    const url = await server.database()
    expect(await postgresStores().open(url, { create: false })).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
    expect(await server.query(url, "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'roster'")).toEqual([])
    const many = await Promise.all(Array.from({ length: 4 }, () => postgresStores().open(url, { create: true })))
    const lineages = new Set(await Promise.all(many.map(async (opened) => must(await must(opened).status()).lineage)))
    expect(lineages.size).toBe(1)
    await Promise.all(many.map((opened) => must(opened).close()))
  })
})
