import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { WholesaleItemLine, WholesalePrecheck, WholesaleStatus } from '../../../shared/contract/wholesale-methods.ts'
import type { AuditFact } from '../../../shared/core/batch/audit.ts'
import { frozenItems } from '../../../shared/core/batch/freeze.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import type { Finding } from '../../../shared/core/rules/finding.ts'
import { sendProblem } from '../../../shared/core/wholesale/may-send.ts'
import { wholesaleStates, type WholesaleCounts, type WholesaleState } from '../../../shared/core/wholesale/outcome.ts'
import { wholesaleFiles } from '../../../shared/core/wholesale/payload-files.ts'
import { planCalls, type WholesaleItem, type WholesaleLink } from '../../../shared/core/wholesale/plan-calls.ts'
import { precheckFinding } from '../../../shared/core/wholesale/precheck-words.ts'
import type { Language } from '../../../shared/kit/language.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { WholesaleApi, WholesaleLine } from '../../ports/wholesale-api.ts'
import type { OutboxItem } from '../../ports/wholesale-outbox.ts'
import { actorOf, batchFact } from '../batches/audit-facts.ts'
import type { ReadBatch } from '../batches/read-batch.ts'
import { comparisonOf } from '../drafts/changes.ts'
import type { Draft } from '../drafts/draft.ts'
import type { Jobs, Work } from '../jobs.ts'
import { fileError, storeError } from '../problems.ts'
import type { WholesaleService } from '../services.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import { createQuestions, type QuestionParts } from './ask.ts'
import { createCrew, type Crew } from './crew.ts'
import { createPlans, type PlanParts } from './plans.ts'
import { createPace, type SendTimes, type Wait } from './pace.ts'
import { apiError, outboxError } from './problems.ts'
import { createItemSender, type CallItem } from './send-item.ts'

export type WholesaleMethods = Pick<
  Api<Methods>,
  | 'wholesale.status'
  | 'wholesale.items'
  | 'wholesale.payloads'
  | 'wholesale.precheck'
  | 'wholesale.precheckDraft'
  | 'wholesale.address'
  | 'wholesale.send'
>

export interface WholesaleParts extends PlanParts {
  readonly world: World
  readonly draft: (id: string) => Promise<Result<Draft, AppError>>
  readonly tickets: Tickets
  readonly jobs: Jobs
  readonly api: WholesaleApi
  readonly wait: Wait
  readonly times: SendTimes
  /** From the environment. */
  readonly token: string | null
  /** Asks who sits at the terminal; null where nobody does. */
  readonly askToken: (() => Promise<string>) | null
}

export interface Wholesale {
  readonly methods: WholesaleMethods
  readonly service: WholesaleService
  /** Stops every sending, as by hand: within a second, and its end is in the log. */
  stop(): Promise<void>
  /** When a batch's data is purged, what the outbox holds of it goes, too. */
  alsoPurging(purge: Api<Methods>['review.purge']): Api<Methods>['review.purge']
}

interface SendInput {
  readonly batch: string
  readonly by: string
  readonly token?: string
  readonly mode?: 'send' | 'retry'
}

type Reply<T> = Promise<Result<T, AppError>>

/**
 * The Wholesale API as the second step of a push: what the provisioning store has applied is sent there, call by call, through a
 * durable outbox. The API knows no idempotency key, so this is at least once, reconciled by looking users up.
 */
