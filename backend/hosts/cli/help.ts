import { commands, globalOptions, synopsis, type CommandSpec, type OptionSpec } from './commands.ts'
import { columnsOf } from './output.ts'
import type { CliWords } from './words/words.ts'

/** The help of one command, or of all. */
export function helpText(command: CommandSpec | null, say: CliWords): string {
  return `${(command === null ? general(say) : ofCommand(command, say)).join('\n')}\n`
}

/** The same as data. */
export function helpJson(command: CommandSpec | null, say: CliWords): object {
  const options = (specs: readonly OptionSpec[]): object[] =>
    specs.map(({ name, short, value, required }) => ({
      option: `--${name}`,
      short: short === undefined ? null : `-${short}`,
      value: value ?? null,
      required: required === true,
      does: say.help.option[name] ?? '',
    }))
  if (command === null) {
    return {
      commands: commands.map(({ name }) => ({ command: name, does: say.help.summary[name] })),
      options: options(globalOptions),
      exitCodes: say.help.exitCode,
    }
  }
  return {
    command: command.name,
    does: say.help.summary[command.name],
    usage: synopsis(command),
    options: options([...command.options, ...globalOptions]),
  }
}

function general(say: CliWords): string[] {
  return [
    say.help.intro,
    '',
    `${say.help.usage}: roster COMMAND … [--json] [--data-dir DIR] [--lang en|nb|da] [--no-color] [--quiet]`,
    '',
    `${say.help.commands}:`,
    ...indented(commands.map((command) => [command.name, say.help.summary[command.name]])),
    '',
    `${say.help.everyCommand}:`,
    ...optionLines(globalOptions, say),
    '',
    `${say.help.exitCodes}:`,
    ...indented(Object.entries(say.help.exitCode)),
    '',
    say.help.more,
  ]
}

function ofCommand(command: CommandSpec, say: CliWords): string[] {
  return [
    `roster ${command.name}: ${say.help.summary[command.name]}`,
    '',
    `${say.help.usage}: ${synopsis(command)}`,
    ...(command.options.length === 0 ? [] : ['', `${say.help.options}:`, ...optionLines(command.options, say)]),
    '',
    `${say.help.everyCommand}:`,
    ...optionLines(globalOptions, say),
  ]
}

const optionLines = (options: readonly OptionSpec[], say: CliWords): string[] =>
  indented(
    options.map((option) => [
      `${option.short === undefined ? '' : `-${option.short}, `}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`,
      say.help.option[option.name] ?? '',
    ]),
  )

const indented = (rows: readonly (readonly string[])[]): string[] => columnsOf(rows).map((line) => `  ${line}`)
