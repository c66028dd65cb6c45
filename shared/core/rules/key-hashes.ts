import { powerOfTwoFrom } from '../../kit/bytes.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import { emailKey, isClear } from '../diff/cell-meaning.ts'
import { CellMark, hasKeyHash, keyHashOf, markOfBytes } from '../table/cell-mark.ts'
import { Hashes } from '../table/repeated-cells.ts'
import { longLength, StoredColumn } from '../table/stored-column.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import type { CheckContext } from './context.ts'
import { extensionKey } from './families/extension.ts'
import { heldKeys } from './families/phone.ts'

/**
 * By row, hashes of what its cells hold that no other row may hold too: an email, phone numbers, an extension. Rows with the same key
 * have the same hash, whatever else is true of their users; the reverse must be asked of the rows. Most hashes are those that the reader
 * of the file left, so that no cell is read.
 */
export interface KeyHashes {
  /** By row id: `noKey`, `severalKeys`, or the hash of the one key. */
  readonly of: Uint32Array
  /** The hashes of rows with more than one key. */
  readonly several: ReadonlyMap<RowId, readonly number[]>
  /** Reads the cells of these rows anew. */
  read(rows: Uint32Array): void
}

export const noKey = 0
export const severalKeys = 1

/** A hash is neither of the two above. */
const asHash = (hash: number): number => (hash <= severalKeys ? 2 : hash)
function hashOfText(text: string): number {
  const bytes = encodeUtf8(text)
  return asHash(keyHashOf(bytes, 0, bytes.length) >>> 0)
}
export const hashOfPhone = (key: number): number => hashOfText(`+${String(key)}`)
/** An extension's key has a 1 before its digits. */
export const hashOfExtension = (key: number): number => hashOfText(String(key).slice(1))
/** Emails are one by `emailKey`, as `sameEmail` has it. */
const hashOfEmail = (text: string): number => hashOfText(emailKey(text))

/** What a cell holds; null where it is blank, so that something else may count. */
type HashesOfText = (text: string) => readonly number[] | null

const phonesOf: HashesOfText = (text) => {
  const trimmed = text.trim()
  return trimmed === '' ? null : isClear(trimmed) ? [] : heldKeys(trimmed).map(hashOfPhone)
}
const extensionsOf: HashesOfText = (text) => {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const key = isClear(trimmed) ? -1 : extensionKey(trimmed)
  return key < 0 ? [] : [hashOfExtension(key)]
}
const emailsOf: HashesOfText = (text) => (text.trim() === '' ? null : [hashOfEmail(text)])

export function emailHashes(context: CheckContext): KeyHashes {
  return keyHashes(context, context.fields.email.own?.column ?? null, null, emailsOf, hasKeyHash)
}

/** Gives the baseline's user with an email, -1 where it has none: the first row that has it. Made once, it is quick to ask. */
export function baselineUserFinder(context: CheckContext): (email: string) => RowId {
  const column = context.fields.email.baseline?.column
  if (context.baseline === null || column === undefined) return () => -1
  const { rows, rowLimit } = context.baseline.table
  const { readPlain, hashOf } = hasher(column, emailsOf, hasKeyHash)
  const of = new Uint32Array(rowLimit)
  for (const row of readPlain(rows, of)) of[row] = Math.max(noKey, hashOf(row))
  const positionOf = new Int32Array(rowLimit)
  for (let i = 0; i < rows.length; i++) positionOf[rows[i]!] = i
  const index = new HashIndex({ of, several: new Map(), read: () => undefined }, rows, positionOf)
  return (email) => {
    const key = emailKey(email)
    return key === '' ? -1 : index.first(hashOfEmail(email), (row) => emailKey(column.textOf(row)) === key)
  }
}

/** A blank cell of an existing user keeps the baseline's number: it is held whether or not the package still gives one. */
export function phoneHashes(context: CheckContext): KeyHashes {
  const { own, baseline } = context.fields.phone
  return keyHashes(context, own?.column ?? null, baseline?.column ?? null, phonesOf, CellMark.plainNumber)
}

export function extensionHashes(context: CheckContext): KeyHashes {
  const { own, baseline } = context.fields.extension
  return keyHashes(context, own?.column ?? null, baseline?.column ?? null, extensionsOf, CellMark.onlyDigits)
}

