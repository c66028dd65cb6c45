import { decodeUtf8 } from './text.ts'

/** What Windows-1252 shows for the bytes 80–9F; the five it leaves free show as themselves. */
const windows1252 = new Map<number, number>(
  [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'].map((sign, i): [number, number] => [sign.charCodeAt(0), 0x80 + i]),
)
const byteOf = (unit: number): number => windows1252.get(unit) ?? (unit >= 0x80 && unit <= 0xff ? unit : -1)

/** Letters that UTF-8 read in other code pages gives, for the code pages that turn up in the Nordic countries. */
const otherPages: readonly (readonly [string, string])[] = [
  // Mac OS Roman
  ['√∏', 'ø'], ['√•', 'å'], ['√¶', 'æ'], ['√ò', 'Ø'], ['√Ö', 'Å'], ['√Ü', 'Æ'], ['√∂', 'ö'], ['√§', 'ä'], ['√º', 'ü'], ['√©', 'é'], ['√ñ', 'Ö'], ['√Ñ', 'Ä'],
  // Code page 850
  ['├©', 'é'], ['├©', 'é'], ['├Ñ', 'å'], ['├ª', 'æ'], ['├©', 'é'], ['├╕', 'ø'], ['├ÿ', 'Ø'], ['├à', 'Å'], ['├å', 'Æ'], ['├╢', 'ö'], ['├ñ', 'ä'], ['├╝', 'ü'],
  ['├Â', 'ö'], ['├û', 'Ö'], ['├ä', 'Ä'], ['├¡', 'í'], ['├¦', 'ø'],
] // prettier-ignore

const other = new Map(otherPages)
const otherPattern = /[√├]./gu

/** Signs that stand after a Nordic Å or Ä in sound text too: quotes and dashes. */
const isPunctuation = (unit: number): boolean => (unit >= 0x2013 && unit <= 0x201d) || unit === 0xa0 || unit === 0xbb || unit === 0xab

/** What UTF-8 of one letter became when its bytes were read one by one: where it starts, how long, what it was. */
function sequenceAt(text: string, at: number): { readonly length: number; readonly letter: string } | null {
  const lead = byteOf(text.charCodeAt(at))
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe2 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
  if (length === 0 || at + length > text.length) return null
  const bytes = new Uint8Array(length)
  bytes[0] = lead
  for (let i = 1; i < length; i++) {
    const byte = byteOf(text.charCodeAt(at + i))
    if (byte < 0x80 || byte > 0xbf) return null
    bytes[i] = byte
  }
  const letter = decodeUtf8(bytes, 0, length)
  if (letter.includes('\ufffd')) return null
  return { length, letter }
}

/** Two bytes that begin with Ã or Â are sure; other leads are letters of real names, so the rest must be plausible. */
function isPlausible(text: string, at: number, length: number, letter: string): boolean {
  const lead = byteOf(text.charCodeAt(at))
  if (lead === 0xc2 || lead === 0xc3) return true
  if (lead === 0xc4 || lead === 0xc5) return !isPunctuation(text.charCodeAt(at + 1))
  if (length === 3) return /[\u2010-\u2026\u20ac\u2122\ufb00-\ufb06\ufeff]/.test(letter)
  if (length === 4) return true
  // Greek and Cyrillic: one pair may be chance, two in a row are not.
  const next = sequenceAt(text, at + length) ?? (at >= 2 ? sequenceAt(text, at - 2) : null)
  return next !== null && next.length === 2 && /[\u0370-\u04ff]/.test(letter)
}

function decodedOnce(text: string): string {
  let result = ''
  for (let i = 0; i < text.length;) {
    const sequence = text.charCodeAt(i) < 0x80 ? null : sequenceAt(text, i)
    if (sequence !== null && isPlausible(text, i, sequence.length, sequence.letter)) {
      result += sequence.letter
      i += sequence.length
    } else {
      result += text[i]!
      i++
    }
  }
  return result.replace(otherPattern, (pair) => other.get(pair) ?? pair)
}

/** The text as it was before UTF-8 was read in another code page, once or twice over; null where nothing looks like it. */
export function decodeMojibake(text: string): string | null {
  let result = text
  for (let round = 0; round < 3; round++) {
    const next = decodedOnce(result)
    if (next === result) break
    result = next
  }
  return result === text ? null : result
}
