import { err, ok, type Result } from '../../kit/result.ts'
import type { BatchContent, BatchItem } from './batch.ts'
import { canonicalize } from './canonical.ts'
import type { Hasher } from './hasher.ts'

/** The SHA-256 of an item's canonical form: the leaf that proves one row. Hex. */
export const itemHash = (item: BatchItem, hasher: Hasher): string => hasher.sha256(canonicalize(item))

/**
 * `sha256:` and the hash over the whole content, each item standing as its own hash. A row can thus be proven against the digest
 * with the other rows' hashes alone. Any change of any field of content or item, one added or taken away too, changes it.
 */
export function digestOf(content: BatchContent, hasher: Hasher): string {
  return digestOfHashes(
    content,
    content.items.map((item) => itemHash(item, hasher)),
    hasher,
  )
}

/** For callers that need the item hashes as well (the receipt, the ledger). `hashes` stand in the order of `content.items`. */
export function digestOfHashes(content: BatchContent, hashes: readonly string[], hasher: Hasher): string {
  return `sha256:${hasher.sha256(canonicalize({ ...content, items: hashes }))}`
}

/** The text in which content is stored and sent. `readContent` takes nothing else. */
export const serializeContent = (content: BatchContent): string => canonicalize(content)

/** What is wrong with stored content, in words for the log; people are told that the content was changed. */
export interface ContentProblem {
  readonly detail: string
}

/** Recomputes the digest. `digest` is the one that was approved. */
export function verifyContent(content: BatchContent, digest: string, hasher: Hasher): Result<BatchContent, ContentProblem> {
  const found = digestOf(content, hasher)
  return found === digest ? ok(content) : err({ detail: `the content's digest is ${found}, not ${digest}` })
}

/**
 * Stored content back into data: only if the text is byte for byte the canonical form of what it says (nothing may hide between
 * the lines, no key twice) and its digest is the one that was approved.
 */
export function readContent(text: string, digest: string, hasher: Hasher): Result<BatchContent, ContentProblem> {
  const parsed = parse(text)
  if (!isContent(parsed)) return err({ detail: 'the stored content is no batch of format 1' })
  try {
    if (canonicalize(parsed) !== text) return err({ detail: 'the stored content is not in its canonical form' })
    return verifyContent(parsed, digest, hasher)
  } catch (thrown) {
    return err({ detail: thrown instanceof Error ? thrown.message : 'the stored content has no canonical form' })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Enough of the shape to recompute the digest; the digest vouches for the rest. */
function isContent(value: unknown): value is BatchContent {
  return (
    typeof value === 'object' && value !== null && 'format' in value && value.format === 1 && 'items' in value && Array.isArray(value.items)
  )
}
