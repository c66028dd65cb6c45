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

/** The edits that put a table block onto rows (ids, in order), repeated downwards, `newRows` more added at the end. Almost always one. */
export function blockEdits(
  block: TableBlock,
  rows: readonly number[],
  newRows: number,
  exceptBlank: boolean,
  tableColumns: number,
): readonly DraftEdit[] {
  if (block.columns.length === 0 || block.texts.length === 0) return []
  const isWhole = block.texts.every((row) => row.every((text) => text !== null))
  if (isWhole) {
    const texts = block.texts.map((row) => [...row])
    return [
      {
        kind: 'paste',
        rows: [...rows],
        columns: [...block.columns],
        texts,
        ...(exceptBlank ? { exceptBlank } : {}),
        ...(newRows > 0 ? { grow: true } : {}),
      },
    ]
  }
  const cells = rows.flatMap((row, i) =>
    (block.texts[i % block.texts.length] ?? []).flatMap((text, c) =>
      text === null || (exceptBlank && text.trim() === '') ? [] : [{ row, column: block.columns[c] ?? 0, text }],
    ),
  )
  const added = Array.from({ length: newRows }, (_, i) => {
    const texts = Array.from({ length: tableColumns }, () => '')
    block.columns.forEach((column, c) => (texts[column] = block.texts[(rows.length + i) % block.texts.length]?.[c] ?? ''))
    return texts
  })
  const edits: DraftEdit[] = []
  if (cells.length > 0) edits.push({ kind: 'set-cells', cells })
  if (added.length > 0) edits.push({ kind: 'insert-rows', before: null, rows: added })
  return edits
}
