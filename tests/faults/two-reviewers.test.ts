import { expect, test, vi } from 'vitest'
import path from 'node:path'
import { compose } from '../../backend/compose.ts'
import { must, onBench } from '../support/backend.ts'
import { users } from '../support/user-file.ts'

vi.setConfig({ testTimeout: 240_000 })

/** Each race is a batch of its own, decided on at once through two backends over one store. */
const races = 500

test('two reviewers at once: one decision counts, and it is the one that the batch stands by', () =>
  onBench(async ({ api, folder, submitted }) => {
    const other = compose({ dataDir: path.join(folder, 'data') })
    const there = other.services.api
    try {
      const first = await submitted(
        users(4, (n) => (n === 0 ? { Department: 'Salg' } : {})),
        users(4),
      )
      const wrong: unknown[] = []
      let batch = first.batch
      const { digest } = first
      const draftId = must(await api['drafts.list']({}))[0]?.id ?? ''
      for (let race = 0; race < races; race++) {
        const decisions = await Promise.all([
          api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }),
          there['batches.decide']({ batch, by: 'Nina', decision: race % 2 === 0 ? 'approved' : 'rejected', digest, message: 'no' }),
        ])
        const { state, approvals } = must(await api['batches.show']({ batch }))
        const last = approvals.at(-1)
        // A rejection may still follow an approval that was whole; two approvals, or an approval after a rejection, may not.
        const isRight =
          decisions.some(({ ok }) => ok) &&
          last?.decision === state &&
          approvals.length === decisions.filter(({ ok }) => ok).length &&
          (approvals.length === 1 || approvals.map(({ decision }) => decision).join() === 'approved,rejected')
        if (!isRight) wrong.push({ race, state, approvals, decisions: decisions.map(({ ok }) => ok) })
        if (race + 1 < races) batch = must(await api['batches.submit']({ draftId, by: 'Kari' })).batch
      }
      expect(wrong).toEqual([])
      expect(must(await api['audit.verify']({})).broken).toBeNull()
    } finally {
      await other.close()
    }
  }))
