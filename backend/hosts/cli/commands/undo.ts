import { countOption, fail, personOf, textOption, type Context } from '../context.ts'
import { visible } from '../output.ts'

/** Makes the batch that takes another one back. It is approved and pushed like any other. */
export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const { services } = await context.backend()
  const message = textOption(context, 'message')
  const confirmRemovals = countOption(context, 'confirm-removals')
  const undone = await services.api['batches.undo']({
    batch: operands[0] ?? '',
    by: personOf(context),
    ...(message === undefined ? {} : { message }),
    ...(confirmRemovals === undefined ? {} : { confirmRemovals }),
  })
  if (!undone.ok) return fail(context, undone.error)
  const { batch, digest, items, removals, withLoss, impossible } = undone.value
  if (context.json) await out.json({ batch, digest, undone: undone.value.undone, items, removals }, { withLoss, impossible })
  else {
    const { label } = say
    await out.write(`${label.submitted} ${batch}\n`)
    for (const { email, loss } of withLoss) await out.write(`${out.paint('yellow', label.undoLoss(loss))}  ${visible(email)}\n`)
    for (const { email } of impossible) await out.write(`${out.paint('red', label.undoImpossible)}  ${visible(email)}\n`)
  }
  return 0
}
