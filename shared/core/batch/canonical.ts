import canonicalizeJson from 'canonicalize'

/**
 * RFC 8785 JSON: keys sorted by UTF-16 code unit, no white space, one spelling for each number and string. Equal data gives equal
 * text, so a hash of the text stands for the data. Throws on what JSON cannot hold and on lone surrogates (`wellFormed` mends those).
 */
export function canonicalize(value: unknown): string {
  const text = canonicalizeJson(value)
  if (text === undefined) throw new TypeError('This value has no JSON form')
  return text
}

/** Half a surrogate pair cannot be written as UTF-8; writers put U+FFFD there, and so do we, once, before anything is hashed. */
export const wellFormed = (text: string): string => text.toWellFormed()
