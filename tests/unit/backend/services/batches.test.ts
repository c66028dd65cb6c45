import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { compose } from '../../../../backend/compose.ts'
import { subscribersFromTable } from '../../../../shared/core/batch/subscribers-from-table.ts'
import { createSqliteLocks } from '../../../../backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
import { createSqliteStores } from '../../../../backend/adapters/store-sqlite/store-sqlite.ts'
import { begin } from '../../../support/store.ts'
import { customerName, must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { userCells, userFile, users, type UserCells } from '../../../support/user-file.ts'

const base = users(8)
const withDepartment = (n: number): UserCells => (n < 3 ? { Department: 'Salg' } : {})
const changed = users(8, withDepartment)
const removing = [...users(7), userCells(7, { package: null })]
const storeOf = (folder: string): DatabaseSync => new DatabaseSync(path.join(folder, 'data', 'store.sqlite'))

describe('submitting', () => {
  test('freezes what the draft changes, and says that one person could have done it all', () =>
    onBench(async ({ submitted }) => {
      const batch = await submitted(changed, base)
      expect(batch).toMatchObject({
        customer: customerName,
        state: 'submitted',
        author: 'Kari',
        next: 'reviewer',
        digestHolds: true,
        singlePerson: true,
        summary: { add: 0, update: 3, packageChange: 0, remove: 0, rename: 0, unchanged: 5 },
        items: { total: 3, pending: 3 },
        baseline: { kind: 'file', users: 8 },
        groups: [{ intent: 'update', count: 3, changes: [{ column: 'Department', before: 'Drift', after: 'Salg' }] }],
      })
    }))

  test('is refused while the draft has errors, and nothing is made', () =>
    onBench(async ({ api, draft }) => {
      must(await api['customers.save']({ profile: { name: customerName } }))
      const { id, findings } = await draft([...changed, userCells(9, { 'User ID/Email (Required)': 'no address' })], {
        baseline: base,
        customer: customerName,
      })
      expect(problemOf(await api['batches.submit']({ draftId: id, by: 'Kari' }))).toEqual({
        code: 'draft/has-errors',
        errors: findings.error,
      })
      expect(must(await api['batches.list']({}))).toEqual([])
    }))

  test('is refused where a package moves to another subscription: a batch has no words for that', () =>
    onBench(async ({ api, ticket }) => {
      must(await api['customers.save']({ profile: { name: customerName } }))
      const of = async (first: string, second: string): Promise<string> => {
        const [head = '', user = ''] = userFile(base.slice(0, 1)).split('\r\n')
        const header = head.replace('Webex Suite', 'Webex Suite [Sub111]').replace('Webex Meetings', 'Webex Suite [Sub222]')
        const cells = user.split(',')
        const names = header.split(',')
        cells[names.indexOf('Webex Suite [Sub111]')] = first
        cells[names.indexOf('Webex Suite [Sub222]')] = second
        return ticket([header, cells.join(','), ''].join('\r\n'))
      }
      const made = await api['drafts.create']({
        ticket: await of('FALSE', 'TRUE'),
        baselineTicket: await of('TRUE', 'FALSE'),
        customer: customerName,
      })
      const refused = problemOf(await api['batches.submit']({ draftId: must(made).id, by: 'Kari' }))
      expect(refused).toMatchObject({ code: 'guard/refused', detail: expect.stringContaining('Webex Suite [Sub222]') as string })
      expect(must(await api['batches.list']({}))).toEqual([])
    }))

  test('asks for the exact number of users that will be removed', () =>
    onBench(async ({ api, draft }) => {
      must(await api['customers.save']({ profile: { name: customerName } }))
      const { id } = await draft(removing, { baseline: base, customer: customerName })
      must(await api['drafts.confirmRemovals']({ draftId: id, count: 1 }))
      const refused = { code: 'guard/removals-unconfirmed', removals: 1 }
      expect(problemOf(await api['batches.submit']({ draftId: id, by: 'Kari' }))).toEqual({ ...refused, confirmed: 0 })
      expect(problemOf(await api['batches.submit']({ draftId: id, by: 'Kari', confirmRemovals: 2 }))).toEqual({ ...refused, confirmed: 2 })
      expect(must(await api['batches.submit']({ draftId: id, by: 'Kari', confirmRemovals: 1 })).summary.remove).toBe(1)
    }))

  test('the next submission of the same draft takes the place of the one before', () =>
    onBench(async ({ api, draft }) => {
      must(await api['customers.save']({ profile: { name: customerName } }))
      const { id } = await draft(changed, { baseline: base, customer: customerName })
      const first = must(await api['batches.submit']({ draftId: id, by: 'Kari' }))
      const second = must(await api['batches.submit']({ draftId: id, by: 'Kari' }))
      const states = must(await api['batches.list']({})).map(({ batch, state }) => [batch, state])
      expect(states).toEqual([
        [second.batch, 'submitted'],
        [first.batch, 'superseded'],
      ])
    }))

  test('a draft that changes nothing makes no batch', () =>
    onBench(async ({ api, draft }) => {
      must(await api['customers.save']({ profile: { name: customerName } }))
      const { id } = await draft(base, { baseline: base, customer: customerName })
      expect(problemOf(await api['batches.submit']({ draftId: id, by: 'Kari' }))).toEqual({ code: 'draft/no-changes' })
    }))
})

describe('deciding', () => {
  test('nobody decides on their own batch, whatever the case and spaces of the name', () =>
    onBench(async ({ api, submitted }) => {
      const { batch, digest } = await submitted(changed, base)
      for (const by of ['Kari', 'kari ', 'KARI']) {
        const decided = await api['batches.decide']({ batch, by, decision: 'approved', digest })
        expect(problemOf(decided)).toEqual({ code: 'guard/own-approval', batch, author: 'Kari' })
      }
    }))

  test('a decision on another content than the batch has is refused', () =>
    onBench(async ({ api, submitted }) => {
      const { batch } = await submitted(changed, base)
      const decided = await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest: 'sha256:0' })
      expect(problemOf(decided)).toMatchObject({ code: 'guard/content-changed' })
    }))

  test('a rejection needs a reason, and a rejected batch cannot be pushed', () =>
    onBench(async ({ api, submitted }) => {
      const { batch, digest } = await submitted(changed, base)
      expect(problemOf(await api['batches.decide']({ batch, by: 'Ola', decision: 'rejected', digest })).code).toBe('guard/refused')
      const rejected = must(await api['batches.decide']({ batch, by: 'Ola', decision: 'rejected', digest, message: 'wrong customer' }))
      expect(rejected).toMatchObject({ state: 'rejected', next: 'author' })
      expect(problemOf(await api['batches.push']({ batch, by: 'Per' }))).toEqual({ code: 'guard/not-approved', batch, state: 'rejected' })
    }))
})

