import type { AppError } from '../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { InputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { ok, type Result } from '../../../shared/kit/result.ts'
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
  const { table, kept, derived } = draft
  const name = kept.name.replace(/\.(csv|xlsx|xlsm|txt|tsv)$/iu, '') + endings[kind]
  const report = { table, facts: kept.source, findings: derived.findings, language }
  const made = await (() => {
    switch (kind) {
      case 'failed-rows-csv':
        return failedRowsCsv(report)
      case 'table-csv':
        return tableAsCsv(table, kept.source)
      case 'view-only-csv':
        return viewOnlyCsv(table, language)
      case 'summary-html':
        return ok(summaryBytes(pageOf(draft, language, world.clock.now())))
      case 'annotated-xlsx':
        return sheetsAsXlsx(world, name, annotatedSheets(report))
      case 'table-xlsx':
        return sheetsAsXlsx(world, name, [tableSheet(table, language)])
    }
  })()
  return made.ok ? ok(tickets.forBytes(name, made.value)) : made
}

function pageOf({ table, columns, kept, derived, customer, baseline }: Draft, language: Language, madeAt: string): SummaryPageFacts {
  const file = { facts: kept.source, table, columns }
  return filePage(file, derived.findings, derived.comparison, { language, madeAt, customer, baseline: baseline?.facts.name ?? null })
}
