import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { ProvisioningStore } from '../../backend/ports/provisioning-store.ts'
import type { BatchItem } from '../../shared/core/batch/batch.ts'
import type { Subscriber } from '../../shared/core/batch/subscriber.ts'
import { addition, approvedBatch, applyOptions, begin, change, customer, fact, must, now, numbered, user, users } from '../support/store.ts'

/**
 * Batches one after the other over the same users: a round changes everybody's department from the round's before to its own. What a
 * fault did then shows in the users themselves: who was changed twice in a round was refused the second time, who was left out has the
 * text before. Every other round adds users instead, which go to the store by another way: prepared while it is at work, and written
 * without a look at who is there.
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
  let department = ''
  const added = new Map<string, Subscriber>()
  return {
    count,
    async prepare(store) {
      round++
      const isAdding = round % 2 === 0
      const before = department
      if (!isAdding) department = `v${round}`
      const after = department
      const newcomers = Array.from({ length: isAdding ? count : 0 }, (_, n) => ({ ...user(n), email: `round${round}.user${n}@example.no` }))
      for (const one of newcomers) added.set(one.email, one)
      const items = isAdding
        ? newcomers.map((one, n) => addition(n, one))
        : Array.from({ length: count }, (_, n) => change(n, 'Department', before, after))
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
            wrong:
              present.filter(
                (one) => !isDeepStrictEqual(one, added.get(one.email) ?? { ...one, cells: { ...one.cells, Department: after } }),
              ).length + Math.abs(present.length - count - added.size),
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
    // One call ahead, as the service does it.
    let ahead: ReturnType<typeof session.apply> | null = null
    for (let from = 0; from < items.length + chunk; from += chunk) {
      const next = from < items.length ? session.apply(numbered(items.slice(from, from + chunk)), applyOptions()) : null
      const applied = await ahead
      ahead = next
      if (applied?.ok !== false) continue
      await next
      await session.finish('interrupted', now, fact('push/interrupted'))
      return `apply: ${reasonOf(applied.error)}`
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
