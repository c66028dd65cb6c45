import { viewOnlyTable } from '../../../shared/core/control-hub/view-only.ts'
import { controlHubDialect, writeCsv, type WriteCsvOptions } from '../../../shared/core/csv/write-csv.ts'
import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import { pageWords } from '../../../shared/core/report/page-words.ts'
import type { SourceFacts } from '../../../shared/core/csv/source-facts.ts'
import type { Findings } from '../../../shared/core/rules/finding.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import { tableBuilder } from '../../../shared/core/table/table-from-rows.ts'
import type { RowId } from '../../../shared/core/table/table.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Language } from '../../../shared/kit/language.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { findingReasonHeaders } from '../../../shared/core/catalogue/columns.ts'
import type { ByteSink, FindingStyle, SheetToWrite } from '../../ports/workbook-writer.ts'
import { workbookWriteError } from '../problems.ts'
import type { World } from '../world.ts'
import { userOfRow } from './user-of-row.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The table as a CSV file: in the dialect it was read in, Control Hub's for one that came from a workbook. */
export function tableAsCsv(
  table: EditableTable,
  facts: SourceFacts,
  options: Omit<WriteCsvOptions, 'dialect'> = {},
): Result<Bytes, AppError> {
  const { encoding, delimiter, bom, lineEnding } = facts
  const dialect = facts.format === 'xlsx' ? controlHubDialect : { encoding, delimiter, bom, lineEnding }
  const written = writeCsv(table, { ...options, dialect })
  if (written.ok) return ok(new Uint8Array(Buffer.concat([...written.value])))
  // A letter that the file's own code page lacks: UTF-8 with a mark is what spreadsheets read as well.
  const unicode = writeCsv(table, { ...options, dialect: { ...dialect, encoding: 'utf-8', bom: true } })
  return unicode.ok
    ? ok(new Uint8Array(Buffer.concat([...unicode.value])))
    : err({ code: 'file/not-writable', path: facts.name, detail: unicode.error.detail })
}

/** A copy to be looked at in a spreadsheet: with a mark that Roster's own import refuses, and in the form that such a program opens by itself. */
export function viewOnlyCsv(table: EditableTable, language: Language): Result<Bytes, AppError> {
  const delimiter = language === 'en' ? ',' : ';'
  const written = writeCsv(viewOnlyTable(table), { dialect: { encoding: 'utf-8', bom: true, delimiter, lineEnding: 'crlf' } })
  return written.ok
    ? ok(new Uint8Array(Buffer.concat([...written.value])))
    : err({ code: 'file/not-writable', path: '', detail: written.error.detail })
}

/** A workbook in memory. Every cell is text. */
export async function sheetsAsXlsx(
  { workbookWriter }: World,
  name: string,
  sheets: readonly SheetToWrite[],
): Promise<Result<Bytes, AppError>> {
  const pieces: Uint8Array[] = []
  const sink: ByteSink = {
    async write(bytes) {
      pieces.push(bytes.slice())
    },
  }
  const written = await workbookWriter.write(sink, sheets)
  return written.ok ? ok(new Uint8Array(Buffer.concat(pieces))) : err(workbookWriteError(name, written.error))
}

/** What a row has beyond the header stands beyond it in the sheet, too. */
export function tableSheet(table: EditableTable, language: Language): SheetToWrite {
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  return {
    name: words[language].users,
    header: columns.map(({ header }) => header),
    rows: eachRow(table.rows, (row) =>
      withSurplus(
        table,
        row,
        columns.map((column) => column.textOf(row)),
      ),
    ),
  }
}

function withSurplus(table: EditableTable, row: RowId, texts: readonly string[]): readonly string[] {
  const surplus = table.ragged.get(row)?.surplus ?? []
  return surplus.length === 0 ? texts : [...texts, ...surplus]
}

const words: Readonly<
  Record<Language, { readonly users: string; readonly findings: string; readonly what: string; readonly list: readonly string[] }>
