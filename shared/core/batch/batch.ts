import type { PackageName } from '../catalogue/packages.ts'
import type { Change, ChangeSummary, PackageCount } from '../diff/change-set.ts'

/** States of a batch (cli.md). */
export const batchStates = [
  'submitted',
  'approved',
  'rejected',
  'pushing',
  'interrupted',
  'applied',
  'partly-applied',
  'superseded',
] as const
export type BatchState = (typeof batchStates)[number]

/** One frozen operation. `number` is its place in the batch, from 0; the ledger's key is (batch, number). */
export interface BatchItem {
  readonly number: number
  readonly intent: Change['intent']
  readonly email: string
  readonly formerEmail: string | null
  readonly row: number
  readonly from: PackageName | null
  readonly to: PackageName | null
  /**
   * Every cell the change touches, with both texts; an empty `after` empties the cell. For an added user: every cell that is not
   * blank. `column` is the column's key (`columnKey`), which does not change with the file's vintage. Neither the email nor the
   * package columns are here: `email`, `formerEmail`, `from` and `to` say them. A removal has none.
   */
  readonly cells: readonly { readonly column: string; readonly before: string; readonly after: string }[]
}

/**
 * What a batch says and an approval is bound to. Its canonical form is RFC 8785 JSON with each item replaced by the SHA-256
 * of the item's own canonical form, so that one row can be proven; `digest` is the SHA-256 of that text.
 */
export interface BatchContent {
  readonly format: 1
  readonly customer: string
  /** Who submitted it: inside what the digest covers, so that nobody can become another batch's author and approve it. */
  readonly author: string
  readonly rulesetVersion: string
  /** The store this batch is meant for; null until one is known. */
  readonly target: { readonly lineage: string } | null
  /** It makes the store what Control Hub is already: nothing of it goes there, as files or as calls. Absent: it leads there. */
  readonly storeOnly?: true
  /** SHA-256 over the baseline users that the batch touches, and where they came from. */
  readonly baseline: { readonly kind: 'file' | 'store' | 'none'; readonly fingerprint: string; readonly users: number }
  /** The file's header texts, in order: the export writes these. */
  readonly header: readonly string[]
  readonly summary: ChangeSummary
  readonly packages: readonly PackageCount[]
  readonly confirmedRemovals: number
  readonly ignored: readonly {
    readonly rule: string
    readonly row: number | null
    readonly column: string | null
    readonly reason: string
  }[]
  readonly items: readonly BatchItem[]
}

/** One person's decision, bound to a digest. */
export interface Approval {
  readonly by: string
  readonly decision: 'approved' | 'rejected'
  /** ISO 8601, UTC. */
  readonly at: string
  readonly digest: string
  readonly message?: string
  /** What the reviewer's key signed (`readSignature`); absent where the decision is by name alone. */
  readonly signature?: string
}

export interface ItemCounts {
  readonly total: number
  readonly applied: number
  readonly refused: number
  readonly skipped: number
  readonly unknown: number
  readonly pending: number
}
export type ItemOutcome = 'applied' | 'refused' | 'skipped' | 'unknown' | 'pending'

/** What a push did, item by item, verifiable: its own digest, the batch's digest and the audit head it was anchored to. */
export interface Receipt {
  readonly format: 1
  readonly batch: string
  readonly digest: string
  readonly customer: string
  readonly author: string
  readonly approvals: readonly Approval[]
  /** True where four eyes could not be enforced (one laptop, embedded store): shown wherever the batch is shown. */
  readonly singlePerson: boolean
  readonly store: { readonly url: string; readonly lineage: string; readonly serialBefore: number; readonly serialAfter: number }
  readonly by: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly counts: ItemCounts
  readonly items: readonly {
    readonly number: number
    readonly email: string
    readonly intent: Change['intent']
    readonly outcome: ItemOutcome
    readonly reason?: string
    readonly hash: string
  }[]
  readonly auditHead: string
  /** SHA-256 of the canonical form of all the above. */
  readonly receiptDigest: string
  /** What the importer's key signed (`receiptStatement`); absent where no key was used. Not covered by `receiptDigest`. */
  readonly signature?: ReceiptSignature
}

export interface ReceiptSignature {
  /** Fingerprint of the importer's public key: SHA-256 of its DER form, hex. */
  readonly key: string
  /** The public key itself (DER, base64), so that the file can be checked where the store is not. */
  readonly publicKey: string
  /** Ed25519 over `receiptStatement`, base64. */
  readonly signature: string
}
