import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProvisioningStore } from '../../backend/ports/provisioning-store.ts'
import { startCuttingProxy, type CuttingProxy, type Treatment } from '../support/cutting-proxy.ts'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'
import { applyOptions, begin, must, numbered, postgresStores } from '../support/store.ts'
import { report, trials } from './figures.ts'
import { createRounds, nothingAmiss, pushUntilDone, type Rounds } from './store-rounds.ts'
import { seeded } from './support.ts'

const count = 300
const chunk = 100

describe('a connection to PostgreSQL that breaks in the middle of a push', () => {
  let server: PostgresServer
  let proxy: CuttingProxy
  let sound: ProvisioningStore
  let through: string
  let rounds: Rounds
  beforeAll(async () => {
    server = await startPostgres({ fsync: false })
    proxy = await startCuttingProxy(server.port)
    const url = await server.database()
    through = url.replace(`:${server.port}/`, `:${proxy.port}/`)
    sound = must(await postgresStores().open(url, { create: true }))
    rounds = createRounds(count)
    await pushUntilDone(sound, sound, await rounds.prepare(sound), chunk)
  })
  afterAll(async () => {
    await sound.close()
    await proxy.close()
    await server.stop()
  })

  const waits = { connect: 2000, reconnect: 5000 }
  const faulty = async (): Promise<ProvisioningStore> => must(await postgresStores({ waits }).open(through, { create: false }))

  /** One round under a treatment of the push's own connections; the store was opened over a sound one before. */
  async function roundUnder(treatment: (connection: number) => Treatment): Promise<{ readonly resumes: number; readonly cuts: number }> {
    const round = await rounds.prepare(sound)
    proxy.treat(() => ({}))
    const store = await faulty()
    must(await store.batch(round.batch))
    proxy.treat(treatment)
    const resumes = await pushUntilDone(store, sound, round, chunk)
    const cuts = proxy.cuts()
    await store.close()
    expect(await round.audit(sound)).toEqual(nothingAmiss)
    return { resumes, cuts }
  }

  /** Bytes of a whole push over its own connection: of one that changes users and one that adds them, the smaller number. */
  async function bytesOfAPush(): Promise<number> {
    const totals: number[] = []
    for (let kind = 0; kind < 2; kind++) {
      let most = 0
      await roundUnder(() => ({ onData: (total) => (most = Math.max(most, total)) }))
      totals.push(most)
    }
    return Math.min(...totals)
  }

  const cutTrials = trials(12, 200)
  test(`F16: cut after byte N, ${cutTrials} N over a whole push`, { timeout: 600_000 }, async () => {
    const total = await bytesOfAPush()
    expect(total).toBeGreaterThan(20_000)
    const random = seeded(16)
    let [resumes, cuts] = [0, 0]
    for (let trial = 0; trial < cutTrials; trial++) {
      const at = Math.floor(((trial + random()) / cutTrials) * total)
      // Every third time each new connection is cut, too, a little later than the one before.
      const result = await roundUnder((connection) =>
        connection === 0 ? { cutAfter: at } : trial % 3 === 0 && connection < 4 ? { cutAfter: at + connection * 5000 } : {},
      )
      resumes += result.resumes
      cuts += result.cuts
    }
    expect(cuts).toBeGreaterThanOrEqual(cutTrials * 0.9)
    report({
      fault: 'F16',
      store: 'PostgreSQL',
      what: 'connection cut after byte N',
      trials: cutTrials,
      ...nothingAmiss,
      more: { cuts, 'resumes needed': resumes },
    })
  })

  const commitTrials = trials(10, 100)
  test(`F17: cut between COMMIT and its answer, ${commitTrials} times`, { timeout: 600_000 }, async () => {
    let [resumes, cuts] = [0, 0]
    for (let trial = 0; trial < commitTrials; trial++) {
      // Five commits: the beginning, three chunks, the end.
      const nth = 1 + (trial % 5)
      const when = trial % 10 < 5 ? 'answer' : 'before'
      const result = await roundUnder((connection) => (connection === 0 ? { cutAtCommit: { nth, when } } : {}))
      expect(result.cuts).toBeGreaterThanOrEqual(1)
      resumes += result.resumes
      cuts += result.cuts
    }
    report({
      fault: 'F17',
      store: 'PostgreSQL',
      what: 'cut between COMMIT and its answer, or just before it',
      trials: commitTrials,
      ...nothingAmiss,
      more: { cuts, 'resumes needed': resumes },
    })
  })

  const restartTrials = trials(3, 50)
  test(`F18: the server is restarted at once, ${restartTrials} times in mid-push`, { timeout: 900_000 }, async () => {
    const random = seeded(18)
    let resumes = 0
    const total = await bytesOfAPush()
    for (let trial = 0; trial < restartTrials; trial++) {
      const at = random() * total
      const restarts: Promise<void>[] = []
      const result = await roundUnder(() => ({
        onData: (passed) => {
          if (passed >= at && restarts.length === 0) restarts.push(server.restartImmediately())
        },
      }))
      expect(restarts).toHaveLength(1)
      await Promise.all(restarts)
      resumes += result.resumes
    }
    report({
      fault: 'F18',
      store: 'PostgreSQL',
      what: 'pg_ctl restart -m immediate in mid-push',
      trials: restartTrials,
      ...nothingAmiss,
      more: { 'resumes needed': resumes },
    })
  })

  const slowTrials = trials(1, 5)
  test(
    `F23: a slow store is only slow, and a push through it is stopped within a second (${slowTrials})`,
    { timeout: 120_000 },
    async () => {
      let slowest = 0
      for (let trial = 0; trial < slowTrials; trial++) {
        for (const treatment of [{ delayMs: 200 }, { hangAfter: 12_000 }] satisfies Treatment[]) {
          const round = await rounds.prepare(sound)
          proxy.treat(() => ({}))
          const store = await faulty()
          must(await store.batch(round.batch))
          proxy.treat(() => treatment)
          const session = must(await begin(store, round.batch))
          const controller = new AbortController()
          const applying = session.apply(numbered(round.items), applyOptions({ signal: controller.signal }))
          await new Promise((resolve) => setTimeout(resolve, 500))
          const asked = performance.now()
          controller.abort()
          expect(await applying).toMatchObject({ ok: false, error: { reason: 'cancelled' } })
          slowest = Math.max(slowest, performance.now() - asked)
          session.release()
          await store.close()
          proxy.treat(() => ({}))
          await expect.poll(async () => must(await sound.batch(round.batch)).state, { timeout: 10_000 }).toBe('interrupted')
          expect(must(await sound.ledger(round.batch))).toEqual([])
          await pushUntilDone(sound, sound, round, chunk)
          expect(await round.audit(sound)).toEqual(nothingAmiss)
        }
      }
      expect(slowest).toBeLessThan(1000)
      report({
        fault: 'F23',
        store: 'PostgreSQL',
        what: 'slow and hung store, push cancelled',
        trials: slowTrials * 2,
        ...nothingAmiss,
        more: { 'cancel, slowest': `${Math.round(slowest)} ms` },
      })
    },
  )

  test('F16: a store that is down at the start is said to be so at once', async () => {
    const started = performance.now()
    expect(await postgresStores().open('postgres://postgres@127.0.0.1:1/none', { create: false })).toMatchObject({
      ok: false,
      error: { reason: 'unreachable', detail: 'nothing answers at that address' },
    })
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
