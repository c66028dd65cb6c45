import type { DraftEdit } from '../../../../shared/contract/draft-methods.ts'
import type { PackageName } from '../../../../shared/core/catalogue/packages.ts'
import type { TextBlock } from '../../grid/clipboard.ts'
import { packageNamed } from './draft-row.ts'
import { isPackageColumn, type ShownColumn } from './shown-column.ts'

/** A block in terms of the table's columns. Null cells are left as they are. */
export interface TableBlock {
  readonly columns: readonly number[]
  readonly texts: readonly (readonly (string | null)[])[]
  /** Texts in the package field that name no package: passed over. */
  readonly unknownPackages: number
}

/**
 * The package as one field becomes its columns: TRUE in one, FALSE in the others. Where the block brings a package column itself,
 * that one is taken and the field is passed over.
 */
export function tableBlock(block: TextBlock, shown: readonly ShownColumn[], all: readonly ShownColumn[]): TableBlock {
  const packages = all.flatMap(({ draft }) => (draft?.package ? [{ index: draft.index, name: draft.package }] : []))
  const bringsColumns = shown.some(({ draft }) => draft?.package)
  const offered = packages.map(({ name }) => name)
  const columns = shown.flatMap((column) => (column.draft ? [column.draft.index] : bringsColumns ? [] : packages.map(({ index }) => index)))
  let unknownPackages = 0
  const texts = block.map((row) =>
    shown.flatMap((column, i): (string | null)[] => {
      const text = row[i] ?? ''
      if (!isPackageColumn(column)) return [text]
      if (bringsColumns) return []
      const name = packageNamed(text, offered)
      if (name === null && text.trim() !== '') unknownPackages++
      return packages.map((each) => (name === null ? null : packageCell(each.name, name)))
    }),
  )
  return { columns, texts, unknownPackages }
}

const packageCell = (column: PackageName, name: PackageName): 'TRUE' | 'FALSE' => (column === name ? 'TRUE' : 'FALSE')

/** The edit that puts a table block onto rows (ids, in order), repeated downwards, `newRows` more added at the end; null: nothing to put. */
export function blockEdit(block: TableBlock, rows: readonly number[], newRows: number, exceptBlank: boolean): DraftEdit | null {
  const { columns, texts } = block
  if (columns.length === 0 || texts.every((row) => row.every((text) => text === null))) return null
  return {
    kind: 'paste',
    rows: [...rows],
    columns: [...columns],
    texts: texts.map((row) => [...row]),
    ...(exceptBlank ? { exceptBlank } : {}),
    ...(newRows > 0 ? { grow: true } : {}),
  }
}
