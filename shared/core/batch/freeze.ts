import type { Comparison } from '../diff/compare-with-baseline.ts'
import type { Change } from '../diff/change-set.ts'
import type { BatchContent, BatchItem } from './batch.ts'
import { wellFormed } from './canonical.ts'
import { baselineFingerprint } from './drift.ts'
import type { Hasher } from './hasher.ts'

/** What a batch needs to know besides the change set. */
export interface FreezeFacts {
  readonly customer: string
  readonly author: string
  readonly rulesetVersion: string
  readonly target: BatchContent['target']
  readonly baseline: BatchContent['baseline']['kind']
  readonly confirmedRemovals: number
  readonly ignored?: BatchContent['ignored']
}

/**
 * A change set as it will be reviewed and pushed: nothing in it changes any more. Items stand in the file's order, removals after
 * all others. Their cells go by column key, so that the store understands them whatever the file called its columns; the email
 * and the package columns are not among them, since `email`, `formerEmail`, `from` and `to` say the same in one place.
 */
export function freeze(changes: Comparison, facts: FreezeFacts, hasher: Hasher): BatchContent {
  const items = frozenItems(changes)
  return {
    format: 1,
    customer: wellFormed(facts.customer),
    author: wellFormed(facts.author),
    rulesetVersion: facts.rulesetVersion,
    target: facts.target,
    baseline: { kind: facts.baseline, fingerprint: baselineFingerprint(items, hasher), users: changes.baselineUsers ?? 0 },
    header: changes.columns.map((column) => wellFormed(column.header)),
    summary: changes.summary,
    packages: changes.packages,
    confirmedRemovals: facts.confirmedRemovals,
    ignored: facts.ignored ?? [],
    items,
  }
}

/** The items alone, for those who only want to know what would be sent. */
export function frozenItems(changes: Comparison): readonly BatchItem[] {
  const indexes = Array.from({ length: changes.count }, (_, index) => index)
  const isRemoval = (index: number): boolean => changes.placeOf(index).intent === 'remove'
  const ordered = [...indexes.filter((index) => !isRemoval(index)), ...indexes.filter(isRemoval)]
  return ordered.map((index, number) => itemAt(changes, index, number))
}

function itemAt(changes: Comparison, index: number, number: number): BatchItem {
  const change: Change = changes.changeAt(index)
  const cells = changes.cellsAt(index).filter(({ column }) => column.role === 'cell')
  return {
    number,
    intent: change.intent,
    email: wellFormed(change.email),
    formerEmail: change.formerEmail === undefined ? null : wellFormed(change.formerEmail),
    row: change.row,
    from: change.from ?? null,
    to: change.to ?? null,
    cells: cells.map(({ column, before, after }) => ({
      column: wellFormed(column.key),
      before: wellFormed(before),
      after: wellFormed(after),
    })),
  }
}
