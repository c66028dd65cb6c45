import { afterAll, describe, expect, test, vi } from 'vitest'
import { createWorkplace } from '../support/process.ts'

vi.setConfig({ testTimeout: 30_000 })
const place = await createWorkplace()
afterAll(() => place.remove())

describe('wrong words end with 64 and say what would have been right', () => {
  test.each([
    [['chekc', 'f.csv'], 'Did you mean "check"?'],
    [['check'], 'FILE is missing'],
    [['check', ''], 'FILE is missing'],
    [['check', '-', '--customer', '-'], 'one file only'],
    [['check', 'f.csv', '--basline', 'b.csv'], 'Did you mean "--baseline"?'],
    [['check', 'f.csv', '--fail-on', 'never'], 'error|warning|info'],
    [['check', 'f.csv', '--report', 'r.pdf'], '.csv, .xlsx or .html'],
    [['check', '-', '--baseline', '-'], 'one file only'],
    [['recncile', 'b-1', 'f.csv'], 'Did you mean "reconcile"?'],
    [['reconcile', 'b-1'], 'EXPORT is missing'],
    [['convert', 'f.csv', 'x.csv', '--view-only'], '-view-only.csv'],
    [['serve', '--port', '70000'], '65535'],
    [['customer', 'add'], 'PROFILE.json is missing'],
    [['push', 'b-1'], '--as NAME is missing'],
    [['push', 'b-1', '--resume', '--retry'], 'exclude each other'],
    [['convert', 'f.csv', '-', '--json'], '--json and OUT - exclude each other'],
    [['fix', 'f.csv', '-o', '-', '--json'], '--json and -o - exclude each other'],
    [['export', 'f.csv', '-o', '-'], 'cannot be -'],
    [['onboarding', 'payloads', 'f.json', '-o', '-'], 'cannot be -'],
    [['check', 'f.csv', '--limit', 'x'], '"x" is not a whole number from 0'],
    [['export', 'f.csv', '-o', 'd', '--max-rows', '0'], '"0" is not a whole number from 1'],
    [['check', 'f.csv', '--report', './f.csv'], 'that is the file that is checked'],
    [[], 'Which command?'],
  ])('roster %j', async (words, said) => {
    const ended = await place.run(words.filter((word) => word !== '--json'))
    if (words.includes('--json')) {
      const asJson = await place.run(words)
      expect([asJson.code, asJson.err, asJson.json<{ error: { message: string } }>().error.message]).toEqual([64, '', `${said}.`])
      return
    }
    expect({ code: ended.code, out: ended.out }).toEqual({ code: 64, out: '' })
    expect(ended.err).toContain(said)
    expect(ended.err).not.toContain('roster  --help')
    expect(ended.err).not.toMatch(/\n\s+at /)
  })
  test('as JSON, too', async () => {
    const ended = await place.run(['check', '--json'])
    expect(ended.code).toBe(64)
    expect(ended.err).toBe('')
    expect(ended.json()).toEqual({ error: { code: 'usage', detail: 'check: FILE is missing.', message: 'check: FILE is missing.' } })
  })
})

test('help and version go to standard output', async () => {
  const help = await place.run(['--help'])
  expect({ code: help.code, err: help.err }).toEqual({ code: 0, err: '' })
  for (const word of [
    'inspect',
    'check',
    'fix',
    'diff',
    'export',
    'convert',
    'customer',
    'submit',
    'batches',
    'show',
    'approve',
    'reject',
    'push',
    'audit',
    'store',
    'serve',
  ])
    expect(help.out).toMatch(new RegExp(`^  ${word} `, 'm'))
  expect((await place.run(['check', '--help'])).out).toContain('--fail-on error|warning|info')
  expect((await place.run(['--help', '--json'])).json()).toMatchObject({
    commands: expect.arrayContaining([{ command: 'check', does: expect.any(String) as string }]) as unknown,
    exitCodes: { 77: expect.any(String) as string },
  })
  expect((await place.run(['check', '--help', '--json'])).json()).toMatchObject({
    command: 'check',
    usage: expect.stringMatching(/^roster check FILE /u) as string,
    options: expect.arrayContaining([
      expect.objectContaining({ option: '--fail-on', value: 'error|warning|info', required: false }) as unknown,
    ]) as unknown,
  })
  expect((await place.run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('wrong words of a command point to the help of that command', async () => {
  expect((await place.run(['push', 'b-1', '--ass', 'Ola'])).err).toContain('See: roster push --help')
  expect((await place.run(['psuh', 'b-1'])).err).toContain('See: roster --help')
})

test('messages come in the language that is asked for, else in the one of the system', async () => {
  expect((await place.run(['check', '--lang', 'nb'])).err).toContain('check: FILE mangler.')
  expect((await place.run(['check'], { env: { LC_ALL: 'da_DK.UTF-8' } })).err).toContain('Se: roster')
  expect((await place.run(['check'], { env: { LC_ALL: '', LC_MESSAGES: '', LANG: 'nb_NO.UTF-8' } })).err).toContain('FILE mangler')
  expect((await place.run(['check', '--lang', 'en'], { env: { LC_ALL: 'da_DK.UTF-8' } })).err).toContain('FILE is missing')
})

test('a data folder that is a file is not taken for an empty one', async () => {
  await place.write('a-file', 'mine')
  for (const words of [['customer', 'list'], ['batches'], ['store', 'init']]) {
    const ended = await place.run([...words, '--data-dir', 'a-file'])
    expect([ended.code, ended.out], words.join(' ')).toEqual([64, ''])
    expect(ended.err).toContain('The data folder a-file is a file, not a folder.')
  }
  expect((await place.run(['batches'], { env: { ROSTER_DATA_DIR: `${place.folder}/a-file` } })).code).toBe(64)
  expect(await place.read('a-file')).toBe('mine')
})
