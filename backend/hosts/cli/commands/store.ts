import { mkdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { AppError } from '../../../../shared/contract/app-error.ts'
import type { StoreLogin } from '../../../../shared/contract/store-methods.ts'
import type { Result } from '../../../../shared/kit/result.ts'
import { passwordGiven } from '../../../services/store-login.ts'
import { secretAsker } from '../ask-password.ts'
import { fail, hasFlag, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { columnsOf } from '../output.ts'
import { isTeamStore } from '../store-url.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const [action] = operands
  const store = textOption(context, 'store')
  const { services } = await context.backend()
  if (action !== 'backup' && textOption(context, 'output') !== undefined)
    return fail(context, usageError(say.usage.onlyTogether('-o', 'store backup')))

  if (action !== 'init' && hasFlag(context, 'team')) return fail(context, usageError(say.usage.onlyTogether('--team', 'store init')))

  if (action === 'remember-password' || action === 'forget-password') return changePassword(context, action)
  if (action === 'backup') {
    // Colons are not for file names everywhere.
    const target =
      textOption(context, 'output') ??
      path.join(
        context.dataDir,
        'backups',
        `store-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.${isTeamStore(store) ? 'sql' : 'sqlite'}`,
      )
    if (await isTheStore(context, target, store)) return fail(context, usageError(say.usage.backupOverStore(target)))
    try {
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
    } catch {
      return fail(context, { code: 'file/not-writable', path: target, detail: `the folder ${path.dirname(target)} cannot be made` })
    }
    const kept = await services.store.backup(target, { ...writeOptions(context), ...(store === undefined ? {} : { store }) })
    if (!kept.ok) return fail(context, kept.error)
    await (context.json ? out.json({ backup: target }) : out.write(`${say.label.wrote(target)}\n`))
    return 0
  }
  if (action === 'init') {
    const made = await services.store.init(store)
    if (!made.ok) return fail(context, made.error)
    if (hasFlag(context, 'team')) {
      const kept = await services.store.keepApart(store)
      if (!kept.ok) return fail(context, kept.error)
    }
    out.remark(say.label.storeReady)
  }
  const status = await services.api['store.status'](store === undefined ? {} : { store })
  if (!status.ok) return fail(context, status.error)
  const { url, lineage, serial, customers, subscribers, batches } = status.value
  if (context.json) await out.json({ url, lineage, serial, customers, subscribers, batches })
  else {
    const { label } = say
    const facts = [
      [url],
      [label.lineage, lineage],
      [label.serial, String(serial)],
      [label.customers, String(customers)],
      [label.subscribers, String(subscribers)],
      [label.batches, String(batches)],
    ]
    await out.write(`${columnsOf(facts.slice(1)).join('\n')}\n`)
  }
  return 0
}

/** Whether a backup would take the place of the very file that others have open, and of what they write meanwhile. */
async function isTheStore(context: Context, target: string, store: string | undefined): Promise<boolean> {
  if (isTeamStore(store)) return false
  const there = await realpath(target).catch(() => null)
  if (there === null) return false
  const { services } = await context.backend()
  const status = await services.api['store.status'](store === undefined ? {} : { store })
  return status.ok && there === (await realpath(status.value.url).catch(() => null))
}

/** What the key chain is to keep comes from the environment or is asked for; never from the command line. */
async function changePassword(context: Context, action: 'remember-password' | 'forget-password'): Promise<number> {
  const { out, say } = context
  const { services } = await context.backend()
  const before = await services.api['store.login']({})
  if (!before.ok) return fail(context, before.error)
  const { url, keeping } = before.value
  if (url === null) return fail(context, usageError(say.usage.noPasswordWanted))

  // Nobody is to type a password that cannot be kept.
  if (action === 'remember-password' && keeping !== 'key-chain') return fail(context, { code: 'store/no-key-chain', why: keeping })
  const done = action === 'forget-password' ? await services.api['store.forgetPassword']({}) : await rememberPassword(context)
  if (done === null) return fail(context, usageError(say.usage.noPasswordToKeep))
  if (!done.ok) return fail(context, done.error)
  const isKept = action === 'remember-password'
  await (context.json
    ? out.json({ url, kept: isKept })
    : out.write(`${isKept ? say.label.passwordKept(url) : say.label.passwordForgotten(url)}\n`))
  return 0
}

/** Null: there is nobody to be asked. */
async function rememberPassword({ backend, say }: Context): Promise<Result<StoreLogin, AppError> | null> {
  const password = passwordGiven(process.env) ?? (await secretAsker(say.label.storePassword)?.()) ?? ''
  const { services } = await backend()
  return password === '' ? null : services.api['store.unlock']({ password, remember: true })
}
