import type { BatchState } from './batch.ts'

/** What can happen to a batch, and who makes it happen. */
export const batchEvents = {
  approve: 'reviewer',
  reject: 'reviewer',
  supersede: 'author',
  push: 'importer',
  resume: 'importer',
  retry: 'importer',
  interrupt: 'system',
  finish: 'system',
  'finish-partly': 'system',
} as const satisfies Readonly<Record<string, 'author' | 'reviewer' | 'importer' | 'system'>>
export type BatchEvent = keyof typeof batchEvents

/**
 * The whole life of a batch. An event that does not stand under a state is refused there. A batch that has touched the store
 * (`pushing` onwards) can no longer be taken back; undoing it is another batch.
 */
export const transitions: Readonly<Record<BatchState, Readonly<Partial<Record<BatchEvent, BatchState>>>>> = {
  submitted: { approve: 'approved', reject: 'rejected', supersede: 'superseded' },
  approved: { reject: 'rejected', supersede: 'superseded', push: 'pushing' },
  rejected: { supersede: 'superseded' },
  pushing: { interrupt: 'interrupted', finish: 'applied', 'finish-partly': 'partly-applied' },
  interrupted: { resume: 'pushing' },
  'partly-applied': { retry: 'pushing' },
  applied: {},
  superseded: {},
}

/** The state after an event, or null where it is not allowed. */
export const nextState = (state: BatchState, event: BatchEvent): BatchState | null => transitions[state][event] ?? null

/** The states in which an event is allowed: for the message of a refusal. */
export const statesFor = (event: BatchEvent): readonly BatchState[] =>
  (Object.keys(transitions) as BatchState[]).filter((state) => transitions[state][event] !== undefined)

/** Who acts next. A partly applied batch waits for the importer to try again or the author to make another. */
export const nextActor: Readonly<Record<BatchState, 'reviewer' | 'importer' | 'author' | null>> = {
  submitted: 'reviewer',
  approved: 'importer',
  rejected: 'author',
  pushing: null,
  interrupted: 'importer',
  applied: null,
  'partly-applied': 'importer',
  superseded: null,
}
