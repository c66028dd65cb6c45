/**
 * Texts in the order of a language: å æ ø (nb, da) or å ä ö (sv, fi) behind z, upper and lower case beside each other.
 * Digits are ordered as characters, since an extension is a text.
 */
export function collatorFor(locale: string): Intl.Collator {
  return new Intl.Collator(locale, { usage: 'sort', numeric: false })
}
