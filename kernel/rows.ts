// The hot kernel of reading CSV, in AssemblyScript: regular records, a block of bytes at a time, to columns of numbers.
// `shared/core/csv/kernel-scan.ts` calls it and says what goes in and out; `row-scan.ts` is its twin in TypeScript, which does the same
// without it. It takes only what is beyond doubt: of everything else it says where it stopped, and the tolerant reader goes on there.
// `npm run kernel` builds it into `shared/core/csv/kernel-code.ts`.

/** Slack around the block, so that 16 bytes can be loaded at any place of it. */
const padding: usize = 64
/** Texts in the scratch have fewer bytes than this: their lengths fit into 16 bits. */
const longestText: usize = 0xfff0
const QUOTE: i32 = 34
const CR: i32 = 13

// What is known of a plain cell; `shared/core/table/cell-mark.ts` has the same bits.
const beyondAscii: u32 = 1
const control: u32 = 2
const edgeSpace: u32 = 4
const formulaStart: u32 = 8
const space: u32 = 16
const questionMark: u32 = 32
const beyondLatin: u32 = 64
const plainEmail: u32 = 128
const plainNumber: u32 = 256
const onlyDigits: u32 = 512
const isKnown: u32 = 1024

const K1: u64 = 0x9e3779b97f4a7c15
const K2: u64 = 0xc2b2ae3d27d4eb4f

// A column, 64 bytes: 0 plain?, 4 slots, 8 mask, 12 count, 16 starts, 20 lengths, 24 hashes, 28 capacity, 32 last code, 36 last length, 40 any hash?, 48 last text.
const columnBytes: usize = 64

let top: usize = 0
let columnCount: i32 = 0
let delimiter: i32 = 0
let mostRows: i32 = 0
let longestRow: usize = 0
let columns: usize = 0
let masks: usize = 0
let block: usize = 0
let ends: usize = 0
let output: usize = 0
let outputStride: usize = 0
let rowStarts: usize = 0
let oddCells: usize = 0
let scratch: usize = 0
let texts: usize = 0
let textsEnd: usize = 0

let lineEnds: i32 = 0
let firstOdd: usize = 0
let cellHash: u32 = 0

/** Bytes of the block that the rows of the last call took. */
export let consumed: i32 = 0
/** Of the rows of the last call, how many end in CR LF. */
export let crlf: i32 = 0
/** Quoted cells of plain columns that hold quotes, of the last call: row, column, start, end (quotes included), u32 each. */
export let oddCellCount: i32 = 0

function take(bytes: usize): usize {
  const at = top
  top = (at + bytes + 15) & ~15
  const wanted = (top + padding + 0xffff) >> 16
  const have = usize(memory.size())
  if (wanted > have) memory.grow(i32(max(wanted - have, 16)))
  return at
}

/** Makes everything ready for a file. `blockBytes`: the most bytes of a call. Longer rows than `longestRowBytes` are not taken. */
export function begin(columnsOfFile: i32, delimiterByte: i32, blockBytes: i32, mostRowsOfCall: i32, longestRowBytes: i32): void {
  top = (__heap_base + 63) & ~63
  columnCount = columnsOfFile
  delimiter = delimiterByte
  mostRows = mostRowsOfCall
  longestRow = min(usize(longestRowBytes), longestText)
  masks = take(17 * 16)
  for (let length: usize = 0; length <= 16; length++)
    for (let i: usize = 0; i < 16; i++) store<u8>(masks + (length << 4) + i, i < length ? 0xff : 0)
  block = take(usize(blockBytes) + 2 * padding) + padding
  memory.fill(block - padding, 0, padding)
  ends = take((usize(blockBytes) + 128) << 2)
  rowStarts = take(usize(mostRows) << 2)
  outputStride = usize(mostRows) * 12
  output = take(usize(columnCount) * outputStride)
  oddCells = take(usize(blockBytes) << 2)
  scratch = take(longestText + 2 * padding)
  columns = take(usize(columnCount) * columnBytes)
  texts = 0
  textsEnd = 0
  memory.fill(columns, 0, usize(columnCount) * columnBytes)
  for (let c = 0; c < columnCount; c++) {
    const column = columns + usize(c) * columnBytes
    const capacity: usize = 32
    store<u32>(column, u32(take(64 << 2)), 4)
    memory.fill(load<u32>(column, 4), 0, 64 << 2)
    store<u32>(column, 63, 8)
    store<u32>(column, 1, 12)
    store<u32>(column, u32(take(capacity << 2)), 16)
    store<u32>(column, u32(take(capacity << 2)), 20)
    store<u32>(column, u32(take(capacity << 2)), 24)
    store<u32>(column, u32(capacity), 28)
    store<u32>(column, 0xffffffff, 36)
  }
}

