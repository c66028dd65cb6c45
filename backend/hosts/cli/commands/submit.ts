import type { BatchDetail } from '../../../../shared/contract/batch-methods.ts'
import { ok } from '../../../../shared/kit/result.ts'
import type { OpenedFile, SubmitFile } from '../../../services/services.ts'
import { packageLines, summaryLines } from '../changes.ts'
import {
  countOption,
  fail,
  hasFlag,
  openInputs,
  personOf,
  sourceOf,
  textOption,
  usageError,
  type Context,
  type OpenedInputs,
} from '../context.ts'
import { checkJson, writeFindings } from '../findings.ts'
import { isPath } from '../is-path.ts'
import { visible } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const { operands, say } = context
  const baselineWord = textOption(context, 'baseline')
  const fromStore = hasFlag(context, 'from-store')
  if (fromStore && baselineWord !== undefined) return fail(context, usageError(say.usage.notTogether('--from-store', '--baseline')))
  const storeOnly = hasFlag(context, 'store-only')
  if (storeOnly && baselineWord !== undefined) return fail(context, usageError(say.usage.notTogether('--store-only', '--baseline')))
  if (!storeOnly && hasFlag(context, 'remove-missing'))
    return fail(context, usageError(say.usage.onlyTogether('--remove-missing', '--store-only')))
  const inputs = await openInputs(context, operands[0] ?? '', baselineWord)
  if (!inputs.ok) return fail(context, inputs.error)
  const { file, baseline, customer } = inputs.value
  if (customer === undefined) return fail(context, usageError(say.usage.missingOption('submit', '--customer C')))
  const { services } = await context.backend()
  if (isPath(textOption(context, 'customer') ?? '')) {
    const saved = await services.customers.save(customer)
    if (!saved.ok) return fail(context, saved.error)
  }

  if (storeOnly) return takeOver(context, customer.name)

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
  return tell(context, made.value)
}

async function tell(context: Context, { batch, digest, author, summary, packages }: BatchDetail): Promise<number> {
  const { out, say, json } = context
  if (json) await out.json({ batch, digest, summary })
  else {
    await out.write(
      [
        `${say.label.submitted} ${batch}`,
        `${say.label.digest}: ${digest}`,
        `${say.label.author}: ${visible(author)}`,
        ...summaryLines(context, summary),
        ...packageLines(context, packages),
        '',
      ].join('\n'),
    )
  }
  return 0
}

/** Makes the store what an export says: Control Hub is that already, so the batch leads nowhere else. */
async function takeOver(context: Context, customer: string): Promise<number> {
  const source = await sourceOf(context.operands[0] ?? '')
  const { services, registerPath, registerBytes } = await context.backend()
  const file = 'path' in source ? await registerPath(source.path) : ok(await registerBytes(source.name, source.bytes))
  if (!file.ok) return fail(context, file.error)
  const message = textOption(context, 'message')
  const confirmRemovals = countOption(context, 'confirm-removals')
  const made = await services.api['store.takeExport']({
    customer,
    ticket: file.value.ticket,
    by: personOf(context),
    removeMissing: hasFlag(context, 'remove-missing'),
    ...(message === undefined ? {} : { message }),
    ...(confirmRemovals === undefined ? {} : { confirmRemovals }),
  })
  return made.ok ? tell(context, made.value) : fail(context, made.error)
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
