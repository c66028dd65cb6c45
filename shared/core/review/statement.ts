import type { Approval, BatchContent } from '../batch/batch.ts'
import { canonicalize } from '../batch/canonical.ts'

/** Where and of what a decision speaks, besides what the approval itself says. */
export interface StatementPlace {
  readonly batch: string
  readonly lineage: string
  readonly summary: BatchContent['summary']
  readonly confirmedRemovals: number
}

/** What stands beside an approval that was signed. Stored as canonical JSON. */
export interface Signature {
  readonly format: 1
  /** The audit head that the reviewer's machine knew, `<entry>:<hash>`: a decision cannot be older than what it was chained to. */
  readonly auditHead: string
  /** Fingerprint of the public key: SHA-256 of its DER form, hex. */
  readonly key: string
  /** Ed25519 over `statementText`, base64. */
  readonly signature: string
}

/**
 * The text that a reviewer's key signs: the decision, the digest it is bound to, the batch and store it was made for, the counts that
 * were on the screen, who, when, and the audit head before it. Equal decisions give equal texts (RFC 8785), any other field another.
 */
export const statementText = (place: StatementPlace, approval: Approval, auditHead: string): string =>
  canonicalize({
    what: 'roster-approval',
    format: 1,
    batch: place.batch,
    lineage: place.lineage,
    digest: approval.digest,
    decision: approval.decision,
    counts: place.summary,
    removals: place.confirmedRemovals,
    by: approval.by,
    at: approval.at,
    message: approval.message ?? null,
    auditHead,
  })

export const writeSignature = ({ format, auditHead, key, signature }: Signature): string =>
  canonicalize({ format, auditHead, key, signature })

const hex64 = /^[0-9a-f]{64}$/u
/** Null where the text is not, byte for byte, what `writeSignature` writes. */
export function readSignature(text: string): Signature | null {
  try {
    const parsed = JSON.parse(text) as Omit<Signature, 'format'> & { readonly format: number }
    const holds =
      canonicalize(parsed) === text &&
      parsed.format === 1 &&
      /^\d+:[0-9a-f]{64}$/u.test(parsed.auditHead) &&
      hex64.test(parsed.key) &&
      /^[A-Za-z0-9+/]{86}==$/u.test(parsed.signature) &&
      Object.keys(parsed).length === 4
    return holds ? { ...parsed, format: 1 } : null
  } catch {
    return null
  }
}
