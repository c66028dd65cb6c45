import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProvisioningStore } from '../../../../backend/ports/provisioning-store.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../../../support/postgres.ts'
import {
  applyOptions,
  begin,
  change,
  customer,
  fact,
  must,
  newBatch,
  now,
  numbered,
  postgresStores,
  users,
} from '../../../support/store.ts'

/** Kari submits, Ola reviews, Per pushes; Nina may submit and review; Gjest only looks. */
const people = { kari: ['author'], ola: ['reviewer'], per: ['importer'], nina: ['author', 'reviewer'], gjest: ['reader'] } as const
type Person = keyof typeof people

describe('a store that knows who is logged in', () => {
  let server: PostgresServer
  let url: string
  const stores = new Map<Person, ProvisioningStore>()
  const as = (person: Person): ProvisioningStore => {
    const store = stores.get(person)
    if (store === undefined) throw new Error(person)
    return store
  }

  beforeAll(async () => {
    server = await startPostgres({ fsync: false })
    url = await server.database()
    const owner = must(await postgresStores().open(url, { create: true }))
    expect(owner.singlePerson).toBe(true)
    must((await owner.enforceRoles?.()) ?? { ok: false, error: null })
    must((await owner.enforceRoles?.()) ?? { ok: false, error: null })
    await owner.close()
    for (const [person, roles] of Object.entries(people) as [Person, readonly string[]][]) {
      await server.query(
        url,
        `CREATE ROLE ${person} LOGIN PASSWORD '${serverPassword}' IN ROLE ${roles.map((role) => `roster_${role}`).join(', ')}`,
      )
      stores.set(person, must(await postgresStores().open(url.replace('postgres@', `${person}@`), { create: false })))
    }
  })
  afterAll(async () => {
    await Promise.all([...stores.values()].map((store) => store.close()))
    await server.stop()
  })

  /** A statement past Roster, as one of the people. Null: it was done; else what the store said. */
  async function byHand(person: Person, sql: string): Promise<string | null> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: person,
      password: serverPassword,
      database: new URL(url).pathname.slice(1),
    })
    await client.connect()
    try {
      await client.query(sql)
      return null
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown)
    } finally {
      await client.end()
    }
  }

  const approve = (person: Person, batch: { readonly batch: string; readonly digest: string }, by: string, version = 1) =>
    as(person).decide(batch.batch, version, { by, decision: 'approved', at: now, digest: batch.digest }, 'approved', fact('batch/approved'))

  test('each does their part', async () => {
    const batch = newBatch(1, users(1))
    must(await as('kari').addBatch(batch, fact('batch/submitted'), []))
    must(await approve('ola', batch, 'Ola'))
    const session = must(await begin(as('per'), batch.batch))
    expect(must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))).toMatchObject({ applied: 1 })
    must(await session.finish('applied', now, fact('push/finished')))
    session.release()
    expect(must(await as('gjest').batch(batch.batch)).state).toBe('applied')
    expect(as('gjest').singlePerson).toBe(false)
  })

  test('nobody does another part, whatever name they give', async () => {
    const batch = newBatch(1)
    const refused = { ok: false, error: { reason: 'refused' } }
    for (const person of ['ola', 'per', 'gjest'] as const)
      expect(await as(person).addBatch(newBatch(1), fact('x'), [])).toMatchObject(refused)
    must(await as('kari').addBatch(batch, fact('batch/submitted'), []))
    for (const person of ['kari', 'per', 'gjest'] as const) expect(await approve(person, batch, 'Ola')).toMatchObject(refused)
    must(await approve('ola', batch, 'Ola'))
    for (const person of ['kari', 'ola', 'gjest'] as const) expect(await begin(as(person), batch.batch)).toMatchObject(refused)
    expect(must(await as('gjest').batch(batch.batch))).toMatchObject({ state: 'approved', version: 2 })
  })

  test('who may both submit and review still does not review their own, under any name', async () => {
    const batch = newBatch(1, null, { author: 'Somebody else', authorKey: 'somebody else' })
    must(await as('nina').addBatch(batch, fact('batch/submitted'), []))
    expect(await approve('nina', batch, 'Ola')).toMatchObject({
      ok: false,
      error: { reason: 'refused', detail: 'nobody decides on their own batch' },
    })
    must(await approve('ola', batch, 'Ola'))
  })

  test.each([
    ['kari', "UPDATE roster.batches SET state = 'rejected', version = version + 1 WHERE state = 'approved'"],
    [
      'kari',
      "INSERT INTO roster.approvals (batch, place, by, by_key, decision, at, digest) SELECT batch, 9, 'Ola', 'ola', 'approved', '', digest FROM roster.batches LIMIT 1",
    ],
    [
      'nina',
      "INSERT INTO roster.approvals (batch, place, by, by_key, decision, at, digest, by_login) SELECT batch, 9, 'Ola', 'ola', 'approved', '', digest, 'ola' FROM roster.batches WHERE author_login = 'nina' LIMIT 1",
    ],
    ['kari', "UPDATE roster.contents SET content = '{}'"],
    ['kari', 'DELETE FROM roster.contents'],
    ['kari', "UPDATE roster.batches SET digest = 'x'"],
    ['nina', "UPDATE roster.batches SET author_login = 'ola'"],
    ['ola', "UPDATE roster.batches SET state = 'pushing', version = version + 1 WHERE state = 'approved'"],
    ['ola', "UPDATE roster.subscribers SET cells = '{}'"],
    ['ola', 'DELETE FROM roster.approvals'],
    ['per', 'DELETE FROM roster.ledger'],
    ['per', "UPDATE roster.ledger SET outcome = 'refused' WHERE outcome = 'applied'"],
    ['per', "UPDATE roster.audit SET what = 'x'"],
    ['per', "UPDATE roster.meta SET value = 'off' WHERE name = 'lineage'"],
    ['per', "UPDATE roster.meta SET value = 'off' WHERE name = 'roles'"],
    ['kari', 'ALTER TABLE roster.batches DISABLE TRIGGER USER'],
    ['kari', 'DROP TRIGGER approval_by_login ON roster.approvals'],
    ['kari', 'SET SESSION AUTHORIZATION ola'],
    ['kari', 'SET ROLE roster_reviewer'],
    ['gjest', "INSERT INTO roster.audit (entry, at, what, actor, counts, hash) VALUES (1, '', '', '', '{}', '')"],
    ['per', 'TRUNCATE roster.ledger'],
  ] as const)('%s cannot, by hand: %s', async (person, sql) => {
    expect(await byHand(person, sql)).toMatch(
      /permission denied|does not change|nobody decides|needs the role|must be owner|stays|keeps|only its owner|cannot follow/u,
    )
  })

  test('rights in the store are those of the login, not of the name that was typed', async () => {
    const rows = await server.query(url, 'SELECT DISTINCT author_login FROM roster.batches ORDER BY author_login')
    expect(rows.map((row) => row['author_login'])).toEqual(['kari', 'nina'])
    expect(must(await as('gjest').subscribers(customer))).toHaveLength(1)
  })
})
