import type { ReceiptProblem } from '../core/batch/receipt.ts'
import type { DecisionReason } from '../core/review/decision-reason.ts'

/**
 * Failures that a person or a script can act on. Plain data, so it survives IPC, HTTP and JSON unchanged.
 * `message` is put into words by `text/`; the fields say where, why, and what was kept.
 */
export type AppError =
  | { readonly code: 'request/unknown-method'; readonly method: string }
  | { readonly code: 'request/invalid-input'; readonly method: string; readonly path: string; readonly detail: string }
  | { readonly code: 'usage'; readonly detail: string }
  | { readonly code: 'file/not-found'; readonly path: string }
  | { readonly code: 'file/unreadable'; readonly path: string; readonly detail: string }
  /** The input is unusable. `reason` is the kind, `detail` the place and why, in plain words. */
  | {
      readonly code: 'file/unusable'
      readonly name: string
      readonly reason: UnusableReason
      readonly detail: string
      readonly row?: number
      /** The sheet of a workbook that this is about, where it has others. */
      readonly sheet?: string
      readonly sheets?: readonly string[]
    }
  | { readonly code: 'file/exists'; readonly path: string }
  | { readonly code: 'file/not-writable'; readonly path: string; readonly detail: string }
  /** A customer's review policy; `path` is a JSON pointer. */
  | { readonly code: 'policy/invalid'; readonly name: string; readonly path: string; readonly detail: string }
  | { readonly code: 'profile/invalid'; readonly name: string; readonly path: string; readonly detail: string }
  /** The folder of the saved profiles, or one of them, is there and cannot be read: none of them is taken for not being there. */
  | { readonly code: 'customer/unreadable'; readonly path: string; readonly detail: string }
  | { readonly code: 'customer/not-found'; readonly customer: string }
  | { readonly code: 'draft/not-found'; readonly draftId: string }
  | { readonly code: 'draft/locked'; readonly draftId: string; readonly owner: string }
  | { readonly code: 'draft/damaged'; readonly draftId: string; readonly detail: string }
  | { readonly code: 'draft/stale-revision'; readonly expected: number; readonly actual: number }
  | { readonly code: 'draft/has-errors'; readonly errors: number }
  /** `batch`: it was to be taken back, and nothing of it is left. */
  | { readonly code: 'draft/no-changes'; readonly batch?: string }
  | { readonly code: 'draft/read-only'; readonly draftId: string }
  | { readonly code: 'edit/impossible'; readonly detail: string }
  | { readonly code: 'batch/not-found'; readonly batch: string }
  /** Its personal data was taken away: only counts, digests and the log are left. */
  | { readonly code: 'batch/purged'; readonly batch: string }
  | { readonly code: 'batch/busy'; readonly batch: string; readonly owner: string }
  /** Refused by a guard (exit code 77). */
  | { readonly code: 'guard/own-approval'; readonly batch: string; readonly author: string }
  | { readonly code: 'guard/not-approved'; readonly batch: string; readonly state: string }
  | { readonly code: 'guard/wrong-state'; readonly batch: string; readonly state: string; readonly wanted: string }
  | { readonly code: 'guard/content-changed'; readonly batch: string; readonly detail: string }
  | { readonly code: 'guard/stale-baseline'; readonly batch: string; readonly rows: readonly string[] }
  | { readonly code: 'guard/removals-unconfirmed'; readonly removals: number; readonly confirmed: number }
  | { readonly code: 'guard/wrong-store'; readonly expected: string; readonly actual: string }
  | { readonly code: 'guard/suspended-column'; readonly column: string; readonly rows: number }
  /** The batch made the store what Control Hub is already: there is nothing to do there. */
  | { readonly code: 'guard/store-only'; readonly batch: string }
  /** Some rows of a batch cannot be approved on a store that keeps authors and reviewers apart by their logins. */
  | { readonly code: 'guard/whole-only'; readonly batch: string }
  | { readonly code: 'guard/refused'; readonly detail: string }
  /** A decision that does not hold, each reason with its own words. */
  | { readonly code: 'guard/decision'; readonly batch: string; readonly by: string; readonly reason: DecisionReason }
  /** A file that is no review, decision or key that this Roster takes. */
  | {
      readonly code: 'review/unusable'
      readonly name: string
      readonly reason: 'foreign' | 'damaged' | 'older' | 'newer' | 'not-a-review' | 'not-a-decision'
    }
  /** A reviewer's key on this machine. */
  | {
      readonly code: 'review/key'
      readonly person: string
      readonly reason: 'exists' | 'no-key' | 'wrong-secret' | 'weak-secret' | 'not-writable'
    }
  /** A file that is no receipt, or one that does not hold. */
  | { readonly code: 'receipt/not-genuine'; readonly name: string; readonly reason: ReceiptProblem | 'not-in-log' | 'no-receipt' }
  | { readonly code: 'store/unreachable'; readonly url: string; readonly detail: string }
  /** The file of the embedded store cannot be read as it should be; it was left as it is. */
  | { readonly code: 'store/damaged'; readonly url: string; readonly detail: string }
  /** The server is there; it does not take the login or its password, or was given none. */
  | { readonly code: 'store/login'; readonly url: string }
  /** A password cannot be kept. `plain-text`: the system would only pretend to encrypt it. */
  | { readonly code: 'store/no-key-chain'; readonly why: 'host' | 'unavailable' | 'plain-text' }
  | { readonly code: 'store/wrong-schema'; readonly found: number; readonly wanted: number }
  | { readonly code: 'store/busy'; readonly owner: string }
  | { readonly code: 'audit/broken'; readonly entry: number; readonly detail: string }
  | { readonly code: 'plan/not-found'; readonly plan: string }
  /** A file that is no onboarding plan: the path in it, and what is wrong there. */
  | { readonly code: 'plan/invalid'; readonly name: string; readonly path: string; readonly detail: string }
  /** The hand-over waits for this many things that are missing or wrong. */
  | { readonly code: 'plan/incomplete'; readonly name: string; readonly open: number }
  /** Somebody else saved it meanwhile. */
  | { readonly code: 'plan/changed'; readonly name: string }
  /** The profile does not say what the Wholesale API calls the customer. */
  | { readonly code: 'wholesale/no-customer-id'; readonly customer: string }
  /** No token, or none that can be one, or an address that no token is sent to. */
  | { readonly code: 'wholesale/token'; readonly url: string; readonly reason: 'none' | 'bad-token' | 'bad-address' }
  /** The API does not take the token, or it may not do this (HTTP 401, 403). */
  | { readonly code: 'wholesale/not-allowed'; readonly url: string; readonly status: number; readonly detail: string }
  /** Nothing of what was not settled is lost: the outbox knows it. */
  | { readonly code: 'wholesale/unreachable'; readonly url: string; readonly reason: string; readonly detail: string }
  | { readonly code: 'cancelled' }
  /** A bug: logged with this incident id, shown without its text. */
  | { readonly code: 'internal'; readonly incident: string }

export type UnusableReason =
  | 'empty'
  | 'not-a-table'
  /** Given for Control Hub's error file, and none. */
  | 'no-error-list'
  | 'no-header'
  | 'no-emails'
  | 'binary'
  | 'unterminated-quote'
  | 'nul-byte'
  | 'broken-workbook'
  | 'encrypted-workbook'
  | 'no-such-sheet'
  | 'over-limit'
  | 'view-only'
  | 'undecodable'
  /** A line of a customer's list of numbers, or of locations with their countries. */
  | 'no-number'
  | 'no-country'

export type AppErrorCode = AppError['code']
export type AppErrorOf<C extends AppErrorCode> = Extract<AppError, { readonly code: C }>
