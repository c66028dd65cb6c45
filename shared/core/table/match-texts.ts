import { powerOfTwoFrom, sameViewed, viewOf } from '../../kit/bytes.ts'
import type { Steps } from '../../kit/steps.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import { hasKeyHash, keyHashOf } from './cell-mark.ts'
import { longLength, StoredColumn } from './stored-column.ts'
import type { RowId, TableColumn } from './table.ts'

/** Arrays by row id are as long as the highest id of the rows of their side plus one. */
export interface MatchedTexts {
  /** By left row id: the first right row with an equal text, or -1. */
  readonly rightOf: Int32Array
  /** By row id of each side: the first row with an equal text where that is an earlier one, else -1. */
  readonly leftSameAs: Int32Array
  readonly rightSameAs: Int32Array
  /** By row id of each side: 1 where the cell holds nothing but white space. */
  readonly leftIsBlank: Uint8Array
  readonly rightIsBlank: Uint8Array
}

/** Which texts count as equal: with small letters for capitals, without white space at the edges. */
export interface KeyRule {
  readonly ignoreCase?: boolean
  readonly trim?: boolean
}

interface Side {
  readonly column: TableColumn
  readonly rows: Uint32Array
}

/** A slice is about so many rows. */
const sliceSize = 40_000

/**
 * A join by 32-bit hashes of the texts, most of which the reader of the file left. Rows of both sides are dealt out by their hash into
 * parts so small that a part's table stays near the processor, and nothing of a text is read there. That equal hashes are equal texts is
 * asked afterwards, in the order of the rows; what turns out to share a hash alone is matched by its text.
 */
export function* matchingRows(left: Side, right: Side, rule: KeyRule): Steps<MatchedTexts> {
  const [leftLength, rightLength] = [lengthFor(left.rows), lengthFor(right.rows)]
  const matched: MatchedTexts = {
    rightOf: new Int32Array(leftLength).fill(-1),
    leftSameAs: new Int32Array(leftLength).fill(-1),
    rightSameAs: new Int32Array(rightLength).fill(-1),
    leftIsBlank: new Uint8Array(leftLength),
    rightIsBlank: new Uint8Array(rightLength),
  }
  const bits = Math.max(0, Math.min(10, Math.ceil(Math.log2(Math.max(left.rows.length, right.rows.length, 1) / 2048))))
  const leftHashes = yield* hashTexts(left, rule, matched.leftIsBlank)
  yield 0.2
  const rightHashes = yield* hashTexts(right, rule, matched.rightIsBlank)
  yield 0.4
  const leftParts = yield* dealOut(left.rows, leftHashes, matched.leftIsBlank, bits)
  const rightParts = yield* dealOut(right.rows, rightHashes, matched.rightIsBlank, bits)
  yield 0.6
  const unlike = new Set<number>()
  const join = new PartJoin(matched, leftParts, rightParts, unlike, {
    left: (row, other) => isSameKey(left.column, row, left.column, other, rule),
    right: (row, other) => isSameKey(right.column, row, right.column, other, rule),
  })
  for (let part = 0; part < 1 << bits; part++) {
    join.matchPart(part)
    if (part % 16 === 15) yield 0.6 + (0.2 * part) / (1 << bits)
  }
  for (let from = 0; from < left.rows.length; from += sliceSize) {
    verify(left.column, left.rows.subarray(from, from + sliceSize), right.column, rule, matched.rightOf, (i) =>
      unlike.add(leftHashes[from + i]!),
    )
    yield 0.8 + (0.2 * from) / left.rows.length
  }
  if (unlike.size > 0) matchByText(left, leftHashes, right, rightHashes, rule, unlike, matched)
  return matched
}

/** How long an array by row id must be for these rows. */
export const lengthFor = (rows: Uint32Array): number => {
  let most = -1
  for (let i = 0; i < rows.length; i++) if (rows[i]! > most) most = rows[i]!
  return most + 1
}

