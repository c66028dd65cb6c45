import { planEdit } from '../../../shared/core/edits/plan-edit.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { BatchDetail } from '../../../shared/contract/batch-methods.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DraftListItem, DraftState, EditResult, StepName } from '../../../shared/contract/draft-methods.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { DraftNotSaved } from '../../ports/draft-store.ts'
import { batchAsSheet } from '../batches/exports.ts'
import type { Batches } from '../batches/batches.ts'
import type { Customers } from '../customers.ts'
import { readTable, recogniseTable } from '../files/read-table.ts'
import { usersPerPackage } from '../files/package-users.ts'
import { Cancelled, inSlices, inSlicesOf, type Jobs, type Slices, type Work } from '../jobs.ts'
import { draftError } from '../problems.ts'
import type { OpenedFile } from '../services.ts'
import type { SettingsService } from '../settings.ts'
import type { StoreUsers } from '../store-users.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import { createChangeDraft } from './change-draft.ts'
import { changesList, comparisonOf, overviewOf } from './changes.ts'
import {
  cellsOf,
  commitFacts,
  commitMove,
  commitStep,
  followRows,
  partsOf,
  refresh,
  type Baseline,
  type Draft,
  type IgnoredFinding,
  type KeptFacts,
} from './draft.ts'
import { cellText, deriveSteps } from './derive.ts'
import { coreEdit } from './edits.ts'
import { findingsList, fixPreview, nextFinding, placedFinding, planFix } from './findings.ts'
import type { ImportMethods } from './imports.ts'
import { baselineFactsOf, type DraftToMake, type OpenDrafts } from './open-drafts.ts'
import { watchOrigin, type WatchedOrigin } from './origins.ts'
import { reportOf } from './report.ts'
import { draftColumn, stateOf } from './state.ts'
import { findingView, viewStateOf } from './view.ts'
import { distinctOf, findNext, windowOf, windowRow } from './windows.ts'
import { noProfilePart, profilePart } from './kept-profile.ts'

type Name = Extract<
  keyof Methods,
  `drafts.${string}` | `findings.${string}` | `changes.${string}` | `files.${string}` | 'batches.submit' | 'batches.toDraft'
>
export type DraftMethods = Pick<Api<Methods>, Exclude<Name, keyof ImportMethods>>

export interface DraftParts {
  readonly world: World
  readonly open: OpenDrafts
  readonly tickets: Tickets
  readonly jobs: Jobs
  readonly settings: SettingsService
  readonly customers: Customers
  readonly storeUsers: StoreUsers
  readonly batches: Batches
}

/** Whose users the store was asked for, and at which revision of the draft. */
interface AskedOfStore {
  readonly customer: string
  readonly revision: number
}

