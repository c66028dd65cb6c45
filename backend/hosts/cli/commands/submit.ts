import type { BatchDetail } from '../../../../shared/contract/batch-methods.ts'
import type { AppError } from '../../../../shared/contract/app-error.ts'
import { isSamePerson } from '../../../../shared/core/batch/approval.ts'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import { ok, type Result } from '../../../../shared/kit/result.ts'
import type { OpenedFile, SubmitFile } from '../../../services/services.ts'
import { packageLines, summaryLines } from '../changes.ts'
import {
  countOption,
  customerNamed,
  fail,
  hasFlag,
  openInputs,
  personOf,
  textOption,
  ticketOf,
  usageError,
  wordsOfError,
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
  if (storeOnly) return fromStore ? fail(context, usageError(say.usage.notTogether('--from-store', '--store-only'))) : takeOver(context)
  const inputs = await openInputs(context, operands[0] ?? '', baselineWord)
  if (!inputs.ok) return fail(context, inputs.error)
  const { file, baseline, customer } = inputs.value
  if (customer === undefined) return fail(context, usageError(say.usage.missingOption('submit', '--customer C')))
  const { services } = await context.backend()

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
  // The batch is there by now, whatever becomes of the profile.
  const kept = await keepProfile(context, customer)
  if (!kept.ok) context.out.complain(`roster: ${wordsOfError(say, kept.error)}`)
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

/**
 * A profile that came as a file is saved where its customer is not known yet, so that the batch's customer is known from now on. One
 * that is saved already stays: it may hold numbers and locations that were imported, and nothing is replaced without `--force`.
 */
async function keepProfile(context: Context, customer: CustomerProfile): Promise<Result<unknown, AppError>> {
  if (!isPath(textOption(context, 'customer') ?? '')) return ok(null)
  const { services } = await context.backend()
  const all = await services.customers.list()
  if (!all.ok) return all
  const saved = all.value.find(({ name }) => isSamePerson(name, customer.name))
  if (saved === undefined) return services.customers.save(customer)
  if (JSON.stringify(saved) !== JSON.stringify(customer)) context.out.remark(context.say.label.otherProfileKept(saved.name))
  return ok(saved)
}

/** Makes the store what an export says: Control Hub is that already, so the batch leads nowhere else. */
async function takeOver(context: Context): Promise<number> {
  const { operands, say } = context
  const word = operands[0] ?? ''
  if (word === '-' && textOption(context, 'customer') === '-') return fail(context, usageError(say.usage.inputTwice))
  const customer = await customerNamed(context)
  if (!customer.ok) return fail(context, customer.error)
  if (customer.value === undefined) return fail(context, usageError(say.usage.missingOption('submit', '--customer C')))
  // The file is read once: what comes through a pipe is gone then.
  const file = await ticketOf(context, word)
  if (!file.ok) return fail(context, file.error)
  const kept = await keepProfile(context, customer.value)
  if (!kept.ok) return fail(context, kept.error)
  const { services } = await context.backend()
  const sheet = textOption(context, 'sheet')
  const message = textOption(context, 'message')
  const confirmRemovals = countOption(context, 'confirm-removals')
  const made = await services.api['store.takeExport']({
    customer: customer.value.name,
    ticket: file.value.ticket,
    ...(sheet === undefined ? {} : { sheet }),
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
