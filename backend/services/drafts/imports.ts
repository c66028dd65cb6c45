import { reassignPair, rowsOnly } from '../../../shared/core/control-hub/failed-users.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { Language } from '../../../shared/kit/language.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { RowId, Table } from '../../../shared/core/table/table.ts'
import { batchAsSheet } from '../batches/exports.ts'
import type { Batches } from '../batches/batches.ts'
import type { Customers } from '../customers.ts'
import { readTable, recogniseTable } from '../files/read-table.ts'
import type { OpenedFile } from '../services.ts'
import type { SettingsService } from '../settings.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import { createChangeDraft } from './change-draft.ts'
import { commitFacts, type Draft } from './draft.ts'
import { failedRows, importErrorLines, importErrorsOf, type KeptImportErrors } from './import-errors.ts'
import { manualTable } from './manual-table.ts'
import type { DraftToMake, OpenDrafts } from './open-drafts.ts'
import { stateOf } from './state.ts'

export type ImportMethods = Pick<
  Api<Methods>,
  | 'drafts.readImportErrors'
  | 'drafts.forgetImportErrors'
  | 'drafts.importErrors'
  | 'drafts.failedUsers'
  | 'drafts.reassignPair'
  | 'drafts.createManual'
  | 'batches.failedUsers'
>

export interface ImportParts {
  readonly world: World
  readonly open: OpenDrafts
  readonly tickets: Tickets
  readonly settings: SettingsService
  readonly customers: Customers
  readonly batches: Batches
}

/** What comes back from Control Hub, and what a person types, as drafts. */
export function importMethods({ world, open, tickets, settings, customers, batches }: ImportParts): ImportMethods {
  const { clock, emit } = world
  type Reply<T> = Promise<Result<T, AppError>>

  async function fileOf(ticket: string): Reply<OpenedFile> {
    const source = tickets.source(ticket)
    return source.ok ? readTable(world, source.value) : source
  }

  async function make(draft: DraftToMake): Reply<Draft> {
    const made = await open.make(draft)
    if (made.ok) emit({ kind: 'drafts-changed' })
    return made
  }

  const change = createChangeDraft(world, open)
  const keep = (draftId: string, importErrors: KeptImportErrors | null): Reply<Draft> =>
    change(draftId, (draft) => {
      commitFacts(draft, 'import-errors', { importErrors }, clock.now())
      return ok(draft)
    })

  /** A draft with some rows of another, and their messages on them. */
  async function makeFailed(
    from: Omit<DraftToMake, 'table' | 'columns'> & { readonly table: Table },
    errors: KeptImportErrors,
  ): Reply<{ readonly draftId: string; readonly users: number }> {
    const failed = failedRows(errors)
    if (failed.size === 0) return err({ code: 'edit/impossible', detail: 'none of the users that the error file names is here' })
    const table = rowsOnly(from.table, (row) => failed.has(row))
    const places = placesOf(from.table, failed)
    const kept = errors.errors.map((error) => ({ ...error, row: error.row < 0 ? -1 : (places.get(error.row) ?? -1) }))
    const made = await make({
      ...from,
      table,
      importErrors: { ...errors, errors: kept },
    })
    return made.ok ? ok({ draftId: made.value.id, users: table.rows.length }) : made
  }

  return {
    async 'drafts.readImportErrors'({ draftId, ticket }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      const file = await fileOf(ticket)
      if (!file.ok) return file
      const errors = importErrorsOf(file.value, draft.value)
      if (!errors.ok) return errors
      const kept = await keep(draftId, errors.value)
      return kept.ok ? ok(stateOf(kept.value)) : kept
    },
    async 'drafts.forgetImportErrors'({ draftId }) {
      const kept = await keep(draftId, null)
      return kept.ok ? ok(stateOf(kept.value)) : kept
    },
    async 'drafts.importErrors'({ draftId, from, count }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      return ok({ total: draft.value.kept.importErrors?.errors.length ?? 0, errors: importErrorLines(draft.value, from, count) })
    },
    async 'drafts.failedUsers'({ draftId }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      const { kept, table, customer, baseline } = draft.value
      if (kept.importErrors === undefined || kept.importErrors === null) return noErrorFile
      const words = names[(await settings.get()).language]
      return makeFailed(
        { name: words.failed(kept.name), table, source: ownFacts(kept.source.name), customer, baseline: baselineOf(baseline) },
        kept.importErrors,
      )
    },
    async 'drafts.reassignPair'({ draftId, rows }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      const { kept, customer, baseline } = draft.value
      if (rows === null && (kept.importErrors === undefined || kept.importErrors === null)) return noErrorFile
      const wanted = rows === null ? failedRows(kept.importErrors!, (kind) => kind !== 'other') : new Set(rows)
      const { unassign, assign, withoutPackage } = reassignPair(draft.value, baseline, (row) => wanted.has(row))
      if (assign.rows.length === 0) {
        const detail = 'none of these users can be taken away and given back: each needs one package of its own in the file or the baseline'
        return err({ code: 'edit/impossible', detail })
      }
      const words = names[(await settings.get()).language]
      const sheet = (table: EditableTable, name: string): OpenedFile => ({
        table,
        columns: recogniseTable(table, customer ?? undefined),
        facts: ownFacts(`${name}.csv`),
      })
      // What the first file takes away is what the second gives back: so it is held against that.
      const before = sheet(assign, words.before(kept.name))
      const first = sheet(unassign, words.unassign(kept.name))
      const madeFirst = await make({
        ...first,
        name: words.unassign(kept.name),
        source: first.facts,
        customer,
        baseline: { file: before, kind: 'file' },
      })
      if (!madeFirst.ok) return madeFirst
      const second = sheet(
        rowsOnly(assign, () => true),
        words.assign(kept.name),
      )
      const madeSecond = await make({ ...second, name: words.assign(kept.name), source: second.facts, customer, baseline: null })
      if (!madeSecond.ok) return madeSecond
      return ok({ unassign: madeFirst.value.id, assign: madeSecond.value.id, users: assign.rows.length, withoutPackage })
    },
    async 'drafts.createManual'({ name, customer: customerName, users }) {
      const known = await customers.chosen(customerName)
      if (!known.ok) return known
      const customer = known.value
      const table = manualTable(users, customer)
      const made = await make({
        name,
        table,
        source: ownFacts(`${name}.csv`),
        customer,
        baseline: null,
      })
      return made.ok ? ok(stateOf(made.value)) : made
    },
    async 'batches.failedUsers'({ batch, ticket }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const file = await fileOf(ticket)
      if (!file.ok) return file
      const { read, content } = found.value
      const known = await customers.find(content.customer)
      if (!known.ok) return known
      const customer = known.value
      const sheets = await batchAsSheet(read, content, customer ?? undefined)
      if (!sheets.ok) return sheets
      const { sheet, baseline } = sheets.value
      const errors = importErrorsOf(file.value, sheet)
      if (!errors.ok) return errors
      const words = names[(await settings.get()).language]
      const made = await makeFailed(
        {
          name: words.failed(`${content.customer} ${batch}`),
          table: sheet.table,
          source: ownFacts(`${batch}.csv`),
          customer,
          baseline: baseline === null ? null : { kind: 'file', file: { ...baseline, facts: ownFacts(`${batch} (baseline)`) } },
        },
        errors.value,
      )
      const notFound = errors.value.errors.flatMap(({ row, email }) => (row < 0 ? [email] : []))
      return made.ok ? ok({ ...made.value, notFound }) : made
    },
  }
}

