import type { Table } from '../table/table.ts'
import type { EditableTable } from '../table/editable-table.ts'
import { tableBuilder } from '../table/table-from-rows.ts'

/**
 * The header of the first column of a copy that is made to be looked at in a spreadsheet. Control Hub refuses a file with it as an
 * unknown column, Roster by name: the marks in its cells would go into the users.
 */
export const viewOnlyMark = 'VIEW ONLY - not for import'

export const isViewOnly = (headers: readonly string[]): boolean => headers.some((header) => header.trim() === viewOnlyMark)

/** What a spreadsheet would run (OWASP, CSV injection: full-width signs too), or show as another number than it is. */
const runs = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
const loses = /^(0\d|\d{12,}$)/

/** The cell with an apostrophe before it where a spreadsheet would make something else of it. */
export const viewOnlyText = (text: string): string => (runs.test(text) || loses.test(text) ? `'${text}` : text)

/** A copy for the eyes: the row numbers of the file under the mark, and cells that no spreadsheet runs or rounds. */
export function viewOnlyTable(table: Table): EditableTable {
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  const builder = tableBuilder([viewOnlyMark, ...columns.map(({ header }) => viewOnlyText(header))], table.rows.length)
  for (const row of table.rows) {
    const number = table.numberOf(row)
    builder.add([String(number), ...columns.map((column) => viewOnlyText(column.textOf(row)))], number)
  }
  return builder.finish()
}
