import type { Encoding } from './source-facts.ts'

/** Windows-1252 above 0x7F: 0x80–0x9F as the Encoding Standard has them (five stay control characters), then Latin-1. */
const windows1252High = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018,
  0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
]
const codePointOf1252 = (byte: number): number => (byte < 0x80 || byte > 0x9f ? byte : windows1252High[byte - 0x80]!)
const byteOf1252 = new Map<number, number>()
for (let byte = 0x80; byte < 0x100; byte++) byteOf1252.set(codePointOf1252(byte), byte)

/** How long the byte order mark is, and of which encoding. */
export function byteOrderMark(bytes: Uint8Array): { readonly encoding: Encoding; readonly length: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 }
  return null
}

/** UTF-16 without a mark shows itself by a zero byte beside most characters of the first kilobyte. */
export function utf16WithoutMark(bytes: Uint8Array): Encoding | null {
  const pairs = Math.min(512, bytes.length >> 1)
  if (pairs < 2 || bytes.length % 2 !== 0) return null
  let even = 0
  let odd = 0
  for (let i = 0; i < pairs; i++) {
    if (bytes[2 * i] === 0) even++
    if (bytes[2 * i + 1] === 0) odd++
  }
  if (odd > pairs * 0.4 && even === 0) return 'utf-16le'
  if (even > pairs * 0.4 && odd === 0) return 'utf-16be'
  return null
}

const asciiMask = 0x80808080 | 0

/** The offset of the first byte that is no strict UTF-8 (overlong forms and surrogates refused), or -1. */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  const end = bytes.length
  // Four bytes at a time while all is ASCII: five times as fast on the files there are.
  const aligned = bytes.byteOffset % 4 === 0
  const words = aligned ? new Int32Array(bytes.buffer, bytes.byteOffset, end >> 2) : new Int32Array(0)
  let i = 0
  while (i < end) {
    const lead = bytes[i]!
    if (lead < 0x80) {
      i++
      if ((i & 3) === 0) {
        let word = i >> 2
        while (word < words.length && (words[word]! & asciiMask) === 0) word++
        i = word * 4
      }
      continue
    }
    const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
    if (length === 0 || i + length > end) return i
    const second = bytes[i + 1]!
    const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    if (second < least || second > most) return i
    for (let k = 2; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return i
    i += length
  }
  return -1
}

export const isStrictUtf8 = (bytes: Uint8Array): boolean => firstInvalidUtf8(bytes) < 0

/** UTF-8 bytes, or the part before the place that cannot be decoded and that place. */
export type Transcoded = { readonly bytes: Uint8Array; readonly failedAt: number }

/** Bytes of another encoding as UTF-8. `failedAt` is -1, or the offset in `bytes` of what is no text in that encoding. */
export function toUtf8(bytes: Uint8Array, encoding: Exclude<Encoding, 'utf-8'>): Transcoded {
  return encoding === 'windows-1252' ? windows1252ToUtf8(bytes) : utf16ToUtf8(bytes, encoding === 'utf-16be')
}

function windows1252ToUtf8(bytes: Uint8Array): Transcoded {
  let length = 0
  for (const byte of bytes) length += byte < 0x80 ? 1 : codePointOf1252(byte) < 0x800 ? 2 : 3
  const target = new Uint8Array(length)
  let at = 0
  for (const byte of bytes) at = byte < 0x80 ? ((target[at] = byte), at + 1) : putCodePoint(target, at, codePointOf1252(byte))
  return { bytes: target, failedAt: -1 }
}

