import Type, { type Static } from 'typebox'
import { emailKey } from '../diff/cell-meaning.ts'
import type { ChangeSummary, PackageCount } from '../diff/change-set.ts'
import { firstProblem, type PathProblem } from '../rules/custom-rule.ts'
import { err, ok, type Result } from '../../kit/result.ts'

const strict = { additionalProperties: false } as const
const approvers = Type.Integer({ minimum: 1, maximum: 5 })

/**
 * Who must approve what, one file a customer (docs/review-policy.md). `approvers` always; more where one of the parts applies.
 * Without a file one person other than the author approves.
 */
export const policySchema = Type.Object(
  {
    format: Type.Literal(1),
    approvers,
    /** More users removed than `percent` of the baseline, or than `users`: either is enough. */
    removals: Type.Optional(
      Type.Object(
        {
          percent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
          users: Type.Optional(Type.Integer({ minimum: 0 })),
          approvers,
        },
        strict,
      ),
    ),
    administrators: Type.Optional(Type.Object({ approvers }, strict)),
    overLimit: Type.Optional(Type.Object({ approvers }, strict)),
    losesCalling: Type.Optional(Type.Object({ users: Type.Optional(Type.Integer({ minimum: 0 })), approvers }, strict)),
    /** Only decisions signed with a reviewer's key count. */
    signed: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type ReviewPolicy = Static<typeof policySchema>

export const plainPolicy: ReviewPolicy = { format: 1, approvers: 1 }

/** What a new policy file proposes: the thresholds that other tools warn at. */
export const proposedPolicy: ReviewPolicy = {
  format: 1,
  approvers: 1,
  removals: { percent: 5, users: 25, approvers: 2 },
  administrators: { approvers: 2 },
  overLimit: { approvers: 2 },
}

/** Strict: an unknown key or a wrong type is refused with its path, so that a misspelt rule cannot be silently without effect. */
export function parsePolicy(json: unknown): Result<ReviewPolicy, PathProblem> {
  const problem = firstProblem(policySchema, json)
  if (problem !== null) return err(problem)
  const policy = json as ReviewPolicy
  const idle = policy.removals !== undefined && policy.removals.percent === undefined && policy.removals.users === undefined
  return idle ? err({ path: '/removals', detail: 'says neither percent nor users, so it would never apply' }) : ok(policy)
}

/** What of a change a policy looks at. */
export interface PolicyFacts {
  readonly summary: ChangeSummary
  readonly baselineUsers: number
  readonly packages: readonly PackageCount[]
  readonly administrators: number
  readonly losesCalling: number
}

export interface PolicyReason {
  readonly kind: 'always' | 'removals-percent' | 'removals-users' | 'administrators' | 'over-limit' | 'loses-calling'
  readonly approvers: number
  /** How many users (packages for `over-limit`) it is about, and the bound that was passed. */
  readonly count: number
  readonly bound: number
}

export interface AppliedPolicy {
  readonly approvers: number
  readonly signed: boolean
  /** Every part that applies, the strictest first; `always` among them. */
  readonly reasons: readonly PolicyReason[]
}

/** The policy held against a change. Law: a change with more removals, administrators or seats over a limit never needs fewer approvers. */
export function applyPolicy(policy: ReviewPolicy, facts: PolicyFacts): AppliedPolicy {
  const { summary, baselineUsers, packages, administrators, losesCalling } = facts
  const overLimit = packages.filter(({ after, limit }) => limit !== undefined && after > limit).length
  const { removals } = policy
  const percent = removals?.percent
  const reasons: PolicyReason[] = [{ kind: 'always', approvers: policy.approvers, count: 0, bound: 0 }]
  if (removals !== undefined && percent !== undefined && summary.remove * 100 > baselineUsers * percent) {
    reasons.push({ kind: 'removals-percent', approvers: removals.approvers, count: summary.remove, bound: percent })
  }
  if (removals?.users !== undefined && summary.remove > removals.users) {
    reasons.push({ kind: 'removals-users', approvers: removals.approvers, count: summary.remove, bound: removals.users })
  }
  if (policy.administrators !== undefined && administrators > 0) {
    reasons.push({ kind: 'administrators', approvers: policy.administrators.approvers, count: administrators, bound: 0 })
  }
  if (policy.overLimit !== undefined && overLimit > 0) {
    reasons.push({ kind: 'over-limit', approvers: policy.overLimit.approvers, count: overLimit, bound: 0 })
  }
  if (policy.losesCalling !== undefined && losesCalling > (policy.losesCalling.users ?? 0)) {
    reasons.push({
      kind: 'loses-calling',
      approvers: policy.losesCalling.approvers,
      count: losesCalling,
      bound: policy.losesCalling.users ?? 0,
    })
  }
  const ordered = reasons.toSorted((a, b) => b.approvers - a.approvers)
  return { approvers: ordered[0]?.approvers ?? 1, signed: policy.signed ?? false, reasons: ordered }
}

/** Emails as the policy and the risks compare them. */
export const administratorKeys = (administrators: readonly string[] | undefined): ReadonlySet<string> =>
  new Set((administrators ?? []).map(emailKey))
