import { expect, test } from 'vitest'
import { must, onBench, problemOf } from '../../../support/backend.ts'
import { users } from '../../../support/user-file.ts'

test('a paused push ends its portion, stands at a known place, and goes on from the ledger', () =>
  onBench(async ({ api, backend, approved }) => {
    const { batch } = await approved(
      users(30, () => ({ Department: 'Salg' })),
      users(30),
    )
    const hold = new AbortController()
    const paused = await backend.services.batches.push(
      { batch, by: 'Per' },
      { chunk: 10, held: hold.signal, onProgress: (_step, done) => (done >= 10 ? hold.abort() : undefined) },
    )
    expect(problemOf(paused).code).toBe('cancelled')
    expect(must(await api['batches.show']({ batch }))).toMatchObject({ state: 'interrupted', items: { applied: 10, pending: 20 } })
    const { entries } = must(await api['audit.list']({ from: 0, count: 50 }))
    expect(entries.at(-1)).toMatchObject({ what: 'push/paused', batch })
    expect(must(await api['batches.push']({ batch, by: 'Eva', mode: 'resume' }))).toMatchObject({
      state: 'applied',
      items: { applied: 30 },
    })
    expect(must(await api['batches.receipt']({ batch }))).toMatchObject({ verified: true, receipt: { by: 'Eva', counts: { applied: 30 } } })
  }))

test('a push that fails by a bug fails once, with no failure left that nobody hears of, and is resumed', () =>
  onBench(async ({ api, backend, approved }) => {
    const { batch } = await approved(
      users(30, () => ({ Department: 'Salg' })),
      users(30),
    )
    const onProgress = (_step: string, done: number): void => {
      if (done > 10) throw new Error('a bug')
    }
    await expect(backend.services.batches.push({ batch, by: 'Per' }, { chunk: 5, onProgress })).rejects.toThrow('a bug')
    // What is rejected without a listener shows by now, and fails the run.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const resumed = must(await api['batches.push']({ batch, by: 'Eva', mode: 'resume' }))
    expect(resumed).toMatchObject({ state: 'applied', items: { applied: 30 } })
  }))
