import type { Steps } from '../../kit/steps.ts'
import { bytesTest } from '../table/cell-bytes.ts'
import { hasKeyHash } from '../table/cell-mark.ts'
import { Hashes, hashedCells, mixer, mostRepeated, placesFor } from '../table/repeated-cells.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId } from '../table/table.ts'
import { hasherOf, type HashOfCell, type KeyRule, type TextSide } from '../table/text-keys.ts'
import { longestRun, type SameRows } from './same-rows.ts'

/** Users of two lists that stand in much the same order, paired. */
export interface SideBySide {
  /** By place of the file's rows: the baseline's row with the same email, which no other row of either list has; or -1. */
  readonly partner: Int32Array
  /** By place of the file's rows: 1 where the two rows are the same. */
  readonly same: Uint8Array
  /** Places of all other rows of both lists. No email of theirs is one of a pair. */
  readonly restOfFile: Uint32Array
  readonly restOfBaseline: Uint32Array
  /** Places of the file's rows that are not known to be the same as another: those of the rest among them. */
  readonly unsure: Uint32Array
}

/** So far is looked for the row that fits, where the two lists part. */
const nearby = 16
/** Rows without a partner until the two lists are taken for differently ordered: so many, and a quarter of those seen. */
const patience = 1024
/** A slice is about so many rows. */
const sliceSize = 16_384
/** Loops come back after so many rows: a function that is called often is compiled sooner than one that loops long. */
const rowsACall = 512

/**
 * Pairs the users of two lists without a join, as far as they stand in the same order: both are walked through at once, and where they
 * part the next row that fits is looked for nearby. Most rows are found to be the same by their bytes, without a look at the email.
 * Only what is left over, or whose email's hash falls on the place of another, need be joined. Null: the order is another one, or
 * the emails are kept otherwise.
 */
export function* pairSideBySide(file: TextSide, baseline: TextSide, rule: KeyRule, sameRows: SameRows | null): Steps<SideBySide | null> {
  const [ours, theirs] = [hashedTexts(file, rule), hashedTexts(baseline, rule)]
  if (ours === null || theirs === null) return null
  const walk = new Walk(ours, theirs, sameRows)
  const count = file.rows.length
  for (let yielded = 0; walk.goesOn();) {
    if (!walk.pairSome(rowsACall)) return null
    if (walk.place < yielded + sliceSize) continue
    yielded = walk.place
    yield (0.6 * yielded) / count
  }
  for (let i = 0; i < count; i += rowsACall) {
    walk.meetHashes(i, Math.min(count, i + rowsACall))
    if (i % sliceSize === 0) yield 0.6 + (0.2 * i) / count
  }
  walk.meetTheirs(baseline.rows.length)
  for (let i = 0; i < count; i += rowsACall) {
    walk.suspect(i, Math.min(count, i + rowsACall))
    if (i % sliceSize === 0) yield 0.8 + (0.1 * i) / count
  }
  walk.takeApart()
  for (let i = 0; i < count; i += rowsACall) {
    walk.gather(i, Math.min(count, i + rowsACall))
    if (i % sliceSize === 0) yield 0.9 + (0.1 * i) / count
  }
  return walk.outcome()
}

/** Emails of a side, with the hashes that the reader of the file left. */
interface HashedTexts {
  readonly column: StoredColumn
  readonly rows: Uint32Array
  /** By row id; with `hasKeyHash` in the mark of a cell goes its hash. Null: none is kept. */
  readonly marks: Uint16Array | null
  readonly hashes: Int32Array
  /** For those without; null: blank. */
  readonly hashOf: HashOfCell
}

const hasHash = ({ marks }: HashedTexts, row: RowId): boolean => marks !== null && (marks[row]! & hasKeyHash) !== 0
const hashAt = (texts: HashedTexts, row: RowId): number | null => (hasHash(texts, row) ? texts.hashes[row]! : texts.hashOf(row))

