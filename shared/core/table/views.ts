import { RE2JS } from 're2js'
import { encodeUtf8 } from '../../kit/text.ts'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { TextGroups } from './matching-rows.ts'
import { lowerCase, rowsByBytes, type BytesAnswer } from './plain-cells.ts'
import { StoredColumn } from './stored-column.ts'
import type { RowId, Table, TableColumn } from './table.ts'
import { orderTexts } from './text-order.ts'

/** A view is an order of row ids; the draft's own order never changes by it. */
export interface SortKey {
  readonly column: number
  readonly direction: 'up' | 'down'
}

/** Rows in the order of the keys, the first one counting most; equal ones keep their order. Empty cells stand last either way. */
export function sortRows(table: Table, rows: Uint32Array, keys: readonly SortKey[], locale: string): Uint32Array {
  const ranked = keys.map(({ column, direction }) => {
    const { ranks, most } = ranksOf(table.columns[column]!, rows, table.rowLimit, locale)
    // Rank 0 is empty: behind everything, whichever way the texts go.
    for (const row of rows) {
      const rank = ranks[row]!
      ranks[row] = rank === 0 ? most + 1 : direction === 'up' ? rank : most + 1 - rank
    }
    return ranks
  })
  return ranked.reduceRight((order, ranks) => sortedByRank(order, ranks), rows.slice())
}

/** By row id: the place of its text among the distinct ones, from 1; texts that the language holds equal share one. 0: empty. */
function ranksOf(column: TableColumn, rows: Uint32Array, rowLimit: number, locale: string): { ranks: Uint32Array; most: number } {
  const ranks = new Uint32Array(rowLimit)
  const texts: string[] = []
  // Each distinct text is read once; `ranks` holds one more than its number until the order is known.
  const filled = rows.filter((row) => !column.isEmpty(row))
  const groups = column.coded ? null : new TextGroups({}, filled.length)
  const numberOfGroup = new Uint32Array(groups === null ? column.codeCount : filled.length)
  for (const row of filled) {
    const group = groups === null ? column.codeOf(row) : groups.groupOf(column, row)
    if (numberOfGroup[group] === 0) numberOfGroup[group] = texts.push(column.textOf(row))
    ranks[row] = numberOfGroup[group]!
  }
  const { ranks: rankOfText, most } = orderTexts(texts, locale)
  for (const row of rows) if (ranks[row]! > 0) ranks[row] = rankOfText[ranks[row]! - 1]!
  return { ranks, most }
}

/** Stable counting sort, 16 bits of the rank at a time. */
function sortedByRank(rows: Uint32Array, ranks: Uint32Array): Uint32Array {
  let most = 0
  for (const row of rows) if (ranks[row]! > most) most = ranks[row]!
  let from = rows
  for (let shift = 0; shift === 0 || (shift < 32 && most >>> shift > 0); shift += 16) {
    const counts = new Uint32Array(0x10001)
    for (const row of from) counts[((ranks[row]! >>> shift) & 0xffff) + 1]!++
    for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!
    const to = new Uint32Array(rows.length)
    for (const row of from) to[counts[(ranks[row]! >>> shift) & 0xffff]!++] = row
    from = to
  }
  return from
}

/** A condition on the text of a column. Case never counts; `matches` is a regular expression (RE2). */
export type CellCondition =
  | { readonly kind: 'values'; readonly column: number; readonly texts: readonly string[] }
  | { readonly kind: 'text'; readonly column: number; readonly test: TextTest; readonly text: string }

export type TextTest = 'contains' | 'not-contains' | 'equals' | 'starts' | 'ends' | 'matches' | 'blank' | 'not-blank'

/** A pattern that is no regular expression (RE2 syntax: no look-around, no back references). */
export interface PatternProblem {
  readonly reason: 'bad-pattern'
  readonly pattern: string
  readonly detail: string
}

