import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { createSqliteLocks } from '../../../../backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
import { migrations, schemaVersion, storeApplicationId } from '../../../../backend/adapters/store-sqlite/schema.ts'
import { createSqliteStores } from '../../../../backend/adapters/store-sqlite/store-sqlite.ts'
import { applyOptions, begin, change, customer, fact, must, now, numbered } from '../../../support/store.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'roster-schema-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Since this version the ledger knows a batch by its place. */
const narrowLedger = 4

test.each(migrations.map((_, index) => index + 1))('a store of version %i is brought forward with all that is in it', async (version) => {
  const file = path.join(folder, `v${version}.sqlite`)
  const old = new DatabaseSync(file)
  for (const sql of migrations.slice(0, version)) old.exec(sql)
  old.exec(`
    PRAGMA application_id=${storeApplicationId}; PRAGMA user_version=${version};
    INSERT INTO meta (name, value) VALUES ('lineage', 'kept'), ('serial', '4');
    INSERT INTO customers VALUES (1, 'fjordkraft as', 'Fjordkraft AS');
    INSERT INTO subscribers VALUES (1, 'user0@example.no', 'user0@example.no', 'Webex Calling', '{"Extension":"20000"}', 3);
    INSERT INTO batches (batch, place, customer_key, customer, state, version, author, author_key, submitted_at, digest, summary, items, single_person, hash_key)
      VALUES ('b-old', 1, 'fjordkraft as', 'Fjordkraft AS', 'submitted', 1, 'Kari', 'kari', '${now}', 'sha256:old', '{}', 1, 0, '00');
    INSERT INTO contents (batch, content) VALUES ('b-old', '{}');
    INSERT INTO approvals (batch, by, by_key, decision, at, digest) VALUES ('b-old', 'Ola', 'ola', 'approved', '${now}', 'sha256:old');
    UPDATE batches SET state = 'approved', version = 2;`)
  const [hash, before] = ['0a'.repeat(32), '{"email":"x@example.no","package":null,"cells":{}}']
  old.exec(
    version < narrowLedger
      ? `INSERT INTO ledger (batch, number, op_hash, push, outcome, reason, before, at)
           VALUES ('b-old', 7, '${hash}', 1, 'applied', NULL, '${before}', '${now}'), ('b-old', 8, '${hash}', 1, 'refused', 'missing', NULL, '${now}')`
      : `INSERT INTO ledger (place, number, op_hash, push, outcome, reason, before)
           VALUES (1, 7, x'${hash}', 1, 'applied', NULL, '${before}'), (1, 8, x'${hash}', 1, 'refused', 'missing', NULL)`,
  )
  old.close()
  const store = must(await createSqliteStores({ defaultPath: file, locksBeside: createSqliteLocks }).open(file, { create: false }))
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
  const attacker = new DatabaseSync(file)
  for (const attack of ["UPDATE ledger SET push = 9 WHERE outcome = 'applied'", 'DELETE FROM ledger']) {
    expect(() => {
      attacker.exec(attack)
    }).toThrow(/stays/u)
  }
  attacker.close()
  const session = must(await begin(store, 'b-old'))
  expect(must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))).toMatchObject({ applied: 1 })
  must(await session.finish('applied', now, fact('push/finished')))
  session.release()
  expect(must(await store.subscribers(customer))?.[0]?.cells).toEqual({ Extension: '1' })
  await store.close()
})

test('a store of a later version, and a database that is no store, are left as they are', async () => {
  const later = path.join(folder, 'later.sqlite')
  const database = new DatabaseSync(later)
  database.exec(`CREATE TABLE kept (n); PRAGMA application_id=${storeApplicationId}; PRAGMA user_version=${schemaVersion + 1}`)
  database.close()
  const stores = createSqliteStores({ defaultPath: later, locksBeside: createSqliteLocks })
  expect(await stores.open(later, { create: true, init: true })).toMatchObject({
    ok: false,
    error: { reason: 'wrong-schema', found: schemaVersion + 1, wanted: schemaVersion },
  })
  const foreign = path.join(folder, 'foreign.sqlite')
  const other = new DatabaseSync(foreign)
  other.exec('CREATE TABLE kept (n)')
  other.close()
  expect(await stores.open(foreign, { create: true, init: true })).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
  for (const [file, version] of [
    [later, schemaVersion + 1],
    [foreign, 0],
  ] as const) {
    const again = new DatabaseSync(file)
    expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: version })
    expect(again.prepare('SELECT name FROM sqlite_master').all()).toEqual([{ name: 'kept' }])
    again.close()
  }
})

/** Another process that opens the store once it is told to, and says what came of it. */
function opener(file: string): { readonly ready: Promise<void>; open(): void; readonly said: Promise<unknown> } {
  const script = `
    import { once } from 'node:events'
    import { createSqliteLocks } from './backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
    import { createSqliteStores } from './backend/adapters/store-sqlite/store-sqlite.ts'
    const file = process.argv[1]
    const stores = createSqliteStores({ defaultPath: file, locksBeside: createSqliteLocks })
    console.log('ready')
    await once(process.stdin, 'data')
    const opened = await stores.open(file, { create: true })
    console.log(JSON.stringify(opened.ok ? await opened.value.status() : opened))
    process.exit(0)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  return {
    ready: new Promise((resolve) => child.stdout.once('data', () => resolve())),
    open: () => void child.stdin.write('open\n'),
    said: new Promise((resolve) => child.once('close', () => resolve(JSON.parse(said.split('\n')[1] ?? 'null')))),
  }
}

// A step of version 2 can be done twice without any complaint, and what comes after it then never fits again.
test.each([0, 1, 2, 3, 4])(
  'a store of version %i that several processes open at the same moment is brought forward once',
  async (version) => {
    const file = path.join(folder, `together${version}.sqlite`)
    const old = new DatabaseSync(file)
    if (version > 0) {
      for (const sql of migrations.slice(0, version)) old.exec(sql)
      old.exec(`
        PRAGMA journal_mode=WAL; PRAGMA application_id=${storeApplicationId}; PRAGMA user_version=${version};
        INSERT INTO meta (name, value) VALUES ('lineage', 'kept'), ('serial', '4');`)
    }
    const processes = Array.from({ length: 3 }, () => opener(file))
    await Promise.all(processes.map(({ ready }) => ready))
    // While nobody can write, each of them gets as far as having seen the old version.
    if (version > 0) old.exec('BEGIN IMMEDIATE')
    for (const each of processes) each.open()
    if (version > 0) {
      await sleep(500)
      old.exec('COMMIT')
    }
    old.close()
    const said = await Promise.all(processes.map((each) => each.said))
    const lineage = version > 0 ? 'kept' : (said[0] as { value?: { lineage: string } }).value?.lineage
    const status = { lineage, serial: version > 0 ? 4 : 0, schema: schemaVersion, customers: 0, subscribers: 0, batches: 0 }
    expect(said).toEqual(processes.map(() => ({ ok: true, value: status })))
    const after = new DatabaseSync(file)
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: schemaVersion })
    expect(after.prepare("SELECT count(*) AS n FROM pragma_table_info('ledger') WHERE name = 'place'").get()).toEqual({ n: 1 })
    after.close()
  },
)
