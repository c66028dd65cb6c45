import type { Steps } from '../../kit/steps.ts'
import { bytesTest, fewCells, touch } from '../table/cell-bytes.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { Table } from '../table/table.ts'
import { canDiffer, leaves, type ComparedColumn } from './compared-cells.ts'

/** So many users are compared at a time, column by column. */
const blockSize = 32_768

/**
 * Marks in `found` the rows of known users in which a cell differs. `partner`: the baseline row of each of the file's rows, below 0 where
 * there is none; `places`: the ones of the file's rows to look at. Coded columns are packed into words, several to one, so that users are compared
 * by few numbers; of other cells the bytes are compared, a few hundred users at a time.
 */
export function* findingDifferences(
  columns: readonly ComparedColumn[],
  file: Table,
  partner: Int32Array,
  places: Uint32Array,
  found: Uint8Array,
): Steps<undefined> {
  const able = columns.filter(canDiffer)
  const words = packed(able)
  const inWords = new Set(words.flatMap(({ columns: some }) => some.map(({ compared }) => compared)))
  const others = able.filter((one) => !inWords.has(one))
  const block = Math.min(blockSize, places.length)
  const [rows, held] = [new Uint32Array(block), new Int32Array(block)]
  const [ours, masks, theirs] = [new Int32Array(block), new Int32Array(block), new Int32Array(block)]
  for (let start = 0; start < places.length; start += blockSize) {
    const share = start / places.length
    let count = 0
    for (let k = start; k < places.length && k < start + blockSize; k++) {
      const place = places[k]!
      if (partner[place]! < 0) continue
      rows[count] = file.rows[place]!
      held[count++] = partner[place]!
    }
    const differs = new Uint8Array(count)
    for (const word of words) {
      ours.fill(0, 0, count)
      masks.fill(0, 0, count)
      theirs.fill(0, 0, count)
      for (const { file: own, baseline } of word.columns) {
        addOwn(ours, masks, own, rows, count)
        addHeld(theirs, baseline, held, count)
      }
      for (let i = 0; i < count; i++) if (((ours[i]! ^ theirs[i]!) & masks[i]!) !== 0) differs[i] = 1
      yield share
    }
    for (let from = 0; from < count; from += fewCells) {
      compareCells(others, rows, held, from, Math.min(count, from + fewCells), differs)
      if (from % slicedCells === 0) yield share
    }
    count = 0
    for (let k = start; k < places.length && k < start + blockSize; k++) {
      const place = places[k]!
      if (partner[place]! >= 0 && differs[count++] === 1) found[place] = 1
    }
  }
  return undefined
}

const slicedCells = fewCells * 16

/** Marks those of some rows in which a cell of the columns differs. */
function compareCells(
  columns: readonly ComparedColumn[],
  rows: Uint32Array,
  held: Int32Array,
  from: number,
  to: number,
  found: Uint8Array,
): void {
  for (const { column, differs } of columns) {
    const { file, baseline } = column
    const isSame = file instanceof StoredColumn && baseline instanceof StoredColumn ? bytesTest(file, baseline) : () => false
    if (baseline instanceof StoredColumn) touch(baseline, held.subarray(from, to))
    for (let i = from; i < to; i++) {
      if (found[i] === 1) continue
      if (!isSame(rows[i]!, held[i]!) && differs(rows[i]!, held[i]!)) found[i] = 1
    }
  }
}

/** What the codes of a column add to a word: by code its number, moved to its place, and by code of the file the bits that count. */
interface PackedCodes {
  readonly column: StoredColumn
  readonly values: Int32Array
  readonly masks: Int32Array
}

interface PackedColumn {
  readonly compared: ComparedColumn
  readonly file: PackedCodes
  readonly baseline: PackedCodes
}

interface Word {
  readonly columns: PackedColumn[]
  bits: number
}

/** Deals coded columns out to words of 32 bits. */
function packed(columns: readonly ComparedColumn[]): readonly Word[] {
  const words: Word[] = []
  for (const compared of columns) {
    const { column, numbers } = compared
    const { file, baseline } = column
    if (numbers === null || !(file instanceof StoredColumn) || !(baseline instanceof StoredColumn)) continue
    const own = Int32Array.from({ length: file.codeCount }, (_, code) => numbers.ofFile(code))
    const held = Int32Array.from({ length: baseline.codeCount }, (_, code) => numbers.ofBaseline(code))
    const bits = Math.max(1, 32 - Math.clz32(numbers.count() - 1))
    let word = words.find((one) => one.bits + bits <= 32)
    if (word === undefined) words.push((word = { columns: [], bits: 0 }))
    const shift = word.bits
    const all = (bits === 32 ? -1 : (1 << bits) - 1) << shift
    word.columns.push({
      compared,
      file: {
        column: file,
        values: own.map((number) => (number === leaves ? 0 : number << shift)),
        masks: own.map((number) => (number === leaves ? 0 : all)),
      },
      baseline: { column: baseline, values: held.map((number) => number << shift), masks: held },
    })
    word.bits += bits
  }
  return words
}

function addOwn(words: Int32Array, counting: Int32Array, { column, values, masks }: PackedCodes, rows: Uint32Array, count: number): void {
  const { cells } = column
  if (cells.kind !== 'coded') return
  const { codes } = cells
  for (let i = 0; i < count; i++) {
    const code = codes[rows[i]!]!
    words[i]! |= values[code]!
    counting[i]! |= masks[code]!
  }
}

function addHeld(words: Int32Array, { column, values }: PackedCodes, rows: Int32Array, count: number): void {
  const { cells } = column
  if (cells.kind !== 'coded') return
  const { codes } = cells
  for (let i = 0; i < count; i++) words[i]! |= values[codes[rows[i]!]!]!
}
