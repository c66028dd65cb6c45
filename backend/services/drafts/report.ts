import type { AppError } from '../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { InputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { SheetToWrite } from '../../ports/workbook-writer.ts'
import { summaryBytes } from '../files/summary.ts'
import { filePage } from '../files/file-page.ts'
import { annotatedSheets, failedRowsCsv, sheetsAsXlsx, tableAsCsv, tableSheet, viewOnlyCsv } from '../files/write-table.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import type { SummaryPageFacts } from '../../../shared/core/report/summary-page.ts'
import type { Language } from '../../../shared/kit/language.ts'
import type { Draft } from './draft.ts'

const endings = {
  'failed-rows-csv': '-failed.csv',
  'annotated-xlsx': '-findings.xlsx',
  'table-csv': '.csv',
  'table-xlsx': '.xlsx',
  'view-only-csv': '-view-only.csv',
  'summary-html': '-summary.html',
} as const

/** A draft as a file to save. */
export async function reportOf(
  world: World,
  tickets: Tickets,
  draft: Draft,
  { kind, language }: Omit<InputOf<Methods['drafts.report']>, 'draftId'>,
): Promise<Result<FileTicket, AppError>> {
  const { table, columns, kept } = draft
  const name = kept.name.replace(/\.(csv|xlsx|xlsm|txt|tsv)$/iu, '') + endings[kind]
  const report = () => ({ table, columns, facts: draft.kept.source, findings: draft.derived.findings, language })
  const made = await (() => {
    switch (kind) {
      case 'failed-rows-csv':
        return failedRowsCsv(report())
      case 'table-csv':
        return tableAsCsv(table, kept.source)
      case 'view-only-csv':
        return viewOnlyCsv(table, language)
      case 'summary-html':
        return ok(summaryBytes(pageOf(draft, language, world.clock.now())))
      case 'annotated-xlsx':
        return unmixedXlsx(world, name, draft, () => annotatedSheets(report()))
      case 'table-xlsx':
        return unmixedXlsx(world, name, draft, () => [tableSheet(table, language)])
    }
  })()
  return made.ok ? ok(tickets.forBytes(name, made.value)) : made
}

/** A workbook is begun anew so often when the draft is edited under it. */
const attempts = 5

/**
 * A workbook of one state of a draft. Its rows are read from the live table while those before are packed, and edits come in between:
 * after one the rest is not read, and the workbook is made anew. Who edits without a break is told.
 */
async function unmixedXlsx(
  world: World,
  name: string,
  { file }: Draft,
  sheetsOf: () => readonly SheetToWrite[],
): ReturnType<typeof sheetsAsXlsx> {
  const expected = file.lastEntry
  for (let attempt = 0; attempt < attempts; attempt++) {
    const state = file.lastEntry
    const isStill = (): boolean => file.lastEntry === state
    const sheets = sheetsOf().map((sheet): SheetToWrite => ({ ...sheet, rows: rowsWhile(sheet.rows, isStill) }))
    const written = await sheetsAsXlsx(world, name, sheets)
    if (isStill()) return written
  }
  return err({ code: 'draft/stale-revision', expected, actual: file.lastEntry })
}

function* rowsWhile<T>(rows: Iterable<T>, isStill: () => boolean): Generator<T> {
  if (!isStill()) return
  for (const row of rows) {
    yield row
    if (!isStill()) return
  }
}

function pageOf({ table, columns, kept, derived, customer, baseline }: Draft, language: Language, madeAt: string): SummaryPageFacts {
  const file = { facts: kept.source, table, columns }
  return filePage(file, derived.findings, derived.comparison, { language, madeAt, customer, baseline: baseline?.facts.name ?? null })
}
