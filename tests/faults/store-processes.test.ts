import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compose, type ComposedBackend } from '../../backend/compose.ts'
import { subscribersFromTable } from '../../shared/core/batch/subscribers-from-table.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { userFile, users } from '../support/user-file.ts'
import { report, trials } from './figures.ts'
import { nothingAmiss } from './store-rounds.ts'
import { must, seeded, startChild, wait } from './support.ts'

const count = 300
const customer = 'Fjordkraft AS'
const numbers = (n: number) => ({ Extension: String(20_000 + n), 'Phone Number': `+4721${String(500_000 + n)}` })

/** A whole backend and child processes over one store. */
interface Place {
  readonly backend: ComposedBackend
  readonly folder: string
  /** As the children get it. */
  readonly store: string
  stop(): Promise<void>
}

async function place(server: PostgresServer | null): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-processes-'))
  const url = server === null ? undefined : await server.database()
  const backend = compose({ dataDir: folder, ...(url === undefined ? {} : { store: url }) })
  must(await backend.services.store.init())
  return {
    backend,
    folder,
    store: url ?? '-',
    async stop() {
      await backend.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

describe.each(['SQLite', 'PostgreSQL'] as const)('processes at work on one batch in %s', (name) => {
  let server: PostgresServer | null = null
  let at: Place
  let round = 0
  beforeAll(async () => {
    process.env['ROSTER_STORE_PASSWORD'] = serverPassword
    if (name === 'PostgreSQL') server = await startPostgres()
    at = await place(server)
  })
  afterAll(async () => {
    await at.stop()
    await server?.stop()
    delete process.env['ROSTER_STORE_PASSWORD']
  })

  /** An approved batch that gives everybody the department of a new round. */
  async function approved(): Promise<string> {
    const { services } = at.backend
    const file = async (department: string) =>
      must(
        await services.files.open({
          name: 'users.csv',
          bytes: new TextEncoder().encode(
            userFile(users(count, (n) => ({ ...numbers(n), ...(department === '' ? {} : { Department: department }) }))),
          ),
        }),
      )
    const made = must(
      await services.batches.submitFile({
        file: await file(`r${round + 1}`),
        customer: { name: customer },
        baseline: round === 0 ? await file('') : 'store',
        by: 'Kari',
      }),
    )
    expect(made.summary.update).toBe(count)
    round++
    must(await services.api['batches.decide']({ batch: made.batch, by: 'Ola', decision: 'approved', digest: made.digest }))
    return made.batch
  }

  async function amiss(batch: string): Promise<typeof nothingAmiss> {
    const { services } = at.backend
    const shown = must(await services.api['batches.show']({ batch }))
    const users = must(await services.store.baseline({ name: customer }))
    const right = users === null ? 0 : subscribersFromTable(users).filter((one) => one.cells['Department'] === `r${round}`).length
    expect(shown.digestHolds).toBe(true)
    return {
      duplicates: shown.items.applied > count ? shown.items.applied - count : 0,
      missing: count - shown.items.applied,
      wrong: count - right,
    }
  }

  const kills = trials(5, 50)
  test(`F18: the pushing process is killed ${kills} times; who resumes finishes, each item once`, { timeout: 600_000 }, async () => {
    const random = seeded(8)
    let killed = 0
    let batches = 0
    while (killed < kills) {
      const batch = await approved()
      batches++
      let mode = 'push'
      for (let attempt = 0; ; attempt++) {
        const child = startChild('push-to', at.folder, at.store, batch, mode)
        await child.said('done')
        if (attempt < 3) {
          await wait(random() * 50)
          await child.kill()
        } else await child.ended
        if (child.lines().some((line) => line.startsWith('ended'))) break
        killed++
        await expect
          .poll(async () => must(await at.backend.services.api['batches.show']({ batch })).state, { timeout: 5000 })
          .not.toBe('pushing')
        const { state } = must(await at.backend.services.api['batches.show']({ batch }))
        expect(['interrupted', 'applied', 'approved']).toContain(state)
        if (state === 'applied') break
        mode = state === 'approved' ? 'push' : 'resume'
      }
      expect(await amiss(batch)).toEqual(nothingAmiss)
    }
    expect(must(await at.backend.services.api['audit.verify']({})).broken).toBeNull()
    report({ fault: 'F18', store: name, what: 'SIGKILL of the pushing process', trials: killed, ...nothingAmiss, more: { batches } })
  })

  const times = trials(3, 10)
  const processes = trials(4, 10)
  test(`F19: ${processes * times} pushes of one batch by ${processes} processes are one push`, { timeout: 600_000 }, async () => {
    const batch = await approved()
    const children = Array.from({ length: processes }, () => startChild('push-to', at.folder, at.store, batch, 'push', String(times)))
    await Promise.all(children.map((child) => child.ended))
    const ends = children.flatMap((child) => child.lines().filter((line) => /^(?:ended|failed)/u.test(line)))
    expect(ends).toHaveLength(processes * times)
    const applied = ends.filter((line) => line.startsWith(`ended applied ${count} 0`))
    const done = ends.filter((line) => line.startsWith(`ended applied 0 ${count}`))
    const busy = ends.filter((line) => /^failed (?:batch\/busy|store\/busy) /u.test(line))
    expect({ applied: applied.length, others: done.length + busy.length }, ends.join('\n')).toEqual({
      applied: 1,
      others: processes * times - 1,
    })
    expect(await amiss(batch)).toEqual(nothingAmiss)
    expect(must(await at.backend.services.api['batches.show']({ batch })).history.filter(({ what }) => what === 'push')).toHaveLength(1)
    report({
      fault: 'F19',
      store: name,
      what: `one batch pushed by ${processes} processes`,
      trials: ends.length,
      ...nothingAmiss,
      more: { 'told "done already"': done.length, 'told "in progress"': busy.length },
    })
  })
})