describe('pushing', () => {
  test('applies each item once, writes a receipt that holds, and a second push changes nothing', () =>
    onBench(async ({ api, backend, approved }) => {
      const { batch } = await approved(changed, base)
      const pushed = must(await api['batches.push']({ batch, by: 'Per' }))
      expect(pushed).toMatchObject({ state: 'applied', items: { total: 3, applied: 3, refused: 0, pending: 0 } })
      const { receipt, verified } = must(await api['batches.receipt']({ batch }))
      expect(verified).toBe(true)
      expect(receipt).toMatchObject({ batch, author: 'Kari', by: 'Per', singlePerson: true, counts: { applied: 3 } })
      expect(JSON.parse(new TextDecoder().decode(must(await backend.readTicket(pushed.receipt?.ticket ?? '')).bytes))).toEqual(receipt)

      const before = must(await api['store.status']({}))
      expect(before).toMatchObject({ customers: 1, subscribers: 8 })
      expect(must(await api['batches.push']({ batch, by: 'Per' }))).toMatchObject({ state: 'applied', items: { applied: 0, skipped: 3 } })
      expect(must(await api['store.status']({}))).toEqual(before)
      expect(must(await api['audit.verify']({}))).toMatchObject({ entries: 6, broken: null })
    }))

  test('a batch that nobody approved is refused', () =>
    onBench(async ({ api, submitted }) => {
      const { batch } = await submitted(changed, base)
      expect(problemOf(await api['batches.push']({ batch, by: 'Per' }))).toEqual({ code: 'guard/not-approved', batch, state: 'submitted' })
      expect(must(await api['store.status']({})).subscribers).toBe(0)
    }))

  test('removes, adds and moves packages in the store', () =>
    onBench(async ({ api, backend, approved }) => {
      const rows = [userCells(0, { package: 'Webex Voice' }), ...users(7).slice(1), userCells(7, { package: null }), userCells(20)]
      const { batch } = await approved(rows, base, 1)
      expect(must(await api['batches.push']({ batch, by: 'Per' })).items).toMatchObject({ total: 3, applied: 3 })
      const users8 = must(await backend.services.store.baseline({ name: customerName }))
      expect(must(await api['store.status']({})).subscribers).toBe(8)
      const packages = backend.services.files.inspect(users8!).packages
      expect(packages).toEqual([
        { package: 'Webex Suite', users: 7 },
        { package: 'Webex Voice', users: 1 },
      ])
    }))

  test('refuses and names users who changed meanwhile, and applies the others', () =>
    onBench(async ({ api, approved }) => {
      const first = await approved(
        users(8, (n) => (n === 0 ? { Department: 'IT' } : {})),
        base,
      )
      const second = await approved(changed, base)
      must(await api['batches.push']({ batch: first.batch, by: 'Per' }))
      const pushed = must(await api['batches.push']({ batch: second.batch, by: 'Per' }))
      expect(pushed).toMatchObject({ state: 'partly-applied', items: { total: 3, applied: 2, refused: 1 } })
      const refused = must(await api['batches.items']({ batch: second.batch, outcome: 'refused', from: 0, count: 10 }))
      expect(refused.items).toMatchObject([{ email: 'user.0@fjordkraft.no', outcome: 'refused', reason: 'changed: Department' }])
      // Control Hub would lose the other change just the same: the files leave that user out until the store takes the item.
      const inFiles = async (): Promise<number> => {
        const { manifest } = must(await api['batches.export']({ batch: second.batch, columns: 'changed' }))
        return manifest.files.reduce((sum, { rows }) => sum + rows, 0)
      }
      expect(await inFiles()).toBe(2)

      // The user is put back as the batch found them: now the refused item can be tried again.
      const back = await approved(
        base,
        users(8, (n) => (n === 0 ? { Department: 'IT' } : withDepartment(n))),
      )
      must(await api['batches.push']({ batch: back.batch, by: 'Per' }))
      const retried = must(await api['batches.push']({ batch: second.batch, by: 'Per', mode: 'retry' }))
      expect(retried).toMatchObject({ state: 'applied', items: { applied: 3, refused: 0 } })
      expect(await inFiles()).toBe(3)
    }))

  test('a batch of which no item stands on firm ground is refused as a whole', () =>
    onBench(async ({ api, approved }) => {
      const first = await approved(
        users(8, (n) => (n < 3 ? { Department: 'IT' } : {})),
        base,
      )
      const second = await approved(changed, base)
      must(await api['batches.push']({ batch: first.batch, by: 'Per' }))
      expect(problemOf(await api['batches.push']({ batch: second.batch, by: 'Per' }))).toEqual({
        code: 'guard/stale-baseline',
        batch: second.batch,
        rows: ['user.0@fjordkraft.no', 'user.1@fjordkraft.no', 'user.2@fjordkraft.no'],
      })
      expect(must(await api['batches.show']({ batch: second.batch })).state).toBe('approved')
    }))

  test('is stopped between two portions, leaves a known state, and goes on from there', () =>
    onBench(async ({ api, backend, approved }) => {
      const { batch } = await approved(users(60, () => ({ Department: 'Salg' })).map(distinct), users(60).map(distinct))
      const stop = new AbortController()
      const pushed = await backend.services.batches.push(
        { batch, by: 'Per' },
        { chunk: 10, signal: stop.signal, onProgress: (_, done) => (done >= 20 ? stop.abort() : undefined) },
      )
      expect(problemOf(pushed)).toEqual({ code: 'cancelled' })
      const { state, items } = must(await api['batches.show']({ batch }))
      expect({ state, applied: items.applied, pending: items.pending }).toEqual({ state: 'interrupted', applied: 20, pending: 40 })
      expect(problemOf(await api['batches.push']({ batch, by: 'Per' })).code).toBe('guard/wrong-state')
      expect(must(await api['batches.push']({ batch, by: 'Per', mode: 'resume' }))).toMatchObject({
        state: 'applied',
        items: { applied: 60 },
      })
    }))

  test('two pushes at once: one works, the other hears that somebody is at it', () =>
    onBench(async ({ api, approved }) => {
      const { batch } = await approved(changed, base)
      const both = await Promise.all([api['batches.push']({ batch, by: 'Per' }), api['batches.push']({ batch, by: 'Pål' })])
      const ends = both.map((result) => (result.ok ? `applied ${result.value.items.applied}` : result.error.code))
      expect(ends.filter((end) => end === 'applied 3')).toHaveLength(1)
      expect(ends.find((end) => end !== 'applied 3')).toMatch(/^(?:batch\/busy|applied 0)$/u)
      expect(must(await api['batches.show']({ batch }))).toMatchObject({ state: 'applied', items: { applied: 3 } })
    }))
})

