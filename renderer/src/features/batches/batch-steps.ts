import type { BatchDetail } from '../../../../shared/contract/batch-methods.ts'
import type { BatchState } from '../../../../shared/core/batch/batch.ts'

export interface BatchStep {
  readonly state: BatchState
  readonly phase: 'done' | 'now' | 'ahead' | 'failed' | 'trouble'
  readonly by: string | null
  readonly at: string | null
}

/** The line of states that this batch went and may still go: a rejected one ends there, an interrupted push shows as trouble. */
export function batchSteps(batch: BatchDetail): readonly BatchStep[] {
  const decision = batch.approvals.at(-1) ?? null
  const pushed = batch.history.findLast(({ what }) => ['push-ended', 'push', 'resume', 'retry'].includes(what)) ?? null
  const submitted: BatchStep = { state: 'submitted', phase: 'done', by: batch.author, at: batch.submittedAt }
  const decided = { by: decision?.by ?? null, at: decision?.at ?? null }
  const ended = { by: pushed?.by ?? null, at: pushed?.at ?? null }
  const none = { by: null, at: null }
  switch (batch.state) {
    case 'submitted':
      return [submitted, { state: 'approved', phase: 'now', ...none }, { state: 'applied', phase: 'ahead', ...none }]
    case 'rejected':
      return [submitted, { state: 'rejected', phase: 'failed', ...decided }]
    case 'superseded':
      return [submitted, { state: 'superseded', phase: 'trouble', ...none }]
    case 'approved':
      return [submitted, { state: 'approved', phase: 'done', ...decided }, { state: 'applied', phase: 'now', ...none }]
    case 'pushing':
      return [submitted, { state: 'approved', phase: 'done', ...decided }, { state: 'pushing', phase: 'now', ...ended }]
    case 'interrupted':
    case 'partly-applied':
      return [submitted, { state: 'approved', phase: 'done', ...decided }, { state: batch.state, phase: 'trouble', ...ended }]
    case 'applied':
      return [submitted, { state: 'approved', phase: 'done', ...decided }, { state: 'applied', phase: 'done', ...ended }]
  }
}
