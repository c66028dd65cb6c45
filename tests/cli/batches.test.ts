import { existsSync } from 'node:fs'
import { readFile, stat, symlink } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createWorkplace, ended, rosterFile, startRoster } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'

vi.setConfig({ testTimeout: 30_000 })
const place = await createWorkplace()
afterAll(() => place.remove())

interface Shown {
  readonly batch: string
  readonly customer: string
  readonly state: string
  readonly author: string
  readonly digest: string
  readonly summary: Readonly<Record<string, number>>
  readonly approvals: readonly { readonly by: string; readonly decision: string; readonly at: string }[]
  readonly items: Readonly<Record<string, number>>
}

beforeAll(async () => {
  await place.write('profile.json', JSON.stringify({ name: 'Fjordkraft AS', emailDomains: ['fjordkraft.no'] }))
  await place.write('many.json', JSON.stringify({ name: 'Mange AS' }))
  await place.write('base.csv', userFile(users(20)))
  await place.write('later.json', JSON.stringify({ name: 'Senere AS' }))
  await place.write('later.csv', userFile(users(2)))
  await place.write(
    'change.csv',
    userFile([
      ...users(20, (n) =>
        n === 0 ? { Department: 'Salg' } : n === 1 ? { package: 'Webex Meetings', Extension: '', 'Phone Number': '' } : {},
      ).slice(0, 15),
      ...users(23).slice(20),
    ]),
  )
  for (const [name, department] of [
    ['sales.csv', 'Salg'],
    ['support.csv', 'Support'],
  ] as const)
    await place.write(name, userFile([users(6, () => ({ Department: department }))[5] ?? []]))
  await place.write('removal.csv', userFile(users(3, () => ({ package: null }))))
  await place.write('faulty.csv', userFile(users(3, () => ({ 'Phone Number': '4721538303' }))))
})

const submit = async (words: readonly string[]): Promise<{ batch: string; digest: string; summary: Record<string, number> }> => {
  const made = await place.run(['submit', ...words, '--json'])
  expect(made.code, made.err + made.out).toBe(0)
  return made.json()
}
const show = async (batch: string): Promise<Shown> => (await place.run(['show', batch, '--json'])).json<Shown>()

test('submit, approve by another, push, receipt; and a second push changes nothing', async () => {
  const made = await submit(['base.csv', '--customer', 'profile.json', '--as', 'Kari', '--message', 'the first ones'])
  expect(made).toMatchObject({
    batch: expect.stringMatching(/^b-/) as string,
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    summary: { add: 20, remove: 0 },
  })
  expect(await show(made.batch)).toMatchObject({
    batch: made.batch,
    customer: 'Fjordkraft AS',
    state: 'submitted',
    author: 'Kari',
    digest: made.digest,
    approvals: [],
    items: { total: 20, applied: 0, refused: 0, skipped: 0, unknown: 0, pending: 20 },
  })

  const early = await place.run(['push', made.batch, '--as', 'Ola', '--json'])
  expect([early.code, early.json<{ error: { code: string } }>().error.code]).toEqual([77, 'guard/not-approved'])
  const own = await place.run(['approve', made.batch, '--as', 'kari ', '--json'])
  expect([own.code, own.json<{ error: { code: string } }>().error.code]).toEqual([77, 'guard/own-approval'])

  expect((await place.run(['approve', made.batch, '--as', 'Ola', '--message', 'fine'])).code).toBe(0)
  expect(await show(made.batch)).toMatchObject({
    state: 'approved',
    approvals: [{ by: 'Ola', decision: 'approved', at: expect.stringMatching(/^\d{4}-/) as string }],
  })

  const pushed = await place.run(['push', made.batch, '--as', 'Ola', '--json'])
  expect(pushed.code, pushed.err).toBe(0)
  const result = pushed.json<{ receipt: string }>()
  expect(result).toMatchObject({ batch: made.batch, state: 'applied', items: { total: 20, applied: 20, refused: 0, pending: 0 } })
  expect(JSON.parse(await place.read(result.receipt.replace(`${place.folder}/`, '')))).toMatchObject({
    batch: made.batch,
    digest: made.digest,
  })
  const status = (await place.run(['store', 'status', '--json'])).json<{ serial: number }>()
  expect(status).toMatchObject({ customers: 1, subscribers: 20 })

  const again = await place.run(['push', made.batch, '--as', 'Ola', '--json'])
  expect([again.code, again.json<{ items: object }>().items]).toEqual([0, expect.objectContaining({ total: 20, applied: 0, skipped: 20 })])
  const said = await place.run(['push', made.batch, '--as', 'Ola'])
  expect(said.out).toContain('already applied: 20 of 20, by an earlier push. Nothing was changed now.')
  expect(said.out).not.toMatch(/\b0 of 20/u)
  expect((await place.run(['store', 'status', '--json'])).json()).toEqual(status)
  expect((await place.run(['audit', 'verify', '--json'])).json()).toMatchObject({ holds: true })
  expect((await place.run(['audit', 'show', '--json'])).json<unknown[]>().length).toBeGreaterThanOrEqual(3)
  expect((await place.run(['batches', '--json'])).json<Shown[]>().map(({ batch, state }) => ({ batch, state }))).toEqual([
    { batch: made.batch, state: 'applied' },
  ])
})

