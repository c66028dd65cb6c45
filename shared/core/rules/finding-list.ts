import type { RowId } from '../table/table.ts'
import { findingColumns, severities, type SortedFindings } from './finding-store.ts'

/** One finding as it is kept, by numbers: of its rule, its severity (`severities`), its column and what the rule noted. */
export interface KeptFinding {
  readonly rule: number
  readonly level: number
  readonly column: number
  readonly extra: number
  /** It has a repair that is safe; asked for when it was found. */
  readonly isSafe: boolean
}

/** Findings of one row that stand instead of those the full check had found. */
interface Patch {
  readonly row: RowId
  /** Position of the row in the table; -1: the file and its columns. */
  readonly position: number
  /** What it stands for among the findings of the full check. */
  readonly from: number
  readonly to: number
  /** Index of its first finding. */
  start: number
  findings: readonly KeptFinding[]
}

/** Rule and severity of a kind: `rule * 3 + level`. */
const ruleOf = (kind: number): number => Math.floor(kind / severities.length)
const levelOf = (kind: number): number => kind % severities.length
const kindOf = (rule: number, level: number): number => rule * severities.length + level

/** So few are copied one by one. */
const shortStretch = 16

/** Above this, patches are merged into the base: looking a finding up stays quick, and merging is rare. */
const mostPatches = 2_048

/**
 * The findings of a table in order, counted, of which those of single rows can be replaced. A million findings are columns of numbers;
 * what was replaced lies beside them as patches, found by halving.
 */
export class FindingList {
  count = 0
  /** By rule, then by severity: `rule * 3 + level`. */
  readonly counts: Uint32Array
  private base: SortedFindings
  /** By row id: its place in the order of the table. */
  readonly positionOf: Int32Array
  private patches: Patch[] = []
  /** As `counts`, of those with a safe repair; null until somebody asks. */
  private safeCounts: Uint32Array | null = null
  private isSafe: Uint8Array | null = null

  constructor(base: SortedFindings, counts: Uint32Array, positionOf: Int32Array) {
    this.base = base
    this.positionOf = positionOf
    this.count = base.count
    this.counts = counts
  }

  ruleAt(index: number): number {
    const patch = this.patchAt(index)
    return patch === null ? ruleOf(this.base.kinds[this.baseIndex]!) : patch.findings[this.patchIndex]!.rule
  }

  levelAt(index: number): number {
    const patch = this.patchAt(index)
    return patch === null ? levelOf(this.base.kinds[this.baseIndex]!) : patch.findings[this.patchIndex]!.level
  }

  rowAt(index: number): RowId {
    const patch = this.patchAt(index)
    return patch === null ? this.base.rows[this.baseIndex]! : patch.row
  }

  columnAt(index: number): number {
    const patch = this.patchAt(index)
    return patch === null ? this.base.columns[this.baseIndex]! : patch.findings[this.patchIndex]!.column
  }

  extraAt(index: number): number {
    const patch = this.patchAt(index)
    return patch === null ? this.base.extras[this.baseIndex]! : patch.findings[this.patchIndex]!.extra
  }

  /** Indexes of a row's findings: `from` … `to` (not included). Row -1: those of the file and its columns. */
  rangeOf(row: RowId): { readonly from: number; readonly to: number } {
    const position = row < 0 ? -1 : this.positionOf[row]!
    const patch = this.patches[this.patchBefore((one) => one.position <= position)]
    if (patch === undefined) return this.baseRange(position, 0)
    if (patch.position === position) return { from: patch.start, to: patch.start + patch.findings.length }
    return this.baseRange(position, patch.start + patch.findings.length - patch.to)
  }

