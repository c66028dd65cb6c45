import { describe, expect, test } from 'vitest'
import { readArguments } from '../../../../../backend/hosts/cli/arguments.ts'
import { commands, synopsis } from '../../../../../backend/hosts/cli/commands.ts'
import { helpText } from '../../../../../backend/hosts/cli/help.ts'
import { wordsOf } from '../../../../../backend/hosts/cli/words/words.ts'

const say = await wordsOf('en')
const read = (line: string) => readArguments(line === '' ? [] : line.split(' '), say)
const asked = (line: string) => {
  const result = read(line)
  if (!result.ok) throw new Error(result.error.detail)
  if (result.value.kind !== 'run') return { kind: result.value.kind }
  const { command, operands, options } = result.value
  return { command: command.name, operands, options }
}
const problem = (line: string): string => {
  const result = read(line)
  if (result.ok) throw new Error(`"${line}" was understood`)
  return result.error.detail
}

describe('what is understood', () => {
  test('options stand before, between and after the files', () => {
    const wanted = {
      command: 'check',
      operands: ['users.csv'],
      options: { baseline: 'b.csv', json: true, 'fail-on': 'warning', 'data-dir': 'd' },
    }
    expect(asked('check users.csv --baseline b.csv --fail-on warning --json --data-dir d')).toEqual(wanted)
    expect(asked('--json --data-dir d check --fail-on=warning --baseline=b.csv users.csv')).toEqual(wanted)
  })
  test('a dash is a file, and -- ends the options', () => {
    expect(asked('fix - -o -')).toEqual({ command: 'fix', operands: ['-'], options: { output: '-' } })
    expect(asked('inspect -- --odd-name.csv')).toEqual({ command: 'inspect', operands: ['--odd-name.csv'], options: {} })
  })
  test('the data folder may be called like a command', () => {
    expect(asked('--data-dir check batches')).toEqual({ command: 'batches', operands: [], options: { 'data-dir': 'check' } })
  })
  test('counts are numbers', () => {
    expect(asked('submit f.csv --customer C --confirm-removals 3').options).toEqual({ customer: 'C', 'confirm-removals': 3 })
    expect(asked('push --resume b-1')).toEqual({ command: 'push', operands: ['b-1'], options: { resume: true } })
  })
  test('help and version need nothing else', () => {
    for (const line of ['--help', '-h', 'help', 'check --help', 'help check']) expect(asked(line)).toEqual({ kind: 'help' })
    expect(asked('--version')).toEqual({ kind: 'version' })
  })
})

describe('wrong words', () => {
  test.each([
    ['', 'Which command?'],
    ['chekc f.csv', 'There is no command "chekc". Did you mean "check"?'],
    ['frobnicate', 'There is no command "frobnicate".'],
    ['check', 'check: FILE is missing.'],
    ['check a.csv b.csv', 'check: "b.csv" is one word too many.'],
    ['check a.csv --basline b.csv', 'There is no option "--basline" here. Did you mean "--baseline"?'],
    ['check a.csv --from-store', 'There is no option "--from-store" here.'],
    ['check a.csv --baseline', '--baseline needs a value: FILE.'],
    ['check a.csv --baseline --json', '--baseline needs a value: FILE.'],
    ['check a.csv --json=yes', '--json takes no value.'],
    ['check a.csv --fail-on eror', '--fail-on: "eror" is not error|warning|info. Did you mean "error"?'],
    ['check a.csv --limit -1', '--limit: "-1" is not a whole number from 0.'],
    ['check a.csv --limit 1.5', '--limit: "1.5" is not a whole number from 0.'],
    ['export a.csv -o d --max-rows 0', '--max-rows: "0" is not a whole number from 1.'],
    ['check a.csv --lang fr', '--lang: "fr" is not en|nb|da.'],
    ['fix a.csv', 'fix: -o OUT is missing.'],
    ['submit a.csv', 'submit: --customer C is missing.'],
    ['approve b-1', 'approve: --as NAME is missing.'],
    ['reject b-1 --as Kari', 'reject: --message TEXT is missing.'],
    ['audit verfy', 'audit: "verfy" is not verify|show|purge. Did you mean "verify"?'],
  ])('%s', (line, wanted) => {
    expect(problem(line)).toBe(wanted)
  })
})

describe('help', () => {
  test.each(['en', 'nb', 'da'] as const)('in %s every command and every option has words', async (language) => {
    const words = await wordsOf(language)
    const general = helpText(null, words)
    for (const command of commands) {
      expect(general).toContain(`  ${command.name} `)
      const text = helpText(command, words)
      expect(text).toContain(synopsis(command))
      for (const option of command.options) expect(words.help.option[option.name], option.name).toBeTruthy()
    }
  })
  test('the synopsis shows what must be there and what may', () => {
    expect(commands.filter((command) => ['fix', 'approve'].includes(command.name)).map(synopsis)).toEqual([
      'roster fix FILE -o OUT [--baseline FILE] [--customer FILE] [--rules PATTERN] [--sheet NAME] [--force]',
      'roster approve BATCH --as NAME [--message TEXT] [--store URL]',
    ])
  })
})