describe('two at one batch', () => {
  test('who comes while a push is under way is told who and how far, whichever way they come', () =>
    onBench(async ({ api, folder, approved }) => {
      const { batch } = await approved(changed, base)
      const file = path.join(folder, 'data', 'store.sqlite')
      const store = must(await createSqliteStores({ defaultPath: file, locksBeside: createSqliteLocks }).open(file, { create: false }))
      const session = must(await begin(store, batch))
      for (const mode of ['push', 'resume', 'retry'] as const) {
        expect(problemOf(await api['batches.push']({ batch, by: 'Pål', mode }))).toEqual({
          code: 'batch/busy',
          batch,
          owner: 'Per (0 of 3 items, since 2026-11-20T12:00:00.000Z)',
        })
      }
      session.release()
      expect(must(await api['batches.push']({ batch, by: 'Pål', mode: 'resume' }))).toMatchObject({
        state: 'applied',
        items: { applied: 3 },
      })
      await store.close()
    }))

  test('whose look was overtaken looks again: it is done, or refused for what it is by now', () =>
    onBench(async ({ api, backend, approved, folder }) => {
      const other = compose({ dataDir: path.join(folder, 'data') })
      try {
        for (const [department, first, second] of [
          ['Salg', 'Per', 'Pål'],
          ['Lager', 'Per', 'Pål'],
        ] as const) {
          const { batch } = await approved(
            users(8, (n) => (n < 3 ? { Department: department } : {})),
            base.map((row, n) => (n < 3 && department === 'Lager' ? (users(8, () => ({ Department: 'Salg' }))[n] ?? row) : row)),
          )
          const both = await Promise.all([
            backend.services.batches.push({ batch, by: first }),
            other.services.batches.push({ batch, by: second }),
          ])
          const ends = both.map((result) => (result.ok ? `applied ${result.value.items.applied}` : result.error.code))
          expect(ends.filter((end) => end === 'applied 3')).toHaveLength(1)
          expect(ends.find((end) => end !== 'applied 3')).toMatch(/^(?:batch\/busy|applied 0)$/u)
          expect(must(await api['batches.show']({ batch }))).toMatchObject({ state: 'applied', items: { applied: 3 } })
        }
      } finally {
        await other.close()
      }
    }))
})

