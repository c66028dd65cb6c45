import type { DraftState } from '../../../../shared/contract/draft-methods.ts'
import { changedUsers } from '../../parts/intent.ts'

/** One line of what stands between a draft and its review. `count` fills the words. */
export interface SendCheck {
  readonly kind: 'read-only' | 'errors' | 'no-changes' | 'no-customer' | 'no-baseline' | 'warnings' | 'clean'
  readonly blocks: boolean
  readonly count: number
}

/** What blocks first, then what a sender should know. The backend checks again; this only says it in time. */
export function sendChecks(state: DraftState): readonly SendCheck[] {
  const { warning } = state.findings
  const error = state.findings.error - unconfirmedRemovals(state)
  const checks: readonly (SendCheck & { readonly holds: boolean })[] = [
    { kind: 'read-only', blocks: true, count: 0, holds: state.readOnly },
    { kind: 'errors', blocks: true, count: error, holds: error > 0 },
    { kind: 'no-customer', blocks: true, count: 0, holds: state.customer === null },
    { kind: 'no-changes', blocks: true, count: 0, holds: state.changes !== null && changedUsers(state.changes) === 0 },
    { kind: 'no-baseline', blocks: false, count: state.rows, holds: state.baseline === null },
    { kind: 'warnings', blocks: false, count: warning, holds: warning > 0 },
    { kind: 'clean', blocks: false, count: 0, holds: state.findings.error + warning === 0 },
  ]
  return checks.filter(({ holds }) => holds).map(({ kind, blocks, count }) => ({ kind, blocks, count }))
}

/** Removals are errors until they are confirmed, and sending confirms them by their typed count. */
const unconfirmedRemovals = (state: DraftState): number =>
  state.byRule.find(({ rule, severity }) => rule === 'package/removal' && severity === 'error')?.count ?? 0
