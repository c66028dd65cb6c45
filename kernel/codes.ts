// The distinct texts of columns whose values repeat, each with a code; code 0 is the empty text.
import { cellHash, describe, describeEmpty } from './describe'
import { maskOf, padding, take } from './memory'
import { longestText } from './structure'

export const K1: u64 = 0x9e3779b97f4a7c15
export const K2: u64 = 0xc2b2ae3d27d4eb4f

// A column, 80 bytes: 0 plain?, 4 slots, 8 mask, 12 count, 16 entries, 20 capacity, 24 any hash?, 32 last code, 36 last length, 48 last text (32 bytes).
const columnBytes: usize = 80
let columns: usize = 0
// An entry, 16 bytes, is what is known of a code: 0 where its text lies, 4 the text's length, 8 its hash, or once the column is plain what `describeEntry` puts there.
const entryShift: usize = 4

/** Room for one text that lies nowhere in the block. */
export let scratch: usize = 0
let texts: usize = 0
let textsEnd: usize = 0

export function beginCodes(columnCount: i32): void {
  scratch = take(longestText + 2 * padding)
  columns = take(usize(columnCount) * columnBytes)
  texts = 0
  textsEnd = 0
  memory.fill(columns, 0, usize(columnCount) * columnBytes)
  for (let c = 0; c < columnCount; c++) {
    const column = columnAt(c)
    const capacity: usize = 32
    store<u32>(column, u32(take(64 << 2)), 4)
    memory.fill(load<u32>(column, 4), 0, 64 << 2)
    store<u32>(column, 63, 8)
    store<u32>(column, 1, 12)
    store<u32>(column, u32(take(capacity << entryShift)), 16)
    // The empty text is an entry like any other.
    memory.fill(load<u32>(column, 16), 0, 1 << entryShift)
    store<u32>(column, u32(capacity), 20)
    store<u32>(column, 0xffffffff, 36)
  }
}

@inline
export function columnAt(c: i32): usize { return columns + usize(c) * columnBytes }
@inline
export function isPlain(column: usize): bool { return load<u32>(column) != 0 }
@inline
export function setPlain(column: usize): void { store<u32>(column, 1) }
@inline
export function entriesOf(column: usize): usize { return load<u32>(column, 16) }
/** Whether any cell of a plain column has had a hash. */
@inline
export function hasHash(column: usize): bool { return load<u32>(column, 24) != 0 }
@inline
export function noteHash(column: usize): void { store<u32>(column, 1, 24) }
@inline
export function countOf(column: usize): i32 { return load<i32>(column, 12) }

function sameText(a: usize, b: usize, length: usize): bool {
  while (length >= 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(a), v128.load(b)))) return false
    a += 16; b += 16; length -= 16
  }
  return !v128.any_true(v128.and(v128.xor(v128.load(a), v128.load(b)), v128.load(maskOf(length))))
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
  if (left > 0) h = mix(v128.and(v128.load(p), v128.load(maskOf(left))), h)
  return u32(h) ^ u32(h >> 32)
}

/** Finds the code of a text, or gives it one. The text may lie anywhere that 16 bytes more can be loaded. */
export function codeOf(column: usize, at: usize, length: usize): u32 {
  if (length == 0) return 0
  const hash = hashOf(at, length)
  const slots: usize = load<u32>(column, 4)
  const mask = load<u32>(column, 8)
  const entries: usize = load<u32>(column, 16)
  let slot = hash & mask
  for (;;) {
    const held = load<u32>(slots + (usize(slot) << 2))
    if (held == 0) break
    if ((held ^ hash) >> 16 == 0) {
      const entry = entries + (usize(held & 0xffff) << entryShift)
      if (load<u32>(entry, 4) == u32(length) && sameText(load<u32>(entry), at, length)) return held & 0xffff
    }
    slot = (slot + 1) & mask
  }
  return addCode(column, at, length, hash, slot)
}

/** As `codeOf`, of 1 to 32 bytes that also stand in `head` and `tail`, with zeros behind them. */
@inline
export function codeOfShort(column: usize, at: usize, length: usize, head: v128, tail: v128): u32 {
  let h = mix(head, u64(length))
  if (length > 16) h = mix(tail, h)
  const hash = u32(h) ^ u32(h >> 32)
  const slots: usize = load<u32>(column, 4)
  const mask = load<u32>(column, 8)
  const entries: usize = load<u32>(column, 16)
  const bytes = maskOf(length)
  let slot = hash & mask
  let held = load<u32>(slots + (usize(slot) << 2))
  while (held != 0) {
    if ((held ^ hash) >> 16 == 0) {
      const entry = entries + (usize(held & 0xffff) << entryShift)
      const text: usize = load<u32>(entry)
      const a = v128.xor(v128.and(v128.load(text), v128.load(bytes)), head)
      const b = v128.xor(v128.and(v128.load(text, 16), v128.load(bytes, 16)), tail)
      if (load<u32>(entry, 4) == u32(length) && !v128.any_true(v128.or(a, b))) return held & 0xffff
    }
    slot = (slot + 1) & mask
    held = load<u32>(slots + (usize(slot) << 2))
  }
  return addCode(column, at, length, hash, slot)
}

function addCode(column: usize, at: usize, length: usize, hash: u32, slot: u32): u32 {
  const code = load<u32>(column, 12)
  const capacity = load<u32>(column, 20)
  if (code >= capacity) {
    const larger = take(usize(capacity) << (entryShift + 1))
    memory.copy(larger, load<u32>(column, 16), usize(capacity) << entryShift)
    store<u32>(column, u32(larger), 16)
    store<u32>(column, capacity << 1, 20)
  }
  const entry = usize(load<u32>(column, 16)) + (usize(code) << entryShift)
  store<u32>(entry, u32(keep(at, length)))
  store<u32>(entry, u32(length), 4)
  store<u32>(entry, hash, 8)
  store<u32>(column, code + 1, 12)
  const mask = load<u32>(column, 8)
  store<u32>(usize(load<u32>(column, 4)) + (usize(slot) << 2), (hash & 0xffff0000) | code)
  if ((code + 1) * 4 > mask + 1) growSlots(column)
  return code
}

/** Puts the mark and the key hash of a code's text where its hash was. */
export function describeEntry(column: usize, code: i32): void {
  const entry = entriesOf(column) + (usize(code) << entryShift)
  const length: usize = load<u32>(entry, 4)
  store<u32>(entry, length == 0 ? describeEmpty() : describe(load<u32>(entry), length), 8)
  store<u32>(entry, cellHash, 12)
}

function growSlots(column: usize): void {
  const size = (load<u32>(column, 8) + 1) * 4
  const mask = size - 1
  const slots = take(usize(size) << 2)
  memory.fill(slots, 0, usize(size) << 2)
  const entries: usize = load<u32>(column, 16)
  const count = load<u32>(column, 12)
  for (let code: u32 = 1; code < count; code++) {
    const hash = load<u32>(entries + (usize(code) << entryShift), 8)
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
