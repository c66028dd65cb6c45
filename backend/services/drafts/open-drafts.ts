import type { SourceFacts } from '../../../shared/core/csv/source-facts.ts'
import { damageOf, type DamageLine } from '../../../shared/core/rules/damage.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { DraftDamaged, DraftNotSaved, type DraftProblem } from '../../ports/draft-store.ts'
import type { Customers } from '../customers.ts'
import { Cancelled, inSlices, quietWork, unlessCancelled, type Slices, type Work } from '../jobs.ts'
import { draftError } from '../problems.ts'
import type { OpenedFile } from '../services.ts'
import { recogniseTable } from '../files/read-table.ts'
import type { SettingsService } from '../settings.ts'
import type { World } from '../world.ts'
import { deriveSteps } from './derive.ts'
import { emptyView, loadDraft, newDraft, partsOf, settle, type Baseline, type Draft, type KeptFacts } from './draft.ts'
import type { KeptImportErrors } from './import-errors.ts'
import type { Origin } from './origins.ts'
import { findingView } from './view.ts'
import { keptProfile, profilePart } from './kept-profile.ts'

export interface DraftToMake {
  readonly name: string
  readonly table: EditableTable
  readonly source: SourceFacts
  readonly customer: CustomerProfile | null
  readonly baseline: { readonly file: OpenedFile; readonly kind: 'file' | 'store' } | null
  readonly importErrors?: KeptImportErrors
  readonly origins?: readonly Origin[]
  /** The columns were mapped: the list was written by hand or by another system, in its own way. */
  readonly isForeign?: boolean
}

/** Who asks for a draft: whose progress an opening is told as, and whose cancel ends it, or ends the waiting for somebody else's. */
export type Opener = Slices & Partial<Pick<Work, 'signal'>>

/** Drafts that are in memory. A draft that is asked for and is not there is opened. */
export interface OpenDrafts {
  get(id: string, work?: Opener): Promise<Result<Draft, AppError>>
  /** Only if it may be written to. */
  writable(id: string, work?: Opener): Promise<Result<Draft, AppError>>
  make(draft: DraftToMake, work?: Slices): Promise<Result<Draft, AppError>>
  isOpen(id: string): boolean
  isOpening(id: string): boolean
  /** It is still the one in memory. */
  holds(draft: Draft): boolean
  all(): Iterable<Draft>
  /** One that is being opened is closed as soon as those have it who asked before; whoever asks later waits, and opens it anew. */
  close(id: string): Promise<void>
  /** Closes it and takes it off the disk; whoever asks meanwhile waits, and finds none. */
  remove(id: string): Promise<Result<null, DraftProblem>>
  closeAll(): void
}

/** What in an export of Control Hub's is a spreadsheet's doing, and in a list of somebody else's how they write: findings, but no damage. */
const waysOfLists: ReadonlySet<DamageLine['kind']> = new Set(['lost-plus', 'localized-words', 'spaces'])

const nothing = (): Promise<void> => Promise.resolve()