/** The rows that meet every condition, in their order. */
export function filterRows(table: Table, rows: Uint32Array, conditions: readonly CellCondition[]): Result<Uint32Array, PatternProblem> {
  let left = rows
  for (const condition of conditions) {
    const test = testOf(condition)
    if (!test.ok) return test
    left = rowsWhere(table.columns[condition.column]!, left, test.value, condition.kind === 'text' ? bytesTest(condition) : null)
  }
  return ok(left === rows ? rows.slice() : left)
}

/** The rows whose text passes; asked once per distinct text where the column is coded, else of the bytes where they can tell. */
function rowsWhere(column: TableColumn, rows: Uint32Array, test: (text: string) => boolean, ofBytes: BytesAnswer | null): Uint32Array {
  if (!column.coded && ofBytes !== null && column instanceof StoredColumn)
    return rowsByBytes(column, rows, ofBytes, (row) => test(column.textOf(row)))
  const kept = new Uint32Array(rows.length)
  let count = 0
  if (column.coded) {
    const answers = new Int8Array(column.codeCount).fill(-1)
    for (const row of rows) {
      const code = column.codeOf(row)
      let answer = answers[code]!
      if (answer < 0) answer = answers[code] = test(column.textOfCode(code)) ? 1 : 0
      if (answer === 1) kept[count++] = row
    }
  } else for (const row of rows) if (test(column.textOf(row))) kept[count++] = row
  return kept.slice(0, count)
}

/** The rows in which some of the columns holds a text, case ignored; in their order. */
export function rowsContaining(table: Table, rows: Uint32Array, columns: readonly number[], text: string): Uint32Array {
  const has = new Uint8Array(table.rowLimit)
  const test = textTest('contains', text, false)
  if (!test.ok) return rows.slice(0, 0)
  const ofBytes = bytesTest({ test: 'contains', text })
  for (const column of columns) for (const row of rowsWhere(table.columns[column]!, rows, test.value, ofBytes)) has[row] = 1
  return rows.filter((row) => has[row] === 1)
}

/**
 * A test of small letters in ASCII, asked of the bytes of a cell; null for other tests. Cells beyond ASCII are left to the text: there a
 * capital may be two characters, or a sign of its own.
 */
function bytesTest({ test, text }: { readonly test: TextTest; readonly text: string }): BytesAnswer | null {
  if (test === 'matches' || test === 'blank' || test === 'not-blank') return null
  const lower = text.toLowerCase()
  const wanted = encodeUtf8(lower)
  if (wanted.length !== lower.length || lower === '') return null
  const isAt = (bytes: Uint8Array, at: number): boolean => {
    for (let i = 0; i < wanted.length; i++) if (lowerCase[bytes[at + i]!] !== wanted[i]) return false
    return true
  }
  const first = wanted[0]!
  const holds = (bytes: Uint8Array, start: number, end: number): boolean => {
    const last = end - wanted.length
    switch (test) {
      case 'equals':
        return start === last && isAt(bytes, start)
      case 'starts':
        return start <= last && isAt(bytes, start)
      case 'ends':
        return start <= last && isAt(bytes, last)
      case 'contains':
      case 'not-contains': {
        let isFound = false
        for (let at = start; at <= last && !isFound; at++) isFound = lowerCase[bytes[at]!] === first && isAt(bytes, at)
        return isFound === (test === 'contains')
      }
    }
  }
  return (bytes, start, end) => {
    for (let i = start; i < end; i++) if (bytes[i]! > 0x7f) return 'unknown'
    return holds(bytes, start, end)
  }
}

function testOf(condition: CellCondition): Result<(text: string) => boolean, PatternProblem> {
  if (condition.kind === 'text') return textTest(condition.test, condition.text, false)
  const values = new Set(condition.texts)
  return ok((text) => values.has(text))
}

function textTest(test: TextTest, wantedText: string, matchCase: boolean): Result<(text: string) => boolean, PatternProblem> {
  const fold = matchCase ? (text: string) => text : (text: string) => text.toLowerCase()
  const wanted = fold(wantedText)
  switch (test) {
    case 'contains':
      return ok((text) => fold(text).includes(wanted))
    case 'not-contains':
      return ok((text) => !fold(text).includes(wanted))
    case 'equals':
      return ok((text) => fold(text) === wanted)
    case 'starts':
      return ok((text) => fold(text).startsWith(wanted))
    case 'ends':
      return ok((text) => fold(text).endsWith(wanted))
    case 'blank':
      return ok((text) => text.trim() === '')
    case 'not-blank':
      return ok((text) => text.trim() !== '')
    case 'matches':
      return regexTest(wantedText, matchCase)
  }
}

