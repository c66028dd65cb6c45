import type { Result } from '../../shared/kit/result.ts'
import type { Steps } from '../../shared/kit/steps.ts'

/**
 * Where drafts outlive the process. A draft is a snapshot and a log of what was done since, each entry durably on disk before
 * `append` returns. Damage is never repaired behind the person's back: a damaged draft is not opened and not one byte of it changes.
 */
export interface DraftStore {
  /**
   * Every draft, the damaged ones too. Whether somebody holds it is not asked of those that are `ours`, and a caller to whom it does
   * not matter calls all of them so.
   */
  list(isOurs?: (id: string) => boolean): Promise<readonly DraftSummary[]>
  /** Durable when it is there. `pause` is called between pieces, so that others have their turn; what it throws is thrown on, and leaves nothing. */
  create(id: string, facts: DraftFacts, snapshot: SnapshotParts, pause?: () => Promise<void>): Promise<Result<DraftFile, DraftProblem>>
  /** Read-only where another process owns it. */
  open(id: string): Promise<Result<DraftFile, DraftProblem>>
  /** Refused while somebody has it open. */
  remove(id: string): Promise<Result<null, DraftProblem>>
}

/** Small facts about a draft as JSON values, by name. The service decides what they are. */
export type DraftFacts = Readonly<Record<string, unknown>>
/** The table and the baseline as bytes, by name. */
export type SnapshotParts = ReadonlyMap<string, Uint8Array>

export interface DraftSummary {
  readonly id: string
  readonly facts: DraftFacts
  readonly trouble: 'damaged' | 'locked' | null
}

export interface DraftFile {
  readonly id: string
  /** Set where another process holds the draft: nothing can be written. */
  readonly heldBy: string | null
  readonly facts: DraftFacts
  /** The number of the last entry that is on disk. */
  readonly lastEntry: number
  part(name: string): Uint8Array | null
  /** The same in slices. */
  readingPart(name: string): Steps<Uint8Array | null>
  /** Entries in order, from `after` (not included) on. Deltas are read when asked for. */
  entries(after: number): readonly LogEntry[]
  delta(entry: number): Uint8Array | null
  /** Durable when it returns. Facts that changed with it are written in the same step. Returns the entry's number. */
  append(entry: Omit<LogEntry, 'number' | 'bytes'>, delta: Uint8Array | null, facts?: DraftFacts): number
  saveFacts(facts: DraftFacts): void
  /** Replaces parts (null takes one away) and facts as one step: old or new, never mixed. */
  saveParts(parts: ReadonlyMap<string, Uint8Array | null>, facts?: DraftFacts): void
  close(): void
}

export interface LogEntry {
  /** From 1, without gaps. */
  readonly number: number
  readonly at: string
  readonly kind: string
  /** JSON. */
  readonly note: unknown
  /** Size of its delta. */
  readonly bytes: number
}

export type DraftProblem =
  | { readonly kind: 'draft-problem'; readonly reason: 'not-found' }
  | { readonly kind: 'draft-problem'; readonly reason: 'damaged'; readonly detail: string }
  | { readonly kind: 'draft-problem'; readonly reason: 'locked'; readonly owner: string }
  | { readonly kind: 'draft-problem'; readonly reason: 'not-writable'; readonly detail: string }

/** Thrown by the writing calls of `DraftFile` when the disk refuses: what was to be written is not there. */
export class DraftNotSaved extends Error {
  override readonly name = 'DraftNotSaved'
}

/** Thrown by the reading calls of `DraftFile` when what is stored does not match its checksum. Nothing was changed. */
export class DraftDamaged extends Error {
  override readonly name = 'DraftDamaged'
}
