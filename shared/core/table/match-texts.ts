import { within, type Steps } from '../../kit/steps.ts'
import { fewCells } from './cell-bytes.ts'
import { JoinedPairs, type PairsTest } from './joined-pairs.ts'
import { dealOut, PartJoin, partOf, type MatchedPlaces, type Parts } from './part-join.ts'
import { hashTexts, isSameKey, keyOf, sliceSize, type KeyRule, type TextSide } from './text-keys.ts'

/** `MatchedPlaces` by row ids. Arrays are as long as the highest id of the rows of their side plus one. */
export type MatchedTexts = MatchedPlaces

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
  const leftHashes = yield* within(hashTexts(left, rule, matched.leftIsBlank), 0, 0.2)
  const rightHashes = yield* within(hashTexts(right, rule, matched.rightIsBlank), 0.2, 0.4)
  const leftParts = yield* within(dealOut(leftHashes, matched.leftIsBlank, bits), 0.4, 0.5)
  const rightParts = yield* within(dealOut(rightHashes, matched.rightIsBlank, bits), 0.5, 0.6)
  const unlike = new Set<number>()
  const join = new PartJoin(matched, leftParts, rightParts, unlike, {
    left: (place, other) => isSameKey(left.column, left.rows[place]!, left.column, left.rows[other]!, rule),
    right: (place, other) => isSameKey(right.column, right.rows[place]!, right.column, right.rows[other]!, rule),
  })
  for (let part = 0; part < 1 << bits; part++) {
    join.matchPart(part)
    if (part % 16 === 15) yield 0.6 + (0.2 * part) / (1 << bits)
  }
  const pairs = new JoinedPairs(left, right, rule, matched.rightOf, areSame)
  for (let from = 0; from < left.rows.length; from += fewCells) {
    for (const place of pairs.unequal(from, Math.min(left.rows.length, from + fewCells))) unlike.add(leftHashes[place]!)
    if (from % sliceSize === 0) yield 0.8 + (0.2 * from) / left.rows.length
  }
  for (const part of new Set(Array.from(unlike, (hash) => partOf(hash, bits))))
    matchByText(part, { side: left, parts: leftParts }, { side: right, parts: rightParts }, rule, unlike, matched)
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

interface DealtSide {
  readonly side: TextSide
  readonly parts: Parts
}

/** Matches anew the places of a part that have one of these hashes, by their texts. Equal texts are in one part, in their order. */
function matchByText(
  part: number,
  left: DealtSide,
  right: DealtSide,
  rule: KeyRule,
  hashes: ReadonlySet<number>,
  { rightOf, leftSameAs, rightSameAs }: MatchedPlaces,
): void {
  const firstRight = new Map<string, number>()
  const firstLeft = new Map<string, number>()
  const keyAt = ({ column, rows }: TextSide, place: number): string => keyOf(column.textOf(rows[place]!), rule) ?? ''
  for (const place of placesWith(hashes, right.parts, part)) {
    const key = keyAt(right.side, place)
    const first = firstRight.get(key)
    rightSameAs[place] = first ?? -1
    if (first === undefined) firstRight.set(key, place)
  }
  for (const place of placesWith(hashes, left.parts, part)) {
    const key = keyAt(left.side, place)
    const first = firstLeft.get(key)
    leftSameAs[place] = first ?? -1
    if (first === undefined) firstLeft.set(key, place)
    rightOf[place] = firstRight.get(key) ?? -1
  }
}

function placesWith(wanted: ReadonlySet<number>, { hashes, places, starts }: Parts, part: number): readonly number[] {
  const found: number[] = []
  for (let i = starts[part]!; i < starts[part + 1]!; i++) if (wanted.has(hashes[i]!)) found.push(places[i]!)
  return found
}
