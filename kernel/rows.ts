// The hot kernel of reading CSV, in AssemblyScript: regular records, a block of bytes at a time, to columns of numbers.
// `shared/core/csv/kernel-scan.ts` calls it and says what goes in and out; `plain-scan.ts` is its twin in TypeScript, which does the same
// without it. It takes only what is beyond doubt: of everything else it says where it stopped, and the tolerant reader goes on there.
// `npm run kernel` builds it into `shared/core/csv/kernel-code.ts`.
import { beginCells, forgetOddCells, oddCells, outputOf, readCodes, readPlain, rowsAtOnce } from './cells'
import { beginCodes, codeOf, columnAt, countOf, describeEntry, entriesOf, hasHash, isPlain, scratch, setPlain } from './codes'
import { padding, startOver } from './memory'
import { beginRuns, columnsOf, dissolveRunOf, firstOf, firstRun, learn, nextRun, readRun, runsEnd } from './runs'
import { beginStructure, block, columnCount, regularRows, rowStarts } from './structure'

export { oddCellCount } from './cells'
export { consumed, crlf } from './structure'

/** Makes everything ready for a file. `blockBytes`: the most bytes of a call. Longer rows than `longestRowBytes` are not taken. */
export function begin(columnsOfFile: i32, delimiterByte: i32, blockBytes: i32, mostRowsOfCall: i32, longestRowBytes: i32): void {
  startOver()
  beginStructure(columnsOfFile, delimiterByte, blockBytes, mostRowsOfCall, longestRowBytes)
  beginCells(blockBytes)
  beginCodes(columnsOfFile)
  beginRuns()
}

export function blockAt(): usize { return block }
export function scratchAt(): usize { return scratch }
export function rowStartsAt(): usize { return rowStarts }
export function oddCellsAt(): usize { return oddCells }
export function outputAt(c: i32): usize { return outputOf(c) }
/** Codes given so far; code 0 is the empty text. */
export function codeCount(c: i32): i32 { return countOf(columnAt(c)) }
/** Of each code four u32: where its text lies, the text's length, and two that are the kernel's own, until `describeCodes`. */
export function entriesAt(c: i32): usize { return entriesOf(columnAt(c)) }
/** Whether any cell of a plain column has had a hash. */
export function hasHashes(c: i32): bool { return hasHash(columnAt(c)) }

/** Of each code mark and key hash of its text, as a plain cell has them, in the entry's third and fourth place: the column gets no more codes. */
export function describeCodes(c: i32): void {
  const column = columnAt(c)
  for (let code = 0, count = countOf(column); code < count; code++) describeEntry(column, code)
}

/** From now on the column gets no codes. */
export function turnPlain(c: i32): void {
  setPlain(columnAt(c))
  dissolveRunOf(c)
}

/** The code of the text that stands in the scratch. */
export function codeOfScratch(c: i32, length: i32): i32 {
  memory.fill(scratch + usize(length), 0, padding)
  return i32(codeOf(columnAt(c), scratch, usize(length)))
}

/** Reads what is whole and regular from the front of the block's first `length` bytes, and gives the number of rows. */
export function readRows(length: i32, address: u32): i32 {
  memory.fill(block + usize(length), 0, padding)
  const rows = regularRows(usize(length), address)
  forgetOddCells()
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const to = min(from + rowsAtOnce, rows)
    let run = firstRun()
    for (let c = 0; c < columnCount; ) {
      if (run < runsEnd() && firstOf(run) == c) {
        readRun(run, from, to)
        c += columnsOf(run)
        run = nextRun(run)
        continue
      }
      if (isPlain(columnAt(c))) readPlain(c, from, to, address)
      else readCodes(c, from, to)
      c++
    }
  }
  learn(rows)
  return rows
}
