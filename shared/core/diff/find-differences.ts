import type { Steps } from '../../kit/steps.ts'
import { bytesTest, fewCells, touch } from '../table/match-texts.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { Table } from '../table/table.ts'
import { canDiffer, leaves, type ComparedColumn } from './compared-cells.ts'

/** A slice is about so many rows of a column. */
const sliceSize = 100_000

/**
 * Marks the rows of known users in which a cell differs. `partner`: the baseline row of each of the file's rows, below 0 where there is
 * none. Coded columns are packed into words, several to one, so that users are compared by few numbers; of other cells the bytes are
 * compared, a few hundred users at a time, column by column.
 */
export function* findingDifferences(
  columns: readonly ComparedColumn[],
  file: Table,
  baseline: Table,
  partner: Int32Array,
): Steps<Uint8Array> {
  const found = new Uint8Array(partner.length)
  const able = columns.filter(canDiffer)
  const words = packed(able)
  const inWords = new Set(words.flatMap(({ columns: some }) => some.map(({ compared }) => compared)))
  const others = able.filter((one) => !inWords.has(one))
  const wordsShare = able.length === 0 ? 0 : inWords.size / (inWords.size + 3 * others.length)

  const ours = new Int32Array(file.rows.length)
  const masks = new Int32Array(file.rows.length)
  const theirs = new Int32Array(baseline.rowLimit)
  for (const [done, word] of words.entries()) {
    const share = (wordsShare * done) / words.length
    ours.fill(0)
    masks.fill(0)
    theirs.fill(0)
    for (const { file: own, baseline: held } of word.columns) {
      for (let from = 0; from < file.rows.length; from += sliceSize) {
        addOwn(ours, masks, own, file.rows, from, Math.min(file.rows.length, from + sliceSize))
        yield share
      }
      for (let from = 0; from < baseline.rows.length; from += sliceSize) {
        addHeld(theirs, held, baseline.rows, from, Math.min(baseline.rows.length, from + sliceSize))
        yield share
      }
    }
    for (let from = 0; from < partner.length; from += sliceSize) {
      const to = Math.min(partner.length, from + sliceSize)
      for (let i = from; i < to; i++) {
        const held = partner[i]!
        if (held >= 0 && ((ours[i]! ^ theirs[held]!) & masks[i]!) !== 0) found[i] = 1
      }
      yield share
    }
  }
  for (let from = 0; from < partner.length; from += slicedCells) {
    const to = Math.min(partner.length, from + slicedCells)
    for (let start = from; start < to; start += fewCells)
      compareCells(others, file.rows, partner, start, Math.min(to, start + fewCells), found)
    yield wordsShare + ((1 - wordsShare) * from) / partner.length
  }
  return found
}

const slicedCells = fewCells * 16

/** Marks those of some rows in which a cell of the columns differs. */
function compareCells(
  columns: readonly ComparedColumn[],
  rows: Uint32Array,
  partner: Int32Array,
  from: number,
  to: number,
  found: Uint8Array,
): void {
  for (const { column, differs } of columns) {
    const { file, baseline } = column
    const isSame = file instanceof StoredColumn && baseline instanceof StoredColumn ? bytesTest(file, baseline) : () => false
    if (baseline instanceof StoredColumn) touch(baseline, partner.subarray(from, to))
    for (let i = from; i < to; i++) {
      const held = partner[i]!
      if (held < 0 || found[i] === 1) continue
      const row = rows[i]!
      if (!isSame(row, held) && differs(row, held)) found[i] = 1
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

function addOwn(
  words: Int32Array,
  counting: Int32Array,
  { column, values, masks }: PackedCodes,
  rows: Uint32Array,
  from: number,
  to: number,
): void {
  const { cells } = column
  if (cells.kind !== 'coded') return
  const { codes } = cells
  for (let i = from; i < to; i++) {
    const code = codes[rows[i]!]!
    words[i]! |= values[code]!
    counting[i]! |= masks[code]!
  }
}

/** By row id. */
function addHeld(words: Int32Array, { column, values }: PackedCodes, rows: Uint32Array, from: number, to: number): void {
  const { cells } = column
  if (cells.kind !== 'coded') return
  const { codes } = cells
  for (let i = from; i < to; i++) {
    const row = rows[i]!
    words[row]! |= values[codes[row]!]!
  }
}
