import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import { recogniseColumns, scoreHeader } from '../../../shared/core/catalogue/recognise.ts'
import { readCsv, type ReadCsv } from '../../../shared/core/csv/read-csv.ts'

export interface Opened extends ReadCsv {
  readonly columns: readonly RecognisedColumn[]
}

/** A file as the backend opens it: read, made a table, its columns recognised. */
export function open(file: string): Opened {
  const read = readCsv(readFileSync(file), { name: path.basename(file), scoreHeader, isUtf8 })
  if (!read.ok) throw new Error(read.error.detail)
  return { ...read.value, columns: recogniseColumns(read.value.table.columns.map(({ header }) => header)) }
}
