import Type from 'typebox'
import type { Approval } from '../core/batch/batch.ts'
import type { Replacement, ReviewComment } from '../core/review/comment.ts'
import type { DecisionReason } from '../core/review/decision-reason.ts'
import { policySchema, type AppliedPolicy, type ReviewPolicy } from '../core/review/policy.ts'
import type { ReviewRequest } from '../core/review/review-file.ts'
import type { ReviewRisk } from '../core/review/risks.ts'
import type { ThreeWayRow } from '../core/review/three-way.ts'
import type { BatchDetail, BatchItemLine } from './batch-methods.ts'
import type { ChangeGroup, FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const
const batchRef = { batch: Type.String() }
const person = Type.String({ minLength: 1 })
const words = Type.String({ minLength: 1, maxLength: 4000 })
const index = Type.Integer({ minimum: 0 })
const passphrase = Type.Optional(Type.String())

export const commentPlaceSchema = Type.Union([
  Type.Object({ on: Type.Literal('batch') }, strict),
  Type.Object({ on: Type.Literal('group'), group: Type.String() }, strict),
  Type.Object({ on: Type.Literal('user'), email: Type.String() }, strict),
  Type.Object({ on: Type.Literal('cell'), email: Type.String(), column: Type.String() }, strict),
])

/** All that a reviewer needs beside the batch's own detail. */
export interface ReviewState {
  readonly comments: readonly ReviewComment[]
  /** Keys of the groups that this reviewer has marked as seen. */
  readonly seen: readonly string[]
  /** Users all of whose changes are in groups that were seen. */
  readonly seenUsers: number
  readonly risks: readonly ReviewRisk[]
  /** Keys of the groups whose users lose calling. */
  readonly losesCalling: readonly string[]
  readonly policy: AppliedPolicy
  /** How many approvals count, of `policy.approvers`. */
  readonly counted: number
  readonly approvals: readonly (Approval & { readonly isSigned: boolean })[]
  /** Why the stored decisions do not hold; null where they do. */
  readonly broken: { readonly by: string; readonly reason: DecisionReason } | null
  /** The reviewer's key: on this machine, and registered in the store. */
  readonly key: { readonly here: boolean; readonly registered: boolean }
  /** Rows that somebody else changed since the batch was made. */
  readonly drifted: number
  /** The batch that a review put in the place of this one, and who was left out of it why; null where none was. */
  readonly replaced: Replacement | null
}

/** A review file as it is shown on a machine without a store. */
export interface ReviewFileView {
  readonly request: Pick<ReviewRequest, 'batch' | 'digest' | 'madeAt' | 'comments' | 'policy'>
  readonly customer: string
  readonly summary: BatchDetail['summary']
  readonly packages: BatchDetail['packages']
  readonly groups: readonly ChangeGroup[]
  readonly risks: readonly ReviewRisk[]
  readonly items: number
}

export interface KeyState {
  readonly person: string
  /** SHA-256 of the public key, hex; null where there is none here. */
  readonly fingerprint: string | null
  readonly isRegistered: boolean
  /** What opens the key that is here; null where there is none. */
  readonly keptBy: 'passphrase' | 'key-chain' | 'both' | null
  /** How a key that is made now is kept: by the system's key chain, or by a passphrase and why only so. */
  readonly keeping: 'key-chain' | 'host' | 'unavailable' | 'plain-text'
}

export interface PolicyState {
  readonly customer: string
  readonly policy: ReviewPolicy
  /** False: the customer has no policy file, and this is what holds then. */
  readonly isOwn: boolean
}

export const reviewMethods = {
  'review.get': query<ReviewState>()(Type.Object({ ...batchRef, by: Type.Optional(Type.String()) }, strict)),
  'review.comment': command<ReviewComment>()(Type.Object({ ...batchRef, by: person, place: commentPlaceSchema, text: words }, strict)),
  'review.resolve': command<null>()(Type.Object({ ...batchRef, by: person, id: Type.String(), resolved: Type.Boolean() }, strict)),
  'review.mark': command<null>()(
    Type.Object({ ...batchRef, by: person, groups: Type.Array(Type.String(), { maxItems: 10000 }), seen: Type.Boolean() }, strict),
  ),
  /** Rejects some rows, approves the rest: a new batch with the rest, approved; a draft with the rejected rows and the reasons beside them. */
  'review.split': command<{
    readonly batch: string
    readonly state: BatchDetail['state']
    readonly rejected: number
    readonly draftId: string
  }>()(
    Type.Object(
      {
        ...batchRef,
        by: person,
        digest: Type.String(),
        reject: Type.Array(
          Type.Object({ reason: words, items: Type.Optional(Type.Array(index)), group: Type.Optional(Type.String()) }, strict),
          { minItems: 1 },
        ),
        message: Type.Optional(Type.String()),
        /** As many users as the approved rest removes. */
        confirmRemovals: Type.Optional(index),
        passphrase,
      },
      strict,
    ),
  ),
  /** What a split would come to, before it is made. */
  'review.splitPreview': query<{ readonly rejected: number; readonly removals: number }>()(
    Type.Object({ ...batchRef, items: Type.Array(index), groups: Type.Array(Type.String()) }, strict),
  ),
  'review.drift': query<{ readonly total: number; readonly rows: readonly ThreeWayRow[] }>()(
    Type.Object({ ...batchRef, from: index, count: Type.Integer({ minimum: 1, maximum: 500 }) }, strict),
  ),
  /** The batch again, on the users as they stand now. It needs approval like any other; groups without drift stay seen. */
  'review.rebase': command<{ readonly batch: string }>()(
    Type.Object(
      {
        ...batchRef,
        by: person,
        choices: Type.Array(
          Type.Object({ number: index, column: Type.Union([Type.String(), Type.Null()]), choice: Type.Enum(['keep', 'take']) }, strict),
        ),
        confirmRemovals: Type.Optional(index),
      },
      strict,
    ),
  ),

  'review.exportFile': command<FileTicket>()(Type.Object(batchRef, strict)),
  'review.openFile': query<ReviewFileView>()(Type.Object({ ticket: Type.String() }, strict)),
  'review.fileItems': query<{ readonly total: number; readonly items: readonly Omit<BatchItemLine, 'outcome' | 'reason'>[] }>()(
    Type.Object(
      { ticket: Type.String(), group: Type.Optional(Type.String()), from: index, count: Type.Integer({ minimum: 1, maximum: 500 }) },
      strict,
    ),
  ),
  /** The decision as a file that goes back; signed, or refused. */
  'review.decideFile': command<FileTicket>()(
    Type.Object(
      {
        ticket: Type.String(),
        by: person,
        decision: Type.Enum(['approved', 'rejected']),
        message: Type.Optional(Type.String()),
        confirmRemovals: Type.Optional(index),
        passphrase: Type.String(),
        comments: Type.Optional(Type.Array(Type.Object({ place: commentPlaceSchema, text: words }, strict))),
      },
      strict,
    ),
  ),
  /** A decision that came back, or a reviewer's public key. */
  'review.importFile': command<{ readonly kind: 'decision'; readonly batch: string } | { readonly kind: 'key'; readonly person: string }>()(
    Type.Object({ ticket: Type.String() }, strict),
  ),

  'review.key': query<KeyState>()(Type.Object({ person }, strict)),
  /** Makes a person's key and registers it in the store. */
  'review.makeKey': command<KeyState>()(Type.Object({ person, passphrase: Type.String() }, strict)),
  /** Another key follows the present one, in the present one's own word; what was signed before stays valid. */
  'review.replaceKey': command<KeyState>()(Type.Object({ person, passphrase: Type.String(), next: Type.String() }, strict)),
  /** The same key, sealed with another passphrase. */
  'review.changePassphrase': command<KeyState>()(Type.Object({ person, passphrase: Type.String(), next: Type.String() }, strict)),
  'review.keyFile': command<FileTicket>()(Type.Object({ person }, strict)),

  'review.policy': query<PolicyState>()(Type.Object({ customer: Type.String() }, strict)),
  'review.setPolicy': command<PolicyState>()(Type.Object({ customer: Type.String(), policy: policySchema }, strict)),
  /** A policy file: refused with the path of what is wrong in it. */
  'review.importPolicy': command<PolicyState>()(Type.Object({ customer: Type.String(), ticket: Type.String() }, strict)),
  /** The policy held against a draft's change: shown before it is sent. */
  'review.policyFor': query<AppliedPolicy>()(
    Type.Object(
      { customer: Type.String(), remove: index, users: index, administrators: index, losesCalling: index, overLimit: index },
      strict,
    ),
  ),

  /** Who, what, when, ruleset, diff, decisions, receipt and audit entries: as data, and as a page to print. */
  'review.evidence': command<{ readonly data: FileTicket; readonly page: FileTicket }>()(
    Type.Object({ ...batchRef, language: Type.Enum(['en', 'nb', 'da']) }, strict),
  ),
  /** Takes the personal data of a finished batch away. `confirm` is the batch's id, typed. */
  'review.purge': command<null>()(Type.Object({ ...batchRef, by: person, confirm: Type.String() }, strict)),
} as const
