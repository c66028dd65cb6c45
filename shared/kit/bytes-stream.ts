import { grown } from './bytes.ts'
import { decodeUtf8, encodeUtf8Into } from './text.ts'

/** Appends numbers and texts to bytes. Numbers take 1 to 5 bytes, 7 bits each, the lowest first. */
export class BytesWriter {
  private buffer: Uint8Array = new Uint8Array(256)
  private used = 0

  byte(value: number): void {
    this.room(1)
    this.buffer[this.used++] = value
  }

  /** An unsigned 32-bit number. */
  number(value: number): void {
    this.room(5)
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.buffer[this.used++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[this.used++] = rest
  }

  /** UTF-8 with its length before it. The text is well-formed. */
  text(text: string): void {
    const scratch = new Uint8Array(text.length * 3)
    const length = encodeUtf8Into(text, scratch, 0)
    this.number(length)
    this.room(length)
    this.buffer.set(scratch.subarray(0, length), this.used)
    this.used += length
  }

  /** Ids as the differences between neighbours: a run of neighbours takes a byte each. */
  ids(ids: Uint32Array): void {
    this.number(ids.length)
    let last = 0
    for (const id of ids) {
      const difference = (id - last) | 0
      this.number((difference << 1) ^ (difference >> 31))
      last = id
    }
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.used)
  }

  private room(length: number): void {
    if (this.used + length > this.buffer.length) this.buffer = grown(this.buffer, 2 * (this.used + length))
  }
}

/** Thrown by `BytesReader` where the bytes end too soon or say what cannot be; caught by whoever decodes. */
export class BytesProblem extends Error {
  override readonly name = 'BytesProblem'
}

/** Reads what `BytesWriter` wrote. */
export class BytesReader {
  private readonly source: Uint8Array
  private at = 0

  constructor(source: Uint8Array) {
    this.source = source
  }

  get isAtEnd(): boolean {
    return this.at === this.source.length
  }

  byte(): number {
    const byte = this.source[this.at++]
    if (byte === undefined) throw new BytesProblem('the bytes end too soon')
    return byte
  }

  number(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new BytesProblem('a number has more than 32 bits')
  }

  /** How many things follow, of which each takes at least one byte. */
  count(): number {
    const count = this.number()
    if (count > this.source.length - this.at) throw new BytesProblem('more is announced than there is')
    return count
  }

  text(): string {
    const length = this.count()
    const start = this.at
    this.at += length
    return decodeUtf8(this.source, start, this.at)
  }

  ids(): Uint32Array {
    const ids = new Uint32Array(this.count())
    let last = 0
    for (let i = 0; i < ids.length; i++) {
      const coded = this.number()
      last = (last + ((coded >>> 1) ^ -(coded & 1))) >>> 0
      ids[i] = last
    }
    return ids
  }
}
