import type { Context } from './context.ts'
/**
 * The words of the command line, as data (cli.md): what each command takes, and where its work is done.
 * Parsing, help and suggestions all read this table; a command is loaded only when it runs.
 */
export interface CommandSpec {
  readonly name: CommandName
  /** What stands after the name in the synopsis, in order. */
  readonly operands: readonly Operand[]
  readonly options: readonly OptionSpec[]
  readonly load: () => Promise<{ readonly run: CommandRun }>
}

export interface Operand {
  /** As the synopsis shows it: `FILE`, `BATCH`, or a choice of words. */
  readonly name: string
  readonly optional?: boolean
  readonly choices?: readonly string[]
  readonly toStandardOutput?: true
}

export interface OptionSpec {
  readonly name: string
  readonly short?: string
  /** As the synopsis shows its value; absent for a flag. */
  readonly value?: string
  /** `count`: a whole number from 0. `positive`: from 1. */
  readonly kind?: 'count' | 'positive'
  readonly choices?: readonly string[]
  readonly required?: boolean
  /** Where `-` means standard output: the option's value is one file of text. */
  readonly toStandardOutput?: true
}

export const commandNames = [
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
  'review',
  'push',
  'undo',
  'reconcile',
  'errors',
  'audit',
  'store',
  'onboarding',
  'wholesale',
  'serve',
] as const
export type CommandName = (typeof commandNames)[number]

export const languageNames = ['en', 'nb', 'da'] as const

export const globalOptions: readonly OptionSpec[] = [
  { name: 'json' },
  { name: 'data-dir', value: 'DIR' },
  { name: 'lang', value: 'en|nb|da', choices: languageNames },
  { name: 'no-color' },
  { name: 'quiet' },
  { name: 'help', short: 'h' },
  { name: 'version' },
]

const file: Operand = { name: 'FILE' }
const batch: Operand = { name: 'BATCH' }
const baseline: OptionSpec = { name: 'baseline', value: 'FILE' }
const customer: OptionSpec = { name: 'customer', value: 'FILE' }
const rules: OptionSpec = { name: 'rules', value: 'PATTERN' }
const sheet: OptionSpec = { name: 'sheet', value: 'NAME' }
const force: OptionSpec = { name: 'force' }
const limit: OptionSpec = { name: 'limit', value: 'N', kind: 'count' }
const message: OptionSpec = { name: 'message', value: 'TEXT' }
const store: OptionSpec = { name: 'store', value: 'URL' }
const out = (value: string): OptionSpec => ({ name: 'output', short: 'o', value, required: true })
const actingAs = (required: boolean): OptionSpec => ({ name: 'as', value: 'NAME', required })

