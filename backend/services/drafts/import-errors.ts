import { readErrorFile, type ImportErrorKind } from '../../../shared/core/control-hub/error-file.ts'
import { placeImportErrors } from '../../../shared/core/control-hub/failed-users.ts'
import type { Sheet } from '../../../shared/core/diff/paired-columns.ts'
import type { RowId } from '../../../shared/core/table/table.ts'
import type { ImportErrorLine } from '../../../shared/contract/import-methods.ts'
import type { ImportErrorSummary } from '../../../shared/contract/draft-methods.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { OpenedFile } from '../services.ts'
import type { Draft } from './draft.ts'
import { viewPlaces } from './view.ts'

/** What Control Hub said of a draft's users, kept beside the table. `row` -1: the draft does not have the user. */
export interface KeptImportErrors {
  readonly name: string
  readonly errors: readonly { readonly row: RowId; readonly email: string; readonly message: string; readonly kind: ImportErrorKind }[]
}

/** An error file's messages on the users of a sheet. */
export function importErrorsOf(file: OpenedFile, sheet: Sheet): Result<KeptImportErrors, AppError> {
  const { name } = file.facts
  const read = readErrorFile(file.table)
  // What a list of users has in every row is no message: the two files were named in the wrong order, for one.
  const isOfUsers = read.ok && file.columns.some(({ header, column }) => header === read.value.messageColumn && column !== null)
  if (!read.ok || isOfUsers) {
    const why = read.ok ? `“${read.value.messageColumn}” is a column of users` : read.error.detail
    const detail = `This is no list of errors: ${why}. In Control Hub open the task and export its errors to CSV.`
    return err({ code: 'file/unusable', name, reason: 'no-error-list', detail })
  }
  if (read.value.errors.length === 0)
    return err({ code: 'file/unusable', name, reason: 'empty', detail: 'The file names no user with a message.' })
  const errors = placeImportErrors(read.value.errors, sheet).map(({ place, email, message, kind }) => ({
    row: place ?? -1,
    email,
    message,
    kind,
  }))
  return ok({ name, errors })
}

export function importErrorSummary({ name, errors }: KeptImportErrors): ImportErrorSummary {
  const count = (isWanted: (error: KeptImportErrors['errors'][number]) => boolean): number => errors.filter(isWanted).length
  return {
    name,
    total: errors.length,
    notFound: count(({ row }) => row < 0),
    attributes: count(({ kind }) => kind === 'attributes-not-updated'),
    licence: count(({ kind }) => kind === 'licence-not-updated'),
  }
}

export function importErrorLines(draft: Draft, from: number, count: number): readonly ImportErrorLine[] {
  const places = viewPlaces(draft)
  const live = new Set(draft.table.rows)
  return (draft.kept.importErrors?.errors ?? []).slice(from, from + count).map(({ row, email, message, kind }) => {
    const isThere = row >= 0 && live.has(row)
    const viewRow = isThere ? (places[row] ?? -1) : -1
    return {
      rowId: isThere ? row : null,
      row: isThere ? draft.table.numberOf(row) : null,
      viewRow: viewRow < 0 ? null : viewRow,
      email,
      message,
      kind,
    }
  })
}

/** The rows that an error file named; of some kinds of error only. */
export function failedRows({ errors }: KeptImportErrors, isWanted: (kind: ImportErrorKind) => boolean = () => true): ReadonlySet<RowId> {
  return new Set(errors.flatMap(({ row, kind }) => (row >= 0 && isWanted(kind) ? [row] : [])))
}
