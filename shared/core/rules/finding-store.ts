import type { Severity } from './finding.ts'

export const severities: readonly Severity[] = ['error', 'warning', 'info']

/** Findings as columns of numbers, growing by doubling. `row` -1: file or column. */
export interface FindingStore {
  add(rule: number, severity: number, row: number, column: number, extra: number): void
  readonly count: number
  /** In order: the file and its columns first, then by `positionOf(row)`, then by column, then by rule. */
  sorted(positionOf: Int32Array, rowCount: number, columnCount: number, ruleCount: number): SortedFindings
}

export interface SortedFindings {
  readonly count: number
  readonly rules: Uint16Array
  readonly severities: Uint8Array
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly extras: Int32Array
}

export function findingStore(): FindingStore {
  let capacity = 256
  let count = 0
  let rules = new Uint16Array(capacity)
  let levels = new Uint8Array(capacity)
  let rows = new Int32Array(capacity)
  let columns = new Int32Array(capacity)
  let extras = new Int32Array(capacity)
  const grow = (): void => {
    capacity *= 2
    const grown = <A extends { set(from: A): void }>(make: new (length: number) => A, from: A): A => {
      const to = new make(capacity)
      to.set(from)
      return to
    }
    rules = grown<Uint16Array<ArrayBuffer>>(Uint16Array, rules)
    levels = grown<Uint8Array<ArrayBuffer>>(Uint8Array, levels)
    rows = grown<Int32Array<ArrayBuffer>>(Int32Array, rows)
    columns = grown<Int32Array<ArrayBuffer>>(Int32Array, columns)
    extras = grown<Int32Array<ArrayBuffer>>(Int32Array, extras)
  }
  return {
    add(rule, severity, row, column, extra) {
      if (count === capacity) grow()
      rules[count] = rule
      levels[count] = severity
      rows[count] = row
      columns[count] = column
      extras[count] = extra
      count++
    },
    get count() {
      return count
    },
    sorted(positionOf, rowCount, columnCount, ruleCount) {
      // Three stable counting sorts, the least important key first.
      let order = Uint32Array.from({ length: count }, (_, i) => i)
      order = countingSort(order, ruleCount, (i) => rules[i]!)
      order = countingSort(order, columnCount + 1, (i) => columns[i]! + 1)
      order = countingSort(order, rowCount + 1, (i) => (rows[i]! < 0 ? 0 : positionOf[rows[i]!]! + 1))
      const picked = <A extends Uint8Array | Uint16Array | Int32Array>(to: A, from: A): A => {
        for (let i = 0; i < count; i++) to[i] = from[order[i]!]!
        return to
      }
      return {
        count,
        rules: picked(new Uint16Array(count), rules),
        severities: picked(new Uint8Array(count), levels),
        rows: picked(new Int32Array(count), rows),
        columns: picked(new Int32Array(count), columns),
        extras: picked(new Int32Array(count), extras),
      }
    },
  }
}

function countingSort(order: Uint32Array<ArrayBuffer>, keys: number, keyOf: (item: number) => number): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(keys + 1)
  for (const item of order) starts[keyOf(item) + 1]!++
  for (let key = 0; key < keys; key++) starts[key + 1]! += starts[key]!
  const sorted = new Uint32Array(order.length)
  for (const item of order) sorted[starts[keyOf(item)]!++] = item
  return sorted
}
