/**
 * Letters of other scripts that look like an ASCII letter, drawn from the Unicode confusables (UTS #39, 17.0.0; © Unicode, Inc.,
 * Unicode License v3): the Cyrillic, Greek, Armenian and Cherokee ones that are single letters on both sides.
 */
const lookalikes = new Map<string, string>(
  Object.entries({
    // Cyrillic
    а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', ҽ: 'e', ғ: 'f', ɡ: 'g', һ: 'h', і: 'i', ї: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', п: 'n', о: 'o', р: 'p', ԛ: 'q', г: 'r',
    ѕ: 's', т: 't', ц: 'u', ѵ: 'v', ԝ: 'w', х: 'x', у: 'y', ү: 'y', А: 'a', В: 'b', С: 'c', Е: 'e', Н: 'h', І: 'i', Ј: 'j', К: 'k', М: 'm', О: 'o', Р: 'p', Ѕ: 's',
    Т: 't', Х: 'x', У: 'y', Ү: 'y', ё: 'e', Ё: 'e',
    // Greek
    α: 'a', β: 'b', γ: 'y', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', σ: 'o', τ: 't', υ: 'u', χ: 'x', ω: 'w', Α: 'a', Β: 'b', Ε: 'e', Ζ: 'z', Η: 'h', Ι: 'i',
    Κ: 'k', Μ: 'm', Ν: 'n', Ο: 'o', Ρ: 'p', Τ: 't', Υ: 'y', Χ: 'x', ϳ: 'j', ϲ: 'c',
    // Armenian
    ա: 'w', ց: 'g', հ: 'h', յ: 'j', օ: 'o', ս: 'u', ո: 'n', զ: 'q', լ: 'l',
    // Cherokee
    Ꭺ: 'a', Ᏼ: 'b', Ꮯ: 'c', Ꭰ: 'd', Ꭼ: 'e', Ꮐ: 'g', Ꮋ: 'h', Ꮖ: 'i', Ꭻ: 'j', Ꮶ: 'k', Ꮮ: 'l', Ꮇ: 'm', Ꮲ: 'p', Ꮪ: 's', Ꭲ: 't', Ꮩ: 'v', Ꮃ: 'w', Ꮓ: 'z',
  }), // prettier-ignore
)

const latin = /\p{Script=Latin}/u
const letter = /\p{L}/u

interface Letters {
  readonly plain: number
  readonly disguised: number
  readonly foreign: number
}

function lettersOf(text: string): Letters {
  let plain = 0
  let disguised = 0
  let foreign = 0
  for (const sign of text.normalize('NFC')) {
    if (!letter.test(sign)) continue
    if (lookalikes.has(sign)) disguised++
    else if (latin.test(sign)) plain++
    else foreign++
  }
  return { plain, disguised, foreign }
}

/**
 * Whether a word could pass for one of plain Latin letters and is not: it mixes Latin with letters of another script that look Latin,
 * or every letter is such a lookalike. `Иван` is neither: it could be taken for nothing else.
 */
export function looksLatin(word: string): boolean {
  const { plain, disguised, foreign } = lettersOf(word)
  return disguised > 0 && foreign === 0 && (plain > 0 || disguised > 1)
}

/**
 * The same of a word within a text: a single letter (an initial) is told by what stands around it. `а.hansen` passes for Latin, while
 * `а.иванов` shows its script itself.
 */
export function looksLatinIn(text: string, word: string): boolean {
  if (looksLatin(word)) return true
  if (lettersOf(word).disguised === 0) return false
  const { plain, foreign } = lettersOf(text)
  return plain > 0 && foreign === 0
}

/** The Latin word that it could be taken for. */
export const skeleton = (word: string): string => [...word.normalize('NFC')].map((sign) => lookalikes.get(sign) ?? sign).join('')
