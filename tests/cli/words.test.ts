import { afterAll, describe, expect, test, vi } from 'vitest'
import { createWorkplace } from '../support/process.ts'

vi.setConfig({ testTimeout: 30_000 })
const place = await createWorkplace()
afterAll(() => place.remove())

describe('wrong words end with 64 and say what would have been right', () => {
  test.each([
    [['chekc', 'f.csv'], 'Did you mean "check"?'],
    [['check'], 'FILE is missing'],
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
    [[], 'Which command?'],
  ])('roster %j', async (words, said) => {
    const ended = await place.run(words)
    expect({ code: ended.code, out: ended.out }).toEqual({ code: 64, out: '' })
    expect(ended.err).toContain(said)
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
  expect((await place.run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('messages come in the language that is asked for, else in the one of the system', async () => {
  expect((await place.run(['check', '--lang', 'nb'])).err).toContain('check: FILE mangler.')
  expect((await place.run(['check'], { env: { LC_ALL: 'da_DK.UTF-8' } })).err).toContain('Se: roster')
  expect((await place.run(['check', '--lang', 'en'], { env: { LC_ALL: 'da_DK.UTF-8' } })).err).toContain('FILE is missing')
})
