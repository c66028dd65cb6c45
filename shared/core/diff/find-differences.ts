import type { Steps } from '../../kit/steps.ts'
import { bytesTest, fewCells, touch } from '../table/cell-bytes.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId, Table, TableColumn } from '../table/table.ts'
import { canDiffer, leaves, type ComparedColumn, type MeaningNumbers } from './compared-cells.ts'

/** A slice is about so many users of a column. */
const sliceSize = 16_384

/**
 * Marks in `found` the rows of known users in which a cell differs. `partner`: the baseline row of each of the file's rows, below 0 where
 * there is none; `places`: the ones of the file's rows to look at. Coded columns are compared by numbers for what their codes mean; of other
 * cells the bytes are compared, a few hundred users at a time. Who is found in one column is not looked at in the next.
 */
export function* findingDifferences(
  columns: readonly ComparedColumn[],
  file: Table,
  partner: Int32Array,
  places: Uint32Array,
  found: Uint8Array,
): Steps<undefined> {
  const able = columns.filter(canDiffer)
  const coded = able.flatMap(codedCells)
  const others = able.filter((one) => !coded.some(({ compared }) => compared === one)).map(otherCells)
  const codedShare = able.length === 0 ? 0 : coded.length / (coded.length + 3 * others.length)
  const pairs = gather(file.rows, partner, places)
  const atHand = { own: new Int32Array(fewPairs), held: new Int32Array(fewPairs) }
  // Column by column: of a list in another order the codes of one column stay near the processor, those of all do not. Those of many texts
  // first: a user is found in them sooner than in one of TRUE and FALSE.
  for (const [done, column] of coded.toSorted((one, other) => other.own.length - one.own.length).entries()) {
    const { count } = pairs
    pairs.count = 0
    for (let from = 0; from < count; from += fewPairs) {
      compareCodes(column, pairs, from, Math.min(count, from + fewPairs), atHand, found)
      if (from % sliceSize === 0) yield (codedShare * done) / coded.length
    }
  }
  const { count } = pairs
  for (let from = 0; from < count; from += fewCells) {
    compareCells(others, pairs, from, Math.min(count, from + fewCells), found)
    if (from % slicedCells === 0) yield codedShare + ((1 - codedShare) * from) / count
  }
  return undefined
}

/** The first `count` of each array stand side by side: users whom both lists have, of whom no difference is known. */
interface Pairs {
  readonly rows: Uint32Array
  readonly held: Int32Array
  readonly places: Uint32Array
  count: number
}

/** The users among some places that the baseline has too. */
function gather(rows: Uint32Array, partner: Int32Array, some: Uint32Array): Pairs {
  const pairs = { rows: new Uint32Array(some.length), held: new Int32Array(some.length), places: new Uint32Array(some.length), count: 0 }
  for (let from = 0; from < some.length; from += fewPairs) gatherSome(rows, partner, some.subarray(from, from + fewPairs), pairs)
  return pairs
}

function gatherSome(rows: Uint32Array, partner: Int32Array, some: Uint32Array, pairs: Pairs): void {
  let { count } = pairs
  for (let k = 0; k < some.length; k++) {
    const place = some[k]!
    const held = partner[place]!
    if (held < 0) continue
    pairs.places[count] = place
    pairs.rows[count] = rows[place]!
    pairs.held[count++] = held
  }
  pairs.count = count
}

const slicedCells = fewCells * 16

interface OtherCells {
  readonly baseline: TableColumn | null
  readonly isSame: (row: RowId, held: RowId) => boolean
  readonly differs: (row: RowId, held: RowId) => boolean
}

function otherCells({ column: { file, baseline }, differs }: ComparedColumn): OtherCells {
  const isSame = file instanceof StoredColumn && baseline instanceof StoredColumn ? bytesTest(file, baseline) : () => false
  return { baseline, isSame, differs }
}

