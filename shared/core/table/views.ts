import { RE2JS } from 're2js'
import { encodeUtf8 } from '../../kit/text.ts'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { finish, type Steps } from '../../kit/steps.ts'
import { holdsBytes, rowsByBytes, standsAt, type BytesAnswer } from './bytes-search.ts'
import type { BytesTest } from './plain-cells.ts'
import { StoredColumn } from './stored-column.ts'
import type { RowId, Table, TableColumn } from './table.ts'

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

/** Rows are asked so many at a time: a few milliseconds, also where each of their texts must be read. */
const sliceSize = 8_192

/** The rows that meet every condition, in their order. */
export const filterRows = (table: Table, rows: Uint32Array, conditions: readonly CellCondition[]): Result<Uint32Array, PatternProblem> =>
  finish(filteringRows(table, rows, conditions))

/** The same in slices. The cells count as they are when they are come to. */
export function* filteringRows(
  table: Table,
  rows: Uint32Array,
  conditions: readonly CellCondition[],
): Steps<Result<Uint32Array, PatternProblem>> {
  const pickers: RowPicker[] = []
  for (const condition of conditions) {
    const test = testOf(condition)
    if (!test.ok) return test
    pickers.push(pickerOf(table.columns[condition.column]!, test.value, condition.kind === 'text' ? bytesTest(condition) : null))
  }
  if (pickers.length === 0) return ok(rows.slice())
  return ok(yield* pickedRows(rows, (slice) => pickers.reduce((left, pick) => (left.length === 0 ? left : pick(left)), slice)))
}

/** Those of some rows that pass, in their order. */
type RowPicker = (rows: Uint32Array) => Uint32Array

/** The rows that pass, asked a slice at a time. */
export function* pickedRows(rows: Uint32Array, pick: RowPicker): Steps<Uint32Array> {
  const kept = new Uint32Array(rows.length)
  let count = 0
  for (let from = 0; from < rows.length; from += sliceSize) {
    const picked = pick(rows.subarray(from, from + sliceSize))
    kept.set(picked, count)
    count += picked.length
    yield from / rows.length
  }
  return kept.slice(0, count)
}

/** Asks once per distinct text where the column is coded, else the bytes where they can tell. */
function pickerOf(column: TableColumn, test: (text: string) => boolean, ofBytes: BytesAnswer | null): RowPicker {
  if (!column.coded && ofBytes !== null && column instanceof StoredColumn)
    return (rows) => rowsByBytes(column, rows, ofBytes, (row) => test(column.textOf(row)))
  if (!column.coded) return (rows) => rows.filter((row) => test(column.textOf(row)))
  // An edit meanwhile may bring new codes.
  let answers = new Int8Array(column.codeCount).fill(-1)
  return (rows) => {
    const kept = new Uint32Array(rows.length)
    let count = 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const code = column.codeOf(row)
      if (code >= answers.length) {
        const more = new Int8Array(column.codeCount).fill(-1)
        more.set(answers)
        answers = more
      }
      let answer = answers[code]!
      if (answer < 0) answer = answers[code] = test(column.textOfCode(code)) ? 1 : 0
      if (answer === 1) kept[count++] = row
    }
    return kept.subarray(0, count)
  }
}

/** The rows in which some of the columns holds a text, case ignored; in their order. */
export const rowsContaining = (table: Table, rows: Uint32Array, columns: readonly number[], text: string): Uint32Array =>
  finish(findingRows(table, rows, columns, text))

/** The same in slices. */
export function* findingRows(table: Table, rows: Uint32Array, columns: readonly number[], text: string): Steps<Uint32Array> {
  const has = new Uint8Array(table.rowLimit)
  const pickers = pickersOf(table, columns, { text })
  if (!pickers.ok) return rows.slice(0, 0)
  return yield* pickedRows(rows, (slice) => {
    for (const pick of pickers.value) for (const row of pick(slice)) has[row] = 1
    return slice.filter((row) => has[row] === 1)
  })
}

/**
 * A test asked of the bytes of a cell; null for tests that cannot be. Where case does not count, cells beyond ASCII are left to the text:
 * there a capital may be two characters, or a sign of its own.
 */
function bytesTest({ test, text }: { readonly test: TextTest; readonly text: string }, matchCase = false): BytesAnswer | null {
  if (test === 'matches' || test === 'blank' || test === 'not-blank' || !text.isWellFormed()) return null
  const fits = fittingBytes(test, matchCase ? text : text.toLowerCase(), matchCase)
  return { ofAscii: test === 'not-contains' ? (bytes, start, end) => !fits(bytes, start, end) : fits, isForAll: matchCase }
}

function fittingBytes(test: TextTest, wanted: string, matchCase: boolean): BytesTest {
  const bytes = encodeUtf8(wanted)
  if (bytes.length === 0) return test === 'equals' ? (_, start, end) => start === end : () => true
  // Cells of ASCII never hold more than ASCII.
  if (!matchCase && bytes.length !== wanted.length) return () => false
  if (test === 'contains' || test === 'not-contains') return holdsBytes(bytes, matchCase)
  return standsAt(bytes, matchCase, test === 'starts' ? 'start' : test === 'ends' ? 'end' : 'both')
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

export const findCells = (table: Table, rows: Uint32Array, options: FindOptions): Result<FoundCells, PatternProblem> =>
  finish(findingCells(table, rows, options))

/** The same in slices. */
export function* findingCells(table: Table, rows: Uint32Array, options: FindOptions): Steps<Result<FoundCells, PatternProblem>> {
  const columns = options.columns ?? table.live
  const pickers = pickersOf(table, columns, options)
  if (!pickers.ok) return pickers
  const limit = options.limit ?? Infinity
  const foundRows: RowId[] = []
  const foundColumns: number[] = []
  let isCut = false
  for (let from = 0; from < rows.length && !isCut; from += sliceSize) {
    const slice = rows.subarray(from, from + sliceSize)
    const found = pickers.value.map((pick) => pick(slice))
    const next = new Uint32Array(columns.length)
    for (let at = 0; at < slice.length && !isCut; at++) {
      const row = slice[at]!
      for (let i = 0; i < found.length; i++) {
        if (found[i]![next[i]!] !== row) continue
        next[i]!++
        isCut = foundRows.length >= limit
        if (isCut) break
        foundRows.push(row)
        foundColumns.push(columns[i]!)
      }
    }
    yield from / rows.length
  }
  return ok({ rows: Uint32Array.from(foundRows), columns: Uint32Array.from(foundColumns), isCut })
}

function pickersOf(table: Table, columns: readonly number[], options: CellSearch): Result<readonly RowPicker[], PatternProblem> {
  const test = cellTest(options)
  if (!test.ok) return test
  const { text, matchCase = false, wholeCell = false, regex = false } = options
  const ofBytes = regex ? null : bytesTest({ test: wholeCell ? 'equals' : 'contains', text }, matchCase)
  return ok(columns.map((column) => pickerOf(table.columns[column]!, test.value, ofBytes)))
}

/** What find and replace look for. */
type CellSearch = Pick<FindOptions, 'text' | 'matchCase' | 'wholeCell' | 'regex'>

/** The test of find and replace: a text anywhere in the cell, as the whole cell, or a pattern. */
export function cellTest(options: CellSearch): Result<(text: string) => boolean, PatternProblem> {
  const { text, wholeCell = false, matchCase = false } = options
  if (options.regex === true) return regexTest(wholeCell ? `^(?:${text})$` : text, matchCase)
  return textTest(wholeCell ? 'equals' : 'contains', text, matchCase)
}
