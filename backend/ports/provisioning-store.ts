import type { AuditEntry, AuditFact } from '../../shared/core/batch/audit.ts'
import type { Approval, BatchItem, BatchState, ItemOutcome } from '../../shared/core/batch/batch.ts'
import type { FindSubscriber } from '../../shared/core/batch/drift.ts'
import type { Effect } from '../../shared/core/batch/effects.ts'
import type { Supplement } from '../../shared/core/batch/supplement.ts'
import type { Subscriber } from '../../shared/core/batch/subscriber.ts'
import type { ChangeSummary } from '../../shared/core/diff/change-set.ts'
import type { BookRecord } from '../../shared/core/review/comment.ts'
import type { Result } from '../../shared/kit/result.ts'

/** Opens provisioning stores by their address. */
export interface ProvisioningStores {
  /** Whether the embedded store has been made. */
  exists(): Promise<boolean>
  /**
   * `url` absent: the usual store, the embedded one unless another was named. Made where there is none yet only if `create` says
   * so; a team's store, and the newest schema in one that has an older, only with `init`. `password`: said to the server instead of any
   * that is known, and kept nowhere.
   */
  open(
    url: string | undefined,
    options: { readonly create: boolean; readonly init?: boolean; readonly password?: string },
  ): Promise<Result<ProvisioningStore, StoreProblem>>
}

/**
 * Customers, their subscribers, and the batches that change them, with the ledger that makes a push happen once. Everything in
 * here is said without a word of SQL, because several engines keep it. What the store itself must refuse, whoever asks: other
 * content for a batch that exists, an approval by the author or for another digest, a state that may not follow, a second ledger
 * row for an item, a change of the audit log.
 */
export interface ProvisioningStore {
  readonly url: string
  /** True where the people cannot be told apart by the store (a file on one laptop): every batch is then a single person's. */
  readonly singlePerson: boolean
  status(): Promise<Result<StoreFacts, StoreProblem>>
  /** To a path that does not exist yet (`exists`), for the owner alone. What fails leaves no file behind. */
  backup(path: string): Promise<Result<null, StoreProblem>>

  /** `audit` is written in the same transaction, here as everywhere below. Batches in `supersedes` that may be superseded are. */
  addBatch(batch: NewStoredBatch, audit: AuditFact, supersedes: readonly string[]): Promise<Result<null, StoreProblem>>
  batches(): Promise<Result<readonly StoredBatch[], StoreProblem>>
  batch(id: string): Promise<Result<StoredBatch, StoreProblem>>
  /** The canonical text, as it was submitted. */
  content(id: string): Promise<Result<string, StoreProblem>>
  /**
   * The same in pieces of a megabyte or so, so that it need not be in memory as a whole (a batch of an older schema comes as one). `piece`
   * counts from 0; null after the last one.
   */
  contentPiece(id: string, piece: number): Promise<Result<string | null, StoreProblem>>
  /** Records a decision and, with it, the state that follows; `version` is the one that the decision was made on. */
  decide(id: string, version: number, decision: Approval, next: BatchState | null, audit: AuditFact): Promise<Result<null, StoreProblem>>
  approvals(id: string): Promise<Result<readonly Approval[], StoreProblem>>
  /** In the order of the items; `between`: those of the items with numbers from the first to the last of these. */
  ledger(id: string, between?: readonly [number, number]): Promise<Result<readonly LedgerRow[], StoreProblem>>
  /** How many rows of each outcome. */
  ledgerCounts(id: string): Promise<Result<Readonly<Record<'applied' | 'refused', number>>, StoreProblem>>
  /** The users that items were applied to, as they stood before, by item number. */
  beforeImages(id: string): Promise<Result<ReadonlyMap<number, Subscriber>, StoreProblem>>
  pushes(id: string): Promise<Result<readonly PushRecord[], StoreProblem>>

  /** Takes the customer for one push at a time, across all processes; ends with the process. */
  beginPush(input: BeginPush): Promise<Result<PushSession, StoreProblem>>

