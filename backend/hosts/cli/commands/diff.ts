import { diffJson, hasDifferences, writeChanges } from '../changes.ts'
import { fail, openInputs, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { isPage } from '../tabular.ts'

export async function run(context: Context): Promise<number> {
  const [baseline, file = ''] = context.operands
  const report = textOption(context, 'report')
  if (report !== undefined && !isPage(report)) return fail(context, usageError(context.say.usage.pageOutput(report)))
  const inputs = await openInputs(context, file, baseline)
  if (!inputs.ok) return fail(context, inputs.error)
  const { services } = await context.backend()
  const { file: opened, ...held } = inputs.value
  const changes = services.files.compare(opened, held)
  if (report !== undefined) {
    const written = await services.files.writeChanges(opened, report, { ...writeOptions(context), language: context.language, held })
    if (!written.ok) return fail(context, written.error)
    context.out.remark(context.say.label.wrote(report))
  }
  if (context.json) {
    const { head, lists } = diffJson(changes)
    await context.out.json(head, lists)
  } else await writeChanges(context, changes)
  return hasDifferences(changes) ? 2 : 0
}
