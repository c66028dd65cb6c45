import { expect } from 'vitest'
import type { ProvisioningStore } from '../../backend/ports/provisioning-store.ts'
import type { BatchItem } from '../../shared/core/batch/batch.ts'
import { approvedBatch, applyOptions, begin, change, customer, fact, must, now, numbered, users } from '../support/store.ts'

/**
 * Batches one after the other over the same users: round `n` changes everybody's department from `v<n-1>` to `v<n>`. What a fault
 * did then shows in the users themselves: who was changed twice in a round was refused the second time, who was left out has the
 * text before.
 */
export interface Rounds {
  readonly count: number
  /** An approved batch for the next round, looked at over `store`. */
  prepare(store: ProvisioningStore): Promise<Round>
}

export interface Round {
  readonly batch: string
  readonly items: readonly BatchItem[]
  /** What is amiss after the push, read over a sound connection. */
  audit(store: ProvisioningStore): Promise<{ readonly duplicates: number; readonly missing: number; readonly wrong: number }>
}

export function createRounds(count: number): Rounds {
  let round = 0
  return {
    count,
    async prepare(store) {
      const [before, after] = [round === 0 ? '' : `v${round}`, `v${round + 1}`]
      round++
      const items = Array.from({ length: count }, (_, n) => change(n, 'Department', before, after))
      const batch = await approvedBatch(store, count, users(count))
      return {
        batch,
        items,
        async audit(sound) {
          const ledger = must(await sound.ledger(batch))
          const present = must(await sound.subscribers(customer)) ?? []
          return {
            duplicates: ledger.length - new Set(ledger.map(({ number }) => number)).size,
            missing: count - ledger.filter(({ outcome }) => outcome === 'applied').length,
            wrong: present.filter((one) => one.cells['Department'] !== after).length + Math.abs(present.length - count),
          }
        },
      }
    },
  }
}

export const nothingAmiss = { duplicates: 0, missing: 0, wrong: 0 }

/** Pushes in chunks, as the service does; says how it ended: `applied`, or what went wrong. */
export async function pushRound(
  store: ProvisioningStore,
  { batch, items }: Round,
  mode: 'push' | 'resume',
  chunk: number,
): Promise<string> {
  const begun = await begin(store, batch, mode)
  if (!begun.ok) return `begin: ${reasonOf(begun.error)}`
  const session = begun.value
  try {
    for (let from = 0; from < items.length; from += chunk) {
      const applied = await session.apply(numbered(items.slice(from, from + chunk)), applyOptions())
      if (!applied.ok) {
        await session.finish('interrupted', now, fact('push/interrupted'))
        return `apply: ${reasonOf(applied.error)}`
      }
    }
    const finished = await session.finish('applied', now, fact('push/finished'))
    return finished.ok ? 'applied' : `finish: ${reasonOf(finished.error)}`
  } finally {
    session.release()
  }
}

/** Pushes over a store that may fail, and then resumes over a sound one until it is done. Returns how many resumes it took. */
export async function pushUntilDone(faulty: ProvisioningStore, sound: ProvisioningStore, round: Round, chunk: number): Promise<number> {
  let ended = await pushRound(faulty, round, 'push', chunk)
  let resumes = 0
  while (ended !== 'applied') {
    expect(resumes, `it does not end: ${ended}`).toBeLessThan(10)
    const { state } = must(await sound.batch(round.batch))
    if (state === 'applied') break
    resumes++
    ended = await pushRound(sound, round, state === 'approved' ? 'push' : 'resume', chunk)
  }
  return resumes
}

const reasonOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'reason' in error ? String(error.reason) : JSON.stringify(error)
