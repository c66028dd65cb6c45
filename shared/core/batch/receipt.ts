import type { BatchContent, ItemCounts, ItemOutcome, Receipt } from './batch.ts'
import { canonicalize } from './canonical.ts'
import { digestOfHashes, itemHash } from './digest.ts'
import type { Hasher } from './hasher.ts'

/** The outcome of one item of a push. */
export interface ItemResult {
  readonly number: number
  readonly outcome: ItemOutcome
  readonly reason?: string
}

/** All of a receipt but what is worked out from content and outcomes. */
export type ReceiptFacts = Omit<Receipt, 'format' | 'digest' | 'customer' | 'counts' | 'items' | 'receiptDigest' | 'signature'>

/** An item without a result is `pending`. */
export function buildReceipt(facts: ReceiptFacts, content: BatchContent, results: readonly ItemResult[], hasher: Hasher): Receipt {
  const byNumber = new Map(results.map((result) => [result.number, result]))
  const hashes = content.items.map((item) => itemHash(item, hasher))
  const items = content.items.map((item, index): Receipt['items'][number] => {
    const result = byNumber.get(item.number)
    return {
      number: item.number,
      email: item.email,
      intent: item.intent,
      outcome: result?.outcome ?? 'pending',
      ...(result?.reason === undefined ? {} : { reason: result.reason }),
      hash: hashes[index] ?? '',
    }
  })
  const { batch, author, approvals, singlePerson, store, by, startedAt, finishedAt, auditHead } = facts
  const body = {
    format: 1 as const,
    batch,
    digest: digestOfHashes(content, hashes, hasher),
    customer: content.customer,
    author,
    approvals,
    singlePerson,
    store,
    by,
    startedAt,
    finishedAt,
    counts: countOutcomes(items.map((item) => item.outcome)),
    items,
    auditHead,
  }
  return { ...body, receiptDigest: digestOfReceipt(body, hasher) }
}

export function countOutcomes(outcomes: readonly ItemOutcome[]): ItemCounts {
  const count = (wanted: ItemOutcome): number => outcomes.filter((outcome) => outcome === wanted).length
  return {
    total: outcomes.length,
    applied: count('applied'),
    refused: count('refused'),
    skipped: count('skipped'),
    unknown: count('unknown'),
    pending: count('pending'),
  }
}

type ReceiptBody = Omit<Receipt, 'receiptDigest' | 'signature'>
const digestOfReceipt = (body: ReceiptBody, hasher: Hasher): string => `sha256:${hasher.sha256(canonicalize(body))}`

/** The receipt as another machine wrote it, which knows the same store under another address. */
export function withStoreUrl({ signature: _, receiptDigest: __, ...body }: Receipt, url: string, hasher: Hasher): Receipt {
  const moved = { ...body, store: { ...body.store, url } }
  return { ...moved, receiptDigest: digestOfReceipt(moved, hasher) }
}

/**
 * What can be wrong with a receipt.
 * - `changed`: a byte is not as it was written. `counts`: the counts are not those of the items.
 * - `other-approval`: an approval in it is bound to another digest than the batch's.
 * - `other-content`, `other-customer`, `other-items`: it does not speak of the batch that it was held against.
 * - `forged`: the signature in it is not one over this receipt by the key that stands beside it.
 */
export type ReceiptProblem = 'changed' | 'counts' | 'other-approval' | 'other-content' | 'other-customer' | 'other-items' | 'forged'

/**
 * What is wrong with a receipt; empty when it holds. By itself it shows that no byte was changed since it was written and that its
 * counts are those of its items; with the batch's content also that it speaks of that batch, item by item. That the receipt was not
 * written anew as a whole shows in its signature, and in the audit chain that `auditHead` points into.
 */
export function verifyReceipt(receipt: Receipt, hasher: Hasher, content?: BatchContent): readonly ReceiptProblem[] {
  const problems: ReceiptProblem[] = []
  const { receiptDigest, signature: _, ...body } = receipt
  if (digestOfReceipt(body, hasher) !== receiptDigest) problems.push('changed')
  if (canonicalize(countOutcomes(receipt.items.map((item) => item.outcome))) !== canonicalize(receipt.counts)) problems.push('counts')
  if (receipt.approvals.some((approval) => approval.digest !== receipt.digest)) problems.push('other-approval')
  if (content === undefined) return problems
  const hashes = content.items.map((item) => itemHash(item, hasher))
  if (digestOfHashes(content, hashes, hasher) !== receipt.digest) problems.push('other-content')
  if (content.customer !== receipt.customer) problems.push('other-customer')
  if (receipt.items.length !== hashes.length || receipt.items.some((item, index) => item.hash !== hashes[index]))
    problems.push('other-items')
  return problems
}