/** Extensions by location, as `placeOf` numbers these; `extensions` are read before. */
export function placedHashes(context: CheckContext, extensions: KeyHashes, placeOf: (location: string) => number): KeyHashes {
  const { own, baseline } = context.fields.location
  const hashOfPlace = (text: string): readonly number[] => [firstPlace + placeOf(text)]
  const placesOf: HashesOfText = (text) => {
    const trimmed = text.trim()
    return trimmed === '' ? null : hashOfPlace(isClear(trimmed) ? '' : trimmed)
  }
  // Only a file clears a cell: in the baseline the same word would be a name.
  const placesBefore: HashesOfText = (text) => (text.trim() === '' ? null : hashOfPlace(text.trim()))
  const places = keyHashes(context, own?.column ?? null, baseline?.column ?? null, placesOf, 0, placesBefore)
  const nowhere = firstPlace + placeOf('')
  const of = new Uint32Array(context.table.rowLimit)
  const combine = (rows: Uint32Array): void => {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const extension = extensions.of[row]!
      of[row] = extension === noKey ? noKey : hashOfPair(extension, places.of[row] === noKey ? nowhere : places.of[row]!)
    }
  }
  combine(context.rows)
  return {
    of,
    several: extensions.several,
    read(rows) {
      places.read(rows)
      combine(rows)
    },
  }
}
/** Numbers of places begin where hashes do. */
const firstPlace = 2
const hashOfPair = (extension: number, place: number): number => {
  const mixed = Math.imul(extension ^ Math.imul(place, 0x9e3779b1), 0x85ebca6b)
  return asHash((mixed ^ (mixed >>> 15)) >>> 0)
}
export const hashOfPlaced = (extension: number, place: number): number => hashOfPair(hashOfExtension(extension), firstPlace + place)

function keyHashes(
  context: CheckContext,
  own: TableColumn | null,
  baseline: TableColumn | null,
  hashesOf: HashesOfText,
  plain: number,
  hashesBefore = hashesOf,
): KeyHashes {
  const of = new Uint32Array(context.table.rowLimit)
  const several = new Map<RowId, readonly number[]>()
  const ownHash = own === null ? alwaysBlank : hasher(own, hashesOf, plain)
  const hashBefore = baseline === null ? alwaysBlank : hasher(baseline, hashesBefore, plain)
  const { baselineRowOf } = context
  const read = (rows: Uint32Array): void => {
    if (several.size > 0) for (let i = 0; i < rows.length; i++) several.delete(rows[i]!)
    const others = ownHash.readPlain(rows, of)
    for (let i = 0; i < others.length; i++) {
      const row = others[i]!
      const own = ownHash.hashOf(row)
      if (own !== blank) {
        of[row] = own
        if (own === severalKeys) several.set(row, ownHash.severalOf(row))
        continue
      }
      const before = baselineRowOf[row]!
      const kept = before < 0 ? blank : hashBefore.hashOf(before)
      of[row] = kept === blank ? noKey : kept
      if (kept === severalKeys) several.set(row, hashBefore.severalOf(before))
    }
  }
  read(context.rows)
  return { of, several, read }
}

/** What few rows hold. */
export const hashesOf = ({ of, several }: KeyHashes, rows: Uint32Array): number[] =>
  Array.from(rows).flatMap((row) => (of[row] === severalKeys ? several.get(row)! : of[row] === noKey ? [] : [of[row]!]))

const blank = -1

interface Hasher {
  /** The hash of a cell, `noKey`, `severalKeys`, or `blank`. */
  hashOf(row: RowId): number
  severalOf(row: RowId): readonly number[]
  /** Reads the cells that hold one key, as far as that is told at a glance; gives the other rows. */
  readPlain(rows: Uint32Array, of: Uint32Array): Uint32Array
}
const alwaysBlank: Hasher = { hashOf: () => blank, severalOf: () => [], readPlain: (rows) => rows }

/** An extension of more digits is none; an email and a number are hashed whole. */
const mostDigits = 10

