import { batchJson } from '../batch.ts'
import { fail, type Context } from '../context.ts'
import { columnsOf, visible } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const { out, say } = context
  const { services } = await context.backend()
  const listed = await services.api['batches.list']({})
  if (!listed.ok) return fail(context, listed.error)
  if (context.json) await out.json(listed.value.map(batchJson))
  else if (listed.value.length === 0) await out.write(`${say.label.noBatches}\n`)
  else {
    const rows = listed.value.map(({ batch, state, customer, author, submittedAt, summary }) => [
      batch,
      state,
      visible(customer),
      visible(author),
      submittedAt,
      `+${summary.add} ~${summary.update + summary.packageChange + summary.rename} -${summary.remove}`,
    ])
    await out.write(`${columnsOf(rows).join('\n')}\n`)
  }
  return 0
}
