// The cells of one column of a block: their codes, or where they lie and what they are.
import { codeOf, codeOfShort, columnAt, noteHash, scratch } from './codes'
import { cellHash, describe, describeEmpty } from './describe'
import { maskOf, take } from './memory'
import { CR, QUOTE, block, columnCount, ends, mostRows } from './structure'

/** Quoted cells of plain columns that hold quotes, of the last call: row, column, start, end (quotes included), u32 each. */
export let oddCells: usize = 0
export let oddCellCount: i32 = 0

/** Between the outputs of neighbouring columns, which would otherwise contend for the same lines of the nearest cache. */
const skew: usize = 192
let output: usize = 0
export let outputStride: usize = 0

export function beginCells(blockBytes: i32): void {
  outputStride = usize(mostRows) * 12 + skew
  output = take(usize(columnCount) * outputStride)
  oddCells = take(usize(blockBytes) << 2)
}

/** So many rows at a time pass all columns, so that their bytes stay in the nearest cache. */
export const rowsAtOnce: i32 = 128

export function forgetOddCells(): void { oddCellCount = 0 }

/** Codes (u16 each), or of a plain column starts (u32), then lengths (u16), marks (u16), hashes (u32), `mostRows` of each. */
@inline
export function outputOf(c: i32): usize { return output + usize(c) * outputStride }

/** Where the end of a cell is noted. */
@inline
export function endOf(row: i32, c: i32): usize { return ends + ((usize(row) * usize(columnCount) + usize(c)) << 2) }

/** Where the cell begins whose end is noted at `end`; `isFirst`: of the block. */
@inline
export function startAt(end: usize, isFirst: bool): usize { return isFirst ? block : usize(load<u32>(end - 4)) + 1 }

export function readCodes(c: i32, from: i32, to: i32): void {
  const column = columnAt(c)
  const width = usize(columnCount) << 2
  let end = endOf(from, c)
  let out = outputOf(c) + (usize(from) << 1)
  const isLast = c == columnCount - 1
  let lastCode = load<u32>(column, 32)
  let lastLength: usize = load<u32>(column, 36)
  let lastHead = v128.load(column, 48), lastTail = v128.load(column, 64)
  let s = startAt(end, c == 0 && from == 0)
  for (let row = from; row < to; row++) {
    let e: usize = load<u32>(end)
    if (isLast && e > s && load<u8>(e - 1) == CR) e--
    let length = e - s
    let code: u32 = 0
    if (length > 0) {
      const isQuoted = load<u8>(s) == QUOTE
      if (isQuoted) {
        s++
        length -= 2
      }
      if (isQuoted && holdsQuote(s, s + length)) {
        length = unescape(s, s + length)
        memory.fill(scratch + length, 0, 16)
        code = codeOf(column, scratch, length)
      } else if (length <= 32) {
        const mask = maskOf(length)
        const head = v128.and(v128.load(s), v128.load(mask)), tail = v128.and(v128.load(s, 16), v128.load(mask, 16))
        if (length == lastLength && !v128.any_true(v128.or(v128.xor(head, lastHead), v128.xor(tail, lastTail)))) code = lastCode
        else {
          code = length == 0 ? 0 : codeOfShort(column, s, length, head, tail)
          lastCode = code
          lastLength = length
          lastHead = head
          lastTail = tail
        }
      } else code = codeOf(column, s, length)
    }
    store<u16>(out, u16(code))
    out += 2
    end += width
    s = usize(load<u32>(end - 4)) + 1
  }
  store<u32>(column, lastCode, 32)
  store<u32>(column, u32(lastLength), 36)
  v128.store(column, lastHead, 48)
  v128.store(column, lastTail, 64)
}

/** `address`: the file's address of the block. */
export function readPlain(c: i32, from: i32, to: i32, address: u32): void {
  const width = usize(columnCount) << 2
  let end = endOf(from, c)
  const most = usize(mostRows)
  const starts = outputOf(c), lengths = starts + (most << 2), marks = lengths + (most << 1), hashes = marks + (most << 1)
  const isLast = c == columnCount - 1
  let s = startAt(end, c == 0 && from == 0)
  let anyHash: u32 = 0
  for (let row = usize(from); row < usize(to); row++) {
    let e: usize = load<u32>(end)
    if (isLast && e > s && load<u8>(e - 1) == CR) e--
    let length = e - s
    let start: u32 = 0
    if (length > 0 && load<u8>(s) == QUOTE) {
      s++
      length -= 2
      if (holdsQuote(s, s + length)) {
        noteOddCell(u32(row), c, address + u32(s - 1 - block), address + u32(e - block))
        length = 0
      }
    }
    let mark: u32 = 0
    if (length > 0) {
      start = address + u32(s - block)
      mark = describe(s, length)
    } else mark = describeEmpty()
    store<u32>(starts + (row << 2), start)
    store<u16>(lengths + (row << 1), u16(length))
    store<u16>(marks + (row << 1), u16(mark))
    store<u32>(hashes + (row << 2), cellHash)
    anyHash |= cellHash
    end += width
    s = usize(load<u32>(end - 4)) + 1
  }
  if (anyHash != 0) noteHash(columnAt(c))
}

function noteOddCell(row: u32, c: i32, start: u32, end: u32): void {
  const odd = oddCells + (usize(oddCellCount++) << 4)
  store<u32>(odd, row)
  store<u32>(odd, u32(c), 4)
  store<u32>(odd, start, 8)
  store<u32>(odd, end, 12)
}

/** Takes the doubled quotes out of a text between quotes, into the scratch; gives its length. */
function unescape(from: usize, to: usize): usize {
  let p = from
  let out = scratch
  while (p < to) {
    const byte = load<u8>(p)
    store<u8>(out++, byte)
    p += byte == QUOTE ? 2 : 1
  }
  return out - scratch
}

@inline
function quotesIn(at: usize, mask: usize): v128 { return v128.and(i8x16.eq(v128.load(at), i8x16.splat(i8(QUOTE))), v128.load(mask)) }

function holdsQuote(from: usize, to: usize): bool {
  let p = from
  for (; to - p > 32; p += 32) if (v128.any_true(v128.or(quotesIn(p, maskOf(32)), quotesIn(p + 16, maskOf(16))))) return true
  const mask = maskOf(to - p)
  return v128.any_true(v128.or(quotesIn(p, mask), quotesIn(p + 16, mask + 16)))
}
