import { encodeUtf8 } from '../../kit/text.ts'
import { ColumnBuilder } from './column-builder.ts'
import { EditableTable } from './editable-table.ts'
import type { RaggedRow, RowId } from './table.ts'
import { TextStore } from './text-store.ts'

/** Builds a table from cells that come as texts: a workbook, pasted rows, a test. */
export interface TableBuilder {
  /** Adds a row. Missing cells read as '', surplus ones are kept beside the row. `number` is the spreadsheet's. */
  add(cells: readonly string[], number: number): void
  finish(): EditableTable
}

export function tableBuilder(header: readonly string[], expectedRows = 1024): TableBuilder {
  const store = new TextStore(new Uint8Array(0))
  const builders = header.map(() => new ColumnBuilder(store, expectedRows))
  const numbers: number[] = []
  const ragged: [RowId, RaggedRow][] = []
  return {
    add(cells, number) {
      const row = numbers.push(number) - 1
      builders.forEach((builder, column) => {
        const bytes = encodeUtf8(cells[column] ?? '')
        builder.put(row, bytes, 0, bytes.length, -1)
      })
      if (cells.length !== header.length) ragged.push([row, { cellCount: cells.length, surplus: cells.slice(header.length) }])
    },
    finish() {
      const columns = builders.map((builder, column) => builder.finish(header[column]!, numbers.length))
      const follows = numbers.every((number, row) => number === numbers[0]! + row)
      return new EditableTable({
        store,
        columns,
        fileRows: numbers.length,
        numbers: follows ? null : Uint32Array.from(numbers),
        firstNumber: numbers[0] ?? 2,
        ragged,
        source: null,
      })
    },
  }
}

/** A table whose header is row 1 and whose first row is 2. */
export function tableFromRows(header: readonly string[], rows: readonly (readonly string[])[]): EditableTable {
  const builder = tableBuilder(header, rows.length)
  rows.forEach((cells, index) => {
    builder.add(cells, index + 2)
  })
  return builder.finish()
}
