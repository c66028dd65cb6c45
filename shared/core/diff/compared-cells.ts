import { grown, sameBytes } from '../../kit/bytes.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { heldText, isClear, wantedText } from './cell-meaning.ts'
import type { ChangePlace } from './change-set.ts'
import { packageBit, type PairedColumn } from './paired-columns.ts'

/** A cell that a change touches, with the column it stands in. */
export interface ComparedCell {
  readonly column: PairedColumn
  readonly before: string
  readonly after: string
}

/** A column with the question whether a row of the file asks for another cell than a row of the baseline holds. */
export interface ComparedColumn {
  readonly column: PairedColumn
  readonly differs: (row: RowId, held: RowId) => boolean
  /** Where both sides are coded: what their codes mean. */
  readonly numbers: MeaningNumbers | null
}

/** How the texts of two tables are read before they are held against each other. Null: the cell asks for nothing. */
export interface CellReading {
  ofFile(column: PairedColumn, text: string): string | null
  ofBaseline(column: PairedColumn, text: string): string
}

/** What a file asks for against what users hold. */
const asked: CellReading = {
  ofFile(column, text) {
    const wanted = wantedOf(column, text)
    return wanted === null ? null : comparable(column, wanted)
  },
  ofBaseline: (column, text) => comparable(column, heldText(text, column.isBoolean)),
}

export const compareColumns = (columns: readonly PairedColumn[], reading: CellReading = asked): readonly ComparedColumn[] =>
  columns.map((column) => {
    const { file, baseline } = column
    const numbers = file.coded && (baseline === null || baseline.coded) ? meaningNumbers(column, reading) : null
    return { column, numbers, differs: comparerOf(column, reading, numbers) }
  })

export const canDiffer = ({ column }: ComparedColumn): boolean =>
  column.role === 'cell' || (column.role === 'package' && column.baseline !== null)

/**
 * Whether two rows with the same text in this column may differ in it all the same: where the file's text is `(clear)`, which the baseline
 * may hold as a text.
 */
export function mayDifferFromItself({ column, numbers }: ComparedColumn): boolean {
  if (numbers === null) return false
  const { file } = column
  const first = file instanceof StoredColumn ? firstBytes(file) : null
  for (let code = 1; code < file.codeCount; code++)
    if ((first === null || mayBegin[first[code]!] === 1) && isClear(file.textOfCode(code))) return true
  return false
}

/** Of the texts of a coded column; no text is decoded. */
function firstBytes({ cells, store }: StoredColumn): Uint8Array | null {
  if (cells.kind !== 'coded') return null
  const { starts, count } = cells.dictionary
  const { source, arena, base } = store
  return Uint8Array.from({ length: count }, (_, code) => (starts[code]! < base ? source[starts[code]!] : arena[starts[code]! - base]) ?? 0)
}

/** Bytes that `(clear)` may begin with, white space of all kinds before it: neither a letter nor a digit, nor what western Europe's letters begin with. */
const mayBegin = Uint8Array.from({ length: 256 }, (_, byte) => (byte === 0xc3 || /[0-9a-z]/iu.test(String.fromCharCode(byte)) ? 0 : 1))

/** The same for one row. */
export const isDifferent = (columns: readonly ComparedColumn[], row: RowId, held: RowId): boolean =>
  held >= 0 && columns.some((column) => canDiffer(column) && column.differs(row, held))

/**
 * A coded column is compared by numbers: each distinct text gets one for its meaning, shared by both sides, so that no text is
 * touched row by row.
 */
function comparerOf(column: PairedColumn, reading: CellReading, numbers: MeaningNumbers | null): (row: RowId, held: RowId) => boolean {
  const { file, baseline } = column
  if (numbers === null) return (row, held) => differsByText(column, reading, row, held)
  return (row, held) => {
    const wanted = numbers.ofFile(file.codeOf(row))
    return wanted !== leaves && wanted !== (baseline === null ? numbers.nothing : numbers.ofBaseline(baseline.codeOf(held)))
  }
}

/** The number of a cell that asks for nothing. */
export const leaves = -1
const unknown = -2

export interface MeaningNumbers {
  /** Of a cell that is not there. */
  readonly nothing: number
  ofFile(code: number): number
  ofBaseline(code: number): number
}

