import { CellFlag, type RowId, type Table, type TableColumn } from '../table/table.ts'

/** Changed cells by column, then by row. */
export type CellChanges = ReadonlyMap<number, ReadonlyMap<RowId, string>>

/** A table with some cells replaced, for looking at what a plan would lead to. The table below is left as it is. */
export function overlayTable(table: Table, changes: CellChanges, headers: ReadonlyMap<number, string>): Table {
  const columns = table.columns.map((column, index) => {
    const cells = changes.get(index)
    const header = headers.get(index)
    return cells === undefined && header === undefined ? column : overlayColumn(column, cells ?? new Map(), header ?? column.header)
  })
  const { live, rows, rowLimit, ragged } = table
  return { columns, live, rows, rowLimit, ragged, numberOf: (row) => table.numberOf(row) }
}

function overlayColumn(column: TableColumn, cells: ReadonlyMap<RowId, string>, header: string): TableColumn {
  const texts: string[] = []
  const codes = new Map<string, number>()
  if (column.coded) {
    for (let code = 0; code < column.codeCount; code++) codes.set(column.textOfCode(code), code)
    for (const text of cells.values()) {
      if (codes.has(text)) continue
      codes.set(text, column.codeCount + texts.length)
      texts.push(text)
    }
  }
  return {
    header,
    coded: column.coded,
    codeCount: column.coded ? column.codeCount + texts.length : 0,
    codeOf(row) {
      const text = cells.get(row)
      return text === undefined ? column.codeOf(row) : (codes.get(text) ?? -1)
    },
    textOfCode: (code) => (code < column.codeCount ? column.textOfCode(code) : (texts[code - column.codeCount] ?? '')),
    textOf: (row) => cells.get(row) ?? column.textOf(row),
    isEmpty(row) {
      const text = cells.get(row)
      return text === undefined ? column.isEmpty(row) : text === ''
    },
    flagsOf(row) {
      const text = cells.get(row)
      return text === undefined ? column.flagsOf(row) : flagsOfText(text)
    },
  }
}

function flagsOfText(text: string): number {
  let flags = 0
  if (/\P{ASCII}/u.test(text)) flags |= CellFlag.beyondAscii
  if (/[^\p{ASCII}\u00c0-\u00ff]/u.test(text)) flags |= CellFlag.beyondLatin

  if (/[\u0000-\u001f\u007f]/.test(text)) flags |= CellFlag.control
  if (/^[ \t]|[ \t]$/.test(text)) flags |= CellFlag.edgeSpace
  if (/^[=+\-@\t\r]/.test(text)) flags |= CellFlag.formulaStart
  if (text.includes(' ')) flags |= CellFlag.space
  if (text.includes('?')) flags |= CellFlag.questionMark
  return flags
}
