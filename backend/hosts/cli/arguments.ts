import { parseArgs } from 'node:util'
import type { AppErrorOf } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { commands, globalOptions, type CommandSpec, type OptionSpec } from './commands.ts'
import { nearest } from './nearest.ts'
import type { CliWords } from './words/words.ts'

/** What a person asked for, checked against the table of commands. */
export type Asked =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly command: CommandSpec | null }
  | { readonly kind: 'run'; readonly command: CommandSpec; readonly operands: readonly string[]; readonly options: Options }

/** Values by option name: texts and choices as written, numbers as numbers, flags as true. */
export type Options = Readonly<Record<string, string | number | true>>

export type UsageError = AppErrorOf<'usage'>

interface WordsRead {
  readonly options: Options
  readonly operands: readonly string[]
}

/** Reads the words after `roster`. Every mistake names the word, and the nearest word that would have been right. */
export function readArguments(words: readonly string[], say: CliWords): Result<Asked, UsageError> {
  const place = commandPlace(words)
  const name = place === -1 ? undefined : words[place]
  const named = commands.find((command) => command.name === name)

  if (name === undefined) {
    const globals = readOptions(words, globalOptions, say)
    if (!globals.ok) return globals
    if (globals.value.options['version'] === true) return ok({ kind: 'version' })
    return globals.value.options['help'] === true ? ok({ kind: 'help', command: null }) : usage(say.usage.noCommand)
  }
  if (name === 'help') return readHelp(words.slice(place + 1), say)
  if (named === undefined)
    return usage(
      say.usage.unknownCommand(
        name,
        nearest(
          name,
          commands.map((command) => command.name),
        ),
      ),
    )

  const rest = [...words.slice(0, place), ...words.slice(place + 1)]
  const read = readOptions(rest, [...named.options, ...globalOptions], say)
  if (!read.ok) return read
  const { options, operands } = read.value
  if (options['help'] === true) return ok({ kind: 'help', command: named })
  if (options['version'] === true) return ok({ kind: 'version' })
  const problem =
    problemWithOperands(named, operands, say) ??
    problemWithOptions(named, options, say) ??
    problemWithStandardOutput(named, read.value, say)
  return problem === null ? ok({ kind: 'run', command: named, operands, options }) : usage(problem)
}

const usage = (detail: string): Result<never, UsageError> => err({ code: 'usage', detail })

/** The first word that is neither an option nor the value of one that stands before every command. */
function commandPlace(words: readonly string[]): number {
  const takesValue = new Set(globalOptions.filter((option) => option.value !== undefined).map((option) => `--${option.name}`))
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (!word.startsWith('-') || word === '-') return i
    if (takesValue.has(word)) i++
  }
  return -1
}

function readHelp(words: readonly string[], say: CliWords): Result<Asked, UsageError> {
  const name = words.find((word) => !word.startsWith('-'))
  if (name === undefined) return ok({ kind: 'help', command: null })
  const command = commands.find((candidate) => candidate.name === name)
  if (command !== undefined) return ok({ kind: 'help', command })
  return usage(
    say.usage.unknownCommand(
      name,
      nearest(
        name,
        commands.map((candidate) => candidate.name),
      ),
    ),
  )
}

function readOptions(words: readonly string[], specs: readonly OptionSpec[], say: CliWords): Result<WordsRead, UsageError> {
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      specs.map((spec) => [
        spec.name,
        { type: spec.value === undefined ? 'boolean' : 'string', ...(spec.short === undefined ? {} : { short: spec.short }) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const options: Record<string, string | number | true> = {}
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const spec = specs.find((candidate) => candidate.name === token.name)
    if (spec === undefined) return usage(say.usage.unknownOption(token.rawName, nearestOption(token.rawName, specs)))
    if (spec.value === undefined) {
      if (token.value !== undefined) return usage(say.usage.takesNoValue(token.rawName))
      options[spec.name] = true
      continue
    }
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) {
      return usage(say.usage.needsValue(token.rawName, spec.value))
    }
    const value = readValue(spec, token.value)
    if (value === null)
      return usage(
        say.usage.wrongValue(
          token.rawName,
          token.value,
          spec.kind === undefined ? spec.value : say.usage.wholeNumber(spec.kind === 'positive' ? 1 : 0),
          spec.choices === undefined ? null : nearest(token.value, spec.choices),
        ),
      )
    options[spec.name] = value
  }
  return ok({ options, operands })
}

function readValue(spec: OptionSpec, text: string): string | number | null {
  if (spec.choices !== undefined) return spec.choices.includes(text) ? text : null
  if (spec.kind === undefined) return text === '' ? null : text
  if (!/^\d{1,9}$/.test(text)) return null
  const number = Number(text)
  return spec.kind === 'positive' && number === 0 ? null : number
}

function nearestOption(word: string, specs: readonly OptionSpec[]): string | null {
  const found = nearest(
    word.replace(/^-+/, ''),
    specs.map((spec) => spec.name),
  )
  return found === null ? null : `--${found}`
}

function problemWithOperands(command: CommandSpec, operands: readonly string[], say: CliWords): string | null {
  for (const [place, operand] of command.operands.entries()) {
    const word = operands[place]
    if (word === undefined || word === '') {
      if (operand.optional === true && word === undefined) break
      return say.usage.missingOperand(command.name, operand.name)
    }
    if (operand.choices !== undefined && !operand.choices.includes(word)) {
      return say.usage.wrongValue(command.name, word, operand.name, nearest(word, operand.choices))
    }
  }
  const surplus = operands[command.operands.length]
  return surplus === undefined ? null : say.usage.surplusOperand(command.name, surplus)
}

function problemWithOptions(command: CommandSpec, options: Options, say: CliWords): string | null {
  const missing = command.options.find((option) => option.required === true && options[option.name] === undefined)
  if (missing === undefined) return null
  return say.usage.missingOption(
    command.name,
    `${missing.short === undefined ? `--${missing.name}` : `-${missing.short}`} ${missing.value ?? ''}`,
  )
}

/** Standard output holds one thing: the JSON document, or the file that `-` stands for, and that only where one file is written. */
function problemWithStandardOutput(command: CommandSpec, { options, operands }: WordsRead, say: CliWords): string | null {
  const place = command.operands.findIndex((operand, at) => operand.toStandardOutput === true && operands[at] === '-')
  const output = options['output'] === '-' ? command.options.find(({ name }) => name === 'output') : undefined
  if (output !== undefined && output.toStandardOutput !== true) return say.usage.noStandardOutput(`-o ${output.value ?? ''}`)
  if (options['json'] !== true || (place === -1 && output === undefined)) return null
  return say.usage.notTogether('--json', output === undefined ? `${command.operands[place]?.name ?? ''} -` : '-o -')
}