const noErrorFile = err({ code: 'edit/impossible', detail: 'read Control Hub’s error file first' } as const)

/** Rows of the whole → rows of the part, which are numbered anew in the same order. */
function placesOf(table: Table, wanted: ReadonlySet<RowId>): ReadonlyMap<RowId, RowId> {
  return new Map([...table.rows].filter((row) => wanted.has(row)).map((row, place) => [row, place]))
}

const baselineOf = (baseline: Draft['baseline']): DraftToMake['baseline'] =>
  baseline === null ? null : { kind: baseline.facts.kind, file: { ...baseline, facts: baseline.facts.facts } }

const ownFacts = (name: string): OpenedFile['facts'] => ({
  name,
  format: 'csv',
  encoding: 'utf-8',
  delimiter: ',',
  bom: false,
  lineEnding: 'crlf',
  headerRow: 1,
  emptyLines: 0,
  notices: [],
})

interface Names {
  readonly failed: (name: string) => string
  readonly before: (name: string) => string
  readonly unassign: (name: string) => string
  readonly assign: (name: string) => string
}

const names: Readonly<Record<Language, Names>> = {
  en: {
    failed: (name) => `Failed users of ${name}`,
    before: (name) => `${name} as it stands`,
    unassign: (name) => `1 of 2, DELETES users: take the package away – ${name}`,
    assign: (name) => `2 of 2, after 1 has finished: give the package again – ${name}`,
  },
  nb: {
    failed: (name) => `Brukere som feilet i ${name}`,
    before: (name) => `${name} slik det står`,
    unassign: (name) => `1 av 2, SLETTER brukere: ta bort pakken – ${name}`,
    assign: (name) => `2 av 2, etter at 1 er ferdig: gi pakken igjen – ${name}`,
  },
  da: {
    failed: (name) => `Brugere der fejlede i ${name}`,
    before: (name) => `${name} som det står`,
    unassign: (name) => `1 af 2, SLETTER brugere: tag pakken væk – ${name}`,
    assign: (name) => `2 af 2, når 1 er færdig: giv pakken igen – ${name}`,
  },
}
