import type { Receipt, ReceiptSignature } from './batch.ts'
import { canonicalize } from './canonical.ts'
import type { RunningHash, StreamHasher } from './hasher.ts'

// A receipt whose items are not in memory as a whole: its digest and its text come out as `buildReceipt` and `receiptText` make them.

/** All of a receipt but its items and what is worked out over them. */
export type ReceiptFrame = Omit<Receipt, 'items' | 'receiptDigest' | 'signature'>
export type ReceiptItem = Receipt['items'][number]

/** `sha256:` and the hash over the canonical form: add the items in order, then end it. */
export interface ReceiptDigest {
  add(items: readonly ReceiptItem[]): void
  end(): string
}

export function createReceiptDigest(frame: ReceiptFrame, hasher: StreamHasher): ReceiptDigest {
  const hash: RunningHash = hasher.begin()
  const [head, tail] = seam(canonicalize({ ...frame, items: [] }), '"items":[')
  hash.update(head)
  let isFirst = true
  return {
    add(items) {
      if (items.length === 0) return
      hash.update(`${isFirst ? '' : ','}${items.map(canonicalOf).join(',')}`)
      isFirst = false
    },
    end() {
      hash.update(tail)
      return `sha256:${hash.hex()}`
    },
  }
}

/** `canonicalize` of an item, by the language's own writer: keys in order. Half a surrogate pair goes the long way, which refuses it. */
function canonicalOf({ email, hash, intent, number, outcome, reason }: ReceiptItem): string {
  const text = JSON.stringify({ email, hash, intent, number, outcome, reason })
  return text.includes('\\ud') ? canonicalize({ email, hash, intent, number, outcome, ...(reason === undefined ? {} : { reason }) }) : text
}

/** An item as it stands in the file: two spaces for each depth, as `receiptText` has it. */
function lineOf({ number, email, intent, outcome, reason, hash }: ReceiptItem): string {
  const because = reason === undefined ? '' : `,\n      "reason": ${JSON.stringify(reason)}`
  return `\n    {\n      "number": ${number},\n      "email": ${JSON.stringify(email)},\n      "intent": "${intent}",\n      "outcome": "${outcome}"${because},\n      "hash": "${hash}"\n    }`
}

/** The text before the items, that of some items (`isFirst`: nothing came before them), and that after them, which alone bears the digest. */
export interface ReceiptPieces {
  readonly head: string
  items(items: readonly ReceiptItem[], isFirst: boolean): string
  tail(receiptDigest: string, signature?: ReceiptSignature): string
}

export function receiptPieces({ auditHead, ...frame }: ReceiptFrame): ReceiptPieces {
  const seamsOf = (end: object): readonly [string, string] =>
    seam(JSON.stringify({ ...frame, items: [], auditHead, ...end }, null, 2), '"items": [')
  return {
    head: seamsOf({})[0],
    items(items, isFirst) {
      return `${isFirst || items.length === 0 ? '' : ','}${items.map(lineOf).join(',')}`
    },
    tail: (receiptDigest, signature) =>
      `${frame.counts.total === 0 ? '' : '\n  '}${seamsOf({ receiptDigest, ...(signature === undefined ? {} : { signature }) })[1]}\n`,
  }
}

/** Quotes within texts are escaped, so the seam is found where it is meant. */
function seam(text: string, at: string): readonly [head: string, tail: string] {
  const end = text.indexOf(at) + at.length
  return [text.slice(0, end), text.slice(end)]
}
