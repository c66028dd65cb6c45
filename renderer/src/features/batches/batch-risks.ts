import type { BatchDetail } from '../../../../shared/contract/batch-methods.ts'
import type { Risk } from '../../parts/changes.ts'

/** What of a frozen batch a reviewer must not miss, as far as its own counts say it. */
export function batchRisks({ summary, packages, ignored }: BatchDetail): readonly Risk[] {
  const overLimit = packages.filter(({ after, limit }) => limit !== undefined && after > limit).length
  const risks: readonly Risk[] = [
    { kind: 'remove', count: summary.remove },
    { kind: 'over-limit', count: overLimit },
    { kind: 'rename', count: summary.rename },
    { kind: 'ignored', count: ignored.length },
  ]
  return risks.filter(({ count }) => count > 0)
}
