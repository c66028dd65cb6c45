import { isStrictUtf8 } from './encoding.ts'

/** A file that is still being read: its bytes come in from the front. Who brings them counts `filled` up. */
export interface Arrival {
  /** So many bytes of the file are there. */
  filled: number
  /** Whoever makes a table of them needs so many to go on, and yields until they are there. */
  needed: number
}

/** Faster checks than ours, where the host has them. */
export interface BytesTests {
  readonly isUtf8?: (bytes: Uint8Array) => boolean
  readonly holdsNul?: (bytes: Uint8Array) => boolean
}

/** So much is looked through at a time, while it lies in the processor's caches. */
const stretch = 512 * 1024

/**
 * Looks through the bytes of a text as they come in: what lies below `sound` is strict UTF-8 without NUL. Of an array that was there
 * from the start (`arrival` is null) nothing is looked at: whoever had it did.
 */
export class SoundText {
  sound: number
  private damaged = false
  private readonly bytes: Uint8Array
  private readonly arrival: Arrival | null
  /** Where in the file the bytes begin. */
  private readonly from: number
  private readonly isSound: (bytes: Uint8Array) => boolean

  constructor(
    bytes: Uint8Array,
    arrival: Arrival | null = null,
    from = 0,
    { isUtf8 = isStrictUtf8, holdsNul = (some) => some.includes(0) }: BytesTests = {},
  ) {
    this.bytes = bytes
    this.arrival = arrival
    this.from = from
    this.isSound = (some) => isUtf8(some) && !holdsNul(some)
    this.sound = arrival === null ? bytes.length : 0
  }

  /** Whether the text is known down to `wanted` (or its end), or is known to be damaged. If not, more bytes must come in. */
  reaches(wanted: number): boolean {
    const { bytes, arrival } = this
    const goal = Math.min(wanted, bytes.length)
    while (!this.damaged && arrival !== null && this.sound < goal) {
      const there = Math.min(bytes.length, arrival.filled - this.from)
      const end = this.wholeCharacters(Math.min(there, this.sound + stretch))
      if (end <= this.sound) {
        // Damage at the very end of what is there looks like half a character.
        arrival.needed = Math.min(bytes.length, Math.max(goal, there + 4)) + this.from
        return false
      }
      this.damaged = !this.isSound(bytes.subarray(this.sound, end))
      this.sound = end
    }
    return true
  }

  isDamaged(): boolean {
    return this.damaged
  }

  /** Not more than `length` bytes, and no character cut in two: what comes next may not be there yet. */
  private wholeCharacters(length: number): number {
    const { bytes } = this
    if (length === bytes.length) return length
    for (let back = 1; back <= 3 && length - back >= this.sound; back++) {
      const byte = bytes[length - back]!
      if (byte < 0x80) return length
      if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length - back : length
    }
    return length
  }
}
