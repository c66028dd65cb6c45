import { grown, powerOfTwoFrom } from '../../kit/bytes.ts'
import { finish } from '../../kit/steps.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import { hasKeyHash, keyHashOf } from './cell-mark.ts'
import { lowerCase } from './plain-cells.ts'
import { matchingRows, type MatchedTexts } from './match-texts.ts'
import { StoredColumn } from './stored-column.ts'
import type { RowId, TableColumn } from './table.ts'

/** What counts as equal. Blank cells (nothing but white space) equal nothing where `skipBlank` is set; in a join they never match. */
export interface SameText {
  /** Small letters for capitals, in every script. */
  readonly ignoreCase?: boolean
  /** White space at the edges does not count. */
  readonly trim?: boolean
  readonly skipBlank?: boolean
}

/**
 * By row id: the first row, in the order of `rows`, with an equal text, or -1 for the first of its kind, for blank ones that are
 * skipped, and for ids not among `rows`. The array is as long as the highest id of `rows` plus one.
 */
export function firstRowWithSameText(column: TableColumn, rows: Uint32Array, same: SameText = {}): Int32Array {
  const groups = new TextGroups(same, rows.length)
  const groupOf = groups.add(column, rows)
  return earlierRows(groupOf, rows, firstRows(groupOf, rows, groups.count))
}

/** By left row id: the first right row with an equal text, or -1. The array is as long as the highest left id plus one. */
export function joinRows(
  left: TableColumn,
  leftRows: Uint32Array,
  right: TableColumn,
  rightRows: Uint32Array,
  same: Omit<SameText, 'skipBlank'> = {},
): Int32Array {
  return matchRows(left, leftRows, right, rightRows, same).rightOf
}

/** A join that also says which rows of either side repeat an earlier one. Blank cells match nothing. */
export const matchRows = (
  left: TableColumn,
  leftRows: Uint32Array,
  right: TableColumn,
  rightRows: Uint32Array,
  same: Omit<SameText, 'skipBlank'> = {},
): MatchedTexts => finish(matchingRows({ column: left, rows: leftRows }, { column: right, rows: rightRows }, same))

/** By group: its first row, -1 where it has none. */
export function firstRows(groupOf: Int32Array, rows: Uint32Array, count: number): Int32Array {
  const first = new Int32Array(count).fill(-1)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const group = groupOf[row]!
    if (group >= 0 && first[group] === -1) first[group] = row
  }
  return first
}

function earlierRows(groupOf: Int32Array, rows: Uint32Array, firstOfGroup: Int32Array): Int32Array {
  const earlier = new Int32Array(groupOf.length).fill(-1)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const group = groupOf[row]!
    if (group >= 0 && firstOfGroup[group] !== row) earlier[row] = firstOfGroup[group]!
  }
  return earlier
}

const lengthFor = (rows: Uint32Array): number => {
  let most = -1
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (row > most) most = row
  }
  return most + 1
}

const unknown = -2
/** The number of an array is kept in a byte. */
const mostArrays = 200

/**
 * Numbers the distinct texts of columns, in the order in which they are met. Texts are kept as the bytes they have in their tables, in an
 * open-addressing table over 32-bit hashes; equal hashes are settled by comparing every byte. A coded column is asked once per code.
 * Only texts beyond ASCII become strings. Numbers stay right when the tables are edited, since bytes in a table's store stay.
 */
export class TextGroups {
  count = 0
  private readonly same: SameText
  private slots: Int32Array
  private hashes: Int32Array
  private starts: Uint32Array
  private ends: Uint32Array
  private readonly arrays: Uint8Array[] = []
  private arrayOf: Uint8Array
  /** Normalised bytes of texts that cannot be compared where they stand. */
  private own = new Uint8Array(256)
  private ownUsed = 0

  // The key that was read last; `length` -1: blank and skipped.
  private keyBytes: Uint8Array = this.own
  private keyStart = 0
  private keyEnd = 0
  private keyHash = 0
  private isOwnKey = false

  constructor(same: SameText, expected: number) {
    this.same = same
    this.slots = new Int32Array(powerOfTwoFrom(expected * 2))
    this.hashes = new Int32Array(expected)
    this.starts = new Uint32Array(expected)
    this.ends = new Uint32Array(expected)
    this.arrayOf = new Uint8Array(expected)
    this.arrays.push(this.own)
  }