export function blockAt(): usize { return block }
export function scratchAt(): usize { return scratch }
export function rowStartsAt(): usize { return rowStarts }
export function oddCellsAt(): usize { return oddCells }
/** Codes (u16 each), or of a plain column starts (u32), then lengths (u16), marks (u16), hashes (u32), `mostRows` of each. */
export function outputAt(c: i32): usize { return output + usize(c) * outputStride }
/** Codes given so far; code 0 is the empty text. */
export function codeCount(c: i32): i32 { return load<i32>(columns + usize(c) * columnBytes, 12) }
/** Places of the texts of the codes (u32 each) and their lengths. */
export function textStartsAt(c: i32): usize { return load<u32>(columns + usize(c) * columnBytes, 16) }
export function textLengthsAt(c: i32): usize { return load<u32>(columns + usize(c) * columnBytes, 20) }
/** Whether any cell of a plain column has had a hash. */
export function hasHashes(c: i32): bool { return load<u32>(columns + usize(c) * columnBytes, 40) != 0 }
/** From now on the column gets no codes. */
export function turnPlain(c: i32): void { store<u32>(columns + usize(c) * columnBytes, 1) }

/** The code of the text that stands in the scratch. */
export function codeOfScratch(c: i32, length: i32): i32 {
  memory.fill(scratch + usize(length), 0, padding)
  return i32(codeOf(columns + usize(c) * columnBytes, scratch, usize(length)))
}


// ---------------------------------------------------------------------------------------------- structure

@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return u64(u32(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16))) | (u64(u32(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16))) << 32)
}