  /**
   * Where what the store knows of a customer comes from. `baseline`: a whole one was put in with a push, or it cannot be known any more
   * (a pushed batch was purged); `changes`: single changes only, so a user who is not there may simply never have been told of.
   */
  beginning(customer: string): Promise<Result<'unknown' | 'baseline' | 'changes', StoreProblem>>
  /** The baseline that was kept with a batch; null where none was. */
  seed(id: string): Promise<Result<readonly Subscriber[] | null, StoreProblem>>
  /** Those of the emails (as `emailKey`) that the customer's users have; null where the store does not know the customer. */
  present(customer: string, emailKeys: readonly string[]): Promise<Result<ReadonlyMap<string, Subscriber> | null, StoreProblem>>
  /** All users of a customer, by email; null where the store does not know the customer. */
  subscribers(customer: string): Promise<Result<readonly Subscriber[] | null, StoreProblem>>
  /** What people say around a batch; absent where a store keeps no such book, and then nothing is signed or commented there. */
  readonly book?: ReviewBook
  /** What was done with a batch outside of the store, as an entry of its own in the audit log. */
  note(fact: AuditFact, actor: Actor): Promise<Result<null, StoreProblem>>
  audit(from: number, count: number): Promise<Result<AuditPage, StoreProblem>>
  /** Names behind the keyed hashes of audit entries, as far as they are still kept. */
  actors(): Promise<Result<ReadonlyMap<string, string>, StoreProblem>>
  /** From now on the store itself looks at who is logged in: roles of author, reviewer, importer. Absent: it cannot tell. */
  enforceRoles?(): Promise<Result<null, StoreProblem>>
  /** Calls for each batch that anybody submits, decides on or pushes, until the returned function is called. Absent: nobody else writes. */
  watch?(onChange: (batch: string) => void): () => void
  /**
   * What is read of it is of one moment, however long that takes and whatever is pushed meanwhile; no writer waits for it. A connection of
   * its own: once that is lost every call is refused as `unreachable`, and another moment has to be taken.
   */
  moment(): Promise<Result<StoreMoment, StoreProblem>>
  close(): Promise<void>
}

/** To be closed by whoever took it. */
export type StoreMoment = Pick<
  ProvisioningStore,
  'url' | 'status' | 'batch' | 'approvals' | 'contentPiece' | 'ledger' | 'ledgerCounts' | 'pushes' | 'close'
>

/** Public keys, comments, marks: append-only, so what was said stays. */
export interface ReviewBook {
  /** Of one batch, or, with null, those of no batch (keys); in the order they were added. */
  records(batch: string | null): Promise<Result<readonly BookRecord[], StoreProblem>>
  /** `refused`: a second key of the same person. The entry, where there is one, goes into the chain in the same transaction. */
  add(record: BookRecord, audit: AuditFact | null): Promise<Result<null, StoreProblem>>
  /**
   * Takes away what of a finished batch is somebody's data: content, baseline, before-images, records, names. The audit entries stay and
   * still verify; their keyed hashes mean nothing any more. `refused`: the batch is not finished.
   */
  purge(batch: string, audit: AuditFact): Promise<Result<null, StoreProblem>>
}

export interface StoreFacts {
  readonly lineage: string
  readonly serial: number
  readonly schema: number
  readonly customers: number
  readonly subscribers: number
  readonly batches: number
}

export interface NewStoredBatch {
  readonly batch: string
  readonly customer: string
  readonly author: string
  readonly authorKey: string
  readonly message: string | null
  readonly submittedAt: string
  readonly digest: string
  readonly content: string
  readonly summary: ChangeSummary
  readonly items: number
  readonly singlePerson: boolean
  /** The draft it came from, so that its next submission replaces this one. */
  readonly draft: string | null
  /** Random, hex: keyed hashes of this batch's audit entries are made with it. */
  readonly hashKey: string
  /** Keyed hash and name of who submits. */
  readonly actor: Actor
  /** The whole baseline, where the store does not know the customer yet: the first push begins with it. */
  readonly seed: readonly Subscriber[] | null
}

export interface Actor {
  readonly hash: string
  readonly name: string
}

export interface StoredBatch {
  readonly batch: string
  readonly customer: string
  /** As stored, but a push whose process is gone reads `interrupted`. */
  readonly state: BatchState
  /** Rises with each change of state. */
  readonly version: number
  readonly author: string
  readonly message: string | null
  readonly submittedAt: string
  readonly digest: string
  readonly summary: ChangeSummary
  readonly items: number
  readonly singlePerson: boolean
  readonly draft: string | null
  readonly hashKey: string
}

export interface LedgerRow {
  readonly number: number
  readonly opHash: string
  readonly outcome: ItemOutcome
  readonly reason: string | null
}

