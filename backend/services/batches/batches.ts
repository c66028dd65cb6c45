import { decisionProblem, pushProblem, standingOf } from '../../../shared/core/batch/approval.ts'
import type { Approval, BatchContent, ItemCounts } from '../../../shared/core/batch/batch.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { nextState } from '../../../shared/core/batch/transitions.ts'
import type { ReviewGroup } from '../../../shared/core/review/groups.ts'
import type { BatchDetail, BatchExport, BatchItemLine, BatchListItem, PushResult } from '../../../shared/contract/batch-methods.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { Manifest } from '../../../shared/core/control-hub/manifest-shape.ts'
import type { Reconciliation } from '../../../shared/core/control-hub/reconcile.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { checkTable } from '../../../shared/core/rules/check-table.ts'
import type { StoreProblem } from '../../ports/provisioning-store.ts'
import type { Customers } from '../customers.ts'
import type { Jobs, Work } from '../jobs.ts'
import { fileError, storeError } from '../problems.ts'
import { summaryBytes } from '../files/summary.ts'
import type { Decisions } from '../review/decisions.ts'
import type { BatchesService, FileSource, SubmitFile } from '../services.ts'
import type { SettingsService } from '../settings.ts'
import type { StoreUsers } from '../store-users.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import { actorOf, batchFact } from './audit-facts.ts'
import { changeOf, countsOf, groupOf, historyOf, listItemOf } from './batch-detail.ts'
import { batchAsSheet, compareSheets, makeExport, writeExport, type ExportFiles } from './exports.ts'
import { createExportShelf } from './export-shelf.ts'
import type { OpenStores } from './open-stores.ts'
import { push, type PushMode } from './push.ts'
import { createBatchReader, isPurged, type ReadBatch } from './read-batch.ts'
import { batchPage } from './batch-page.ts'
import { reconcileBatch, reconcileReport } from './reconcile-batch.ts'
import { usersForPush } from './supplement.ts'
import { readReceipt, readyToSign, receiptPath, writePushReceipt } from './receipts.ts'
import { submit, type Submission } from './submit.ts'

export type BatchMethods = Pick<
  Api<Methods>,
  | 'batches.list'
  | 'batches.show'
  | 'batches.items'
  | 'batches.decide'
  | 'batches.push'
  | 'batches.export'
  | 'batches.tickExport'
  | 'batches.receipt'
  | 'batches.reconcile'
  | 'batches.report'
>

export interface Batches {
  readonly methods: BatchMethods
  readonly service: BatchesService
  submit(submission: Submission, store?: string): Promise<Result<BatchDetail, AppError>>
  read(batch: string): Promise<Result<{ readonly read: ReadBatch; readonly content: BatchContent }, AppError>>
  /** The users with these emails as a push of the batch would find them; null where the store does not know the customer. */
  usersForPush(read: ReadBatch, emailKeys: readonly string[]): Promise<Result<ReadonlyMap<string, Subscriber> | null, StoreProblem>>
  record(current: ReadBatch, content: BatchContent, decision: Approval): Promise<Result<BatchDetail, AppError>>
  /** Takes away what this machine keeps of a batch beside the store: its receipt and the Control Hub files made from it. */
  forget(batch: string): Promise<Result<null, AppError>>
  /** Looks at all that a push looks at before it begins, and begins nothing. */
  mayPush(batch: string, mode: PushMode): Promise<Result<ReadBatch, AppError>>
}

export interface BatchParts {
  readonly world: World
  readonly stores: OpenStores
  readonly tickets: Tickets
  readonly jobs: Jobs
  readonly settings: SettingsService
  readonly customers: Customers
  readonly storeUsers: StoreUsers
  readonly decisions: Decisions
  readonly groups: (content: BatchContent) => readonly ReviewGroup[]
}

