import type { Approval, BatchContent } from '../batch/batch.ts'
import { canonicalize } from '../batch/canonical.ts'
import { digestOf } from '../batch/digest.ts'
import type { Hasher } from '../batch/hasher.ts'
import { err, ok, type Result } from '../../kit/result.ts'
import type { ReviewComment } from './comment.ts'
import type { KeySuccession } from './key-succession.ts'
import type { AppliedPolicy } from './policy.ts'

/** The version that this Roster writes, and the only one it reads (docs/rosterreview.md). */
export const reviewFileVersion = 1

interface FileHead {
  readonly format: 'rosterreview'
  readonly version: 1
  /** SHA-256 of the canonical form of all the rest, hex: any changed byte shows. */
  readonly fileDigest: string
}

/** What goes out: one batch, whole, for somebody who has no store. */
export interface ReviewRequest extends FileHead {
  readonly kind: 'review'
  readonly madeAt: string
  readonly batch: {
    readonly id: string
    readonly author: string
    readonly message: string | null
    readonly submittedAt: string
    readonly lineage: string
    readonly singlePerson: boolean
  }
  readonly digest: string
  /** The audit head when it was made, `<entry>:<hash>`: the reviewer's signature speaks of it. */
  readonly auditHead: string
  readonly content: BatchContent
  readonly comments: readonly ReviewComment[]
  readonly administrators: readonly string[]
  readonly policy: AppliedPolicy
}

/** What comes back. */
export interface ReviewDecision extends FileHead {
  readonly kind: 'decision'
  readonly batch: string
  readonly lineage: string
  readonly approval: Approval
  readonly confirmedRemovals: number
  readonly comments: readonly ReviewComment[]
}

/** A reviewer's public key, to be registered in the store at home. */
export interface ReviewKey extends FileHead {
  readonly kind: 'key'
  readonly person: string
  /** Ed25519, DER (SubjectPublicKeyInfo), base64. */
  readonly publicKey: string
  readonly fingerprint: string
  /** How it came to follow earlier keys of the person's, in their own word; absent for a first key. */
  readonly successions?: readonly KeySuccession[]
}

export type ReviewFile = ReviewRequest | ReviewDecision | ReviewKey

/** Why a file is refused. Each has its own words. */
export type ReviewFileProblem =
  { readonly reason: 'foreign' } | { readonly reason: 'damaged' } | { readonly reason: 'older' | 'newer'; readonly version: number }

type Body<F extends ReviewFile> = Omit<F, 'format' | 'version' | 'fileDigest'>

export const writeReviewFile = <F extends ReviewFile>(body: Body<F>, hasher: Hasher): string => {
  const file = { ...body, format: 'rosterreview', version: reviewFileVersion }
  return canonicalize({ ...file, fileDigest: hasher.sha256(canonicalize(file)) })
}

/**
 * Reads a file only if it is, byte for byte, what `writeReviewFile` writes: the canonical form, with the digest of itself, and, for a
 * review, content that gives the digest it names. What cannot be told from another program's file is foreign, not damaged.
 */
export function readReviewFile(text: string, hasher: Hasher): Result<ReviewFile, ReviewFileProblem> {
  const parsed = parse(text)
  const isOurs = text.includes('"format":"rosterreview"')
  if (typeof parsed !== 'object' || parsed === null || !('format' in parsed) || parsed.format !== 'rosterreview') {
    return err({ reason: isOurs || /rosterrev|fileDigest/u.test(text) ? 'damaged' : 'foreign' })
  }
  const { version } = parsed as { readonly version?: unknown }
  if (typeof version !== 'number' || !Number.isInteger(version)) return err({ reason: 'damaged' })
  const { fileDigest, ...rest } = parsed as ReviewFile
  if (!isWhole(text, parsed, fileDigest, rest, hasher)) return err({ reason: 'damaged' })
  if (version < reviewFileVersion) return err({ reason: 'older', version })
  if (version > reviewFileVersion) return err({ reason: 'newer', version })
  const file = parsed as ReviewFile
  return isKnown(file, hasher) ? ok(file) : err({ reason: 'damaged' })
}

function isWhole(text: string, parsed: unknown, fileDigest: unknown, rest: unknown, hasher: Hasher): boolean {
  try {
    return canonicalize(parsed) === text && hasher.sha256(canonicalize(rest)) === fileDigest
  } catch {
    return false
  }
}

function isKnown(file: ReviewFile, hasher: Hasher): boolean {
  switch (file.kind) {
    case 'review':
      return isContent(file.content) && Array.isArray(file.comments) && digestHolds(file, hasher)
    case 'decision':
      return typeof file.batch === 'string' && isApproval(file.approval) && Array.isArray(file.comments)
    case 'key':
      return typeof file.person === 'string' && typeof file.publicKey === 'string' && areSuccessions(file.successions)
    default:
      return false
  }
}

const areSuccessions = (value: unknown): boolean =>
  value === undefined ||
  (Array.isArray(value) &&
    value.every(
      (entry: unknown) =>
        typeof entry === 'object' &&
        entry !== null &&
        (['key', 'publicKey', 'signature'] as const).every((name) => name in entry && typeof (entry as KeySuccession)[name] === 'string'),
    ))

/** Content of a shape that cannot even be hashed does not hold. */
function digestHolds({ content, digest }: ReviewRequest, hasher: Hasher): boolean {
  try {
    return digestOf(content, hasher) === digest
  } catch {
    return false
  }
}

const isApproval = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'digest' in value &&
  'by' in value &&
  typeof value.digest === 'string' &&
  typeof value.by === 'string'
const isContent = (content: BatchContent | undefined): boolean => content?.format === 1 && Array.isArray(content.items)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
