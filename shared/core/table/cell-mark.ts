import { lowerCase } from './plain-cells.ts'
import { CellFlag } from './table.ts'
import { flagsOfBytes } from './text-store.ts'

/**
 * What is known of a cell without looking at its bytes again: the bits of `CellFlag`, and these. The kernel that reads a file marks
 * the cells of plain columns as they pass (`kernel/describe.ts` has the same bits); an edit takes a cell's mark away.
 */
export const CellMark = {
  ...CellFlag,
  /** An email as almost all are: up to 64 letters, digits and `._-`, one @, dots well placed. */
  plainEmail: 128,
  /** `+`, then 7 to 15 digits of which the first is not 0. */
  plainNumber: 256,
  /** Nothing but digits, 64 at most. */
  onlyDigits: 512,
  /** Set in every mark: 0 says that nothing is known. */
  isKnown: 1024,
} as const

/** Drafts keep marks and hashes: to be raised whenever either means another thing, so that older ones are not believed. */
export const markVersion = 1

/** Marks with a key hash beside them. */
export const hasKeyHash = CellMark.plainEmail | CellMark.plainNumber | CellMark.onlyDigits

/** The mark of UTF-8 bytes. */
export function markOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let mark: number = CellMark.isKnown
  if (start === end) return mark
  mark |= flagsOfBytes(bytes, start, end - start)
  if (isPlainEmailBytes(bytes, start, end)) mark |= CellMark.plainEmail
  if (isPlainE164Bytes(bytes, start, end)) mark |= CellMark.plainNumber
  if (isOnlyDigits(bytes, start, end)) mark |= CellMark.onlyDigits
  return mark
}

/** Letters, digits and `._-` with one @ and dots well placed, told from the bytes of a cell. */
export function isPlainEmailBytes(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 64) return false
  let at = -1
  let lastDot = -1
  for (let i = start; i < end; i++) {
    const kind = emailByte[bytes[i]!]!
    if (kind === letterByte) continue
    if (kind === 0) return false
    if (kind === dotByte) {
      if (at >= 0 && lastDot === i - 1) return false
      lastDot = i
    } else {
      if (at >= 0 || i === start) return false
      at = i
      lastDot = i
    }
  }
  return at > start && lastDot > at && lastDot < end - 1
}
const letterByte = 1
const dotByte = 2
const atByte = 3
const emailByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x40 ? atByte : byte === 0x2e ? dotByte : /[A-Za-z0-9_-]/.test(String.fromCharCode(byte)) ? letterByte : 0,
)

/** Plain E.164, told from the bytes of a cell. */
export function isPlainE164Bytes(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (length < 8 || length > 16 || bytes[start] !== 43) return false
  const first = bytes[start + 1]!
  if (first < 49 || first > 57) return false
  for (let i = start + 2; i < end; i++) if (bytes[i]! < 48 || bytes[i]! > 57) return false
  return true
}

function isOnlyDigits(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 64) return false
  for (let i = start; i < end; i++) if (bytes[i]! < 48 || bytes[i]! > 57) return false
  return end > start
}

/**
 * A hash of every byte (sampled hashes collide on texts that differ in one place), ASCII letters taken small; four bytes at a time, since
 * cells are many and short.
 */
export function keyHashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  let i = start
  for (; i + 4 <= end; i += 4) {
    const word =
      lowerCase[bytes[i]!]! | (lowerCase[bytes[i + 1]!]! << 8) | (lowerCase[bytes[i + 2]!]! << 16) | (lowerCase[bytes[i + 3]!]! << 24)
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  if (i < end) {
    let word = 0
    for (let shift = 0; i < end; i++, shift += 8) word |= lowerCase[bytes[i]!]! << shift
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
