import { bytesTest, fewCells, touch } from './cell-bytes.ts'
import { StoredColumn } from './stored-column.ts'
import type { RowId } from './table.ts'
import { isSameKey, type KeyRule, type TextSide } from './text-keys.ts'

/**
 * Looks at some pairs of rows before their texts are looked at: 1 at `i` says that `rows[i]` and `others[i]` are known to be the same. Of
 * `others` below 0 nothing is asked. What it gives holds until it is asked again.
 */
export type PairsTest = (rows: Uint32Array, others: Int32Array, from: number) => Uint8Array

/** The pairs that a join by hash made. */
export class JoinedPairs {
  private readonly left: TextSide
  private readonly right: TextSide
  private readonly rule: KeyRule
  private readonly rightOf: Int32Array
  private readonly areSame: PairsTest | null
  private readonly isSame: (row: RowId, other: RowId) => boolean
  // Of the left places that are looked at next.
  private readonly others = new Int32Array(fewCells)
  private readonly asked = new Uint32Array(fewCells)
  private readonly askedOthers = new Int32Array(fewCells)

  constructor(left: TextSide, right: TextSide, rule: KeyRule, rightOf: Int32Array, areSame: PairsTest | null) {
    this.left = left
    this.right = right
    this.rule = rule
    this.rightOf = rightOf
    this.areSame = areSame
    const [column, other] = [left.column, right.column]
    this.isSame = column instanceof StoredColumn && other instanceof StoredColumn ? bytesTest(column, other) : () => false
  }

  /** The left places, of a few, whose text is not that of the pair's other row. Where the bytes are the same, texts are. */
  unequal(from: number, to: number): readonly number[] {
    const { left, right, rule, asked, askedOthers } = this
    othersAt(this.rightOf, right.rows, from, to, this.others)
    const others = this.others.subarray(0, to - from)
    const same = this.areSame?.(left.rows.subarray(from, to), others, from) ?? nothingKnown
    const count = notSame(others, same, asked, askedOthers)
    if (right.column instanceof StoredColumn) touch(right.column, askedOthers.subarray(0, count))
    const unequal: number[] = []
    for (let k = 0; k < count; k++) {
      const place = from + asked[k]!
      const row = left.rows[place]!
      const other = askedOthers[k]!
      if (!this.isSame(row, other) && !isSameKey(left.column, row, right.column, other, rule)) unequal.push(place)
    }
    return unequal
  }
}

const nothingKnown = new Uint8Array(fewCells)

function othersAt(rightOf: Int32Array, rightRows: Uint32Array, from: number, to: number, others: Int32Array): void {
  for (let i = from; i < to; i++) {
    const place = rightOf[i]!
    others[i - from] = place < 0 ? -1 : rightRows[place]!
  }
}

/** Those of the pairs that are not known to be the same. */
function notSame(others: Int32Array, same: Uint8Array, asked: Uint32Array, askedOthers: Int32Array): number {
  let count = 0
  for (let k = 0; k < others.length; k++) {
    const other = others[k]!
    if (other < 0 || same[k] === 1) continue
    asked[count] = k
    askedOthers[count++] = other
  }
  return count
}