export function createBatches({ world, stores, tickets, jobs, settings, customers, storeUsers, decisions, groups }: BatchParts): Batches {
  const { clock, hasher, emit } = world
  const reader = createBatchReader(hasher)
  const shelf = createExportShelf(world, tickets)

  async function head(batch: string, store?: string): Promise<Result<ReadBatch, AppError>> {
    const found = await stores.find(store)
    if (!found.ok) return found
    return found.value === null ? err({ code: 'batch/not-found', batch }) : reader.head(found.value, batch)
  }

  async function read(batch: string): Promise<Result<{ readonly read: ReadBatch; readonly content: BatchContent }, AppError>> {
    const found = await head(batch)
    if (!found.ok) return found
    const content = await reader.content(found.value)
    return content.ok ? ok({ read: found.value, content: content.value }) : content
  }

  async function receiptTicket(batch: string): Promise<FileTicket | null> {
    const ticket = await tickets.forPath(receiptPath(world, batch), `receipt-${batch}.json`)
    return ticket.ok ? ticket.value : null
  }

  async function detail(found: ReadBatch): Promise<Result<BatchDetail, AppError>> {
    const { store, stored, approvals } = found
    const content = await reader.content(found)
    const isShown = content.ok || content.error.code === 'guard/content-changed' || content.error.code === 'batch/purged'
    if (!isShown) return content
    const ledger = await store.ledger(stored.batch)
    if (!ledger.ok) return err(storeError(ledger.error, stored.batch))
    const pushes = await store.pushes(stored.batch)
    if (!pushes.ok) return err(storeError(pushes.error, stored.batch))
    const frozen = content.ok ? content.value : null
    return ok({
      ...listItemOf(stored, approvals),
      items: countsOf(stored.items, ledger.value),
      packages: frozen?.packages ?? [],
      groups: frozen === null ? [] : groups(frozen).map(groupOf),
      ignored: frozen?.ignored ?? [],
      rulesetVersion: frozen?.rulesetVersion ?? '',
      baseline: frozen?.baseline ?? { kind: 'none', fingerprint: '', users: 0 },
      digestHolds: content.ok,
      ...(isPurged(stored) ? { purged: true } : {}),
      ...(frozen?.storeOnly === true ? { storeOnly: true } : {}),
      receipt: await receiptTicket(stored.batch),
      exports: await shelf.list(stored.batch),
      history: historyOf(stored, approvals, pushes.value),
    })
  }

  async function show(batch: string): Promise<Result<BatchDetail, AppError>> {
    const found = await head(batch)
    return found.ok ? detail(found.value) : found
  }

  async function submitTo(submission: Submission, storeUrl?: string): Promise<Result<BatchDetail, AppError>> {
    const batch = await submit(world, () => stores.create(storeUrl), submission)
    if (!batch.ok) return batch
    emit({ kind: 'batches-changed', batch: batch.value })
    return show(batch.value)
  }

  async function submitFile({
    file,
    customer,
    baseline: given,
    by,
    message,
    confirmRemovals,
  }: SubmitFile): Promise<Result<BatchDetail, AppError>> {
    let baseline: Submission['baseline'] = null
    if (given === 'store') {
      const users = await storeUsers.sheet(customer, undefined)
      if (!users.ok) return users
      if (users.value === null) return err({ code: 'customer/not-found', customer: customer.name })
      baseline = { kind: 'store', sheet: users.value }
    } else if (given !== null) baseline = { kind: 'file', sheet: given }

    const comparison = compareSheets(file, baseline?.sheet ?? null, customer)
    const findings = checkTable({
      ...file,
      customer,
      confirmedRemovals: comparison.summary.remove,
      ...(baseline === null ? {} : { baseline: { ...baseline.sheet, kind: baseline.kind === 'store' ? 'store' : 'export' } }),
    })
    if (findings.summary.error > 0) return err({ code: 'draft/has-errors', errors: findings.summary.error })
    return submitTo({
      customer: customer.name,
      comparison,
      baseline,
      by,
      message: message ?? null,
      confirmedRemovals: confirmRemovals ?? 0,
      ignored: [],
      draft: null,
    })
  }

  async function decide(input: Parameters<BatchMethods['batches.decide']>[0]): Promise<Result<BatchDetail, AppError>> {
    const found = await read(input.batch)
    if (!found.ok) return found
    const { read: current, content } = found.value
    const decision: Approval = {
      by: input.by.trim(),
      decision: input.decision,
      at: clock.now(),
      digest: input.digest,
      ...(input.message === undefined ? {} : { message: input.message }),
    }
    const guard = decisionProblem(current.stored, decision, removalsTyped(content, input.confirmRemovals))
    if (guard !== null) return err(guard)
    const signed = await decisions.signed(current, content, decision, input.passphrase)
    return signed.ok ? record(current, content, signed.value) : signed
  }

  const removalsTyped = (content: BatchContent, confirmed: number | undefined) =>
    confirmed === undefined ? undefined : { count: content.summary.remove, confirmed }

  /** A decision that is whole: made here, or come back in a file. The guards look at it, whoever made it. */
  async function record(current: ReadBatch, content: BatchContent, decision: Approval): Promise<Result<BatchDetail, AppError>> {
    const { store, stored, approvals } = current
    const problem = decisionProblem(stored, decision)
    if (problem !== null) return err(problem)
    if (decision.signature !== undefined && approvals.some(({ signature }) => signature === decision.signature)) {
      return err({ code: 'guard/decision', batch: stored.batch, by: decision.by, reason: 'replayed' })
    }
    const counted = await decisions.standing({ ...current, approvals: [...approvals, decision] }, content)
    if (!counted.ok) return counted
    const standing = standingOf(stored, counted.value.decisions, counted.value.policy)
    const next =
      standing === 'approved' ? nextState(stored.state, 'approve') : standing === 'rejected' ? nextState(stored.state, 'reject') : null
    const actor = actorOf(decision.by, stored.hashKey, hasher)
    const counts = { items: stored.items, removals: content.summary.remove, signed: decision.signature === undefined ? 0 : 1 }
    const decided = await store.decide(
      stored.batch,
      stored.version,
      decision,
      next,
      batchFact(`batch/${decision.decision}`, stored, actor, decision.at, counts),
    )
    if (!decided.ok) return err(storeError(decided.error, stored.batch))
    emit({ kind: 'batches-changed', batch: stored.batch })
    return show(stored.batch)
  }

  async function pushWith(
    input: {
      readonly batch: string
      readonly by: string
      readonly mode?: PushMode
      readonly store?: string
      readonly passphrase?: string
    },
    work: Work,
    chunk?: number,
  ): Promise<Result<PushResult & { readonly receiptPath: string | null }, AppError>> {
    const before = await head(input.batch, input.store)
    if (!before.ok) return before
    const { by, passphrase = '' } = input
    const own = await decisions.settleKey(before.value.store, by)
    if (!own.ok) return own
    // A key that the system's key chain keeps needs no passphrase.
    const signs = passphrase !== '' || own.value?.keptBy === 'key-chain'
    const ready = signs ? await readyToSign(world, decisions, before.value, by, passphrase) : ok(null)
    if (!ready.ok) return ready
    const pushed = await push(world, reader, decisions, before.value, { by: input.by, mode: input.mode ?? 'push', chunk }, work)
    emit({ kind: 'batches-changed', batch: input.batch })
    if (!pushed.ok) return pushed
    const { counts, content, moment } = pushed.value
    const isDone = counts.skipped === counts.total
    if (isDone) await moment?.close()
    const path = isDone
      ? ok(receiptPath(world, input.batch))
      : await writePushReceipt(world, before.value, content, signs ? { by, passphrase } : null, moment)
    if (!path.ok) return path
    const after = await head(input.batch, input.store)
    if (!after.ok) return after
    return ok({ ...resultOf(after.value, counts), receipt: await receiptTicket(input.batch), receiptPath: path.value })
  }

  async function mayPush(batch: string, mode: PushMode): Promise<Result<ReadBatch, AppError>> {
    const found = await read(batch)
    if (!found.ok) return found
    const { read: current, content } = found.value
    const standing = await decisions.standing(current, content)
    if (!standing.ok) return standing
    const guard = pushProblem(current.stored, content, standing.value.decisions, mode, standing.value.policy)
    return guard === null ? ok(current) : err(guard)
  }

  const resultOf = ({ stored }: ReadBatch, items: ItemCounts): Omit<PushResult, 'receipt'> => ({
    batch: stored.batch,
    state: stored.state,
    items,
  })

  async function filesOf(
    batch: string,
    options: { readonly columns: 'all' | 'changed'; readonly maxRows?: number | undefined },
  ): Promise<Result<ExportFiles, AppError>> {
    const found = await read(batch)
    if (!found.ok) return found
    const { read: current, content } = found.value
    if (content.storeOnly === true) return err({ code: 'guard/store-only', batch })
    // The files do in Control Hub what a push does in the store, and want the same approval.
    const { batch: id, state } = current.stored
    const counted = await decisions.standing(current, content)
    if (!counted.ok) return counted
    const isApproved = standingOf(current.stored, counted.value.decisions, counted.value.policy) === 'approved'
    if (!isApproved || state === 'rejected' || state === 'superseded') return err({ code: 'guard/not-approved', batch: id, state })
    const known = await customers.find(content.customer)
    if (!known.ok) return known
    const customer = known.value
    // What the store refused was changed by somebody else since it was approved: Control Hub would lose that change just the same.
    const ledger = await current.store.ledger(id)
    if (!ledger.ok) return err(storeError(ledger.error, id))
    const refused = new Set(ledger.value.flatMap(({ number, outcome }) => (outcome === 'refused' ? [number] : [])))
    const items = content.items.filter(({ number }) => !refused.has(number))
    if (items.length === 0) return err({ code: 'draft/no-changes', batch: id })
    const made = await batchAsSheet(current, { ...content, items }, customer ?? undefined)
    if (!made.ok) return made
    const { sheet, baseline } = made.value
    const { maxRows, language } = await settings.get()
    return makeExport(world, sheet, compareSheets(sheet, baseline, customer ?? undefined), {
      name: `${content.customer} ${batch}`,
      customer: content.customer,
      digest: current.stored.digest,
      columns: options.columns,
      maxRows: options.maxRows ?? maxRows,
      language,
    })
  }

  async function reconcileWith(batch: string, source: FileSource): Promise<Result<Reconciliation, AppError>> {
    const found = await read(batch)
    if (!found.ok) return found
    // It asks nothing of Control Hub, so nothing of it can have failed to land there; a catch-up file would take Control Hub back.
    if (found.value.content.storeOnly === true) return err({ code: 'guard/store-only', batch })
    return reconcileBatch(world, customers, found.value, source)
  }

  const methods: BatchMethods = {
    async 'batches.list'() {
      const store = await stores.find(undefined)
      if (!store.ok) return store
      if (store.value === null) return ok([])
      const all = await store.value.batches()
      if (!all.ok) return err(storeError(all.error))
      const items: BatchListItem[] = []
      for (const stored of all.value) {
        const approvals = await store.value.approvals(stored.batch)
        if (!approvals.ok) return err(storeError(approvals.error, stored.batch))
        items.push(listItemOf(stored, approvals.value))
      }
      return ok(items)
    },
    'batches.show': ({ batch }) => show(batch),
    async 'batches.items'({ batch, intent, outcome, group, from, count }) {
      const found = await read(batch)
      if (!found.ok) return found
      const { read: current, content } = found.value
      const ledger = await current.store.ledger(batch)
      if (!ledger.ok) return err(storeError(ledger.error, batch))
      const rows = new Map(ledger.value.map((row) => [row.number, row]))
      const members = group === undefined ? null : new Set(groups(content).find(({ key }) => key === group)?.members)
      const wanted = content.items.filter(
        (item) =>
          (intent === undefined || item.intent === intent) &&
          (members === null || members.has(item.number)) &&
          (outcome === undefined || (rows.get(item.number)?.outcome ?? 'pending') === outcome),
      )
      const items = wanted.slice(from, from + count).map((item): BatchItemLine => {
        const row = rows.get(item.number)
        return { ...changeOf(item), number: item.number, outcome: row?.outcome ?? 'pending', reason: row?.reason ?? null }
      })
      return ok({ total: wanted.length, items })
    },
    'batches.decide': decide,
    'batches.push': ({ job, ...input }) =>
      jobs.run(job, async (work) => {
        const pushed = await pushWith(input, work)
        if (!pushed.ok) return pushed
        const { batch, state, items, receipt } = pushed.value
        return ok({ batch, state, items, receipt })
      }),
    async 'batches.export'({ batch, columns, maxRows }) {
      const made = await filesOf(batch, { columns, maxRows })
      if (!made.ok) return made
      const shelved: Result<BatchExport, AppError> = await shelf.add(batch, made.value)
      if (shelved.ok) emit({ kind: 'batches-changed', batch })
      return shelved
    },
    async 'batches.tickExport'({ batch, export: number, order, state }) {
      const ticked = await shelf.tick(batch, number, order, state)
      if (ticked.ok) emit({ kind: 'batches-changed', batch })
      return ticked
    },
    async 'batches.reconcile'({ batch, ticket }) {
      const source = tickets.source(ticket)
      if (!source.ok) return source
      const held = await reconcileWith(batch, source.value)
      return held.ok ? ok(reconcileReport(tickets, batch, source.value.name, held.value)) : held
    },
    async 'batches.report'({ batch, language }) {
      const found = await read(batch)
      if (!found.ok) return found
      const shown = await detail(found.value.read)
      if (!shown.ok) return shown
      const bytes = summaryBytes(batchPage(shown.value, found.value.content, language, clock.now()))
      return ok(tickets.forBytes(`${batch}.html`, bytes))
    },
    async 'batches.receipt'({ batch }) {
      const found = await read(batch)
      return found.ok ? readReceipt(world, decisions, found.value.read, found.value.content) : found
    },
  }

  const service: BatchesService = {
    submitFile,
    reconcile: reconcileWith,
    push: (input, { onProgress, signal, held, chunk } = {}) =>
      pushWith(
        input,
        {
          signal: signal ?? new AbortController().signal,
          ...(held === undefined ? {} : { held }),
          progress: onProgress ?? (() => undefined),
          pause: async () => undefined,
        },
        chunk,
      ),
    async exportTo(batch, folder, { replace, ...options }): Promise<Result<Manifest, AppError>> {
      const made = await filesOf(batch, options)
      return made.ok ? writeExport(world, folder, made.value, replace === undefined ? {} : { replace }) : made
    },
  }

  async function forget(batch: string): Promise<Result<null, AppError>> {
    const path = receiptPath(world, batch)
    const removed = (await world.ownFiles.stat(path)) === null ? ok(null) : await world.ownFiles.remove(path)
    return removed.ok ? shelf.clear(batch) : err(fileError(removed.error))
  }

  return {
    methods,
    service,
    submit: submitTo,
    read,
    usersForPush: (of, emailKeys) => usersForPush(reader, of, emailKeys),
    record,
    forget,
    mayPush,
  }
}
