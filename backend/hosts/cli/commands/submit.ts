import type { OpenedFile, SubmitFile } from '../../../services/services.ts'
import { packageLines, summaryLines } from '../changes.ts'
import { countOption, fail, hasFlag, openInputs, personOf, textOption, usageError, type Context, type OpenedInputs } from '../context.ts'
import { checkJson, writeFindings } from '../findings.ts'
import { isPath } from '../is-path.ts'
import { visible } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say, json } = context
  const baselineWord = textOption(context, 'baseline')
  const fromStore = hasFlag(context, 'from-store')
  if (fromStore && baselineWord !== undefined) return fail(context, usageError(say.usage.notTogether('--from-store', '--baseline')))
  const inputs = await openInputs(context, operands[0] ?? '', baselineWord)
  if (!inputs.ok) return fail(context, inputs.error)
  const { file, baseline, customer } = inputs.value
  if (customer === undefined) return fail(context, usageError(say.usage.missingOption('submit', '--customer C')))
  const { services } = await context.backend()
  if (isPath(textOption(context, 'customer') ?? '')) {
    const saved = await services.customers.save(customer)
    if (!saved.ok) return fail(context, saved.error)
  }

  const message = textOption(context, 'message')
  const confirmRemovals = countOption(context, 'confirm-removals')
  const submission: SubmitFile = {
    file,
    customer,
    baseline: fromStore ? 'store' : (baseline ?? null),
    by: personOf(context),
    ...(message === undefined ? {} : { message }),
    ...(confirmRemovals === undefined ? {} : { confirmRemovals }),
  }
  const made = await services.batches.submitFile(submission)
  if (!made.ok) {
    if (made.error.code === 'draft/has-errors') return refuseForErrors(context, inputs.value, fromStore)
    return fail(context, made.error)
  }
  const { batch, digest, summary, packages } = made.value
  if (json) {
    await out.json({ batch, digest, summary })
    return 0
  }
  await out.write(
    [
      `${say.label.submitted} ${batch}`,
      `${say.label.digest}: ${digest}`,
      `${say.label.author}: ${visible(submission.by)}`,
      ...summaryLines(context, summary),
      ...packageLines(context, packages),
      '',
    ].join('\n'),
  )
  return 0
}

/** Nothing was made; the findings that stand in the way are listed as `check` lists them. */
async function refuseForErrors(context: Context, { file, ...held }: OpenedInputs, fromStore: boolean): Promise<number> {
  const { services } = await context.backend()
  let baseline: OpenedFile | undefined = held.baseline
  if (fromStore && held.customer !== undefined) {
    const known = await services.store.baseline(held.customer)
    if (known.ok && known.value !== null) baseline = known.value
  }
  const confirmedRemovals = countOption(context, 'confirm-removals')
  const findings = services.files.check(file, {
    ...held,
    ...(baseline === undefined ? {} : { baseline }),
    ...(confirmedRemovals === undefined ? {} : { confirmedRemovals }),
    isFromStore: fromStore,
  })
  const error = { code: 'draft/has-errors', errors: findings.summary.error } as const
  if (context.json) {
    const { head, lists } = checkJson(file, findings, { language: context.language, limit: undefined })
    return fail(context, error, head, lists)
  }
  await writeFindings(context, file, findings, undefined)
  return fail(context, error)
}
