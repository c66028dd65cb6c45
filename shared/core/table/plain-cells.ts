import { longLength, type StoredColumn } from './stored-column.ts'
import { CellFlag } from './table.ts'
import { flagsOfByte } from './text-store.ts'

/** A question to the bytes of a cell, UTF-8, `start` … `end` (not included). */
export type BytesTest = (bytes: Uint8Array, start: number, end: number) => boolean

/** A yes from the mark of a cell: it has all bits of `sound` and none of `odd`. */
export interface MarkTest {
  readonly sound: number
  readonly odd: number
}

/**
 * The rows whose cell does not pass, in their order; what is too long to keep its length in 16 bits never passes. Empty cells are among
 * them only where `withEmpty`. Of a million cells few are odd, so nothing is decoded before this has been asked.
 */
export function rowsNotPassing(
  column: StoredColumn,
  rows: Uint32Array,
  passes: BytesTest,
  withEmpty: boolean,
  byMark: MarkTest | null = null,
): Uint32Array {
  const { cells, store } = column
  if (cells.kind === 'coded') throw new TypeError(`column "${column.header}" is coded`)
  const { starts, lengths, marks } = cells
  const { source, arena, base } = store
  const asked = byMark === null || marks === null ? rows : rowsNotTold(rows, lengths, marks, byMark, withEmpty)
  const odd = asked === rows ? new Uint32Array(rows.length) : asked
  let count = 0
  for (let i = 0; i < asked.length; i++) {
    const row = asked[i]!
    const length = lengths[row]!
    if (length === 0) {
      if (withEmpty) odd[count++] = row
      continue
    }
    const start = starts[row]!
    const isOdd =
      length === longLength || !(start < base ? passes(source, start, start + length) : passes(arena, start - base, start - base + length))
    if (isOdd) odd[count++] = row
  }
  return odd.subarray(0, count)
}

/** The rows whose cell must be asked, since its mark does not say that it passes. */
function rowsNotTold(
  rows: Uint32Array,
  lengths: Uint16Array,
  marks: Uint16Array,
  { sound, odd }: MarkTest,
  withEmpty: boolean,
): Uint32Array {
  const asked = sound | odd
  const found = new Uint32Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (lengths[row] === 0 ? !withEmpty : (marks[row]! & asked) === sound) continue
    found[count++] = row
  }
  return found.subarray(0, count)
}

/** Passes cells that have none of these `CellFlag` bits. */
export function withoutFlags(flags: number): BytesTest {
  const isBad = flagsOfByte.map((ofByte) => ofByte & flags)
  const atEdges = Uint8Array.from({ length: 256 }, (_, byte) =>
    (flags & CellFlag.edgeSpace) !== 0 && (byte === 0x20 || byte === 0x09) ? 1 : 0,
  )
  const atStart = Uint8Array.from({ length: 256 }, (_, byte) =>
    atEdges[byte] === 1 || ((flags & CellFlag.formulaStart) !== 0 && formulaStarts.includes(byte)) ? 1 : 0,
  )
  return (bytes, start, end) => {
    if (atStart[bytes[start]!] === 1 || atEdges[bytes[end - 1]!] === 1) return false
    let found = 0
    for (let i = start; i < end; i++) found |= isBad[bytes[i]!]!
    return found === 0
  }
}

/** = + - @ tab CR */
const formulaStarts: readonly number[] = [0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d]

/** ASCII letters small, every other byte as it is. */
export const lowerCase = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte))
