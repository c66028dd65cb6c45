import { showBatch } from './commands/show.ts'
import { fail, personOf, textOption, type Context } from './context.ts'

/** One person's decision on a batch, bound to the digest that the batch has now. */
export async function decide(context: Context, decision: 'approved' | 'rejected'): Promise<number> {
  const { services } = await context.backend()
  const batch = context.operands[0] ?? ''
  const shown = await services.api['batches.show']({ batch })
  if (!shown.ok) return fail(context, shown.error)
  const message = textOption(context, 'message')
  const decided = await services.api['batches.decide']({
    batch,
    by: personOf(context),
    decision,
    digest: shown.value.digest,
    ...(message === undefined ? {} : { message }),
    // On the command line the author has typed the count at `submit`; the decision is on the batch that holds it.
    ...(decision === 'approved' && shown.value.summary.remove > 0 ? { confirmRemovals: shown.value.summary.remove } : {}),
  })
  if (!decided.ok) return fail(context, decided.error)
  await showBatch(context, decided.value)
  return 0
}
