import { diffJson, hasDifferences, writeChanges } from '../changes.ts'
import { fail, openInputs, type Context } from '../context.ts'

export async function run(context: Context): Promise<number> {
  const [baseline, file = ''] = context.operands
  const inputs = await openInputs(context, file, baseline)
  if (!inputs.ok) return fail(context, inputs.error)
  const { services } = await context.backend()
  const { file: opened, ...held } = inputs.value
  const changes = services.files.compare(opened, held)
  if (context.json) {
    const { head, lists } = diffJson(changes)
    await context.out.json(head, lists)
  } else await writeChanges(context, changes)
  return hasDifferences(changes) ? 2 : 0
}
