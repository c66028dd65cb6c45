import { countOption, fail, openInputs, textOption, writeOptions, type Context } from '../context.ts'
import { passedOver } from '../changes.ts'
import { columnsOf } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const folder = textOption(context, 'output') ?? ''
  const inputs = await openInputs(context, operands[0] ?? '', textOption(context, 'baseline'), { needsEmails: true })
  if (!inputs.ok) return fail(context, inputs.error)
  const { services } = await context.backend()
  const { file, ...held } = inputs.value
  const settings = await services.api['settings.get']({})
  const maxRows = countOption(context, 'max-rows') ?? (settings.ok ? settings.value.maxRows : 20000)
  const columns = textOption(context, 'columns') === 'changed' ? 'changed' : 'all'
  const language = textOption(context, 'lang') === undefined ? {} : { language: context.language }
  const made = await services.files.exportTo(file, folder, { ...held, ...writeOptions(context), columns, maxRows, ...language })
  if (!made.ok) return fail(context, made.error)
  const manifest = made.value
  const skipped = passedOver(file.table.rows.length, services.files.compare(file, held))
  if (skipped > 0) out.complain(say.label.passedOver(skipped))
  const removing = manifest.files.filter((one) => one.removals > 0)
  const removals = removing.reduce((sum, one) => sum + one.removals, 0)
  // Removals are said by themselves.
  const { error: errors } = services.files.check(file, { ...held, confirmedRemovals: removals }).summary
  if (errors > 0) out.complain(say.label.exportedErrors(errors))
  if (removals > 0) out.complain(say.label.importRemoves(removals, removing.map(({ name }) => name).join(', ')))
  if (context.json) {
    await out.json({ folder, removals, ...manifest })
    return 0
  }
  const lines = columnsOf(
    manifest.files.map(({ name, rows, removals }) => [
      name,
      say.label.rows(rows),
      ...(removals === 0 ? [] : [out.paint('red', say.label.removals(removals))]),
    ]),
  )
  await out.write(
    [
      `${say.label.wrote(folder)}: ${say.label.filesFor(manifest.files.length)}`,
      ...lines.map((line) => `  ${line}`),
      manifest.files.length === 0 ? say.label.nothingToImport : say.label.importMode(manifest.importMode),
      '',
    ].join('\n'),
  )
  return 0
}
