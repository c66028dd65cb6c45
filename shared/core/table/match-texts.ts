import type { Steps } from '../../kit/steps.ts'
import { bytesTest, fewCells, touch } from './cell-bytes.ts'
import { dealOut, PartJoin, type MatchedPlaces } from './part-join.ts'
import { StoredColumn } from './stored-column.ts'
import type { RowId } from './table.ts'
import { hashTexts, isSameKey, keyOf, sliceSize, type KeyRule, type TextSide } from './text-keys.ts'

/** `MatchedPlaces` by row ids. Arrays are as long as the highest id of the rows of their side plus one. */
export type MatchedTexts = MatchedPlaces

/**
 * Looks at some pairs of rows before their texts are looked at: 1 at `i` says that `rows[i]` and `others[i]` are known to be the same. Of
 * `others` below 0 nothing is asked. What it gives holds until it is asked again.
 */
export type PairsTest = (rows: Uint32Array, others: Int32Array, from: number) => Uint8Array

/**
 * A join by 32-bit hashes of the texts, most of which the reader of the file left. Rows of both sides are dealt out by their hash into
 * parts so small that a part's table stays near the processor, and nothing of a text is read there. That equal hashes are equal texts is
 * asked afterwards, in the order of the rows; what turns out to share a hash alone is matched by its text.
 */
export function* matchingPlaces(left: TextSide, right: TextSide, rule: KeyRule, areSame: PairsTest | null = null): Steps<MatchedPlaces> {
  const matched: MatchedPlaces = {
    rightOf: new Int32Array(left.rows.length).fill(-1),
    leftSameAs: new Int32Array(left.rows.length).fill(-1),
    rightSameAs: new Int32Array(right.rows.length).fill(-1),
    leftIsBlank: new Uint8Array(left.rows.length),
    rightIsBlank: new Uint8Array(right.rows.length),
  }
  const bits = Math.max(0, Math.min(10, Math.ceil(Math.log2(Math.max(left.rows.length, right.rows.length, 1) / 2048))))
  const leftHashes = yield* hashTexts(left, rule, matched.leftIsBlank)
  yield 0.2
  const rightHashes = yield* hashTexts(right, rule, matched.rightIsBlank)
  yield 0.4
  const leftParts = yield* dealOut(leftHashes, matched.leftIsBlank, bits)
  const rightParts = yield* dealOut(rightHashes, matched.rightIsBlank, bits)
  yield 0.6
  const unlike = new Set<number>()
  const join = new PartJoin(matched, leftParts, rightParts, unlike, {
    left: (place, other) => isSameKey(left.column, left.rows[place]!, left.column, left.rows[other]!, rule),
    right: (place, other) => isSameKey(right.column, right.rows[place]!, right.column, right.rows[other]!, rule),
  })
  for (let part = 0; part < 1 << bits; part++) {
    join.matchPart(part)
    if (part % 16 === 15) yield 0.6 + (0.2 * part) / (1 << bits)
  }
  for (let from = 0; from < left.rows.length; from += sliceSize) {
    verify(left, right, rule, matched.rightOf, from, Math.min(left.rows.length, from + sliceSize), areSame, (place) =>
      unlike.add(leftHashes[place]!),
    )
    yield 0.8 + (0.2 * from) / left.rows.length
  }
  if (unlike.size > 0) matchByText(left, leftHashes, right, rightHashes, rule, unlike, matched)
  return matched
}

/** The same, told by row ids. */
export function* matchingRows(left: TextSide, right: TextSide, rule: KeyRule): Steps<MatchedTexts> {
  const { rightOf, leftSameAs, rightSameAs, leftIsBlank, rightIsBlank } = yield* matchingPlaces(left, right, rule)
  return {
    rightOf: rowsByRow(rightOf, left.rows, right.rows),
    leftSameAs: rowsByRow(leftSameAs, left.rows, left.rows),
    rightSameAs: rowsByRow(rightSameAs, right.rows, right.rows),
    leftIsBlank: flagsByRow(leftIsBlank, left.rows),
    rightIsBlank: flagsByRow(rightIsBlank, right.rows),
  }
}