/**
 * Writes the place of every delimiter and LF outside quotes behind one another, and gives the end of that list. `firstOdd` is the first
 * place where quotes or CR are not as a sound file has them; what lies before it is read rightly.
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
    if (to - p < 64) {
      const valid = (u64(1) << u64(to - p)) - 1
      line &= valid; stop &= valid; quote &= valid; cr &= valid
    }
    let odd: u64 = 0
    if ((quote | inQuotes | closed) != 0) {
      let x = quote
      x ^= x << 1; x ^= x << 2; x ^= x << 4; x ^= x << 8; x ^= x << 16; x ^= x << 32
      const inside = x ^ inQuotes
      stop &= ~inside; line &= ~inside; cr &= ~inside
      odd = (quote & inside) & ~(((stop | quote) << 1) | mayOpen)
      const closing = quote & ~inside
      odd |= ((closing << 1) | closed) & ~(stop | quote | cr) & (to - p < 64 ? (u64(1) << u64(to - p)) - 1 : u64.MAX_VALUE)
      closed = closing >> 63
      inQuotes = u64(i64(inside) >> 63)
    }
    odd |= ((cr << 1) | returned) & ~line & (to - p < 64 ? (u64(1) << u64(to - p)) - 1 : u64.MAX_VALUE)
    returned = cr >> 63
    mayOpen = (stop | quote) >> 63
    if (odd != 0 && firstOdd == to) firstOdd = p + usize(ctz(odd))
    lineEnds += i32(popcnt(line))
    let o = out
    out += usize(popcnt(stop)) << 2
    const place = u32(p)
    while (stop != 0) {
      store<u32>(o, place + u32(ctz(stop))); stop &= stop - 1
      store<u32>(o, place + u32(ctz(stop)), 4); stop &= stop - 1
      store<u32>(o, place + u32(ctz(stop)), 8); stop &= stop - 1
      store<u32>(o, place + u32(ctz(stop)), 12); stop &= stop - 1
      o += 16
    }
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
function regularRows(length: usize, address: u32): i32 {
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

// ---------------------------------------------------------------------------------------------- texts

function sameText(a: usize, b: usize, length: usize): bool {
  while (length >= 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(a), v128.load(b)))) return false
    a += 16; b += 16; length -= 16
  }
  return !v128.any_true(v128.and(v128.xor(v128.load(a), v128.load(b)), v128.load(masks + (length << 4))))
}

@inline
function mix(text: v128, hash: u64): u64 {
  let h = (hash ^ u64(i64x2.extract_lane(text, 0))) * K1
  h ^= h >> 32
  h = (h ^ u64(i64x2.extract_lane(text, 1))) * K2
  return h ^ (h >> 29)
}

@inline
function hashOf(at: usize, length: usize): u32 {
  let h: u64 = u64(length)
  let left = length
  let p = at
  while (left >= 16) { h = mix(v128.load(p), h); p += 16; left -= 16 }
  if (left > 0) h = mix(v128.and(v128.load(p), v128.load(masks + (left << 4))), h)
  return u32(h) ^ u32(h >> 32)
}

/** Finds the code of a text, or gives it one. The text may lie anywhere that 16 bytes more can be loaded. */
function codeOf(column: usize, at: usize, length: usize): u32 {
  if (length == 0) return 0
  const hash = hashOf(at, length)
  const slots: usize = load<u32>(column, 4)
  const mask = load<u32>(column, 8)
  const starts: usize = load<u32>(column, 16), lengths: usize = load<u32>(column, 20)
  let slot = hash & mask
  for (;;) {
    const entry = load<u32>(slots + (usize(slot) << 2))
    if (entry == 0) break
    if ((entry ^ hash) >> 16 == 0) {
      const code = usize(entry & 0xffff) << 2
      if (load<u32>(lengths + code) == u32(length) && sameText(load<u32>(starts + code), at, length)) return entry & 0xffff
    }
    slot = (slot + 1) & mask
  }
  return addCode(column, at, length, hash, slot)
}

function addCode(column: usize, at: usize, length: usize, hash: u32, slot: u32): u32 {
  const code = load<u32>(column, 12)
  const capacity = load<u32>(column, 28)
  if (code >= capacity) {
    for (let list: usize = 16; list <= 24; list += 4) {
      const larger = take(usize(capacity) << 3)
      memory.copy(larger, load<u32>(column + list), usize(capacity) << 2)
      store<u32>(column + list, u32(larger))
    }
    store<u32>(column, capacity << 1, 28)
  }
  const entry = usize(code) << 2
  store<u32>(usize(load<u32>(column, 16)) + entry, u32(keep(at, length)))
  store<u32>(usize(load<u32>(column, 20)) + entry, u32(length))
  store<u32>(usize(load<u32>(column, 24)) + entry, hash)
  store<u32>(column, code + 1, 12)
  const mask = load<u32>(column, 8)
  store<u32>(usize(load<u32>(column, 4)) + (usize(slot) << 2), (hash & 0xffff0000) | code)
  if ((code + 1) * 2 > mask + 1) growSlots(column)
  return code
}

function growSlots(column: usize): void {
  const size = (load<u32>(column, 8) + 1) * 4
  const mask = size - 1
  const slots = take(usize(size) << 2)
  memory.fill(slots, 0, usize(size) << 2)
  const hashes: usize = load<u32>(column, 24)
  const count = load<u32>(column, 12)
  for (let code: u32 = 1; code < count; code++) {
    const hash = load<u32>(hashes + (usize(code) << 2))
    let slot = hash & mask
    while (load<u32>(slots + (usize(slot) << 2)) != 0) slot = (slot + 1) & mask
    store<u32>(slots + (usize(slot) << 2), (hash & 0xffff0000) | code)
  }
  store<u32>(column, u32(slots), 4)
  store<u32>(column, mask, 8)
}

