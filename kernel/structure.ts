// Where cells and records of a block begin and end.
import { padding, take } from './memory'

/** Rows longer than this are not taken: lengths of texts fit into 16 bits. */
export const longestText: usize = 0xfff0
export const QUOTE: i32 = 34
export const CR: i32 = 13

export let columnCount: i32 = 0
/** The most rows of a call. */
export let mostRows: i32 = 0
/** Where the bytes of a call lie. */
export let block: usize = 0
/** The places where cells end, `columnCount` of each row. */
export let ends: usize = 0
/** Where each row of the call begins in the file. */
export let rowStarts: usize = 0
/** Bytes of the block that the rows of the last call took. */
export let consumed: i32 = 0
/** Of the rows of the last call, how many end in CR LF. */
export let crlf: i32 = 0

let delimiter: i32 = 0
let longestRow: usize = 0
let lineEnds: i32 = 0
let firstOdd: usize = 0

export function beginStructure(columnsOfFile: i32, delimiterByte: i32, blockBytes: i32, mostRowsOfCall: i32, longestRowBytes: i32): void {
  columnCount = columnsOfFile
  delimiter = delimiterByte
  mostRows = mostRowsOfCall
  longestRow = min(usize(longestRowBytes), longestText)
  block = take(usize(blockBytes) + 2 * padding) + padding
  memory.fill(block - padding, 0, padding)
  ends = take((usize(blockBytes) + 128) << 2)
  rowStarts = take(usize(mostRows) << 2)
}

@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return u64(u32(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16))) | (u64(u32(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16))) << 32)
}

/** Writes where the first four set bits stand, and gives the others. */
@inline
function fourPlaces(out: usize, place: u32, set: u64): u64 {
  store<u32>(out, place + u32(ctz(set))); set &= set - 1
  store<u32>(out, place + u32(ctz(set)), 4); set &= set - 1
  store<u32>(out, place + u32(ctz(set)), 8); set &= set - 1
  store<u32>(out, place + u32(ctz(set)), 12)
  return set & (set - 1)
}

/**
 * Writes the place of every delimiter and LF outside quotes behind one another, and gives the end of that list. `firstOdd` is the first
 * place where quotes or CR are not as a sound file has them; what lies before it is read rightly. Behind `to` are zeros, which mean nothing.
 */
function scan(from: usize, to: usize): usize {
  const quotes = i8x16.splat(i8(QUOTE)), delimiters = i8x16.splat(i8(delimiter)), feeds = i8x16.splat(10), returns = i8x16.splat(13)
  let p = from
  let out = ends
  let inQuotes: u64 = 0
  /** Whether the byte before may stand before an opening quote; was a closing quote; was a CR. */
  let mayOpen: u64 = 1, closed: u64 = 0, returned: u64 = 0
  lineEnds = 0
  firstOdd = to
  while (p < to) {
    const a = v128.load(p), b = v128.load(p, 16), c = v128.load(p, 32), d = v128.load(p, 48)
    const la = i8x16.eq(a, feeds), lb = i8x16.eq(b, feeds), lc = i8x16.eq(c, feeds), ld = i8x16.eq(d, feeds)
    let line = bits(la, lb, lc, ld)
    let stop = bits(v128.or(la, i8x16.eq(a, delimiters)), v128.or(lb, i8x16.eq(b, delimiters)), v128.or(lc, i8x16.eq(c, delimiters)), v128.or(ld, i8x16.eq(d, delimiters)))
    let quote = bits(i8x16.eq(a, quotes), i8x16.eq(b, quotes), i8x16.eq(c, quotes), i8x16.eq(d, quotes))
    let cr = bits(i8x16.eq(a, returns), i8x16.eq(b, returns), i8x16.eq(c, returns), i8x16.eq(d, returns))
    let odd: u64 = 0
    if ((quote | inQuotes | closed) != 0) {
      let x = quote
      x ^= x << 1; x ^= x << 2; x ^= x << 4; x ^= x << 8; x ^= x << 16; x ^= x << 32
      const inside = x ^ inQuotes
      stop &= ~inside; line &= ~inside; cr &= ~inside
      odd = (quote & inside) & ~(((stop | quote) << 1) | mayOpen)
      const closing = quote & ~inside
      odd |= ((closing << 1) | closed) & ~(stop | quote | cr)
      closed = closing >> 63
      inQuotes = u64(i64(inside) >> 63)
    }
    odd |= ((cr << 1) | returned) & ~line
    returned = cr >> 63
    mayOpen = (stop | quote) >> 63
    if (odd != 0 && firstOdd == to) firstOdd = p + usize(ctz(odd))
    lineEnds += i32(popcnt(line))
    let o = out
    out += usize(popcnt(stop)) << 2
    const place = u32(p)
    // Twelve at once, since few stretches have more: how many there are no processor foresees. What is written beyond them is overwritten.
    stop = fourPlaces(o, place, stop)
    stop = fourPlaces(o + 16, place, stop)
    stop = fourPlaces(o + 32, place, stop)
    for (o += 48; stop != 0; o += 16) stop = fourPlaces(o, place, stop)
    p += 64
  }
  return out
}

/** Every record has the right number of cells: as many line ends as records, and one at the end of each. */
function isEvenList(listEnd: usize, width: usize): bool {
  let behind = listEnd
  while (behind > ends && load<u8>(load<u32>(behind - 4)) != 10) behind -= 4
  if (behind - ends != usize(lineEnds) * width) return false
  for (let last = ends + width - 4; last < behind; last += width) if (load<u8>(load<u32>(last)) != 10) return false
  return true
}

/** Of the places of a list, one is that of a line end: the record has fewer cells. */
function holdsLineEnd(list: usize, listEnd: usize): bool {
  for (; list < listEnd; list += 4) if (load<u8>(load<u32>(list)) == 10) return true
  return false
}

/** How many records from the front are whole and regular; sets their starts, `consumed` and `crlf`. `address` is the file's address of the block. */
export function regularRows(length: usize, address: u32): i32 {
  const listEnd = scan(block, block + length)
  const width = usize(columnCount) << 2
  let rows = 0
  let list = ends
  let start = block
  crlf = 0
  consumed = 0
  const count = usize(columnCount)
  const isEven = isEvenList(listEnd, width)
  while (list + width <= listEnd && rows < mostRows) {
    const last: usize = load<u32>(list + width - 4)
    if (last >= firstOdd || load<u8>(last) != 10) break
    if (!isEven && holdsLineEnd(list, list + width - 4)) break
    const hasReturn = last > start && load<u8>(last - 1) == CR
    const bytes = last - start - usize(hasReturn)
    if (bytes >= longestRow) break
    // Nothing but delimiters and pairs of quotes: an empty line.
    if (bytes <= 3 * count) {
      let p = start
      const end = start + bytes
      while (p < end && (load<u8>(p) == delimiter || load<u8>(p) == QUOTE)) p++
      if (p == end) break
    }
    store<u32>(rowStarts + (usize(rows) << 2), address + u32(start - block))
    crlf += i32(hasReturn)
    rows++
    start = last + 1
    list += width
  }
  consumed = i32(start - block)
  return rows
}