/** By place in `rows`; what is blank is marked. */
function* hashTexts({ column, rows }: Side, rule: KeyRule, isBlank: Uint8Array): Steps<Int32Array> {
  const hashes = new Int32Array(rows.length)
  const hashOf = column.coded ? codeHasher(column, rule) : cellHasher(column, rule)
  const plain = column instanceof StoredColumn && column.cells.kind === 'plain' ? column.cells : null
  const marks = plain?.marks ?? null
  const kept = plain?.hashes ?? null
  for (let from = 0; from < rows.length; from += sliceSize) {
    const to = Math.min(rows.length, from + sliceSize)
    for (let i = from; i < to; i++) {
      const row = rows[i]!
      if (marks !== null && kept !== null && (marks[row]! & hasKeyHash) !== 0) {
        hashes[i] = kept[row]!
        continue
      }
      const hash = hashOf(row)
      if (hash === null) isBlank[row] = 1
      else hashes[i] = hash
    }
    yield from / rows.length
  }
  return hashes
}

/** Null: blank. */
type HashOfCell = (row: RowId) => number | null

function codeHasher(column: TableColumn, rule: KeyRule): HashOfCell {
  const known: (number | null | undefined)[] = []
  const hashOf = cellHasher(column, rule)
  return (row) => {
    const code = column.codeOf(row)
    const hash = known[code]
    return hash === undefined ? (known[code] = hashOf(row)) : hash
  }
}

export const cellHasher =
  (column: TableColumn, rule: KeyRule): HashOfCell =>
  (row) => {
    if (column.isEmpty(row)) return null
    if (column instanceof StoredColumn) {
      const bytes = column.storedBytesOf(row)
      const start = column.storedStartOf(row)
      const end = start + column.byteLengthOf(row)
      let all = 0
      let hasSpace = false
      for (let i = start; i < end; i++) {
        all |= bytes[i]!
        if (bytes[i]! <= 0x20) hasSpace = true
      }
      if (all <= 0x7f && !hasSpace) return keyHashOf(bytes, start, end)
    }
    const key = keyOf(column.textOf(row), rule)
    if (key === null) return null
    const bytes = encodeUtf8(key)
    return keyHashOf(bytes, 0, bytes.length)
  }

/** Null: blank. */
export function keyOf(text: string, { ignoreCase = false, trim = false }: KeyRule): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const key = trim ? trimmed : text
  return ignoreCase ? key.toLowerCase() : key
}

const isSameKey = (left: TableColumn, leftRow: RowId, right: TableColumn, rightRow: RowId, rule: KeyRule): boolean =>
  keyOf(left.textOf(leftRow), rule) === keyOf(right.textOf(rightRow), rule)

/** Rows in the order of the first bits of their hash, in their own order where these are the same; blank ones left out. */
interface Parts {
  readonly rows: Uint32Array
  readonly hashes: Int32Array
  /** Part `p` is `starts[p]` … `starts[p + 1]` (not included). */
  readonly starts: Uint32Array
}

function* dealOut(rows: Uint32Array, hashes: Int32Array, isBlank: Uint8Array, bits: number): Steps<Parts> {
  const starts = new Uint32Array((1 << bits) + 1)
  // A shift by 32 would be none.
  const partOf = (hash: number): number => (hash >>> 1) >>> (31 - bits)
  for (let i = 0; i < rows.length; i++) if (isBlank[rows[i]!] === 0) starts[partOf(hashes[i]!) + 1]!++
  yield 0.5
  for (let part = 0; part < 1 << bits; part++) starts[part + 1]! += starts[part]!
  const next = starts.slice()
  const count = starts[1 << bits]!
  const parts = { rows: new Uint32Array(count), hashes: new Int32Array(count), starts }
  for (let from = 0; from < rows.length; from += sliceSize) {
    const to = Math.min(rows.length, from + sliceSize)
    for (let i = from; i < to; i++) {
      const row = rows[i]!
      if (isBlank[row] === 1) continue
      const hash = hashes[i]!
      const at = next[partOf(hash)]!++
      parts.rows[at] = row
      parts.hashes[at] = hash
    }
    yield 0.5
  }
  return parts
}

