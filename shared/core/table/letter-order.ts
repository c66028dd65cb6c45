import { sameBytes } from '../../kit/bytes.ts'
import { letterWeightsFor, noLetter, type LetterWeights } from '../../kit/letter-weights.ts'
import type { Steps } from '../../kit/steps.ts'

/** Texts by number, as the bytes they have in a table's store (`TextStore`): below `base` in `source`, from there on in `arena`. */
export interface StoredTexts {
  readonly source: Uint8Array
  readonly arena: Uint8Array
  readonly base: number
  readonly starts: Uint32Array
  readonly lengths: Uint32Array
}

export interface LetterOrder {
  /** Numbers of the texts that have nothing but letters with weights, in order; those that are equal as it comes. */
  readonly order: Uint32Array
  /** By place in the order: 0 where the text is held equal to the one before. */
  readonly isNew: Uint8Array
  /** Numbers of the other texts, ascending. */
  readonly others: Uint32Array
}

/** A key is the weights of so many letters, 7 bits each, as one number: it fits a double exactly. A text that ended has 0 in its place. */
const perKey = 7
const weightBits = 7
/** Keys of the first weights that are kept for each text; what is longer is read again from its bytes. */
const keptKeys = 4
const keptLetters = perKey * keptKeys

/** A slice is about so many texts touched: a few milliseconds. */
const sliceSize = 20_000
/** Reading the keys is about this share of the work. */
const keysShare = 0.4

/**
 * Texts in the order of a language without making a string of any: as keys of letters' weights, compared as numbers. A quicksort that
 * parts a stretch in three looks at further letters only of texts that are equal so far.
 */
export function* orderByLetters(texts: StoredTexts, locale: string): Steps<LetterOrder> {
  const count = texts.starts.length
  const letters = new LetterKeys(texts, letterWeightsFor(locale))
  const others = new Uint32Array(count)
  const order = new Uint32Array(count)
  let known = 0
  let other = 0
  for (let from = 0; from < count; from += sliceSize) {
    const to = Math.min(count, from + sliceSize)
    for (let number = from; number < to; number++) {
      if (letters.keep(number)) order[known++] = number
      else others[other++] = number
    }
    yield (keysShare * to) / count
  }
  const sorted = yield* new Sorting(letters, order.slice(0, known)).steps()
  return { ...sorted, others: others.slice(0, other) }
}

class LetterKeys {
  private readonly texts: StoredTexts
  private readonly weights: LetterWeights
  /** By byte: the first weight of a character that is a letter by itself, whatever follows; else 0. */
  private readonly plainWeights = new Uint8Array(256)
  private readonly kept: Float64Array
  private readonly scratch = new Uint8Array(keptLetters)

  constructor(texts: StoredTexts, weights: LetterWeights) {
    this.texts = texts
    this.weights = weights
    this.kept = new Float64Array(texts.starts.length * keptKeys)
    for (let byte = 0; byte < 0x80; byte++) {
      if (weights.startsPair[byte] === 0) this.plainWeights[byte] = weights.levels[0][weights.letterOf[byte]!]!
    }
  }

  /** Keeps the first keys of a text. False: it has characters without weights. */
  keep(number: number): boolean {
    const { texts, plainWeights, scratch, kept } = this
    const first = this.weights.levels[0]
    const address = texts.starts[number]!
    const isSource = address < texts.base
    const bytes = isSource ? texts.source : texts.arena
    let at = isSource ? address : address - texts.base
    const end = at + texts.lengths[number]!
    let count = 0
    while (at < end) {
      let weight = plainWeights[bytes[at]!]!
      if (weight !== 0) at++
      else {
        const found = this.letterAt(bytes, at, end)
        if (found === 0) return false
        weight = first[found & 0xff]!
        at += found >>> 8
      }
      if (count < keptLetters) scratch[count++] = weight
    }
    scratch.fill(0, count)
    for (let key = 0; key * perKey < count; key++) kept[number * keptKeys + key] = packed(scratch, key * perKey)
    return true
  }