function hashedTexts({ column, rows }: TextSide, rule: KeyRule): HashedTexts | null {
  if (!(column instanceof StoredColumn)) return null
  const { marks, hashes } = hashedCells(column) ?? { marks: null, hashes: none }
  return { column, rows, marks, hashes, hashOf: hasherOf(column, rule) }
}

const none = new Int32Array(0)
const nobody = new Uint32Array(0)

class Walk {
  private readonly ours: HashedTexts
  private readonly theirs: HashedTexts
  private readonly sameRows: SameRows | null
  private readonly isSameEmail: (row: RowId, other: RowId) => boolean
  private readonly met: Hashes
  private readonly repeated: Hashes
  private readonly placeOf: Int32Array
  private readonly same: Uint8Array
  private i = 0
  private j = 0
  private lost = 0
  private nextOfBaseline = 0
  /** Hashes of the emails of rows without a partner, mixed anew. */
  private readonly unpaired: number[] = []
  private readonly suspects: number[] = []
  private paired = 0
  private sameRowCount = 0
  private restOfFile = nobody
  private restOfBaseline = nobody
  private unsure = nobody
  private left = 0
  private leftOfTheirs = 0
  private doubted = 0
  /** Rows of the baseline down to this place are gathered. */
  private gathered = 0

  constructor(ours: HashedTexts, theirs: HashedTexts, sameRows: SameRows | null) {
    this.ours = ours
    this.theirs = theirs
    this.sameRows = sameRows
    this.isSameEmail = bytesTest(ours.column, theirs.column)
    const places = placesFor(Math.max(ours.rows.length, theirs.rows.length))
    this.met = new Hashes(places)
    this.repeated = new Hashes(Math.min(places, mostRepeated))
    this.placeOf = new Int32Array(ours.rows.length).fill(-1)
    this.same = new Uint8Array(ours.rows.length)
  }

  goesOn(): boolean {
    return this.i < this.ours.rows.length && this.j < this.theirs.rows.length
  }

  get place(): number {
    return this.i
  }

  /** Goes on by about so many rows. False: too few of them fit. */
  pairSome(count: number): boolean {
    const { ours, theirs, sameRows } = this
    const until = this.i + count
    while (this.i < until && this.goesOn()) {
      const same = sameRows?.run(ours.rows, this.i, theirs.rows, this.j) ?? 0
      if (same > 0) this.takeSame(same)
      if (same === longestRun || !this.goesOn()) continue
      const { i, j } = this
      if (this.fits(i, j)) {
        this.placeOf[this.i++] = this.j++
      } else this.passOver()
    }
    return this.lost <= patience + (this.i + this.j) / 4
  }

  private takeSame(count: number): void {
    const { i, j, placeOf, same } = this
    for (let k = 0; k < count; k++) placeOf[i + k] = j + k
    same.fill(1, i, i + count)
    this.sameRowCount += count
    this.i += count
    this.j += count
  }

  private fits(i: number, j: number): boolean {
    return this.isSameEmail(this.ours.rows[i]!, this.theirs.rows[j]!)
  }

  /** Goes on to the next two rows that fit; past one row of each where none nearby do. */
  private passOver(): void {
    const { i, j } = this
    let [ahead, aheadOfTheirs] = [1, 1]
    for (let step = 1; step <= nearby; step++) {
      if (i + step < this.ours.rows.length && this.fits(i + step, j)) [ahead, aheadOfTheirs] = [step, 0]
      else if (j + step < this.theirs.rows.length && this.fits(i, j + step)) [ahead, aheadOfTheirs] = [0, step]
      else continue
      break
    }
    this.i += ahead
    this.j += aheadOfTheirs
    this.lost += ahead + aheadOfTheirs
  }

