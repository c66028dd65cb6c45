import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { serverPassword, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { createWorkplace, rosterFile } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'

vi.setConfig({ testTimeout: 60_000 })
const place = await createWorkplace()
let server: PostgresServer
let store = ''
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
  store = await server.database()
  await place.write('profile.json', JSON.stringify({ name: 'Fjordkraft AS', emailDomains: ['fjordkraft.no'] }))
  await place.write('base.csv', userFile(users(20)))
  await place.write('sales.csv', userFile(users(20, (n) => (n < 4 ? { Department: 'Salg' } : {}))))
})
afterAll(async () => {
  await place.remove()
  await server.stop()
})

const run = (words: readonly string[], env: Readonly<Record<string, string>> = { ROSTER_STORE_PASSWORD: serverPassword }) =>
  place.run(words, { env })

test('a team shares one store: made once, then submitted to, approved in, pushed to, looked at', async () => {
  const early = await run(['store', 'status', '--store', store])
  expect(early.code).toBe(69)
  expect(early.err).toContain('roster store init')
  const made = await run(['store', 'init', '--store', store, '--json'])
  expect(made.code, made.err).toBe(0)
  expect(made.json()).toMatchObject({ url: store, serial: 0, batches: 0 })

  const submitted = await run(['submit', 'base.csv', '--customer', 'profile.json', '--as', 'Kari', '--store', store, '--json'])
  expect(submitted.code, submitted.err).toBe(0)
  const { batch } = submitted.json<{ batch: string }>()
  expect((await run(['batches', '--json'])).json()).toEqual([])
  expect((await run(['approve', batch, '--as', 'Ola', '--store', store])).code).toBe(0)
  const pushed = await run(['push', batch, '--as', 'Per', '--store', store, '--json'])
  expect(pushed.code, pushed.err).toBe(0)
  expect(pushed.json()).toMatchObject({ state: 'applied', items: { total: 20, applied: 20, refused: 0 } })
  expect((await run(['push', batch, '--as', 'Per', '--store', store, '--json'])).json()).toMatchObject({
    items: { applied: 0, skipped: 20 },
  })

  // The same by the environment, without naming it each time; the store's users are the baseline.
  const env = { ROSTER_STORE: store, PGPASSWORD: serverPassword }
  const second = await run(['submit', 'sales.csv', '--customer', 'profile.json', '--from-store', '--as', 'Kari', '--json'], env)
  expect(second.json()).toMatchObject({ summary: { add: 0, update: 4, unchanged: 16 } })
  expect((await run(['batches', '--json'], env)).json()).toHaveLength(2)
  expect((await run(['audit', 'verify', '--json'], env)).json()).toMatchObject({ holds: true, entries: 6 })
  expect((await run(['store', 'status', '--json'], env)).json()).toMatchObject({ customers: 1, subscribers: 20, batches: 2, serial: 1 })
})

test('a password never stands on the command line, nor in what is said or written', async () => {
  const told = await run(['store', 'status', '--store', store.replace('postgres@', `postgres:${serverPassword}@`)], {})
  expect(told.code).toBe(64)
  expect(told.err).toContain('ROSTER_STORE_PASSWORD')
  const wrong = await run(['store', 'status', '--store', store], { ROSTER_STORE_PASSWORD: 'canary-7f3a' })
  expect(wrong.code).toBe(69)
  for (const { out, err } of [told, wrong]) expect(out + err).not.toMatch(new RegExp(`canary-7f3a|${serverPassword}`))
  const folder = path.join(place.folder, 'data')
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) expect(readFileSync(path.join(entry.parentPath, entry.name)).includes(serverPassword)).toBe(false)
  }
})

test.each([
  ['nobody there', 'postgres://me@127.0.0.1:1/roster'],
  ['no such database', '{server}/none'],
  ['no database named', 'postgres://me@127.0.0.1'],
  ['no TLS beyond this machine', 'postgres://me@db.example.no/roster?sslmode=disable'],
  ['half TLS beyond this machine', 'postgres://me@db.example.no/roster?sslmode=require'],
  ['an option that is not known', 'postgres://me@db.example.no/roster?sslmod=verify-full'],
  ['another engine', 'mysql://me@db.example.no/roster'],
])('a store that cannot be used ends with 69 and says why: %s', async (_, address) => {
  const url = address.replace('{server}', store.slice(0, store.lastIndexOf('/')))
  const ended = await run(['store', 'status', '--store', url])
  expect(ended.code, ended.err).toBe(69)
  expect(ended.err).not.toMatch(/\bat .*:\d+:\d+|Error:/)
})