describe('against the store', () => {
  test("a change of what the store holds, by the customer's name", async () => {
    const made = await submit(['change.csv', '--customer', 'Fjordkraft AS', '--from-store', '--as', 'Kari'])
    expect(made.summary).toMatchObject({ add: 3, update: 1, packageChange: 1, remove: 0, unchanged: 13 })
    await place.run(['approve', made.batch, '--as', 'Ola'])
    expect((await place.run(['push', made.batch, '--as', 'Ola'])).code).toBe(0)
    expect((await place.run(['store', 'status', '--json'])).json()).toMatchObject({ subscribers: 23 })
  })
  test('a batch whose baseline has moved on is refused, and says for whom', async () => {
    const first = await submit(['sales.csv', '--customer', 'Fjordkraft AS', '--from-store', '--as', 'Kari'])
    const second = await submit(['support.csv', '--customer', 'Fjordkraft AS', '--from-store', '--as', 'Kari'])
    for (const { batch } of [first, second]) await place.run(['approve', batch, '--as', 'Ola'])
    expect((await place.run(['push', second.batch, '--as', 'Ola'])).code).toBe(0)
    const status = (await place.run(['store', 'status', '--json'])).out
    const pushed = await place.run(['push', first.batch, '--as', 'Ola', '--json'])
    expect([pushed.code, pushed.json()]).toEqual([
      77,
      {
        error: {
          code: 'guard/stale-baseline',
          batch: first.batch,
          rows: ['user.5@fjordkraft.no'],
          message: expect.stringContaining('user.5@fjordkraft.no') as string,
        },
      },
    ])
    expect((await place.run(['store', 'status', '--json'])).out).toBe(status)
  })
})

describe('removals', () => {
  test('are not submitted unless their number is said', async () => {
    for (const words of [[], ['--confirm-removals', '2'], ['--confirm-removals', '4']]) {
      const ended_ = await place.run([
        'submit',
        'removal.csv',
        '--customer',
        'Fjordkraft AS',
        '--from-store',
        '--as',
        'Kari',
        '--json',
        ...words,
      ])
      expect([ended_.code, ended_.json<{ error: { code: string } }>().error.code], words.join(' ')).toEqual([
        77,
        'guard/removals-unconfirmed',
      ])
    }
    const made = await submit(['removal.csv', '--customer', 'Fjordkraft AS', '--from-store', '--as', 'Kari', '--confirm-removals', '3'])
    expect(made.summary).toMatchObject({ remove: 3 })
    expect((await place.run(['show', made.batch])).out).toContain('3 users WILL BE REMOVED')
  })
  test('--confirm-removals where nobody is removed is refused, too', async () => {
    const ended_ = await place.run(['submit', 'base.csv', '--customer', 'Nordlys AS', '--as', 'Kari', '--confirm-removals', '3'])
    expect([66, 77]).toContain(ended_.code)
  })
})

