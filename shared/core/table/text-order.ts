import { collatorFor } from '../../kit/collate.ts'
import { within, type Steps } from '../../kit/steps.ts'
import { decodeUtf8 } from '../../kit/text.ts'
import { orderByLetters, type LetterOrder, type StoredTexts } from './letter-order.ts'

/** So many characters of a text go into its key; what is alike so far is settled by the collator. */
const keyLength = 24

/** A slice is about so many comparisons by the collator. */
const sliceSize = 4_000
/** Or about so many numbers that are only put in their places. */
const manyNumbers = 50_000

export interface TextRanks {
  /** By number of a text: its place among the distinct ones, from 1; texts that the language holds equal share one. */
  readonly ranks: Uint32Array
  readonly most: number
}

/**
 * The places of texts in the order of a language.
 *
 * The collator alone decides; but it wants strings, and takes seconds for the twenty million comparisons of a million texts. Texts of
 * letters whose weights could be learnt from it (ASCII, western Europe) are therefore ordered by these. The others, few as a rule, are
 * ordered by the collator and found their places among the first.
 */
export function* rankTexts(texts: StoredTexts, locale: string): Steps<TextRanks> {
  const byLetters = yield* within(orderByLetters(texts, locale), 0, 0.8)
  const { others } = byLetters
  if (others.length === 0) return ranksOf(texts.starts.length, byLetters)
  const { compare } = collatorFor(locale)
  const spelt = new Array<string>(others.length)
  for (let i = 0; i < others.length; i++) {
    spelt[i] = textOf(texts, others[i]!)
    if (i % sliceSize === sliceSize - 1) yield 0.8
  }
  const collated = yield* within(orderSpelt(spelt, locale, compare), 0.8, 0.9)
  return yield* within(merged(texts, byLetters, spelt, collated, compare), 0.9, 1)
}

function textOf({ source, arena, base, starts, lengths }: StoredTexts, number: number): string {
  const start = starts[number]!
  const end = start + lengths[number]!
  return start < base ? decodeUtf8(source, start, end) : decodeUtf8(arena, start - base, end - base)
}

function ranksOf(count: number, { order, isNew }: Omit<LetterOrder, 'others'>): TextRanks {
  const ranks = new Uint32Array(count)
  let rank = 0
  for (let i = 0; i < order.length; i++) {
    rank += isNew[i]!
    ranks[order[i]!] = rank
  }
  return { ranks, most: rank }
}

/** Puts both orders together. Each of the others is looked for from where the one before it stands, in leaps that double. */
function* merged(
  texts: StoredTexts,
  byLetters: LetterOrder,
  spelt: readonly string[],
  collated: SettledOrder,
  compare: Intl.Collator['compare'],
): Steps<TextRanks> {
  const { order, isNew, others } = byLetters
  const ranks = new Uint32Array(texts.starts.length)
  let rank = 0
  let taken = 0
  const takeTo = (end: number): void => {
    for (; taken < end; taken++) {
      rank += isNew[taken]!
      ranks[order[taken]!] = rank
    }
  }
  for (let i = 0; i < collated.order.length; i++) {
    const place = collated.order[i]!
    if (i === 0 || collated.isNew[i] === 1) {
      const side = (at: number): number => compare(textOf(texts, order[at]!), spelt[place]!)
      let leap = 1
      while (taken + leap <= order.length && side(taken + leap - 1) < 0) leap *= 2
      let low = taken + (leap >>> 1)
      let high = Math.min(order.length, taken + leap - 1)
      while (low < high) {
        const middle = (low + high) >>> 1
        if (side(middle) < 0) low = middle + 1
        else high = middle
      }
      takeTo(low)
      if (low === order.length || side(low) !== 0) rank++
      else {
        let end = low + 1
        while (end < order.length && isNew[end] === 0) end++
        takeTo(end)
      }
    }
    ranks[others[place]!] = rank
    if (i % (sliceSize >>> 3) === 0) yield i / others.length
  }
  takeTo(order.length)
  return { ranks, most: rank }
}

interface SettledOrder {
  readonly order: Uint32Array
  /** By place in the order: 0 where the text is held equal to the one before. */
  readonly isNew: Uint8Array
}

/**
 * Strings in the order of the collator. They are first put in nearly that order by keys: for each character the rank of its letter, learnt
 * from the collator. Then runs of doubling length are merged; two of them that stand right beside each other cost one comparison.
 */
