import type { Result } from '../../shared/kit/result.ts'

/**
 * One owner for a thing, across processes. The lock ends with its process whatever ends that (no stale lock, no guess from a
 * process number that somebody else may have by now).
 */
export interface OwnerLocks {
  /** Does not wait for an owner. */
  acquire(name: string): Result<HeldLock, LockOwner>
  /** The owner, or null where nobody holds it. Waits for nobody. */
  ownerOf(name: string): LockOwner | null
}

export interface HeldLock {
  release(): void
}

/** What the owner left about itself, for people: `process 4711 on nb-17, since …`. */
export interface LockOwner {
  readonly owner: string
}