export function createOpenDrafts(world: World, customers: Customers, settings: SettingsService): OpenDrafts {
  const open = new Map<string, Draft>()
  const opening = new Map<string, Promise<Result<Draft, AppError>>>()
  /** What has to be over before a draft may be opened anew. */
  const leaving = new Map<string, Promise<unknown>>()

  async function load(id: string, work: Slices): Promise<Result<Draft, AppError>> {
    const file = await world.drafts.open(id)
    if (!file.ok) return err(draftError(id, file.error))
    try {
      const name = file.value.facts['customer']
      // Drafts of before the profile was kept with them take the one of now.
      const kept = typeof name === 'string' ? keptProfile(file.value) : null
      const customer = kept !== null || typeof name !== 'string' ? ok(kept) : await customers.find(name)
      if (!customer.ok) {
        file.value.close()
        return customer
      }
      const draft = await inSlices(loadDraft(file.value, customer.value), work, 'check')
      await restoreView(draft, work)
      markInUse(draft)
      open.set(id, draft)
      return ok(draft)
    } catch (thrown) {
      file.value.close()
      if (thrown instanceof DraftDamaged) return err({ code: 'draft/damaged', draftId: id, detail: thrown.message })
      throw thrown
    }
  }

  /** A disk that refuses costs the word on a crash alone; what is done later says so itself. */
  function markInUse({ file }: Draft): void {
    if (file.heldBy !== null) return
    try {
      file.saveFacts({ inUseSince: world.clock.now() })
    } catch (thrown) {
      if (!(thrown instanceof DraftNotSaved)) throw thrown
    }
  }

  /** The view of the last time; where its column is gone, the plain one. */
  async function restoreView(draft: Draft, work: Slices): Promise<void> {
    const { view } = draft.kept
    if (view.sort.length === 0 && view.filter.length === 0) return
    const rows = await inSlices(findingView(draft, view, (await settings.get()).language), work, 'view')
    if (rows.ok) draft.viewRows = rows.value
    else draft.kept = { ...draft.kept, view: emptyView }
  }

  async function get(id: string, work?: Opener): Promise<Result<Draft, AppError>> {
    for (;;) {
      const leaves = leaving.get(id)
      if (leaves !== undefined) {
        await unlessCancelled(leaves.then(nothing, nothing), work?.signal)
        continue
      }
      const known = open.get(id)
      if (known !== undefined) return ok(known)
      const found = await pendingOrOwn(id, work)
      // It may have been closed since.
      if (found !== null && (!found.ok || open.get(id) === found.value)) return found
    }
  }

  /** Null: whoever had it opened gave it up, which is not for others to bear. */
  async function pendingOrOwn(id: string, work: Opener | undefined): Promise<Result<Draft, AppError> | null> {
    const pending = opening.get(id)
    if (pending === undefined) {
      const own = load(id, work ?? quietWork(world)).finally(() => opening.delete(id))
      opening.set(id, own)
      return own
    }
    try {
      return await unlessCancelled(pending, work?.signal)
    } catch (thrown) {
      if (thrown instanceof Cancelled && work?.signal?.aborted !== true) return null
      throw thrown
    }
  }

  /** Closes a draft and does what follows; nobody opens it anew before that is over. */
  async function leave<T>(id: string, then: () => Promise<T>): Promise<T> {
    const left = closed(id, leaving.get(id) ?? opening.get(id)).then(then)
    leaving.set(id, left)
    try {
      return await left
    } finally {
      if (leaving.get(id) === left) leaving.delete(id)
    }
  }

  async function closed(id: string, before: Promise<unknown> | undefined): Promise<void> {
    if (before !== undefined) {
      await before.then(nothing, nothing)
      // Those who waited for the opening have their turn first: they asked before.
      await world.breathe()
    }
    shut(id)
  }

  function shut(id: string): void {
    const draft = open.get(id)
    if (draft === undefined) return
    open.delete(id)
    try {
      settle(draft)
    } catch (thrown) {
      // Everything is in the log already; a snapshot would only have made the next opening faster.
      if (!(thrown instanceof DraftNotSaved)) throw thrown
    }
    draft.file.close()
  }

  return {
    get,
    async writable(id, work) {
      const found = await get(id, work)
      if (!found.ok || found.value.file.heldBy === null) return found
      // The other process may have ended since.
      if (open.get(id) === found.value) shut(id)
      const again = await get(id, work)
      if (!again.ok || again.value.file.heldBy === null) return again
      return err({ code: 'draft/read-only', draftId: id })
    },
    async make({ name, table, source, customer, baseline, importErrors = null, origins = [], isForeign = false }, work = quietWork(world)) {
      const at = world.clock.now()
      const baselineFacts = baseline === null ? null : baselineFactsOf(baseline.file, baseline.kind, at)
      const held: Baseline | null =
        baseline === null || baselineFacts === null
          ? null
          : { table: baseline.file.table, columns: recogniseTable(baseline.file.table, customer ?? undefined), facts: baselineFacts }
      const columns = recogniseTable(table, customer ?? undefined)
      const toDerive = { table, columns, baseline: held, customer, kept: { source, confirmed: [], ignored: [] } }
      const derived = await inSlices(deriveSteps(toDerive), work, 'check')
      const kept: KeptFacts = {
        name,
        customer: customer?.name ?? null,
        source,
        view: emptyView,
        confirmed: [],
        ignored: [],
        baseline: baselineFacts,
        damage: damageOf(source, table, derived.findings).filter(({ kind }) => !isForeign || !waysOfLists.has(kind)),
        importErrors,
        ...(origins.length === 0 ? {} : { origins }),
        inUseSince: at,
        rows: table.rows.length,
        summary: derived.summary,
        changedAt: at,
        snapshotEntry: 0,
      }
      const parts = new Map([
        ...partsOf('table', table),
        ...(held === null ? [] : partsOf('baseline', held.table)),
        ...(customer === null ? [] : profilePart(customer)),
      ])
      const id = `d-${world.clock.random(6)}`
      const file = await world.drafts.create(id, { ...kept }, parts, () => work.pause())
      if (!file.ok) return err(draftError(id, file.error))
      const draft = newDraft(file.value, { table, columns, customer, baseline: held, derived })
      open.set(id, draft)
      return ok(draft)
    },
    isOpen: (id) => open.has(id),
    isOpening: (id) => opening.has(id),
    holds: (draft) => open.get(draft.id) === draft,
    all: () => open.values(),
    close: (id) => leave(id, nothing),
    remove: (id) => leave(id, () => world.drafts.remove(id)),
    closeAll() {
      for (const id of [...open.keys()]) shut(id)
    },
  }
}

export const baselineFactsOf = (file: OpenedFile, kind: 'file' | 'store', takenAt: string): KeptFacts['baseline'] => ({
  name: file.facts.name,
  users: file.table.rows.length,
  takenAt,
  kind,
  facts: file.facts,
})
