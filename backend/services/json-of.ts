/**
 * What a JSON file says: UTF-8, or UTF-16 with its mark, as Windows' PowerShell writes it. Throws with words for a person; a file in any
 * other encoding is refused, for its letters beyond ASCII would be lost without a word.
 */
export function jsonOf(bytes: Uint8Array): unknown {
  const [first, second] = bytes
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return JSON.parse(textIn(encoding, bytes))
}

function textIn(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Error('this is not UTF-8 text: save the file as UTF-8', { cause })
  }
}