/** `places` by place of `rows`, made row ids of `others` by row id. */
function rowsByRow(places: Int32Array, rows: Uint32Array, others: Uint32Array): Int32Array {
  if (isCount(rows) && isCount(others)) return places
  const byRow = new Int32Array(lengthFor(rows)).fill(-1)
  for (let i = 0; i < rows.length; i++) {
    const place = places[i]!
    if (place >= 0) byRow[rows[i]!] = others[place]!
  }
  return byRow
}

function flagsByRow(flags: Uint8Array, rows: Uint32Array): Uint8Array {
  if (isCount(rows)) return flags
  const byRow = new Uint8Array(lengthFor(rows))
  for (let i = 0; i < rows.length; i++) byRow[rows[i]!] = flags[i]!
  return byRow
}

/** Whether rows are 0, 1, 2 … as of a file that nobody edited: places are then row ids. */
function isCount(rows: Uint32Array): boolean {
  for (let i = 0; i < rows.length; i++) if (rows[i] !== i) return false
  return true
}

/** How long an array by row id must be for these rows. */
export function lengthFor(rows: Uint32Array): number {
  let most = -1
  for (let i = 0; i < rows.length; i++) if (rows[i]! > most) most = rows[i]!
  return most + 1
}

/** Asks of all pairs of some left places whether their texts are equal; where the bytes are the same they are. */
function verify(
  { column: left, rows }: TextSide,
  { column: right, rows: rightRows }: TextSide,
  rule: KeyRule,
  rightOf: Int32Array,
  start: number,
  end: number,
  areSame: PairsTest | null,
  tellUnlike: (place: number) => void,
): void {
  const isSame = left instanceof StoredColumn && right instanceof StoredColumn ? bytesTest(left, right) : () => false
  const block = new Int32Array(fewCells)
  for (let from = start; from < end; from += fewCells) {
    const to = Math.min(end, from + fewCells)
    const others = block.subarray(0, to - from)
    for (let i = from; i < to; i++) {
      const place = rightOf[i]!
      others[i - from] = place < 0 ? -1 : rightRows[place]!
    }
    const same = areSame?.(rows.subarray(from, to), others, from) ?? null
    if (same === null && right instanceof StoredColumn) touch(right, others)
    for (let i = from; i < to; i++) {
      const other: RowId = others[i - from]!
      if (other < 0 || same?.[i - from] === 1) continue
      if (!isSame(rows[i]!, other) && !isSameKey(left, rows[i]!, right, other, rule)) tellUnlike(i)
    }
  }
}

/** Matches anew the places of these hashes, by their texts. */
function matchByText(
  left: TextSide,
  leftHashes: Int32Array,
  right: TextSide,
  rightHashes: Int32Array,
  rule: KeyRule,
  hashes: ReadonlySet<number>,
  { rightOf, leftSameAs, rightSameAs, leftIsBlank, rightIsBlank }: MatchedPlaces,
): void {
  // Few of many: a bit for the upper half of each hash spares most rows the look into the set.
  const may = new Uint8Array(0x10000)
  for (const hash of hashes) may[hash >>> 16] = 1
  const firstRight = new Map<string, number>()
  const firstLeft = new Map<string, number>()
  const eachOf = ({ column, rows }: TextSide, of: Int32Array, isBlank: Uint8Array, visit: (place: number, key: string) => void): void => {
    for (let i = 0; i < rows.length; i++) {
      const hash = of[i]!
      if (may[hash >>> 16] === 0 || !hashes.has(hash)) continue
      if (isBlank[i] === 0) visit(i, keyOf(column.textOf(rows[i]!), rule) ?? '')
    }
  }
  eachOf(right, rightHashes, rightIsBlank, (place, key) => {
    const first = firstRight.get(key)
    rightSameAs[place] = first ?? -1
    if (first === undefined) firstRight.set(key, place)
  })
  eachOf(left, leftHashes, leftIsBlank, (place, key) => {
    const first = firstLeft.get(key)
    leftSameAs[place] = first ?? -1
    if (first === undefined) firstLeft.set(key, place)
    rightOf[place] = firstRight.get(key) ?? -1
  })
}