> = {
  en: {
    users: 'Users',
    findings: 'Findings',
    what: findingReasonHeaders.en,
    list: ['Row', 'User', 'Column', 'Value', 'Severity', 'Rule', 'Message', 'Suggestion'],
  },
  nb: {
    users: 'Brukere',
    findings: 'Funn',
    what: findingReasonHeaders.nb,
    list: ['Rad', 'Bruker', 'Kolonne', 'Verdi', 'Alvor', 'Regel', 'Melding', 'Forslag'],
  },
  da: {
    users: 'Brugere',
    findings: 'Fund',
    what: findingReasonHeaders.da,
    list: ['Række', 'Bruger', 'Kolonne', 'Værdi', 'Alvor', 'Regel', 'Besked', 'Forslag'],
  },
}

interface Report {
  readonly table: EditableTable
  readonly columns: readonly RecognisedColumn[]
  readonly facts: SourceFacts
  readonly findings: Findings
  readonly language: Language
}

/** Why each row with an error or a warning cannot stay as it is, in the order of the table. */
function reasonsOf({ findings, language }: Pick<Report, 'findings' | 'language'>): ReadonlyMap<RowId, readonly string[]> {
  const reasons = new Map<RowId, string[]>()
  for (let index = 0; index < findings.count; index++) {
    const { row, severity } = findings.placeOf(index)
    if (row < 0 || severity === 'info') continue
    const { column, message } = findings.describe(index, language)
    const known = reasons.get(row)
    const reason = column === null ? message : `${column}: ${message}`
    if (known === undefined) reasons.set(row, [reason])
    else known.push(reason)
  }
  return reasons
}

/** The rows with an error or a warning, as they stand, and why in a column of its own: to be corrected and read in again. */
export function failedRowsCsv({ table, facts, findings, language }: Report): Result<Bytes, AppError> {
  const reasons = reasonsOf({ findings, language })
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  const builder = tableBuilder([...columns.map(({ header }) => header), words[language].what], reasons.size)
  for (const row of table.rows) {
    const why = reasons.get(row)
    if (why !== undefined)
      builder.add(withSurplus(table, row, [...columns.map((column) => column.textOf(row)), why.join(' | ')]), table.numberOf(row))
  }
  return tableAsCsv(builder.finish(), facts)
}

/** The failed rows with their reasons, each cell painted by its worst finding, and a sheet with every finding of the file. */
export function annotatedSheets({ table, columns: recognised, findings, language }: Report): readonly SheetToWrite[] {
  const reasons = reasonsOf({ findings, language })
  const failed = table.rows.filter((row) => reasons.has(row))
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  const width = columns.length + 1
  const placeOfColumn = new Map(table.live.map((index, place) => [index, place]))
  const placeOfRow = new Map<RowId, number>()
  failed.forEach((row, place) => placeOfRow.set(row, place))
  const styles = new Map<number, FindingStyle>()
  for (let index = 0; index < findings.count; index++) {
    const { row, column, severity } = findings.placeOf(index)
    const place = placeOfRow.get(row)
    if (place === undefined) continue
    // A finding on the whole row paints its first cell.
    const key = place * width + (placeOfColumn.get(column) ?? 0)
    const present = styles.get(key)
    if (present === undefined || weight[severity] > weight[present]) styles.set(key, severity)
  }
  const { users, what, findings: listName, list } = words[language]
  const userOf = userOfRow(table, recognised)
  return [
    {
      name: users,
      header: [...columns.map(({ header }) => header), what],
      rows: eachRow(failed, (row) =>
        withSurplus(table, row, [...columns.map((column) => column.textOf(row)), (reasons.get(row) ?? []).join('\n')]),
      ),
      styleOf: (row, column) => (column < width ? styles.get(row * width + column) : undefined),
    },
    {
      name: listName,
      header: list,
      rows: eachRow(
        Array.from({ length: findings.count }, (_, index) => index),
        (index) => {
          const { row, column, value, severity, rule, message, fix } = findings.describe(index, language)
          const at = findings.placeOf(index).row
          const place = [row === null ? '' : String(row), at < 0 ? '' : userOf(at), column ?? '']
          return [...place, value ?? '', pageWords[language].severity[severity], rule, message, fix?.value ?? '']
        },
      ),
    },
  ]
}

const weight: Readonly<Record<FindingStyle, number>> = { info: 1, warning: 2, error: 3 }

export function* eachRow<T>(items: Iterable<T>, cells: (item: T) => readonly string[]): Generator<readonly string[]> {
  for (const item of items) yield cells(item)
}
