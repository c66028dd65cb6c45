import type { AppError } from '../../../shared/contract/app-error.ts'
import type { ChangeGroup, ChangesOverview } from '../../../shared/contract/draft-methods.ts'
import type { Change, Intent } from '../../../shared/core/diff/change-set.ts'
import type { Result } from '../../../shared/kit/result.ts'
import { intentOrder } from './intent.ts'

/** Asks for the members of a group: of a draft, or of a frozen batch. */
export type LoadChanges = (page: {
  readonly group: string
  readonly from: number
  readonly count: number
}) => Promise<Result<{ readonly total: number; readonly changes: readonly Change[] }, AppError>>

/** A thing that a reviewer must not miss, with how often. */
export type Risk = ChangesOverview['risks'][number]

/** Groups as a reviewer should meet them: removals first, then by kind, the largest of a kind first. */
export function inReviewOrder(groups: readonly ChangeGroup[]): readonly ChangeGroup[] {
  const rank = (intent: Intent): number => intentOrder.indexOf(intent)
  return groups.toSorted((left, right) => rank(left.intent) - rank(right.intent) || right.count - left.count)
}
