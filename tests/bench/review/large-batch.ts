import { generateKeyPairSync, sign } from 'node:crypto'
import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { digestOf } from '../../../shared/core/batch/digest.ts'
import { reviewGroups, seenItems } from '../../../shared/core/review/groups.ts'
import { policyFactsOf, risksOf } from '../../../shared/core/review/risks.ts'
import { statementText } from '../../../shared/core/review/statement.ts'
import { hasher, largeBatch } from './items.ts'

interface Outcome {
  readonly found: unknown
  readonly stages: Readonly<Record<string, number>>
}

export const prepare = ({ items }: Readonly<Record<string, unknown>>): BatchContent => largeBatch(Number(items))

/** What the review of a large batch waits for: the overview, the list of groups, the next change, digest and signature. */
export function run(_: unknown, content: BatchContent): Outcome {
  const stages: Record<string, number> = {}
  const timed = <T>(name: string, work: () => T): T => {
    const start = performance.now()
    const result = work()
    stages[name] = performance.now() - start
    return result
  }
  const customer = { name: content.customer, administrators: ['user.10@nordlys.no'], emailDomains: ['nordlys.no'] }
  const overview = timed('overview', () => ({ risks: risksOf(content, customer), facts: policyFactsOf(content, customer) }))
  const groups = timed('groups', () => reviewGroups(content))
  const next = timed('next', () => {
    const seen = new Set(groups.slice(0, -1).map(({ key }) => key))
    const group = groups.find(({ key }) => !seen.has(key))
    const members = new Set(group?.members)
    return { seen: seenItems(groups, seen), page: content.items.filter(({ number }) => members.has(number)).slice(0, 50).length }
  })
  const { privateKey } = generateKeyPairSync('ed25519')
  const signed = timed('digest and signature', () => {
    const digest = digestOf(content, hasher)
    const approval = { by: 'Ola', decision: 'approved', at: '2026-11-21T09:00:00.000Z', digest } as const
    const place = { batch: 'b-1', lineage: 'bench', summary: content.summary, confirmedRemovals: content.confirmedRemovals }
    return sign(null, Buffer.from(statementText(place, approval, `1:${'0'.repeat(64)}`)), privateKey).length
  })
  return { found: { risks: overview.risks.map(({ count }) => count), groups: groups.length, next, signed }, stages }
}

export const check = ({ found }: Outcome): unknown => found
export const stages = (outcome: Outcome): Readonly<Record<string, number>> => outcome.stages
