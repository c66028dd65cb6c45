import { access, constants, stat } from 'node:fs/promises'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { languages, type Language } from '../../../shared/kit/language.ts'
import type { ComposedBackend } from '../../compose.ts'
import { readArguments } from './arguments.ts'
import { commandNames } from './commands.ts'
import { passwordAsker, secretAsker } from './ask-password.ts'
import { fail, usageError, wordsOfError, type Context } from './context.ts'
import { exitCodeOf } from './exit-code.ts'
import { createOutput } from './output.ts'
import { unusableStore } from './store-url.ts'
import { wordsOf, type CliWords } from './words/words.ts'

export interface Environment {
  readonly version: string
  /** Empty where there is none. */
  readonly defaultDataDir: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Does what the words after `roster` ask for, and gives the exit code. */
export async function runCommandLine(words: readonly string[], { version, defaultDataDir, env }: Environment): Promise<number> {
  const say = await wordsOf(languageOf(words, env))
  // Before the words are understood they are only looked at for how to answer.
  const json = words.includes('--json')
  const out = createOutput({ quiet: words.includes('--quiet'), color: !words.includes('--no-color') })

  const asked = readArguments(words, say)
  if (!asked.ok) {
    const code = await fail({ json, say, out }, asked.error)
    if (!json) out.complain(say.usage.seeHelp(words.find((word) => commandNames.some((name) => name === word)) ?? null))
    return code
  }
  if (asked.value.kind === 'version') {
    await (json ? out.json({ version }) : out.write(`${version}\n`))
    return 0
  }
  if (asked.value.kind === 'help') {
    const { helpJson, helpText } = await import('./help.ts')
    await (json ? out.json(helpJson(asked.value.command, say)) : out.write(helpText(asked.value.command, say)))
    return 0
  }

  const { command, operands, options } = asked.value
  const dataDir = typeof options['data-dir'] === 'string' ? options['data-dir'] : defaultDataDir
  const store = typeof options['store'] === 'string' ? options['store'] : undefined
  const unusable = unusableStore(store ?? env['ROSTER_STORE'], say)
  if (unusable !== null) return fail({ json, say, out }, unusable)
  const noFolder = dataDir === '' ? usageError(say.usage.noDataFolder) : await dataDirProblem(dataDir, say)
  if (noFolder !== null) return fail({ json, say, out }, noFolder)
  let composed: ComposedBackend | undefined
  const context: Context = {
    operands,
    options,
    json,
    language: languageOf(words, env),
    say,
    out,
    dataDir,
    version,
    backend: async () => {
      const { compose } = await import('../../compose.ts')
      const askPassword = passwordAsker(say.label.storePassword)
      // Nobody else may be kept waiting by a question at the terminal.
      const askToken = ['wholesale', 'check'].includes(command.name) ? secretAsker(say.label.apiToken) : undefined
      return (composed ??= compose({
        dataDir,
        version,
        ...(store === undefined ? {} : { store }),
        ...(askPassword === undefined ? {} : { askPassword }),
        ...(askToken === undefined ? {} : { wholesale: { askToken } }),
      }))
    },
    stopSignal: once(listenForStop),
  }
  try {
    const { run } = await command.load()
    return await run(context)
  } catch (thrown) {
    const backend = await context.backend()
    return await fail(context, { code: 'internal', incident: backend.incident(`cli ${command.name}`, thrown) })
  } finally {
    await composed?.close()
  }
}

/** Standard output took no more: the disk that it goes to is full, for one. */
export async function complainOfOutput(detail: string, words: readonly string[], env: Environment['env']): Promise<void> {
  const say = await wordsOf(languageOf(words, env))
  process.stderr.write(`roster: ${wordsOfError(say, { code: 'file/not-writable', path: 'stdout', detail })}\n`)
}

/** A data folder that is a file, or one that may not be looked into, is never taken for an empty one. */
async function dataDirProblem(dataDir: string, say: CliWords): Promise<AppError | null> {
  try {
    if (!(await stat(dataDir)).isDirectory()) return { code: 'usage', detail: say.usage.notAFolder(dataDir) }
    await access(dataDir, constants.R_OK | constants.X_OK)
    return null
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    return { code: 'file/unreadable', path: dataDir, detail: code ?? message }
  }
}

/** `--lang`, else what the system says, else English. */
function languageOf(words: readonly string[], env: Environment['env']): Language {
  const place = words.lastIndexOf('--lang')
  const asked = place === -1 ? words.findLast((word) => word.startsWith('--lang='))?.slice('--lang='.length) : words[place + 1]
  const known = languages.find((language) => language === asked)
  if (known !== undefined) return known
  // Set to nothing counts as not set (POSIX).
  const set = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '')
  const system = (set ?? '').slice(0, 2).toLowerCase()
  if (system === 'no' || system === 'nn') return 'nb'
  return languages.find((language) => language === system) ?? 'en'
}

/** The first signal asks for an end at a safe place; a later one, when that seems to take too long, ends at once. */
function listenForStop(): AbortSignal {
  const controller = new AbortController()
  let asked = 0
  const stop = (): void => {
    if (asked === 0) asked = Date.now()
    // One Ctrl+C can arrive twice: from the terminal, and handed on by the process that started us.
    else if (Date.now() - asked > 500) process.exit(exitCodeOf.cancelled)
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  return controller.signal
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