function utf16ToUtf8(bytes: Uint8Array, bigEndian: boolean): Transcoded {
  const units = bytes.length >> 1
  const low = bigEndian ? 1 : 0
  const target = new Uint8Array(units * 3)
  let at = 0
  for (let i = 0; i < units; i++) {
    let point = bytes[2 * i + low]! | (bytes[2 * i + 1 - low]! << 8)
    if (point >= 0xd800 && point <= 0xdfff) {
      const next = i + 1 < units ? bytes[2 * i + 2 + low]! | (bytes[2 * i + 3 - low]! << 8) : 0
      if (point > 0xdbff || next < 0xdc00 || next > 0xdfff) return { bytes: target.slice(0, at), failedAt: 2 * i }
      point = 0x10000 + ((point - 0xd800) << 10) + (next - 0xdc00)
      i++
    }
    at = putCodePoint(target, at, point)
  }
  return { bytes: target.slice(0, at), failedAt: bytes.length % 2 === 0 ? -1 : bytes.length - 1 }
}

function putCodePoint(target: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    target[at] = point
    return at + 1
  }
  if (point < 0x800) {
    target[at] = 0xc0 | (point >> 6)
    target[at + 1] = 0x80 | (point & 0x3f)
    return at + 2
  }
  if (point < 0x10000) {
    target[at] = 0xe0 | (point >> 12)
    target[at + 1] = 0x80 | ((point >> 6) & 0x3f)
    target[at + 2] = 0x80 | (point & 0x3f)
    return at + 3
  }
  target[at] = 0xf0 | (point >> 18)
  target[at + 1] = 0x80 | ((point >> 12) & 0x3f)
  target[at + 2] = 0x80 | ((point >> 6) & 0x3f)
  target[at + 3] = 0x80 | (point & 0x3f)
  return at + 4
}

/** The first character of a text that Windows-1252 lacks, or null. */
export function beyondWindows1252(text: string): string | null {
  for (const character of text) {
    const point = character.codePointAt(0)!
    if (point > 0x7f && !byteOf1252.has(point)) return character
  }
  return null
}

/** UTF-8 bytes in another encoding. Everything in them can be written in it: see `beyondWindows1252`. */
export function fromUtf8(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return bytes
    case 'windows-1252':
      return utf8To1252(bytes)
    case 'utf-16le':
      return utf8To16(bytes, 0)
    case 'utf-16be':
      return utf8To16(bytes, 1)
  }
}

function utf8To1252(bytes: Uint8Array): Uint8Array {
  const target = new Uint8Array(bytes.length)
  let at = 0
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!
    if (lead < 0x80) {
      target[at++] = lead
      i++
      continue
    }
    const byte = byteOf1252.get(codePointAt(bytes, i))
    if (byte === undefined) throw new RangeError('a character that Windows-1252 lacks came to its encoder')
    target[at++] = byte
    i += lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  }
  return target.subarray(0, at)
}

function utf8To16(bytes: Uint8Array, low: 0 | 1): Uint8Array {
  const target = new Uint8Array(bytes.length * 2)
  let at = 0
  const put = (unit: number): void => {
    target[at + low] = unit & 0xff
    target[at + 1 - low] = unit >> 8
    at += 2
  }
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!
    const point = codePointAt(bytes, i)
    if (point < 0x10000) put(point)
    else {
      put(0xd800 + ((point - 0x10000) >> 10))
      put(0xdc00 + ((point - 0x10000) & 0x3ff))
    }
    i += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  }
  return target.subarray(0, at)
}

function codePointAt(bytes: Uint8Array, i: number): number {
  const lead = bytes[i]!
  if (lead < 0x80) return lead
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | (bytes[i + 1]! & 0x3f)
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | ((bytes[i + 1]! & 0x3f) << 6) | (bytes[i + 2]! & 0x3f)
  return ((lead & 0x07) << 18) | ((bytes[i + 1]! & 0x3f) << 12) | ((bytes[i + 2]! & 0x3f) << 6) | (bytes[i + 3]! & 0x3f)
}

/** The bytes a file of that encoding may begin with to say so. */
export function markOf(encoding: Encoding): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return Uint8Array.of(0xef, 0xbb, 0xbf)
    case 'utf-16le':
      return Uint8Array.of(0xff, 0xfe)
    case 'utf-16be':
      return Uint8Array.of(0xfe, 0xff)
    case 'windows-1252':
      return new Uint8Array(0)
  }
}
