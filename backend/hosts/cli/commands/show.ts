import type { BatchDetail } from '../../../../shared/contract/batch-methods.ts'
import { approvalLine, batchJson, itemsLine } from '../batch.ts'
import { packageLines, summaryLines } from '../changes.ts'
import { fail, textOption, writeOptions, wordsOfError, type Context } from '../context.ts'
import { columnsOf, visible, visibleWords } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const { services } = await context.backend()
  const shown = await services.api['batches.show']({ batch: context.operands[0] ?? '' })
  if (!shown.ok) return fail(context, shown.error)
  const failed = textOption(context, 'failed')
  if (failed !== undefined) {
    const rows = await services.api['batches.failedRows']({ batch: shown.value.batch, language: context.language })
    if (!rows.ok) {
      if (rows.error.code === 'guard/store-only') context.out.remark(context.say.label.refusedHere)
      return fail(context, rows.error)
    }
    const file = await (await context.backend()).readTicket(rows.value.file.ticket)
    if (!file.ok) return fail(context, file.error)
    const written = await services.files.writeBytes(failed, file.value.bytes, writeOptions(context))
    if (!written.ok) return fail(context, written.error)
    context.out.remark(context.say.label.wrote(failed))
  }
  await showBatch(context, shown.value)
  return 0
}

export async function showBatch(context: Context, detail: BatchDetail): Promise<void> {
  const { out, say } = context
  const { label } = say
  if (context.json) {
    const { items, packages, digestHolds, purged } = detail
    await out.json({ ...batchJson(detail), items, packages, digestHolds, ...(purged === true ? { purged } : {}) })
    return
  }
  const facts = columnsOf([
    [label.batch, detail.batch],
    [label.customer, visible(detail.customer)],
    [label.state, detail.state],
    [
      label.author,
      `${visible(detail.author)} ${detail.submittedAt}${detail.message === null ? '' : `: ${visibleWords(detail.message, 400)}`}`,
    ],
    [label.digest, detail.digest],
    [label.items, itemsLine(detail.items, say)],
    ...(detail.approvals.length === 0
      ? [[label.approvals, label.nobody]]
      : detail.approvals.map((approval) => [label.approvals, approvalLine(approval, say)])),
  ])
  await out.write([...facts, ...summaryLines(context, detail.summary), ...packageLines(context, detail.packages), ''].join('\n'))
  if (detail.purged === true) out.remark(wordsOfError(say, { code: 'batch/purged', batch: detail.batch }))
  else if (!detail.digestHolds) out.complain(label.digestBroken)
  if (detail.singlePerson) out.remark(label.singlePerson)
}
