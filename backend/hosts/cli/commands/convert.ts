import { fail, hasFlag, openFile, usageError, writeOptions, type Context } from '../context.ts'
import { fileJson } from '../facts.ts'
import { isTabular } from '../tabular.ts'
import { writeTable } from '../write-table.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const [from = '', to = ''] = operands
  if (to !== '-' && !isTabular(to)) return fail(context, usageError(say.usage.tabularOutput(to)))
  const isViewOnly = hasFlag(context, 'view-only')
  if (isViewOnly && !/-view-only\.csv$/iu.test(to)) return fail(context, usageError(say.usage.viewOnlyOutput(to)))
  const opened = await openFile(context, from)
  if (!opened.ok) return fail(context, opened.error)
  const { services } = await context.backend()
  const written = isViewOnly
    ? await services.files.writeViewOnly(opened.value, to, { ...writeOptions(context), language: context.language })
    : await writeTable(context, opened.value, to, writeOptions(context))
  if (!written.ok) return fail(context, written.error)
  const rows = opened.value.table.rows.length
  if (to === '-') out.remark(say.label.rows(rows))
  else if (context.json) await out.json({ file: fileJson(opened.value.facts), output: to, rows })
  else await out.write(`${say.label.rows(rows)} · ${say.label.wrote(to)}\n`)
  return 0
}
