import type { Approval, BatchContent, BatchState } from './batch.ts'
import { nextState, statesFor, type BatchEvent } from './transitions.ts'

/** Why a guard refuses (exit code 77). Each has the shape of the app error of the same code. */
export type GuardProblem =
  | { readonly code: 'guard/own-approval'; readonly batch: string; readonly author: string }
  | { readonly code: 'guard/not-approved'; readonly batch: string; readonly state: string }
  | { readonly code: 'guard/wrong-state'; readonly batch: string; readonly state: string; readonly wanted: string }
  | { readonly code: 'guard/content-changed'; readonly batch: string; readonly detail: string }
  | { readonly code: 'guard/removals-unconfirmed'; readonly removals: number; readonly confirmed: number }
  | { readonly code: 'guard/store-only'; readonly batch: string }
  | { readonly code: 'guard/refused'; readonly detail: string }

/** What the guards look at. */
export interface GuardedBatch {
  readonly batch: string
  readonly state: BatchState
  readonly author: string
  readonly digest: string
}

/** What nobody sees on a screen: joiners, soft hyphens, marks of direction, control characters (spaces of all kinds aside). */
const unseen = /(?![\t-\r])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** Names are one person's whatever the case, the spaces and what cannot be seen: `Kari` cannot approve what `kari ` wrote. */
export const personKey = (name: string): string => name.normalize('NFKC').replace(unseen, '').replace(/\s+/gu, ' ').trim().toLowerCase()
export const isSamePerson = (a: string, b: string): boolean => personKey(a) === personKey(b)

/**
 * Whether a person may decide on a batch. Nobody decides on their own; a decision is bound to the digest that the person saw; an
 * rejection needs a reason. `removals` is given where the person was asked to type how many users will be deleted.
 */
export function decisionProblem(
  batch: GuardedBatch,
  decision: Approval,
  removals?: { readonly count: number; readonly confirmed: number },
): GuardProblem | null {
  if (personKey(decision.by) === '') return { code: 'guard/refused', detail: 'a decision needs the name of who decides' }
  if (isSamePerson(decision.by, batch.author)) return { code: 'guard/own-approval', batch: batch.batch, author: batch.author }
  if (decision.digest !== batch.digest) {
    return {
      code: 'guard/content-changed',
      batch: batch.batch,
      detail: `the decision was made on ${decision.digest}, the batch is ${batch.digest}`,
    }
  }
  const problem = stateProblem(batch, decision.decision === 'approved' ? 'approve' : 'reject')
  if (problem !== null) return problem
  if (decision.decision === 'rejected') {
    return (decision.message ?? '').trim() === '' ? { code: 'guard/refused', detail: 'a rejection needs a reason' } : null
  }
  return removals === undefined ? null : removalsProblem(removals.count, removals.confirmed)
}

/** Users are deleted only by somebody who typed how many (domain.md §7.3). */
export const removalsProblem = (removals: number, confirmed: number): GuardProblem | null =>
  removals === confirmed ? null : { code: 'guard/removals-unconfirmed', removals, confirmed }

export function stateProblem(batch: GuardedBatch, event: BatchEvent): GuardProblem | null {
  if (nextState(batch.state, event) !== null) return null
  if (event === 'push' && (batch.state === 'submitted' || batch.state === 'rejected')) {
    return { code: 'guard/not-approved', batch: batch.batch, state: batch.state }
  }
  return { code: 'guard/wrong-state', batch: batch.batch, state: batch.state, wanted: statesFor(event).join(', ') }
}

/** How many different people must approve. */
export interface ApprovalPolicy {
  readonly approvers: number
}
export const oneApprover: ApprovalPolicy = { approvers: 1 }

/**
 * What the decisions on a batch come to. Only those bound to its digest count, the author's never do, a person counts once by
 * the last word, and one rejection outweighs all approvals.
 */
export function standingOf(batch: GuardedBatch, decisions: readonly Approval[], policy = oneApprover): 'waiting' | 'approved' | 'rejected' {
  const last = new Map<string, Approval['decision']>()
  for (const { by, decision, digest } of decisions) {
    if (digest === batch.digest && personKey(by) !== '' && !isSamePerson(by, batch.author)) last.set(personKey(by), decision)
  }
  const said = [...last.values()]
  if (said.includes('rejected')) return 'rejected'
  return said.length > 0 && said.length >= policy.approvers ? 'approved' : 'waiting'
}

/**
 * Everything that must hold before a push, whatever the stored state says: the decisions themselves are looked at again.
 * The content must have been read by `readContent` against the same digest.
 */
export const pushProblem = (
  batch: GuardedBatch,
  content: BatchContent,
  decisions: readonly Approval[],
  event: 'push' | 'resume' | 'retry',
  policy = oneApprover,
): GuardProblem | null =>
  pushProblemWith(
    batch,
    { removals: content.items.filter((item) => item.intent === 'remove').length, confirmed: content.confirmedRemovals },
    decisions,
    event,
    policy,
  )

/** The same, where the content was read in pieces and its removals counted on the way. */
export function pushProblemWith(
  batch: GuardedBatch,
  { removals, confirmed }: { readonly removals: number; readonly confirmed: number },
  decisions: readonly Approval[],
  event: 'push' | 'resume' | 'retry',
  policy = oneApprover,
): GuardProblem | null {
  const problem = stateProblem(batch, event)
  if (problem !== null) return problem
  if (standingOf(batch, decisions, policy) !== 'approved') return { code: 'guard/not-approved', batch: batch.batch, state: batch.state }
  return removalsProblem(removals, confirmed)
}
