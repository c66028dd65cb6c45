import { cp, readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { compose } from '../../backend/compose.ts'
import type { WholesaleItemLine } from '../../shared/contract/wholesale-methods.ts'
import { startStandInApi, type CallName, type Mishap, type StandInApi } from '../support/wholesale-api.ts'
import { emailOf, fillStandIn, hurriedApi, isAsWanted, pushedBatch } from '../support/wholesale-batch.ts'
import { report, trials } from './figures.ts'
import { inFolder, must, seeded, startChild, wait, withBackend } from './support.ts'

const size = 24
const numbers = Array.from({ length: size }, (_, n) => n)

/** A data folder with a pushed batch; each trial works on a copy of it. */
async function prepare(folder: string, standIn: StandInApi): Promise<string> {
  return withBackend(folder, (api, backend) =>
    pushedBatch(api, async (text) => (await backend.registerBytes('users.csv', new TextEncoder().encode(text))).ticket, standIn, size),
  )
}

const effects: readonly CallName[] = ['create', 'change', 'remove']

/** Everything that F26 names, for whichever call; one call in three goes wrong. */
function mishapFor(random: () => number, call: CallName): Mishap | null {
  if (random() > 0.33) return null
  const done = random() < 0.5
  const isEffect = effects.includes(call)
  const kinds: (() => Mishap)[] = [
    () => ({ kind: 'status', status: 429, done: false, retryAfter: random() < 0.05 ? '1' : '0' }),
    () => ({ kind: 'status', status: 429, done: false }),
    () => ({ kind: 'status', status: 423, done: false, retryAfter: '0' }),
    () => ({ kind: 'status', status: 500, done }),
    () => ({ kind: 'status', status: 502, done }),
    () => ({ kind: 'status', status: 503, done, retryAfter: '0' }),
    () => ({ kind: 'status', status: 504, done }),
    () => ({ kind: 'hang', done }),
    () => ({ kind: 'cut', done }),
    () => ({ kind: 'cut-answer', done: true }),
    () => ({ kind: 'truncated', done: true }),
    () => ({ kind: 'wrong-type', done }),
    () => ({ kind: 'drip', done: true }),
    () => ({ kind: 'drip-on', done: true }),
    () => ({ kind: 'redirect' }),
  ]
  if (isEffect) kinds.push(() => ({ kind: 'late', afterMs: 90 + random() * 80 }))
  if (call === 'create')
    kinds.push(
      () => ({ kind: 'told-twice' }),
      () => ({ kind: 'pending' }),
      () => ({ kind: 'errors' }),
    )
  return kinds[Math.floor(random() * kinds.length)]?.() ?? null
}

interface Amiss {
  readonly duplicates: number
  readonly missing: number
  readonly wrong: number
}

/** What is amiss at the end, when all that could be settled has been. */
function amissIn(standIn: StandInApi, lines: readonly WholesaleItemLine[]): Amiss {
  const byEmail = new Map(lines.map((line) => [line.email, line]))
  let missing = 0
  let wrong = 0
  for (const n of numbers) {
    const line = byEmail.get(emailOf(n))
    const isWanted = isAsWanted(standIn, n)
    if (line === undefined) {
      if (!isWanted) wrong++
    } else if (line.state === 'done' || line.state === 'waiting') {
      if (!isWanted) wrong++
    } else if (line.reason === null || !['refused', 'left-out', 'unknown'].includes(line.state)) missing++
  }
  const doubles = [...standIn.made.values()].filter((times) => times > 1).length
  return { duplicates: doubles + standIn.needless.length, missing, wrong }
}
const nothing: Amiss = { duplicates: 0, missing: 0, wrong: 0 }

async function holdsNoToken(folder: string, token: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const contents = await Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name))))
  return contents.every((bytes) => !bytes.includes(token))
}