  /** The letter at a place, and its length in bytes << 8; 0: a character without weights. */
  private letterAt(bytes: Uint8Array, at: number, end: number): number {
    const { letterOf, startsPair, pairOf } = this.weights
    const one = characterAt(bytes, at, end)
    const size = one < 0x80 ? 1 : 2
    if (one === 0) return 0
    if (startsPair[one] === 1 && at + size < end) {
      const next = characterAt(bytes, at + size, end)
      const pair = pairOf[(one << 8) | next]!
      if (pair === noLetter) return 0
      if (pair !== 0) return pair | ((size + (next < 0x80 ? 1 : 2)) << 8)
    }
    const letter = letterOf[one]!
    return letter === 0 ? 0 : letter | (size << 8)
  }

  /** The key of a text at a level, of the letters from `depth` keys on. */
  keyAt(number: number, level: number, depth: number): number {
    if (level === 0 && depth < keptKeys) return this.kept[number * keptKeys + depth]!
    const { texts, scratch } = this
    const weights = this.weights.levels[level]!
    const address = texts.starts[number]!
    const isSource = address < texts.base
    const bytes = isSource ? texts.source : texts.arena
    let at = isSource ? address : address - texts.base
    const end = at + texts.lengths[number]!
    const from = depth * perKey
    scratch.fill(0, 0, perKey)
    for (let place = 0; place < from + perKey && at < end; place++) {
      const found = this.letterAt(bytes, at, end)
      if (place >= from) scratch[place - from] = weights[found & 0xff]!
      at += found >>> 8
    }
    return packed(scratch, 0)
  }

  isSame(number: number, other: number): boolean {
    const { starts, lengths, source, arena, base } = this.texts
    const length = lengths[number]!
    if (length !== lengths[other]) return false
    const [a, b] = [starts[number]!, starts[other]!]
    if (a === b) return true
    return sameBytes(a < base ? source : arena, a < base ? a : a - base, b < base ? source : arena, b < base ? b : b - base, length)
  }
}

/** The code of a character below U+0100, 0 for any other. */
function characterAt(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at]!
  if (byte < 0x80) return byte
  return byte === 0xc3 && at + 1 < end ? 0xc0 | (bytes[at + 1]! & 0x3f) : 0
}

function packed(weights: Uint8Array, at: number): number {
  const high = (weights[at]! << 21) | (weights[at + 1]! << 14) | (weights[at + 2]! << 7) | weights[at + 3]!
  const low = (weights[at + 4]! << 14) | (weights[at + 5]! << 7) | weights[at + 6]!
  return high * 0x20_0000 + low
}

const isLastKey = (key: number): boolean => key % (1 << weightBits) === 0

/** A stretch of the order whose texts are equal before `depth` keys of `level`. */
interface Stretch {
  readonly from: number
  readonly to: number
  readonly level: number
  readonly depth: number
  /** Their keys there stand beside them. */
  readonly isRead: boolean
}

class Sorting {
  private readonly letters: LetterKeys
  private readonly order: Uint32Array
  private readonly keys: Float64Array
  private readonly isNew: Uint8Array
  private readonly open: Stretch[] = []
  /** Texts looked at in this slice. */
  private touched = 0
  /** Of the stretch that is being parted: below `less` are keys below the middle, from `more` on those above it; `at` comes next. */
  private less = 0
  private more = 0
  private at = 0

  constructor(letters: LetterKeys, order: Uint32Array) {
    this.letters = letters
    this.order = order
    this.keys = new Float64Array(order.length)
    this.isNew = new Uint8Array(order.length).fill(1)
  }

  *steps(): Steps<{ readonly order: Uint32Array; readonly isNew: Uint8Array }> {
    const { open, order } = this
    this.look(0, order.length, 0, 0, false)
    for (let stretch = open.pop(); stretch !== undefined; stretch = open.pop()) {
      const { from, to, level, depth, isRead } = stretch
      const share = keysShare + ((1 - keysShare) * from) / order.length
      if (!isRead) {
        if (level > 0 && depth === 0 && (yield* this.areAllSame(from, to, share))) {
          this.isNew.fill(0, from + 1, to)
          continue
        }
        for (let at = from; at < to; at += sliceSize) {
          this.read(at, Math.min(to, at + sliceSize), level, depth)
          if (this.isSliceDone()) yield share
        }
      }
      if (to - from > mostInserted) {
        const middle = middleOf(this.keys, from, to)
        this.less = this.at = from
        this.more = to
        while (this.at < this.more) {
          this.part(middle)
          if (this.isSliceDone()) yield share
        }
        this.opened(stretch)
      } else {
        this.insert(from, to)
        this.settle(from, to, level, depth)
        if (this.isSliceDone()) yield share
      }
    }
    return { order, isNew: this.isNew }
  }