function* orderSpelt(texts: readonly string[], locale: string, compare: Intl.Collator['compare']): Steps<SettledOrder> {
  let from: Uint32Array =
    texts.length < 512 ? Uint32Array.from(texts, (_, place) => place) : yield* within(nearOrder(texts, locale), 0, 0.3)
  let to: Uint32Array = new Uint32Array(texts.length)
  let compared = 0
  const side = (a: number, b: number): number => {
    compared++
    return compare(texts[a]!, texts[b]!)
  }
  for (let run = 1; run < texts.length; run *= 2) {
    for (let start = 0; start < texts.length; start += run * 2) {
      const middle = Math.min(texts.length, start + run)
      const end = Math.min(texts.length, start + run * 2)
      if (middle === end || side(from[middle - 1]!, from[middle]!) <= 0) to.set(from.subarray(start, end), start)
      else {
        let left = start
        let right = middle
        for (let at = start; at < end; at++) {
          const isLeft = left < middle && (right === end || side(from[left]!, from[right]!) <= 0)
          to[at] = from[isLeft ? left++ : right++]!
          if (compared > sliceSize) {
            compared = 0
            yield 0.6
          }
        }
      }
      if (compared > sliceSize) {
        compared = 0
        yield 0.6
      }
    }
    ;[from, to] = [to, from]
  }
  const isNew = new Uint8Array(texts.length)
  for (let i = 0; i < from.length; i++) {
    isNew[i] = i === 0 || compare(texts[from[i - 1]!]!, texts[from[i]!]!) !== 0 ? 1 : 0
    if (i % sliceSize === 0) yield 0.9
  }
  return { order: from, isNew }
}

/** Sorted by keys: counting sorts of two characters at a time, the last ones first. */
function* nearOrder(texts: readonly string[], locale: string): Steps<Uint32Array> {
  const weightOf = yield* weights(texts, locale)
  const count = texts.length
  const keys = new Uint8Array(count * keyLength)
  let longest = 0
  for (let place = 0; place < count; place++) {
    const text = texts[place]!
    const start = place * keyLength
    let at = 0
    for (let i = 0; i < text.length && at < keyLength; i++) {
      const weight = weightOf(text, i)
      if (weight > 0) keys[start + at++] = weight
    }
    if (at > longest) longest = at
    if (place % sliceSize === 0) yield 0.5
  }
  let from = Uint32Array.from(texts, (_, place) => place)
  let to = new Uint32Array(count)
  const starts = new Uint32Array(0x10001)
  for (let pair = (longest - 1) >> 1; pair >= 0; pair--) {
    const offset = pair * 2
    starts.fill(0)
    for (let place = 0; place < count; place++) {
      const at = place * keyLength + offset
      starts[((keys[at]! << 8) | keys[at + 1]!) + 1]!++
      if (place % manyNumbers === 0) yield 0.5
    }
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!
    for (let i = 0; i < count; i++) {
      const at = from[i]! * keyLength + offset
      to[starts[(keys[at]! << 8) | keys[at + 1]!]!++] = from[i]!
      if (i % manyNumbers === 0) yield 0.5
    }
    ;[from, to] = [to, from]
  }
  return from
}

/** The rank of the letter at a place of a text among those that occur, 1 … 255; 0 for what the language passes over. */
function* weights(texts: readonly string[], locale: string): Steps<(text: string, at: number) => number> {
  const letters = new Intl.Collator(locale, { usage: 'sort', sensitivity: 'base' })
  const occurs = new Uint8Array(0x10000)
  for (let place = 0; place < texts.length; place++) {
    const text = texts[place]!
    for (let i = 0; i < text.length; i++) occurs[text.charCodeAt(i)] = 1
    if (place % sliceSize === 0) yield 0.5
  }
  const units: string[] = []
  occurs.forEach((is, unit) => {
    if (is === 1) units.push(String.fromCharCode(unit))
  })
  const aRing = 'å'
  units.push(aRing)
  units.sort((a, b) => letters.compare(a, b))
  const ranks: number[] = []
  units.forEach((unit, i) => ranks.push(i > 0 && letters.compare(units[i - 1]!, unit) === 0 ? ranks[i - 1]! : (ranks[i - 1] ?? 0) + 1))
  const most = Math.max(255, ranks.at(-1) ?? 0)
  const weightOf = new Uint8Array(0x10000)
  units.forEach((unit, i) => (weightOf[unit.charCodeAt(0)] = letters.compare(unit, '') === 0 ? 0 : Math.ceil((ranks[i]! * 255) / most)))
  // Norwegian and Danish order aa as å.
  const joinsA = letters.compare('aa', 'az') > 0
  const ringWeight = weightOf[aRing.charCodeAt(0)]!
  const isA = (unit: number): boolean => unit === 0x61 || unit === 0x41
  return (text, at) => {
    const unit = text.charCodeAt(at)
    if (joinsA && isA(unit)) {
      if (at > 0 && isA(text.charCodeAt(at - 1))) return 0
      if (isA(text.charCodeAt(at + 1))) return ringWeight
    }
    return weightOf[unit]!
  }
}
