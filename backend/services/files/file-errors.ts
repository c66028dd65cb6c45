import { reassignPair, rowsOnly } from '../../../shared/core/control-hub/failed-users.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { ok, type Result } from '../../../shared/kit/result.ts'
import { failedRows, importErrorsOf } from '../drafts/import-errors.ts'
import type { FileErrors, OpenedFile } from '../services.ts'
import { recogniseTable } from './read-table.ts'

/** Control Hub's error file on the users of a file, and the files that follow from it. */
export function fileErrors(file: OpenedFile, errorFile: OpenedFile, baseline?: OpenedFile): Result<FileErrors, AppError> {
  const kept = importErrorsOf(errorFile, file)
  if (!kept.ok) return kept
  const failed = failedRows(kept.value)
  const repairable = failedRows(kept.value, (kind) => kind !== 'other')
  const made = (table: EditableTable, name: string): OpenedFile => ({
    table,
    columns: recogniseTable(table, undefined),
    facts: {
      name,
      format: 'csv',
      encoding: 'utf-8',
      delimiter: ',',
      bom: false,
      lineEnding: 'crlf',
      headerRow: 1,
      emptyLines: 0,
      notices: [],
    },
  })
  const pair = repairable.size === 0 ? null : reassignPair(file, baseline ?? null, (row) => repairable.has(row))
  return ok({
    errors: kept.value.errors.map(({ row, email, message, kind }) => ({
      email,
      row: row < 0 ? null : file.table.numberOf(row),
      message,
      kind,
    })),
    failed: made(rowsOnly(file.table, (row) => failed.has(row)), file.facts.name), // prettier-ignore
    reassign:
      pair === null
        ? null
        : {
            unassign: made(pair.unassign, 'unassign.csv'),
            assign: made(pair.assign, 'assign.csv'),
            withoutPackage: pair.withoutPackage,
          },
  })
}
