import { guessMapping, isForeign, withNewWords, type SampledColumn } from '../../../shared/core/mapping/guess-mapping.ts'
import { mapTables } from '../../../shared/core/mapping/map-tables.ts'
import { foldWord, type Mapping } from '../../../shared/core/mapping/mapping.ts'
import { distinctValues } from '../../../shared/core/table/distinct-values.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { firstProblem } from '../../../shared/contract/dispatch.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { mappingSchema, type mappingMethods as table, type ProposedColumn } from '../../../shared/contract/mapping-methods.ts'
import type { Api } from '../../../shared/contract/method.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Customers } from '../customers.ts'
import { readTable } from '../files/read-table.ts'
import type { Jobs, Work } from '../jobs.ts'
import type { OpenedFile } from '../services.ts'
import type { SettingsService } from '../settings.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import type { OpenDrafts } from './open-drafts.ts'
import { watchOrigin, type Origin, type WatchedOrigin } from './origins.ts'
import { stateOf } from './state.ts'

export interface MappingParts {
  readonly world: World
  readonly open: OpenDrafts
  readonly tickets: Tickets
  readonly jobs: Jobs
  readonly settings: SettingsService
  readonly customers: Customers
}

/** Words of a column that are looked at and offered for mapping. More are hardly words that one would map. */
const mostWords = 200
const previewRows = 8

