import type { BatchState, ItemOutcome } from '../../../../shared/core/batch/batch.ts'
import type { Tone } from '../../ui/tone.ts'

export const stateTone: Readonly<Record<BatchState, Tone>> = {
  submitted: 'accent',
  approved: 'ok',
  rejected: 'remove',
  pushing: 'accent',
  interrupted: 'warning',
  applied: 'ok',
  'partly-applied': 'warning',
  superseded: 'neutral',
}

export const outcomeTone: Readonly<Record<ItemOutcome, Tone>> = {
  applied: 'ok',
  refused: 'remove',
  skipped: 'neutral',
  unknown: 'warning',
  pending: 'neutral',
}

/** The first letters of a digest: enough for people to compare aloud. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/u, '').slice(0, 12)
