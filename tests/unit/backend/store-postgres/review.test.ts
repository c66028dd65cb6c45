import { describe, expect, test } from 'vitest'
import { must, problemOf, type Bench } from '../../../support/backend.ts'
import { benchOn } from '../../../support/both-stores.ts'
import { userCells, users } from '../../../support/user-file.ts'

const secret = 'correct horse battery'
const next = 'another good passphrase'
const base = users(8)
const changed = users(8, (n) => (n < 3 ? { Department: 'Salg' } : n === 4 ? { Department: 'Innkjop' } : {}))

describe.each(['SQLite', 'PostgreSQL'] as const)('a review in %s', (name) => {
  const onStore = benchOn(name)
  const key = async ({ api }: Bench, person: string): Promise<void> => {
    must(await api['review.makeKey']({ person, passphrase: secret }))
  }

  test('a signed decision holds until the push; by name alone whoever has a key decides nothing', () =>
    onStore(async (bench) => {
      const { api, submitted } = bench
      const { batch, digest } = await submitted(changed, base)
      await key(bench, 'Ola')
      const decide = { batch, by: 'Ola', decision: 'approved', digest } as const
      expect(problemOf(await api['batches.decide'](decide))).toMatchObject({ code: 'guard/decision', reason: 'unsigned' })
      expect(problemOf(await api['batches.decide']({ ...decide, by: 'Kari' })).code).toBe('guard/own-approval')
      must(await api['batches.decide']({ ...decide, passphrase: secret }))
      expect(must(await api['review.get']({ batch, by: 'Ola' }))).toMatchObject({
        broken: null,
        counted: 1,
        approvals: [{ isSigned: true }],
      })
      expect(must(await api['batches.push']({ batch, by: 'Per' })).state).toBe('applied')
    }))

  test('a key that is replaced leaves its decisions valid and signs no more', () =>
    onStore(async (bench) => {
      const { api, submitted } = bench
      const first = await submitted(changed, base)
      await key(bench, 'Ola')
      must(await api['batches.decide']({ batch: first.batch, by: 'Ola', decision: 'approved', digest: first.digest, passphrase: secret }))
      must(await api['review.replaceKey']({ person: 'Ola', passphrase: secret, next }))
      expect(must(await api['batches.push']({ batch: first.batch, by: 'Per' })).state).toBe('applied')
      const second = await submitted(
        users(8, (n) => (n === 7 ? { Department: 'Arkiv' } : {})),
        base,
      )
      const again = { batch: second.batch, by: 'Ola', decision: 'approved', digest: second.digest } as const
      expect(problemOf(await api['batches.decide']({ ...again, passphrase: secret }))).toMatchObject({ reason: 'wrong-secret' })
      expect(must(await api['batches.decide']({ ...again, passphrase: next })).state).toBe('approved')
      expect(must(await api['audit.verify']({})).broken).toBeNull()
    }))

  test('comments stay where they were said, marks with who made them, and the grid goes to what is unseen', () =>
    onStore(async ({ api, submitted }) => {
      const { batch } = await submitted(changed, base)
      const place = { on: 'cell', email: 'user.4@fjordkraft.no', column: 'Department' } as const
      const { id } = must(await api['review.comment']({ batch, by: 'Ola', place, text: 'Is this right?' }))
      must(await api['review.resolve']({ batch, by: 'Kari', id, resolved: true }))
      must(await api['review.mark']({ batch, by: 'Ola', groups: ['user:user.0@fjordkraft.no'], seen: true }))
      const state = must(await api['review.get']({ batch, by: 'Ola' }))
      expect(state.comments).toMatchObject([{ id, place, by: 'Ola', resolved: { by: 'Kari' } }])
      expect(state.seenUsers).toBe(1)
      const source = { of: 'batch', batch } as const
      const seek = must(await api['diff.seek']({ source, all: true, from: -1, direction: 'next', unseen: { by: 'Ola', seen: [] } }))
      expect(seek.left).toBe(3)
      const [row] = must(await api['diff.rows']({ source, all: true, rest: true, from: seek.place ?? 0, count: 1 })).rows
      expect(row).toMatchObject({ email: 'user.1@fjordkraft.no', cells: [{ after: 'Salg' }], rest: { Package: 'Webex Suite' } })
    }))

  test('some are rejected, the rest goes on under a digest of its own', () =>
    onStore(async ({ api, submitted }) => {
      const { batch, digest } = await submitted(changed, base)
      const split = must(
        await api['review.split']({ batch, by: 'Ola', digest, reject: [{ reason: 'Ask first', items: [3] }], confirmRemovals: 0 }),
      )
      expect(split).toMatchObject({ state: 'approved', rejected: 1 })
      const rest = must(await api['batches.show']({ batch: split.batch }))
      expect(rest.summary.update).toBe(3)
      expect(rest.digest).not.toBe(digest)
      expect(must(await api['batches.push']({ batch: split.batch, by: 'Per' })).state).toBe('applied')
    }))

  test('what others changed meanwhile is listed alone, and the batch goes on from there', () =>
    onStore(async ({ api, submitted, approved }) => {
      const start = await approved(
        users(8, (n) => (n === 6 ? { Department: 'Arkiv' } : {})),
        base,
      )
      must(await api['batches.push']({ batch: start.batch, by: 'Per' }))
      const mine = await submitted(
        users(8, (n) => (n < 2 ? { Department: 'Salg' } : {})),
        base,
      )
      const other = await approved(
        users(8, (n) => (n === 0 ? { Department: 'Innkjop' } : {})),
        base,
      )
      must(await api['batches.push']({ batch: other.batch, by: 'Per' }))
      const drift = must(await api['review.drift']({ batch: mine.batch, from: 0, count: 50 }))
      expect(drift.rows).toMatchObject([
        { email: 'user.0@fjordkraft.no', cells: [{ column: 'Department', baseline: 'Drift', now: 'Innkjop', wanted: 'Salg' }] },
      ])
      const rebased = must(await api['review.rebase']({ batch: mine.batch, by: 'Kari', choices: [] }))
      expect(must(await api['review.get']({ batch: rebased.batch, by: 'Ola' })).drifted).toBe(0)
    }))

  test('the personal data of a finished batch goes, an open one keeps it, and the log holds', () =>
    onStore(async ({ api, approved }) => {
      const { batch } = await approved([...users(7), userCells(7, { package: null })], base, 1)
      expect(problemOf(await api['review.purge']({ batch, by: 'Per', confirm: batch })).code).toBe('guard/refused')
      must(await api['batches.push']({ batch, by: 'Per' }))
      must(await api['review.purge']({ batch, by: 'Per', confirm: batch }))
      expect(must(await api['batches.show']({ batch }))).toMatchObject({ purged: true, author: '', summary: { remove: 1 } })
      expect(must(await api['audit.verify']({})).broken).toBeNull()
    }))
})
