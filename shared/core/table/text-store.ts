import { grown } from '../../kit/bytes.ts'
import { decodeUtf8, encodeUtf8Into } from '../../kit/text.ts'
import { KeptTexts } from './kept-texts.ts'
import { CellFlag } from './table.ts'

/**
 * The bytes of all cells of a table, UTF-8. One address space: below `base` lies the source file as it was read,
 * from `base` on the arena, to which dictionary texts, unescaped cells and edits are added. Addresses stay valid for life.
 */
export class TextStore {
  readonly source: Uint8Array
  readonly base: number
  arena: Uint8Array
  used: number
  private kept: KeptTexts | null = null

  constructor(source: Uint8Array, arena: Uint8Array = new Uint8Array(1024), used = 0) {
    this.source = source
    this.base = source.length
    this.arena = arena
    this.used = used
  }

  /** Makes room for `length` more bytes at `arena[used]`. */
  reserve(length: number): void {
    const needed = this.used + length
    if (needed <= this.arena.length) return
    if (this.base + needed > maximumAddress) throw new RangeError('the texts of this table outgrow 4 GiB')
    this.arena = grown(this.arena, Math.min(maximumAddress - this.base, Math.max(needed, Math.ceil(this.arena.length * 1.5))))
  }

  /** Adds bytes and gives their address. */
  addBytes(bytes: Uint8Array, start: number, end: number): number {
    this.reserve(end - start)
    const at = this.used
    if (end - start > 64) this.arena.set(bytes.subarray(start, end), at)
    else for (let from = start, to = at; from < end; from++, to++) this.arena[to] = bytes[from]!
    this.used = at + end - start
    return this.base + at
  }

  /** Adds a text and gives its address; its length in bytes is `used` after less `used` before. */
  addText(text: string): number {
    this.reserve(text.length * 3)
    const at = this.used
    this.used = at + encodeUtf8Into(text, this.arena, at)
    return this.base + at
  }

  /** The same for the text of an edit: one that an edit had added before is not added again. */
  keepText(text: string): { readonly address: number; readonly length: number } {
    const at = this.used
    const address = this.addText(text)
    const length = this.used - at
    this.kept ??= new KeptTexts()
    const known = length === 0 ? at : this.kept.find(this.arena, at, this.used)
    if (known === at) return { address, length }
    this.used = at
    return { address: this.base + known, length }
  }

  text(address: number, length: number): string {
    if (length === 0) return ''
    return address < this.base
      ? decodeUtf8(this.source, address, address + length)
      : decodeUtf8(this.arena, address - this.base, address - this.base + length)
  }

  flags(address: number, length: number): number {
    return address < this.base ? flagsOfBytes(this.source, address, length) : flagsOfBytes(this.arena, address - this.base, length)
  }
}

const maximumAddress = 0xffff_ffff

/** `CellFlag` bits that a byte gives wherever in a cell it stands. */
export const flagsOfByte = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) {
  // Each byte of a character says that it is beyond ASCII; of U+00C0–00FF the first one is C3.
  if (byte > 0x7f) flagsOfByte[byte] = CellFlag.beyondAscii | (byte >= 0xc0 && byte !== 0xc3 ? CellFlag.beyondLatin : 0)
  else if (byte < 0x20 || byte === 0x7f) flagsOfByte[byte] = CellFlag.control
  else if (byte === 0x20) flagsOfByte[byte] = CellFlag.space
  else if (byte === 0x3f) flagsOfByte[byte] = CellFlag.questionMark
}

/** `CellFlag` bits of UTF-8 bytes. */
export function flagsOfBytes(bytes: Uint8Array, start: number, length: number): number {
  if (length === 0) return 0
  const end = start + length
  let flags = 0
  for (let i = start; i < end; i++) flags |= flagsOfByte[bytes[i]!]!
  const first = bytes[start]!
  const last = bytes[end - 1]!
  if (first === 0x20 || first === 0x09 || last === 0x20 || last === 0x09) flags |= CellFlag.edgeSpace
  // = + - @ tab CR
  if (first === 0x3d || first === 0x2b || first === 0x2d || first === 0x40 || first === 0x09 || first === 0x0d)
    flags |= CellFlag.formulaStart
  return flags
}
