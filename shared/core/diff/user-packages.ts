import type { PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { wantedText } from './cell-meaning.ts'
import { columnAt, firstPackage, packageBit, type PairedColumn, type Sheet } from './paired-columns.ts'

/** What the file says of each row's package, as sets of packages (bits). `spoken` are the packages that the file has a column for. */
export interface StatedPackages {
  readonly spoken: number
  readonly yes: Uint8Array
  /** Packages whose column says neither TRUE nor FALSE in this row. */
  readonly open: Uint8Array
  /** Reads place `i` of the rows anew, after an edit. */
  read(i: number): void
}

export function statedPackages(columns: readonly PairedColumn[], rows: Uint32Array): StatedPackages {
  const yes = new Uint8Array(rows.length)
  const open = new Uint8Array(rows.length)
  let spoken = 0
  const readers: { readonly bit: number; readonly textAt: (row: RowId) => string | null }[] = []
  for (const column of columns) {
    if (column.role !== 'package' || column.package === null) continue
    const bit = packageBit(column.package)
    spoken |= bit
    readers.push({ bit, textAt: wantedTexts(column.file, true) })
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
  for (let i = 0; i < rows.length; i++) read(i)
  return { spoken, yes, open, read }
}

/** By row id of the baseline: the packages that a user has, as bits. */
export function heldPackages(baseline: Sheet): Uint8Array {
  const held = new Uint8Array(baseline.table.rowLimit)
  for (const [name, indexes] of userColumns(baseline.columns).packages) {
    for (const index of indexes) {
      const textAt = wantedTexts(columnAt(baseline.table, index), true)
      for (const row of baseline.table.rows) if (textAt(row) === 'TRUE') held[row] = (held[row] ?? 0) | packageBit(name)
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
export function packageAfter(stated: StatedPackages, i: number, held: number): PackageName | null {
  const yes = stated.yes[i] ?? 0
  const no = stated.spoken & ~yes & ~(stated.open[i] ?? 0)
  if (yes === 0) return firstPackage(held & ~no)
  const news = yes & ~held
  return firstPackage(news === 0 ? yes : news)
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
