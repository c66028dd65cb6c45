// Runs: neighbouring columns of few values, as the packages of users are. A row's cells of a run are looked up as one text, and few
// combinations make up almost all rows.
import { endOf, outputOf, outputStride, readCodes, rowsAtOnce, startAt } from './cells'
import { K1, K2, columnAt, countOf, isPlain } from './codes'
import { maskOf, take } from './memory'
import { columnCount } from './structure'

// A run, 32 bytes: 0 first column, 4 columns, 8 patterns, 12 count of patterns, 16 rows since it was judged, 20 those that were not found.
const runBytes: usize = 32
const mostRuns: i32 = 32
const mostColumnsOfRun: i32 = 16
/** A pattern is a combination that was met: 64 bytes of text, up to 16 codes, and at 96 the text's length + 1 (0: none yet). */
const patternBytes: usize = 128
const patternSlots: u32 = 2048
const mostPatterns: u32 = 1024
const longestPattern: usize = 64
/** Rows that are read before columns are put together. */
const rowsToLearn: i32 = 4096
/** Of a column in a run when it begins. */
const mostValues: i32 = 64
/** A run is judged after so many rows; it is good when it is told of seven of eight. */
const rowsToJudge: u32 = 4096

let runs: usize = 0
let runCount: i32 = 0
let rowsSoFar: i32 = 0

export function beginRuns(): void {
  runs = take(usize(mostRuns) * runBytes)
  runCount = 0
  rowsSoFar = 0
}

@inline
export function firstRun(): usize { return runs }
@inline
export function runsEnd(): usize { return runs + usize(runCount) * runBytes }
@inline
export function nextRun(run: usize): usize { return run + runBytes }
@inline
export function firstOf(run: usize): i32 { return load<i32>(run) }
@inline
export function columnsOf(run: usize): i32 { return load<i32>(run, 4) }

/** Says that `rows` more were read: the columns of the block are looked at when enough are known, and runs when they were tried. */
export function learn(rows: i32): void {
  if (runCount > 0) judge()
  if (rowsSoFar >= rowsToLearn) return
  rowsSoFar += rows
  if (rowsSoFar >= rowsToLearn) putTogether(rows)
}

/** Puts neighbouring columns together, as long as the text of a row's cells fits into a pattern. The last one may end in CR. */
function putTogether(rows: i32): void {
  let c = 0
  while (c < columnCount - 1 && runCount < mostRuns) {
    let width: usize = 0
    let count = 0
    while (c + count < columnCount - 1 && count < mostColumnsOfRun) {
      const column = columnAt(c + count)
      if (isPlain(column) || countOf(column) > mostValues) break
      width += averageWidth(c + count, rows)
      if (width > longestPattern - 4) break
      count++
    }
    if (count >= 2) beginRun(runs + usize(runCount++) * runBytes, c, count, newPatterns())
    c += max(count, 1)
  }
}

function newPatterns(): usize { return take(usize(patternSlots) * patternBytes) }

function beginRun(run: usize, first: i32, count: i32, patterns: usize): void {
  memory.fill(run, 0, runBytes)
  store<i32>(run, first)
  store<i32>(run, count, 4)
  memory.fill(patterns, 0, usize(patternSlots) * patternBytes)
  store<u32>(run, u32(patterns), 8)
}

/** Of a column's cells in the block, the delimiter behind included. */
function averageWidth(c: i32, rows: i32): usize {
  const sample = min(rows, rowsAtOnce)
  let sum: usize = 0
  for (let row = c == 0 ? 1 : 0; row < sample; row++) sum += load<u32>(endOf(row, c)) - load<u32>(endOf(row, c) - 4)
  return (sum + usize(sample) - 1) / usize(sample)
}

