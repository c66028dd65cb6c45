/** What shows nothing, or only space. */
const unseen = /[\p{C}\p{Z}]/u
const mark = /\p{M}/u

/** The signs of a text that a pattern finds, each once, for a sentence: one that cannot be seen by its number, a mark on a circle. */
export const distinctSigns = (text: string, pattern: RegExp): string => [...new Set(text.match(pattern) ?? [])].map(shown).join(' ')

const shown = (sign: string): string =>
  unseen.test(sign) ? `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` : mark.test(sign) ? `\u25cc${sign}` : sign
