import { compareWithBaseline, type Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import { open } from './open.ts'

export { warmUp } from './open.ts'

interface Outcome {
  readonly comparison: Comparison
  readonly stages: { readonly open: number; readonly diff: number }
}

/** Opens both files and works out the change set. */
export async function run({ before, after }: { readonly before: string; readonly after: string }): Promise<Outcome> {
  const started = performance.now()
  const baseline = await open(before)
  const file = await open(after)
  const isOpen = performance.now()
  const comparison = compareWithBaseline({ ...file, baseline })
  return { comparison, stages: { open: isOpen - started, diff: performance.now() - isOpen } }
}
export const stages = (outcome: Outcome): Outcome['stages'] => outcome.stages

export function check({ comparison: { summary, absent } }: Pick<Outcome, 'comparison'>): unknown {
  // The peers do not suspect that a new user is one who vanished.
  const { add, update, packageChange, rename } = summary
  return { added: add + rename, changed: update + packageChange, gone: absent + rename }
}