export interface PushRecord {
  readonly push: number
  readonly by: string
  readonly mode: 'push' | 'resume' | 'retry'
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly serialBefore: number
  readonly serialAfter: number | null
  /** The audit head when it ended. */
  readonly auditHead: { readonly entry: number; readonly hash: string } | null
}

export interface BeginPush {
  readonly batch: string
  readonly customer: string
  /** The version that the guards looked at. */
  readonly version: number
  readonly by: string
  readonly actor: Actor
  readonly mode: 'push' | 'resume' | 'retry'
  readonly startedAt: string
  readonly audit: AuditFact
  /** The audit entry of putting the batch's own baseline into a store that does not know the customer yet. */
  readonly seedAudit: (users: number) => AuditFact
  /**
   * Asked while the customer is held, so that no other push changes what it looks at: users as they stand, and as the batch's own baseline
   * completes them. Written in the transaction of the beginning, but for those whom a constraint of the store refuses.
   */
  readonly supplement?: () => Promise<Result<readonly Supplement[], StoreProblem>>
}

export interface NumberedItem {
  readonly item: BatchItem
  readonly opHash: string
}

export interface PushSession {
  readonly push: number
  /** Users that were taken or completed from the batch's own baseline at the beginning. */
  readonly seeded: number
  /**
   * One transaction: for each item that is not in the ledger (`retry`: that is there as refused) its ledger row, its effect and
   * the before-image; then the audit entry and the serial. All or nothing. An item that is in the ledger with another hash ends
   * it. Other work of the process goes on between portions; a signal rolls back. It may be called again while a call is under way:
   * that one then waits, and is not begun where the one before did not succeed.
   */
  apply(items: readonly NumberedItem[], options: ApplyOptions): Promise<Result<ApplyCounts, StoreProblem>>
  /** Ends the push: state, audit, record. */
  finish(next: BatchState, at: string, audit: AuditFact): Promise<Result<null, StoreProblem>>
  release(): void
}

export interface ApplyOptions {
  readonly retry: boolean
  /** What an item does to the users as they stand, earlier items of the same transaction included. */
  readonly effectOf: (item: BatchItem, find: FindSubscriber) => Effect
  readonly audit: (counts: ApplyCounts) => AuditFact
  readonly at: string
  readonly signal?: AbortSignal
  /** Once it is aborted, what has not begun yet is not begun (`cancelled`); what is under way goes on to its end. */
  readonly held?: AbortSignal
  /** After each portion: how many items of this call are done. */
  readonly onPortion?: (done: number) => void
}

export interface ApplyCounts {
  readonly applied: number
  readonly refused: number
  /** Already in the ledger. */
  readonly skipped: number
}

export interface AuditPage {
  readonly total: number
  readonly entries: readonly AuditEntry[]
}

export type StoreProblem =
  | { readonly kind: 'store-problem'; readonly reason: 'unreachable'; readonly url: string; readonly detail: string }
  /** The file is there and cannot be read as it should be. Nothing was written to it. */
  | { readonly kind: 'store-problem'; readonly reason: 'damaged'; readonly url: string; readonly detail: string }
  /** The server is there; it does not take the login or its password, or was given none. */
  | { readonly kind: 'store-problem'; readonly reason: 'login'; readonly url: string }
  | { readonly kind: 'store-problem'; readonly reason: 'wrong-schema'; readonly found: number; readonly wanted: number }
  | { readonly kind: 'store-problem'; readonly reason: 'no-such-batch' }
  /** Somebody else changed the batch since it was looked at. */
  | { readonly kind: 'store-problem'; readonly reason: 'changed-meanwhile'; readonly state: string }
  /** Another push is under way, or another program holds the store. */
  | { readonly kind: 'store-problem'; readonly reason: 'busy'; readonly owner: string }
  /** An item is in the ledger with another content. */
  | { readonly kind: 'store-problem'; readonly reason: 'content-changed'; readonly detail: string }
  /** One of the store's own constraints. */
  | { readonly kind: 'store-problem'; readonly reason: 'refused'; readonly detail: string }
  | { readonly kind: 'store-problem'; readonly reason: 'exists'; readonly path: string }
  /** A file outside the store: the store itself is as it was. */
  | { readonly kind: 'store-problem'; readonly reason: 'not-writable'; readonly path: string; readonly detail: string }
  | { readonly kind: 'store-problem'; readonly reason: 'cancelled' }
