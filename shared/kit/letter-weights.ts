import { collatorFor } from './collate.ts'

/**
 * The order of a language as numbers, for texts of letters whose place can be told one by one: ASCII and the letters of western Europe.
 * A *letter* here is a character, or two that the language takes for one (aa in Norwegian and Danish). Texts of such letters are ordered
 * by the first weights of all their letters, where these are the same by the second ones (accents), then by the third ones (case):
 * what the Unicode collation algorithm does. The weights are learnt from the collator by asking it.
 */
export interface LetterWeights {
  /** The letter that a character below U+0100 is by itself; 0: its place cannot be told by weights. */
  readonly letterOf: Uint8Array
  /** 1 for a character that may be one letter with the next. */
  readonly startsPair: Uint8Array
  /** By first character << 8 | second: the letter that both are, 0 where they are two, `noLetter` where they go by no weights. */
  readonly pairOf: Uint8Array
  /** By letter: first, second and third weight, each 1 … 127. */
  readonly levels: readonly [Uint8Array, Uint8Array, Uint8Array]
}

export const noLetter = 255

const mostWeight = 127
const known = new Map<string, LetterWeights>()

export function letterWeightsFor(locale: string): LetterWeights {
  let weights = known.get(locale)
  if (weights === undefined) known.set(locale, (weights = learn(locale)))
  return weights
}

/** Behind every other character. */
const last = '\uffff'

function learn(locale: string): LetterWeights {
  const base = new Intl.Collator(locale, { usage: 'sort', sensitivity: 'base' })
  const accent = new Intl.Collator(locale, { usage: 'sort', sensitivity: 'accent' })
  const all = collatorFor(locale)
  const characters = [...range(0x20, 0x7e), ...range(0xc0, 0xff)]
  const singles = new Set([...classesOf(characters, base)].flatMap(([, members]) => members))
  const pairs: string[] = []
  for (const one of singles) {
    for (const other of singles) {
      const both = one + other
      if (base.compare(both, one + last) >= 0 || base.compare(both, one) <= 0) pairs.push(both)
    }
  }

  const letterOf = new Uint8Array(256)
  const startsPair = new Uint8Array(256)
  const pairOf = new Uint8Array(0x10000)
  for (const pair of pairs) {
    startsPair[pair.charCodeAt(0)] = 1
    pairOf[placeOfPair(pair)] = noLetter
  }
  const levels: LetterWeights['levels'] = [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)]
  let letter = 0
  for (const [first, members] of classesOf([...singles, ...pairs], base)) {
    let [second, third] = [0, 0]
    const ordered = members.toSorted(all.compare)
    for (const [place, text] of ordered.entries()) {
      const before = ordered[place - 1]
      if (before === undefined || accent.compare(before, text) !== 0) [second, third] = [second + 1, 1]
      else if (all.compare(before, text) !== 0) third++
      if (letter === noLetter - 1 || Math.max(first, second, third) > mostWeight) continue
      letter++
      if (text.length === 1) letterOf[text.charCodeAt(0)] = letter
      else pairOf[placeOfPair(text)] = letter
      levels[0][letter] = first
      levels[1][letter] = second
      levels[2][letter] = third
    }
  }
  return { letterOf, startsPair, pairOf, levels }
}

/**
 * Texts that differ in accents and case alone, by their first weight from 1. Left out: what the language passes over, and what it orders
 * as several letters (ß as ss): such a text comes before its first letter with anything behind it.
 */
function classesOf(texts: readonly string[], base: Intl.Collator): ReadonlyMap<number, readonly string[]> {
  const classes = new Map<number, string[]>()
  let first = ''
  for (const text of texts.toSorted(base.compare)) {
    if (base.compare(text, '') === 0) continue
    if (first !== '' && base.compare(first, text) === 0) classes.get(classes.size)?.push(text)
    else if (first === '' || base.compare(first + last, text) < 0) classes.set(classes.size + 1, [(first = text)])
  }
  return classes
}

const placeOfPair = (pair: string): number => (pair.charCodeAt(0) << 8) | pair.charCodeAt(1)

const range = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i))
