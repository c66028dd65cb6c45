import type { BatchItem } from '../batch/batch.ts'
import { driftOfItem, packageField, subjectKey, type FindSubscriber } from '../batch/drift.ts'
import { cellOf, type Subscriber } from '../batch/subscriber.ts'
import type { PackageName } from '../catalogue/packages.ts'

/** One place where the batch, the users as it found them and the users as they stand now do not agree. */
export interface ThreeWayCell {
  /** Column key, or `Package`. */
  readonly column: string
  readonly baseline: string
  readonly now: string
  readonly wanted: string
}

/** A touched row: somebody else changed what the batch relies on. */
export interface ThreeWayRow {
  readonly number: number
  readonly email: string
  readonly intent: BatchItem['intent']
  /** `missing`: the user is gone; `exists`: to be added, but there; `changed`: the cells hold other texts. */
  readonly kind: 'missing' | 'exists' | 'changed'
  readonly cells: readonly ThreeWayCell[]
}

/** Only the touched rows, with what stood there, what stands there now, and what the batch wants. */
export function threeWay(items: readonly BatchItem[], find: FindSubscriber): readonly ThreeWayRow[] {
  return items.flatMap((item): readonly ThreeWayRow[] => {
    const present = find(subjectKey(item))
    const drift = driftOfItem(item, present)
    if (drift === null) return []
    const { number, email, intent } = item
    const columns = drift.kind === 'exists' ? item.cells.map(({ column }) => column) : drift.columns
    return [{ number, email, intent, kind: drift.kind, cells: columns.flatMap((column) => cellAt(item, present, column)) }]
  })
}

function cellAt(item: BatchItem, present: Subscriber | null, column: string): readonly ThreeWayCell[] {
  if (column === packageField) return [{ column, baseline: item.from ?? '', now: present?.package ?? '', wanted: item.to ?? '' }]
  const cell = item.cells.find((candidate) => candidate.column === column)
  if (cell === undefined) return []
  const now = present === null ? '' : cellOf(present, column)
  return now === cell.after && item.intent === 'add' ? [] : [{ column, baseline: cell.before, now, wanted: cell.after }]
}

/** `keep`: what the batch wants, now over the new text. `take`: what stands there now. A cell that is not named is kept. */
export interface ThreeWayChoice {
  readonly number: number
  /** Column key, `Package`, or null for the whole row. */
  readonly column: string | null
  readonly choice: 'keep' | 'take'
}

/**
 * The items as they are after the choices, standing on the users as they are now. Items without drift are unchanged. A row that is taken
 * whole, a user who is gone, and an item that has nothing left to do drop out. Law: the result has no drift against `find`.
 */
export function settle(items: readonly BatchItem[], find: FindSubscriber, choices: readonly ThreeWayChoice[]): readonly BatchItem[] {
  const chosen = new Map(choices.map(({ number, column, choice }) => [`${number} ${column ?? ''}`, choice]))
  const takes = (number: number, column: string | null): boolean => chosen.get(`${number} ${column ?? ''}`) === 'take'
  return items.flatMap((item): readonly BatchItem[] => {
    const present = find(subjectKey(item))
    if (driftOfItem(item, present) === null) return [item]
    if (present === null || takes(item.number, null)) return []
    const settled = onto(item, present, (column) => takes(item.number, column))
    return settled === null ? [] : [settled]
  })
}

function onto(item: BatchItem, present: Subscriber, takes: (column: string) => boolean): BatchItem | null {
  const cells = item.cells
    .map(({ column, after }) => ({ column, before: cellOf(present, column), after }))
    .filter(({ column, before, after }) => before !== after && !takes(column))
  const from = present.package
  if (item.intent === 'remove') return { ...item, from, cells: [] }
  const movesPackage = item.intent !== 'update' && !takes(packageField) && item.to !== from
  const to: PackageName | null = movesPackage ? item.to : from
  if (item.intent === 'rename') return { ...item, from, to, cells }
  if (movesPackage) return { ...item, intent: 'packageChange', from, to, cells }
  return cells.length === 0 ? null : { ...item, intent: 'update', from: null, to: null, cells }
}