  /** Meets the hashes of all emails, those of a pair once. In a pass of its own, in which the bits stay near the processor. */
  meetHashes(start: number, end: number): void {
    const { placeOf, same, ours } = this
    const { rows } = ours
    for (let i = start; i < end; i++) {
      const hash = hashAt(ours, rows[i]!)
      if (hash !== null) {
        this.meet(hash)
        if (placeOf[i]! >= 0) this.meetTheirs(placeOf[i]!)
        else this.unpaired.push(Math.imul(hash, mixer))
        continue
      }
      // A row without an email is nobody's.
      placeOf[i] = -1
      if (same[i] === 1) this.sameRowCount--
      same[i] = 0
    }
  }

  /** Those of the baseline's rows that nobody was paired with, down to this place, which is passed over. */
  meetTheirs(end: number): void {
    const { theirs } = this
    for (; this.nextOfBaseline < end; this.nextOfBaseline++) {
      const hash = hashAt(theirs, theirs.rows[this.nextOfBaseline]!)
      if (hash === null) continue
      this.meet(hash)
      this.unpaired.push(Math.imul(hash, mixer))
    }
    this.nextOfBaseline = end + 1
  }

  private meet(hash: number): void {
    if (this.met.add(hash)) this.repeated.add(hash)
  }

  /** Pairs whose email may be met again. */
  suspect(start: number, end: number): void {
    const { placeOf, repeated, ours, suspects } = this
    const { rows } = ours
    for (let i = start; i < end; i++) {
      if (placeOf[i]! < 0) continue
      this.paired++
      if (repeated.has(hashAt(ours, rows[i]!) ?? 0)) suspects.push(i)
    }
  }

  /** Takes the pairs apart whose email may be met again though hashes are mixed anew: most only shared a place by chance. */
  takeApart(): void {
    const { ours, suspects, unpaired, placeOf, same } = this
    const places = placesFor(suspects.length + unpaired.length)
    const [met, repeated] = [new Hashes(places), new Hashes(places)]
    const mixed = suspects.map((i) => Math.imul(hashAt(ours, ours.rows[i]!) ?? 0, mixer))
    meetAll(mixed, met, repeated)
    meetAll(unpaired, met, repeated)
    for (let k = 0; k < suspects.length; k++) {
      if (!repeated.has(mixed[k]!)) continue
      const i = suspects[k]!
      placeOf[i] = -1
      this.paired--
      if (same[i] === 1) this.sameRowCount--
      same[i] = 0
    }
    this.restOfFile = new Uint32Array(ours.rows.length - this.paired)
    this.restOfBaseline = new Uint32Array(this.theirs.rows.length - this.paired)
    this.unsure = new Uint32Array(ours.rows.length - this.sameRowCount)
  }

  /** Makes rows of places, and lists what is left over. */
  gather(start: number, end: number): void {
    const { placeOf, same, restOfFile, unsure } = this
    const { rows } = this.theirs
    let { left, doubted } = this
    for (let i = start; i < end; i++) {
      const place = placeOf[i]!
      if (same[i] === 0) unsure[doubted++] = i
      if (place < 0) {
        restOfFile[left++] = i
        continue
      }
      if (this.gathered < place) this.leaveTheirs(place)
      this.gathered = place + 1
      placeOf[i] = rows[place]!
    }
    this.left = left
    this.doubted = doubted
  }

  private leaveTheirs(end: number): void {
    while (this.gathered < end) this.restOfBaseline[this.leftOfTheirs++] = this.gathered++
  }

  outcome(): SideBySide {
    const { placeOf, same, restOfFile, restOfBaseline, unsure } = this
    this.leaveTheirs(this.theirs.rows.length)
    return { partner: placeOf, same, restOfFile, restOfBaseline, unsure }
  }
}

function meetAll(hashes: readonly number[], met: Hashes, repeated: Hashes): void {
  for (let k = 0; k < hashes.length; k++) if (met.add(hashes[k]!)) repeated.add(hashes[k]!)
}
