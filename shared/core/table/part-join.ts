import { powerOfTwoFrom } from '../../kit/bytes.ts'
import type { Steps } from '../../kit/steps.ts'
import { sliceSize } from './text-keys.ts'

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

export function* dealOut(hashes: Int32Array, isBlank: Uint8Array, bits: number): Steps<Parts> {
  const starts = new Uint32Array((1 << bits) + 1)
  // A shift by 32 would be none.
  const partOf = (hash: number): number => (hash >>> 1) >>> (31 - bits)
  for (let i = 0; i < hashes.length; i++) if (isBlank[i] === 0) starts[partOf(hashes[i]!) + 1]!++
  yield 0.5
  for (let part = 0; part < 1 << bits; part++) starts[part + 1]! += starts[part]!
  const next = starts.slice()
  const count = starts[1 << bits]!
  const parts = { places: new Uint32Array(count), hashes: new Int32Array(count), starts }
  for (let from = 0; from < hashes.length; from += sliceSize) {
    const to = Math.min(hashes.length, from + sliceSize)
    for (let i = from; i < to; i++) {
      if (isBlank[i] === 1) continue
      const hash = hashes[i]!
      const at = next[partOf(hash)]!++
      parts.places[at] = i
      parts.hashes[at] = hash
    }
    yield 0.5
  }
  return parts
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
    const { right, hashes, firstRight, unlike } = this
    const { rightSameAs } = this.matched
    for (let i = from; i < to; i++) {
      const hash = right.hashes[i]!
      const place = right.places[i]!
      let slot = hash & mask
      while (firstRight[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask
      const first = firstRight[slot]!
      if (first === 0) {
        hashes[slot] = hash
        firstRight[slot] = place + 1
      } else if (this.isSame.right(place, first - 1)) rightSameAs[place] = first - 1
      else unlike.add(hash)
    }
  }

  private addLeft(from: number, to: number, mask: number): void {
    const { left, hashes, firstRight, firstLeft, unlike } = this
    const { rightOf, leftSameAs } = this.matched
    for (let i = from; i < to; i++) {
      const hash = left.hashes[i]!
      const place = left.places[i]!
      let slot = hash & mask
      while ((firstRight[slot]! | firstLeft[slot]!) !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask
      const first = firstLeft[slot]!
      if (first === 0) {
        hashes[slot] = hash
        firstLeft[slot] = place + 1
      } else if (this.isSame.left(place, first - 1)) leftSameAs[place] = first - 1
      else unlike.add(hash)
      rightOf[place] = firstRight[slot]! - 1
    }
  }
}