  private isSliceDone(): boolean {
    if (this.touched < sliceSize) return false
    this.touched = 0
    return true
  }

  private look(from: number, to: number, level: number, depth: number, isRead: boolean): void {
    if (to - from > 1) this.open.push({ from, to, level, depth, isRead })
  }

  /** Texts with the same key: ended, they are equal at this level; else further letters tell. */
  private goOn(from: number, to: number, level: number, depth: number): void {
    if (to - from < 2) return
    if (!isLastKey(this.keys[from]!)) this.look(from, to, level, depth + 1, false)
    else if (level === 2) this.isNew.fill(0, from + 1, to)
    else this.look(from, to, level + 1, 0, false)
  }

  private read(from: number, to: number, level: number, depth: number): void {
    const { letters, order, keys } = this
    for (let i = from; i < to; i++) keys[i] = letters.keyAt(order[i]!, level, depth)
    this.touched += to - from
  }

  private *areAllSame(from: number, to: number, share: number): Steps<boolean> {
    const first = this.order[from]!
    for (let i = from + 1; i < to; i++) {
      this.touched++
      if (!this.letters.isSame(first, this.order[i]!)) return false
      if (this.isSliceDone()) yield share
    }
    return true
  }

  /** Goes on parting a stretch: keys below the middle, equal to it, above it. */
  private part(middle: number): void {
    const { keys, order } = this
    let { less, more, at } = this
    let left = sliceSize
    for (; at < more && left > 0; left--) {
      const key = keys[at]!
      if (key === middle) {
        at++
        continue
      }
      const target = key < middle ? less++ : --more
      const number = order[at]!
      keys[at] = keys[target]!
      order[at] = order[target]!
      keys[target] = key
      order[target] = number
      if (key < middle) at++
    }
    this.touched += sliceSize - left
    this.less = less
    this.more = more
    this.at = at
  }

  /** The least is opened last, so that the order is ready from its beginning. */
  private opened({ from, to, level, depth }: Stretch): void {
    const { less, more } = this
    this.look(more, to, level, depth, true)
    this.goOn(less, more, level, depth)
    this.look(from, less, level, depth, true)
  }

  private insert(from: number, to: number): void {
    const { keys, order } = this
    for (let i = from + 1; i < to; i++) {
      const key = keys[i]!
      const number = order[i]!
      let at = i
      for (; at > from && keys[at - 1]! > key; at--) {
        keys[at] = keys[at - 1]!
        order[at] = order[at - 1]!
      }
      keys[at] = key
      order[at] = number
    }
    this.touched += to - from
  }

  /** Of a stretch in the order of its keys: looks further where they are the same. */
  private settle(from: number, to: number, level: number, depth: number): void {
    for (let end = to; end > from;) {
      let start = end - 1
      while (start > from && this.keys[start - 1] === this.keys[start]) start--
      this.goOn(start, end, level, depth)
      end = start
    }
  }
}

/** So few are sorted by insertion. */
const mostInserted = 16

/** The middle one of three, of nine where there are many. */
function middleOf(keys: Float64Array, from: number, to: number): number {
  const count = to - from
  const half = from + (count >>> 1)
  if (count < 200) return median(keys[from]!, keys[half]!, keys[to - 1]!)
  const eighth = count >>> 3
  return median(
    median(keys[from]!, keys[from + eighth]!, keys[from + 2 * eighth]!),
    median(keys[half - eighth]!, keys[half]!, keys[half + eighth]!),
    median(keys[to - 1 - 2 * eighth]!, keys[to - 1 - eighth]!, keys[to - 1]!),
  )
}

const median = (a: number, b: number, c: number): number => (a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c))
