import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { columnAt } from '../../../shared/core/diff/paired-columns.ts'
import type { RowId, Table } from '../../../shared/core/table/table.ts'

/** Whom a row is about: its email, '' where the table has none. A row number alone says nothing without the file. */
export function userOfRow(table: Table, columns: readonly RecognisedColumn[]): (row: RowId) => string {
  const { email } = userColumns(columns)
  if (email < 0) return () => ''
  const emails = columnAt(table, email)
  return (row) => emails.textOf(row)
}
