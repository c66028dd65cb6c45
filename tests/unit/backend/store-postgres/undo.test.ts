import { describe, expect, test } from 'vitest'
import { subscribersFromTable } from '../../../../shared/core/batch/subscribers-from-table.ts'
import { customerName, must, problemOf, type Bench } from '../../../support/backend.ts'
import { benchOn } from '../../../support/both-stores.ts'
import { userFile, users } from '../../../support/user-file.ts'

describe.each(['SQLite', 'PostgreSQL'] as const)('taking a batch back in %s', (name) => {
  const onStore = benchOn(name)
  const present = async ({ backend }: Bench) =>
    subscribersFromTable(must(await backend.services.store.baseline({ name: customerName })) ?? { table: null as never, columns: [] })
  const push = async ({ api }: Bench, batch: string, mode: 'push' | 'retry' = 'push') =>
    must(await api['batches.push']({ batch, by: 'Per', mode }))

  test('is a batch like any other, after which the users are as they were', () =>
    onStore(async (bench) => {
      const { api } = bench
      const before = users(6)
      const after = [
        ...users(5, (n) =>
          n === 0
            ? { Department: 'Salg' }
            : n === 1
              ? { package: 'Webex Meetings', Extension: '', 'Phone Number': '' }
              : n === 2
                ? { package: null }
                : {},
        ),
        ...users(8).slice(6),
      ]
      const first = await bench.approved(after, before, 1)
      await push(bench, first.batch)
      const changed = await present(bench)
      expect(changed).toHaveLength(7)

      expect(problemOf(await api['batches.undo']({ batch: first.batch, by: 'Kari' }))).toEqual({
        code: 'guard/removals-unconfirmed',
        removals: 2,
        confirmed: 0,
      })
      const undone = must(await api['batches.undo']({ batch: first.batch, by: 'Kari', confirmRemovals: 2 }))
      expect(undone).toMatchObject({ undone: first.batch, removals: 2, impossible: [] })
      expect(undone.withLoss.map(({ loss }) => loss).toSorted()).toEqual(['calling-data', 'user-data'])
      const shown = must(await api['batches.show']({ batch: undone.batch }))
      expect(shown).toMatchObject({
        state: 'submitted',
        author: 'Kari',
        digestHolds: true,
        summary: { add: 1, remove: 2, update: 1, packageChange: 1 },
        baseline: { kind: 'store' },
      })
      expect(problemOf(await api['batches.push']({ batch: undone.batch, by: 'Per' })).code).toBe('guard/not-approved')
      expect(
        problemOf(await api['batches.decide']({ batch: undone.batch, by: 'Kari', decision: 'approved', digest: shown.digest })).code,
      ).toBe('guard/own-approval')
      must(await api['batches.decide']({ batch: undone.batch, by: 'Ola', decision: 'approved', digest: shown.digest, confirmRemovals: 2 }))
      expect((await push(bench, undone.batch)).items).toMatchObject({ applied: undone.items, refused: 0 })

      const again = await present(bench)
      const sorted = (list: typeof again) => list.toSorted((a, b) => a.email.localeCompare(b.email))
      const firstSeed = must(await bench.backend.services.files.open({ name: 'x.csv', bytes: new TextEncoder().encode(userFile(before)) }))
      expect(sorted(again)).toEqual(sorted(subscribersFromTable(firstSeed)))
      expect(must(await api['audit.verify']({})).broken).toBeNull()
    }))

  test('leaves alone, and names, whom somebody changed since', () =>
    onStore(async (bench) => {
      const { api } = bench
      const first = await bench.approved(
        users(3, () => ({ Department: 'Salg' })),
        users(3),
      )
      await push(bench, first.batch)
      const second = await bench.approved(
        users(1, () => ({ Department: 'Support' })),
        users(1, () => ({ Department: 'Salg' })),
      )
      await push(bench, second.batch)
      const undone = must(await api['batches.undo']({ batch: first.batch, by: 'Kari' }))
      must(await api['batches.decide']({ batch: undone.batch, by: 'Ola', decision: 'approved', digest: undone.digest }))
      expect((await push(bench, undone.batch)).items).toMatchObject({ applied: 2, refused: 1 })
      const lines = must(await api['batches.items']({ batch: undone.batch, outcome: 'refused', from: 0, count: 10 }))
      expect(lines.items.map(({ reason }) => reason)).toEqual(['changed: Department'])
    }))

  test('is not for a batch that did nothing yet', () =>
    onStore(async (bench) => {
      const { batch } = await bench.approved(
        users(1, () => ({ Department: 'Salg' })),
        users(1),
      )
      expect(problemOf(await bench.api['batches.undo']({ batch, by: 'Kari' }))).toMatchObject({
        code: 'guard/wrong-state',
        state: 'approved',
      })
      expect(problemOf(await bench.api['batches.undo']({ batch: 'b-none', by: 'Kari' })).code).toBe('batch/not-found')
    }))
})
