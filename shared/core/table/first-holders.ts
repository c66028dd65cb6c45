import { powerOfTwoFrom, sameBytes } from '../../kit/bytes.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import { keyHashOf } from './cell-mark.ts'
import type { StoredColumn } from './stored-column.ts'

interface Named {
  readonly row: number
  readonly bytes: Uint8Array
}

/**
 * Which row holds a text first, asked for row after row of a plain column: its cells are found by their hashes, most of which the reader of
 * the file left, so that no byte is read before two hashes meet.
 */
export class FirstHolders {
  private readonly column: StoredColumn
  /** Two words a slot: the hash, and one more than the row; or -1 less the place among `named`, 0 where it is free. */
  private slots: Int32Array
  private readonly named: Named[] = []
  private count = 0

  constructor(column: StoredColumn, expected: number) {
    this.column = column
    this.slots = new Int32Array(powerOfTwoFrom(expected * 2) * 2)
  }

  /** The row that already holds the text of a cell, -1 where this is the first. `hash` is `keyHashOf` of it. */
  putCell(row: number, hash: number): number {
    const { column } = this
    const start = column.storedStartOf(row)
    return this.put(hash, row + 1, column.storedBytesOf(row), start, start + column.byteLengthOf(row))
  }

  /** The same for a text that is not the cell's own: another spelling, or one of several. */
  putText(row: number, text: string): number {
    const bytes = encodeUtf8(text)
    this.named.push({ row, bytes })
    const holder = this.put(keyHashOf(bytes, 0, bytes.length), -this.named.length, bytes, 0, bytes.length)
    if (holder >= 0) this.named.pop()
    return holder
  }

  private put(hash: number, own: number, bytes: Uint8Array, start: number, end: number): number {
    const { slots } = this
    const last = slots.length - 1
    let slot = (hash << 1) & last
    for (;;) {
      const holder = slots[slot + 1]!
      if (holder === 0) break
      if (slots[slot] === hash && this.holds(holder, bytes, start, end)) return holder > 0 ? holder - 1 : this.named[-1 - holder]!.row
      slot = (slot + 2) & last
    }
    slots[slot] = hash
    slots[slot + 1] = own
    if (++this.count * 4 > slots.length) this.grow()
    return -1
  }

  private holds(holder: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (holder < 0) {
      const own = this.named[-1 - holder]!.bytes
      return own.length === end - start && sameBytes(own, 0, bytes, start, own.length)
    }
    const { column } = this
    const row = holder - 1
    return (
      column.byteLengthOf(row) === end - start && sameBytes(column.storedBytesOf(row), column.storedStartOf(row), bytes, start, end - start)
    )
  }

  private grow(): void {
    const old = this.slots
    const slots = new Int32Array(old.length * 2)
    const last = slots.length - 1
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue
      let slot = (old[i]! << 1) & last
      while (slots[slot + 1] !== 0) slot = (slot + 2) & last
      slots[slot] = old[i]!
      slots[slot + 1] = old[i + 1]!
    }
    this.slots = slots
  }
}
