import { applyDelta } from '../../../shared/core/table/apply-delta.ts'
import { planEdit } from '../../../shared/core/edits/plan-edit.ts'
import { damageOf, repairableRules } from '../../../shared/core/rules/damage.ts'
import { checkTable, type CheckedFindings } from '../../../shared/core/rules/check-table.ts'
import type { Findings } from '../../../shared/core/rules/finding.ts'
import type { Language } from '../../../shared/kit/language.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Result } from '../../../shared/kit/result.ts'
import { err, ok } from '../../../shared/kit/result.ts'
import { compareSheets, makeExport, writeExport } from '../batches/exports.ts'
import { editOfFixes, safeFixIndexes } from '../fixes.ts'
import { fileError, workbookWriteError } from '../problems.ts'
import type { CheckContext, FilesService, OpenedFile, WriteOptions } from '../services.ts'
import type { SettingsService } from '../settings.ts'
import type { World } from '../world.ts'
import { usersPerPackage } from './package-users.ts'
import { readTable, recogniseTable } from './read-table.ts'
import { fileErrors } from './file-errors.ts'
import { filePage } from './file-page.ts'
import { summaryBytes } from './summary.ts'
import { annotatedSheets, failedRowsCsv, tableAsCsv, tableSheet, viewOnlyCsv } from './write-table.ts'
import type { SheetToWrite } from '../../ports/workbook-writer.ts'

/** A repair may uncover the next; more rounds than this would be two rules that undo each other. */
const mostFixRounds = 6

export function createFiles(world: World, settings: SettingsService): FilesService {
  const check = (file: OpenedFile, context: CheckContext = {}): CheckedFindings => {
    const { baseline, customer, rules, confirmedRemovals, isFromStore = false } = context
    return checkTable({
      ...file,
      ...(baseline === undefined ? {} : { baseline: { ...baseline, kind: isFromStore ? 'store' : 'export' } }),
      ...(confirmedRemovals === undefined ? {} : { confirmedRemovals }),
      ...(customer === undefined ? {} : { customer }),
      ...(rules === undefined ? {} : { rulePattern: rules }),
    })
  }

  const damage: FilesService['damage'] = (file, context = {}) =>
    damageOf(file.facts, file.table, check(file, { ...context, rules: repairableRules.join(',') }))

  async function writeSheets(path: string, sheets: readonly SheetToWrite[], options: WriteOptions): Promise<Result<null, AppError>> {
    const written = await world.files.writeThrough(path, options, async (temporary) => {
      const made = await world.workbookWriter.write(temporary, sheets)
      return made.ok ? ok(null) : err(workbookWriteError(path, made.error))
    })
    if (written.ok) return written
    return err('kind' in written.error ? fileError(written.error) : written.error)
  }

  async function writeBytes(path: string, bytes: Uint8Array, options: WriteOptions = {}): Promise<Result<null, AppError>> {
    const written = await world.files.write(path, bytes, options)
    return written.ok ? written : err(fileError(written.error))
  }

  async function writePage(
    file: OpenedFile,
    findings: Findings | null,
    path: string,
    { language, held, ...options }: WriteOptions & { readonly language: Language; readonly held: CheckContext },
  ): Promise<Result<null, AppError>> {
    const changes = held.baseline === undefined ? null : compareSheets(file, held.baseline, held.customer)
    const facts = {
      language,
      madeAt: world.clock.now(),
      customer: held.customer ?? null,
      baseline: held.baseline?.facts.name ?? null,
    }
    return writeBytes(path, summaryBytes(filePage(file, findings, changes, facts)), options)
  }

  return {
    open: (source, options) => readTable(world, source, options),
    inspect(file) {
      const { facts, table, columns } = file
      return { facts, rows: table.rows.length, columns, packages: usersPerPackage(table, columns), damage: damage(file) }
    },
    damage,
    check,
    fix(file, context = {}) {
      const byRule = new Map<string, number>()
      let cells = 0
      let current = file
      for (let round = 0; round < mostFixRounds; round++) {
        const findings = check(current, context)
        const fixes = editOfFixes(current.table, current.columns, findings, safeFixIndexes(findings))
        const planned = fixes.edit === null ? null : planEdit(current.table, fixes.edit)
        if (planned === null || !planned.ok || planned.value.delta.length === 0) break
        applyDelta(current.table, planned.value.delta)
        cells += planned.value.label.count
        for (const [rule, count] of Object.entries(fixes.byRule)) byRule.set(rule, (byRule.get(rule) ?? 0) + count)
        current = { ...current, columns: recogniseTable(current.table, context.customer) }
      }
      return { file: current, byRule: Object.fromEntries(byRule), cells }
    },
    compare: (file, { baseline, customer } = {}) => compareSheets(file, baseline ?? null, customer),
    async write(file, path, options = {}) {
      if (/\.xlsx$/iu.test(path)) return writeSheets(path, [tableSheet(file.table, (await settings.get()).language)], options)
      const bytes = tableAsCsv(file.table, file.facts)
      return bytes.ok ? writeBytes(path, bytes.value, options) : bytes
    },
    csvOf: (file) => tableAsCsv(file.table, file.facts),
    async writeReport(file, findings, path, { language, held = {}, ...options }) {
      if (/\.html?$/iu.test(path)) return writePage(file, findings, path, { language, held, ...options })
      const report = { ...file, findings, language }
      if (/\.xlsx$/iu.test(path)) return writeSheets(path, annotatedSheets(report), options)
      const bytes = failedRowsCsv(report)
      return bytes.ok ? writeBytes(path, bytes.value, options) : bytes
    },
    writeChanges: (file, path, options) => writePage(file, null, path, options),
    async writeViewOnly(file, path, { language, ...options }) {
      const bytes = viewOnlyCsv(file.table, language)
      return bytes.ok ? writeBytes(path, bytes.value, options) : bytes
    },
    importErrors: fileErrors,
    writeBytes,
    async exportTo(file, folder, { baseline, customer, columns, maxRows, language: asked, ...options }) {
      const changeSet = compareSheets(file, baseline ?? null, customer)
      const language = asked ?? (await settings.get()).language
      const made = makeExport(world, file, changeSet, {
        name: file.facts.name,
        customer: customer?.name ?? null,
        digest: null,
        columns,
        maxRows,
        language,
      })
      return made.ok ? writeExport(world, folder, made.value, options) : made
    },
  }
}