test('the users that a push refuses are named with the reason; nothing is left to take back where nothing changed', async () => {
  const held = (department: string): string => userFile(users(2, (n) => ({ Department: n === 0 ? department : 'Drift' })))
  await place.write('two.json', JSON.stringify({ name: 'To AS' }))
  await place.write('two.csv', held('Drift'))
  await place.write('two-sales.csv', userFile([...users(1, () => ({ Department: 'Salg' })), ...users(4).slice(3)]))
  await place.write('two-support.csv', held('Support'))
  const first = await submit(['two.csv', '--customer', 'two.json', '--as', 'Kari'])
  await place.run(['approve', first.batch, '--as', 'Ola'])
  await place.run(['push', first.batch, '--as', 'Ola'])
  const overtaken = await submit(['two-sales.csv', '--customer', 'To AS', '--from-store', '--as', 'Kari'])
  const before = await submit(['two-support.csv', '--customer', 'To AS', '--from-store', '--as', 'Kari'])
  const same = await submit(['two-support.csv', '--customer', 'To AS', '--from-store', '--as', 'Kari'])
  for (const { batch } of [overtaken, before, same]) await place.run(['approve', batch, '--as', 'Ola'])
  expect((await place.run(['push', before.batch, '--as', 'Ola'])).code).toBe(0)
  const pushed = await place.run(['push', overtaken.batch, '--as', 'Ola'])
  expect(pushed.code).toBe(1)
  expect(pushed.out).toMatch(/row 2 {2}user\.0@fjordkraft\.no\n {4}.*Department/u)
  expect(pushed.out).not.toContain('user.3@')

  expect((await place.run(['push', same.batch, '--as', 'Ola'])).code).toBe(0)
  const undone = await place.run(['undo', same.batch, '--as', 'Kari'])
  expect([undone.code, undone.err]).toEqual([65, `roster: The batch ${same.batch} changed nothing that is left to take back.\n`])

  // One export, one store of another name: a batch in it is found there and nowhere else.
  const elsewhere = ['--store', path.join(place.folder, 'elsewhere.sqlite')]
  const there = await submit(['two.csv', '--customer', 'To AS', '--as', 'Kari', ...elsewhere])
  expect((await place.run(['reconcile', there.batch, 'two.csv'])).code).toBe(66)
  expect((await place.run(['reconcile', there.batch, 'two.csv', '--json', ...elsewhere])).json()).toMatchObject({ summary: { landed: 2 } })
})

test('a draft with errors is not submitted: the findings are listed, nothing is made', async () => {
  const before = (await place.run(['batches', '--json'])).out
  const ended_ = await place.run(['submit', 'faulty.csv', '--customer', 'profile.json', '--as', 'Kari', '--json'])
  expect(ended_.code).toBe(1)
  expect(ended_.json()).toMatchObject({
    error: { code: 'draft/has-errors' },
    findings: expect.arrayContaining([expect.objectContaining({ rule: 'phone/no-plus', row: 2 })]) as unknown,
  })
  expect((await place.run(['submit', 'faulty.csv', '--customer', 'profile.json'])).out).toContain('phone/no-plus')
  expect((await place.run(['batches', '--json'])).out).toBe(before)
})

test('a customer comes to be known by the batch, not by one that was refused; a saved profile is not replaced by the way', async () => {
  await place.write('new.json', JSON.stringify({ name: 'Ny AS', extensionLength: 4 }))
  await place.write('other.json', JSON.stringify({ name: 'ny  as', extensionLength: 5 }))
  expect((await place.run(['submit', 'faulty.csv', '--customer', 'new.json', '--as', 'Kari'])).code).toBe(1)
  expect((await place.run(['customer', 'show', 'Ny AS'])).code).toBe(66)
  await submit(['base.csv', '--customer', 'new.json', '--as', 'Kari'])
  await place.write('sites.csv', 'Name,Country\r\nOslo HQ,NO\r\n')
  expect((await place.run(['customer', 'import-locations', 'Ny AS', 'sites.csv'])).code).toBe(0)
  const saved = (await place.run(['customer', 'show', 'Ny AS'])).out
  const again = await place.run(['submit', 'base.csv', '--customer', 'new.json', '--as', 'Kari'])
  expect([again.code, again.err]).toEqual([0, expect.stringContaining('The saved profile of Ny AS is another one and stays as it is.')])
  await place.run(['submit', 'base.csv', '--customer', 'other.json', '--as', 'Kari'])
  expect((await place.run(['customer', 'show', 'Ny AS'])).out).toBe(saved)
})

