import { powerOfTwoFrom } from '../../kit/bytes.ts'
import type { Steps } from '../../kit/steps.ts'
import { rowsACall, sliceSize } from './text-keys.ts'

/** What is the same among the rows of two sides, by places in their `rows`. */
export interface MatchedPlaces {
  /** By left place: the first right place with an equal text, or -1. */
  readonly rightOf: Int32Array
  /** By place of each side: the first place with an equal text where that is an earlier one, else -1. */
  readonly leftSameAs: Int32Array
  readonly rightSameAs: Int32Array
  /** By place of each side: 1 where the cell holds nothing but white space. */
  readonly leftIsBlank: Uint8Array
  readonly rightIsBlank: Uint8Array
}

/** Places of rows in the order of the first bits of their hash, in their own order where these are the same; blank ones left out. */
export interface Parts {
  readonly places: Uint32Array
  readonly hashes: Int32Array
  /** Part `p` is `starts[p]` … `starts[p + 1]` (not included). */
  readonly starts: Uint32Array
}

/** The part of a hash. A shift by 32 would be none. */
export const partOf = (hash: number, bits: number): number => (hash >>> 1) >>> (31 - bits)

export function* dealOut(hashes: Int32Array, isBlank: Uint8Array, bits: number): Steps<Parts> {
  const starts = new Uint32Array((1 << bits) + 1)
  for (let from = 0; from < hashes.length; from += rowsACall) {
    countOut(hashes, isBlank, bits, from, Math.min(hashes.length, from + rowsACall), starts)
    if (from % sliceSize === 0) yield (0.5 * from) / hashes.length
  }
  for (let part = 0; part < 1 << bits; part++) starts[part + 1]! += starts[part]!
  const next = starts.slice()
  const count = starts[1 << bits]!
  const parts = { places: new Uint32Array(count), hashes: new Int32Array(count), starts }
  for (let from = 0; from < hashes.length; from += rowsACall) {
    dealSome(hashes, isBlank, bits, from, Math.min(hashes.length, from + rowsACall), next, parts)
    if (from % sliceSize === 0) yield 0.5 + (0.5 * from) / hashes.length
  }
  return parts
}

/** Counts some places into the part after theirs. */
function countOut(hashes: Int32Array, isBlank: Uint8Array, bits: number, from: number, to: number, counts: Uint32Array): void {
  for (let i = from; i < to; i++) if (isBlank[i] === 0) counts[partOf(hashes[i]!, bits) + 1]!++
}

function dealSome(hashes: Int32Array, isBlank: Uint8Array, bits: number, from: number, to: number, next: Uint32Array, parts: Parts): void {
  const { places, hashes: dealt } = parts
  for (let i = from; i < to; i++) {
    if (isBlank[i] === 1) continue
    const hash = hashes[i]!
    const at = next[partOf(hash, bits)]!++
    places[at] = i
    dealt[at] = hash
  }
}

/** Whether two places of one side have the same text. */
export interface KeyTests {
  readonly left: (place: number, other: number) => boolean
  readonly right: (place: number, other: number) => boolean
}

/** Finds what has the same hash, a part at a time. */
export class PartJoin {
  private readonly matched: MatchedPlaces
  private readonly left: Parts
  private readonly right: Parts
  /** Hashes that texts share which are not equal. */
  private readonly unlike: Set<number>
  private readonly isSame: KeyTests
  // An open-addressing table by hash: the first right place and the first left place plus one, 0 for none.
  private readonly hashes: Int32Array
  private readonly firstRight: Uint32Array
  private readonly firstLeft: Uint32Array
  /** Of the part at hand: what has the hash of an earlier one. */
  private readonly again: Uint32Array

  constructor(matched: MatchedPlaces, left: Parts, right: Parts, unlike: Set<number>, isSame: KeyTests) {
    this.matched = matched
    this.left = left
    this.right = right
    this.unlike = unlike
    this.isSame = isSame
    let most = 0
    for (let part = 0; part < left.starts.length - 1; part++) {
      most = Math.max(most, left.starts[part + 1]! - left.starts[part]! + right.starts[part + 1]! - right.starts[part]!)
    }
    const capacity = powerOfTwoFrom(most * 2)
    this.hashes = new Int32Array(capacity)
    this.firstRight = new Uint32Array(capacity)
    this.firstLeft = new Uint32Array(capacity)
    this.again = new Uint32Array(most)
  }

  matchPart(part: number): void {
    const { left, right, firstLeft, firstRight } = this
    const [leftFrom, leftTo] = [left.starts[part]!, left.starts[part + 1]!]
    const [rightFrom, rightTo] = [right.starts[part]!, right.starts[part + 1]!]
    const size = powerOfTwoFrom((leftTo - leftFrom + rightTo - rightFrom) * 2)
    firstLeft.fill(0, 0, size)
    firstRight.fill(0, 0, size)
    this.addRight(rightFrom, rightTo, size - 1)
    this.addLeft(leftFrom, leftTo, size - 1)
  }

  private addRight(from: number, to: number, mask: number): void {
    const { again, right, unlike } = this
    const count = this.putRight(from, to, mask)
    for (let k = 0; k < count; k++) {
      const hash = right.hashes[again[k]!]!
      const place = right.places[again[k]!]!
      const first = this.firstRight[this.slotOf(hash, mask)]! - 1
      if (this.isSame.right(place, first)) this.matched.rightSameAs[place] = first
      else unlike.add(hash)
    }
  }

  private addLeft(from: number, to: number, mask: number): void {
    const { again, left, unlike } = this
    const count = this.putLeft(from, to, mask)
    for (let k = 0; k < count; k++) {
      const hash = left.hashes[again[k]!]!
      const place = left.places[again[k]!]!
      const first = this.firstLeft[this.slotOf(hash, mask)]! - 1
      if (this.isSame.left(place, first)) this.matched.leftSameAs[place] = first
      else unlike.add(hash)
    }
  }

  private slotOf(hash: number, mask: number): number {
    const { hashes, firstRight, firstLeft } = this
    let slot = hash & mask
    while ((firstRight[slot]! | firstLeft[slot]!) !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask
    return slot
  }

  // The loops over all: without a call. What is met again is listed, and looked at afterwards; they give how much that is. A place of the
  // list is written for all and left only by what is met again, so that the loop is the same to the compiler where nothing is.

  private putRight(from: number, to: number, mask: number): number {
    const { right, hashes, firstRight, again } = this
    const { hashes: dealt, places } = right
    let count = 0
    for (let i = from; i < to; i++) {
      const hash = dealt[i]!
      let slot = hash & mask
      while (firstRight[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask
      const isNew = firstRight[slot] === 0
      again[count] = i
      count += isNew ? 0 : 1
      if (isNew) {
        hashes[slot] = hash
        firstRight[slot] = places[i]! + 1
      }
    }
    return count
  }

  private putLeft(from: number, to: number, mask: number): number {
    const { left, hashes, firstRight, firstLeft, again } = this
    const { hashes: dealt, places } = left
    const { rightOf } = this.matched
    let count = 0
    for (let i = from; i < to; i++) {
      const hash = dealt[i]!
      const place = places[i]!
      let slot = hash & mask
      while ((firstRight[slot]! | firstLeft[slot]!) !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask
      const isNew = firstLeft[slot] === 0
      again[count] = i
      count += isNew ? 0 : 1
      if (isNew) {
        hashes[slot] = hash
        firstLeft[slot] = place + 1
      }
      rightOf[place] = firstRight[slot]! - 1
    }
    return count
  }
}