describe('a customer whom the store knows by single changes only', () => {
  const five = users(5)
  const export20 = users(20, (n) => (n === 4 ? { Department: 'Innkjøp' } : {}))
  /** The first batch has no baseline: it only adds. */
  const begun = async ({ api, draft }: Bench, rows: readonly (readonly string[])[]) => {
    must(await api['customers.save']({ profile: { name: customerName } }))
    const { id } = await draft(rows, { customer: customerName })
    const { batch, digest } = must(await api['batches.submit']({ draftId: id, by: 'Kari', confirmRemovals: 0 }))
    must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }))
    expect(must(await api['batches.push']({ batch, by: 'Per' }))).toMatchObject({ state: 'applied' })
    return batch
  }
  const storeUsers = async ({ backend }: Bench) =>
    new Map(subscribersFromTable(must(await backend.services.store.baseline({ name: customerName }))!).map((one) => [one.email, one.cells]))

  test('a later batch against an export begins with what the store was never told; nobody is refused for that', () =>
    onBench(async (bench) => {
      await begun(bench, five)
      const { batch } = await bench.approved(
        users(20, (n) => (n > 2 && n < 9 ? { Department: 'Salg' } : {})),
        export20,
      )
      // The review shows the same one row, and none that the push will complete.
      const drift = must(await bench.api['review.drift']({ batch, from: 0, count: 10 }))
      expect(drift).toMatchObject({ total: 1, rows: [{ email: 'user.4@fjordkraft.no' }] })
      const pushed = must(await bench.api['batches.push']({ batch, by: 'Per' }))
      // User 4's department is another in the store than in the export: that item alone is refused.
      expect(pushed).toMatchObject({ state: 'partly-applied', items: { total: 6, applied: 5, refused: 1 } })
      const refused = must(await bench.api['batches.items']({ batch, outcome: 'refused', from: 0, count: 10 }))
      expect(refused.items).toMatchObject([{ email: 'user.4@fjordkraft.no', reason: 'changed: Department' }])
      const now = await storeUsers(bench)
      expect(now.size).toBe(20)
      expect(now.get('user.12@fjordkraft.no')).toMatchObject({ Department: 'Drift', Extension: '2312' })
      // What the store had stays as it was, whatever the export says.
      expect(now.get('user.4@fjordkraft.no')).toMatchObject({ Department: 'Drift' })
      expect(must(await bench.api['audit.verify']({})).broken).toBeNull()
      const { entries } = must(await bench.api['audit.list']({ from: 0, count: 100 }))
      expect(entries.find(({ what }) => what === 'store/seeded')).toMatchObject({ batch, counts: { users: 15 } })
    }))

  test('whom a batch removed or moved stays away, and what a batch emptied stays empty', () =>
    onBench(async (bench) => {
      await begun(bench, five)
      // Taken back whole: the five were removed by a batch.
      const { api } = bench
      const undone = must(
        await api['batches.undo']({ batch: must(await api['batches.list']({}))[0]!.batch, by: 'Kari', confirmRemovals: 5 }),
      )
      must(await api['batches.decide']({ batch: undone.batch, by: 'Ola', decision: 'approved', digest: undone.digest, confirmRemovals: 5 }))
      must(await api['batches.push']({ batch: undone.batch, by: 'Per' }))
      const { batch } = await bench.approved(
        users(20, (n) => (n > 2 && n < 9 ? { Department: 'Salg' } : {})),
        users(20),
      )
      expect(must(await api['batches.push']({ batch, by: 'Per' }))).toMatchObject({ items: { applied: 4, refused: 2 } })
      const refused = must(await api['batches.items']({ batch, outcome: 'refused', from: 0, count: 10 }))
      expect(refused.items.map(({ email, reason }) => [email, reason])).toEqual([
        ['user.3@fjordkraft.no', 'missing'],
        ['user.4@fjordkraft.no', 'missing'],
      ])
      expect((await storeUsers(bench)).has('user.0@fjordkraft.no')).toBe(false)
    }))

  test('once a whole baseline is in, a user of a later export whom the store does not have is refused as before', () =>
    onBench(async (bench) => {
      await begun(bench, five)
      const first = await bench.approved(
        users(10, (n) => (n === 7 ? { Department: 'Salg' } : {})),
        users(10),
      )
      must(await bench.api['batches.push']({ batch: first.batch, by: 'Per' }))
      const second = await bench.approved(
        users(20, (n) => (n === 15 ? { Department: 'Salg' } : {})),
        users(20),
      )
      expect(problemOf(await bench.api['batches.push']({ batch: second.batch, by: 'Per' }))).toEqual({
        code: 'guard/stale-baseline',
        batch: second.batch,
        rows: ['user.15@fjordkraft.no'],
      })
    }))
})

