import { refusalText } from '../../../../shared/core/report/refusal-text.ts'
import { signatureLine } from '../../../../shared/core/report/receipt-words.ts'
import { itemsLine } from '../batch.ts'
import { fail, hasFlag, passphraseOf, personOf, textOption, usageError, type Context } from '../context.ts'
import { columnsOf, visible } from '../output.ts'
import { untilTime, waitFor, windowEnd } from '../point-in-time.ts'

const dayMs = 24 * 60 * 60 * 1000
/** At the end of the window the portion under way is ended; one that takes longer than this after it is rolled back. */
const graceMs = 60_000

export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const resume = hasFlag(context, 'resume')
  const retry = hasFlag(context, 'retry')
  if (resume && retry) return fail(context, usageError(say.usage.notTogether('--resume', '--retry')))
  // Going on where a push broke off is the same person's work as a rule; beginning one is a decision that has a name.
  if (!resume && !retry && textOption(context, 'as') === undefined)
    return fail(context, usageError(say.usage.missingOption('push', '--as NAME')))

  const store = textOption(context, 'store')
  const now = new Date()
  const [at, until] = ['at', 'until'].map((name) => {
    const text = textOption(context, name)
    return text === undefined ? undefined : untilTime(text, now)
  })
  if (at === null || until === null) return fail(context, usageError(say.usage.notATime))
  // The end of the window comes after its beginning: 22:00 until 06:00.
  const endOf = until === undefined ? undefined : until + (until < (at ?? 0) ? dayMs : 0)
  const asked = context.stopSignal()
  const held = endOf === undefined ? undefined : windowEnd(endOf)
  const stop = endOf === undefined ? asked : AbortSignal.any([asked, windowEnd(endOf + graceMs)])
  if (at !== undefined && at > 0) {
    out.remark(say.label.waitingUntil(new Date(now.getTime() + at).toISOString()))
    if (!(await waitFor(at, held === undefined ? stop : AbortSignal.any([stop, held])))) return fail(context, { code: 'cancelled' })
  }
  const { services } = await context.backend()
  const by = personOf(context)
  // A passphrase that opens somebody else's key, in the environment of a machine for several people, is no reason not to push.
  const key = await services.api['review.key']({ person: by })
  const passphrase = key.ok && key.value.fingerprint !== null ? passphraseOf() : undefined
  const pushed = await services.batches.push(
    {
      batch: operands[0] ?? '',
      by,
      ...(passphrase === undefined ? {} : { passphrase }),
      mode: resume ? 'resume' : retry ? 'retry' : 'push',
      ...(store === undefined ? {} : { store }),
    },
    { onProgress: (step, done, total) => out.progress(step, done, total), signal: stop, ...(held === undefined ? {} : { held }) },
  )
  if (!pushed.ok) {
    if (held?.aborted === true && pushed.error.code === 'cancelled') out.remark(say.label.windowOver(operands[0] ?? ''))
    return fail(context, pushed.error)
  }
  const { batch, state, items, receiptPath } = pushed.value
  const isPushedBefore = items.applied === 0 && items.skipped > 0
  const receipt = receiptPath === null ? null : await services.api['batches.receipt']({ batch })
  const signature = receipt?.ok === true ? receipt.value.signature : null
  if (context.json) await out.json({ batch, state, items, receipt: receiptPath, signature })
  else {
    const { label } = say
    const facts = [
      [label.batch, batch],
      [label.state, state],
      ...(isPushedBefore
        ? [
            [label.items, label.pushedBefore(items.skipped, items.total)],
            ...(items.refused === 0 ? [] : [['', label.refusedBefore(items.refused, `roster push --retry ${batch}`)]]),
          ]
        : [[label.items, itemsLine(items, say)]]),
      ...(receiptPath === null ? [] : [[label.receipt, receiptPath]]),
      ...(receipt?.ok === true ? [[label.signature, signatureLine(context.language, receipt.value.receipt, receipt.value.signature)]] : []),
    ]
    await out.write(`${columnsOf(facts).join('\n')}\n`)
    await sayRefused(context, batch, items.refused)
  }
  if (stop.aborted && state === 'interrupted') return 130
  return items.refused > 0 ? 1 : 0
}

/** So many refused users are named; `show --failed` writes them all. */
const namedAtMost = 20

async function sayRefused(context: Context, batch: string, count: number): Promise<void> {
  if (count === 0) return
  const { out, say, language } = context
  const { services } = await context.backend()
  const refused = await services.api['batches.items']({ batch, outcome: 'refused', from: 0, count: namedAtMost })
  if (!refused.ok) return
  for (const { row, email, reason } of refused.value.items) {
    await out.write(
      `${out.paint('red', say.label.row(row))}  ${visible(email)}\n    ${visible(refusalText(reason ?? '', language), 400)}\n`,
    )
  }
  if (count > refused.value.items.length) await out.write(`${say.label.more(count - refused.value.items.length)}\n`)
}
