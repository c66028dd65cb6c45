import { createHash } from 'node:crypto'
import type { BatchContent, BatchItem } from '../../../shared/core/batch/batch.ts'
import type { Hasher } from '../../../shared/core/batch/hasher.ts'

export const hasher: Hasher = { sha256: (text) => createHash('sha256').update(text).digest('hex') }

/** A frozen batch as a large customer's would be: a reorganisation, a move of packages, names that each are another, a few removals. */
export function largeBatch(count: number): BatchContent {
  const items = Array.from({ length: count }, (_, number): BatchItem => {
    const email = `user.${number}@nordlys.no`
    const item = { number, email, formerEmail: null, row: number + 2, from: null, to: null }
    if (number % 1000 === 999) return { ...item, intent: 'remove', from: 'Webex Suite', cells: [] }
    if (number % 10 === 0) return { ...item, intent: 'packageChange', from: 'Webex Calling', to: 'Webex Suite', cells: [] }
    const department = { column: 'Department', before: `Unit ${number % 40}`, after: `Unit ${(number % 40) + 1}` }
    if (number % 10 > 6)
      return { ...item, intent: 'update', cells: [department, { column: 'Title', before: '', after: `Agent ${number}` }] }
    return { ...item, intent: 'update', cells: [department] }
  })
  const of = (intent: string): number => items.filter((item) => item.intent === intent).length
  return {
    format: 1,
    customer: 'Nordlys Energi AS',
    author: 'Kari',
    rulesetVersion: '1',
    target: { lineage: 'bench' },
    baseline: { kind: 'file', fingerprint: '0'.repeat(64), users: count },
    header: [],
    summary: { add: 0, update: of('update'), packageChange: of('packageChange'), remove: of('remove'), rename: 0, unchanged: 0 },
    packages: [{ package: 'Webex Suite', before: count, after: count }],
    confirmedRemovals: of('remove'),
    ignored: [],
    items,
  }
}
