import { removalsProblem, standingOf, type ApprovalPolicy, type GuardedBatch, type GuardProblem } from '../batch/approval.ts'
import type { Approval, BatchContent, BatchState } from '../batch/batch.ts'

/** The API is the second step of a push: it follows what the provisioning store has. */
const pushed: readonly BatchState[] = ['applied', 'partly-applied']
const approved: readonly BatchState[] = ['approved', 'pushing', 'interrupted', ...pushed]

/**
 * Everything that must hold before anything of a batch is handed to the API or to a file for it, as for a push; the content must have
 * been read against its digest. `files`: an approval is enough.
 */
export function sendProblem(
  batch: GuardedBatch,
  content: BatchContent,
  decisions: readonly Approval[],
  policy: ApprovalPolicy,
  target: 'api' | 'files',
): GuardProblem | null {
  if (content.storeOnly === true) return { code: 'guard/store-only', batch: batch.batch }
  if (!approved.includes(batch.state) || standingOf(batch, decisions, policy) !== 'approved') {
    return { code: 'guard/not-approved', batch: batch.batch, state: batch.state }
  }
  if (target === 'api' && !pushed.includes(batch.state)) {
    return { code: 'guard/wrong-state', batch: batch.batch, state: batch.state, wanted: pushed.join(', ') }
  }
  return removalsProblem(content.items.filter((item) => item.intent === 'remove').length, content.confirmedRemovals)
}
