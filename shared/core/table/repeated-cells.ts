import { powerOfTwoFrom } from '../../kit/bytes.ts'
import { StoredColumn, type ColumnCells } from './stored-column.ts'
import type { TableColumn } from './table.ts'

/** Cells with what the reader of the file left beside them. */
export interface HashedCells {
  readonly lengths: Uint16Array
  readonly marks: Uint16Array
  /** With a sign: numbers of 31 bits need no object before the compiler has come by. */
  readonly hashes: Int32Array
}

/** Null: the hashes of such cells are not kept. */
export function hashedCells(column: TableColumn | undefined): HashedCells | null {
  const cells: ColumnCells | null = column instanceof StoredColumn ? column.cells : null
  if (cells?.kind !== 'plain' || cells.marks === null || cells.hashes === null) return null
  const { lengths, marks, hashes } = cells
  return { lengths, marks, hashes: new Int32Array(hashes.buffer, hashes.byteOffset, hashes.length) }
}

/** A bit for each hash, and for every other one that falls on the same place. */
export class Hashes {
  readonly bits: Int32Array
  readonly shift: number

  constructor(places: number) {
    this.bits = new Int32Array(places / 32)
    this.shift = 32 - Math.log2(places)
  }

  has(hash: number): boolean {
    const place = hash >>> this.shift
    return (this.bits[place >>> 5]! & (1 << (place & 31))) !== 0
  }

  /** Adds it; says whether it was there. */
  add(hash: number): boolean {
    const place = hash >>> this.shift
    const bit = 1 << (place & 31)
    const known = this.bits[place >>> 5]!
    this.bits[place >>> 5] = known | bit
    return (known & bit) !== 0
  }
}

/** Sixteen places a hash, so that few share one by chance; 4 MB at most. */
export const placesFor = (count: number): number => Math.min(powerOfTwoFrom(Math.max(count, 64) * 16), 1 << 25)
/** 256 kB, which stay near the processor while a million rows are asked about. */
export const mostRepeated = 1 << 21

/**
 * Finds the rows that may hold what another row holds too, by the hashes that the reader of the file left: of a million cells almost all
 * are alone, and known to be before one of them is read or put into a table. Cells without a hash are given by their owner.
 */
export class RepeatedCells {
  /** Rows whose cell is neither empty nor has a hash, in their order. */
  readonly odd: Uint32Array
  private readonly rows: Uint32Array
  private readonly cells: HashedCells
  private readonly withHash: number
  private readonly met: Hashes
  private readonly repeated: Hashes
  private readonly oddHashes: number[] = []

  /** `withHash`: bits of `CellMark` of which a cell has one where its hash says what it holds. */
  constructor(rows: Uint32Array, cells: HashedCells, withHash: number) {
    this.rows = rows
    this.cells = cells
    this.withHash = withHash
    const places = placesFor(rows.length)
    this.met = new Hashes(places)
    this.repeated = new Hashes(Math.min(places, mostRepeated))
    const odd = new Uint32Array(rows.length)
    this.odd = odd.subarray(0, meetAll(rows, cells, withHash, this.met, this.repeated, odd))
  }

  /** What a row of `odd` holds. */
  addOdd(hash: number): void {
    this.oddHashes.push(hash)
    if (this.met.add(hash)) this.repeated.add(hash)
  }

  /** In their order; those of `odd` are always among them. Asked when all is added. */
  rowsThatMayRepeat(): Uint32Array {
    const { rows, cells, withHash, repeated, oddHashes } = this
    const places = new Uint32Array(rows.length)
    const found = places.subarray(0, findRepeated(rows, cells, withHash, repeated, places))
    // Those that share a place by chance part company when their hashes are mixed anew.
    const mixed = new Hashes(placesFor(found.length + oddHashes.length))
    const mixedTwice = new Hashes(placesFor(found.length + oddHashes.length))
    const meet = (hash: number): void => {
      const other = Math.imul(hash, mixer)
      if (mixed.add(other)) mixedTwice.add(other)
    }
    oddHashes.forEach(meet)
    for (let i = 0; i < found.length; i++) if (hasHash(cells, found[i]!, withHash)) meet(cells.hashes[found[i]!]!)
    return found.filter((row) => !hasHash(cells, row, withHash) || mixedTwice.has(Math.imul(cells.hashes[row]!, mixer)))
  }
}
export const mixer = 0x9e3779b1
const hasHash = ({ marks }: HashedCells, row: number, withHash: number): boolean => (marks[row]! & withHash) !== 0

// The loops over all rows: one a function, without a call, and with all that they ask for in places of their own. Otherwise the compiler
// begins anew at a second loop, and asks of each array once a row whether it is still what it was.

function meetAll(rows: Uint32Array, cells: HashedCells, withHash: number, met: Hashes, repeated: Hashes, odd: Uint32Array): number {
  const { marks, hashes, lengths } = cells
  const { bits, shift } = met
  const { bits: repeatedBits, shift: repeatedShift } = repeated
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if ((marks[row]! & withHash) !== 0) {
      const hash = hashes[row]!
      const place = hash >>> shift
      const bit = 1 << (place & 31)
      const known = bits[place >>> 5]!
      if ((known & bit) === 0) bits[place >>> 5] = known | bit
      else repeatedBits[(hash >>> repeatedShift) >>> 5]! |= 1 << ((hash >>> repeatedShift) & 31)
    } else if (lengths[row] !== 0) odd[count++] = row
  }
  return count
}

function findRepeated(rows: Uint32Array, cells: HashedCells, withHash: number, repeated: Hashes, found: Uint32Array): number {
  const { marks, hashes, lengths } = cells
  const { bits, shift } = repeated
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if ((marks[row]! & withHash) === 0) {
      if (lengths[row] !== 0) found[count++] = row
      continue
    }
    const place = hashes[row]! >>> shift
    if ((bits[place >>> 5]! & (1 << (place & 31))) !== 0) found[count++] = row
  }
  return count
}
