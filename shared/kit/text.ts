/** UTF-8 text to bytes and back. `TextEncoder` and `TextDecoder` are there in every host; only their types are not part of the language. */
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array<ArrayBuffer>
  encodeInto(text: string, target: Uint8Array): { readonly read: number; readonly written: number }
}

// A byte order mark inside a text is a character like any other, so it is never swallowed.
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
const encoder = new TextEncoder()

/** Below this a loop over ASCII is faster than the call into the decoder (measured on Node 24). */
const shortText = 32

/** The text of UTF-8 bytes `start` … `end` (not included). The bytes are known to be valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= shortText) {
    let text = ''
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end))
      text += String.fromCharCode(byte)
    }
    return text
  }
  return decoder.decode(bytes.subarray(start, end))
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (text.length > shortText) return encoder.encode(text)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) return encoder.encode(text)
    bytes[i] = unit
  }
  return bytes
}

/** Writes `text` as UTF-8 at `at` and says how many bytes it took. `target` must have room for 3 bytes a UTF-16 unit. */
export function encodeUtf8Into(text: string, target: Uint8Array, at: number): number {
  if (text.length <= shortText) {
    let i = 0
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) break
      target[at + i] = unit
    }
    if (i === text.length) return i
  }
  return encoder.encodeInto(text, target.subarray(at)).written
}