export function createWholesale(parts: WholesaleParts): Wholesale {
  const { world, customers, decisions, draft, tickets, jobs, api, outbox, wait, times } = parts
  const plans = createPlans(parts)
  const { clock, hasher, log, emit, files } = world

  async function connect(given: string | undefined): Reply<WholesaleLine> {
    const token = given?.trim() ?? parts.token ?? (await parts.askToken?.()) ?? ''
    if (token === '') return err({ code: 'wholesale/token', url: api.url, reason: 'none' })
    const line = api.connect(token)
    return line.ok ? line : err(apiError(line.error, api.url))
  }

  async function status(batch: string): Reply<WholesaleStatus> {
    const found = await plans.shown(batch)
    if (!found.ok) return found
    const { content, link, items, rows, read } = found.value
    const sending = outbox.sending(batch)
    if (!sending.ok) return err(outboxError(sending.error, batch))
    const standing = await decisions.standing(read, content)
    const guard = standing.ok ? sendProblem(read.stored, content, standing.value.decisions, standing.value.policy, 'api') : standing.error
    return ok({
      batch,
      customer: content.customer,
      customerId: link?.customerId ?? null,
      url: api.url,
      hasToken: parts.token !== null,
      canSend: guard === null,
      counts: countStates(items, rows),
      lastSent: sending.value === null ? null : { by: sending.value.by, at: sending.value.at, url: sending.value.url },
      owner: link === null ? null : outbox.ownerOf(link.customerId),
    })
  }

  const closing = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  async function send(input: SendInput, work: Work): Reply<WholesaleStatus> {
    const sending = sendOnce(input, { ...work, signal: AbortSignal.any([work.signal, closing.signal]) })
    underWay.add(sending)
    try {
      return await sending
    } finally {
      underWay.delete(sending)
    }
  }

  async function sendOnce({ batch, by, token, mode = 'send' }: SendInput, { signal, progress }: Work): Reply<WholesaleStatus> {
    const plan = await plans.sendable(batch, 'api')
    if (!plan.ok) return plan
    const { link, items, read } = plan.value
    if (by.trim() === '') return err({ code: 'guard/refused', detail: 'a sending needs the name of who sends' })
    const line = await connect(token)
    if (!line.ok) return line
    const calls = items.filter((item): item is CallItem => item.call !== null)
    const begun = outbox.begin(
      { batch, digest: read.stored.digest, customerId: link.customerId, url: api.url, by: by.trim(), at: clock.now() },
      calls.map(({ number }) => number),
      { retry: mode === 'retry' },
    )
    if (!begun.ok) {
      line.value.close()
      return err(outboxError(begun.error, batch))
    }
    const session = begun.value
    const note = noteIn(read, by)
    const crew = createCrew(signal)
    try {
      // Before the first call leaves: what the log cannot take is not sent.
      const noted = await note(mode === 'retry' ? 'wholesale/retry' : 'wholesale/started', { items: calls.length })
      if (!noted.ok) return noted
      log.event('wholesale/sending', { batch, items: calls.length })
      const sender = createItemSender({
        ...questionParts(line.value, link, crew, signal),
        session,
        hasher,
        now: () => clock.now(),
        outboxError: (problem) => outboxError(problem, batch),
      })
      const rows = new Map(session.items.map((row) => [row.number, row]))
      const open = calls.flatMap((item) => {
        const row = rows.get(item.number)
        return row === undefined || row.state === 'done' || row.state === 'refused' ? [] : [{ item, row }]
      })
      let done = calls.length - open.length
      progress('wholesale', done, calls.length)
      await crew.each(open, times.workers, async ({ item, row }) => {
        await sender(item, row)
        progress('wholesale', ++done, calls.length)
      })
    } finally {
      session.release()
      line.value.close()
      emit({ kind: 'batches-changed', batch })
    }
    const after = await status(batch)
    if (!after.ok) return after
    log.event('wholesale/ended', { batch, ...after.value.counts })
    const halted = crew.halted()
    const how = signal.aborted ? 'wholesale/stopped' : halted === null ? 'wholesale/finished' : 'wholesale/broken-off'
    // Of a sending whose end cannot be logged the outbox knows all; sending again looks, sends what is left, and logs the counts.
    const noted = await note(how, { ...after.value.counts })
    if (signal.aborted) return err({ code: 'cancelled' })
    if (halted !== null) return err(halted)
    return noted.ok ? after : noted
  }

  /** Who sends, when, which batch and how it ended, in the audit chain of the store that has the batch. */
  const noteIn =
    ({ store, stored }: ReadBatch, by: string) =>
    async (what: string, counts: AuditFact['counts']): Reply<null> => {
      const actor = actorOf(by.trim(), stored.hashKey, hasher)
      const noted = await store.note(batchFact(what, stored, actor, clock.now(), counts), actor)
      return noted.ok ? noted : err(storeError(noted.error, stored.batch))
    }

  const questionParts = (line: WholesaleLine, link: WholesaleLink, crew: Crew, signal: AbortSignal): QuestionParts => ({
    line,
    link,
    pace: createPace(clock, wait, times, crew.ending),
    times,
    signal,
    url: api.url,
    nowMs: () => Date.parse(clock.now()),
    halt: crew.halt,
  })

  interface Asking {
    readonly token?: string
    readonly language: Language
  }

  /** It changes nothing, so it waits for no approval. */
  async function precheckBatch({ batch, ...asking }: Asking & { readonly batch: string }, work: Work): Reply<WholesalePrecheck> {
    const plan = await plans.forPrecheck(batch)
    return plan.ok ? precheck(plan.value.items, plan.value.link, asking, work) : plan
  }

  /** What a file or a draft would add, as a batch of it would be sent. */
  async function precheckChanges(
    changes: Comparison,
    customer: CustomerProfile | null,
    asking: Asking,
    work: Work,
  ): Reply<WholesalePrecheck> {
    const link = customer?.wholesale
    if (link === undefined) return err({ code: 'wholesale/no-customer-id', customer: customer?.name ?? '' })
    const added = frozenItems(changes).filter(({ intent }) => intent === 'add')
    return precheck(planCalls(added, { link, isInStore: () => true, userOf: () => null }), link, asking, work)
  }

  async function precheck(
    items: readonly WholesaleItem[],
    link: WholesaleLink,
    { token, language }: Asking,
    { signal, progress }: Work,
  ): Reply<WholesalePrecheck> {
    const line = await connect(token)
    if (!line.ok) return line
    const crew = createCrew(signal)
    const questions = createQuestions(questionParts(line.value, link, crew, signal))
    const adds = items.flatMap((item) => (item.call?.kind === 'add' ? [{ item, call: item.call }] : []))
    const findings: Finding[] = []
    let unavailable = false
    let checked = 0
    progress('precheck', 0, adds.length)
    await crew.each(adds, times.workers, async ({ item, call }) => {
      if (unavailable) return
      const verdict = await questions.precheck(call)
      if (verdict?.kind === 'unavailable') unavailable = true
      if (verdict === null || verdict.kind === 'unavailable') return
      const finding = precheckFinding(item, verdict, language)
      if (finding !== null) findings.push(finding)
      progress('precheck', ++checked, adds.length)
    })
    line.value.close()
    if (signal.aborted) return err({ code: 'cancelled' })
    const halted = crew.halted()
    if (halted !== null) return err(halted)
    const summary = { error: 0, warning: 0, info: 0 }
    for (const { severity } of findings) summary[severity]++
    return ok({ checked, unavailable, summary, findings: findings.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0)) })
  }

  async function payloads(batch: string): Reply<readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[]> {
    const plan = await plans.sendable(batch, 'files')
    if (!plan.ok) return plan
    const { read, content, link, items } = plan.value
    const made = wholesaleFiles(
      items,
      { batch, digest: read.stored.digest, customer: content.customer, madeAt: clock.now(), link },
      (text) => hasher.sha256(text),
    )
    return ok(made.map(({ name, text }) => ({ name, bytes: new Uint8Array(Buffer.from(text)) })))
  }

  const inHand = (options: Partial<Pick<Work, 'signal' | 'progress'>>): Work => ({
    signal: options.signal ?? new AbortController().signal,
    progress: options.progress ?? (() => undefined),
    pause: async () => undefined,
  })

  return {
    async stop() {
      closing.abort()
      await Promise.allSettled(underWay)
    },
    alsoPurging: (purge) => async (input) => {
      const purged = await purge(input)
      if (!purged.ok) return purged
      const forgotten = outbox.forget(input.batch)
      return forgotten.ok ? purged : err(outboxError(forgotten.error, input.batch))
    },
    methods: {
      'wholesale.status': ({ batch }) => status(batch),
      async 'wholesale.items'({ batch, state, from, count }) {
        const found = await plans.shown(batch)
        if (!found.ok) return found
        const { items, rows } = found.value
        const wanted = state === undefined ? items : items.filter((item) => stateOf(item, rows) === state)
        return ok({ total: wanted.length, items: wanted.slice(from, from + count).map((item) => lineOf(item, rows.get(item.number))) })
      },
      async 'wholesale.payloads'({ batch }) {
        const made = await payloads(batch)
        return made.ok ? ok(made.value.map(({ name, bytes }) => tickets.forBytes(name, bytes))) : made
      },
      'wholesale.precheck': ({ job, ...input }) => jobs.run(job, (work) => precheckBatch(input, work)),
      async 'wholesale.precheckDraft'({ job, draftId, ...asking }) {
        const found = await draft(draftId)
        if (!found.ok) return found
        const { customer } = found.value
        const known = customer === null ? ok(null) : await customers.find(customer.name)
        if (!known.ok) return known
        return jobs.run(job, (work) => precheckChanges(comparisonOf(found.value), known.value ?? customer, asking, work))
      },
      'wholesale.address': async () => ok({ url: api.url, hasToken: parts.token !== null }),
      'wholesale.send': ({ job, ...input }) => jobs.run(job, (work) => send(input, work)),
    },
    service: {
      send: (input, options = {}) => send(input, inHand(options)),
      precheck: (input, options = {}) => precheckBatch(input, inHand(options)),
      precheckChanges: (changes, customer, asking, options = {}) => precheckChanges(changes, customer, asking, inHand(options)),
      async writePayloads(batch, folder, options = {}) {
        const made = await payloads(batch)
        if (!made.ok) return made
        const written = await files.writeFolder(folder, made.value, options)
        return written.ok ? ok(made.value.map(({ name }) => name)) : err(fileError(written.error))
      },
    },
  }
}

function lineOf({ number, row, email, intent, call, leftOut, notCarried }: WholesaleItem, kept: OutboxItem | undefined): WholesaleItemLine {
  const base = { number, row, email, intent, notCarried }
  // What was sent once is told, whatever has become of the profile since.
  if (kept !== undefined) {
    const { state, reason, proof, attempts, subscriberId } = kept
    return { ...base, state, reason, proof, attempts, subscriberId }
  }
  const state: WholesaleState = call === null ? 'left-out' : 'pending'
  return { ...base, state, reason: leftOut, proof: null, attempts: 0, subscriberId: null }
}

const stateOf = ({ number, call }: WholesaleItem, rows: ReadonlyMap<number, OutboxItem>): WholesaleState =>
  rows.get(number)?.state ?? (call === null ? 'left-out' : 'pending')

function countStates(items: readonly WholesaleItem[], rows: ReadonlyMap<number, OutboxItem>): WholesaleCounts {
  const counts = {
    total: items.length,
    ...(Object.fromEntries(wholesaleStates.map((state) => [state, 0])) as Record<WholesaleState, number>),
  }
  for (const item of items) counts[stateOf(item, rows)]++
  return counts
}