interface KeyTests {
  readonly left: (row: RowId, other: RowId) => boolean
  readonly right: (row: RowId, other: RowId) => boolean
}

class PartJoin {
  private readonly matched: MatchedTexts
  private readonly left: Parts
  private readonly right: Parts
  /** Hashes that texts share which are not equal. */
  private readonly unlike: Set<number>
  private readonly isSame: KeyTests
  // An open-addressing table by hash: the first right row and the first left row plus one, 0 for none.
  private readonly hashes: Int32Array
  private readonly firstRight: Uint32Array
  private readonly firstLeft: Uint32Array

  constructor(matched: MatchedTexts, left: Parts, right: Parts, unlike: Set<number>, isSame: KeyTests) {
    this.matched = matched
    this.left = left
    this.right = right
    this.unlike = unlike
    this.isSame = isSame
    let most = 0
    for (let part = 0; part < left.starts.length - 1; part++) {
      most = Math.max(most, left.starts[part + 1]! - left.starts[part]! + right.starts[part + 1]! - right.starts[part]!)
    }
    const capacity = powerOfTwoFrom(most * 2)
    this.hashes = new Int32Array(capacity)
    this.firstRight = new Uint32Array(capacity)
    this.firstLeft = new Uint32Array(capacity)
  }

  matchPart(part: number): void {
    const { left, right, firstLeft, firstRight } = this
    const [leftFrom, leftTo] = [left.starts[part]!, left.starts[part + 1]!]
    const [rightFrom, rightTo] = [right.starts[part]!, right.starts[part + 1]!]
    const size = powerOfTwoFrom((leftTo - leftFrom + rightTo - rightFrom) * 2)
    firstLeft.fill(0, 0, size)
    firstRight.fill(0, 0, size)
    this.addRight(rightFrom, rightTo, size - 1)
    this.addLeft(leftFrom, leftTo, size - 1)
  }

