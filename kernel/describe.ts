// What the bytes of a plain cell are: `shared/core/table/cell-mark.ts` has the same bits and the same hash.
import { maskOf } from './memory'

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
export const isKnown: u32 = 1024

/** Of the cell that was described last, where it is an email, a phone number or digits as they should be; else 0. */
export let cellHash: u32 = 0

/** TAB, CR, `+`, `-` and `=`, as bits; @ is the only other byte with which a formula begins. */
const formulaStarts: u64 = 0x2000280000002200

@inline
function within(text: v128, from: i32, count: i32): v128 { return i8x16.lt_u(i8x16.sub(text, i8x16.splat(i8(from))), i8x16.splat(i8(count))) }
@inline
function is(text: v128, byte: i32): v128 { return i8x16.eq(text, i8x16.splat(i8(byte))) }
@inline
function small(text: v128): v128 { return v128.or(text, v128.and(within(text, 65, 26), i8x16.splat(32))) }
@inline
function any(a: v128, b: v128): bool { return v128.any_true(v128.or(a, b)) }
/** The places of bytes that are set, of 32. */
@inline
function places(a: v128, b: v128): u32 { return u32(i8x16.bitmask(a)) | (u32(i8x16.bitmask(b)) << 16) }

// Classes of bytes, as bits: what the entries of both halves of a byte have in common (`classesOf`).
// 2 and 4 are letters: a–o and p–z, large and small.
const digitClass: i32 = 1
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
/** Bytes of none of some classes. */
@inline
function outside(classes: v128, some: i32): v128 { return is(v128.and(classes, i8x16.splat(i8(some))), 0) }
/** Classes that any of 16 bytes has. */
@inline
function anyOf(classes: v128): i32 {
  let all = u64(i64x2.extract_lane(classes, 0)) | u64(i64x2.extract_lane(classes, 1))
  all |= all >> 32
  all |= all >> 16
  return i32(all | (all >> 8)) & 0xff
}

/** The bits of a cell's mark; sets `cellHash`. */
@inline
export function describe(at: usize, length: usize): u32 { return length <= 32 ? describeShort(at, length) : describeLong(at, length) }

/** Of an empty cell. */
@inline
export function describeEmpty(): u32 {
  cellHash = 0
  return isKnown
}

/** Of 1 to 32 bytes, as almost all cells have: without loops, whose ends no processor foresees where lengths differ. */
function describeShort(at: usize, length: usize): u32 {
  const mask = maskOf(length)
  const m0 = v128.load(mask), m1 = v128.load(mask, 16)
  const t0 = v128.and(v128.load(at), m0), t1 = v128.and(v128.load(at, 16), m1)
  // Phone numbers and emails as almost all are: of them everything is known by being one.
  const start = u32(load<u8>(at))
  if (start == 43) {
    if (length >= 8 && length <= 16 && isNumber(t0, length)) {
      cellHash = shortHash(t0, t1, length)
      return isKnown | formulaStart | plainNumber
    }
  } else {
    const ats = places(is(t0, 64), is(t1, 64))
    if (ats != 0 && isShortEmail(t0, t1, ats, length)) {
      cellHash = shortHash(small(t0), small(t1), length)
      return isKnown | startFlag(start) | plainEmail
    }
  }
  return describeAny(at, length, t0, t1, m0, m1)
}

@inline
function isNumber(text: v128, length: usize): bool {
  return i8x16.bitmask(within(text, 48, 10)) == (1 << i32(length)) - 2 && i8x16.extract_lane_u(text, 1) != 48
}

@inline
function isShortEmail(t0: v128, t1: v128, ats: u32, length: usize): bool {
  const dots = places(is(t0, 46), is(t1, 46))
  const all = u32((u64(1) << u64(length)) - 1)
  return (places(wordOf(t0), wordOf(t1)) | dots | ats) == all && isEmail(dots, ats, all, length)
}
/** Letters, digits, `-` and `_`. */
@inline
function wordOf(text: v128): v128 {
  const letters = within(v128.or(text, i8x16.splat(32)), 97, 26)
  return v128.or(v128.or(letters, within(text, 48, 10)), v128.or(is(text, 45), is(text, 95)))
}

function describeAny(at: usize, length: usize, t0: v128, t1: v128, m0: v128, m1: v128): u32 {
  const c0 = v128.and(classesOf(t0), m0), c1 = v128.and(classesOf(t1), m1)
  const there = anyOf(v128.or(c0, c1))
  const first = u32(load<u8>(at))
  let flags = isKnown | startFlag(first)
  if ((there & (controlClass | highClass | lastClass | firstClass)) != 0) {
    flags |= edgeFlag(first, u32(load<u8>(at + length - 1)))
    flags |= select<u32>(space, 0, any(is(t0, 32), is(t1, 32)))
    flags |= select<u32>(beyondAscii, 0, (there & highClass) != 0)
    flags |= select<u32>(beyondLatin, 0, any(beyondLatinOf(t0), beyondLatinOf(t1)))
    if ((there & (controlClass | lastClass)) != 0) {
      if ((there & controlClass) != 0 || any(is(t0, 127), is(t1, 127))) flags |= control
      if (any(is(t0, 63), is(t1, 63))) flags |= questionMark
    }
  }
  cellHash = 0
  if (there != digitClass || any(v128.and(outside(c0, digitClass), m0), v128.and(outside(c1, digitClass), m1))) return flags
  cellHash = shortHash(t0, t1, length)
  return flags | onlyDigits
}

