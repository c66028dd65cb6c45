/** Characters of a piece. */
const pieceLength = 512 * 1024

/** The text in pieces of half a million characters, with the place of each and their number. Half of a surrogate pair stands alone in none. */
export function* contentPieces(text: string): Generator<readonly [piece: number, text: string, pieces: number]> {
  const ends: number[] = []
  for (let end = 0; end < text.length || ends.length === 0;) {
    end += pieceLength
    if (end < text.length && isLowSurrogate(text.charCodeAt(end))) end--
    ends.push(end)
  }
  for (const [piece, end] of ends.entries()) yield [piece, text.slice(ends[piece - 1] ?? 0, end), ends.length]
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code < 0xe000
