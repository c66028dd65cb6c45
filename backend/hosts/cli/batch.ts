import type { BatchListItem } from '../../../shared/contract/batch-methods.ts'
import type { Approval, ItemCounts } from '../../../shared/core/batch/batch.ts'
import { visible, visibleWords } from './output.ts'
import type { CliWords } from './words/words.ts'

/** A batch as `batches` and `show` give it (cli.md); `show` adds its items. */
export function batchJson(batch: BatchListItem): object {
  const { batch: id, customer, state, author, message, submittedAt, digest, summary, singlePerson } = batch
  return {
    batch: id,
    customer,
    state,
    author,
    message,
    submittedAt,
    digest,
    summary,
    approvals: batch.approvals.map(approvalJson),
    singlePerson,
  }
}

const approvalJson = ({ by, decision, at, message }: Approval): object => ({
  by,
  decision,
  at,
  ...(message === undefined ? {} : { message }),
})

export function approvalLine({ by, decision, at, message }: Approval, say: CliWords): string {
  return `${say.label.decided(decision, visible(by))} ${at}${message === undefined ? '' : `: ${visibleWords(message, 400)}`}`
}

export const itemsLine = ({ applied, refused, pending, total }: ItemCounts, say: CliWords): string =>
  say.label.itemCounts(applied, refused, pending, total)
