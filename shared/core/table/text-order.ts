import { collatorFor } from '../../kit/collate.ts'

/** So many characters of a text go into its key; what is alike so far is settled by the collator. */
const keyLength = 24

/**
 * The places of texts in the order of a language, and their ranks from 1: texts that the language holds equal share one.
 *
 * The collator alone decides. But asking it for each of twenty million comparisons takes five seconds, so the texts are first put in
 * nearly that order by keys: for each character the rank of its letter, learnt from the collator. Then each text is compared with the one
 * before it, and moved where the keys were wrong (case, accents, letter pairs). Where they are wrong too often, all are compared.
 */
export function orderTexts(
  texts: readonly string[],
  locale: string,
): { readonly order: Uint32Array; readonly ranks: Uint32Array; readonly most: number } {
  const collator = collatorFor(locale)
  const order = texts.length < 512 ? null : settled(texts, nearOrder(texts, locale), collator)
  return order === null ? compareAll(texts, collator) : withRanks(texts, order, collator)
}

function compareAll(texts: readonly string[], collator: Intl.Collator): ReturnType<typeof orderTexts> {
  const order = Uint32Array.from(texts.map((_, place) => place).sort((a, b) => collator.compare(texts[a]!, texts[b]!) || a - b))
  return withRanks(texts, { order, isNew: null }, collator)
}

interface SettledOrder {
  readonly order: Uint32Array
  /** By place in the order: 0 where the text is held equal to the one before. */
  readonly isNew: Uint8Array | null
}

function withRanks(texts: readonly string[], { order, isNew }: SettledOrder, collator: Intl.Collator): ReturnType<typeof orderTexts> {
  const ranks = new Uint32Array(texts.length)
  let rank = 0
  for (let i = 0; i < order.length; i++) {
    const place = order[i]!
    if (i === 0 || (isNew === null ? collator.compare(texts[order[i - 1]!]!, texts[place]!) !== 0 : isNew[i] === 1)) rank++
    ranks[place] = rank
  }
  return { order, ranks, most: rank }
}

/** Puts a nearly right order right; null where that would take too many moves. Equal texts stand in the order of their places. */
function settled(texts: readonly string[], order: Uint32Array, collator: Intl.Collator): SettledOrder | null {
  const isNew = new Uint8Array(order.length)
  let budget = order.length * 2
  for (let i = 1; i < order.length; i++) {
    const place = order[i]!
    const text = texts[place]!
    const before = order[i - 1]!
    const side = texts[before] === text ? 0 : collator.compare(texts[before]!, text)
    if (side < 0) {
      isNew[i] = 1
      continue
    }
    if (side === 0 && before < place) continue
    let at = i
    while (at > 0) {
      const other = order[at - 1]!
      if ((collator.compare(texts[other]!, text) || other - place) < 0) break
      order[at] = other
      at--
      if (--budget < 0) return null
    }
    order[at] = place
    isNew.copyWithin(at + 1, at, i)
    isNew[at] = at > 0 && collator.compare(texts[order[at - 1]!]!, text) !== 0 ? 1 : 0
    isNew[at + 1] = collator.compare(text, texts[order[at + 1]!]!) !== 0 ? 1 : 0
  }
  return { order, isNew }
}

/** Sorted by keys: counting sorts of two characters at a time, the last ones first. */
function nearOrder(texts: readonly string[], locale: string): Uint32Array {
  const weightOf = weights(texts, locale)
  const keys = new Uint8Array(texts.length * keyLength)
  let longest = 0
  texts.forEach((text, place) => {
    const start = place * keyLength
    let at = 0
    for (let i = 0; i < text.length && at < keyLength; i++) {
      const weight = weightOf(text, i)
      if (weight > 0) keys[start + at++] = weight
    }
    if (at > longest) longest = at
  })
  let from = Uint32Array.from({ length: texts.length }, (_, place) => place)
  let to = new Uint32Array(texts.length)
  const starts = new Uint32Array(0x10001)
  for (let pair = (longest - 1) >> 1; pair >= 0; pair--) {
    const offset = pair * 2
    starts.fill(0)
    for (let place = 0; place < texts.length; place++) {
      const at = place * keyLength + offset
      starts[((keys[at]! << 8) | keys[at + 1]!) + 1]!++
    }
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!
    for (const place of from) {
      const at = place * keyLength + offset
      to[starts[(keys[at]! << 8) | keys[at + 1]!]!++] = place
    }
    ;[from, to] = [to, from]
  }
  return from
}

/** The rank of the letter at a place of a text among those that occur, 1 … 255; 0 for what the language passes over. */
function weights(texts: readonly string[], locale: string): (text: string, at: number) => number {
  const letters = new Intl.Collator(locale, { usage: 'sort', sensitivity: 'base' })
  const occurs = new Uint8Array(0x10000)
  for (const text of texts) for (let i = 0; i < text.length; i++) occurs[text.charCodeAt(i)] = 1
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