function hasher(column: TableColumn, hashesOf: HashesOfText, plain: number): Hasher {
  const severalOf = (row: RowId): readonly number[] => [...new Set(hashesOf(column.textOf(row)) ?? [])]
  const hashOfCell = (text: string): number => {
    const hashes = hashesOf(text)
    if (hashes === null) return blank
    const distinct = new Set(hashes)
    return distinct.size > 1 ? severalKeys : (hashes[0] ?? noKey)
  }
  if (column.coded) {
    const known: (number | undefined)[] = []
    const hashOfCode = (code: number): number => (known[code] ??= hashOfCell(column.textOfCode(code)))
    return {
      severalOf,
      hashOf: (row) => hashOfCode(column.codeOf(row)),
      readPlain(rows, of) {
        if (!(column instanceof StoredColumn) || column.cells.kind !== 'coded' || rows.length < column.codeCount) return rows
        const { codes } = column.cells
        const byCode = Float64Array.from({ length: column.codeCount }, (_, code) => hashOfCode(code))
        const others = new Uint32Array(rows.length)
        let count = 0
        for (let i = 0; i < rows.length; i++) {
          const row = rows[i]!
          const hash = byCode[codes[row]!]!
          if (hash > severalKeys) of[row] = hash
          else others[count++] = row
        }
        return others.subarray(0, count)
      },
    }
  }
  const stored = column instanceof StoredColumn ? column : null
  const cells = stored?.cells.kind === 'plain' ? stored.cells : null
  const most = plain === CellMark.onlyDigits ? mostDigits : longLength - 1
  return {
    severalOf,
    readPlain(rows, of) {
      if (cells === null || cells.marks === null || cells.hashes === null) return rows
      const { marks, hashes, lengths } = cells
      const others = new Uint32Array(rows.length)
      let count = 0
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!
        if ((marks[row]! & plain) !== 0 && lengths[row]! <= most) of[row] = asHash(hashes[row]!)
        else others[count++] = row
      }
      return others.subarray(0, count)
    },
    hashOf(row) {
      if (stored !== null && cells !== null) {
        const { marks, hashes, lengths } = cells
        const length = lengths[row]!
        if (length === 0) return blank
        if (length <= most) {
          if (marks !== null && hashes !== null && (marks[row]! & plain) !== 0) return asHash(hashes[row]!)
          // A draft that was opened again has no marks; the bytes say the same.
          const bytes = stored.storedBytesOf(row)
          const start = stored.storedStartOf(row)
          if (marks === null && (markOfBytes(bytes, start, start + length) & plain) !== 0)
            return asHash(keyHashOf(bytes, start, start + length) >>> 0)
        }
      }
      return hashOfCell(column.textOf(row))
    },
  }
}

/** A set of hashes that may say yes to one in some forty that it does not hold, so that it stays small and quick. */
export class TouchedHashes {
  private readonly hashes = new Hashes(1 << 22)

  static of(hashes: KeyHashes, rows: Uint32Array): TouchedHashes {
    const touched = new TouchedHashes()
    touched.addRows(hashes, rows)
    return touched
  }

  add(hash: number): void {
    this.hashes.add(hash)
  }

  has(hash: number): boolean {
    return this.hashes.has(hash)
  }

  addAll(hashes: readonly number[]): void {
    for (const hash of hashes) this.add(hash)
  }

  /** Adds what these rows hold. */
  addRows({ of, several }: KeyHashes, rows: Uint32Array): void {
    for (let i = 0; i < rows.length; i++) {
      const hash = of[rows[i]!]!
      if (hash === severalKeys) for (const one of several.get(rows[i]!)!) this.add(one)
      else if (hash !== noKey) this.add(hash)
    }
  }

  /** Sets `mark` of all rows that may hold one of these; who holds several keys brings the holders of the others along. */
  markHolders({ of, several }: KeyHashes, rows: Uint32Array, marks: Uint8Array, mark: number): void {
    const open = new Set(several.keys())
    for (let grew = true; grew;) {
      grew = false
      for (const row of open) {
        const hashes = several.get(row)!
        if (!hashes.some((hash) => this.has(hash))) continue
        for (const hash of hashes) this.add(hash)
        open.delete(row)
        grew = true
      }
    }
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const hash = of[row]!
      if (hash === noKey) continue
      if (hash === severalKeys ? !open.has(row) : this.has(hash)) marks[row]! |= mark
    }
  }
}

