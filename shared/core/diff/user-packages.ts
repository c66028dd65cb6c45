import type { Steps } from '../../kit/steps.ts'
import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { wantedText } from './cell-meaning.ts'
import { columnAt, firstPackageIn, packageBit, type PairedColumn, type Sheet } from './paired-columns.ts'

/** What the file says of each row's package, as sets of packages (bits). `spoken` are the packages that the file has a column for. */
export interface StatedPackages {
  readonly spoken: number
  readonly yes: Uint8Array
  /** Packages whose column says neither TRUE nor FALSE in this row. */
  readonly open: Uint8Array
  /** Reads place `i` of the rows anew, after an edit. */
  read(i: number): void
}

/** `places`: those of `rows` that are read; of the others the packages are known only once `read` was asked. */
export function* statedPackages(columns: readonly PairedColumn[], rows: Uint32Array, places: Uint32Array): Steps<StatedPackages> {
  const yes = new Uint8Array(rows.length)
  const open = new Uint8Array(rows.length)
  let spoken = 0
  const readers: { readonly bit: number; readonly column: TableColumn; readonly textAt: (row: RowId) => string | null }[] = []
  for (const { bit, column } of packageColumns(columns)) {
    spoken |= bit
    readers.push({ bit, column: column.file, textAt: wantedTexts(column.file, true) })
  }
  const read = (i: number): void => {
    const row = rows[i]!
    let isYes = 0
    let isOpen = 0
    for (const { bit, textAt } of readers) {
      const text = textAt(row)
      if (text === 'TRUE') isYes |= bit
      else if (text !== 'FALSE') isOpen |= bit
    }
    yes[i] = isYes
    open[i] = isOpen
  }
  const stated = { spoken, yes, open, read }
  for (const { bit, column, textAt } of readers) {
    if (column instanceof StoredColumn && column.cells.kind === 'coded') {
      const said = Array.from({ length: column.codeCount }, (_, code) => wantedText(column.textOfCode(code), true))
      const yesBits = Uint8Array.from(said, (text) => (text === 'TRUE' ? bit : 0))
      const openBits = Uint8Array.from(said, (text) => (text === 'TRUE' || text === 'FALSE' ? 0 : bit))
      const { codes } = column.cells
      for (let from = 0; from < places.length; from += fewRows)
        addStated(stated, places.subarray(from, from + fewRows), rows, codes, yesBits, openBits)
    } else {
      for (let k = 0; k < places.length; k++) {
        const i = places[k]!
        const text = textAt(rows[i]!)
        if (text === 'TRUE') yes[i]! |= bit
        else if (text !== 'FALSE') open[i]! |= bit
      }
    }
    yield 0.5
  }
  return stated
}

/** Loops come back after so many rows: a function that is called often is compiled sooner than one that loops long. */
const fewRows = 4096

function addStated(
  { yes, open }: StatedPackages,
  places: Uint32Array,
  rows: Uint32Array,
  codes: Uint16Array | Uint32Array,
  yesBits: Uint8Array,
  openBits: Uint8Array,
): void {
  for (let k = 0; k < places.length; k++) {
    const i = places[k]!
    const code = codes[rows[i]!]!
    yes[i]! |= yesBits[code]!
    open[i]! |= openBits[code]!
  }
}

interface PackageColumn {
  readonly bit: number
  readonly column: PairedColumn
}

/** The columns of the file that say which package a user has. */
function packageColumns(columns: readonly PairedColumn[]): readonly PackageColumn[] {
  return columns.flatMap((column) =>
    column.role === 'package' && column.package !== null ? [{ bit: packageBit(column.package), column }] : [],
  )
}

/**
 * Whether what the file says of packages and what the baseline holds stands in the same columns, all with an index below `columnCount`: users
 * whose cells of these are the same then keep the packages they have.
 */
