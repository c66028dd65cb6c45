import type { BatchDetail } from '../../../shared/contract/batch-methods.ts'
import { showBatch } from './commands/show.ts'
import { fail, passphraseOf, personOf, textOption, usageError, type Context } from './context.ts'

/** One person's decision on a batch, bound to the digest that the batch has now. */
export async function decide(context: Context, decision: 'approved' | 'rejected'): Promise<number> {
  const { services } = await context.backend()
  const batch = context.operands[0] ?? ''
  const shown = await services.api['batches.show']({ batch })
  if (!shown.ok) return fail(context, shown.error)
  const message = textOption(context, 'message')
  const passphrase = passphraseOf()
  const rows = textOption(context, 'rows')
  if (rows !== undefined) return rejectRows(context, shown.value, rows, message ?? '')
  const decided = await services.api['batches.decide']({
    batch,
    by: personOf(context),
    decision,
    digest: shown.value.digest,
    ...(message === undefined ? {} : { message }),
    ...(passphrase === undefined ? {} : { passphrase }),
    // On the command line the author has typed the count at `submit`; the decision is on the batch that holds it.
    ...(decision === 'approved' && shown.value.summary.remove > 0 ? { confirmRemovals: shown.value.summary.remove } : {}),
  })
  if (!decided.ok) return fail(context, decided.error)
  await showBatch(context, decided.value)
  return 0
}

/** Sends these rows back with the reason and approves the others, as a batch of their own. */
async function rejectRows(context: Context, batch: BatchDetail, words: string, reason: string): Promise<number> {
  const wanted = rowsOf(words)
  if (wanted === null) return fail(context, usageError(context.say.usage.wrongValue('--rows', words, '4,7-9', null)))
  const { services } = await context.backend()
  const items: number[] = []
  const met = new Set<(typeof wanted)[number]>()
  let removals = 0
  for (let from = 0; from < batch.items.total; from += 500) {
    const page = await services.api['batches.items']({ batch: batch.batch, from, count: 500 })
    if (!page.ok) return fail(context, page.error)
    for (const { row, number, intent } of page.value.items) {
      const stretches = wanted.filter(([first, last]) => row >= first && row <= last)
      for (const stretch of stretches) met.add(stretch)
      if (stretches.length > 0) items.push(number)
      else if (intent === 'remove') removals++
    }
  }
  // A row that is not there was mistyped, and the one that was meant would be approved with the others.
  const missing = wanted.filter((stretch) => !met.has(stretch))
  if (missing.length > 0) {
    const named = missing.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ')
    return fail(context, { code: 'guard/refused', detail: context.say.label.rowsNotThere(named) })
  }
  const passphrase = passphraseOf()
  const split = await services.api['review.split']({
    batch: batch.batch,
    by: personOf(context),
    digest: batch.digest,
    reject: [{ reason, items }],
    confirmRemovals: removals,
    ...(passphrase === undefined ? {} : { passphrase }),
  })
  if (!split.ok) return fail(context, split.error)
  if (context.json) await context.out.json(split.value)
  else await context.out.write(`${split.value.batch}\n`)
  return 0
}

/** `4,7-9` as stretches of the file's row numbers; null where it is none. */
function rowsOf(words: string): readonly (readonly [number, number])[] | null {
  const stretches = words.split(',').map((word) => /^\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*$/u.exec(word))
  if (stretches.includes(null)) return null
  const pairs = stretches.map((found): readonly [number, number] => [Number(found?.[1]), Number(found?.[2] ?? found?.[1])])
  return pairs.every(([first, last]) => first <= last) ? pairs : null
}
