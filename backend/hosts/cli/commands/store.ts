import { mkdir } from 'node:fs/promises'
import path from 'node:path'
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

  if (action === 'backup') {
    // Colons are not for file names everywhere.
    const target =
      textOption(context, 'output') ??
      path.join(
        context.dataDir,
        'backups',
        `store-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.${isTeamStore(store) ? 'sql' : 'sqlite'}`,
      )
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