test('what was pushed is taken back by a batch of its own; what is refused comes as a file with the reasons', async () => {
  const env = { ROSTER_STORE: store, ROSTER_STORE_PASSWORD: serverPassword }
  const submit = async (name: string, n: number, department: string) => {
    await place.write(name, userFile(users(n, () => ({ Department: department }))))
    const made = await run(['submit', name, '--customer', 'profile.json', '--from-store', '--as', 'Kari', '--json'], env)
    expect(made.code, made.err).toBe(0)
    const { batch } = made.json<{ batch: string }>()
    expect((await run(['approve', batch, '--as', 'Ola'], env)).code).toBe(0)
    return batch
  }
  const first = await submit('support.csv', 3, 'Support')
  expect((await run(['push', first, '--as', 'Per', '--at', '2020-01-01T00:00', '--json'], env)).json()).toMatchObject({ state: 'applied' })
  const second = await submit('one.csv', 1, 'Lager')
  expect((await run(['push', second, '--as', 'Per'], env)).code).toBe(0)

  const undone = await run(['undo', first, '--as', 'Kari', '--json'], env)
  expect(undone.json()).toMatchObject({ undone: first, items: 3, removals: 0, withLoss: [], impossible: [] })
  const { batch } = undone.json<{ batch: string }>()
  expect((await run(['push', batch, '--as', 'Per'], env)).code).toBe(77)
  expect((await run(['approve', batch, '--as', 'Ola'], env)).code).toBe(0)
  const pushed = await run(['push', batch, '--as', 'Per', '--json'], env)
  expect(pushed.code, pushed.out).toBe(1)
  expect(pushed.json()).toMatchObject({ state: 'partly-applied', items: { applied: 2, refused: 1 } })
  const again = await run(['push', batch, '--as', 'Per'], env)
  expect(again.code).toBe(1)
  expect(again.out).toMatch(
    /already applied: 2 of 3, by an earlier push\. Nothing was changed now\.\n\s+1 was refused then; `roster push --retry b-/u,
  )
  expect((await run(['show', batch, '--failed', 'failed.csv'], env)).code).toBe(0)
  const [header = '', line = '', end] = (await place.read('failed.csv')).split('\r\n')
  expect(header.split(',').at(-1)).toBe('Why it was refused')
  expect(line).toContain('Changed by somebody else meanwhile: Department')
  expect(end).toBe('')
  expect((await run(['push', batch, '--as', 'Per', '--at', 'soon'], env)).code).toBe(64)
})

test('an export that has drifted from the store shows where, and is taken over by a batch of its own', async () => {
  const env = { ROSTER_STORE: store, ROSTER_STORE_PASSWORD: serverPassword }
  await place.write(
    'export.csv',
    userFile(users(20, (n) => (n === 7 ? { Department: 'Elsewhere' } : n < 3 ? { Department: 'Lager' } : {}))),
  )
  const words = ['--customer', 'profile.json', '--from-store']
  const drift = await run(['diff', 'export.csv', ...words, '--json'], env)
  expect(drift.code, drift.err).toBe(2)
  const { changes } = drift.json<{ changes: { email: string; cells: { column: string; after: string }[] }[] }>()
  expect(changes.flatMap(({ cells }) => cells)).toContainEqual(expect.objectContaining({ column: 'Department', after: 'Elsewhere' }))
  const taken = await run(['submit', 'export.csv', ...words, '--as', 'Kari', '--json'], env)
  const { batch } = taken.json<{ batch: string }>()
  expect((await run(['approve', batch, '--as', 'Ola'], env)).code).toBe(0)
  expect((await run(['push', batch, '--as', 'Per'], env)).code).toBe(0)
  expect((await run(['diff', 'export.csv', ...words], env)).code).toBe(0)
  expect((await run(['diff', 'export.csv'], env)).code).toBe(64)
  expect((await run(['diff', 'export.csv', '--from-store'], env)).code).toBe(64)
})

test('roles are switched on by who makes the store, and only there', async () => {
  const url = await server.database()
  expect((await run(['store', 'init', '--team', '--store', url])).code).toBe(0)
  expect(await server.query(url, "SELECT value FROM roster.meta WHERE name = 'roles'")).toEqual([{ value: 'on' }])
  const file = await run(['store', 'init', '--team'], {})
  expect(file.code).toBe(77)
  expect((await run(['store', 'status', '--team', '--store', url])).code).toBe(64)
})

test('where logins keep authors and reviewers apart, a batch is decided on as a whole, and a part of it changes nothing', async () => {
  const url = await server.database()
  expect((await run(['store', 'init', '--team', '--store', url])).code).toBe(0)
  for (const [login, roles] of [
    ['kari', 'roster_author'],
    ['ola', 'roster_reviewer'],
    ['berit', 'roster_author, roster_reviewer'],
  ] as const)
    await server.query(url, `CREATE ROLE ${login} LOGIN PASSWORD '${serverPassword}' IN ROLE ${roles}`)
  const as = (login: string, words: readonly string[]) => run([...words, '--store', url.replace('postgres@', `${login}@`)])
  const words = ['submit', 'sales.csv', '--customer', 'profile.json', '--baseline', 'base.csv', '--as', 'Kari', '--json']
  const { batch } = (await as('kari', words)).json<{ batch: string }>()
  for (const login of ['ola', 'berit']) {
    const refused = await as(login, ['reject', batch, '--as', 'Ola', '--message', 'ask first', '--rows', '2'])
    expect(refused.code, refused.out).toBe(77)
    expect(refused.err).toContain('Approve or reject')
    expect((await as('kari', ['batches', '--json'])).json()).toMatchObject([{ batch, state: 'submitted', approvals: [] }])
  }
  const drafts = path.join(place.folder, 'data', 'drafts')
  expect(existsSync(drafts) ? readdirSync(drafts) : []).toEqual([])
  expect((await as('ola', ['reject', batch, '--as', 'Ola', '--message', 'ask first'])).code).toBe(0)
})

test('its backup is a script that makes the same store again', async () => {
  const backup = await run(['store', 'backup', '-o', 'backup.sql', '--store', store])
  expect(backup.code, backup.err).toBe(0)
  const again = await run(['store', 'backup', '-o', 'backup.sql', '--store', store])
  expect(again.code).toBe(73)
  // The disk is full after 1 KiB.
  const command = ['bash', '-c', 'ulimit -f 1; exec "$0" "$@"', process.execPath, rosterFile] as const
  const names = await place.names()
  const full = await place.run(['store', 'backup', '-o', 'cut.sql', '--store', store], {
    command,
    env: { ROSTER_STORE_PASSWORD: serverPassword },
  })
  expect(full.code, full.err).toBe(73)
  expect(await place.names()).toEqual(names)
  const script = await place.read('backup.sql')
  expect(script).toContain('COPY roster.ledger')
  expect(script.trimEnd().endsWith('COMMIT;')).toBe(true)
  // Read in by our own hands, as psql would: statements, and the rows that follow a COPY.
  const copy = await server.database()
  for (const [statement, rows] of statementsOf(script)) {
    if (rows === null) await server.query(copy, statement)
    else await server.copy(copy, statement, rows)
  }
  const [before, after] = await Promise.all(
    [store, copy].map(async (url) => (await run(['store', 'status', '--store', url, '--json'])).json()),
  )
  expect({ ...after, url: null }).toEqual({ ...before, url: null })
  expect((await run(['audit', 'verify', '--store', copy])).code).toBe(0)
  const show = async (url: string, batch: string) => (await run(['show', batch, '--store', url, '--json'])).json()
  for (const { batch } of (await run(['batches', '--store', store, '--json'])).json<{ batch: string }[]>()) {
    expect(await show(copy, batch)).toEqual(await show(store, batch))
  }
})

function* statementsOf(script: string): Generator<readonly [string, string | null]> {
  const pieces = script.split(/^(COPY .* FROM stdin;)\n([\s\S]*?)^\\\.$/mu)
  for (let i = 0; i < pieces.length; i += 3) {
    yield [pieces[i] ?? '', null]
    if (i + 1 < pieces.length) yield [pieces[i + 1] ?? '', pieces[i + 2] ?? '']
  }
}