  /** Puts the findings of rows in the place of those they had. Each list is in order: by column, then by rule. */
  replace(ofRows: ReadonlyMap<RowId, readonly KeptFinding[]>): void {
    const ranges = new Map<RowId, { readonly from: number; readonly to: number }>()
    for (const [row, findings] of ofRows) {
      const range = this.rangeOf(row)
      ranges.set(row, range)
      for (let index = range.from; index < range.to; index++) this.tally(this.ruleAt(index), this.levelAt(index), this.isSafeAt(index), -1)
      for (const { rule, level, isSafe } of findings) this.tally(rule, level, isSafe, 1)
    }
    const known = new Map(this.patches.map((patch) => [patch.position, patch]))
    for (const [row, findings] of ofRows) {
      const { from, to } = ranges.get(row)!
      this.count += findings.length - (to - from)
      const position = row < 0 ? -1 : this.positionOf[row]!
      const patch = known.get(position)
      if (patch !== undefined) patch.findings = findings
      else known.set(position, { row, position, ...this.baseRange(position, 0), start: 0, findings })
    }
    this.patches = [...known.values()].sort((a, b) => a.position - b.position)
    let shift = 0
    for (const patch of this.patches) {
      patch.start = patch.from + shift
      shift += patch.findings.length - (patch.to - patch.from)
    }
    if (this.patches.length > mostPatches) this.merge()
  }

  /**
   * Lets the findings that `isGone` go and takes in others, in order, of rows, columns and rules that have none left: for very many at
   * once. `isSafe` is asked of those that come, where safe repairs are counted.
   */
  replaceMany(
    isGone: (rule: number, row: number, column: number) => boolean,
    fresh: SortedFindings,
    isSafe: (rule: number, row: number, column: number, extra: number) => boolean,
  ): void {
    this.merge()
    const old = this.base
    const { positionOf, counts, safeCounts } = this
    const merged = findingColumns(old.count + fresh.count)
    const wasSafe = this.isSafe
    const safe = wasSafe === null ? null : new Uint8Array(old.count + fresh.count)
    let at = 0
    const take = (from: SortedFindings, first: number, end: number): void => {
      if (end - first < shortStretch) {
        for (let index = first; index < end; index++, at++) {
          merged.kinds[at] = from.kinds[index]!
          merged.rows[at] = from.rows[index]!
          merged.columns[at] = from.columns[index]!
          merged.extras[at] = from.extras[index]!
        }
        return
      }
      merged.kinds.set(from.kinds.subarray(first, end), at)
      merged.rows.set(from.rows.subarray(first, end), at)
      merged.columns.set(from.columns.subarray(first, end), at)
      merged.extras.set(from.extras.subarray(first, end), at)
      at += end - first
    }
    const positionAt = ({ rows }: SortedFindings, index: number): number => {
      const row = rows[index]!
      return row < 0 ? -1 : positionOf[row]!
    }
    let next = 0
    let nextPosition = fresh.count === 0 ? Infinity : positionAt(fresh, 0)
    const isNextBefore = (index: number): boolean => {
      const position = positionAt(old, index)
      if (nextPosition !== position) return nextPosition < position
      const column = fresh.columns[next]!
      const ofOld = old.columns[index]!
      return column === ofOld ? ruleOf(fresh.kinds[next]!) < ruleOf(old.kinds[index]!) : column < ofOld
    }
    const takeFresh = (): void => {
      const kind = fresh.kinds[next]!
      counts[kind]!++
      if (safe !== null && isSafe(ruleOf(kind), fresh.rows[next]!, fresh.columns[next]!, fresh.extras[next]!)) {
        safe[at] = 1
        if (safeCounts !== null) safeCounts[kind]!++
      }
      take(fresh, next, next + 1)
      next++
      nextPosition = next < fresh.count ? positionAt(fresh, next) : Infinity
    }
    // What stays is taken in stretches.
    let first = 0
    const takeStretch = (end: number): void => {
      if (safe !== null && wasSafe !== null) for (let index = first; index < end; index++) safe[at + index - first] = wasSafe[index]!
      take(old, first, end)
      first = end
    }
    for (let index = 0; index < old.count; index++) {
      const kind = old.kinds[index]!
      if (isGone(ruleOf(kind), old.rows[index]!, old.columns[index]!)) {
        counts[kind]!--
        if (wasSafe?.[index] === 1 && safeCounts !== null) safeCounts[kind]!--
        takeStretch(index)
        first = index + 1
      } else if (isNextBefore(index)) {
        takeStretch(index)
        while (isNextBefore(index)) takeFresh()
      }
    }
    takeStretch(old.count)
    while (next < fresh.count) takeFresh()
    this.count = at
    this.base = { ...merged, count: at }
    this.isSafe = safe
  }

