import { mkdir, readdir } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createWorkplace, rosterFile, type Ended } from '../support/process.ts'
import { userFile, users } from '../support/user-file.ts'

vi.setConfig({ testTimeout: 30_000 })
const place = await createWorkplace()
afterAll(() => place.remove())

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000100', 'hex')
/** An OLE container, as Excel writes for a workbook with a password. */
const encrypted = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  Buffer.alloc(504),
  Buffer.from('EncryptedPackage', 'utf16le'),
  Buffer.alloc(480),
])

beforeAll(async () => {
  await place.write('good.csv', userFile(users(20)))
  await place.write('empty.csv', '')
  await place.write('spaces.csv', '\r\n  \r\n\r\n')
  await place.write('picture.csv', png)
  await place.write('words.csv', 'Dear colleagues,\n\nthis is a letter and not a list of users.\nIt has lines.\n')
  const lines = userFile(users(20)).split('\r\n')
  lines[7] = `"${lines[7] ?? ''}`
  await place.write('quote.csv', lines.join('\r\n'))
  await place.write('broken.xlsx', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200, 7)]))
  await place.write('encrypted.xlsx', encrypted)
  await place.write('profile.json', JSON.stringify({ name: 'Fjordkraft AS', extentionLength: 4 }))
  await place.write('not-json.json', '{ "name": ')
  await mkdir(path.join(place.folder, 'folder.csv'))
})

const say = (ended: Ended): void => {
  expect(ended.out).toBe('')
  expect(ended.err).not.toMatch(/\n\s+at |node:|Error:/)
}

describe('what is no list of users ends with 65, and says where and why', () => {
  test.each([
    ['empty.csv', /empty/i],
    ['spaces.csv', /empty|one column/i],
    ['folder.csv', /folder/i],
    ['picture.csv', /PNG|picture|image|binary/i],
    ['quote.csv', /row 8/i],
    ['broken.xlsx', /broken|damaged|ZIP|workbook/i],
    ['encrypted.xlsx', /encrypted|password/i],
  ])('%s', async (name, why) => {
    const contentNow = async (): Promise<string> =>
      createHash('sha256')
        .update(name === 'folder.csv' ? '' : await place.bytes(name))
        .digest('hex')
    const before = await contentNow()
    for (const words of [
      ['inspect', name],
      ['check', name],
      ['fix', name, '-o', 'out.csv'],
      ['diff', 'good.csv', name],
      ['diff', name, 'good.csv'],
      ['convert', name, 'out.csv'],
      ['export', name, '-o', 'out'],
    ]) {
      const ended = await place.run(words)
      expect(ended.code, `${words.join(' ')}: ${ended.err}`).toBe(65)
      say(ended)
      expect(ended.err).toContain(name)
      expect(ended.err).toMatch(why)
    }
    expect(await contentNow()).toBe(before)
    const asJson = await place.run(['check', name, '--json'])
    expect(asJson.code).toBe(65)
    expect(asJson.json()).toMatchObject({ error: { code: 'file/unusable', name, message: expect.stringContaining(name) as string } })
  })
  test('a profile that holds an unknown key, with the path to it', async () => {
    const ended = await place.run(['check', 'good.csv', '--customer', 'profile.json'])
    expect(ended.code).toBe(65)
    say(ended)
    expect(ended.err).toContain('extentionLength')
    expect((await place.run(['check', 'good.csv', '--customer', 'not-json.json'])).code).toBe(65)
  })
  test('a file without a column of emails is neither a baseline nor held against one', async () => {
    await place.write('nameless.csv', 'First Name,Last Name,Webex Suite\r\nKari,Nordmann,TRUE\r\n')
    for (const words of [
      ['diff', 'good.csv', 'nameless.csv'],
      ['diff', 'nameless.csv', 'good.csv'],
      ['check', 'good.csv', '--baseline', 'nameless.csv'],
      ['export', 'nameless.csv', '-o', 'out'],
    ]) {
      const ended = await place.run(words)
      expect(ended.code, words.join(' ')).toBe(65)
      say(ended)
      expect(ended.err).toContain('nameless.csv cannot be used (row 1): No column is recognised as')
    }
    expect((await place.run(['check', 'nameless.csv', '--json'])).json()).toMatchObject({ byRule: { 'file/no-email-column': 1 } })
    expect((await place.names()).includes('out')).toBe(false)
  })
  test('in Norwegian and Danish, too', async () => {
    expect((await place.run(['check', 'empty.csv', '--lang', 'nb'])).err).toContain('empty.csv kan ikke brukes: filen er tom.')
    expect((await place.run(['check', 'picture.csv', '--lang', 'da'])).err).toContain('det er ikke en tekstfil, uanset navnet.')
  })
  test('a saved profile that is broken is said, and the others are listed', async () => {
    expect((await place.run(['customer', 'add', '-', '--data-dir', 'broken'], { input: '{ "name": "Hel AS" }' })).code).toBe(0)
    await place.write('broken/customers/halv.json', '{ "name": "Halv AS", ')
    const listed = await place.run(['customer', 'list', '--json', '--data-dir', 'broken'])
    expect([listed.code, listed.json()]).toEqual([0, [{ name: 'Hel AS' }]])
    expect(listed.err).toContain('The customer profile halv.json is not valid')
  })
  test('a store that a reading command names and that is not there is not made', async () => {
    for (const words of [['store', 'status'], ['batches'], ['audit', 'verify']]) {
      const ended = await place.run([...words, '--store', 'mistyped.sqlite'])
      expect([ended.code, ended.out], words.join(' ')).toEqual([69, ''])
      expect(ended.err).toContain('there is no store yet')
    }
    expect((await place.names()).includes('mistyped.sqlite')).toBe(false)
  })
  test('on standard input, too', async () => {
    for (const words of [
      ['check', '-'],
      ['check', 'good.csv', '--customer', '-'],
      ['review', 'import', '-'],
      ['audit', 'verify', '-'],
      ['customer', 'add', '-'],
    ]) {
      const ended = await place.run(words, { input: png })
      expect(ended.code, `${words.join(' ')}: ${ended.err}`).toBe(65)
      say(ended)
      expect(ended.err).toContain('stdin')
    }
    const held = await place.run(['check', 'good.csv', '--customer', '-', '--json'], { input: '{ "name": "A", "extensionLength": 7 }' })
    expect(held.json()).toMatchObject({ byRule: { 'extension/customer-length': 20 } })
  })
})

