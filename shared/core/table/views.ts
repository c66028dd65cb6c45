import { RE2JS } from 're2js'
import { collatorFor } from '../../kit/collate.ts'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import type { RowId, Table, TableColumn } from './table.ts'

/** A view is an order of row ids; the draft's own order never changes by it. */
export interface SortKey {
  readonly column: number
  readonly direction: 'up' | 'down'
}

/** Rows in the order of the keys, the first one counting most; equal ones keep their order. Empty cells stand last either way. */
export function sortRows(table: Table, rows: Uint32Array, keys: readonly SortKey[], locale: string): Uint32Array {
  const collator = collatorFor(locale)
  const ranked = keys.map(({ column, direction }) => {
    const { ranks, most } = ranksOf(table.columns[column]!, rows, table.rowLimit, collator)
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
function ranksOf(column: TableColumn, rows: Uint32Array, rowLimit: number, collator: Intl.Collator): { ranks: Uint32Array; most: number } {
  const ranks = new Uint32Array(rowLimit)
  const numberOfText = new Map<string, number>()
  const texts: string[] = []
  const numberOfCode = new Int32Array(column.codeCount).fill(-1)
  const numberFor = (text: string): number => {
    let number = numberOfText.get(text)
    if (number === undefined) numberOfText.set(text, (number = texts.push(text) - 1))
    return number
  }
  for (const row of rows) {
    if (column.isEmpty(row)) continue
    if (!column.coded) {
      ranks[row] = numberFor(column.textOf(row)) + 1
      continue
    }
    const code = column.codeOf(row)
    const known = numberOfCode[code]!
    ranks[row] = (known < 0 ? (numberOfCode[code] = numberFor(column.textOfCode(code))) : known) + 1
  }
  const order = texts.map((_, number) => number).sort((a, b) => collator.compare(texts[a]!, texts[b]!) || a - b)
  const rankOfNumber = new Uint32Array(texts.length)
  let rank = 0
  order.forEach((number, i) => {
    if (i === 0 || collator.compare(texts[order[i - 1]!]!, texts[number]!) !== 0) rank++
    rankOfNumber[number] = rank
  })
  for (const row of rows) if (ranks[row]! > 0) ranks[row] = rankOfNumber[ranks[row]! - 1]!
  return { ranks, most: rank }
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
    left = rowsWhere(table.columns[condition.column]!, left, test.value)
  }
  return ok(left === rows ? rows.slice() : left)
}

/** The rows whose text passes; asked once per distinct text where the column is coded. */
function rowsWhere(column: TableColumn, rows: Uint32Array, test: (text: string) => boolean): Uint32Array {
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
