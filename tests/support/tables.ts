import type { CsvProblem } from '../../shared/core/csv/csv-problem.ts'
import { readCsv } from '../../shared/core/csv/read-csv.ts'
import type { ReadCsv, ReadCsvOptions } from '../../shared/core/csv/read-csv.ts'
import { writeCsv } from '../../shared/core/csv/write-csv.ts'
import type { WriteCsvOptions } from '../../shared/core/csv/write-csv.ts'
import type { EditableTable } from '../../shared/core/table/editable-table.ts'
import type { Table } from '../../shared/core/table/table.ts'

/** Texts are UTF-8, numbers are bytes as they are. */
export function bytesOf(...parts: readonly (string | number)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.of(part)))))
}

export const headerOf = (table: Table): string[] => table.live.map((index) => table.columns[index]!.header)

/** What a person sees: the texts of the rows that stand, column by column. */
export const cellsOf = (table: Table): string[][] =>
  Array.from(table.rows, (row) => table.live.map((index) => table.columns[index]!.textOf(row)))

export const numbersOf = (table: Table): number[] => Array.from(table.rows, (row) => table.numberOf(row))

export function readOk(input: string | Uint8Array, options: Partial<ReadCsvOptions> = {}): ReadCsv {
  const result = readCsv(typeof input === 'string' ? bytesOf(input) : input, { name: 'users.csv', ...options })
  if (!result.ok) throw new Error(`unreadable: ${JSON.stringify(result.error)}`)
  return result.value
}

export function readProblem(input: string | Uint8Array, options: Partial<ReadCsvOptions> = {}): CsvProblem {
  const result = readCsv(typeof input === 'string' ? bytesOf(input) : input, { name: 'users.csv', ...options })
  if (result.ok) throw new Error(`was read: ${JSON.stringify(cellsOf(result.value.table).slice(0, 5))}`)
  return result.error
}

export function written(table: EditableTable, options: WriteCsvOptions): Uint8Array {
  const result = writeCsv(table, options)
  if (!result.ok) throw new Error(result.error.detail)
  return new Uint8Array(Buffer.concat([...result.value]))
}
