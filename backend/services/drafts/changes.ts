import type { ChangesOverview, PlacedChange } from '../../../shared/contract/draft-methods.ts'
import type { InputOf, OutputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { findPatterns, type ChangePattern } from '../../../shared/core/diff/patterns.ts'
import { compareWithNothing, type Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import type { Draft } from './draft.ts'

/** The change set of a draft; without a baseline everybody is new. */
export const comparisonOf = ({ derived, table, columns, customer }: Draft): Comparison =>
  derived.comparison ?? compareWithNothing({ table, columns, ...(customer === null ? {} : { customer }) })

const patternsOf = (draft: Draft, comparison: Comparison): readonly ChangePattern[] =>
  draft.derived.comparison === null ? findPatterns(comparison) : draft.derived.patterns()

export function overviewOf(draft: Draft): ChangesOverview {
  const comparison = comparisonOf(draft)
  const patterns = patternsOf(draft, comparison)
  const { byRule } = draft.derived.findings
  const losesCalling = patterns.filter((pattern) => pattern.losesCalling).reduce((sum, { count }) => sum + count, 0)
  const risks: ChangesOverview['risks'] = [
    { kind: 'remove', count: comparison.summary.remove },
    { kind: 'loses-calling', count: losesCalling },
    { kind: 'rename', count: comparison.summary.rename },
    { kind: 'administrator', count: byRule['package/administrator'] ?? 0 },
    { kind: 'unknown-domain', count: byRule['email/unknown-domain'] ?? 0 },
    { kind: 'over-limit', count: byRule['package/over-limit'] ?? 0 },
    { kind: 'ignored', count: draft.derived.ignoredCount },
  ]
  return {
    summary: { ...comparison.summary, absent: comparison.absent },
    packages: comparison.packages,
    groups: patterns.map(({ key, intent, count, changes }) => ({ key, intent, count, changes })),
    risks: risks.filter(({ count }) => count > 0),
  }
}

export function changesList(
  draft: Draft,
  { intent, group, from, count }: InputOf<Methods['changes.list']>,
): OutputOf<Methods['changes.list']> {
  const comparison = comparisonOf(draft)
  const members = group === undefined ? null : new Set(patternsOf(draft, comparison).find(({ key }) => key === group)?.members)
  const changes: PlacedChange[] = []
  let total = 0
  for (let index = 0; index < comparison.count; index++) {
    if (members !== null && !members.has(index)) continue
    const place = comparison.placeOf(index)
    if (intent !== undefined && place.intent !== intent) continue
    if (total >= from && total < from + count) changes.push({ ...comparison.changeAt(index), rowId: place.row })
    total++
  }
  return { total, changes }
}
