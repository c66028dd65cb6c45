import { userInfo } from 'node:os'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { limits } from '../../../shared/core/limits.ts'
import type { Language } from '../../../shared/kit/language.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ComposedBackend } from '../../compose.ts'
import type { FileSource, OpenedFile } from '../../services/services.ts'
import type { Options } from './arguments.ts'
import { exitCodeOf } from './exit-code.ts'
import type { Output } from './output.ts'
import type { CliWords } from './words/words.ts'

/** What a command works with. */
export interface Context {
  readonly operands: readonly string[]
  readonly options: Options
  readonly json: boolean
  readonly language: Language
  readonly say: CliWords
  readonly out: Output
  readonly dataDir: string
  readonly version: string
  /** The backend, made when it is first asked for. */
  readonly backend: () => Promise<ComposedBackend>
  /** Aborted by the first Ctrl+C or SIGTERM, so that a command can end at a safe place. */
  readonly stopSignal: () => AbortSignal
}

export const textOption = (context: Context, name: string): string | undefined => {
  const value = context.options[name]
  return typeof value === 'string' ? value : undefined
}
export const countOption = (context: Context, name: string): number | undefined => {
  const value = context.options[name]
  return typeof value === 'number' ? value : undefined
}
export const hasFlag = (context: Context, name: string): boolean => context.options[name] === true

/** `{ replace: true }` with `--force`. */
export const writeOptions = (context: Context): { readonly replace?: boolean } => (hasFlag(context, 'force') ? { replace: true } : {})

/** Says what went wrong, as the asker wants to hear it, and gives the exit code. */
export async function fail(
  context: Pick<Context, 'json' | 'say' | 'out'>,
  error: AppError,
  also: object = {},
  lists: Readonly<Record<string, Iterable<unknown>>> = {},
): Promise<number> {
  const message = wordsOfError(context.say, error)
  if (context.json) await context.out.json({ error: { ...error, message }, ...also }, lists)
  else context.out.complain(`roster: ${message}`)
  return exitCodeOf[error.code]
}

export function wordsOfError(say: CliWords, error: AppError): string {
  const words: (error: never) => string = say.error[error.code]
  return words(error as never)
}

export const usageError = (detail: string): AppError => ({ code: 'usage', detail })

/** A file named on the command line; `-` is standard input. */
export async function sourceOf(word: string): Promise<FileSource> {
  if (word !== '-') return { path: word }
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of process.stdin) {
    pieces.push(piece as Buffer)
    length += (piece as Buffer).length
    // Enough to see that it is too much; what is written at the other end may never end.
    if (length > limits.fileBytes) break
  }
  return { name: 'stdin', bytes: new Uint8Array(Buffer.concat(pieces)) }
}

/** The same as a ticket, for the calls that take one. */
export async function ticketOf(context: Context, word: string): Promise<Result<FileTicket, AppError>> {
  const { registerBytes, registerPath } = await context.backend()
  const source = await sourceOf(word)
  return 'path' in source ? registerPath(source.path) : ok(await registerBytes(source.name, source.bytes))
}

/** Opens the file that an operand names, with `--sheet` where there is one. */
export async function openFile(
  context: Context,
  word: string,
  { customer, needsEmails = false }: { readonly customer?: CustomerProfile | undefined; readonly needsEmails?: boolean } = {},
): Promise<Result<OpenedFile, AppError>> {
  const { services } = await context.backend()
  const sheet = textOption(context, 'sheet')
  return services.files.open(await sourceOf(word), {
    needsEmails,
    ...(sheet === undefined ? {} : { sheet }),
    ...(customer === undefined ? {} : { customer }),
  })
}

/** What `--customer` names; undefined where it names nothing. */
export async function customerNamed(context: Context): Promise<Result<CustomerProfile | undefined, AppError>> {
  const word = textOption(context, 'customer')
  if (word === undefined) return ok(undefined)
  const { services } = await context.backend()
  return word === '-' ? services.customers.readProfile(await sourceOf('-')) : services.customers.resolve(word)
}

/** The file, and what `--baseline` and `--customer` name beside it. Users are found in the baseline by their emails, so it has them. */
export interface OpenedInputs {
  readonly file: OpenedFile
  readonly baseline?: OpenedFile
  readonly customer?: CustomerProfile
}

export async function openInputs(
  context: Context,
  fileWord: string,
  baselineWord: string | undefined,
  { needsEmails = false }: { readonly needsEmails?: boolean } = {},
): Promise<Result<OpenedInputs, AppError>> {
  const customerWord = textOption(context, 'customer')
  if ([fileWord, baselineWord, customerWord].filter((word) => word === '-').length > 1) return err(usageError(context.say.usage.inputTwice))
  const resolved = await customerNamed(context)
  if (!resolved.ok) return resolved
  const customer = resolved.value
  const file = await openFile(context, fileWord, { customer, needsEmails })
  if (!file.ok) return file
  let baseline: OpenedFile | undefined
  if (baselineWord !== undefined) {
    const { services } = await context.backend()
    const opened = await services.files.open(await sourceOf(baselineWord), {
      needsEmails: true,
      ...(customer === undefined ? {} : { customer }),
    })
    if (!opened.ok) return opened
    baseline = opened.value
  }
  return ok({ file: file.value, ...(baseline === undefined ? {} : { baseline }), ...(customer === undefined ? {} : { customer }) })
}

/** Who acts where `--as` says nothing: the name under which this person is logged in. */
export function personOf(context: Context): string {
  return textOption(context, 'as') ?? loginName()
}

/** What opens the reviewer's key. Never an argument: other people's programs can read those. */
export const passphraseOf = (): string | undefined => process.env['ROSTER_PASSPHRASE']

function loginName(): string {
  try {
    return userInfo().username
  } catch {
    // A user id without an entry in the system's list of users.
    return process.env['USER'] ?? 'unknown'
  }
}
