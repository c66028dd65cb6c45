import { hashBytes, powerOfTwoFrom, sameBytes } from '../../kit/bytes.ts'
import { encodeUtf8 } from '../../kit/text.ts'
import type { StoredColumn } from './stored-column.ts'
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
  const first = new Int32Array(lengthFor(rows)).fill(-1)
  const groups = newGroups(column, same, rows.length)
  const firstOfGroup = new Int32Array(groups.most)
  for (const row of rows) {
    const group = groups.add(row)
    if (group < 0) continue
    const earlier = firstOfGroup[group]!
    if (earlier === 0) firstOfGroup[group] = row + 1
    else first[row] = earlier - 1
  }
  return first
}

/** By left row id: the first right row with an equal text, or -1. The array is as long as the highest left id plus one. */
export function joinRows(
  left: TableColumn,
  leftRows: Uint32Array,
  right: TableColumn,
  rightRows: Uint32Array,
  same: Omit<SameText, 'skipBlank'> = {},
): Int32Array {
  const matches = new Int32Array(lengthFor(leftRows)).fill(-1)
  const options = { ...same, skipBlank: true }
  const groups = newGroups(right, options, rightRows.length)
  const rightOfGroup = new Int32Array(groups.most)
  for (const row of rightRows) {
    const group = groups.add(row)
    if (group >= 0 && rightOfGroup[group] === 0) rightOfGroup[group] = row + 1
  }
  const find = groups.finder(left)
  for (const row of leftRows) {
    const group = find(row)
    if (group >= 0) matches[row] = rightOfGroup[group]! - 1
  }
  return matches
}

const lengthFor = (rows: Uint32Array): number => {
  let most = -1
  for (const row of rows) if (row > most) most = row
  return most + 1
}

/** Numbers the distinct texts of a column, each 0 … `most`-1, -1 for what is skipped. */
interface Groups {
  readonly most: number
  add(row: RowId): number
  /** The number of a text of another column, -1 where no row of this one had it. */
  finder(other: TableColumn): (row: RowId) => number
}

/**
 * Texts by their normalised bytes, in an open-addressing table over 32-bit hashes; equal hashes are settled by comparing every
 * byte. A coded column is normalised once per code. Only texts beyond ASCII become strings.
 */
function newGroups(column: TableColumn, same: SameText, rowCount: number): Groups {
  const keys = new KeyTable(rowCount)
  const key = keyReader(column, same)
  const groupOfCode = column.coded ? new Int32Array(column.codeCount).fill(unknown) : null
  return {
    most: rowCount,
    add(row) {
      if (groupOfCode === null) return keys.add(key(row))
      const code = column.codeOf(row)
      const known = groupOfCode[code]!
      return known === unknown ? (groupOfCode[code] = keys.add(key(row))) : known
    },
    finder(other) {
      const otherKey = keyReader(other, same)
      if (!other.coded) return (row) => keys.find(otherKey(row))
      const found = new Int32Array(other.codeCount).fill(unknown)
      return (row) => {
        const code = other.codeOf(row)
        const known = found[code]!
        return known === unknown ? (found[code] = keys.find(otherKey(row))) : known
      }
    },
  }
}

const unknown = -2

/** Normalised bytes of a cell; valid until the next is read. Length -1: blank and skipped. */
interface Key {
  bytes: Uint8Array
  start: number
  length: number
}

function keyReader(column: TableColumn, same: SameText): (row: RowId) => Key {
  const key: Key = { bytes: new Uint8Array(256), start: 0, length: 0 }
  const ignoreCase = same.ignoreCase ?? false
  const trim = same.trim ?? false
  let scratch = new Uint8Array(256)
  const stored = column as Partial<StoredColumn>

  const keyOfText = (text: string): void => {
    if (same.skipBlank === true && text.trim() === '') {
      key.length = -1
      return
    }
    const trimmed = trim ? text.trim() : text
    key.bytes = encodeUtf8(ignoreCase ? trimmed.toLowerCase() : trimmed)
    key.start = 0
    key.length = key.bytes.length
  }

  return (row) => {
    if (stored.storedBytesOf === undefined) {
      keyOfText(column.textOf(row))
      return key
    }
    const cell = column as StoredColumn
    const bytes = cell.storedBytesOf(row)
    let start = cell.storedStartOf(row)
    let end = start + cell.byteLengthOf(row)
    if (trim || same.skipBlank === true) {
      let from = start
      let to = end
      while (from < to && isAsciiSpace(bytes[from]!)) from++
      while (to > from && isAsciiSpace(bytes[to - 1]!)) to--
      if (from === to && same.skipBlank === true) {
        key.length = -1
        return key
      }
      if (trim) {
        start = from
        end = to
      }
    }
    if (!ignoreCase && !trim) {
      // Only a cell that begins beyond ASCII can still be blank: a no-break space.
      if (same.skipBlank === true && start < end && bytes[start]! > 0x7f && column.textOf(row).trim() === '') key.length = -1
      else {
        key.bytes = bytes
        key.start = start
        key.length = end - start
      }
      return key
    }
    if (scratch.length < end - start) scratch = new Uint8Array(2 * (end - start))
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte > 0x7f) {
        keyOfText(column.textOf(row))
        return key
      }
      scratch[i - start] = ignoreCase && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    }
    key.bytes = scratch
    key.start = 0
    key.length = end - start
    return key
  }
}

/** The ASCII part of what `String.trim` takes off. */
const isAsciiSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

class KeyTable {
  private readonly slots: Int32Array
  private readonly hashes: Int32Array
  private readonly starts: Uint32Array
  private readonly lengths: Uint32Array
  private bytes: Uint8Array
  private used = 0
  private count = 0

  constructor(most: number) {
    this.slots = new Int32Array(powerOfTwoFrom(most * 2))
    this.hashes = new Int32Array(most)
    this.starts = new Uint32Array(most)
    this.lengths = new Uint32Array(most)
    this.bytes = new Uint8Array(Math.max(1024, most * 16))
  }

  find(key: Key): number {
    return key.length < 0 ? -1 : this.slots[this.slotOf(key, hashBytes(key.bytes, key.start, key.start + key.length))]! - 1
  }

  add(key: Key): number {
    if (key.length < 0) return -1
    const hash = hashBytes(key.bytes, key.start, key.start + key.length)
    const slot = this.slotOf(key, hash)
    const known = this.slots[slot]!
    if (known !== 0) return known - 1
    const group = this.count++
    this.slots[slot] = group + 1
    this.hashes[group] = hash
    this.starts[group] = this.used
    this.lengths[group] = key.length
    if (this.used + key.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.used + key.length, Math.ceil(this.bytes.length * 1.5)))
      larger.set(this.bytes)
      this.bytes = larger
    }
    for (let i = 0; i < key.length; i++) this.bytes[this.used + i] = key.bytes[key.start + i]!
    this.used += key.length
    return group
  }

  /** The slot that holds the key, or the free one where it would go. */
  private slotOf(key: Key, hash: number): number {
    const mask = this.slots.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (;;) {
      const group = this.slots[slot]! - 1
      if (group < 0) return slot
      if (
        this.hashes[group] === hash &&
        this.lengths[group] === key.length &&
        sameBytes(this.bytes, this.starts[group]!, key.bytes, key.start, key.length)
      )
        return slot
      slot = (slot + 1) & mask
    }
  }
}
