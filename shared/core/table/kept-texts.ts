import { hashBytes, sameBytes } from '../../kit/bytes.ts'

/** Finds texts again that edits put into an arena: what is typed, taken back and typed again lies there once. */
export class KeptTexts {
  /** Three words a text: its hash, one more than where it begins (0: free), its length. */
  private slots = new Uint32Array(64 * words)
  private count = 0

  /** Where the bytes `start` … `end` (not included) stood in the arena already; `start` where they are new, and then they are known from now on. */
  find(arena: Uint8Array, start: number, end: number): number {
    const length = end - start
    const hash = hashBytes(arena, start, end) >>> 0
    let slot = this.slotOf(hash)
    for (; this.slots[slot + 1] !== 0; slot = this.after(slot)) {
      const known = this.slots[slot + 1]! - 1
      if (this.slots[slot] === hash && this.slots[slot + 2] === length && sameBytes(arena, known, arena, start, length)) return known
    }
    this.slots[slot] = hash
    this.slots[slot + 1] = start + 1
    this.slots[slot + 2] = length
    if (++this.count * 2 * words > this.slots.length) this.grow()
    return start
  }

  private slotOf(hash: number): number {
    return ((Math.imul(hash, 0x9e3779b1) >>> 7) % (this.slots.length / words)) * words
  }

  private after(slot: number): number {
    return slot + words === this.slots.length ? 0 : slot + words
  }

  private grow(): void {
    const old = this.slots
    this.slots = new Uint32Array(old.length * 2)
    for (let from = 0; from < old.length; from += words) {
      if (old[from + 1] === 0) continue
      let slot = this.slotOf(old[from]!)
      while (this.slots[slot + 1] !== 0) slot = this.after(slot)
      for (let word = 0; word < words; word++) this.slots[slot + word] = old[from + word]!
    }
  }
}

const words = 3