/** Codes are read when they are first met: an edit may bring new ones. */
function meaningNumbers(column: PairedColumn, reading: CellReading): MeaningNumbers {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, numbers.size)
    return numbers.size - 1
  }
  const { file, baseline } = column
  const reader = (codeCount: number, read: (code: number) => number): ((code: number) => number) => {
    let known = new Int32Array(codeCount).fill(unknown)
    return (code) => {
      if (code >= known.length) {
        const length = known.length
        known = grown(known, code * 2 + 16).fill(unknown, length)
      }
      const number = known[code]!
      return number === unknown ? (known[code] = read(code)) : number
    }
  }
  return {
    nothing: numberOf(reading.ofBaseline(column, '')),
    ofFile: reader(file.codeCount, (code) => {
      const wanted = reading.ofFile(column, file.textOfCode(code))
      return wanted === null ? leaves : numberOf(wanted)
    }),
    ofBaseline: reader(baseline?.codeCount ?? 0, (code) => numberOf(reading.ofBaseline(column, baseline?.textOfCode(code) ?? ''))),
  }
}

function differsByText(column: PairedColumn, reading: CellReading, row: RowId, held: RowId): boolean {
  if (column.baseline !== null && hasSameBytes(column.file, row, column.baseline, held)) return false
  const text = column.file.textOf(row)
  const present = column.baseline?.textOf(held) ?? ''
  if (text === present) return false
  const wanted = reading.ofFile(column, text)
  return wanted !== null && wanted !== reading.ofBaseline(column, present)
}

/** Equal bytes are equal texts; looking at them spares decoding two texts for each cell that did not change. */
function hasSameBytes(left: TableColumn, leftRow: RowId, right: TableColumn, rightRow: RowId): boolean {
  if (!(left instanceof StoredColumn && right instanceof StoredColumn)) return false
  const length = left.byteLengthOf(leftRow)
  return (
    length === right.byteLengthOf(rightRow) &&
    sameBytes(
      left.storedBytesOf(leftRow),
      left.storedStartOf(leftRow),
      right.storedBytesOf(rightRow),
      right.storedStartOf(rightRow),
      length,
    )
  )
}

/** A package cell speaks by TRUE and FALSE only: neither `(clear)` nor a word that is neither changes what a user holds. */
function wantedOf(column: PairedColumn, text: string): string | null {
  const wanted = wantedText(text, column.isBoolean)
  return column.role === 'package' && wanted !== 'TRUE' && wanted !== 'FALSE' ? null : wanted
}

/** A licence that a user does not hold may stand as FALSE, as blank, or in no column at all: all the same. */
function comparable(column: PairedColumn, text: string): string {
  if (column.role === 'package') return text === 'TRUE' ? text : 'FALSE'
  return text === '' && column.isLicence ? 'FALSE' : text
}

/** A removed user is said by the package cells alone; what else the row holds will be gone with the user. */
export function comparedCells(
  columns: readonly ComparedColumn[],
  { intent, row, baselineRow }: ChangePlace,
  held: number,
): readonly ComparedCell[] {
  const cells: ComparedCell[] = []
  for (const { column, differs } of columns) {
    if (column.role === 'ignored' || (intent === 'remove' && column.role !== 'package')) continue
    if (column.role === 'email' && intent !== 'add' && intent !== 'rename') continue
    const isPaired = baselineRow >= 0 && (column.role !== 'package' || column.baseline !== null)
    if (isPaired && !differs(row, baselineRow)) continue
    const after = wantedOf(column, column.file.textOf(row))
    const before = baselineRow < 0 ? '' : presentText(column, baselineRow, held)
    if (after === null || after === before) continue
    if (intent !== 'add' && comparable(column, after) === comparable(column, before)) continue
    cells.push({ column, before, after })
  }
  return cells
}

/** A package column that the baseline has no one partner for is answered by the package that the user holds. */
function presentText(column: PairedColumn, baselineRow: RowId, held: number): string {
  if (column.baseline !== null) return heldText(column.baseline.textOf(baselineRow), column.isBoolean)
  return column.role === 'package' && column.package !== null && (held & packageBit(column.package)) !== 0 ? 'TRUE' : ''
}
