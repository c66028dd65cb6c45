import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portionItems } from '../../shared/core/batch/push-portions.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { createWorkplace, ended, startRoster } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'
import { report } from './figures.ts'

/** Enough for several portions. */
const count = 50_500
/** From the start of the program until its window ends: on a slow machine, too, enough for the first portion. */
const windowMs = 10_000

/** Looks into the store past Roster. */
interface Look {
  ledgerRows(): Promise<number>
  /** Users, and how many of them were written more often than others. */
  content(): Promise<{ readonly users: number; readonly twice: number }>
  end(): void
}

function lookInto(schema: string, one: (sql: string) => Promise<number>, end: () => void): Look {
  const users = `${schema}subscribers`
  return {
    ledgerRows: () => one(`SELECT count(*) AS n FROM ${schema}ledger`),
    content: async () => ({
      users: await one(`SELECT count(*) AS n FROM ${users}`),
      twice: await one(`SELECT count(*) AS n FROM ${users} WHERE row_version > (SELECT min(row_version) FROM ${users})`),
    }),
    end,
  }
}
const inTeamStore = (of: PostgresServer, url: string): Look =>
  lookInto(
    'roster.',
    async (sql) => Number((await of.query(url, sql))[0]?.['n']),
    () => undefined,
  )
function inFile(file: string): Look {
  const other = new DatabaseSync(file, { timeout: 5000 })
  return lookInto(
    '',
    async (sql) => Number(other.prepare(sql).get()?.['n']),
    () => other.close(),
  )
}

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

test.skipIf(process.platform === 'win32').each(['SQLite', 'PostgreSQL'] as const)(
  'a push that is at work when its window ends stops between two portions, and is resumed to the last user: %s',
  { timeout: 240_000 },
  async (name) => {
    const place = await createWorkplace()
    const url = name === 'PostgreSQL' ? await server.database() : null
    const options = { cwd: place.folder, env: { ROSTER_STORE_PASSWORD: serverPassword, ...(url === null ? {} : { ROSTER_STORE: url }) } }
    const run = (...words: readonly string[]) => place.run(words, options)
    expect((await run('store', 'init')).code).toBe(0)
    await place.write('profile.json', JSON.stringify({ name: 'Fjordkraft AS' }))
    await place.write('users.csv', userFile(users(count)))
    const submitted = await run('submit', 'users.csv', '--customer', 'profile.json', '--as', 'Kari', '--json')
    expect(submitted.code, submitted.err).toBe(0)
    const { batch } = submitted.json<{ batch: string }>()
    expect((await run('approve', batch, '--as', 'Ola')).code).toBe(0)

    const look = url === null ? inFile(path.join(place.folder, 'data', 'store.sqlite')) : inTeamStore(server, url)
    const over = Date.now() + windowMs
    const child = startRoster(['push', batch, '--as', 'Per', '--until', new Date(over).toISOString()], options)
    const pushing = ended(child)
    while ((await look.ledgerRows()) === 0 && Date.now() < over) await new Promise((resolve) => setTimeout(resolve, 1))
    // The laptop sleeps in the middle of it, and wakes when the window is over.
    child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, over + 200 - Date.now()))
    child.kill('SIGCONT')
    const stopped = await pushing
    expect(stopped.code, stopped.err).toBe(130)
    expect(stopped.err).toContain(`The window is over. What was applied stands; \`roster push --resume ${batch}\` goes on from there.`)

    const shown = (await run('show', batch, '--json')).json<{ state: string; items: { applied: number; pending: number } }>()
    const { applied, pending } = shown.items
    expect(shown.state).toBe('interrupted')
    expect([applied > 0, pending > 0, applied % portionItems, applied + pending]).toEqual([true, true, 0, count])
    expect([await look.ledgerRows(), await look.content()]).toEqual([applied, { users: applied, twice: 0 }])

    const resumed = await run('push', '--resume', batch, '--as', 'Eva', '--json')
    expect(resumed.code, resumed.err).toBe(0)
    expect(resumed.json()).toMatchObject({ state: 'applied', items: { applied: count, refused: 0, pending: 0 } })
    const [rows, content] = [await look.ledgerRows(), await look.content()]
    const held = await run('diff', 'users.csv', '--customer', 'profile.json', '--from-store', '--json')
    const { summary } = held.json<{ summary: { update: number; packageChange: number } }>()
    const wrong = summary.update + summary.packageChange
    report({
      fault: 'F16',
      store: name,
      what: 'asleep until its window was over, then resumed',
      trials: 1,
      duplicates: content.twice,
      missing: count - content.users,
      wrong,
      more: { users: count, 'applied at the end of the window': applied },
    })
    expect([rows, content, wrong, held.code]).toEqual([count, { users: count, twice: 0 }, 0, 0])
    const entries = (await run('audit', 'show', '--json')).json<readonly { what: string }[]>()
    expect(entries.map(({ what }) => what)).toEqual(expect.arrayContaining(['push/paused', 'push/resume', 'push/finished']))
    expect((await run('audit', 'verify')).code).toBe(0)
    look.end()
    await place.remove()
  },
)
