import { looksLatinIn, skeleton } from '../../kit/confusable.ts'

/** A piece of a text as a reviewer must see it. */
export type VisiblePiece =
  | { readonly kind: 'plain'; readonly text: string }
  /** A sign that shows nothing, or only space: `shown` stands for it (`U+200B`, `NBSP`, `TAB`). */
  | { readonly kind: 'invisible'; readonly text: string; readonly shown: string }
  /** A word that could be taken for another: `shown` is the Latin word that it looks like. */
  | { readonly kind: 'lookalike'; readonly text: string; readonly shown: string }

const names: Readonly<Record<string, string>> = {
  '\t': 'TAB',
  '\n': 'LF',
  '\r': 'CR',
  '\u00A0': 'NBSP',
  '\u00AD': 'SHY',
  '\u200B': 'ZWSP',
  '\u200C': 'ZWNJ',
  '\u200D': 'ZWJ',
  '\u200E': 'LRM',
  '\u200F': 'RLM',
  '\u202A': 'LRE',
  '\u202B': 'RLE',
  '\u202C': 'PDF',
  '\u202D': 'LRO',
  '\u202E': 'RLO',
  '\u2060': 'WJ',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
  '\uFEFF': 'BOM',
}

/** Controls, formats, unassigned and private signs, separators other than the plain space, and letters that fill without a shape. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u00A0\u115F\u1160\u1680\u2000-\u200A\u202F\u205F\u3000\u3164\uFFA0]/u
const parts =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u00A0\u115F\u1160\u1680\u2000-\u200A\u202F\u205F\u3000\u3164\uFFA0]|[\p{L}\p{M}\p{N}]+|[^]/gu

const codeOf = (sign: string): string => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/**
 * Law: the pieces' texts in a row are the text. A space at either end is invisible, too; `isPart` says at which end a longer text goes
 * on, so that a space there is one between words.
 */
export function visiblePieces(text: string, isPart: { readonly start?: boolean; readonly end?: boolean } = {}): readonly VisiblePiece[] {
  const pieces: VisiblePiece[] = []
  const start = isPart.start === true ? 0 : text.length - text.trimStart().length
  const end = isPart.end === true ? text.length : text.trimEnd().length
  for (const found of text.matchAll(parts)) {
    const [part] = found
    const atEdge = part === ' ' && (found.index < start || found.index >= end)
    if (atEdge) pieces.push({ kind: 'invisible', text: part, shown: '␣' })
    else if (invisible.test(part)) pieces.push({ kind: 'invisible', text: part, shown: names[part] ?? codeOf(part) })
    else if (looksLatinIn(text, part)) pieces.push({ kind: 'lookalike', text: part, shown: skeleton(part) })
    else {
      const last = pieces.at(-1)
      if (last?.kind === 'plain') pieces[pieces.length - 1] = { kind: 'plain', text: last.text + part }
      else pieces.push({ kind: 'plain', text: part })
    }
  }
  return pieces
}

/** A run that stands in both texts, in the first alone, or in the second alone. */
export interface TextRun {
  readonly kind: 'same' | 'gone' | 'new'
  readonly text: string
}

/** Beyond so many steps the middle is shown as replaced as a whole: a reviewer would not follow it anyway. */
const mostSteps = 250_000

/**
 * What changed inside a text: words, spaces and signs as units, as few changes as possible.
 * Law: `same` and `gone` in a row are `before`, `same` and `new` are `after`.
 */
export function textRuns(before: string, after: string): readonly TextRun[] {
  const a = unitsOf(before)
  const b = unitsOf(after)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const middleA = a.slice(head, a.length - tail)
  const middleB = b.slice(head, b.length - tail)
  const runs: TextRun[] = []
  const add = (kind: TextRun['kind'], text: string): void => {
    const last = runs.at(-1)
    if (text === '') return
    if (last?.kind === kind) runs[runs.length - 1] = { kind, text: last.text + text }
    else runs.push({ kind, text })
  }
  add('same', a.slice(0, head).join(''))
  if (middleA.length * middleB.length > mostSteps) {
    add('gone', middleA.join(''))
    add('new', middleB.join(''))
  } else for (const { kind, text } of shortest(middleA, middleB)) add(kind, text)
  add('same', a.slice(a.length - tail).join(''))
  return runs
}

const unitsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{M}\p{N}]+|[^]/gu) ?? []

/** The longest common run of units, by the plain table. */
function shortest(a: readonly string[], b: readonly string[]): readonly TextRun[] {
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => table[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const runs: TextRun[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]]
    if (x !== undefined && x === y) {
      runs.push({ kind: 'same', text: x })
      i++
      j++
    } else if (x !== undefined && (y === undefined || at(i + 1, j) >= at(i, j + 1))) {
      runs.push({ kind: 'gone', text: x })
      i++
    } else {
      runs.push({ kind: 'new', text: y ?? '' })
      j++
    }
  }
  return runs
}