export const commands: readonly CommandSpec[] = [
  { name: 'inspect', operands: [file], options: [sheet], load: () => import('./commands/inspect.ts') },
  {
    name: 'check',
    operands: [file],
    options: [
      baseline,
      customer,
      { name: 'fail-on', value: 'error|warning|info', choices: ['error', 'warning', 'info'] },
      rules,
      { name: 'report', value: 'X.csv|X.xlsx|X.html' },
      { name: 'online' },
      limit,
      sheet,
      force,
    ],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'fix',
    operands: [file],
    options: [{ ...out('OUT'), toStandardOutput: true }, baseline, customer, rules, sheet, force],
    load: () => import('./commands/fix.ts'),
  },
  {
    name: 'diff',
    // With --from-store the store is the baseline, and FILE stands alone.
    operands: [{ name: 'BASELINE' }, { ...file, optional: true }],
    options: [customer, { name: 'from-store' }, { name: 'report', value: 'X.html' }, sheet, force, store],
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'export',
    operands: [file],
    options: [
      out('DIR'),
      baseline,
      customer,
      { name: 'columns', value: 'all|changed', choices: ['all', 'changed'] },
      { name: 'max-rows', value: 'N', kind: 'positive' },
      sheet,
      force,
    ],
    load: () => import('./commands/export.ts'),
  },
  {
    name: 'convert',
    operands: [{ name: 'IN' }, { name: 'OUT', toStandardOutput: true }],
    options: [sheet, { name: 'view-only' }, force],
    load: () => import('./commands/convert.ts'),
  },
  {
    name: 'customer',
    operands: [
      {
        name: 'add|show|list|policy|import-locations|import-numbers',
        choices: ['add', 'show', 'list', 'policy', 'import-locations', 'import-numbers'],
      },
      { name: 'NAME|PROFILE.json', optional: true },
      { name: 'LIST.csv|POLICY.json', optional: true },
    ],
    options: [force],
    load: () => import('./commands/customer.ts'),
  },
  {
    name: 'submit',
    operands: [file],
    options: [
      { name: 'customer', value: 'C', required: true },
      baseline,
      { name: 'from-store' },
      { name: 'store-only' },
      { name: 'remove-missing' },
      { name: 'confirm-removals', value: 'N', kind: 'count' },
      message,
      actingAs(false),
      sheet,
      store,
    ],
    load: () => import('./commands/submit.ts'),
  },
  { name: 'batches', operands: [], options: [store], load: () => import('./commands/batches.ts') },
  {
    name: 'show',
    operands: [batch],
    options: [store, { name: 'failed', value: 'FILE.csv' }, force],
    load: () => import('./commands/show.ts'),
  },
  { name: 'approve', operands: [batch], options: [actingAs(true), message, store], load: () => import('./commands/approve.ts') },
  {
    name: 'reject',
    operands: [batch],
    options: [actingAs(true), { ...message, required: true }, { name: 'rows', value: 'ROWS' }, store],
    load: () => import('./commands/reject.ts'),
  },
  {
    name: 'review',
    operands: [
      { name: 'export|show|decide|import|key|evidence', choices: ['export', 'show', 'decide', 'import', 'key', 'evidence'] },
      { name: 'BATCH|FILE', optional: true },
    ],
    options: [
      { name: 'output', short: 'o', value: 'FILE' },
      actingAs(false),
      { name: 'decision', value: 'approved|rejected', choices: ['approved', 'rejected'] },
      message,
      { name: 'confirm-removals', value: 'N', kind: 'count' },
      { name: 'replace' },
      force,
      store,
    ],
    load: () => import('./commands/review.ts'),
  },
  {
    name: 'push',
    operands: [batch],
    options: [
      actingAs(false),
      store,
      { name: 'resume' },
      { name: 'retry' },
      { name: 'at', value: 'TIME' },
      { name: 'until', value: 'TIME' },
    ],
    load: () => import('./commands/push.ts'),
  },
  {
    name: 'undo',
    operands: [batch],
    options: [actingAs(false), message, { name: 'confirm-removals', value: 'N', kind: 'count' }, store],
    load: () => import('./commands/undo.ts'),
  },
  {
    name: 'reconcile',
    operands: [batch, { name: 'EXPORT' }],
    options: [{ name: 'output', short: 'o', value: 'FILE' }, force, store],
    load: () => import('./commands/reconcile.ts'),
  },
  {
    name: 'errors',
    operands: [{ name: 'ERRORS' }, file],
    options: [
      { name: 'output', short: 'o', value: 'FILE', toStandardOutput: true },
      { name: 'reassign', value: 'DIR' },
      baseline,
      customer,
      sheet,
      force,
    ],
    load: () => import('./commands/errors.ts'),
  },
  {
    name: 'audit',
    operands: [
      { name: 'verify|show|purge', choices: ['verify', 'show', 'purge'] },
      { name: 'RECEIPT.json|BATCH', optional: true },
    ],
    options: [store, limit, actingAs(false), { name: 'confirm', value: 'BATCH' }],
    load: () => import('./commands/audit.ts'),
  },
  {
    name: 'store',
    operands: [
      {
        name: 'status|init|backup|remember-password|forget-password',
        choices: ['status', 'init', 'backup', 'remember-password', 'forget-password'],
      },
    ],
    options: [store, { name: 'team' }, { name: 'output', short: 'o', value: 'FILE' }, force],
    load: () => import('./commands/store.ts'),
  },
  {
    name: 'onboarding',
    operands: [
      { name: 'check|payloads|checklist|batch|schema', choices: ['check', 'payloads', 'checklist', 'batch', 'schema'] },
      { name: 'PLAN.json', optional: true },
    ],
    options: [
      { name: 'output', short: 'o', value: 'OUT', toStandardOutput: true },
      { name: 'format', value: 'html|md|txt', choices: ['html', 'md', 'txt'] },
      customer,
      force,
    ],
    load: () => import('./commands/onboarding.ts'),
  },
  {
    name: 'wholesale',
    operands: [{ name: 'payloads|precheck|send|status', choices: ['payloads', 'precheck', 'send', 'status'] }, batch],
    options: [actingAs(false), { name: 'output', short: 'o', value: 'DIR' }, { name: 'retry' }, limit, force, store],
    load: () => import('./commands/wholesale.ts'),
  },
  {
    name: 'serve',
    operands: [],
    options: [{ name: 'port', value: 'N', kind: 'count' }, { name: 'open' }],
    load: () => import('./commands/serve.ts'),
  },
]

export type CommandRun = (context: Context) => Promise<number>

/** `roster check FILE [--baseline FILE] …`, without the options that every command takes. */
export function synopsis(spec: CommandSpec): string {
  const operands = spec.operands.map((operand) => (operand.optional === true ? `[${operand.name}]` : operand.name))
  const options = spec.options.map((option) => {
    const word = `${option.short === undefined ? `--${option.name}` : `-${option.short}`}${option.value === undefined ? '' : ` ${option.value}`}`
    return option.required === true ? word : `[${word}]`
  })
  return ['roster', spec.name, ...operands, ...options].join(' ')
}
