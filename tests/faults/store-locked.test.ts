import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { userInfo } from 'node:os'
import { afterAll, expect, test } from 'vitest'
import { report } from './figures.ts'
import { createWorkplace, rosterFile, type Workplace } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'

const places: Workplace[] = []
afterAll(() =>
  Promise.all(
    places.map((place) => {
      allow(place.folder, 0o700, 0o600)
      return place.remove()
    }),
  ),
)

/** A store with one approved batch in it. */
async function withBatch(): Promise<{ readonly place: Workplace; readonly batch: string; readonly store: string }> {
  const place = await createWorkplace()
  places.push(place)
  await place.write('profile.json', JSON.stringify({ name: 'Fjordkraft AS' }))
  await place.write('base.csv', userFile(users(3)))
  const made = await place.run(['submit', 'base.csv', '--customer', 'profile.json', '--as', 'Kari', '--json'])
  const { batch } = made.json<{ batch: string }>()
  expect((await place.run(['approve', batch, '--as', 'Ola'])).code).toBe(0)
  return { place, batch, store: path.join(place.folder, 'data', 'store.sqlite') }
}

/** Another program that holds the store's file for so long. */
async function holding(store: string, ms: number): Promise<{ end(): void }> {
  const script = `import { DatabaseSync } from 'node:sqlite'
    new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE')
    console.log('held')
    setTimeout(() => process.exit(0), Number(process.argv[2]))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, store, String(ms)], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return { end: () => void child.kill('SIGKILL') }
}

function allow(folder: string, folderMode: number, fileMode: number): void {
  chmodSync(folder, folderMode)
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    if (lstatSync(file).isDirectory()) allow(file, folderMode, fileMode)
    else chmodSync(file, fileMode)
  }
}

test(
  'F28: a store that another program holds for 30 s: looked at as ever, a push is refused in the end with its reason',
  { timeout: 90_000 },
  async () => {
    const { place, batch, store } = await withBatch()
    const other = await holding(store, 30_000)
    let waited: number
    try {
      expect((await place.run(['show', batch, '--json'])).json()).toMatchObject({ state: 'approved' })
      const started = performance.now()
      const pushed = await place.run(['push', batch, '--as', 'Per', '--json'])
      expect([pushed.code, pushed.json<{ error: { code: string; owner: string } }>().error]).toEqual([
        75,
        expect.objectContaining({ code: 'batch/busy', owner: 'another program' }),
      ])
      waited = performance.now() - started
      expect(waited).toBeLessThan(25_000)
      expect((await place.run(['show', batch, '--json'])).json()).toMatchObject({ state: 'approved', items: { pending: 3 } })
    } finally {
      other.end()
    }
    const again = await place.run(['push', batch, '--as', 'Per', '--json'])
    expect(again.json()).toMatchObject({ state: 'applied', items: { applied: 3 } })
    report({
      fault: 'F28',
      store: 'SQLite',
      what: 'file held by another program for 30 s',
      trials: 1,
      duplicates: 0,
      missing: 0,
      wrong: 0,
      more: { 'given up after': `${Math.round(waited / 1000)} s` },
    })
  },
)

test('F28: a store that is let go within the time a call waits: the push goes through', { timeout: 60_000 }, async () => {
  const { place, batch, store } = await withBatch()
  await holding(store, 2500)
  const pushed = await place.run(['push', batch, '--as', 'Per', '--json'])
  expect(pushed.json()).toMatchObject({ state: 'applied', items: { applied: 3 } })
})

test.skipIf(process.platform === 'win32')(
  'F28: a store on a medium that cannot be written: its reason, and not one byte changed',
  { timeout: 60_000 },
  async () => {
    const { place, batch, store } = await withBatch()
    expect((await place.run(['store', 'status'])).code).toBe(0)
    const before = readFileSync(store)
    allow(place.folder, 0o555, 0o444)
    // Rights do not bind root, so then somebody else runs it.
    const isRoot = userInfo().uid === 0
    if (isRoot) execFileSync('setpriv', ['--version'])
    const command = [
      ...(isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []),
      process.execPath,
      rosterFile,
    ] as const
    for (const words of [
      ['push', batch, '--as', 'Per'],
      ['store', 'status'],
      ['approve', batch, '--as', 'Nina'],
    ]) {
      const ended = await place.run([...words, '--json'], { command: command as unknown as readonly [string, ...string[]] })
      expect([69, 73], `${words.join(' ')}: ${ended.out}${ended.err}`).toContain(ended.code)
      expect(ended.out).toContain('can only be read')
      expect(ended.out + ended.err).not.toMatch(/incident|\bat .*:\d+:\d+/u)
    }
    expect(readFileSync(store).equals(before)).toBe(true)
    allow(place.folder, 0o700, 0o600)
    expect((await place.run(['push', batch, '--as', 'Per', '--json'])).json()).toMatchObject({ state: 'applied' })
    report({
      fault: 'F28',
      store: 'SQLite',
      what: 'medium that can only be read',
      trials: 3,
      duplicates: 0,
      missing: 0,
      wrong: 0,
      more: { 'bytes changed': 0 },
    })
  },
)
