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

export function* statedPackages(columns: readonly PairedColumn[], rows: Uint32Array): Steps<StatedPackages> {
  const yes = new Uint8Array(rows.length)
  const open = new Uint8Array(rows.length)
  let spoken = 0
  const readers: { readonly bit: number; readonly column: TableColumn; readonly textAt: (row: RowId) => string | null }[] = []
  for (const column of columns) {
    if (column.role !== 'package' || column.package === null) continue
    const bit = packageBit(column.package)
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
  for (const { bit, column, textAt } of readers) {
    if (column instanceof StoredColumn && column.cells.kind === 'coded') {
      const said = Array.from({ length: column.codeCount }, (_, code) => wantedText(column.textOfCode(code), true))
      const yesBits = Uint8Array.from(said, (text) => (text === 'TRUE' ? bit : 0))
      const openBits = Uint8Array.from(said, (text) => (text === 'TRUE' || text === 'FALSE' ? 0 : bit))
      const { codes } = column.cells
      for (let i = 0; i < rows.length; i++) {
        const code = codes[rows[i]!]!
        yes[i]! |= yesBits[code]!
        open[i]! |= openBits[code]!
      }
    } else {
      for (let i = 0; i < rows.length; i++) {
        const text = textAt(rows[i]!)
        if (text === 'TRUE') yes[i]! |= bit
        else if (text !== 'FALSE') open[i]! |= bit
      }
    }
    yield 0.5
  }
  return { spoken, yes, open, read }
}

/** By row id of the baseline: the packages that a user has, as bits. */
export function* heldPackages(baseline: Sheet): Steps<Uint8Array> {
  const held = new Uint8Array(baseline.table.rowLimit)
  const { rows } = baseline.table
  for (const [name, indexes] of userColumns(baseline.columns).packages) {
    for (const index of indexes) {
      const column = columnAt(baseline.table, index)
      const bit = packageBit(name)
      if (column instanceof StoredColumn && column.cells.kind === 'coded') {
        const { codes } = column.cells
        const bits = Uint8Array.from({ length: column.codeCount }, (_, code) =>
          wantedText(column.textOfCode(code), true) === 'TRUE' ? bit : 0,
        )
        for (let i = 0; i < rows.length; i++) held[rows[i]!]! |= bits[codes[rows[i]!]!]!
      } else {
        for (let i = 0; i < rows.length; i++) if (wantedText(column.textOf(rows[i]!), true) === 'TRUE') held[rows[i]!]! |= bit
      }
      yield 0.5
    }
  }
  return held
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