describe('F26: the Wholesale API misbehaves', () => {
  const rounds = trials(6, 200)
  test(
    `every item is done as approved or listed with its reason, none is made twice (${rounds} batches of ${size} users)`,
    { timeout: 900_000 },
    () =>
      inFolder(async (folder) => {
        const standInForPreparing = await startStandInApi()
        const prepared = path.join(folder, 'prepared')
        const batch = await prepare(prepared, standInForPreparing)
        await standInForPreparing.close()
        const sum = { duplicates: 0, missing: 0, wrong: 0, mishaps: 0, sendings: 0, refused: 0, waiting: 0, leftUnknown: 0 }
        for (let round = 0; round < rounds; round++) {
          const data = path.join(folder, `round-${round}`)
          await cp(prepared, data, { recursive: true })
          const standIn = await startStandInApi()
          fillStandIn(standIn, size)
          const random = seeded(26_000 + round)
          standIn.treat((call) => {
            const mishap = mishapFor(random, call)
            if (mishap !== null) sum.mishaps++
            return mishap
          })
          const backend = compose({ dataDir: data, wholesale: hurriedApi(standIn.url) })
          const { api } = backend.services
          const send = () => api['wholesale.send']({ batch, by: 'Per', token: standIn.token })
          // While it misbehaves a sending may give up; what it leaves is what the next one finds.
          for (let tries = 0; tries < 3; tries++) {
            sum.sendings++
            const sent = await send()
            if (!sent.ok) expect(sent.error.code, `round ${round}`).toBe('wholesale/unreachable')
          }
          // A call that was late is done by now.
          await wait(100)
          standIn.treat(null)
          sum.sendings++
          const { counts } = must(await send())
          const lines = must(await api['wholesale.items']({ batch, from: 0, count: 500 })).items
          const amiss = amissIn(standIn, lines)
          expect({ ...amiss, violations: standIn.violations, early: standIn.early, followed: standIn.followed }, `round ${round}`).toEqual({
            ...nothing,
            violations: [],
            early: 0,
            followed: 0,
          })
          expect(counts.pending + counts.sent, `round ${round}`).toBe(0)
          sum.refused += counts.refused
          sum.waiting += counts.waiting
          sum.leftUnknown += counts.unknown
          await backend.close()
          await standIn.close()
          expect(await holdsNoToken(data, standIn.token)).toBe(true)
        }
        expect(sum.mishaps).toBeGreaterThan(rounds * 10)
        report({
          fault: 'F26',
          store: 'Wholesale API',
          what: `one call in three goes wrong, batches of ${size} users`,
          trials: rounds,
          duplicates: sum.duplicates,
          missing: sum.missing,
          wrong: sum.wrong,
          more: {
            'calls gone wrong': sum.mishaps,
            'refused and named': sum.refused,
            'waiting for consent': sum.waiting,
            'left unknown': sum.leftUnknown,
            'token in files or log': 0,
          },
        })
      }),
  )

  const kills = trials(4, 50)
  test(`a sending process that is killed (${kills} times) is gone on with; what it left is looked up first`, { timeout: 900_000 }, () =>
    inFolder(async (folder) => {
      const first = await startStandInApi()
      const prepared = path.join(folder, 'prepared')
      const batch = await prepare(prepared, first)
      await first.close()
      const random = seeded(2600)
      let killed = 0
      let batches = 0
      let underWay = 0
      while (killed < kills) {
        const data = path.join(folder, `batch-${batches++}`)
        await cp(prepared, data, { recursive: true })
        const standIn = await startStandInApi()
        fillStandIn(standIn, size)
        // Slow enough to be killed in the middle, in half of the cases after the effect and before its answer.
        standIn.treat((call) => (effects.includes(call) ? { kind: random() < 0.3 ? 'hang' : 'drip', done: true } : null))
        for (let attempt = 0; ; attempt++) {
          const child = startChild('wholesale', data, batch, standIn.url, standIn.token)
          await child.said('')
          if (attempt < 2 && child.lines().every((line) => line.startsWith('done'))) {
            await wait(random() * 250)
            await child.kill()
          } else {
            standIn.treat(null)
            await child.ended
          }
          if (child.lines().some((line) => line === 'ended' || line.startsWith('failed'))) break
          killed++
          underWay += await withBackend(data, async (api) => must(await api['wholesale.status']({ batch })).counts.sent)
        }
        await withBackend(data, async (api) => {
          const { counts } = must(await api['wholesale.status']({ batch }))
          const lines = must(await api['wholesale.items']({ batch, from: 0, count: 500 })).items
          expect(amissIn(standIn, lines), `batch ${batches}`).toEqual(nothing)
          expect(counts, `batch ${batches}`).toMatchObject({ pending: 0, sent: 0, unknown: 0, refused: 0 })
        })
        expect(standIn.violations).toEqual([])
        await standIn.close()
      }
      expect(underWay).toBeGreaterThan(0)
      report({
        fault: 'F26',
        store: 'Wholesale API',
        what: 'SIGKILL of the sending process',
        trials: killed,
        ...nothing,
        more: { batches, 'calls under way when killed': underWay },
      })
    }),
  )
})
