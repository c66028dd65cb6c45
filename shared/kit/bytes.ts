/** `left[leftStart …]` and `right[rightStart …]` hold the same `length` bytes. */
export function sameBytes(left: Uint8Array, leftStart: number, right: Uint8Array, rightStart: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (left[leftStart + i] !== right[rightStart + i]) return false
  return true
}

/** The same for bytes that are looked at through views, four at a time. */
export function sameViewed(left: DataView, leftStart: number, right: DataView, rightStart: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (left.getUint8(leftStart + i) !== right.getUint8(rightStart + i)) return false
    return true
  }
  const last = length - 4
  for (let i = 0; i < last; i += 4) if (left.getInt32(leftStart + i) !== right.getInt32(rightStart + i)) return false
  return left.getInt32(leftStart + last) === right.getInt32(rightStart + last)
}

/** How many of the first `length` bytes are the same, sixteen at a time: for long stretches. */
export function sameStretch(left: DataView, leftStart: number, right: DataView, rightStart: number, length: number): number {
  let same = 0
  // As whole numbers: as floating ones not every eight bytes would equal themselves.
  for (const last = length - 16; same <= last; same += 16) {
    if (left.getBigInt64(leftStart + same, true) !== right.getBigInt64(rightStart + same, true)) break
    if (left.getBigInt64(leftStart + same + 8, true) !== right.getBigInt64(rightStart + same + 8, true)) break
  }
  while (same < length && left.getUint8(leftStart + same) === right.getUint8(rightStart + same)) same++
  return same
}

/** Whether all of `length` bytes are the same, sixteen at a time; the last sixteen may be some that were looked at before. */
export function sameWhole(left: DataView, leftStart: number, right: DataView, rightStart: number, length: number): boolean {
  const last = length - 16
  if (last < 0) return sameStretch(left, leftStart, right, rightStart, length) === length
  for (let at = 0; at < last; at += 16) {
    if (left.getBigInt64(leftStart + at, true) !== right.getBigInt64(rightStart + at, true)) return false
    if (left.getBigInt64(leftStart + at + 8, true) !== right.getBigInt64(rightStart + at + 8, true)) return false
  }
  return (
    left.getBigInt64(leftStart + last, true) === right.getBigInt64(rightStart + last, true) &&
    left.getBigInt64(leftStart + last + 8, true) === right.getBigInt64(rightStart + last + 8, true)
  )
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** A 32-bit hash of every byte (sampled hashes collide on texts that differ in one place), never 0. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = (end - start) | 0
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  hash ^= hash >>> 15
  return hash === 0 ? 1 : hash
}

/** The least power of two that is not below `n`. */
export function powerOfTwoFrom(n: number): number {
  let power = 16
  while (power < n) power *= 2
  return power
}

/** A copy with room for `capacity` elements; the new ones are 0. */
export function grown<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(array: T, capacity: number): T {
  const larger = new (array.constructor as new (length: number) => T)(capacity)
  larger.set(array)
  return larger
}

/** The same memory as a plain `Uint8Array`: a Node Buffer is another shape to the compiler, and hot loops lose by meeting both. */
export const asPlainBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