/** Takes runs apart of which too many combinations are new: into halves, in the end into columns. */
function judge(): void {
  for (let i = 0; i < runCount; i++) {
    const run = runs + usize(i) * runBytes
    const rows = load<u32>(run, 16), missed = load<u32>(run, 20)
    if (rows < rowsToJudge) continue
    store<u32>(run, 0, 16)
    store<u32>(run, 0, 20)
    if (missed <= rows >> 3) continue
    const first = firstOf(run), count = columnsOf(run), patterns: usize = load<u32>(run, 8)
    const half = count >> 1
    if (half >= 2 && runCount < mostRuns) {
      memory.copy(run + 2 * runBytes, run + runBytes, usize(runCount - i - 1) * runBytes)
      runCount++
      beginRun(run, first, half, patterns)
      beginRun(run + runBytes, first + half, count - half, newPatterns())
    } else if (count > 2) beginRun(run, first, max(half, 2), patterns)
    else {
      dissolveRunOf(first)
      // The next run has its place now.
      i--
    }
  }
}

/** Takes the run apart that a column is part of, for good: columns are put together once. */
export function dissolveRunOf(c: i32): void {
  for (let i = 0; i < runCount; i++) {
    const run = runs + usize(i) * runBytes
    if (c < firstOf(run) || c >= firstOf(run) + columnsOf(run)) continue
    runCount--
    memory.copy(run, run + runBytes, usize(runCount - i) * runBytes)
    return
  }
}

@inline
function mixed(hash: u64, text: v128): u64 {
  return ((hash << 31) | (hash >> 33)) + (u64(i64x2.extract_lane(text, 0)) * K1 ^ u64(i64x2.extract_lane(text, 1)) * K2)
}

/** The codes of the rows' cells of all columns of a run. */
export function readRun(run: usize, from: i32, to: i32): void {
  const width = usize(columnCount) << 2
  const first = firstOf(run), count = columnsOf(run)
  const patterns: usize = load<u32>(run, 8)
  const back = usize(count - 1) << 2
  let end = endOf(from, first + count - 1)
  store<u32>(run, load<u32>(run, 16) + u32(to - from), 16)
  for (let row = from; row < to; row++, end += width) {
    const s = startAt(end - back, first == 0 && row == 0)
    const length = usize(load<u32>(end)) - s
    if (length > longestPattern) {
      readEach(run, row)
      continue
    }
    const mask = maskOf(length)
    const a = v128.and(v128.load(s), v128.load(mask)), b = v128.and(v128.load(s, 16), v128.load(mask, 16))
    const c = v128.and(v128.load(s, 32), v128.load(mask, 32)), d = v128.and(v128.load(s, 48), v128.load(mask, 48))
    const hash = (mixed(mixed(mixed(mixed(u64(length), a), b), c), d)) * K1
    let slot = u32(hash >> 53)
    let pattern = patterns + usize(slot) * patternBytes
    let held = load<u32>(pattern, 96)
    while (held != 0) {
      const ab = v128.or(v128.xor(a, v128.load(pattern)), v128.xor(b, v128.load(pattern, 16)))
      const cd = v128.or(v128.xor(c, v128.load(pattern, 32)), v128.xor(d, v128.load(pattern, 48)))
      if (held == u32(length) + 1 && !v128.any_true(v128.or(ab, cd))) break
      slot = (slot + 1) & (patternSlots - 1)
      pattern = patterns + usize(slot) * patternBytes
      held = load<u32>(pattern, 96)
    }
    if (held == 0) {
      readEach(run, row)
      const met = load<u32>(run, 12)
      if (met == mostPatterns) continue
      store<u32>(run, met + 1, 12)
      v128.store(pattern, a); v128.store(pattern, b, 16); v128.store(pattern, c, 32); v128.store(pattern, d, 48)
      for (let i = 0; i < count; i++) store<u16>(pattern + (usize(i) << 1), load<u16>(outputOf(first + i) + (usize(row) << 1)), 64)
      store<u32>(pattern, u32(length) + 1, 96)
      continue
    }
    let out = outputOf(first) + (usize(row) << 1)
    let code = pattern + 64
    for (const last = code + (usize(count) << 1); code < last; code += 2) {
      store<u16>(out, load<u16>(code))
      out += outputStride
    }
  }
}

/** A row whose combination is not known, column by column. */
function readEach(run: usize, row: i32): void {
  store<u32>(run, load<u32>(run, 20) + 1, 20)
  for (let c = firstOf(run), end = c + columnsOf(run); c < end; c++) readCodes(c, row, row + 1)
}
