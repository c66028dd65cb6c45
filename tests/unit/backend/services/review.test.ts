import { createHash, generateKeyPairSync, randomInt } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { compose, type ComposedBackend } from '../../../../backend/compose.ts'
import type { KeyChain } from '../../../../backend/ports/signers.ts'
import { canonicalize } from '../../../../shared/core/batch/canonical.ts'
import { customerName, must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { userCells, users } from '../../../support/user-file.ts'

const base = users(8)
const changed = users(8, (n) => (n < 3 ? { Department: 'Salg' } : n === 4 ? { Department: 'Innkjop' } : {}))
const removing = [...users(7), userCells(7, { package: null })]
const storePath = (folder: string): string => path.join(folder, 'data', 'store.sqlite')
const secret = 'correct horse battery'

/** A person's key, made here and registered in the store. */
const withKey = async ({ api }: Bench, person: string): Promise<void> => {
  must(await api['review.makeKey']({ person, passphrase: secret }))
}
const bytesOf = async (backend: ComposedBackend, ticket: string): Promise<Uint8Array<ArrayBuffer>> =>
  must(await backend.readTicket(ticket)).bytes

/** Changes the store's file as somebody with a database program can: no trigger stands in the way. */
function tamper(folder: string, sql: string, ...values: (string | number)[]): void {
  const database = new DatabaseSync(storePath(folder))
  for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER ${String(name)}`)
  database.prepare(sql).run(...values)
  database.close()
}

describe('a signed decision', () => {
  test('is bound to batch, content, person and time, and holds until the push', () =>
    onBench(async (bench) => {
      const { api, submitted } = bench
      const { batch, digest } = await submitted(changed, base)
      await withKey(bench, 'Ola')
      const decided = must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, passphrase: secret }))
      expect(decided.state).toBe('approved')
      const review = must(await api['review.get']({ batch, by: 'Ola' }))
      expect(review).toMatchObject({ broken: null, counted: 1, key: { here: true, registered: true }, approvals: [{ isSigned: true }] })
      expect(must(await api['batches.push']({ batch, by: 'Per' })).state).toBe('applied')
    }))

  test('whoever has a key must use it, and a wrong passphrase signs nothing', () =>
    onBench(async (bench) => {
      const { api, submitted } = bench
      const { batch, digest } = await submitted(changed, base)
      await withKey(bench, 'Ola')
      const decide = { batch, by: 'ola', decision: 'approved', digest } as const
      expect(problemOf(await api['batches.decide'](decide))).toEqual({ code: 'guard/decision', batch, by: 'ola', reason: 'unsigned' })
      const wrong = await api['batches.decide']({ ...decide, passphrase: 'something else' })
      expect(problemOf(wrong)).toEqual({ code: 'review/key', person: 'ola', reason: 'wrong-secret' })
      expect(must(await api['batches.show']({ batch })).approvals).toEqual([])
    }))

  test('no second key in the same name, and none with a passphrase that is guessed at once', () =>
    onBench(async (bench) => {
      const { api } = bench
      expect(problemOf(await api['review.makeKey']({ person: 'Ola', passphrase: 'short' }))).toMatchObject({ reason: 'weak-secret' })
      await withKey(bench, 'Ola')
      const other = compose({ dataDir: path.join(bench.folder, 'elsewhere') })
      must(await other.services.api['review.makeKey']({ person: 'OLA', passphrase: 'another passphrase' }))
      const file = must(await other.services.api['review.keyFile']({ person: 'Ola' }))
      const brought = await bench.backend.registerBytes(file.name, await bytesOf(other, file.ticket))
      await other.close()
      expect(problemOf(await api['review.importFile'](brought))).toMatchObject({ code: 'guard/decision', reason: 'key-taken' })
    }))

  test.each([
    ['who', "UPDATE approvals SET by = 'Ola N', by_key = 'ola n'", 'unknown-key'],
    ['when', "UPDATE approvals SET at = '2026-01-01T00:00:00.000Z'", 'forged'],
    ['what for', "UPDATE approvals SET message = 'all of it'", 'forged'],
    ['the signature away', 'UPDATE approvals SET signature = NULL', 'unsigned'],
    ['the signature', 'UPDATE approvals SET signature = replace(signature, \'"format":1\', \'"format":2\')', 'forged'],
    ['the log before it', "UPDATE audit SET hash = replace(hash, substr(hash, 1, 2), 'zz')", 'replayed'],
  ])('changing %s in the database stops the push', (_, sql, reason) =>
    onBench(async (bench) => {
      const { api, submitted, folder } = bench
      const { batch, digest } = await submitted(changed, base)
      await withKey(bench, 'Ola')
      must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, passphrase: secret }))
      tamper(folder, sql)
      expect(problemOf(await api['batches.push']({ batch, by: 'Per' }))).toMatchObject({ code: 'guard/decision', reason })
    }),
  )

  test('is refused on another batch with the very same content', () =>
    onBench(async (bench) => {
      const { api, submitted, folder } = bench
      const first = await submitted(changed, base)
      const second = await submitted(changed, base)
      expect(second.digest).toBe(first.digest)
      await withKey(bench, 'Ola')
      must(await api['batches.decide']({ batch: first.batch, by: 'Ola', decision: 'approved', digest: first.digest, passphrase: secret }))
      tamper(folder, 'UPDATE approvals SET batch = ?', second.batch)
      tamper(folder, "UPDATE batches SET state = 'approved' WHERE batch = ?", second.batch)
      expect(problemOf(await api['batches.push']({ batch: second.batch, by: 'Per' }))).toMatchObject({
        code: 'guard/decision',
        reason: 'forged',
      })
    }))

  test('any byte of the stored content or signature that is flipped is refused', () =>
    onBench(async (bench) => {
      const { api, submitted, folder } = bench
      const { batch, digest } = await submitted(changed, base)
      await withKey(bench, 'Ola')
      must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, passphrase: secret }))
      const database = new DatabaseSync(storePath(folder))
      for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()) {
        database.exec(`DROP TRIGGER ${String(name)}`)
      }
      const { content } = database.prepare('SELECT content FROM contents').get() as { content: string }
      const { signature } = database.prepare('SELECT signature FROM approvals').get() as { signature: string }
      const accepted: string[] = []
      for (const [sql, whole, rounds] of [
        ['UPDATE contents SET content = ?', content, 80],
        ['UPDATE approvals SET signature = ?', signature, 80],
      ] as const) {
        for (let round = 0; round < rounds; round++) {
          const place = Math.floor((round * whole.length) / rounds)
          const flipped = whole.slice(0, place) + String.fromCharCode(whole.charCodeAt(place) ^ (1 << (round % 6))) + whole.slice(place + 1)
          database.prepare(sql).run(flipped)
          const pushed = await api['batches.push']({ batch, by: 'Per' })
          if (pushed.ok || !pushed.error.code.startsWith('guard/')) accepted.push(`${sql} ${place} ${JSON.stringify(pushed)}`)
        }
        database.prepare(sql).run(whole)
      }
      expect(accepted).toEqual([])
      database.close()
      expect(must(await api['batches.push']({ batch, by: 'Per' })).state).toBe('applied')
    }))
})

describe('a review on another machine', () => {
  interface Away {
    readonly away: ComposedBackend
    readonly file: Uint8Array<ArrayBuffer>
    readonly batch: string
    readonly open: (bytes: Uint8Array<ArrayBuffer>, name?: string) => Promise<{ ticket: string }>
    readonly home: (ticket: string) => Promise<{ ticket: string }>
  }
  const onTwo = (work: (bench: Bench, away: Away) => Promise<void>): Promise<void> =>
    onBench(async (bench) => {
      const { batch } = await bench.submitted(changed, base)
      const file = await bytesOf(bench.backend, must(await bench.api['review.exportFile']({ batch })).ticket)
      const away = compose({ dataDir: path.join(bench.folder, 'away') })
      try {
        await work(bench, {
          away,
          file,
          batch,
          open: async (bytes, name = 'b.rosterreview') => ({ ticket: (await away.registerBytes(name, bytes)).ticket }),
          home: async (ticket) => ({ ticket: (await bench.backend.registerBytes('d.rosterdecision', await bytesOf(away, ticket))).ticket }),
        })
      } finally {
        await away.close()
      }
    })

  test('sees the batch without a store, decides, and the decision holds at home', () =>
    onTwo(async ({ api }, { away, file, batch, open, home }) => {
      const there = away.services.api
      const { ticket } = await open(file)
      const view = must(await there['review.openFile']({ ticket }))
      expect(view).toMatchObject({
        customer: customerName,
        items: 4,
        request: { batch: { id: batch, author: 'Kari' } },
        summary: { update: 4 },
      })
      expect(must(await there['review.fileItems']({ ticket, group: view.groups[0]?.key ?? '', from: 0, count: 10 })).total).toBe(3)
      expect(problemOf(await there['review.decideFile']({ ticket, by: 'Kari', decision: 'approved', passphrase: secret }))).toMatchObject({
        code: 'guard/own-approval',
      })
      must(await there['review.makeKey']({ person: 'Ola', passphrase: secret }))
      const decision = must(
        await there['review.decideFile']({
          ticket,
          by: 'Ola',
          decision: 'approved',
          passphrase: secret,
          comments: [{ place: { on: 'user', email: 'user.1@fjordkraft.no' }, text: 'checked' }],
        }),
      )
      const back = await home(decision.ticket)
      expect(problemOf(await api['review.importFile'](back))).toMatchObject({ code: 'guard/decision', reason: 'unknown-key' })
      must(await api['review.importFile'](await home(must(await there['review.keyFile']({ person: 'Ola' })).ticket)))
      expect(must(await api['review.importFile'](back))).toEqual({ kind: 'decision', batch })
      const shown = must(await api['batches.show']({ batch }))
      expect(shown.state).toBe('approved')
      expect(must(await api['review.get']({ batch })).comments).toMatchObject([{ by: 'Ola', text: 'checked' }])
      expect(problemOf(await api['review.importFile'](back))).toMatchObject({ code: 'guard/decision', reason: 'replayed' })
      expect(must(await api['batches.push']({ batch, by: 'Per' })).state).toBe('applied')
    }))

  test('any byte of the file that is flipped or cut off is refused', () =>
    onTwo(async (_, { away, file, open }) => {
      const accepted: number[] = []
      const rounds = 150
      for (let round = 0; round < rounds; round++) {
        const place = Math.floor((round * file.length) / rounds) + (randomInt(7) % Math.max(1, Math.floor(file.length / rounds)))
        const flipped = Uint8Array.from(file)
        flipped[place] = (flipped[place] ?? 0) ^ (1 << (round % 8))
        const opened = await away.services.api['review.openFile'](await open(flipped))
        if (opened.ok || opened.error.code !== 'review/unusable') accepted.push(place)
      }
      expect(accepted).toEqual([])
      const cut = await away.services.api['review.openFile'](await open(file.slice(0, -40)))
      expect(problemOf(cut)).toMatchObject({ code: 'review/unusable', reason: 'damaged' })
    }))

  test('a foreign file, another format and the wrong kind have their own words', () =>
    onTwo(async ({ api, backend }, { away, file, open }) => {
      const there = away.services.api
      const written = (change: object): Uint8Array<ArrayBuffer> => {
        const { fileDigest, ...rest } = { ...(JSON.parse(Buffer.from(file).toString()) as { fileDigest: string }), ...change }
        expect(fileDigest).toHaveLength(64)
        const text = canonicalize(rest)
        return new Uint8Array(Buffer.from(canonicalize({ ...rest, fileDigest: createHash('sha256').update(text).digest('hex') })))
      }
      const reasonFor = async (bytes: Uint8Array<ArrayBuffer>): Promise<unknown> =>
        problemOf(await there['review.openFile'](await open(bytes)))
      expect(await reasonFor(new TextEncoder().encode('First Name,Last Name\r\n'))).toMatchObject({ reason: 'foreign' })
      expect(await reasonFor(written({ version: 0 }))).toMatchObject({ reason: 'older' })
      expect(await reasonFor(written({ version: 2 }))).toMatchObject({ reason: 'newer' })
      expect(await reasonFor(written({ digest: 'sha256:0' }))).toMatchObject({ reason: 'damaged' })
      const own = (await backend.registerBytes('b.rosterreview', file)).ticket
      expect(problemOf(await api['review.importFile']({ ticket: own }))).toMatchObject({ reason: 'not-a-decision' })
    }))

  test('a decision for another digest, another store or an unknown batch changes nothing', () =>
    onTwo(async ({ api, backend }, { away, file, batch, open, home }) => {
      const there = away.services.api
      must(await there['review.makeKey']({ person: 'Ola', passphrase: secret }))
      must(await api['review.importFile'](await home(must(await there['review.keyFile']({ person: 'Ola' })).ticket)))
      const { ticket } = await open(file)
      const decision = must(await there['review.decideFile']({ ticket, by: 'Ola', decision: 'approved', passphrase: secret }))
      const whole = JSON.parse(Buffer.from(await bytesOf(away, decision.ticket)).toString()) as Record<string, unknown>
      const reasonWith = async (change: object): Promise<unknown> => {
        const { fileDigest, ...rest } = { ...whole, ...change } as { fileDigest: string }
        expect(fileDigest).toHaveLength(64)
        const sealed = { ...rest, fileDigest: createHash('sha256').update(canonicalize(rest)).digest('hex') }
        const bytes = new Uint8Array(Buffer.from(canonicalize(sealed)))
        return problemOf(await api['review.importFile']({ ticket: (await backend.registerBytes('d', bytes)).ticket }))
      }
      const approval = whole['approval'] as object
      expect(await reasonWith({ approval: { ...approval, digest: 'sha256:1' } })).toMatchObject({ reason: 'other-digest' })
      expect(await reasonWith({ lineage: 'another store' })).toMatchObject({ reason: 'replayed' })
      expect(await reasonWith({ batch: 'b-0' })).toMatchObject({ reason: 'other-batch' })
      expect(await reasonWith({ approval: { ...approval, by: 'Per' } })).toMatchObject({ reason: 'unknown-key' })
      expect(await reasonWith({ approval: { ...approval, decision: 'rejected', message: 'no' } })).toMatchObject({ reason: 'forged' })
      expect(must(await api['batches.show']({ batch }))).toMatchObject({ state: 'submitted', approvals: [] })
    }))
})

describe('a policy', () => {
  const strict = { format: 1, approvers: 1, removals: { percent: 5, users: 25, approvers: 2 }, administrators: { approvers: 2 } } as const

  test('asks for more approvers where many are removed, and a person counts once', () =>
    onBench(async ({ api, submitted }) => {
      const { batch, digest } = await submitted(removing, base, 1)
      must(await api['review.setPolicy']({ customer: customerName, policy: strict }))
      const approve = (by: string) => api['batches.decide']({ batch, by, decision: 'approved', digest, confirmRemovals: 1 })
      expect(must(await approve('Ola')).state).toBe('submitted')
      expect(must(await approve('ola')).state).toBe('submitted')
      expect(must(await api['review.get']({ batch }))).toMatchObject({
        counted: 1,
        policy: { approvers: 2, reasons: [{ kind: 'removals-percent', count: 1, bound: 5 }, { kind: 'always' }] },
      })
      expect(problemOf(await api['batches.push']({ batch, by: 'Per' })).code).toBe('guard/not-approved')
      expect(must(await approve('Nina')).state).toBe('approved')
      expect(must(await api['batches.push']({ batch, by: 'Per' })).state).toBe('applied')
    }))

  test('may ask for signatures, and then a name alone approves nothing', () =>
    onBench(async (bench) => {
      const { api, submitted } = bench
      const { batch, digest } = await submitted(changed, base)
      must(await api['review.setPolicy']({ customer: customerName, policy: { format: 1, approvers: 1, signed: true } }))
      expect(must(await api['batches.decide']({ batch, by: 'Per', decision: 'approved', digest })).state).toBe('submitted')
      await withKey(bench, 'Ola')
      const signed = await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, passphrase: secret })
      expect(must(signed).state).toBe('approved')
    }))

  test('a policy file that cannot be read stops the decision: it never means that there is no policy', () =>
    onBench(async ({ api, submitted, folder }) => {
      const { batch, digest } = await submitted(changed, base)
      must(await api['review.setPolicy']({ customer: customerName, policy: strict }))
      const { readdir } = await import('node:fs/promises')
      const [name = ''] = await readdir(path.join(folder, 'data', 'policies'))
      const file = path.join(folder, 'data', 'policies', name)
      await writeFile(file, (await readFile(file, 'utf8')).replace('"removals"', '"removal"'))
      const decided = await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest })
      expect(problemOf(decided)).toMatchObject({ code: 'policy/invalid', path: '/removal' })
    }))
})

describe('a partial decision', () => {
  test('the rest goes on approved under a digest of its own, and the rejected rows go back with the reasons beside them', () =>
    onBench(async ({ api, submitted }) => {
      const { batch, digest, groups } = await submitted(changed, base)
      const sold = groups.find(({ count }) => count === 3)
      const split = must(
        await api['review.split']({ batch, by: 'Ola', digest, reject: [{ reason: 'Sales moves in May', group: sold?.key ?? '' }] }),
      )
      expect(split).toMatchObject({ state: 'approved', rejected: 3 })
      const { replaced } = must(await api['review.get']({ batch }))
      expect(replaced).toMatchObject({ into: split.batch, by: 'Ola' })
      expect(replaced?.rejected.map(({ reason }) => reason)).toEqual(Array.from({ length: 3 }, () => 'Sales moves in May'))
      expect(must(await api['review.get']({ batch: split.batch })).replaced).toBeNull()
      const rest = must(await api['batches.show']({ batch: split.batch }))
      expect(rest).toMatchObject({ author: 'Kari', state: 'approved', digestHolds: true, items: { total: 1 }, summary: { update: 1 } })
      expect(rest.digest).not.toBe(digest)
      expect(must(await api['batches.show']({ batch })).state).toBe('superseded')
      const draft = must(await api['drafts.open']({ draftId: split.draftId }))
      expect(draft).toMatchObject({ rows: 3, changes: { update: 3, add: 0, packageChange: 0, remove: 0 } })
      const rows = must(await api['drafts.window']({ draftId: split.draftId, from: 0, count: 3, columns: [0] }))
      expect(JSON.stringify(rows)).toContain('Sales moves in May')
      expect(must(await api['batches.push']({ batch: split.batch, by: 'Per' }))).toMatchObject({ state: 'applied', items: { applied: 1 } })
    }))

  test('the author cannot take it, rows that are not there cannot be rejected, and neither can all', () =>
    onBench(async ({ api, submitted }) => {
      const { batch, digest } = await submitted(changed, base)
      const split = (by: string, items: number[]) => api['review.split']({ batch, by, digest, reject: [{ reason: 'no', items }] })
      expect(problemOf(await split('kari', [0])).code).toBe('guard/own-approval')
      expect(problemOf(await split('Ola', [99])).code).toBe('guard/refused')
      expect(problemOf(await split('Ola', [0, 1, 2, 3])).code).toBe('guard/refused')
      expect(must(await api['batches.show']({ batch })).state).toBe('submitted')
    }))
})

describe('comments and marks', () => {
  test('stay with what they were said of, can be resolved, and what was seen is remembered for each reviewer', () =>
    onBench(async ({ api, submitted }) => {
      const { batch, groups } = await submitted(changed, base)
      const place = { on: 'cell', email: 'user.4@fjordkraft.no', column: 'Department' } as const
      const said = must(await api['review.comment']({ batch, by: 'Ola', place, text: 'Is he moving?' }))
      must(await api['review.resolve']({ batch, by: 'Kari', id: said.id, resolved: true }))
      must(await api['review.mark']({ batch, by: 'Ola', groups: [groups[0]?.key ?? ''], seen: true }))
      const review = must(await api['review.get']({ batch, by: 'ola' }))
      expect(review.comments).toEqual([{ ...said, place, resolved: { by: 'Kari', at: expect.any(String) as string } }])
      expect(review).toMatchObject({ seen: [groups[0]?.key], seenUsers: 3 })
      expect(must(await api['review.get']({ batch, by: 'Nina' })).seenUsers).toBe(0)
      expect(must(await api['audit.verify']({})).broken).toBeNull()
    }))
})

describe('drift', () => {
  test('lists the touched row alone, and the batch goes on from there with a new approval', () =>
    onBench(async ({ api, approved }) => {
      const first = await approved(
        users(8, (n) => (n === 0 ? { Department: 'IT' } : {})),
        base,
      )
      const second = await approved(changed, base)
      must(await api['batches.push']({ batch: first.batch, by: 'Per' }))
      const drift = must(await api['review.drift']({ batch: second.batch, from: 0, count: 10 }))
      expect(drift).toMatchObject({
        total: 1,
        rows: [
          {
            email: 'user.0@fjordkraft.no',
            kind: 'changed',
            cells: [{ column: 'Department', baseline: 'Drift', now: 'IT', wanted: 'Salg' }],
          },
        ],
      })
      const { batch } = must(await api['review.rebase']({ batch: second.batch, by: 'Kari', choices: [] }))
      expect(must(await api['review.get']({ batch: second.batch })).replaced).toMatchObject({ into: batch, by: 'Kari', rejected: [] })
      const rebased = must(await api['batches.show']({ batch }))
      expect(rebased).toMatchObject({ state: 'submitted', approvals: [], items: { total: 4 } })
      expect(must(await api['review.drift']({ batch, from: 0, count: 10 })).total).toBe(0)
      expect(problemOf(await api['batches.push']({ batch, by: 'Per' })).code).toBe('guard/not-approved')
      must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest: rebased.digest }))
      expect(must(await api['batches.push']({ batch, by: 'Per' })).items).toMatchObject({ applied: 4, refused: 0 })
    }))

  test('whoever settles it is the author from then on, and cannot approve it', () =>
    onBench(async ({ api, approved }) => {
      const first = await approved(
        users(8, (n) => (n === 0 ? { Department: 'IT' } : {})),
        base,
      )
      const second = await approved(changed, base)
      must(await api['batches.push']({ batch: first.batch, by: 'Per' }))
      const { batch } = must(await api['review.rebase']({ batch: second.batch, by: 'Ola', choices: [] }))
      const { digest, author } = must(await api['batches.show']({ batch }))
      expect(author).toBe('Ola')
      expect(problemOf(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest })).code).toBe('guard/own-approval')
      expect(must(await api['batches.decide']({ batch, by: 'Nina', decision: 'approved', digest })).state).toBe('approved')
    }))

  test('taking what stands there now leaves the row out', () =>
    onBench(async ({ api, approved }) => {
      const first = await approved(
        users(8, (n) => (n === 0 ? { Department: 'IT' } : {})),
        base,
      )
      const second = await approved(changed, base)
      must(await api['batches.push']({ batch: first.batch, by: 'Per' }))
      const number = must(await api['review.drift']({ batch: second.batch, from: 0, count: 1 })).rows[0]?.number ?? -1
      const choices = [{ number, column: 'Department', choice: 'take' as const }]
      const { batch } = must(await api['review.rebase']({ batch: second.batch, by: 'Kari', choices }))
      expect(must(await api['batches.show']({ batch })).items.total).toBe(3)
    }))
})

describe('the log', () => {
  test('the personal data of a finished batch can be taken away, and the chain still verifies', () =>
    onBench(async ({ api, approved, folder }) => {
      const { batch } = await approved(changed, base)
      expect(problemOf(await api['review.purge']({ batch, by: 'Per', confirm: batch })).code).toBe('guard/refused')
      must(await api['batches.push']({ batch, by: 'Per' }))
      must(await api['batches.export']({ batch, columns: 'changed' }))
      must(await api['review.purge']({ batch, by: 'Per', confirm: batch }))
      expect(must(await api['audit.verify']({})).broken).toBeNull()
      expect(await readdir(path.join(folder, 'data', 'receipts'))).toEqual([])
      expect((await readdir(path.join(folder, 'data', 'exports'), { recursive: true })).filter((name) => /\.\w+$/u.test(name))).toEqual([])
      expect(must(await api['batches.show']({ batch }))).toMatchObject({ purged: true, digestHolds: false, receipt: null, exports: [] })
      expect(problemOf(await api['batches.items']({ batch, from: 0, count: 10 }))).toEqual({ code: 'batch/purged', batch })
      const database = new DatabaseSync(storePath(folder))
      const left = ['contents', 'seeds', 'approvals', 'records', 'ledger', 'actors', 'audit', 'batches', 'pushes'].flatMap((table) =>
        database
          .prepare(`SELECT * FROM ${table}`)
          .all()
          .map((row) => JSON.stringify(row)),
      )
      database.close()
      expect(left.filter((row) => /fjordkraft\.no|Kari|Ola|Salg/u.test(row))).toEqual([])
    }))

  test.each([
    ['deleted', 'DELETE FROM audit WHERE entry = 3'],
    ['altered', 'UPDATE audit SET counts = \'{"items":1}\' WHERE entry = 2'],
    ['swapped', 'UPDATE audit SET entry = CASE entry WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE entry IN (2, 3)'],
    ['cut off', 'DELETE FROM audit WHERE entry > 4'],
  ])('an entry that was %s is found', (what, sql) =>
    onBench(async ({ api, approved, folder }) => {
      const { batch } = await approved(changed, base)
      must(await api['batches.push']({ batch, by: 'Per' }))
      expect(must(await api['audit.verify']({})).broken).toBeNull()
      tamper(folder, sql)
      if (what === 'swapped') tamper(folder, 'UPDATE audit SET entry = -entry WHERE entry < 0')
      expect(must(await api['audit.verify']({})).broken).not.toBeNull()
    }),
  )

  test('the evidence is one file that holds by itself, and a page to print', () =>
    onBench(async ({ api, backend, approved }) => {
      const { batch, digest } = await approved(changed, base)
      must(await api['batches.push']({ batch, by: 'Per' }))
      const evidence = must(await api['review.evidence']({ batch, language: 'en' }))
      const { evidenceDigest, ...body } = JSON.parse(Buffer.from(await bytesOf(backend, evidence.data.ticket)).toString()) as Record<
        string,
        unknown
      >
      expect(createHash('sha256').update(canonicalize(body)).digest('hex')).toBe(evidenceDigest)
      expect(body).toMatchObject({ batch: { id: batch, digest, singlePerson: true }, decisionsHold: true, receipt: { batch, by: 'Per' } })
      const page = Buffer.from(await bytesOf(backend, evidence.page.ticket)).toString()
      expect(page).toContain(digest)
      expect(page).toContain('single-person approval')
    }))
})

describe('a signing key that is replaced', () => {
  const next = 'another good passphrase'

  test('leaves what was signed before valid, and only the new one signs from now on', () =>
    onBench(async (bench) => {
      const { api, submitted } = bench
      const before = await submitted(changed, base)
      await withKey(bench, 'Ola')
      const old = must(await api['review.key']({ person: 'Ola' })).fingerprint
      const decide = (batch: string, digest: string, passphrase: string) =>
        api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, passphrase })
      must(await decide(before.batch, before.digest, secret))
      const replaced = must(await api['review.replaceKey']({ person: 'Ola', passphrase: secret, next }))
      expect(replaced).toMatchObject({ isRegistered: true, keptBy: 'passphrase', keeping: 'host' })
      expect(replaced.fingerprint).not.toBe(old)
      expect(must(await api['review.get']({ batch: before.batch, by: 'Ola' }))).toMatchObject({ broken: null, counted: 1 })
      expect(must(await api['batches.push']({ batch: before.batch, by: 'Per' })).state).toBe('applied')

      const after = await submitted(
        users(8, (n) => (n < 2 ? { Department: 'Kundeservice' } : {})),
        base,
      )
      expect(problemOf(await decide(after.batch, after.digest, secret))).toMatchObject({ code: 'review/key', reason: 'wrong-secret' })
      expect(must(await decide(after.batch, after.digest, next)).state).toBe('approved')
      expect(must(await api['audit.verify']({})).broken).toBeNull()
    }))

  test('asks for the old passphrase and a good new one; refused, the old key is what it was', () =>
    onBench(async (bench) => {
      const { api } = bench
      await withKey(bench, 'Ola')
      const old = must(await api['review.key']({ person: 'Ola' }))
      const wrong = await api['review.replaceKey']({ person: 'Ola', passphrase: 'not the passphrase', next })
      expect(problemOf(wrong)).toMatchObject({ code: 'review/key', reason: 'wrong-secret' })
      const weak = await api['review.replaceKey']({ person: 'Ola', passphrase: secret, next: 'short' })
      expect(problemOf(weak)).toMatchObject({ code: 'review/key', reason: 'weak-secret' })
      expect(problemOf(await api['review.replaceKey']({ person: 'Nobody', passphrase: secret, next }))).toMatchObject({ reason: 'no-key' })
      expect(must(await api['review.key']({ person: 'Ola' }))).toEqual(old)
    }))

  test('a decision signed elsewhere with the old key and brought afterwards is refused in its own words', () =>
    onBench(async (bench) => {
      const { api, submitted, backend } = bench
      const { batch } = await submitted(changed, base)
      await withKey(bench, 'Ola')
      const file = must(await api['review.exportFile']({ batch }))
      const decided = must(await api['review.decideFile']({ ticket: file.ticket, by: 'Ola', decision: 'approved', passphrase: secret }))
      const bytes = await bytesOf(backend, decided.ticket)
      must(await api['review.replaceKey']({ person: 'Ola', passphrase: secret, next }))
      const brought = await backend.registerBytes('late.rosterdecision', bytes)
      expect(problemOf(await api['review.importFile'](brought))).toMatchObject({ code: 'guard/decision', reason: 'replaced-key' })
    }))

  test('another store that knows the old key takes the new one by its file, and nobody else’s', () =>
    onBench(async (bench) => {
      const { api } = bench
      await withKey(bench, 'Ola')
      const elsewhere = compose({ dataDir: path.join(bench.folder, 'elsewhere') })
      const bring = async (from: Bench['api'], backend: ComposedBackend) => {
        const file = must(await from['review.keyFile']({ person: 'Ola' }))
        return elsewhere.services.api['review.importFile'](await elsewhere.registerBytes(file.name, await bytesOf(backend, file.ticket)))
      }
      must(await bring(api, bench.backend))
      must(await api['review.replaceKey']({ person: 'Ola', passphrase: secret, next }))
      must(await api['review.replaceKey']({ person: 'Ola', passphrase: next, next: secret }))
      must(await bring(api, bench.backend))
      const thief = compose({ dataDir: path.join(bench.folder, 'thief') })
      must(await thief.services.api['review.makeKey']({ person: 'Ola', passphrase: secret }))
      must(await thief.services.api['review.replaceKey']({ person: 'Ola', passphrase: secret, next }))
      expect(problemOf(await bring(thief.services.api, thief))).toMatchObject({ code: 'guard/decision', reason: 'key-taken' })
      await thief.close()
      await elsewhere.close()
    }))

  test('broken off between the store and the file, it is carried on by whatever asks for the key next', () =>
    onBench(async (bench) => {
      const { api, folder } = bench
      await withKey(bench, 'Ola')
      const keys = path.join(folder, 'data', 'keys')
      const [name = ''] = await readdir(keys)
      must(await api['review.replaceKey']({ person: 'Ola', passphrase: secret, next }))
      const done = JSON.parse(await readFile(path.join(keys, name), 'utf8')) as Record<string, unknown>
      const now = must(await api['review.key']({ person: 'Ola' })).fingerprint
      // As the file was before the last step: the old key with the new one prepared beside it.
      const [succession] = done['successions'] as readonly { readonly key: string }[]
      await withOldFile(path.join(keys, name), done, succession)
      expect(must(await api['review.key']({ person: 'Ola' })).fingerprint).toBe(now)
      expect(must(await api['review.makeKey']({ person: 'Ola', passphrase: next })).fingerprint).toBe(now)
    }))

  /** The key file before it was promoted. The old private half is gone; nothing here needs it. */
  async function withOldFile(file: string, done: Record<string, unknown>, succession: unknown): Promise<void> {
    const { publicKey } = generateKeyPairSync('ed25519')
    const der = publicKey.export({ type: 'spki', format: 'der' })
    const before = {
      ...done,
      publicKey: der.toString('base64'),
      fingerprint: createHash('sha256').update(der).digest('hex'),
      successions: [],
      next: { sealed: done['sealed'], succession },
    }
    await writeFile(file, JSON.stringify(before))
  }

  test('a passphrase is changed without changing the key', () =>
    onBench(async (bench) => {
      const { api } = bench
      await withKey(bench, 'Ola')
      const old = must(await api['review.key']({ person: 'Ola' }))
      expect(must(await api['review.changePassphrase']({ person: 'Ola', passphrase: secret, next }))).toEqual(old)
      expect(problemOf(await api['review.makeKey']({ person: 'Ola', passphrase: secret }))).toMatchObject({ reason: 'wrong-secret' })
      expect(must(await api['review.makeKey']({ person: 'Ola', passphrase: next }))).toEqual(old)
    }))
})

describe('the key chain of the system', () => {
  /** A key chain that keeps its secret in this test; what it seals only it opens. */
  const chainOf = (state: { can: boolean }): KeyChain => ({
    keeping: async () => (state.can ? { by: 'key-chain' } : { by: 'passphrase', why: 'unavailable' }),
    encrypt: async (text) => Buffer.from(`sealed ${text}`).toString('base64'),
    decrypt: async (sealed) => {
      const text = Buffer.from(sealed, 'base64').toString('utf8')
      return state.can && text.startsWith('sealed ') ? text.slice(7) : null
    },
  })

  test('keeps a key without a passphrase, and signs with it while the person is logged in', () => {
    const state = { can: true }
    return onBench(
      async ({ api, submitted, folder }) => {
        const { batch, digest } = await submitted(changed, base)
        const made = must(await api['review.makeKey']({ person: 'Ola', passphrase: '' }))
        expect(made).toMatchObject({ keptBy: 'key-chain', keeping: 'key-chain', isRegistered: true })
        const [name = ''] = await readdir(path.join(folder, 'data', 'keys'))
        expect(await readFile(path.join(folder, 'data', 'keys', name), 'utf8')).toContain('"sealed": "k0:')
        must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }))
        expect(must(await api['review.get']({ batch, by: 'Ola' })).approvals).toMatchObject([{ isSigned: true }])
      },
      { keyChain: chainOf(state) },
    )
  })

  test('with a passphrase on top both are needed; a key chain that went away opens nothing', () => {
    const state = { can: true }
    return onBench(
      async ({ api }) => {
        expect(must(await api['review.makeKey']({ person: 'Ola', passphrase: secret })).keptBy).toBe('both')
        expect(problemOf(await api['review.makeKey']({ person: 'Ola', passphrase: '' }))).toMatchObject({ reason: 'wrong-secret' })
        state.can = false
        expect(problemOf(await api['review.makeKey']({ person: 'Ola', passphrase: secret }))).toMatchObject({ reason: 'wrong-secret' })
      },
      { keyChain: chainOf(state) },
    )
  })

  test('where it cannot be used that is said, and a passphrase seals instead; such a key opens when it can be used again', () => {
    const state = { can: false }
    return onBench(
      async ({ api }) => {
        expect(must(await api['review.key']({ person: 'Ola' }))).toMatchObject({ keptBy: null, keeping: 'unavailable' })
        expect(problemOf(await api['review.makeKey']({ person: 'Ola', passphrase: '' }))).toMatchObject({ reason: 'weak-secret' })
        expect(must(await api['review.makeKey']({ person: 'Ola', passphrase: secret })).keptBy).toBe('passphrase')
        state.can = true
        must(await api['review.makeKey']({ person: 'Ola', passphrase: secret }))
        expect(must(await api['review.changePassphrase']({ person: 'Ola', passphrase: secret, next: '' })).keptBy).toBe('key-chain')
        must(await api['review.makeKey']({ person: 'Ola', passphrase: '' }))
      },
      { keyChain: chainOf(state) },
    )
  })
})
