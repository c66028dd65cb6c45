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
 * cells the bytes are compared, a few hundred users at a time.
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
  const count = pairs.places.length
  const differs = new Uint8Array(count)
  // Column by column: of a list in another order the codes of one column stay near the processor, those of all do not.
  for (const [done, column] of coded.entries()) {
    for (let from = 0; from < count; from += sliceSize) {
      compareCodes(column, pairs, from, Math.min(count, from + sliceSize), differs)
      yield (codedShare * done) / coded.length
    }
  }
  for (let from = 0; from < count; from += fewCells) {
    compareCells(others, pairs, from, Math.min(count, from + fewCells), differs)
    if (from % slicedCells === 0) yield codedShare + ((1 - codedShare) * from) / count
  }
  for (let k = 0; k < count; k++) if (differs[k] === 1) found[pairs.places[k]!] = 1
  return undefined
}

interface Pairs {
  readonly rows: Uint32Array
  readonly held: Int32Array
  readonly places: Uint32Array
}

/** The users among some places that the baseline has too. */
function gather(rows: Uint32Array, partner: Int32Array, some: Uint32Array): Pairs {
  const pairs = { rows: new Uint32Array(some.length), held: new Int32Array(some.length), places: new Uint32Array(some.length) }
  let count = 0
  for (let k = 0; k < some.length; k++) {
    const place = some[k]!
    const held = partner[place]!
    if (held < 0) continue
    pairs.places[count] = place
    pairs.rows[count] = rows[place]!
    pairs.held[count++] = held
  }
  return { rows: pairs.rows.subarray(0, count), held: pairs.held.subarray(0, count), places: pairs.places.subarray(0, count) }
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
function compareCells(columns: readonly OtherCells[], { rows, held }: Pairs, from: number, to: number, found: Uint8Array): void {
  for (const { baseline, isSame, differs } of columns) {
    if (baseline instanceof StoredColumn) touch(baseline, held.subarray(from, to))
    for (let i = from; i < to; i++) {
      if (found[i] === 1) continue
      if (!isSame(rows[i]!, held[i]!) && differs(rows[i]!, held[i]!)) found[i] = 1
    }
  }
}

/** A column that is coded on both sides, with the numbers of the codes that were met. */
interface CodedCells {
  readonly compared: ComparedColumn
  readonly numbers: MeaningNumbers
  readonly ownCodes: Uint16Array | Uint32Array
  readonly heldCodes: Uint16Array | Uint32Array
  readonly own: Int32Array
  readonly held: Int32Array
}

/** The number of a code that was not met yet. */
const unknown = -2

function codedCells(compared: ComparedColumn): readonly CodedCells[] {
  const { column, numbers } = compared
  const { file, baseline } = column
  if (numbers === null || !(file instanceof StoredColumn) || !(baseline instanceof StoredColumn)) return []
  if (file.cells.kind !== 'coded' || baseline.cells.kind !== 'coded') return []
  const [own, held] = [new Int32Array(file.codeCount).fill(unknown), new Int32Array(baseline.codeCount).fill(unknown)]
  return [{ compared, numbers, ownCodes: file.cells.codes, heldCodes: baseline.cells.codes, own, held }]
}

function compareCodes(
  { numbers, ownCodes, heldCodes, own, held }: CodedCells,
  { rows, held: heldRows }: Pairs,
  from: number,
  to: number,
  found: Uint8Array,
): void {
  for (let i = from; i < to; i++) {
    const code = ownCodes[rows[i]!]!
    const heldCode = heldCodes[heldRows[i]!]!
    const wanted = own[code] === unknown ? (own[code] = numbers.ofFile(code)) : own[code]!
    const present = held[heldCode] === unknown ? (held[heldCode] = numbers.ofBaseline(heldCode)) : held[heldCode]!
    if (wanted !== leaves && wanted !== present) found[i] = 1
  }
}
