import { itemsLine } from '../batch.ts'
import { fail, hasFlag, personOf, textOption, usageError, type Context } from '../context.ts'
import { columnsOf } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const resume = hasFlag(context, 'resume')
  const retry = hasFlag(context, 'retry')
  if (resume && retry) return fail(context, usageError(say.usage.notTogether('--resume', '--retry')))
  // Going on where a push broke off is the same person's work as a rule; beginning one is a decision that has a name.
  if (!resume && !retry && textOption(context, 'as') === undefined)
    return fail(context, usageError(say.usage.missingOption('push', '--as NAME')))

  const store = textOption(context, 'store')
  const stop = context.stopSignal()
  const { services } = await context.backend()
  const pushed = await services.batches.push(
    {
      batch: operands[0] ?? '',
      by: personOf(context),
      mode: resume ? 'resume' : retry ? 'retry' : 'push',
      ...(store === undefined ? {} : { store }),
    },
    { onProgress: (step, done, total) => out.progress(step, done, total), signal: stop },
  )
  if (!pushed.ok) return fail(context, pushed.error)
  const { batch, state, items, receiptPath } = pushed.value
  if (context.json) await out.json({ batch, state, items, receipt: receiptPath })
  else {
    const { label } = say
    const facts = [
      [label.batch, batch],
      [label.state, state],
      [label.items, itemsLine(items, say)],
      ...(receiptPath === null ? [] : [[label.receipt, receiptPath]]),
    ]
    await out.write(`${columnsOf(facts).join('\n')}\n`)
  }
  if (stop.aborted && state === 'interrupted') return 130
  return items.refused > 0 ? 1 : 0
}