describe('what is not there ends with 66', () => {
  test.each([
    [['check', 'nowhere.csv']],
    [['check', 'good.csv', '--baseline', 'nowhere.csv']],
    [['check', 'good.csv', '--customer', 'nowhere.json']],
    [['check', 'good.csv', '--customer', 'Nobody AS']],
    [['inspect', 'good.csv/below']],
    [['show', 'b-nothing']],
    [['approve', 'b-nothing', '--as', 'Ola']],
    [['push', 'b-nothing', '--as', 'Ola']],
    [['customer', 'show', 'Nobody AS']],
  ])('roster %j', async (words) => {
    const ended = await place.run(words)
    expect(ended.code, ended.err).toBe(66)
    say(ended)
    const asJson = await place.run([...words, '--json'])
    expect(asJson.code).toBe(66)
    expect(asJson.json()).toMatchObject({ error: { code: expect.any(String) as string, message: expect.any(String) as string } })
  })

  test('customers whose folder cannot be read are not taken for none', async () => {
    await mkdir(path.join(place.folder, 'blocked'))
    await place.write('blocked/customers', 'a file where the folder should be')
    const said = [
      ['en', 'a part of the path is a file, not a folder (ENOTDIR). Nothing was changed. Let this account read it'],
      ['nb', 'Ingenting er endret. Gi denne kontoen lov'],
      ['da', 'Intet er ændret. Giv denne konto ret'],
    ] as const
    for (const [language, words] of said) {
      for (const command of [['list'], ['add', '-'], ['show', 'Hel AS']]) {
        const run = ['customer', ...command, '--data-dir', 'blocked', '--lang', language]
        const ended = await place.run(run, { input: '{ "name": "Hel AS" }' })
        expect([ended.code, ended.out], run.join(' ')).toEqual([66, ''])
        expect(ended.err).toContain('blocked/customers: ')
        expect(ended.err).toContain(words)
      }
    }
  })
})

