import { diffJson, hasDifferences, passedOver, writeChanges } from '../changes.ts'
import { fail, hasFlag, openInputs, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { isPage } from '../tabular.ts'

export async function run(context: Context): Promise<number> {
  const { say } = context
  const fromStore = hasFlag(context, 'from-store')
  const [first = '', second] = context.operands
  if (!fromStore && second === undefined) return fail(context, usageError(say.usage.missingOperand('diff', 'FILE')))
  if (fromStore && second !== undefined) return fail(context, usageError(say.usage.surplusOperand('diff', second)))
  if (fromStore && textOption(context, 'customer') === undefined)
    return fail(context, usageError(say.usage.missingOption('diff', '--customer FILE')))
  const report = textOption(context, 'report')
  if (report !== undefined && !isPage(report)) return fail(context, usageError(context.say.usage.pageOutput(report)))
  const inputs = await openInputs(context, second ?? first, fromStore ? undefined : first, { needsEmails: true })
  if (!inputs.ok) return fail(context, inputs.error)
  const { services } = await context.backend()
  const { file: opened, ...given } = inputs.value
  let held = given
  if (fromStore && held.customer !== undefined) {
    const users = await services.store.baseline(held.customer, textOption(context, 'store'))
    if (!users.ok) return fail(context, users.error)
    if (users.value === null) return fail(context, { code: 'customer/not-found', customer: held.customer.name })
    held = { ...held, baseline: users.value }
  }
  const changes = services.files.compare(opened, held)
  if (report !== undefined) {
    const written = await services.files.writeChanges(opened, report, { ...writeOptions(context), language: context.language, held })
    if (!written.ok) return fail(context, written.error)
    context.out.remark(context.say.label.wrote(report))
  }
  const skipped = passedOver(opened.table.rows.length, changes)
  if (skipped > 0) context.out.complain(say.label.passedOver(skipped))
  if (context.json) {
    const { head, lists } = diffJson(changes, skipped)
    await context.out.json(head, lists)
  } else await writeChanges(context, changes)
  return hasDifferences(changes) ? 2 : 0
}