describe('somebody with a database program', () => {
  test('cannot change what was submitted, approve it, push it or rewrite the log', () =>
    onBench(async ({ folder, api, submitted }) => {
      const { batch, digest } = await submitted(changed, base)
      const store = storeOf(folder)
      const attempts = [
        "UPDATE contents SET content = replace(content, 'Salg', 'Drift')",
        "UPDATE batches SET author = 'Nils', author_key = 'nils'",
        "UPDATE batches SET state = 'approved', version = version + 1",
        "UPDATE batches SET state = 'pushing', version = version + 1",
        `INSERT INTO approvals (batch, by, by_key, decision, at, digest) VALUES ('${batch}', 'Kari', 'kari', 'approved', '2026', '${digest}')`,
        `INSERT INTO approvals (batch, by, by_key, decision, at, digest) VALUES ('${batch}', 'Ola', 'ola', 'approved', '2026', 'sha256:1')`,
        "UPDATE audit SET at = '1999'",
        'DELETE FROM audit',
        'DELETE FROM contents',
        'DELETE FROM batches',
      ]
      for (const sql of attempts) expect(() => store.exec(sql), sql).toThrow()
      store.close()
      expect(must(await api['batches.show']({ batch }))).toMatchObject({ state: 'submitted', digestHolds: true })
    }))

  test('who takes the guards away and changes the content is found out', () =>
    onBench(async ({ folder, api, approved }) => {
      const { batch, digest } = await approved(changed, base)
      const store = storeOf(folder)
      store.exec("DROP TRIGGER content_is_frozen; UPDATE contents SET content = replace(content, 'Salg', 'Sjef')")
      store.close()
      expect(must(await api['batches.show']({ batch })).digestHolds).toBe(false)
      expect(problemOf(await api['batches.push']({ batch, by: 'Per' })).code).toBe('guard/content-changed')
      const decided = await api['batches.decide']({ batch, by: 'Eva', decision: 'rejected', digest, message: 'no' })
      expect(problemOf(decided).code).toBe('guard/content-changed')
    }))

  test('who cuts the end of the audit log off is found out by the receipts', () =>
    onBench(async ({ folder, api, approved }) => {
      const { batch } = await approved(changed, base)
      must(await api['batches.push']({ batch, by: 'Per' }))
      const store = storeOf(folder)
      store.exec('DROP TRIGGER audit_stays; DELETE FROM audit WHERE entry > 3; UPDATE pushes SET audit_entry = NULL, audit_hash = NULL')
      store.close()
      expect(must(await api['audit.verify']({})).broken).toMatchObject({ entry: 4 })
    }))

  test('a receipt that was touched is no longer verified', () =>
    onBench(async ({ folder, api, approved }) => {
      const { batch } = await approved(changed, base)
      must(await api['batches.push']({ batch, by: 'Per' }))
      const file = path.join(folder, 'data', 'receipts', `${batch}.json`)
      await writeFile(file, (await readFile(file, 'utf8')).replace('"Per"', '"Pia"'))
      expect(must(await api['batches.receipt']({ batch })).verified).toBe(false)
    }))
})

