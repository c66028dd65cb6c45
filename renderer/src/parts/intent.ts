import type { ChangeSummary, Intent } from '../../../shared/core/diff/change-set.ts'
import type { Tone } from '../ui/tone.ts'

/** Intents in the order a reviewer should meet them: what cannot be taken back first. */
export const intentOrder = ['remove', 'rename', 'packageChange', 'update', 'add'] as const satisfies readonly Intent[]

export const toneOf: Readonly<Record<Intent, Tone>> = {
  add: 'add',
  update: 'update',
  packageChange: 'package',
  rename: 'rename',
  remove: 'remove',
}

/** How many users something changes, of whatever kind. */
export const changedUsers = (summary: ChangeSummary): number =>
  summary.add + summary.update + summary.packageChange + summary.rename + summary.remove