/** Rows in a bucket, about: with fewer, putting a million rows into their buckets takes longer than looking through one ever does. */
const rowsOfBucket = 32

/**
 * Finds rows by a hash, in the order of the table, while cells are edited. Rows stand in buckets by their hash, put there in two walks
 * without a comparison; rows whose cells changed since are in lists beside them.
 */
export class HashIndex {
  /** How many rows stand in the lists: many make it slow. */
  changedCount = 0
  private readonly hashes: KeyHashes
  private readonly positionOf: Int32Array
  private readonly shift: number
  private readonly starts: Uint32Array
  private readonly rowsByBucket: Uint32Array
  private readonly isChanged: Uint8Array
  private readonly changed = new Map<number, RowId[]>()

  constructor(hashes: KeyHashes, rows: Uint32Array, positionOf: Int32Array) {
    this.hashes = hashes
    this.positionOf = positionOf
    const { of, several } = hashes
    const buckets = powerOfTwoFrom(rows.length / rowsOfBucket)
    this.shift = 32 - Math.log2(buckets)
    this.isChanged = new Uint8Array(of.length)
    const { shift } = this
    const starts = new Uint32Array(buckets + 1)
    let count = 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const hash = of[row]!
      if (hash > severalKeys) {
        starts[(hash >>> shift) + 1]!++
        count++
      } else if (hash === severalKeys) {
        for (const one of several.get(row)!) {
          starts[(one >>> shift) + 1]!++
          count++
        }
      }
    }
    for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1]! += starts[bucket]!
    const next = starts.slice()
    const byBucket = new Uint32Array(count)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const hash = of[row]!
      if (hash > severalKeys) byBucket[next[hash >>> shift]!++] = row
      else if (hash === severalKeys) for (const one of several.get(row)!) byBucket[next[one >>> shift]!++] = row
    }
    this.starts = starts
    this.rowsByBucket = byBucket
  }

  /** The first row with the hash that `isIt` says yes to, -1 where none is. */
  first(hash: number, isIt: (row: RowId) => boolean): RowId {
    const { starts, rowsByBucket, positionOf } = this
    const bucket = hash >>> this.shift
    const beside = this.changed.get(hash) ?? []
    let at = 0
    for (let i = starts[bucket]!; i < starts[bucket + 1]!; i++) {
      const row = rowsByBucket[i]!
      if (this.isChanged[row] === 1 || !this.holds(row, hash)) continue
      for (; at < beside.length && positionOf[beside[at]!]! < positionOf[row]!; at++) if (isIt(beside[at]!)) return beside[at]!
      if (isIt(row)) return row
    }
    for (; at < beside.length; at++) if (isIt(beside[at]!)) return beside[at]!
    return -1
  }

  /** All rows with the hash. */
  each(hash: number, visit: (row: RowId) => void): void {
    this.first(hash, (row) => {
      visit(row)
      return false
    })
  }

  /** Before the cells of a row are read anew, and after. */
  leave(row: RowId): void {
    if (this.isChanged[row] === 0) {
      this.isChanged[row] = 1
      this.changedCount++
      return
    }
    this.eachHash(row, (hash) => {
      const rows = this.changed.get(hash)!
      rows.splice(rows.indexOf(row), 1)
      if (rows.length === 0) this.changed.delete(hash)
    })
  }

  join(row: RowId): void {
    const { positionOf } = this
    this.eachHash(row, (hash) => {
      const rows = this.changed.get(hash) ?? []
      let at = rows.length
      while (at > 0 && positionOf[rows[at - 1]!]! > positionOf[row]!) at--
      rows.splice(at, 0, row)
      this.changed.set(hash, rows)
    })
  }

  private eachHash(row: RowId, visit: (hash: number) => void): void {
    const { of, several } = this.hashes
    const hash = of[row]!
    if (hash > severalKeys) visit(hash)
    else if (hash === severalKeys) several.get(row)!.forEach(visit)
  }

  private holds(row: RowId, hash: number): boolean {
    const own = this.hashes.of[row]!
    return own === hash || (own === severalKeys && this.hashes.several.get(row)!.includes(hash))
  }
}
