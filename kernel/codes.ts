// The distinct texts of columns whose values repeat, each with a code; code 0 is the empty text.
import { masks, padding, take } from './memory'
import { longestText } from './structure'

const K1: u64 = 0x9e3779b97f4a7c15
const K2: u64 = 0xc2b2ae3d27d4eb4f

// A column, 64 bytes: 0 plain?, 4 slots, 8 mask, 12 count, 16 starts, 20 lengths, 24 hashes, 28 capacity, 32 last code, 36 last length, 40 any hash?, 48 last text.
const columnBytes: usize = 64
let columns: usize = 0

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
    store<u32>(column, u32(take(capacity << 2)), 16)
    store<u32>(column, u32(take(capacity << 2)), 20)
    store<u32>(column, u32(take(capacity << 2)), 24)
    store<u32>(column, u32(capacity), 28)
    store<u32>(column, 0xffffffff, 36)
  }
}

@inline
export function columnAt(c: i32): usize { return columns + usize(c) * columnBytes }
@inline
export function isPlain(column: usize): bool { return load<u32>(column) != 0 }
@inline
export function countOf(column: usize): i32 { return load<i32>(column, 12) }

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
export function codeOf(column: usize, at: usize, length: usize): u32 {
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

/** As `codeOf`, of 1 to 16 bytes that also stand in `text`, with zeros behind them. */
@inline
export function codeOfShort(column: usize, at: usize, length: usize, text: v128): u32 {
  const h = mix(text, u64(length))
  const hash = u32(h) ^ u32(h >> 32)
  const slots: usize = load<u32>(column, 4)
  const mask = load<u32>(column, 8)
  const starts: usize = load<u32>(column, 16), lengths: usize = load<u32>(column, 20)
  const bytes = v128.load(masks + (length << 4))
  let slot = hash & mask
  let entry = load<u32>(slots + (usize(slot) << 2))
  while (entry != 0) {
    if ((entry ^ hash) >> 16 == 0) {
      const code = usize(entry & 0xffff) << 2
      const isSame = !v128.any_true(v128.xor(v128.and(v128.load(load<u32>(starts + code)), bytes), text))
      if (load<u32>(lengths + code) == u32(length) && isSame) return entry & 0xffff
    }
    slot = (slot + 1) & mask
    entry = load<u32>(slots + (usize(slot) << 2))
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