test('removals that were confirmed are not among the errors of a draft that is refused for others', async () => {
  await place.write(
    'faulty-removal.csv',
    userFile([...users(2, () => ({ package: null })), ...users(3, () => ({ 'Phone Number': '4721538303' })).slice(2)]),
  )
  const errors = async (words: readonly string[]) => {
    const ended_ = await place.run([
      'submit',
      'faulty-removal.csv',
      '--customer',
      'profile.json',
      '--baseline',
      'base.csv',
      ...words,
      '--json',
    ])
    expect(ended_.code, ended_.err).toBe(1)
    const { error, findings } = ended_.json<{ error: { errors: number }; findings: { rule: string; severity: string }[] }>()
    const listed = findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)
    expect(listed).toHaveLength(error.errors)
    return listed
  }
  const confirmed = await errors(['--confirm-removals', '2'])
  expect(confirmed).toContain('phone/no-plus')
  expect(confirmed).not.toContain('package/removal')
  expect(await errors([])).toEqual(['package/removal', 'package/removal', ...confirmed])
})

test('push --at waits for its time, changes nothing before, and can be ended while it waits', async () => {
  const made = await submit(['later.csv', '--customer', 'later.json', '--as', 'Kari'])
  await place.run(['approve', made.batch, '--as', 'Ola'])
  const later = (ms: number): string => new Date(Date.now() + ms).toISOString()
  const pushing = (ms: number) => startRoster(['push', made.batch, '--as', 'Per', '--at', later(ms), '--json'], { cwd: place.folder })

  const stopped = pushing(60_000)
  await new Promise<void>((resolve) => stopped.stderr.on('data', (said: Buffer) => /Waiting until/u.test(String(said)) && resolve()))
  stopped.kill('SIGINT')
  expect((await ended(stopped)).code).toBe(130)
  expect(await show(made.batch)).toMatchObject({ state: 'approved', items: { pending: 2 } })

  const started = Date.now()
  const waiting = pushing(4000)
  const end = ended(waiting)
  await new Promise<void>((resolve) => waiting.stderr.on('data', (said: Buffer) => /Waiting until/u.test(String(said)) && resolve()))
  expect((await show(made.batch)).state).toBe('approved')
  expect((await end).json()).toMatchObject({ state: 'applied', items: { applied: 2 } })
  expect(Date.now() - started).toBeGreaterThanOrEqual(4000)
})

test('a rejected batch is not pushed', async () => {
  const made = await submit(['change.csv', '--customer', 'profile.json', '--baseline', 'base.csv', '--as', 'Kari'])
  expect((await place.run(['reject', made.batch, '--as', 'Ola', '--message', 'not these', '--json'])).json()).toMatchObject({
    state: 'rejected',
    approvals: [{ by: 'Ola', decision: 'rejected' }],
  })
  expect((await place.run(['push', made.batch, '--as', 'Ola'])).code).toBe(77)
  expect((await place.run(['approve', made.batch, '--as', 'Ola'])).code).toBe(77)
})

test('a store at whose address nobody answers: 69, and nothing is lost', async () => {
  const none = await place.run(['store', 'status', '--store', 'postgres://roster@127.0.0.1:1/x', '--json'])
  expect(none.code).toBe(69)
  expect(none.json()).toMatchObject({ error: { code: 'store/unreachable' } })
})

test('store backup writes a store that can be used', async () => {
  expect((await place.run(['store', 'backup', '-o', 'kept.sqlite'])).code).toBe(0)
  expect((await place.bytes('kept.sqlite')).subarray(0, 15).toString()).toBe('SQLite format 3')
  expect((await place.run(['store', 'backup', '-o', 'kept.sqlite'])).code).toBe(73)
  expect((await place.run(['store', 'backup', '-o', 'kept.sqlite', '--force'])).code).toBe(0)
})

