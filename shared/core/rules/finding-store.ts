import type { Severity } from './finding.ts'

export const severities: readonly Severity[] = ['error', 'warning', 'info']

/** Findings as columns of numbers, growing by doubling. `row` -1: file or column. */
export interface FindingStore {
  add(rule: number, severity: number, row: number, column: number, extra: number): void
  readonly count: number
  /** In the order in which they were added. */
  each(visit: (rule: number, level: number, row: number, column: number, extra: number) => void): void
  /** In order: the file and its columns first, then by `positionOf(row)`, then by column, then by rule. */
  sorted(positionOf: Int32Array, rowCount: number): SortedFindings
}

export interface SortedFindings {
  readonly count: number
  readonly rules: Uint16Array
  readonly severities: Uint8Array
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly extras: Int32Array
}

/** `expected`: about how many there will be. */
export function findingStore(expected = 256): FindingStore {
  let capacity = Math.max(16, expected)
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
    each(visit) {
      for (let i = 0; i < count; i++) visit(rules[i]!, levels[i]!, rows[i]!, columns[i]!, extras[i]!)
    },
    sorted(positionOf, rowCount) {
      // By row in one counting sort; the few findings of one row are put in order among themselves.
      const order = countingSort(count, rowCount + 1, (i) => (rows[i]! < 0 ? 0 : positionOf[rows[i]!]! + 1))
      const isBefore = (a: number, b: number): boolean =>
        columns[a]! !== columns[b]! ? columns[a]! < columns[b]! : rules[a]! !== rules[b]! ? rules[a]! < rules[b]! : a < b
      for (let i = 1; i < count; i++) {
        const item = order[i]!
        const row = rows[item]!
        let at = i
        while (at > 0 && rows[order[at - 1]!] === row && isBefore(item, order[at - 1]!)) {
          order[at] = order[at - 1]!
          at--
        }
        order[at] = item
      }
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

function countingSort(count: number, keys: number, keyOf: (item: number) => number): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(keys + 1)
  for (let item = 0; item < count; item++) starts[keyOf(item) + 1]!++
  for (let key = 0; key < keys; key++) starts[key + 1]! += starts[key]!
  const sorted = new Uint32Array(count)
  for (let item = 0; item < count; item++) sorted[starts[keyOf(item)]!++] = item
  return sorted
}
