/** A number of a phone cell: the cell may hold several, comma-separated, with `PRIMARY|` or `REMOVE|` before them (NUMS). */
export interface PhonePart {
  readonly mark: '' | 'PRIMARY|' | 'REMOVE|'
  /** Without the mark and surrounding white space. */
  readonly number: string
}

/** Decimal comma of a spreadsheet (`4,72E+10`) is part of a number, not a separator between two. */
const scientificForm = /^\+?\d+(?:[.,]\d+)?e[+-]?\d+$/i

export function phoneParts(text: string): PhonePart[] {
  if (isScientific(text.trim())) return [{ mark: '', number: text.trim() }]
  return text
    .split(',')
    .map((piece) => piece.trim())
    .map((piece) => {
      for (const mark of ['PRIMARY|', 'REMOVE|'] as const)
        if (piece.startsWith(mark)) return { mark, number: piece.slice(mark.length).trim() }
      return { mark: '', number: piece }
    })
}

export const joinPhoneParts = (parts: readonly PhonePart[]): string => parts.map((part) => part.mark + part.number).join(',')

/** Spaces of every width, brackets, dots, slashes, hyphens and dashes. */
const separators = /[\s\u200b\u2060\ufeff().\u00b7/\-\u2010-\u2015\u2212]+/gu

export const isScientific = (number: string): boolean => scientificForm.test(number)
/** A spreadsheet keeps 15 digits and fills up with zeros. */
export const isRounded = (number: string): boolean => /^\+?\d{15,}0$/.test(number) && number.replace('+', '').length >= 16
export const withoutSeparators = (number: string): string => number.replace(separators, '')
export const isMalformed = (number: string): boolean => !/^\+?\d+$/.test(withoutSeparators(number))
export const hasInternationalPrefix = (number: string): boolean => withoutSeparators(number).startsWith('00')
export const hasNoPlus = (number: string): boolean => !withoutSeparators(number).startsWith('+')
export const isE164 = (number: string): boolean => /^\+[1-9]\d{6,14}$/.test(number)
export const hasWrongLength = (number: string): boolean => !isE164(withoutSeparators(number))
export const hasSeparators = (number: string): boolean => withoutSeparators(number) !== number

/** `+44 (0)20 …`: the zero in brackets is for callers at home and is no part of the number. */
const trunkZero = /\(\s*0\s*\)/
export const hasTrunkZero = (number: string): boolean => trunkZero.test(number) && /^\s*(\+|00)/.test(number.replace(/[([]/g, ''))
export const withoutTrunkZero = (number: string): string => (hasTrunkZero(number) ? number.replace(trunkZero, '') : number)

/** Plain E.164 without marks, told without a regular expression: the common case of a million cells. */
export function isPlainE164(text: string): boolean {
  const length = text.length
  if (length < 8 || length > 16 || text.charCodeAt(0) !== 43) return false
  const first = text.charCodeAt(1)
  if (first < 49 || first > 57) return false
  for (let i = 2; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 48 || unit > 57) return false
  }
  return true
}

/**
 * The digits by which two spellings of one number are the same, as a number (at most 15 digits); -1 where the text is no such number.
 * Separators, the plus and an international prefix do not count.
 */
export function phoneKey(number: string): number {
  if (isPlainE164(number)) return Number(number.slice(1))
  if (isScientific(number) || isRounded(number) || isMalformed(number)) return -1
  const digits = withoutSeparators(withoutTrunkZero(number)).replace(/^(\+|00)/, '')
  return digits.length < 4 || digits.length > 15 ? -1 : Number(digits)
}