export function sharePackageColumns(columns: readonly PairedColumn[], baseline: Sheet, columnCount: number): boolean {
  const stated = packageColumns(columns).map(({ bit, column }) => `${String(column.index)} ${String(bit)}`)
  const held = [...userColumns(baseline.columns).packages].flatMap(([name, indexes]) =>
    indexes.map((index) => `${String(index)} ${String(packageBit(name))}`),
  )
  const isCovered = packageColumns(columns).every(({ column }) => column.index < columnCount)
  return isCovered && stated.length === held.length && new Set([...stated, ...held]).size === stated.length
}

/** By row id of the baseline: the packages that a user has, as bits. */
export function* heldPackages(baseline: Sheet): Steps<Uint8Array> {
  const held = new Uint8Array(baseline.table.rowLimit)
  const { rows } = baseline.table
  const coded: { readonly codes: Uint16Array | Uint32Array; readonly bits: Uint8Array }[] = []
  for (const [name, indexes] of userColumns(baseline.columns).packages) {
    for (const index of indexes) {
      const column = columnAt(baseline.table, index)
      const bit = packageBit(name)
      if (column instanceof StoredColumn && column.cells.kind === 'coded') {
        const bits = Uint8Array.from({ length: column.codeCount }, (_, code) =>
          wantedText(column.textOfCode(code), true) === 'TRUE' ? bit : 0,
        )
        coded.push({ codes: column.cells.codes, bits })
      } else {
        for (let i = 0; i < rows.length; i++) if (wantedText(column.textOf(rows[i]!), true) === 'TRUE') held[rows[i]!]! |= bit
        yield 0.5
      }
    }
  }
  // All columns of some rows: what they hold stays near the processor meanwhile.
  for (let from = 0; from < rows.length; from += fewRows) {
    const some = rows.subarray(from, from + fewRows)
    for (const { codes, bits } of coded) addHeld(held, some, codes, bits)
    if (from % (16 * fewRows) === 0) yield from / rows.length
  }
  return held
}

function addHeld(held: Uint8Array, rows: Uint32Array, codes: Uint16Array | Uint32Array, bits: Uint8Array): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    held[row]! |= bits[codes[row]!]!
  }
}

/** How many of some users hold each set of packages: by the bits of the set. */
export function countHeld(held: Uint8Array, users: Uint32Array): Int32Array {
  const counts = new Int32Array(1 << packageNames.length)
  for (let from = 0; from < users.length; from += fewRows) addCounts(counts, held, users.subarray(from, from + fewRows))
  return counts
}

function addCounts(counts: Int32Array, held: Uint8Array, users: Uint32Array): void {
  for (let i = 0; i < users.length; i++) counts[held[users[i]!]!]!++
}

/** Where the baseline has no package column, what the user holds is not known: FALSE everywhere is then a removal too. */
export function isRemoval(stated: StatedPackages, i: number, held: number, heldIsKnown: boolean): boolean {
  const everyColumnFalse = stated.spoken !== 0 && stated.yes[i] === 0 && stated.open[i] === 0
  return everyColumnFalse && (heldIsKnown ? held !== 0 && (held & ~stated.spoken) === 0 : true)
}

/** The one package a user has afterwards. Several TRUE cells are an error of the draft; then the first that is news is shown. */
export const packageAfter = (stated: StatedPackages, i: number, held: number): PackageName | null =>
  packageNames[packageIndexAfter(stated, i, held)] ?? null

/** The same as a place among `packageNames`, `noPackage` for none. */
export function packageIndexAfter({ spoken, yes: allYes, open }: StatedPackages, i: number, held: number): number {
  const yes = allYes[i]!
  if (yes === 0) return firstPackageIn[held & ~(spoken & ~open[i]!)]!
  const news = yes & ~held
  return firstPackageIn[news === 0 ? yes : news]!
}

/** `textOf` that reads each distinct text of a coded column once; codes may come later. */
function wantedTexts(column: TableColumn, isBoolean: boolean): (row: RowId) => string | null {
  if (!column.coded) return (row) => wantedText(column.textOf(row), isBoolean)
  const texts: (string | null | undefined)[] = Array.from({ length: column.codeCount })
  return (row) => {
    const code = column.codeOf(row)
    const known = texts[code]
    return known === undefined ? (texts[code] = wantedText(column.textOfCode(code), isBoolean)) : known
  }
}
