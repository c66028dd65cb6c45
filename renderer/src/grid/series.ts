/** Continues `1001, 1002`, `+4721550001`, `Room 1`, keeps leading zeros, the plus and the words around the number. */
interface Numbered {
  readonly before: string
  readonly digits: string
}

const trailingNumber = /^(.*?)([0-9]+)$/su

function numbered(text: string): Numbered | null {
  const found = trailingNumber.exec(text)
  return found ? { before: found[1] ?? '', digits: found[2] ?? '' } : null
}

export interface Series {
  readonly before: string
  readonly first: bigint
  readonly step: bigint
  /** Least number of digits, so that `0042` goes on with `0043`. */
  readonly digits: number
}

/**
 * The series that texts begin, or null where they are none (then they are repeated). One text with a number counts up by one, as
 * LibreOffice does; several need one and the same step, that is not nothing, and the same words before the number.
 */
export function detectSeries(texts: readonly string[]): Series | null {
  const parts = texts.map(numbered)
  const head = parts[0]
  if (!head || parts.some((part) => part?.before !== head.before)) return null
  const numbers = parts.map((part) => BigInt(part?.digits ?? '0'))
  const first = numbers[0] ?? 0n
  const step = (numbers[1] ?? first + 1n) - first
  if (step === 0n || numbers.some((number, i) => number !== first + step * BigInt(i))) return null
  const lengths = parts.map((part) => part?.digits.length ?? 0)
  const isPadded = parts.some((part) => part?.digits.startsWith('0') && part.digits.length > 1)
  const digits = isPadded ? Math.max(...lengths) : 1
  // `9, 010` is nobody's series: its texts must come out as they stand.
  return texts.every((text, i) => textAt({ before: head.before, first, step, digits }, i) === text)
    ? { before: head.before, first, step, digits }
    : null
}

/** The text at a place of the series; 0 is the first source text. Null below zero: there is no such extension or number. */
function textAt({ before, first, step, digits }: Series, index: number): string | null {
  const number = first + step * BigInt(index)
  return number < 0n ? null : before + number.toString().padStart(digits, '0')
}

/**
 * `count` texts that follow (`after`) or precede (`before`) the source texts, in the order of the screen.
 * With `copy`, or where there is no series, the source is repeated like tiles.
 */
export function continued(source: readonly string[], count: number, direction: 'after' | 'before', copy = false): readonly string[] {
  if (source.length === 0) return []
  const series = copy ? null : detectSeries(source)
  const indices = Array.from({ length: count }, (_, i) => (direction === 'after' ? source.length + i : i - count))
  const texts = series ? indices.map((index) => textAt(series, index)) : []
  if (series && texts.every((text) => text !== null)) return texts
  return indices.map((index) => source[((index % source.length) + source.length) % source.length] ?? '')
}