  /** By row id: the number of its text, -1 for what is skipped and for ids not among `rows`. */
  add(column: TableColumn, rows: Uint32Array): Int32Array {
    const groupOf = new Int32Array(lengthFor(rows)).fill(-1)
    if (!column.coded) {
      if (column instanceof StoredColumn) this.addPlain(column, rows, groupOf)
      else for (const row of rows) groupOf[row] = this.groupOf(column, row)
      return groupOf
    }
    const groupOfCode = new Int32Array(column.codeCount).fill(unknown)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const code = column.codeOf(row)
      const known = groupOfCode[code]!
      groupOf[row] = known === unknown ? (groupOfCode[code] = this.groupOf(column, row)) : known
    }
    return groupOf
  }

  /** Most cells were hashed when the file was read; then nothing is read of those that are alone with their hash. */
  private addPlain(column: StoredColumn, rows: Uint32Array, groupOf: Int32Array): void {
    const { cells, store } = column
    if (cells.kind === 'coded') return
    const { starts, lengths, marks, hashes } = cells
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if (marks === null || hashes === null || (marks[row]! & hasKeyHash) === 0 || this.arrays.length > mostArrays) {
        groupOf[row] = this.groupOf(column, row)
        continue
      }
      const start = starts[row]!
      const isSource = start < store.base
      this.keyBytes = isSource ? store.source : store.arena
      this.keyStart = isSource ? start : start - store.base
      this.keyEnd = this.keyStart + lengths[row]!
      this.keyHash = hashes[row]! | 0
      this.isOwnKey = false
      groupOf[row] = this.groupOfKey()
    }
  }

  /** The number of the text that a cell holds now, a new one where it was not met before; -1 for a blank one that is skipped. */
  groupOf(column: TableColumn, row: RowId): number {
    return this.readKey(column, row) ? this.groupOfKey() : -1
  }

  private groupOfKey(): number {
    const hash = this.keyHash
    const mask = this.slots.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (;;) {
      const group = this.slots[slot]! - 1
      if (group < 0) break
      if (this.hashes[group] === hash && this.isKey(group)) return group
      slot = (slot + 1) & mask
    }
    const group = this.count++
    if (group >= this.hashes.length) this.growGroups()
    this.slots[slot] = group + 1
    this.hashes[group] = hash
    this.keep(group)
    if (this.count * 2 > this.slots.length) this.growSlots()
    return group
  }

  private isKey(group: number): boolean {
    const length = this.keyEnd - this.keyStart
    const start = this.starts[group]!
    if (this.ends[group]! - start !== length) return false
    const bytes = this.arrays[this.arrayOf[group]!]!
    const { keyBytes, keyStart } = this
    if (this.same.ignoreCase !== true) {
      for (let i = 0; i < length; i++) if (bytes[start + i] !== keyBytes[keyStart + i]) return false
      return true
    }
    for (let i = 0; i < length; i++) if (lowerCase[bytes[start + i]!] !== lowerCase[keyBytes[keyStart + i]!]) return false
    return true
  }

  private keep(group: number): void {
    let start = this.keyStart
    let array = 0
    if (this.isOwnKey) {
      const length = this.keyEnd - this.keyStart
      if (this.ownUsed + length > this.own.length) {
        this.own = grown(this.own, Math.max(this.ownUsed + length, this.own.length * 2))
        this.arrays[0] = this.own
      }
      this.own.set(this.keyBytes.subarray(this.keyStart, this.keyEnd), this.ownUsed)
      start = this.ownUsed
      this.ownUsed += length
    } else {
      array = this.arrays.lastIndexOf(this.keyBytes)
      // An arena that grew is another array: the old one keeps what it held, and what is new lies in the new one.
      if (array < 1) array = this.arrays.push(this.keyBytes) - 1
    }
    this.arrayOf[group] = array
    this.starts[group] = start
    this.ends[group] = start + this.keyEnd - this.keyStart
  }

  /** False: blank and skipped. */
  private readKey(column: TableColumn, row: RowId): boolean {
    const { ignoreCase = false, trim = false, skipBlank = false } = this.same
    if (!(column instanceof StoredColumn) || this.arrays.length > mostArrays) return this.readText(column, row)
    const bytes = column.storedBytesOf(row)
    let start = column.storedStartOf(row)
    let end = start + column.byteLengthOf(row)
    if (trim || skipBlank) {
      let from = start
      let to = end
      while (from < to && isAsciiSpace(bytes[from]!)) from++
      while (to > from && isAsciiSpace(bytes[to - 1]!)) to--
      if (from === to && skipBlank) return false
      if (trim) {
        start = from
        end = to
      }
    }
    if (ignoreCase || trim) {
      let all = 0
      for (let i = start; i < end; i++) all |= bytes[i]!
      if (all > 0x7f) return this.readText(column, row)
    } else {
      // Only a cell that begins beyond ASCII can still be blank: a no-break space.
      if (skipBlank && bytes[start]! > 0x7f && column.textOf(row).trim() === '') return false
    }
    this.keyHash = keyHashOf(bytes, start, end)
    this.keyBytes = bytes
    this.keyStart = start
    this.keyEnd = end
    this.isOwnKey = false
    return true
  }

  private readText(column: TableColumn, row: RowId): boolean {
    const text = column.textOf(row)
    const { ignoreCase = false, trim = false, skipBlank = false } = this.same
    if (skipBlank && text.trim() === '') return false
    const trimmed = trim ? text.trim() : text
    this.keyBytes = encodeUtf8(ignoreCase ? trimmed.toLowerCase() : trimmed)
    this.keyStart = 0
    this.keyEnd = this.keyBytes.length
    this.keyHash = keyHashOf(this.keyBytes, 0, this.keyEnd)
    this.isOwnKey = true
    return true
  }

  private growGroups(): void {
    const capacity = Math.max(64, this.hashes.length * 2)
    this.hashes = grown(this.hashes, capacity)
    this.starts = grown(this.starts, capacity)
    this.ends = grown(this.ends, capacity)
    this.arrayOf = grown(this.arrayOf, capacity)
  }

  private growSlots(): void {
    const slots = new Int32Array(this.slots.length * 2)
    const mask = slots.length - 1
    for (let group = 0; group < this.count; group++) {
      const hash = this.hashes[group]!
      let slot = (hash ^ (hash >>> 15)) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = group + 1
    }
    this.slots = slots
  }
}

/** The ASCII part of what `String.trim` takes off. */
const isAsciiSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