/** Foreign files: proposed, previewed, and made into a draft; what was confirmed is remembered. */
export function mappingMethods({ world, open, tickets, jobs, settings, customers }: MappingParts): Api<typeof table> {
  type Reply<T> = Promise<Result<T, AppError>>

  async function fileOf(
    { ticket, sheet }: { readonly ticket: string; readonly sheet?: string | undefined },
    customer: CustomerProfile | null,
    {
      work,
      step = 'read',
      onBytes,
    }: { readonly work?: Work; readonly step?: 'read' | 'baseline'; readonly onBytes?: WatchedOrigin['onBytes'] } = {},
  ): Reply<OpenedFile> {
    const source = tickets.source(ticket)
    if (!source.ok) return source
    return readTable(world, source.value, {
      ...(sheet === undefined ? {} : { sheet }),
      ...(customer === null ? {} : { customer }),
      ...(work === undefined ? {} : { signal: work.signal, work, step }),
      // Users are found in a baseline by their emails.
      needsEmails: step === 'baseline',
      ...(onBytes === undefined ? {} : { onBytes }),
    })
  }

  /** By customer and header: the same list comes again next month. */
  const keyOf = (customer: CustomerProfile | null, headers: readonly string[]): string =>
    JSON.stringify([customer?.name.toLowerCase() ?? null, ...headers])

  async function remembered(customer: CustomerProfile | null, headers: readonly string[]): Promise<Mapping | null> {
    const kept = await settings.recall('mappings', keyOf(customer, headers))
    return kept !== null && firstProblem(mappingSchema, kept) === null ? (kept as Mapping) : null
  }

  return {
    async 'mapping.propose'({ customer: name, ...source }) {
      const customer = await customers.chosen(name)
      if (!customer.ok) return customer
      const file = await fileOf(source, customer.value)
      if (!file.ok) return file
      const sampled = file.value.columns.map((recognised) => sample(file.value, recognised))
      const kept = await remembered(customer.value, headersOf(file.value))
      const guess = guessMapping(sampled, customer.value ?? undefined)
      const mapping = kept === null ? guess.mapping : withNewWords(kept, sampled, customer.value ?? undefined)
      return ok({
        rows: file.value.table.rows.length,
        columns: mapping.columns.map((column, place) => ({
          ...column,
          by: kept === null ? (guess.by[place] ?? 'nothing') : 'remembered',
          ...wordsOf(sampled[place]?.values ?? []),
          blank: (sampled[place]?.values ?? []).reduce((sum, { text, count }) => sum + (text.trim() === '' ? count : 0), 0),
        })),
        constants: mapping.constants,
        joinDisplayName: mapping.joinDisplayName,
        isRemembered: kept !== null,
        isForeign: isForeign(file.value.columns),
        sheets: file.value.facts.sheets ?? [],
        sheet: file.value.facts.sheet ?? null,
      })
    },
    async 'mapping.preview'({ customer: name, mapping, ...source }) {
      const customer = await customers.chosen(name)
      if (!customer.ok) return customer
      const file = await fileOf(source, customer.value)
      if (!file.ok) return file
      const wrong = misfit(file.value, mapping)
      if (wrong !== null) return wrong
      const mapped = mapTables([{ table: file.value.table, mapping }], {
        most: previewRows,
        ...(customer.value === null ? {} : { customer: customer.value }),
      })
      return ok({
        header: mapped.live.map((column) => mapped.columns[column]?.header ?? ''),
        rows: Array.from(mapped.rows, (row) => mapped.live.map((column) => mapped.columns[column]?.textOf(row) ?? '')),
      })
    },
    'mapping.createDraft': ({ sources, customer: name, baselineTicket, job }) =>
      jobs.run(job, async (work) => {
        const customer = await customers.chosen(name)
        if (!customer.ok) return customer
        const files: { readonly file: OpenedFile; readonly mapping: Mapping }[] = []
        const origins: Origin[] = []
        for (const { mapping, ...source } of sources) {
          work.progress('read', files.length, sources.length)
          const from = tickets.source(source.ticket)
          if (!from.ok) return from
          const { onBytes, origin } = await watchOrigin(world, from.value, source.sheet)
          const file = await fileOf(source, customer.value, { work, onBytes })
          if (!file.ok) return file
          const read = await origin()
          if (read !== null) origins.push(read)
          const wrong = misfit(file.value, mapping)
          if (wrong !== null) return wrong
          files.push({ file: file.value, mapping })
          await work.pause()
        }
        const baseline =
          baselineTicket === undefined ? null : await fileOf({ ticket: baselineTicket }, customer.value, { work, step: 'baseline' })
        if (baseline !== null && !baseline.ok) return baseline
        const first = files[0]!
        const mapped = mapTables(
          files.map(({ file, mapping }) => ({ table: file.table, mapping })),
          customer.value === null ? {} : { customer: customer.value },
        )
        work.progress('check', 0, null)
        const others = files.length - 1
        const made = await open.make(
          {
            name: others === 0 ? first.file.facts.name : `${first.file.facts.name} + ${String(others)}`,
            table: mapped,
            source: first.file.facts,
            customer: customer.value,
            baseline: baseline === null ? null : { file: baseline.value, kind: 'file' },
            origins,
            isForeign: true,
          },
          work,
        )
        if (!made.ok) return made
        world.emit({ kind: 'drafts-changed' })
        for (const { file, mapping } of files) await settings.keep('mappings', keyOf(customer.value, headersOf(file)), mapping)
        return ok(stateOf(made.value))
      }),
  }
}

const headersOf = ({ table }: OpenedFile): readonly string[] => table.live.map((column) => table.columns[column]?.header ?? '')

/** A mapping is of one header: another file's would put its texts into the wrong columns. */
function misfit(file: OpenedFile, mapping: Mapping): Result<never, AppError> | null {
  const headers = headersOf(file)
  const fits = headers.length === mapping.columns.length && headers.every((header, place) => header === mapping.columns[place]?.header)
  return fits ? null : err({ code: 'edit/impossible', detail: 'the mapping is of a file with other columns: map this file anew' })
}

/** The most frequent words with their counts: `Nei` and `NEI` are one. */
function wordsOf(values: SampledColumn['values']): Pick<ProposedColumn, 'words' | 'more'> {
  const words = new Map<string, { text: string; count: number }>()
  for (const { text, count } of values) {
    if (text.trim() === '') continue
    const known = words.get(foldWord(text))
    if (known === undefined) words.set(foldWord(text), { text, count })
    else known.count += count
  }
  const sorted = [...words.values()].sort((a, b) => b.count - a.count)
  return { words: sorted.slice(0, mostWords), more: sorted.length > mostWords }
}

function sample({ table }: OpenedFile, recognised: SampledColumn['recognised']): SampledColumn {
  return { recognised, values: distinctValues(table, recognised.index, table.rows) }
}
