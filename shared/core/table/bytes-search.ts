import { CellMark } from './cell-mark.ts'
import { lowerCase, type BytesTest } from './plain-cells.ts'
import { longLength, type StoredColumn } from './stored-column.ts'
import { CellFlag } from './table.ts'

/** A question to the bytes of a cell that is all ASCII, or of any cell where it `isForAll`. */
export interface BytesAnswer {
  readonly ofAscii: BytesTest
  readonly isForAll: boolean
}

/**
 * The rows of a plain column for which the answer is yes, in their order. What the bytes cannot tell is asked of the text.
 */
export function rowsByBytes(
  column: StoredColumn,
  rows: Uint32Array,
  { ofAscii, isForAll }: BytesAnswer,
  ofText: (row: number) => boolean,
): Uint32Array {
  const { cells, store } = column
  if (cells.kind === 'coded') throw new TypeError(`column "${column.header}" is coded`)
  const { starts, lengths, marks } = cells
  const { source, arena, base } = store
  const kept = new Uint32Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const length = lengths[row]!
    if (length === longLength) {
      if (ofText(row)) kept[count++] = row
      continue
    }
    const address = starts[row]!
    const isSource = address < base
    const bytes = isSource ? source : arena
    const start = isSource ? address : address - base
    const end = start + length
    let isAscii = isForAll
    if (!isAscii) {
      const mark = marks === null ? 0 : marks[row]!
      if ((mark & CellMark.isKnown) !== 0) isAscii = (mark & CellFlag.beyondAscii) === 0
      else {
        let all = 0
        for (let at = start; at < end; at++) all |= bytes[at]!
        isAscii = all <= 0x7f
      }
    }
    if (isAscii ? ofAscii(bytes, start, end) : ofText(row)) kept[count++] = row
  }
  return kept.slice(0, count)
}

/** Whether a text of ASCII stands in a cell, found in leaps (Horspool). `wanted` is in small letters where case does not count. */
export function holdsBytes(wanted: Uint8Array, matchCase: boolean): BytesTest {
  const size = wanted.length
  const fold = matchCase ? asItIs : lowerCase
  const leaps = new Uint8Array(256).fill(Math.min(size, 255))
  for (let i = Math.max(0, size - 255); i < size - 1; i++) leaps[wanted[i]!] = size - 1 - i
  const leapOf = Uint8Array.from({ length: 256 }, (_, byte) => leaps[fold[byte]!]!)
  const isLast = Uint8Array.from({ length: 256 }, (_, byte) => (fold[byte] === wanted[size - 1] ? 1 : 0))
  return (bytes, start, end) => {
    for (let at = start + size - 1; at < end; at += leapOf[bytes[at]!]!) {
      if (isLast[bytes[at]!] === 0) continue
      let i = 1
      while (i < size && fold[bytes[at - i]!] === wanted[size - 1 - i]) i++
      if (i === size) return true
    }
    return false
  }
}

/** Whether a text of ASCII stands in a cell from `start` on, or to its `end`, or both. */
export function standsAt(wanted: Uint8Array, matchCase: boolean, place: 'start' | 'end' | 'both'): BytesTest {
  const size = wanted.length
  const fold = matchCase ? asItIs : lowerCase
  return (bytes, start, end) => {
    if (end - start < size || (place === 'both' && end - start !== size)) return false
    const at = place === 'end' ? end - size : start
    for (let i = 0; i < size; i++) if (fold[bytes[at + i]!] !== wanted[i]) return false
    return true
  }
}

const asItIs = Uint8Array.from({ length: 256 }, (_, byte) => byte)
