import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyChain } from '../../../../shared/core/batch/audit.ts'
import { ok } from '../../../../shared/kit/result.ts'
import type { ProvisioningStore } from '../../../../backend/ports/provisioning-store.ts'
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
  removal,
  rename,
  sqliteEngine,
  user,
  users,
  type Engine,
} from '../../../support/store.ts'

const hasher = { sha256: (text: string) => createHash('sha256').update(text).digest('hex') }
const chainOf = async (store: ProvisioningStore) => verifyChain(must(await store.audit(0, 10_000)).entries, hasher)

describe.each([
  ['SQLite', sqliteEngine],
  ['PostgreSQL', postgresEngine],
] as const)('the provisioning store in %s', (_, start) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await start()
  })
  afterAll(() => engine.stop())

  test('begins empty, with a lineage of its own that stays', async () => {
    const { store, url, stores } = await engine.fresh()
    const status = must(await store.status())
    expect(status).toMatchObject({ serial: 0, customers: 0, subscribers: 0, batches: 0 })
    const again = must(await stores.open(url, { create: true }))
    expect(must(await again.status())).toEqual(status)
    await again.close()
    const other = await engine.fresh()
    expect(must(await other.store.status()).lineage).not.toBe(status.lineage)
  })

  test('takes a note of what was done with a batch elsewhere into the same chain, with who did it', async () => {
    const { store } = await engine.fresh()
    const batch = newBatch(1)
    must(await store.addBatch(batch, fact('batch/submitted'), []))
    const noted = {
      ...fact('wholesale/finished', { done: 3, refused: 1 }),
      batch: batch.batch,
      digest: batch.digest,
      actor: 'b'.repeat(64),
    }
    must(await store.note(noted, { hash: noted.actor, name: 'Per' }))
    const { entries, total } = must(await store.audit(0, 10))
    expect([total, entries.at(-1)]).toEqual([2, expect.objectContaining({ ...noted, entry: 2 })])
    expect(must(await store.actors()).get(noted.actor)).toBe('Per')
    expect((await chainOf(store)).broken).toBeNull()
  })

  test('gives a batch back as it was submitted, the newest first', async () => {
    const { store } = await engine.fresh()
    const first = newBatch(3, [user(1)], { message: 'Åse & "Øyvind"\t\\n', draft: 'd-1', content: '{"a":"\\u0000 ✓"}' })
    must(await store.addBatch(first, fact('batch/submitted'), []))
    const second = newBatch(1)
    must(await store.addBatch(second, fact('batch/submitted'), []))
    expect(must(await store.batches()).map(({ batch }) => batch)).toEqual([second.batch, first.batch])
    expect(must(await store.batch(first.batch))).toEqual({
      batch: first.batch,
      customer,
      state: 'submitted',
      version: 1,
      author: 'Kari',
      message: first.message,
      submittedAt: now,
      digest: first.digest,
      summary: first.summary,
      items: 3,
      singlePerson: false,
      draft: 'd-1',
      hashKey: '00',
    })
    expect(must(await store.content(first.batch))).toBe(first.content)
    expect(must(await store.seed(first.batch))).toEqual([user(1)])
    expect(must(await store.seed(second.batch))).toBeNull()
    expect(await store.batch('b-none')).toMatchObject({ ok: false, error: { reason: 'no-such-batch' } })
    expect(await store.content('b-none')).toMatchObject({ ok: false, error: { reason: 'no-such-batch' } })
  })

  test('gives a large batch back in pieces, and counts its ledger without reading it', async () => {
    const { store } = await engine.fresh()
    const content = JSON.stringify({ text: 'Åse 👩‍🚀 '.repeat(150_000) })
    const batch = await approvedBatch(store, 30, users(20), { content })
    const pieces: string[] = []
    for (let piece = 0; ; piece++) {
      const text = must(await store.contentPiece(batch, piece))
      if (text === null) break
      pieces.push(text)
    }
    expect([pieces.join('') === content, pieces.length]).toEqual([true, 3])
    expect(must(await store.content(batch)) === content).toBe(true)
    expect(await store.contentPiece('b-none', 0)).toMatchObject({ ok: false, error: { reason: 'no-such-batch' } })

    expect(must(await store.ledgerCounts(batch))).toEqual({ applied: 0, refused: 0 })
    const session = must(await begin(store, batch))
    const items = users(25).map((_, n) => change(n, 'Extension', String(20_000 + n), 'new'))
    must(await session.apply(numbered(items), applyOptions()))
    session.release()
    expect(must(await store.ledgerCounts(batch))).toEqual({ applied: 20, refused: 5 })
    expect(must(await store.ledger(batch, [18, 21])).map(({ number, outcome }) => [number, outcome])).toEqual([
      [18, 'applied'],
      [19, 'applied'],
      [20, 'refused'],
      [21, 'refused'],
    ])
  })

  test('takes the place of an earlier batch of the same draft, but not of one that was pushed', async () => {
    const { store } = await engine.fresh()
    const first = newBatch(1)
    must(await store.addBatch(first, fact('batch/submitted'), []))
    const second = newBatch(1)
    must(await store.addBatch(second, fact('batch/submitted'), [first.batch]))
    expect(must(await store.batch(first.batch))).toMatchObject({ state: 'superseded', version: 2 })
    expect(must(await store.batch(second.batch)).state).toBe('submitted')
  })

  test('lets nobody decide on their own batch, on another content, or on an outdated look', async () => {
    const { store } = await engine.fresh()
    const batch = newBatch(1)
    must(await store.addBatch(batch, fact('batch/submitted'), []))
    const decide = (by: string, digest: string, version: number) =>
      store.decide(batch.batch, version, { by, decision: 'approved', at: now, digest }, 'approved', fact('batch/approved'))
    expect(await decide(' KARI', batch.digest, 1)).toMatchObject({ ok: false, error: { reason: 'refused' } })
    expect(await decide('Ola', 'sha256:other', 1)).toMatchObject({ ok: false, error: { reason: 'refused' } })
    expect(await decide('Ola', batch.digest, 7)).toMatchObject({ ok: false, error: { reason: 'changed-meanwhile' } })
    expect(must(await store.approvals(batch.batch))).toEqual([])
    must(await decide('Ola', batch.digest, 1))
    expect(await decide('Nina', batch.digest, 1)).toMatchObject({ ok: false, error: { reason: 'changed-meanwhile' } })
    expect(must(await store.approvals(batch.batch))).toEqual([{ by: 'Ola', decision: 'approved', at: now, digest: batch.digest }])
    expect(must(await store.batch(batch.batch))).toMatchObject({ state: 'approved', version: 2 })
  })

  test('is not pushed without an approval', async () => {
    const { store } = await engine.fresh()
    const batch = newBatch(1)
    must(await store.addBatch(batch, fact('batch/submitted'), []))
    expect(await begin(store, batch.batch)).toMatchObject({ ok: false, error: { reason: 'refused' } })
    expect(must(await store.batch(batch.batch)).state).toBe('submitted')
  })

  test('applies every kind of change once, with its before-image in mind and the chain unbroken', async () => {
    const { store } = await engine.fresh()
    const seed = users(6)
    const batch = await approvedBatch(store, 5, seed)
    expect(must(await store.subscribers(customer))).toBeNull()
    const session = must(await begin(store, batch))
    expect(session.seeded).toBe(6)
    expect(must(await store.subscribers(customer))).toEqual(seed)
    const items = numbered([
      {
        ...change(0, 'Extension', '20000', ''),
        cells: [...change(0, 'Extension', '20000', '').cells, { column: 'Department', before: '', after: 'Sal\tg\\' }],
      },
      { ...change(1, '', '', ''), intent: 'packageChange', from: 'Webex Calling', to: 'Webex Suite', cells: [] },
      { ...addition(2, user(90)), email: 'Ny.Bruker@example.no' },
      { ...rename(3, 'neu@example.no'), number: 3 },
      { ...removal(4), number: 4 },
    ])
    const portions: number[] = []
    expect(must(await session.apply(items, applyOptions({ onPortion: (done) => portions.push(done) })))).toEqual({
      applied: 5,
      refused: 0,
      skipped: 0,
    })
    expect(portions.at(-1)).toBe(5)
    expect(must(await session.apply(items, applyOptions()))).toEqual({ applied: 0, refused: 0, skipped: 5 })
    must(await session.finish('applied', now, fact('push/finished')))
    session.release()

    const after = must(await store.subscribers(customer)) ?? []
    expect(after.map(({ email }) => email).toSorted()).toEqual(
      ['Ny.Bruker@example.no', 'neu@example.no', 'user0@example.no', 'user1@example.no', 'user2@example.no', 'user5@example.no'].toSorted(),
    )
    const byEmail = new Map(after.map((one) => [one.email, one]))
    expect(byEmail.get('user0@example.no')).toEqual({ ...user(0), cells: { 'First Name': 'Name 0', Department: 'Sal\tg\\' } })
    expect(byEmail.get('user1@example.no')?.package).toBe('Webex Suite')
    expect(byEmail.get('neu@example.no')).toEqual({ ...user(3), email: 'neu@example.no' })
    expect(must(await store.ledger(batch)).map(({ number, outcome, reason }) => [number, outcome, reason])).toEqual(
      [0, 1, 2, 3, 4].map((number) => [number, 'applied', null]),
    )
    expect(must(await store.batch(batch)).state).toBe('applied')
    const [push] = must(await store.pushes(batch))
    expect(push).toMatchObject({ push: 1, by: 'Per', mode: 'push', finishedAt: now, serialBefore: 0 })
    const chain = await chainOf(store)
    expect(chain.broken).toBeNull()
    expect(push?.auditHead).toEqual(chain.head)
    expect(must(await store.status())).toMatchObject({ customers: 1, subscribers: 6, batches: 1 })
  })

  test('keeps how users stood before, for taking a batch back', async () => {
    const { store } = await engine.fresh()
    const batch = await approvedBatch(store, 4, users(3))
    const session = must(await begin(store, batch))
    const items = [
      change(0, 'Extension', '20000', '1'),
      { ...removal(1), number: 1 },
      { ...addition(2, user(50)), number: 2 },
      { ...change(2, 'Extension', 'x', 'y'), number: 3 },
    ]
    must(await session.apply(numbered(items), applyOptions()))
    session.release()
    expect(must(await store.beforeImages(batch))).toEqual(
      new Map([
        [0, user(0)],
        [1, user(1)],
      ]),
    )
  })

  test('sees within one transaction what earlier items of it did', async () => {
    const { store } = await engine.fresh()
    const batch = await approvedBatch(store, 3, users(2))
    const session = must(await begin(store, batch))
    const items = numbered([
      { ...rename(0, 'moved@example.no'), number: 0 },
      { ...addition(1, user(0)), number: 1 },
      { ...removal(1), number: 2 },
    ])
    expect(must(await session.apply(items, applyOptions()))).toEqual({ applied: 3, refused: 0, skipped: 0 })
    session.release()
    expect((must(await store.subscribers(customer)) ?? []).map(({ email }) => email)).toEqual(['moved@example.no', 'user0@example.no'])
  })

  test('refuses what no longer stands as the batch found it, names the columns, and applies the rest', async () => {
    const { store } = await engine.fresh()
    const batch = await approvedBatch(store, 4, users(3))
    const session = must(await begin(store, batch))
    const items = numbered([
      change(0, 'Extension', 'another', '1'),
      change(1, 'Extension', '20001', '2'),
      { ...change(7, 'Extension', '', '3'), number: 2 },
      { ...addition(3, user(2)), cells: [{ column: 'Extension', before: '', after: 'else' }] },
    ])
    expect(must(await session.apply(items, applyOptions()))).toEqual({ applied: 1, refused: 3, skipped: 0 })
    must(await session.finish('partly-applied', now, fact('push/finished')))
    session.release()
    expect(must(await store.ledger(batch)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['refused', 'changed: Extension'],
      ['applied', null],
      ['refused', 'missing'],
      ['refused', 'exists: Extension'],
    ])

    // What stood in the way is gone: trying again applies what was refused, and only that.
    const helper = await approvedBatch(store, 1)
    const help = must(await begin(store, helper))
    must(await help.apply(numbered([change(0, 'Extension', '20000', 'another')]), applyOptions()))
    must(await help.finish('applied', now, fact('push/finished')))
    help.release()
    const retry = must(await begin(store, batch, 'retry'))
    expect(must(await retry.apply(items, applyOptions({ retry: true })))).toEqual({ applied: 1, refused: 2, skipped: 1 })
    must(await retry.finish('partly-applied', now, fact('push/finished')))
    retry.release()
    expect(must(await store.ledger(batch)).map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'refused', 'refused'])
    expect(must(await store.pushes(batch)).map(({ mode }) => mode)).toEqual(['push', 'retry'])
  })

  test('refuses an item that is in the ledger with another content, and writes nothing of that call', async () => {
    const { store } = await engine.fresh()
    const batch = await approvedBatch(store, 2, users(2))
    const session = must(await begin(store, batch))
    must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))
    const other = numbered([change(1, 'Extension', '20001', '2'), change(0, 'Extension', '20000', 'forged')])
    expect(await session.apply(other, applyOptions())).toMatchObject({ ok: false, error: { reason: 'content-changed' } })
    session.release()
    expect(must(await store.ledger(batch))).toHaveLength(1)
    expect(must(await store.present(customer, ['user1@example.no']))?.get('user1@example.no')?.cells['Extension']).toBe('20001')
  })

  test('is one push of a customer at a time; the other is told who', async () => {
    const { store, url, stores } = await engine.fresh()
    const first = await approvedBatch(store, 1, users(1))
    const session = must(await begin(store, first))
    const second = must(await stores.open(url, { create: false }))
    const refused = await begin(second, first, 'resume', 'Nina')
    expect(refused).toMatchObject({ ok: false, error: { reason: 'busy' } })
    expect(must(await second.batch(first)).state).toBe('pushing')
    session.release()
    await expect.poll(async () => must(await second.batch(first)).state).toBe('interrupted')
    const resumed = must(await begin(second, first, 'resume', 'Nina'))
    expect(must(await resumed.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))).toMatchObject({ applied: 1 })
    must(await resumed.finish('applied', now, fact('push/finished')))
    resumed.release()
    expect(must(await store.batch(first)).state).toBe('applied')
    await second.close()
  })

  test('leaves nothing of a transaction that is stopped, and goes on afterwards', async () => {
    const { store } = await engine.fresh()
    const seed = users(4000)
    const batch = await approvedBatch(store, seed.length, seed)
    const session = must(await begin(store, batch))
    const items = numbered(seed.map((_, n) => change(n, 'Extension', String(20_000 + n), 'new')))
    const controller = new AbortController()
    const started = performance.now()
    const stopped = await session.apply(items, applyOptions({ signal: controller.signal, onPortion: () => controller.abort() }))
    expect(stopped).toMatchObject({ ok: false, error: { reason: 'cancelled' } })
    expect(performance.now() - started).toBeLessThan(1000)
    expect(must(await store.ledger(batch))).toEqual([])
    must(await session.finish('interrupted', now, fact('push/interrupted')))
    session.release()
    expect(must(await store.batch(batch)).state).toBe('interrupted')
    const resumed = must(await begin(store, batch, 'resume'))
    expect(must(await resumed.apply(items, applyOptions()))).toEqual({ applied: seed.length, refused: 0, skipped: 0 })
    resumed.release()
  })

  test('adds users many at a time, with calls that wait for one another, and refuses those who are there or whom it cannot keep', async () => {
    const { store } = await engine.fresh()
    const there = [user(3), user(25, { Extension: 'another' })]
    const batch = await approvedBatch(store, 50, there)
    const impossible = user(31, { 'First Name': 'Åse "Ø"\t\\\n\u2028' })
    const items = numbered(
      users(40).map((one, n) =>
        n === 12
          ? addition(n, { ...one, package: 'No Such Package' as never })
          : n === 13
            ? addition(n, user(11, { Extension: 'twice' }))
            : n === 31
              ? addition(n, impossible)
              : addition(n, one),
      ),
    )
    const session = must(await begin(store, batch))
    const calls = [0, 10, 20, 30].map((from) => session.apply(items.slice(from, from + 10), applyOptions()))
    expect((await Promise.all(calls)).map(must)).toEqual([
      { applied: 10, refused: 0, skipped: 0 },
      { applied: 8, refused: 2, skipped: 0 },
      { applied: 9, refused: 1, skipped: 0 },
      { applied: 10, refused: 0, skipped: 0 },
    ])
    expect(must(await session.apply(items, applyOptions()))).toEqual({ applied: 0, refused: 0, skipped: 40 })
    must(await session.finish('partly-applied', now, fact('push/finished')))
    session.release()
    const ledger = must(await store.ledger(batch))
    expect(ledger.map(({ number, opHash }) => ({ number, opHash }))).toEqual(
      items.map(({ item, opHash }) => ({ number: item.number, opHash })),
    )
    expect(ledger.filter(({ outcome }) => outcome === 'refused').map(({ number, reason }) => [number, reason])).toEqual([
      [12, expect.stringMatching(/^store: /u)],
      [13, 'exists: Extension'],
      [25, 'exists: Extension'],
    ])
    const found = must(await store.present(customer, ['user25@example.no', 'user31@example.no', 'user12@example.no']))
    expect(found).toEqual(
      new Map([
        ['user25@example.no', there[1]],
        ['user31@example.no', impossible],
      ]),
    )
    expect((await chainOf(store)).broken).toBeNull()
  })

  test('does not begin a call that waits for one that fails', async () => {
    const { store } = await engine.fresh()
    const batch = await approvedBatch(store, 20, users(1))
    const session = must(await begin(store, batch))
    must(await session.apply(numbered([addition(5)]), applyOptions()))
    const forged = numbered([addition(4), addition(5, user(99))])
    const [failed, waiting] = await Promise.all([
      session.apply(forged, applyOptions()),
      session.apply(numbered([addition(6), addition(7)]), applyOptions()),
    ])
    expect(failed).toMatchObject({ ok: false, error: { reason: 'content-changed' } })
    expect(waiting).toEqual(failed)
    expect(must(await store.ledger(batch)).map(({ number }) => number)).toEqual([5])
    // What comes afterwards is a matter of its own.
    expect(must(await session.apply(numbered([addition(6)]), applyOptions()))).toMatchObject({ applied: 1 })
    session.release()
  })

  test('keeps names outside the chain of the audit log', async () => {
    const { store } = await engine.fresh()
    await approvedBatch(store, 1)
    expect([...must(await store.actors()).values()]).toEqual(['Kari'])
    const page = must(await store.audit(1, 1))
    expect(page.total).toBe(2)
    expect(page.entries.map(({ entry, what }) => [entry, what])).toEqual([[2, 'batch/approved']])
    expect((await chainOf(store)).broken).toBeNull()
  })

  test('finds users by many emails at once, and says null of a customer that it does not know', async () => {
    const { store } = await engine.fresh()
    expect(must(await store.present(customer, ['a@example.no']))).toBeNull()
    const session = must(await begin(store, await approvedBatch(store, 1, users(30))))
    session.release()
    const found = must(await store.present('  fjordkraft as ', ['user3@example.no', 'none@example.no', 'user29@example.no']))
    expect([...(found ?? new Map()).keys()].toSorted()).toEqual(['user29@example.no', 'user3@example.no'])
  })

  test('completes a customer whom it knows by single changes only, once, and lets through what it refuses', async () => {
    const { store } = await engine.fresh()
    expect(must(await store.beginning(customer))).toBe('unknown')
    const first = await approvedBatch(store, 2)
    const adding = must(await begin(store, first))
    must(await adding.apply(numbered([addition(0), addition(1)]), applyOptions()))
    must(await adding.finish('applied', now, fact('push/finished')))
    adding.release()
    expect(must(await store.beginning(' FJORDKRAFT as'))).toBe('changes')

    const serial = must(await store.status()).serial
    const second = await approvedBatch(store, 1, users(3))
    expect(must(await store.beginning(customer))).toBe('changes')
    const impossible = { ...user(7), package: 'No Such Package' as never }
    const richer = user(1, { Department: 'Salg' })
    let asked = 0
    const supplement = async () => {
      asked++
      // The customer is held by now: nobody else can push to it.
      expect(await begin(store, second)).toMatchObject({ ok: false, error: { reason: 'busy' } })
      return ok([user(2), impossible, richer].map((after) => ({ before: after === richer ? user(1) : null, after })))
    }
    const session = must(await begin(store, second, 'push', 'Per', supplement))
    expect([asked, session.seeded]).toEqual([1, 2])
    session.release()
    expect((must(await store.subscribers(customer)) ?? []).map(({ email, cells }) => [email, cells['Department']])).toEqual([
      ['user0@example.no', undefined],
      ['user1@example.no', 'Salg'],
      ['user2@example.no', undefined],
    ])
    expect(must(await store.beginning(customer))).toBe('baseline')
    expect(must(await store.status()).serial).toBe(serial + 1)
    expect(must(await store.audit(0, 100)).entries.filter(({ what }) => what === 'store/seeded')).toMatchObject([{ counts: { users: 2 } }])
    expect((await chainOf(store)).broken).toBeNull()
  })

  test('does not complete a user who is not as it was said, and cannot know any more what was purged', async () => {
    const { store } = await engine.fresh()
    const first = await approvedBatch(store, 1)
    const adding = must(await begin(store, first))
    must(await adding.apply(numbered([addition(0)]), applyOptions()))
    must(await adding.finish('applied', now, fact('push/finished')))
    adding.release()
    const second = await approvedBatch(store, 1, users(1))
    const overtaken = async () => ok([{ before: null, after: user(0, { Department: 'Salg' }) }])
    expect(await begin(store, second, 'push', 'Per', overtaken)).toMatchObject({ ok: false })
    expect(must(await store.batch(second)).state).toBe('approved')
    expect(must(await store.subscribers(customer))).toEqual([user(0)])
    must((await store.book?.purge(first, fact('batch/purged'))) ?? ok(null))
    expect(must(await store.beginning(customer))).toBe('baseline')
  })

  test('keeps a book of what people say, and takes a finished batch away without breaking the chain', async () => {
    const { store } = await engine.fresh()
    const { book } = store
    if (book === undefined) throw new Error('no book')
    const batch = await approvedBatch(store, 1, users(1))
    const key = { kind: 'key', batch: null, by: 'Ola', at: now, body: { publicKey: 'k' } } as const
    must(await book.add(key, null))
    expect(await book.add({ ...key, by: 'OLA', body: { publicKey: 'other' } }, null)).toMatchObject({
      ok: false,
      error: { reason: 'refused' },
    })
    const comment = { kind: 'comment', batch, by: 'Nina', at: now, body: { id: 'c1', text: 'Åpen "sak"\t' } } as const
    must(await book.add(comment, fact('review/comment')))
    expect(must(await book.records(null))).toEqual([key])
    expect(must(await book.records(batch))).toEqual([comment])

    expect(await book.purge(batch, fact('batch/purged'))).toMatchObject({ ok: false, error: { reason: 'refused' } })
    expect(must(await book.records(batch))).toEqual([comment])
    const session = must(await begin(store, batch))
    must(await session.apply(numbered([change(0, 'Extension', '20000', '1')]), applyOptions()))
    must(await session.finish('applied', now, fact('push/finished')))
    session.release()
    must(await book.purge(batch, fact('batch/purged')))
    expect(must(await book.records(batch))).toEqual([])
    expect(await store.content(batch)).toMatchObject({ ok: false, error: { reason: 'no-such-batch' } })
    expect(must(await store.batch(batch))).toMatchObject({ author: '', message: null, state: 'applied' })
    expect(must(await store.ledger(batch))).toHaveLength(1)
    expect((await chainOf(store)).broken).toBeNull()
  })

  test('is backed up to a new file only', async () => {
    const { store } = await engine.fresh()
    await approvedBatch(store, 1, users(3))
    const folder = await mkdtemp(path.join(tmpdir(), 'roster-backup-'))
    try {
      const target = path.join(folder, 'backup')
      must(await store.backup(target))
      expect((await readFile(target)).length).toBeGreaterThan(1000)
      expect(await store.backup(target)).toMatchObject({ ok: false, error: { reason: 'exists', path: target } })
      const nowhere = path.join(folder, 'none', 'backup')
      expect(await store.backup(nowhere)).toMatchObject({ ok: false, error: { reason: 'not-writable', path: nowhere } })
      expect(await readdir(folder)).toEqual(['backup'])
      expect(must(await store.status()).batches).toBe(1)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