export function draftMethods({ world, open, tickets, jobs, settings, customers, storeUsers, batches }: DraftParts): DraftMethods {
  const { clock, emit } = world
  type Reply<T> = Promise<Result<T, AppError>>

  const ask = async <T>(id: string, answer: (draft: Draft) => T, work?: Work): Reply<T> => {
    const draft = await open.get(id, work)
    return draft.ok ? ok(answer(draft.value)) : draft
  }

  /** So that the view is there after a crash, too. A disk that refuses costs the view alone, which is no reason to refuse it. */
  function keepView({ file, kept }: Draft): void {
    if (file.heldBy !== null) return
    try {
      file.saveFacts({ view: kept.view })
    } catch (thrown) {
      if (!(thrown instanceof DraftNotSaved)) throw thrown
    }
  }

  const lastView = new WeakMap<Draft, symbol>()

  /** Work on a draft, given up when the draft is closed meanwhile, or when nobody wants it any more. */
  const whileOpen = (work: Work, draft: Draft, isWanted = () => true): Slices => ({
    progress: work.progress,
    async pause() {
      await work.pause()
      if (!isWanted() || !open.holds(draft)) throw new Cancelled()
    },
  })

  const change = createChangeDraft(world, open)
  const resultOf = (draft: Draft, cells: number): EditResult => ({ revision: draft.file.lastEntry, cells, state: stateOf(draft) })

  async function fileOf(
    ticket: string,
    options: {
      readonly sheet?: string | undefined
      readonly customer?: DraftToMake['customer']
      readonly step?: 'read' | 'baseline'
      /** Users are found in it by their emails. */
      readonly isBaseline?: boolean
      readonly onBytes?: WatchedOrigin['onBytes']
    },
    work: Work,
  ): Reply<OpenedFile> {
    const source = tickets.source(ticket)
    if (!source.ok) return source
    const { sheet, customer, step = 'read', isBaseline = false, onBytes } = options
    return readTable(world, source.value, {
      signal: work.signal,
      work,
      step,
      needsEmails: isBaseline,
      ...(sheet === undefined ? {} : { sheet }),
      ...(customer === null || customer === undefined ? {} : { customer }),
      ...(onBytes === undefined ? {} : { onBytes }),
    })
  }

  async function make(draft: DraftToMake, work?: Work): Reply<DraftState> {
    const made = await open.make(draft, work)
    if (!made.ok) return made
    emit({ kind: 'drafts-changed' })
    return ok(stateOf(made.value))
  }

  const moveTo = (id: string, target: (draft: Draft) => number): Reply<EditResult> =>
    change(id, (draft) => {
      const to = target(draft)
      if (to < 0 || to > draft.steps.length) return err({ code: 'edit/impossible', detail: 'there is no such step' })
      return ok(resultOf(draft, to === draft.position ? 0 : commitMove(draft, to, clock.now())))
    })

  async function setFacts(id: string, what: string, facts: Partial<KeptFacts>): Reply<DraftState> {
    return change(id, (draft) => {
      commitFacts(draft, what, facts, clock.now())
      refresh(draft)
      return ok(stateOf(draft))
    })
  }

  /** In this process's memory, or on its way there: what it holds it need not ask about. */
  const isOurs = (id: string): boolean => open.isOpen(id) || open.isOpening(id)

  async function listItem({ id, facts, trouble }: Awaited<ReturnType<World['drafts']['list']>>[number]): Promise<DraftListItem> {
    const kept = [...open.all()].find((draft) => draft.id === id)?.kept ?? (facts as unknown as KeptFacts)
    if (trouble === 'damaged') {
      return { id, name: id, customer: null, rows: 0, changedAt: '', summary: { error: 0, warning: 0, info: 0 }, trouble }
    }
    const { name, customer, rows, changedAt, summary } = kept
    return { id, name, customer, rows, changedAt, summary, trouble: isOurs(id) ? null : trouble }
  }

  /** `asked`: for whom the store was asked; a draft that is another customer's by now has nothing to do with those users. */
  async function setBaseline(
    id: string,
    baseline: { readonly file: OpenedFile; readonly kind: 'file' | 'store'; readonly asked?: AskedOfStore } | null,
    work: Work,
  ): Reply<DraftState> {
    const found = await open.writable(id, work)
    if (!found.ok) return found
    const asked = baseline?.asked
    const staleError = ({ customer, file }: Draft): AppError | null =>
      asked === undefined || customer?.name === asked.customer
        ? null
        : { code: 'draft/stale-revision', expected: asked.revision, actual: file.lastEntry }
    const staleBefore = staleError(found.value)
    if (staleBefore !== null) return err(staleBefore)
    const at = clock.now()
    const facts = baseline === null ? null : baselineFactsOf(baseline.file, baseline.kind, at)
    // The columns are recognised as the draft's customer has them, who may become another while this is worked at.
    const nextFor = ({ customer }: Draft): Baseline | null =>
      baseline === null || facts === null
        ? null
        : { table: baseline.file.table, columns: recogniseTable(baseline.file.table, customer ?? undefined), facts }
    const { result: derived, isStill } = await inSlicesOf(
      () => found.value.file.lastEntry,
      () => deriveSteps({ ...found.value, baseline: nextFor(found.value) }),
      whileOpen(work, found.value),
      'compare',
    )
    return change(
      id,
      (draft) => {
        const stale = staleError(draft)
        if (stale !== null) return err(stale)
        const isCurrent = draft === found.value && isStill()
        // The parts first: a baseline without its facts is never read. Nothing of the one before stays: neither people nor row numbers.
        const before = draft.baseline === null ? [] : [...partsOf('baseline', draft.baseline.table).keys()]
        const parts = new Map<string, Uint8Array | null>(before.map((name) => [name, null]))
        if (baseline !== null) for (const [name, bytes] of partsOf('baseline', baseline.file.table)) parts.set(name, bytes)
        draft.file.saveParts(parts, { baseline: facts })
        draft.baseline = nextFor(draft)
        commitFacts(draft, 'baseline', { baseline: facts }, at)
        if (isCurrent) {
          draft.derived = derived
          draft.kept = { ...draft.kept, summary: derived.summary }
        } else refresh(draft)
        return ok(stateOf(draft))
      },
      work,
    )
  }

  /** Removals are errors until somebody confirms them; the count typed on sending does that, if it is the right one. */
  async function confirmTyped(draft: Draft, count: number | undefined): Reply<null> {
    const removals = draft.derived.removals()
    if (count === undefined || removals.length === 0 || count !== removals.length) return ok(null)
    return change(draft.id, (writable) => {
      confirmEmails(writable, removals)
      return ok(null)
    })
  }

  async function submitDraft(
    draft: Draft,
    by: string,
    message: string | undefined,
    confirmRemovals: number | undefined,
  ): Reply<BatchDetail> {
    const { kept, derived, baseline, table } = draft
    if (kept.customer === null) return err({ code: 'guard/refused', detail: 'choose the customer first: a batch is for one customer' })
    if (derived.summary.error > 0) return err({ code: 'draft/has-errors', errors: derived.summary.error })
    return batches.submit({
      customer: kept.customer,
      comparison: comparisonOf(draft),
      baseline: baseline === null ? null : { kind: baseline.facts.kind, sheet: baseline },
      by,
      message: message ?? null,
      confirmedRemovals: confirmRemovals ?? 0,
      ignored: kept.ignored.map(({ rule, row, column, reason }) => ({
        rule,
        row: row < 0 ? null : table.numberOf(row),
        column: column < 0 ? null : (table.columns[column]?.header ?? null),
        reason,
      })),
      draft: draft.id,
    })
  }

  return {
    async 'drafts.list'() {
      const summaries = await world.drafts.list(isOurs)
      const items = await Promise.all(summaries.map(listItem))
      return ok(items.toSorted((a, b) => (a.changedAt < b.changedAt ? 1 : -1)))
    },
    'files.inspect': ({ ticket, sheet }) =>
      jobs.run(undefined, async (work) => {
        const file = await fileOf(ticket, { sheet }, work)
        if (!file.ok) return file
        const { table, columns, facts } = file.value
        const preview = Array.from(table.rows.subarray(0, 10), (row) =>
          table.live.map((column) => table.columns[column]?.textOf(row) ?? ''),
        )
        return ok({ facts, rows: table.rows.length, columns: columns.map(draftColumn), packages: usersPerPackage(table, columns), preview })
      }),
    'drafts.create': ({ ticket, sheet, customer: name, baselineTicket, job }) =>
      jobs.run(job, async (work) => {
        const customer = await customers.chosen(name)
        if (!customer.ok) return customer
        work.progress('read', 0, null)
        const source = tickets.source(ticket)
        if (!source.ok) return source
        const { onBytes, origin } = await watchOrigin(world, source.value, sheet)
        const file = await fileOf(ticket, { sheet, customer: customer.value, onBytes }, work)
        if (!file.ok) return file
        const origins = [await origin()].filter((one) => one !== null)
        await work.pause()
        let baseline: DraftToMake['baseline'] = null
        if (baselineTicket !== undefined) {
          work.progress('baseline', 0, null)
          const read = await fileOf(baselineTicket, { customer: customer.value, step: 'baseline', isBaseline: true }, work)
          if (!read.ok) return read
          baseline = { file: read.value, kind: 'file' }
        }
        await work.pause()
        work.progress('check', 0, null)
        const { table, facts } = file.value
        return make({ name: facts.name, table, source: facts, customer: customer.value, baseline, origins }, work)
      }),
    'drafts.createSample': ({ job }) =>
      jobs.run(job, async (work) => {
        const customer = await sampleCustomer()
        if (!customer.ok) return customer
        const open = (name: string): Reply<OpenedFile> =>
          readTable(world, { path: world.join(world.folders.samples, name) }, { signal: work.signal, work, customer: customer.value })
        const baseline = await open(sampleFiles.baseline)
        if (!baseline.ok) return baseline
        const file = await open(sampleFiles.draft)
        if (!file.ok) return file
        const { table, facts } = file.value
        return make(
          {
            name: facts.name,
            table,
            source: facts,
            customer: customer.value,
            baseline: { file: baseline.value, kind: 'file' },
          },
          work,
        )
      }),
    'drafts.open': ({ draftId, job }) => jobs.run(job, (work) => ask(draftId, stateOf, work)),
    'drafts.state': ({ draftId }) => ask(draftId, stateOf),
    async 'drafts.close'({ draftId }) {
      await open.close(draftId)
      return ok(null)
    },
    'drafts.rename': ({ draftId, name }) =>
      setFacts(draftId, 'name', { name }).then((done) => {
        if (done.ok) emit({ kind: 'drafts-changed' })
        return done
      }),
    async 'drafts.delete'({ draftId, confirmedName }) {
      const found = (await world.drafts.list(isOurs)).find(({ id }) => id === draftId)
      if (found === undefined) return err({ code: 'draft/not-found', draftId })
      if (found.trouble !== 'damaged' && found.facts['name'] !== confirmedName && draftId !== confirmedName) {
        return err({ code: 'guard/refused', detail: 'the name typed is not the draft’s' })
      }
      const removed = await open.remove(draftId)
      if (!removed.ok) return err(draftError(draftId, removed.error))
      emit({ kind: 'drafts-changed' })
      return ok(null)
    },
    async 'drafts.setCustomer'({ draftId, customer: name }) {
      const customer = await customers.chosen(name)
      if (!customer.ok) return customer
      return change(draftId, (draft) => {
        const facts = { customer: customer.value?.name ?? null }
        draft.file.saveParts(customer.value === null ? noProfilePart : profilePart(customer.value), facts)
        commitFacts(draft, 'customer', facts, clock.now())
        draft.customer = customer.value
        if (draft.baseline !== null)
          draft.baseline = { ...draft.baseline, columns: recogniseTable(draft.baseline.table, customer.value ?? undefined) }
        refresh(draft)
        return ok(stateOf(draft))
      })
    },
    'drafts.setBaseline': ({ draftId, baseline, job }) =>
      jobs.run(job, async (work) => {
        const draft = await open.writable(draftId, work)
        if (!draft.ok) return draft
        const { customer } = draft.value
        const revision = draft.value.file.lastEntry
        if (baseline.kind === 'none') return setBaseline(draftId, null, work)
        if (baseline.kind === 'file') {
          const file = await fileOf(baseline.ticket, { customer, isBaseline: true }, work)
          return file.ok ? setBaseline(draftId, { file: file.value, kind: 'file' }, work) : file
        }
        if (customer === null) return err({ code: 'guard/refused', detail: 'choose the customer first: the store keeps users by customer' })
        const users = await storeUsers.sheet(customer, undefined)
        if (!users.ok) return users
        if (users.value === null) return err({ code: 'guard/refused', detail: `the store knows no users of ${customer.name} yet` })
        return setBaseline(draftId, { file: users.value, kind: 'store', asked: { customer: customer.name, revision } }, work)
      }),
    'drafts.window': ({ draftId, from, count, columns }) => ask(draftId, (draft) => windowOf(draft, from, count, columns)),
    async 'drafts.row'({ draftId, row, language }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      if (!draft.value.table.rows.includes(row)) return err({ code: 'edit/impossible', detail: `there is no row ${row}` })
      const { from, to } = draft.value.derived.ofRow(row)
      return ok({
        row: windowRow(draft.value, row, draft.value.table.live),
        findings: Array.from({ length: to - from }, (_, place) => placedFinding(draft.value, from + place, language)),
      })
    },
    'drafts.rowIds': ({ draftId, from, count }) => ask(draftId, (draft) => [...draft.viewRows.subarray(from, from + count)]),
    'drafts.block': ({ draftId, from, count, columns }) =>
      ask(draftId, (draft) =>
        Array.from(draft.viewRows.subarray(from, from + count), (row) => columns.map((column) => cellText(draft.table, row, column))),
      ),
    'drafts.setView': ({ draftId, view, job }) =>
      jobs.run(job, async (work) => {
        const { language } = await settings.get()
        const found = await open.get(draftId, work)
        if (!found.ok) return found
        const draft = found.value
        let rowsBefore = draft.table.rows
        // Of two views that are asked for, the later one counts.
        const asked = Symbol()
        lastView.set(draft, asked)
        const { result: rows } = await inSlicesOf(
          () => viewStateOf(draft, view),
          () => {
            rowsBefore = draft.table.rows
            return findingView(draft, view, language)
          },
          whileOpen(work, draft, () => lastView.get(draft) === asked),
          'view',
        )
        if (!rows.ok) return rows
        const isPlain = view.sort.length === 0 && view.filter.length === 0
        draft.viewRows = isPlain ? draft.table.rows : followRows(rows.value, rowsBefore, draft.table, 'end')
        draft.viewNumber++
        draft.kept = { ...draft.kept, view }
        keepView(draft)
        return ok({ ...view, number: draft.viewNumber, rows: draft.viewRows.length })
      }),
    'drafts.distinct': (input) =>
      jobs.run(input.job, async (work) => {
        const draft = await open.get(input.draftId, work)
        if (!draft.ok) return draft
        if (!draft.value.table.live.includes(input.column))
          return err({ code: 'edit/impossible', detail: `there is no column ${input.column}` })
        return ok(await inSlices(distinctOf(draft.value, input), whileOpen(work, draft.value), 'values'))
      }),
    'drafts.find': (input) =>
      jobs.run(input.job, async (work) => {
        const draft = await open.get(input.draftId, work)
        if (!draft.ok) return draft
        // Places are those of a view: in another one they are looked for anew.
        const { result } = await inSlicesOf(
          () => draft.value.viewNumber,
          () => findNext(draft.value, input),
          whileOpen(work, draft.value),
          'find',
        )
        return result
      }),
    'drafts.edit': ({ draftId, revision, edit, job }) =>
      jobs.run(job, (work) =>
        change(
          draftId,
          (draft) => {
            const actual = draft.file.lastEntry
            if (revision !== undefined && revision !== actual) return err({ code: 'draft/stale-revision', expected: revision, actual })
            const core = coreEdit(draft, edit)
            if (!core.ok) return core
            const planned = planEdit(draft.table, core.value.edit)
            if (!planned.ok) return err({ code: 'edit/impossible', detail: planned.error.detail })
            const { delta, label } = planned.value
            const isRemoval = edit.kind === 'remove-users'
            if (delta.length === 0 && !isRemoval) return ok(resultOf(draft, 0))
            const { text, ...named } = label
            const name: StepName = { ...named, ...(text === undefined ? {} : { to: text }), ...core.value.label }
            if (delta.length > 0) commitStep(draft, delta, name, clock.now())
            if (isRemoval) confirmEmails(draft, emailsOf(draft, edit.rows))
            return ok(resultOf(draft, cellsOf(delta)))
          },
          work,
        ),
      ),
    'drafts.undo': ({ draftId }) => moveTo(draftId, (draft) => Math.max(0, draft.position - 1)),
    'drafts.redo': ({ draftId }) => moveTo(draftId, (draft) => Math.min(draft.steps.length, draft.position + 1)),
    'drafts.history': ({ draftId }) =>
      ask(draftId, ({ steps, position }) => ({ steps: steps.map(({ at, label }) => ({ ...label, at })).reverse(), current: position })),
    'drafts.goToStep': ({ draftId, step }) => moveTo(draftId, () => step),
    'drafts.confirmRemovals': ({ draftId, count }) =>
      change(draftId, (draft) => {
        const removals = draft.derived.removals()
        if (count !== removals.length) return err({ code: 'guard/removals-unconfirmed', removals: removals.length, confirmed: count })
        confirmEmails(draft, removals)
        return ok(stateOf(draft))
      }),
    'findings.list': (input) => ask(input.draftId, (draft) => findingsList(draft, input)),
    'findings.next': (input) => ask(input.draftId, (draft) => nextFinding(draft, input)),
    'findings.previewFix': ({ draftId, selection }) => ask(draftId, (draft) => fixPreview(draft, selection)),
    'findings.fix': ({ draftId, selection }) =>
      change(draftId, (draft) => {
        if (selection.scope === 'one') {
          const confirmed = confirmOne(draft, selection.finding)
          if (confirmed !== null) return ok(resultOf(draft, 0))
        }
        const { delta, byRule } = planFix(draft, selection)
        if (delta.length === 0) return err({ code: 'edit/impossible', detail: 'there is nothing here that can be repaired by itself' })
        const [rule, ...others] = Object.keys(byRule)
        const count = Object.values(byRule).reduce((sum, one) => sum + one, 0)
        commitStep(draft, delta, { kind: 'fix', count, ...(rule !== undefined && others.length === 0 ? { rule } : {}) }, clock.now())
        return ok(resultOf(draft, cellsOf(delta)))
      }),
    'findings.ignore': ({ draftId, finding, reason, alike }) =>
      change(draftId, (draft) => {
        const { derived } = draft
        if (finding >= derived.shownCount) return err({ code: 'edit/impossible', detail: 'there is no such finding any more' })
        const { rule, severity } = derived.placeOf(finding)
        if (severity === 'error') return err({ code: 'guard/refused', detail: 'an error cannot be passed over: correct it' })
        const wanted = alike ? [...derived.matching(rule, undefined)] : [finding]
        const passed = wanted.flatMap((index): IgnoredFinding[] => {
          const place = derived.placeOf(index)
          if (place.severity === 'error') return []
          return [{ rule, row: place.row, column: place.column, text: cellText(draft.table, place.row, place.column), reason }]
        })
        commitFacts(draft, 'ignore', { ignored: [...draft.kept.ignored, ...passed] }, clock.now())
        refresh(draft)
        return ok(stateOf(draft))
      }),
    'changes.overview': ({ draftId }) => ask(draftId, overviewOf),
    'changes.list': (input) => ask(input.draftId, (draft) => changesList(draft, input)),
    'drafts.report': async ({ draftId, kind, language }) => {
      const draft = await open.get(draftId)
      return draft.ok ? reportOf(world, tickets, draft.value, { kind, language }) : draft
    },
    'batches.submit': ({ draftId, by, message, confirmRemovals, job }) =>
      jobs.run(job, async (work) => {
        const draft = await open.get(draftId, work)
        if (!draft.ok) return draft
        work.progress('submit', 0, null)
        const confirmed = await confirmTyped(draft.value, confirmRemovals)
        return confirmed.ok ? submitDraft(draft.value, by, message, confirmRemovals) : confirmed
      }),
    async 'batches.toDraft'({ batch }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      // A draft of it would lead to Control Hub after all.
      if (content.storeOnly === true) return err({ code: 'guard/store-only', batch })
      const customer = await customers.find(content.customer)
      if (!customer.ok) return customer
      const sheets = await batchAsSheet(read, content, customer.value ?? undefined)
      if (!sheets.ok) return sheets
      const { sheet, baseline } = sheets.value
      const source = { ...plainFacts, name: `${batch}.csv` }
      const made = await make({
        name: `${content.customer} ${batch}`,
        table: sheet.table,
        source,
        customer: customer.value,
        baseline: baseline === null ? null : { kind: 'file', file: { ...baseline, facts: { ...plainFacts, name: `${batch} (baseline)` } } },
      })
      return made.ok ? ok({ draftId: made.value.id }) : made
    },
  }

  /** A removal is repaired by saying that it is meant. */
  function confirmOne(draft: Draft, finding: number): true | null {
    const { derived } = draft
    if (finding >= derived.shownCount || derived.findings.fixOf(derived.indexOf(finding))?.action !== 'confirm-removal') return null
    confirmEmails(draft, emailsOf(draft, [draft.derived.placeOf(finding).row]))
    return true
  }

  function confirmEmails(draft: Draft, emails: readonly string[]): void {
    const confirmed = [...new Set([...draft.kept.confirmed, ...emails])]
    commitFacts(draft, 'confirm-removals', { confirmed }, clock.now())
    refresh(draft)
  }

  /** The sample's customer, saved the first time; what a person made of it since stays. */
  async function sampleCustomer(): Reply<CustomerProfile> {
    const profile = await customers.service.readProfile({ path: world.join(world.folders.samples, sampleFiles.customer) })
    if (!profile.ok) return profile
    const known = await customers.find(profile.value.name)
    if (!known.ok) return known
    return known.value === null ? customers.service.save(profile.value) : ok(known.value)
  }
}

/** In `resources/samples`. */
const sampleFiles = { baseline: 'nordfjell-export.csv', draft: 'nordfjell-november.csv', customer: 'nordfjell.json' } as const

const plainFacts = {
  format: 'csv',
  encoding: 'utf-8',
  delimiter: ',',
  bom: false,
  lineEnding: 'crlf',
  headerRow: 1,
  emptyLines: 0,
  notices: [],
} as const

const emailsOf = (draft: Draft, rows: readonly number[]): readonly string[] =>
  rows.map((row) => cellText(draft.table, row, draft.derived.users.email).trim().toLowerCase()).filter((email) => email !== '')
