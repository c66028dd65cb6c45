import type { BatchContent, BatchItem } from '../batch/batch.ts'
import type { ContentFrame } from '../batch/read-content.ts'
import { isCallingPackage } from '../catalogue/packages.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import { emailKey } from '../diff/cell-meaning.ts'
import { administratorKeys, type PolicyFacts } from './policy.ts'

/** A thing that a reviewer must not miss. `over-limit` counts packages, `ignored` findings, all others users. */
export interface ReviewRisk {
  readonly kind: 'remove' | 'loses-calling' | 'rename' | 'administrator' | 'unknown-domain' | 'over-limit' | 'ignored'
  readonly count: number
  /** The first few users it is about. */
  readonly emails: readonly string[]
}

const named = 5

/** The user loses the calling package, and with it number and voicemail for good (AUTOLIC). Removals are counted on their own. */
export const losesCalling = ({ intent, from, to }: BatchItem): boolean =>
  intent === 'packageChange' && from !== null && isCallingPackage(from) && (to === null || !isCallingPackage(to))

/** What is risky in a frozen batch, the worst first, as far as its content and the customer's profile say it. */
export function risksOf(content: BatchContent, customer: CustomerProfile | null): readonly ReviewRisk[] {
  const administrators = administratorKeys(customer?.administrators)
  const domains = customer?.emailDomains === undefined ? null : new Set(customer.emailDomains.map((domain) => domain.toLowerCase()))
  const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const risk = (kind: ReviewRisk['kind'], holds: (item: BatchItem) => boolean): ReviewRisk => {
    const items = content.items.filter(holds)
    return { kind, count: items.length, emails: items.slice(0, named).map(({ email }) => email) }
  }
  const risks: readonly ReviewRisk[] = [
    risk('remove', ({ intent }) => intent === 'remove'),
    risk('administrator', (item) => touchesAdministrator(item, administrators)),
    risk('loses-calling', losesCalling),
    {
      kind: 'over-limit',
      count: content.packages.filter(({ after, limit }) => limit !== undefined && after > limit).length,
      emails: [],
    },
    risk('rename', ({ intent }) => intent === 'rename'),
    risk(
      'unknown-domain',
      ({ intent, email }) => domains !== null && (intent === 'add' || intent === 'rename') && !domains.has(domainOf(email)),
    ),
    { kind: 'ignored', count: content.ignored.length, emails: [] },
  ]
  return risks.filter(({ count }) => count > 0)
}

const touchesAdministrator = (item: BatchItem, administrators: ReadonlySet<string>): boolean =>
  administrators.has(emailKey(item.email)) || (item.formerEmail !== null && administrators.has(emailKey(item.formerEmail)))

/** What a policy looks at in a frozen batch. */
export function policyFactsOf(content: BatchContent, customer: CustomerProfile | null): PolicyFacts {
  return policyFactsWith(content, countForPolicy(content.items, customer))
}

export type PolicyCounts = Pick<PolicyFacts, 'administrators' | 'losesCalling'>

/** What of it is counted over the items: those of a part are added up, where not all of them are in memory. */
export function countForPolicy(items: readonly BatchItem[], customer: CustomerProfile | null): PolicyCounts {
  const administrators = administratorKeys(customer?.administrators)
  return {
    administrators: items.filter((item) => touchesAdministrator(item, administrators)).length,
    losesCalling: items.filter(losesCalling).length,
  }
}

export const policyFactsWith = ({ summary, baseline, packages }: ContentFrame, counts: PolicyCounts): PolicyFacts => ({
  summary,
  baselineUsers: baseline.users,
  packages,
  ...counts,
})
