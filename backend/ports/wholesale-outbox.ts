import type { WholesaleProof, WholesaleState } from '../../shared/core/wholesale/outcome.ts'
import type { WholesaleReason } from '../../shared/core/wholesale/reason.ts'
import type { Result } from '../../shared/kit/result.ts'

/**
 * What was sent to the Wholesale API, durably: an item's row says `sent` before its call leaves this machine. Whatever ends the
 * program, the next one knows which calls may have had an effect. It holds numbers, states and reasons, no bodies and no token.
 */
export interface WholesaleOutbox {
  /** Null: nothing of the batch was ever sent from here. */
  sending(batch: string): Result<Sending | null, OutboxProblem>
  /** In the order of the batch. The same list again as long as nothing has changed. */
  items(batch: string): Result<readonly OutboxItem[], OutboxProblem>
  /** Who is at work on the customer; null where nobody is. */
  ownerOf(customerId: string): string | null
  /**
   * Takes the customer for one sender at a time, across processes, until `release` or the end of the process, and adds the items that
   * are not there yet as `pending`. What is found as `sent` was broken off, and becomes `unknown`. `retry`: refused items become
   * `pending`, or `unknown` where the API had taken them.
   *
   * `other-content`, `other-customer`: the batch was sent before with another digest, or to another customer of the API.
   */
  begin(sending: Sending, numbers: readonly number[], options: { readonly retry: boolean }): Result<OutboxSession, OutboxProblem>
  /** Takes away what of a batch is somebody's data: IDs, the API's texts, who sent it. Numbers and states stay. */
  forget(batch: string): Result<null, OutboxProblem>
  close(): void
}

export interface OutboxSession {
  readonly items: readonly OutboxItem[]
  /** Durable when it returns. */
  put(item: OutboxItem): Result<null, OutboxProblem>
  release(): void
}

export interface Sending {
  readonly batch: string
  readonly digest: string
  readonly customerId: string
  readonly url: string
  readonly by: string
  readonly at: string
}

export interface OutboxItem {
  readonly number: number
  readonly state: Exclude<WholesaleState, 'left-out'>
  /** Calls with an effect that left this machine. */
  readonly attempts: number
  /** SHA-256 of the last such call. */
  readonly requestHash: string | null
  readonly subscriberId: string | null
  readonly proof: WholesaleProof | null
  readonly reason: WholesaleReason | null
  readonly at: string
}

export type OutboxProblem =
  | { readonly reason: 'busy'; readonly owner: string }
  | { readonly reason: 'other-content' | 'other-customer'; readonly detail: string }
  | { readonly reason: 'wrong-schema'; readonly found: number; readonly wanted: number }
  | { readonly reason: 'not-usable'; readonly path: string; readonly detail: string }