/** Marks those of some rows in which a cell of the columns differs. */
function compareCells(columns: readonly OtherCells[], { rows, held, places }: Pairs, from: number, to: number, found: Uint8Array): void {
  for (const { baseline, isSame, differs } of columns) {
    if (baseline instanceof StoredColumn) touch(baseline, held.subarray(from, to))
    for (let i = from; i < to; i++) {
      const place = places[i]!
      if (found[place] === 1) continue
      if (!isSame(rows[i]!, held[i]!) && differs(rows[i]!, held[i]!)) found[place] = 1
    }
  }
}

/** So many pairs are compared in a call: what is noted of them stays near the processor, and what is called often is compiled sooner. */
const fewPairs = 1024
/** The number of a code that was not met yet. */
const unknown = -2

/** A column that is coded on both sides, with the numbers of the codes that were met. */
interface CodedCells {
  readonly compared: ComparedColumn
  readonly numbers: MeaningNumbers
  readonly ownCodes: Uint16Array | Uint32Array
  readonly heldCodes: Uint16Array | Uint32Array
  readonly own: Int32Array
  readonly held: Int32Array
}

function codedCells(compared: ComparedColumn): readonly CodedCells[] {
  const { column, numbers } = compared
  const { file, baseline } = column
  if (numbers === null || !(file instanceof StoredColumn) || !(baseline instanceof StoredColumn)) return []
  if (file.cells.kind !== 'coded' || baseline.cells.kind !== 'coded') return []
  const [own, held] = [new Int32Array(file.codeCount).fill(unknown), new Int32Array(baseline.codeCount).fill(unknown)]
  return [{ compared, numbers, ownCodes: file.cells.codes, heldCodes: baseline.cells.codes, own, held }]
}

/** Of the pairs at hand: their codes, then their numbers. */
interface AtHand {
  readonly own: Int32Array
  readonly held: Int32Array
}

/** Marks those of some pairs that differ in a column; the others are put after those that were seen not to. */
function compareCodes(column: CodedCells, pairs: Pairs, from: number, to: number, { own, held }: AtHand, found: Uint8Array): void {
  const { numbers } = column
  // What lies all over memory is read with nothing between that the processor would have to wait for or to guess.
  readCodes(column.ownCodes, pairs.rows, from, to, own)
  readCodes(column.heldCodes, pairs.held, from, to, held)
  readNumbers(column.own, own, to - from, numbers.ofFile)
  readNumbers(column.held, held, to - from, numbers.ofBaseline)
  markAndKeep(own, held, pairs, from, to, found)
}

function readCodes(codes: Uint16Array | Uint32Array, rows: Uint32Array | Int32Array, from: number, to: number, into: Int32Array): void {
  for (let i = from; i < to; i++) into[i - from] = codes[rows[i]!]!
}

/** Makes numbers of codes. */
function readNumbers(known: Int32Array, codes: Int32Array, count: number, numberOf: (code: number) => number): void {
  if (!areKnown(known, codes, count))
    for (let k = 0; k < count; k++) if (known[codes[k]!] === unknown) known[codes[k]!] = numberOf(codes[k]!)
  for (let k = 0; k < count; k++) codes[k] = known[codes[k]!]!
}

function areKnown(known: Int32Array, codes: Int32Array, count: number): boolean {
  for (let k = 0; k < count; k++) if (known[codes[k]!] === unknown) return false
  return true
}

function markAndKeep(own: Int32Array, held: Int32Array, pairs: Pairs, from: number, to: number, found: Uint8Array): void {
  const { rows, held: heldRows, places } = pairs
  let { count } = pairs
  for (let i = from; i < to; i++) {
    const wanted = own[i - from]!
    const place = places[i]!
    if (wanted !== leaves && wanted !== held[i - from]) {
      found[place] = 1
      continue
    }
    rows[count] = rows[i]!
    heldRows[count] = heldRows[i]!
    places[count++] = place
  }
  pairs.count = count
}
