/**
 * How many letters must be put in, taken out, replaced or swapped with their neighbour to make one text of another
 * (Damerau-Levenshtein, restricted). Stops counting above `limit` and answers `limit + 1`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let twoAgo: number[] = []
  let before = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const now = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
      let cost = Math.min(before[j]! + 1, now[j - 1]! + 1, before[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      if (swapped) cost = Math.min(cost, twoAgo[j - 2]! + 1)
      now.push(cost)
      least = Math.min(least, cost)
    }
    if (least > limit) return limit + 1
    twoAgo = before
    before = now
  }
  return before[b.length]!
}

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/æ/g, 'ae')
    .replace(/ø/g, 'o')
    .replace(/ß/g, 'ss')
    .replace(/[\s_\u200b\u2060\ufeff]+/g, ' ')
    .trim()

/**
 * The candidate that `text` most likely meant; null where none is near or two are equally near. Case, accents and spaces do not
 * count; about one slip in four letters is forgiven. A text of which just one candidate is the beginning is taken for that one.
 */
export function nearest(text: string, candidates: Iterable<string>): string | null {
  const wanted = folded(text)
  if (wanted === '') return null
  let best: string | null = null
  let bestDistance = Infinity
  let isTied = false
  const limit = Math.max(1, Math.floor(wanted.length / 4))
  const beginnings: string[] = []
  for (const candidate of candidates) {
    const name = folded(candidate)
    if (wanted.length >= 3 && name.startsWith(wanted)) beginnings.push(candidate)
    const distance = editDistance(wanted, name, limit)
    if (distance > limit || distance > bestDistance) continue
    isTied = distance === bestDistance
    best = candidate
    bestDistance = distance
  }
  if (best !== null && !isTied) return best
  return beginnings.length === 1 ? beginnings[0]! : null
}