test.skipIf(process.platform === 'win32')('a backup that cannot be written whole: 73, and nothing of it stays', async () => {
  // The disk is full after 64 KiB: the system lets no file grow beyond that.
  const command = ['bash', '-c', 'ulimit -f 64; exec "$0" "$@"', process.execPath, rosterFile] as const
  const before = await place.names()
  const full = await place.run(['store', 'backup', '-o', 'cut.sqlite', '--json'], { command })
  expect([full.code, full.json<{ error: { code: string; path: string } }>().error]).toEqual([
    73,
    expect.objectContaining({ code: 'file/not-writable', path: 'cut.sqlite' }),
  ])
  expect(await place.names()).toEqual(before)
  const forced = await place.run(['store', 'backup', '-o', 'kept.sqlite', '--force'], { command })
  expect(forced.code, forced.err).toBe(73)
  // What stood there before is still whole.
  expect((await place.bytes('kept.sqlite')).subarray(0, 15).toString()).toBe('SQLite format 3')
  expect(await place.names()).toEqual(before)
  expect((await place.run(['store', 'status'])).code).toBe(0)
})

test('a backup never takes the place of the store itself, by whatever name', async () => {
  const store = path.join(place.folder, 'data', 'store.sqlite')
  await symlink(store, path.join(place.folder, 'by-another-name.sqlite'))
  const before = (await stat(store)).ino
  for (const target of [store, 'data/../data/store.sqlite', 'by-another-name.sqlite']) {
    const refused = await place.run(['store', 'backup', '-o', target, '--force'])
    expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('is the store itself')])
  }
  expect((await stat(store)).ino).toBe(before)
})

test('store backup without a name makes its own folder, for the owner alone', async () => {
  const made = await place.run(['store', 'backup', '--json'])
  expect(made.code, made.err).toBe(0)
  const { backup } = made.json<{ readonly backup: string }>()
  expect((await readFile(backup)).subarray(0, 15).toString()).toBe('SQLite format 3')
  if (process.platform !== 'win32') expect((await stat(path.dirname(backup))).mode & 0o777).toBe(0o700)
  expect((await place.run(['store', 'backup', '-o', path.join(backup, 'below.sqlite')])).code).toBe(73)
})

describe('killed in the middle', () => {
  test('a push: going on applies the rest, once each', async () => {
    const count = 3000
    await place.write(
      'many.csv',
      userFile(users(count, (n) => ({ Extension: String(10000 + n), 'Phone Number': `+4721${String(500000 + n).slice(-6)}` }))),
    )
    const made = await submit(['many.csv', '--customer', 'many.json', '--as', 'Kari'])
    await place.run(['approve', made.batch, '--as', 'Ola'])
    let state = ''
    for (const waited of [150, 250, 400]) {
      const child = startRoster(['push', ...(state === '' ? [made.batch, '--as', 'Ola'] : ['--resume', made.batch])], { cwd: place.folder })
      setTimeout(() => child.kill('SIGKILL'), waited)
      await ended(child)
      state = (await show(made.batch)).state
      expect(['approved', 'pushing', 'interrupted', 'applied']).toContain(state)
    }
    if (state !== 'applied') {
      const words = state === 'approved' ? [made.batch, '--as', 'Ola'] : ['--resume', made.batch]
      const last = await place.run(['push', ...words, '--json'])
      expect(last.code, last.err + last.out).toBe(0)
    }
    expect(await show(made.batch)).toMatchObject({
      state: 'applied',
      items: { total: count, applied: count, refused: 0, pending: 0, unknown: 0 },
    })
    expect((await place.run(['audit', 'verify'])).code).toBe(0)
  }, 60_000)
  test('a fix: the output is there whole, or not at all', async () => {
    for (let waited = 60; waited <= 300; waited += 40) {
      const child = startRoster(['fix', 'many.csv', '-o', 'killed.csv', '--force'], { cwd: place.folder })
      setTimeout(() => child.kill('SIGKILL'), waited)
      await ended(child)
      if (existsSync(`${place.folder}/killed.csv`)) expect((await place.read('killed.csv')).split('\r\n').length).toBe(3002)
    }
  }, 60_000)
})