  /** As `counts`, of the findings with a safe repair; `isSafe` is asked of each once. */
  safeCountsBy(isSafe: (index: number) => boolean): Uint32Array {
    if (this.safeCounts !== null) return this.safeCounts
    this.merge()
    this.isSafe = Uint8Array.from({ length: this.count }, (_, index) => (isSafe(index) ? 1 : 0))
    this.safeCounts = new Uint32Array(this.counts.length)
    for (let i = 0; i < this.count; i++) if (this.isSafe[i] === 1) this.safeCounts[this.base.kinds[i]!]!++
    return this.safeCounts
  }

  /** Safe repairs are counted, so whoever replaces findings says which have one. */
  get countsSafe(): boolean {
    return this.safeCounts !== null
  }

  private isSafeAt(index: number): boolean {
    const patch = this.patchAt(index)
    return patch === null ? this.isSafe?.[this.baseIndex] === 1 : patch.findings[this.patchIndex]!.isSafe
  }

  private tally(rule: number, level: number, isSafe: boolean, by: 1 | -1): void {
    this.counts[kindOf(rule, level)]! += by
    if (isSafe && this.safeCounts !== null) this.safeCounts[kindOf(rule, level)]! += by
  }

  private baseIndex = 0
  private patchIndex = 0

  /** The patch that holds a finding, and `patchIndex` in it; null: it is number `baseIndex` of the base. */
  private patchAt(index: number): Patch | null {
    const patch = this.patches.length === 0 ? undefined : this.patches[this.patchBefore((one) => one.start <= index)]
    if (patch === undefined) {
      this.baseIndex = index
      return null
    }
    const inPatch = index - patch.start
    if (inPatch < patch.findings.length) {
      this.patchIndex = inPatch
      return patch
    }
    this.baseIndex = patch.to + inPatch - patch.findings.length
    return null
  }

  /** The last patch that is still `before`, -1 where none is. */
  private patchBefore(isBefore: (patch: Patch) => boolean): number {
    let low = 0
    let high = this.patches.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(this.patches[middle]!)) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  private baseRange(position: number, shift: number): { readonly from: number; readonly to: number } {
    const from = this.baseFrom(position)
    let to = from
    // A row has few: those behind the first are next to it.
    while (to < this.base.count && this.positionAt(to) === position) to++
    return { from: from + shift, to: to + shift }
  }

  /** The first finding of the base at a position or behind it. */
  private baseFrom(position: number): number {
    let low = 0
    let high = this.base.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.positionAt(middle) < position) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Where the row of a finding of the base stands. */
  private positionAt(baseIndex: number): number {
    const row = this.base.rows[baseIndex]!
    return row < 0 ? -1 : this.positionOf[row]!
  }

  private merge(): void {
    if (this.patches.length === 0) return
    const { base, count } = this
    const merged = findingColumns(count)
    const isSafe = this.isSafe === null ? null : new Uint8Array(count)
    let at = 0
    let taken = 0
    const copy = (to: number): void => {
      merged.kinds.set(base.kinds.subarray(taken, to), at)
      merged.rows.set(base.rows.subarray(taken, to), at)
      merged.columns.set(base.columns.subarray(taken, to), at)
      merged.extras.set(base.extras.subarray(taken, to), at)
      isSafe?.set(this.isSafe!.subarray(taken, to), at)
      at += to - taken
    }
    for (const patch of this.patches) {
      copy(patch.from)
      taken = patch.to
      for (const finding of patch.findings) {
        merged.kinds[at] = kindOf(finding.rule, finding.level)
        merged.rows[at] = patch.row
        merged.columns[at] = finding.column
        merged.extras[at] = finding.extra
        if (isSafe !== null && finding.isSafe) isSafe[at] = 1
        at++
      }
    }
    copy(base.count)
    this.base = merged
    this.isSafe = isSafe
    this.patches = []
  }
}