test('an approval holds for the customer it was given for, though the list of batches is made to say another', () =>
  onBench(async ({ folder, api, approved }) => {
    const { batch } = await approved(changed, base)
    const database = storeOf(folder)
    database.exec("DROP TRIGGER batch_is_frozen; UPDATE batches SET customer = 'Another', customer_key = 'another'")
    database.close()
    expect(problemOf(await api['batches.push']({ batch, by: 'Per' })).code).toBe('guard/content-changed')
    expect(must(await api['store.status']({})).customers).toBe(0)
    expect(must(await api['batches.show']({ batch })).digestHolds).toBe(false)
  }))

test('nobody approves their own batch by becoming another author in the list of batches', () =>
  onBench(async ({ folder, api, submitted }) => {
    const { batch, digest } = await submitted(changed, base)
    const database = storeOf(folder)
    database.exec("DROP TRIGGER batch_is_frozen; UPDATE batches SET author = 'Another', author_key = 'another'")
    database.close()
    const problem = problemOf(await api['batches.decide']({ batch, by: 'Kari', decision: 'approved', digest }))
    expect(problem.code).toBe('guard/content-changed')
    expect(must(await api['batches.show']({ batch })).state).toBe('submitted')
  }))

describe('after a push', () => {
  test('Control Hub files are made of approved content only: they delete people as a push does', () =>
    onBench(async ({ api, submitted }) => {
      const { batch, digest } = await submitted(removing, base, 1)
      const files = async (): Promise<unknown> => problemOf(await api['batches.export']({ batch, columns: 'all' }))
      expect(await files()).toEqual({ code: 'guard/not-approved', batch, state: 'submitted' })
      must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, confirmRemovals: 1 }))
      must(await api['batches.export']({ batch, columns: 'all' }))
      must(await api['batches.decide']({ batch, by: 'Ola', decision: 'rejected', digest, message: 'No' }))
      expect(await files()).toEqual({ code: 'guard/not-approved', batch, state: 'rejected' })
    }))

  test('Control Hub files can still be made, as the batch was reviewed, and their ticks are remembered', () =>
    onBench(async ({ api, backend, approved }) => {
      const { batch } = await approved(removing, base, 1)
      must(await api['batches.push']({ batch, by: 'Per' }))
      const made = must(await api['batches.export']({ batch, columns: 'changed' }))
      expect(made.manifest.files).toMatchObject([{ rows: 1, removals: 1 }])
      const text = new TextDecoder().decode(must(await backend.readTicket(made.files[0]?.ticket.ticket ?? '')).bytes)
      expect(text).toContain('user.7@fjordkraft.no')
      expect(text).toContain('FALSE')
      must(await api['batches.tickExport']({ batch, order: 1, state: 'uploaded' }))
      expect(must(await api['batches.show']({ batch })).exports).toMatchObject([{ files: [{ order: 1, state: 'uploaded' }] }])

      // Made again: each export has ticks of its own.
      must(await api['batches.export']({ batch, columns: 'all' }))
      must(await api['batches.tickExport']({ batch, export: made.number, order: 1, state: 'finished' }))
      expect(must(await api['batches.show']({ batch })).exports).toMatchObject([
        { number: '001', files: [{ state: 'finished' }] },
        { number: '002', files: [{ state: 'waiting' }] },
      ])
      expect(problemOf(await api['batches.tickExport']({ batch, export: '003', order: 1, state: 'finished' })).code).toBe('guard/refused')
    }))

  test('the store is a baseline, and the batch can become a draft again', () =>
    onBench(async ({ api, draft, approved }) => {
      const { batch } = await approved(changed, base)
      must(await api['batches.push']({ batch, by: 'Per' }))
      const { id } = await draft(changed, { customer: customerName })
      const state = must(await api['drafts.setBaseline']({ draftId: id, baseline: { kind: 'store' } }))
      expect(state.baseline).toMatchObject({ kind: 'store', users: 8 })
      expect(state.changes).toMatchObject({ update: 0, add: 0, unchanged: 8 })

      const { draftId } = must(await api['batches.toDraft']({ batch }))
      expect(must(await api['changes.overview']({ draftId })).summary).toMatchObject({ update: 3, add: 0, remove: 0 })

      must(await api['customers.save']({ profile: { name: 'Ny AS' } }))
      const other = await draft(changed, { customer: 'Ny AS' })
      const refused = await api['drafts.setBaseline']({ draftId: other.id, baseline: { kind: 'store' } })
      expect(problemOf(refused)).toEqual({ code: 'guard/refused', detail: 'the store knows no users of Ny AS yet' })
    }))
})

/** More users than the phone numbers of `users` reach. */
function distinct(cells: readonly string[], n: number): string[] {
  return cells.map((text) => (text.startsWith('+47') ? `+4721${String(600_000 + n)}` : text))
}
