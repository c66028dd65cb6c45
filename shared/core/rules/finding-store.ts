import type { Severity } from './finding.ts'

export const severities: readonly Severity[] = ['error', 'warning', 'info']

/** Findings as they are found: those of one rule, severity and column stand together, so that of most of them the row alone is kept. */
export interface FindingStore {
  readonly count: number
  /** Where those of a rule, a severity and a column go. */
  of(rule: number, level: number, column: number): FindingsOfKind
  each(visit: (rule: number, level: number, row: number, column: number, extra: number) => void): void
  /** By rule, then by severity: `rule * 3 + level`. */
  counts(ruleCount: number): Uint32Array
  /** In order: the file and its columns first, then by `positionOf(row)`, then by column, then by rule. */
  sorted(positionOf: Int32Array, rowCount: number): SortedFindings
}

export interface SortedFindings {
  readonly count: number
  /** `rule * 3 + level`. */
  readonly kinds: Uint16Array
  /** -1: file or column. */
  readonly rows: Int32Array
  readonly columns: Int16Array
  readonly extras: Int32Array
}

/** A piece holds twice as many as the one before, up to so many: few findings take little room, and many are never copied. */
const firstPiece = 16
const mostOfPiece = 1 << 15

interface Piece {
  readonly rows: Int32Array
  /** Null: all are 0. */
  readonly extras: Int32Array | null
  readonly count: number
}

/** Findings of one rule, one severity and one column. */
export class FindingsOfKind {
  readonly rule: number
  readonly level: number
  readonly column: number
  private readonly full: Piece[] = []
  private rows = new Int32Array(firstPiece)
  private extras: Int32Array | null = null
  private used = 0

  constructor(rule: number, level: number, column: number) {
    this.rule = rule
    this.level = level
    this.column = column
  }

  add(row: number, extra: number): void {
    if (this.used === this.rows.length) this.beginPiece()
    const at = this.used++
    this.rows[at] = row
    if (extra === 0) return
    this.extras ??= new Int32Array(this.rows.length)
    this.extras[at] = extra
  }

  /** The first `count` of these rows, each with what was noted of it; null: nothing was. */
  addMany(rows: Int32Array, extras: Int32Array | null, count: number): void {
    for (let from = 0; from < count;) {
      if (this.used === this.rows.length) this.beginPiece()
      const length = Math.min(count - from, this.rows.length - this.used)
      this.rows.set(rows.subarray(from, from + length), this.used)
      if (extras !== null) (this.extras ??= new Int32Array(this.rows.length)).set(extras.subarray(from, from + length), this.used)
      this.used += length
      from += length
    }
  }

  get pieces(): readonly Piece[] {
    return [...this.full, { rows: this.rows, extras: this.extras, count: this.used }]
  }

  get count(): number {
    return this.full.reduce((sum, piece) => sum + piece.count, this.used)
  }

  private beginPiece(): void {
    const { rows, extras, used } = this
    this.full.push({ rows, extras, count: used })
    this.rows = new Int32Array(Math.min(rows.length * 2, mostOfPiece))
    this.extras = null
    this.used = 0
  }
}

export function findingStore(): FindingStore {
  const kinds = new Map<number, FindingsOfKind>()
  const countAll = (): number => [...kinds.values()].reduce((sum, kind) => sum + kind.count, 0)
  return {
    of(rule, level, column) {
      const key = (column + 1) * mostKinds + rule * severities.length + level
      let kind = kinds.get(key)
      if (kind === undefined) kinds.set(key, (kind = new FindingsOfKind(rule, level, column)))
      return kind
    },
    get count() {
      return countAll()
    },
    each(visit) {
      for (const { rule, level, column, pieces } of kinds.values()) {
        for (const { rows, extras, count } of pieces) {
          for (let i = 0; i < count; i++) visit(rule, level, rows[i]!, column, extras === null ? 0 : extras[i]!)
        }
      }
    },
    counts(ruleCount) {
      const counts = new Uint32Array(ruleCount * severities.length)
      for (const kind of kinds.values()) counts[kind.rule * severities.length + kind.level]! += kind.count
      return counts
    },
    sorted(positionOf, rowCount) {
      // One counting sort by row: kinds come by column and rule, so the findings of one row find their order among themselves.
      const ordered = [...kinds.values()].sort((a, b) => a.column - b.column || a.rule - b.rule)
      const next = new Uint32Array(rowCount + 2)
      for (const { pieces } of ordered) for (const piece of pieces) countRows(piece, positionOf, next)
      for (let position = 0; position <= rowCount; position++) next[position + 1]! += next[position]!
      const count = next[rowCount + 1]!
      const sorted = findingColumns(count)
      const places = new Uint32Array(Math.min(count, mostOfPiece))
      for (const kind of ordered) for (const piece of kind.pieces) placeRows(kind, piece, positionOf, next, places, sorted)
      return sorted
    },
  }
}
/** More than there are of rules and severities together: a customer has 5,000 rules at most (`profile.ts`). */
const mostKinds = 0x10000

export const findingColumns = (count: number): SortedFindings => ({
  count,
  kinds: new Uint16Array(count),
  rows: new Int32Array(count),
  columns: new Int16Array(count),
  extras: new Int32Array(count),
})

/** Place 0 is the file's, which has row -1. */
function countRows({ rows, count }: Piece, positionOf: Int32Array, counts: Uint32Array): void {
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    counts[row < 0 ? 1 : positionOf[row]! + 2]!++
  }
}

function placeRows(
  { rule, level, column }: FindingsOfKind,
  { rows, extras, count }: Piece,
  positionOf: Int32Array,
  next: Uint32Array,
  places: Uint32Array,
  sorted: SortedFindings,
): void {
  findPlaces(rows, count, positionOf, next, places)
  putKind(places, count, rule * severities.length + level, column, sorted.kinds, sorted.columns)
  putEach(places, count, rows, sorted.rows)
  if (extras !== null) putEach(places, count, extras, sorted.extras)
}

// Over as few arrays as will do, so that what each loop needs stays in registers.

function findPlaces(rows: Int32Array, count: number, positionOf: Int32Array, next: Uint32Array, places: Uint32Array): void {
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    places[i] = next[row < 0 ? 0 : positionOf[row]! + 1]!++
  }
}

function putKind(places: Uint32Array, count: number, kind: number, column: number, kinds: Uint16Array, columns: Int16Array): void {
  for (let i = 0; i < count; i++) {
    kinds[places[i]!] = kind
    columns[places[i]!] = column
  }
}

function putEach(places: Uint32Array, count: number, values: Int32Array, into: Int32Array): void {
  for (let i = 0; i < count; i++) into[places[i]!] = values[i]!
}