/** Of more than 32 bytes. */
function describeLong(at: usize, length: usize): u32 {
  cellHash = 0
  const first = u32(load<u8>(at))
  let flags = isKnown | startFlag(first)
  // The last 16 bytes may overlap with those before: what is there is asked, not how often.
  const last = at + length - 16
  let classes = classesOf(v128.load(last))
  let noDigits = outside(classes, digitClass)
  for (let p = at; p < last; p += 16) {
    const some = classesOf(v128.load(p))
    classes = v128.or(classes, some)
    noDigits = v128.or(noDigits, outside(some, digitClass))
  }
  const there = anyOf(classes)
  if ((there & (controlClass | highClass | lastClass | firstClass)) != 0) {
    flags |= edgeFlag(first, u32(load<u8>(at + length - 1)))
    if ((there & controlClass) != 0) flags |= control
    if ((there & highClass) != 0) flags |= beyondAscii
    for (let p = at; p < at + length; p += 16) flags |= rareFlags(v128.load(min(p, last)))
  }
  if (length > 64) return flags
  if (!v128.any_true(noDigits)) flags |= onlyDigits
  else if (first != 43 && mayBeEmail(there, flags) && isLongEmail(at, length)) flags |= plainEmail
  if ((flags & (plainEmail | onlyDigits)) != 0) cellHash = longHash(at, length)
  return flags
}

@inline
function startFlag(first: u32): u32 {
  return first == 64 || (first < 64 && ((formulaStarts >> u64(first)) & 1) != 0) ? formulaStart : 0
}
@inline
function edgeFlag(first: u32, last: u32): u32 { return first == 32 || first == 9 || last == 32 || last == 9 ? edgeSpace : 0 }
/** Bytes from C0 on begin a character; of U+00C0 to 00FF the first is C3. */
@inline
function beyondLatinOf(text: v128): v128 { return v128.andnot(i8x16.ge_u(text, i8x16.splat(i8(0xc0))), is(text, 0xc3)) }
@inline
function mayBeEmail(there: i32, flags: u32): bool {
  return (there & (firstClass | joinerClass)) == (firstClass | joinerClass) && (flags & (space | control | beyondAscii)) == 0
}

/** Flags of bytes that few cells have. */
function rareFlags(text: v128): u32 {
  let flags: u32 = 0
  if (v128.any_true(is(text, 32))) flags |= space
  if (v128.any_true(is(text, 63))) flags |= questionMark
  if (v128.any_true(is(text, 127))) flags |= control
  if (v128.any_true(beyondLatinOf(text))) flags |= beyondLatin
  return flags
}

/** Whether dots and @ stand as in an email, told from their places. */
@inline
function isEmail<T>(dots: T, ats: T, all: T, length: usize): bool {
  if (ats == 0 || (ats & (ats - 1)) != 0 || (ats & 1) != 0) return false
  const after = all & ~((ats - 1) | ats)
  const labels = dots & after
  return labels != 0 && (labels & (ats << 1)) == 0 && (labels & (labels << 1)) == 0 && labels >> <T>(length - 1) == 0
}

/** Of 33 to 64 bytes. */
function isLongEmail(at: usize, length: usize): bool {
  let words: u64 = 0, dots: u64 = 0, ats: u64 = 0
  for (let place: usize = 0; place < length; place += 16) {
    const n = min<usize>(length - place, 16)
    const text = v128.and(v128.load(at + place), v128.load(maskOf(n)))
    const letters = v128.or(within(v128.or(text, i8x16.splat(32)), 97, 26), within(text, 48, 10))
    words |= u64(u32(i8x16.bitmask(v128.or(letters, v128.or(is(text, 45), is(text, 95)))))) << place
    dots |= u64(u32(i8x16.bitmask(is(text, 46)))) << place
    ats |= u64(u32(i8x16.bitmask(is(text, 64)))) << place
  }
  const all = length == 64 ? u64.MAX_VALUE : (u64(1) << u64(length)) - 1
  return (words | dots | ats) == all && isEmail<u64>(dots, ats, all, length)
}

// As `keyHashOf` of `cell-mark.ts`: four bytes at a time, ASCII letters small, the last four filled up with zeros.

/** Of up to 32 bytes in small letters, zeros behind them. */
@inline
function shortHash(s0: v128, s1: v128, length: usize): u32 {
  let hash = step(u32(length), i32x4.extract_lane(s0, 0))
  if (length > 4) hash = step(hash, i32x4.extract_lane(s0, 1))
  if (length > 8) hash = step(hash, i32x4.extract_lane(s0, 2))
  if (length > 12) hash = step(hash, i32x4.extract_lane(s0, 3))
  if (length > 16) hash = step(hash, i32x4.extract_lane(s1, 0))
  if (length > 20) hash = step(hash, i32x4.extract_lane(s1, 1))
  if (length > 24) hash = step(hash, i32x4.extract_lane(s1, 2))
  if (length > 28) hash = step(hash, i32x4.extract_lane(s1, 3))
  return lastStep(hash)
}

function longHash(at: usize, length: usize): u32 {
  let hash = u32(length)
  for (let place: usize = 0; place < length; place += 16) {
    const n = min<usize>(length - place, 16)
    const text = small(v128.and(v128.load(at + place), v128.load(maskOf(n))))
    hash = step(hash, i32x4.extract_lane(text, 0))
    if (n > 4) hash = step(hash, i32x4.extract_lane(text, 1))
    if (n > 8) hash = step(hash, i32x4.extract_lane(text, 2))
    if (n > 12) hash = step(hash, i32x4.extract_lane(text, 3))
  }
  return lastStep(hash)
}

@inline
function step(hash: u32, word: u32): u32 {
  const h = (hash ^ word) * 0x9e3779b1
  return h ^ (h >> 15)
}
@inline
function lastStep(hash: u32): u32 {
  const h = (hash ^ (hash >> 13)) * 0xc2b2ae35
  return h ^ (h >> 16)
}