describe('an output that cannot be written ends with 73', () => {
  test.each([
    [['fix', 'good.csv', '-o', 'taken.csv']],
    [['convert', 'good.csv', 'taken.csv']],
    [['convert', 'good.csv', 'taken.xlsx']],
    [['check', 'good.csv', '--report', 'taken.csv']],
    [['fix', 'good.csv', '-o', 'good.csv']],
  ])('it is there already: roster %j', async (words) => {
    await place.write('taken.csv', 'mine')
    await place.write('taken.xlsx', 'mine')
    const good = await place.read('good.csv')
    const ended = await place.run(words)
    expect(ended.code, ended.err).toBe(73)
    say(ended)
    expect(ended.err).toContain('--force')
    expect([await place.read('taken.csv'), await place.read('taken.xlsx')]).toEqual(['mine', 'mine'])
    expect(await place.read('good.csv')).toBe(good)
  })
  test('a folder that holds other things', async () => {
    await mkdir(path.join(place.folder, 'full'), { recursive: true })
    await place.write('full/mine.txt', 'mine')
    const ended = await place.run(['export', 'good.csv', '-o', 'full'])
    expect([ended.code === 0 || ended.code === 73, await place.read('full/mine.txt')]).toEqual([true, 'mine'])
  })
  test('there is no way to it', async () => {
    const ended = await place.run(['fix', 'good.csv', '-o', 'good.csv/below.csv'])
    expect(ended.code, ended.err).toBe(73)
    say(ended)
    expect(ended.err).toContain('a part of the path is a file, not a folder (ENOTDIR)')
    expect((await place.run(['fix', 'good.csv', '-o', 'good.csv/below.csv', '--lang', 'nb'])).err).toContain(
      'en fil, ikke en mappe (ENOTDIR)',
    )
  })
  test('--force replaces it', async () => {
    await place.write('taken.csv', 'mine')
    expect((await place.run(['fix', 'good.csv', '-o', 'taken.csv', '--force'])).code).toBe(0)
    expect(await place.read('taken.csv')).toContain('First Name')
  })
  test('nothing half written is left beside any of them', async () => {
    expect((await place.names()).filter((name) => /tmp|part|new$|^\./.test(name))).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('what never ends, and nobody who listens', () => {
  const shell = (script: string): Promise<Ended> => place.run([process.execPath, rosterFile], { command: ['/bin/sh', '-c', script, 'sh'] })

  test.each(['"$@" check /dev/zero', 'yes a,b,c | "$@" check -'])('%s: refused by its size, in bounded memory', async (script) => {
    const refused = await shell(script)
    expect(refused.err).toMatch(/at most \d+ MB can be opened/u)
    expect(refused.code).toBe(65)
  })
  test('a pipe by name is read like a file', async () => {
    await place.write('piped.csv', userFile(users(2)))
    expect((await shell('cat piped.csv | "$@" check /dev/stdin --json')).json()).toMatchObject({ rows: 2 })
    expect((await place.run(['convert', 'piped.csv', 'piped.xlsx'])).code).toBe(0)
    expect((await shell('cat piped.xlsx | "$@" check /dev/stdin --json')).json()).toMatchObject({ rows: 2 })
    expect((await shell('"$@" check ./piped.xlsx --json')).json()).toMatchObject({ rows: 2 })
  })
  test('standard output that takes no more ends with 73, and standard error says why', async () => {
    await place.write('some.csv', userFile(users(2)))
    for (const json of ['', ' --json']) {
      const full = await shell(`"$@" check some.csv --quiet${json} >/dev/full`)
      expect([full.code, full.err]).toEqual([73, 'roster: stdout cannot be written: the disk is full (ENOSPC).\n'])
    }
  })
  test("so do help, the version and a wrong word as JSON, without a word of the program's own", async () => {
    for (const words of ['--help', '--version', 'check --json']) {
      const full = await shell(`"$@" ${words} >/dev/full`)
      expect([full.code, full.err]).toEqual([73, 'roster: stdout cannot be written: the disk is full (ENOSPC).\n'])
    }
  })
  test('a table on standard output leaves no copy of it behind when its reader goes early', async () => {
    await place.write('long.csv', userFile(users(3000, (n) => ({ 'Phone Number': `+47${21000000 + n}`, Extension: String(10000 + n) }))))
    const aside = path.join(place.folder, 'aside')
    await mkdir(aside)
    const left = await place.run([process.execPath, rosterFile], {
      command: ['/bin/sh', '-c', '"$@" fix long.csv -o - | head -1', 'sh'],
      env: { TMPDIR: aside },
    })
    expect(left.out).toMatch(/^First Name,/u)
    expect(await readdir(aside)).toEqual([])
  })
  test.skipIf(process.getuid?.() !== 0)(
    'an account without a home folder is told to name a place; one that names it needs no home',
    async () => {
      const nobody = ['setpriv', '--reuid=54321', '--clear-groups', process.execPath, rosterFile] as const
      const homeless = { command: ['/usr/bin/env', '-u', 'HOME', '-u', 'ROSTER_DATA_DIR', ...nobody] as const }
      const refused = await place.run(['batches'], homeless)
      expect([refused.code, refused.out]).toEqual([64, ''])
      expect(refused.err).toContain('There is no home folder to keep data in.')
      expect(await place.run(['batches', '--data-dir', '/nowhere'], homeless)).toMatchObject({ code: 0, err: '' })
    },
  )
  test('standard error that takes nothing changes no exit code', async () => {
    expect((await shell('"$@" check nothing-here.csv 2>/dev/full')).code).toBe(66)
  })
})