/** Copies a text to where it stays. */
function keep(at: usize, length: usize): usize {
  if (texts + length + padding > textsEnd) {
    const size = max<usize>(65536, length + padding)
    texts = take(size)
    textsEnd = texts + size
  }
  const to = texts
  memory.copy(to, at, length)
  texts += length
  return to
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

function holdsQuote(from: usize, to: usize): bool {
  const quotes = i8x16.splat(i8(QUOTE))
  let p = from
  while (p < to) {
    let found = u32(i8x16.bitmask(i8x16.eq(v128.load(p), quotes)))
    if (to - p < 16) found &= (u32(1) << u32(to - p)) - 1
    if (found != 0) return true
    p += 16
  }
  return false
}

// ---------------------------------------------------------------------------------------------- what a cell is

@inline
function within(text: v128, from: i32, count: i32): v128 { return i8x16.lt_u(i8x16.sub(text, i8x16.splat(i8(from))), i8x16.splat(i8(count))) }
@inline
function is(text: v128, byte: i32): v128 { return i8x16.eq(text, i8x16.splat(i8(byte))) }
@inline
function small(text: v128): v128 { return v128.or(text, v128.and(within(text, 65, 26), i8x16.splat(32))) }

// Classes of bytes, as bits: what the entries of both halves of a byte have in common (`classesOf`).
const digitClass: i32 = 1
// 2 and 4: letters a–o and p–z, large and small.
/** `-` and `.` */
const joinerClass: i32 = 8
/** `?`, `_` and DEL */
const lastClass: i32 = 16
/** Space and `@` */
const firstClass: i32 = 32
const controlClass: i32 = 64
const highClass: i32 = 128

/** The classes of 16 bytes. */
@inline
function classesOf(text: v128): v128 {
  const low = v128.and(text, i8x16.splat(15)), high = v128.and(i16x8.shr_u(text, 4), i8x16.splat(15))
  const ofLow = i64x2(0xc7c7c7c7c7c7c7e5, 0xd2cacac2c2c6c7c7), ofHigh = i64x2(0x1402142211284040, 0x8080808080808080)
  return v128.and(i8x16.swizzle(ofLow, low), i8x16.swizzle(ofHigh, high))
}
@inline
function placesOf(classes: v128, wanted: i32): u32 { return u32(~i8x16.bitmask(is(v128.and(classes, i8x16.splat(i8(wanted))), 0))) & 0xffff }
/** Classes that any of 16 bytes has. */
@inline
function anyOf(classes: v128): i32 {
  let all = u64(i64x2.extract_lane(classes, 0)) | u64(i64x2.extract_lane(classes, 1))
  all |= all >> 32
  all |= all >> 16
  return i32(all | (all >> 8)) & 0xff
}

/** The bits of a cell's mark, and `cellHash` where the cell is an email, a phone number or digits as they should be. */
function describe(at: usize, length: usize): u32 {
  cellHash = 0
  if (length == 0) return isKnown
  let flags: u32 = isKnown
  const first = u32(load<u8>(at)), last = u32(load<u8>(at + length - 1))
  if (first == 32 || first == 9 || last == 32 || last == 9) flags |= edgeSpace
  if (first == 61 || first == 43 || first == 45 || first == 64 || first == 9 || first == 13) flags |= formulaStart
  // The last 16 bytes may overlap with those before: what is there is asked, not how often.
  const head = min<usize>(length, 16)
  const headClasses = v128.and(classesOf(v128.load(at)), v128.load(masks + (head << 4)))
  let classes = headClasses
  for (let p = at + 16; p < at + length; p += 16) classes = v128.or(classes, classesOf(v128.load(min<usize>(p, at + length - 16))))
  const there = anyOf(classes)
  if ((there & (controlClass | highClass | lastClass | firstClass)) != 0) flags |= rareFlags(at, length, there)
  if (length > 64) return flags
  if (there == digitClass && placesOf(headClasses, digitClass) == (u32(1) << u32(head)) - 1 && (length <= 16 || areDigits(at + 16, length - 16))) flags |= onlyDigits
  else if (first == 43) {
    if (length >= 8 && length <= 16 && placesOf(headClasses, digitClass) == (((u32(1) << u32(length)) - 1) & ~1) && load<u8>(at + 1) != 48) flags |= plainNumber
  } else if ((there & (firstClass | joinerClass)) == (firstClass | joinerClass) && (flags & (space | control | beyondAscii)) == 0 && isEmail(at, length)) flags |= plainEmail
  if ((flags & (plainEmail | plainNumber | onlyDigits)) != 0) cellHash = keyHash(at, length)
  return flags
}

/** Flags of bytes that few cells have: spaces, question marks, control characters and what is beyond ASCII. */
function rareFlags(at: usize, length: usize, there: i32): u32 {
  let flags: u32 = (there & controlClass) != 0 ? control : 0
  if ((there & highClass) != 0) flags |= beyondAscii
  let p = at
  let left = length
  while (left > 0) {
    const n = min<usize>(left, 16)
    const text = v128.and(v128.load(p), v128.load(masks + (n << 4)))
    if (v128.any_true(is(text, 32))) flags |= space
    if (v128.any_true(is(text, 63))) flags |= questionMark
    if (v128.any_true(is(text, 127))) flags |= control
    // Bytes from C0 on begin a character; of U+00C0 to 00FF the first is C3.
    if (v128.any_true(v128.andnot(i8x16.ge_u(text, i8x16.splat(i8(0xc0))), is(text, 0xc3)))) flags |= beyondLatin
    p += n
    left -= n
  }
  return flags
}

function areDigits(at: usize, length: usize): bool {
  for (let p = at; p < at + length; p++) if (load<u8>(p) - 48 > 9) return false
  return true
}

/** Of up to 64 bytes. */
function isEmail(at: usize, length: usize): bool {
  let words: u64 = 0, dots: u64 = 0, ats: u64 = 0
  for (let place: usize = 0; place < length; place += 16) {
    const n = min<usize>(length - place, 16)
    const text = v128.and(v128.load(at + place), v128.load(masks + (n << 4)))
    words |= u64(u32(i8x16.bitmask(v128.or(v128.or(within(v128.or(text, i8x16.splat(32)), 97, 26), within(text, 48, 10)), v128.or(is(text, 45), is(text, 95)))))) << place
    dots |= u64(u32(i8x16.bitmask(is(text, 46)))) << place
    ats |= u64(u32(i8x16.bitmask(is(text, 64)))) << place
  }
  const all = length == 64 ? u64.MAX_VALUE : (u64(1) << u64(length)) - 1
  if (popcnt(ats) != 1 || (ats & 1) != 0 || (words | dots | ats) != all) return false
  const after = all & ~((ats - 1) | ats)
  const labels = dots & after
  return labels != 0 && (labels & (ats << 1)) == 0 && (labels & (labels << 1)) == 0 && (labels >> u64(length - 1)) == 0
}

/** As `keyHashOf` of `cell-mark.ts`: four bytes at a time, ASCII letters small, the last four filled up with zeros. */
function keyHash(at: usize, length: usize): u32 {
  let hash = u32(length)
  let p = at
  let left = length
  while (left > 0) {
    const n = min<usize>(left, 16)
    const text = small(v128.and(v128.load(p), v128.load(masks + (n << 4))))
    hash = step(hash, i32x4.extract_lane(text, 0))
    if (n > 4) hash = step(hash, i32x4.extract_lane(text, 1))
    if (n > 8) hash = step(hash, i32x4.extract_lane(text, 2))
    if (n > 12) hash = step(hash, i32x4.extract_lane(text, 3))
    p += n
    left -= n
  }
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35
  return hash ^ (hash >> 16)
}

@inline
function step(hash: u32, word: u32): u32 {
  const h = (hash ^ word) * 0x9e3779b1
  return h ^ (h >> 15)
}

// ---------------------------------------------------------------------------------------------- columns

/** So many rows at a time pass all columns, so that their bytes stay in the nearest cache. */
const rowsAtOnce = 128

/** Reads what is whole and regular from the front of the block's first `length` bytes, and gives the number of rows. */
export function readRows(length: i32, address: u32): i32 {
  memory.fill(block + usize(length), 0, padding)
  const rows = regularRows(usize(length), address)
  oddCellCount = 0
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const to = min(from + rowsAtOnce, rows)
    for (let c = 0; c < columnCount; c++) {
      const column = columns + usize(c) * columnBytes
      if (load<u32>(column) == 0) readCodes(column, c, from, to)
      else readPlain(c, from, to, address)
    }
  }
  return rows
}