function regexTest(pattern: string, matchCase: boolean): Result<(text: string) => boolean, PatternProblem> {
  const compiled = compilePattern(pattern, matchCase)
  return compiled.ok ? ok((text) => compiled.value.test(text)) : compiled
}

/** A regular expression that cannot run for long whatever the text (RE2: time linear in the text). */
export function compilePattern(pattern: string, matchCase: boolean): Result<RE2JS, PatternProblem> {
  try {
    return ok(RE2JS.compile(pattern, matchCase ? 0 : RE2JS.CASE_INSENSITIVE))
  } catch (problem) {
    return err({ reason: 'bad-pattern', pattern, detail: problem instanceof Error ? problem.message : String(problem) })
  }
}

export interface FindOptions {
  readonly text: string
  readonly matchCase?: boolean
  readonly wholeCell?: boolean
  readonly regex?: boolean
  /** Columns to look in; the default is all that stand. */
  readonly columns?: readonly number[]
  /** Stop after so many. */
  readonly limit?: number
}

/** Places in the order of rows, then of columns. */
export interface FoundCells {
  readonly rows: Uint32Array
  readonly columns: Uint32Array
  /** There are more than `limit`. */
  readonly isCut: boolean
}

export function findCells(table: Table, rows: Uint32Array, options: FindOptions): Result<FoundCells, PatternProblem> {
  const test = cellTest(options)
  if (!test.ok) return test
  const columns = options.columns ?? table.live
  const limit = options.limit ?? Infinity
  const answers = columns.map((index) => cachedTest(table.columns[index]!, test.value))
  const foundRows: RowId[] = []
  const foundColumns: number[] = []
  let isCut = false
  search: for (const row of rows) {
    for (let i = 0; i < columns.length; i++) {
      if (!answers[i]!(row)) continue
      if (foundRows.length >= limit) {
        isCut = true
        break search
      }
      foundRows.push(row)
      foundColumns.push(columns[i]!)
    }
  }
  return ok({ rows: Uint32Array.from(foundRows), columns: Uint32Array.from(foundColumns), isCut })
}

/** The test of find and replace: a text anywhere in the cell, as the whole cell, or a pattern. */
export function cellTest(
  options: Pick<FindOptions, 'text' | 'matchCase' | 'wholeCell' | 'regex'>,
): Result<(text: string) => boolean, PatternProblem> {
  const { text, wholeCell = false, matchCase = false } = options
  if (options.regex === true) return regexTest(wholeCell ? `^(?:${text})$` : text, matchCase)
  return textTest(wholeCell ? 'equals' : 'contains', text, matchCase)
}

function cachedTest(column: TableColumn, test: (text: string) => boolean): (row: RowId) => boolean {
  if (!column.coded) return (row) => test(column.textOf(row))
  const answers: (boolean | undefined)[] = []
  return (row) => {
    const code = column.codeOf(row)
    return (answers[code] ??= test(column.textOfCode(code)))
  }
}

export interface DistinctValue {
  readonly text: string
  readonly count: number
}

/** The distinct texts of a column and how many rows have each, the most frequent first, then as first met. */
export function distinctValues(table: Table, column: number, rows: Uint32Array): readonly DistinctValue[] {
  const cells = table.columns[column]!
  const counts = new Map<string, number>()
  if (cells.coded) {
    const countOfCode = new Uint32Array(cells.codeCount)
    for (const row of rows) countOfCode[cells.codeOf(row)]!++
    countOfCode.forEach((count, code) => {
      if (count > 0) counts.set(cells.textOfCode(code), count)
    })
  } else for (const row of rows) counts.set(cells.textOf(row), (counts.get(cells.textOf(row)) ?? 0) + 1)
  return [...counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count)
}