  private addRight(from: number, to: number, mask: number): void {
    const { right, hashes, firstRight, unlike } = this
    const { rightSameAs } = this.matched
    for (let i = from; i < to; i++) {
      const hash = right.hashes[i]!
      const row = right.rows[i]!
      let slot = hash & mask
      while (firstRight[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask
      const first = firstRight[slot]!
      if (first === 0) {
        hashes[slot] = hash
        firstRight[slot] = row + 1
      } else if (this.isSame.right(row, first - 1)) rightSameAs[row] = first - 1
      else unlike.add(hash)
    }
  }

  private addLeft(from: number, to: number, mask: number): void {
    const { left, hashes, firstRight, firstLeft, unlike } = this
    const { rightOf, leftSameAs } = this.matched
    for (let i = from; i < to; i++) {
      const hash = left.hashes[i]!
      const row = left.rows[i]!
      let slot = hash & mask
      while ((firstRight[slot]! | firstLeft[slot]!) !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask
      const first = firstLeft[slot]!
      if (first === 0) {
        hashes[slot] = hash
        firstLeft[slot] = row + 1
      } else if (this.isSame.left(row, first - 1)) leftSameAs[row] = first - 1
      else unlike.add(hash)
      rightOf[row] = firstRight[slot]! - 1
    }
  }
}

/** Asks of all pairs whether their texts are equal; where the bytes are the same they are. */
function verify(
  left: TableColumn,
  rows: Uint32Array,
  right: TableColumn,
  rule: KeyRule,
  rightOf: Int32Array,
  tellUnlike: (place: number) => void,
): void {
  const isSame = left instanceof StoredColumn && right instanceof StoredColumn ? bytesTest(left, right) : () => false
  const others = new Int32Array(fewCells)
  for (let from = 0; from < rows.length; from += fewCells) {
    const to = Math.min(rows.length, from + fewCells)
    for (let i = from; i < to; i++) others[i - from] = rightOf[rows[i]!]!
    if (right instanceof StoredColumn) touch(right, others.subarray(0, to - from))
    for (let i = from; i < to; i++) {
      const row = rows[i]!
      const other = rightOf[row]!
      if (other >= 0 && !isSame(row, other) && !isSameKey(left, row, right, other, rule)) tellUnlike(i)
    }
  }
}

/** So many cells are brought near before they are compared. */
export const fewCells = 512

/**
 * Reads a byte of each cell of some rows, below 0 for none. Rows in another order lie all over memory; reads that wait for nothing are under way
 * together, while a comparison waits for its cell each time.
 */
export function touch({ cells, store }: StoredColumn, rows: Int32Array): number {
  // Rows that lie near each other come by themselves.
  const [first = -1, last = -1] = [rows[0], rows.at(-1)]
  if (cells.kind === 'coded' || (first >= 0 && last >= first && last - first < rows.length * 4)) return 0
  const { starts, lengths } = cells
  const { source, base } = store
  let touched = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (row < 0) continue
    const start = starts[row]!
    touched ^= lengths[row]!
    if (start < base) touched ^= source[start]!
  }
  return touched
}

/** Whether two cells have the same bytes. Holds until one of their tables is edited. */
export function bytesTest(left: StoredColumn, right: StoredColumn): (row: RowId, other: RowId) => boolean {
  const views = [left.store.source, left.store.arena, right.store.source, right.store.arena].map(viewOf)
  const [leftSource, leftArena, rightSource, rightArena] = [views[0]!, views[1]!, views[2]!, views[3]!]
  const [leftBase, rightBase] = [left.store.base, right.store.base]
  const isSame = (a: number, b: number, length: number): boolean =>
    sameViewed(
      a < leftBase ? leftSource : leftArena,
      a < leftBase ? a : a - leftBase,
      b < rightBase ? rightSource : rightArena,
      b < rightBase ? b : b - rightBase,
      length,
    )
  const whole = (row: RowId, other: RowId): boolean => {
    const length = left.byteLengthOf(row)
    return length === right.byteLengthOf(other) && isSame(left.addressOf(row), right.addressOf(other), length)
  }
  const [ours, theirs] = [left.cells, right.cells]
  if (ours.kind === 'coded' || theirs.kind === 'coded') return whole
  const { starts, lengths } = ours
  const { starts: otherStarts, lengths: otherLengths } = theirs
  return (row, other) => {
    const length = lengths[row]!
    if (length !== otherLengths[other]) return false
    if (length === longLength) return whole(row, other)
    return length === 0 || isSame(starts[row]!, otherStarts[other]!, length)
  }
}

/** Matches anew the rows of these hashes, by their texts. */
function matchByText(
  left: Side,
  leftHashes: Int32Array,
  right: Side,
  rightHashes: Int32Array,
  rule: KeyRule,
  hashes: ReadonlySet<number>,
  { rightOf, leftSameAs, rightSameAs, leftIsBlank, rightIsBlank }: MatchedTexts,
): void {
  // Few of many: a bit for the upper half of each hash spares most rows the look into the set.
  const may = new Uint8Array(0x10000)
  for (const hash of hashes) may[hash >>> 16] = 1
  const firstRight = new Map<string, RowId>()
  const firstLeft = new Map<string, RowId>()
  const eachOf = ({ column, rows }: Side, of: Int32Array, isBlank: Uint8Array, visit: (row: RowId, key: string) => void): void => {
    for (let i = 0; i < rows.length; i++) {
      const hash = of[i]!
      if (may[hash >>> 16] === 0 || !hashes.has(hash)) continue
      const row = rows[i]!
      if (isBlank[row] === 0) visit(row, keyOf(column.textOf(row), rule) ?? '')
    }
  }
  eachOf(right, rightHashes, rightIsBlank, (row, key) => {
    const first = firstRight.get(key)
    rightSameAs[row] = first ?? -1
    if (first === undefined) firstRight.set(key, row)
  })
  eachOf(left, leftHashes, leftIsBlank, (row, key) => {
    const first = firstLeft.get(key)
    leftSameAs[row] = first ?? -1
    if (first === undefined) firstLeft.set(key, row)
    rightOf[row] = firstRight.get(key) ?? -1
  })
}