function readCodes(column: usize, c: i32, from: i32, to: i32): void {
  const width = usize(columnCount) << 2
  let end: usize = ends + usize(from) * width + (usize(c) << 2)
  let out = outputAt(c) + (usize(from) << 1)
  const isLast = c == columnCount - 1
  let lastCode = load<u32>(column, 32)
  let lastLength: usize = load<u32>(column, 36)
  let lastText = v128.load(column, 48)
  let s: usize = c == 0 && from == 0 ? block : usize(load<u32>(end - 4)) + 1
  for (let row = from; row < to; row++) {
    let e: usize = load<u32>(end)
    if (isLast && e > s && load<u8>(e - 1) == CR) e--
    let length = e - s
    let code: u32 = 0
    if (length > 0) {
      let isEscaped = false
      if (load<u8>(s) == QUOTE) {
        s++
        length -= 2
        isEscaped = holdsQuote(s, s + length)
      }
      if (isEscaped) {
        length = unescape(s, s + length)
        memory.fill(scratch + length, 0, 16)
        code = codeOf(column, scratch, length)
      } else if (length <= 16) {
        const text = v128.and(v128.load(s), v128.load(masks + (length << 4)))
        if (length == lastLength && !v128.any_true(v128.xor(text, lastText))) code = lastCode
        else {
          code = codeOf(column, s, length)
          lastCode = code
          lastLength = length
          lastText = text
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
  v128.store(column, lastText, 48)
}

function readPlain(c: i32, from: i32, to: i32, address: u32): void {
  const width = usize(columnCount) << 2
  let end: usize = ends + usize(from) * width + (usize(c) << 2)
  const most = usize(mostRows)
  const starts = outputAt(c), lengths = starts + (most << 2), marks = lengths + (most << 1), hashes = marks + (most << 1)
  const isLast = c == columnCount - 1
  let s: usize = c == 0 && from == 0 ? block : usize(load<u32>(end - 4)) + 1
  let anyHash: u32 = 0
  for (let row = usize(from); row < usize(to); row++) {
    let e: usize = load<u32>(end)
    if (isLast && e > s && load<u8>(e - 1) == CR) e--
    let length = e - s
    let mark: u32 = isKnown
    let start: u32 = 0
    cellHash = 0
    if (length > 0 && load<u8>(s) == QUOTE) {
      s++
      length -= 2
      if (holdsQuote(s, s + length)) {
        const odd = oddCells + (usize(oddCellCount++) << 4)
        store<u32>(odd, u32(row))
        store<u32>(odd, u32(c), 4)
        store<u32>(odd, address + u32(s - 1 - block), 8)
        store<u32>(odd, address + u32(e - block), 12)
        length = 0
      }
    }
    if (length > 0) {
      start = address + u32(s - block)
      mark = describe(s, length)
    }
    store<u32>(starts + (row << 2), start)
    store<u16>(lengths + (row << 1), u16(length))
    store<u16>(marks + (row << 1), u16(mark))
    store<u32>(hashes + (row << 2), cellHash)
    anyHash |= cellHash
    end += width
    s = usize(load<u32>(end - 4)) + 1
  }
  if (anyHash != 0) store<u32>(columns + usize(c) * columnBytes, 1, 40)
}
