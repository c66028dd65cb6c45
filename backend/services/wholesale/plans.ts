import type { AppError } from '../../../shared/contract/app-error.ts'
import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { sendProblem } from '../../../shared/core/wholesale/may-send.ts'
import { planCalls, wantedUsers, type WholesaleItem, type WholesaleLink } from '../../../shared/core/wholesale/plan-calls.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { OutboxItem, WholesaleOutbox } from '../../ports/wholesale-outbox.ts'
import type { Batches } from '../batches/batches.ts'
import type { ReadBatch } from '../batches/read-batch.ts'
import type { Customers } from '../customers.ts'
import { storeError } from '../problems.ts'
import type { Decisions } from '../review/decisions.ts'
import { outboxError } from './problems.ts'

type Reply<T> = Promise<Result<T, AppError>>

/** A batch with its verified content. */
interface Found {
  readonly read: ReadBatch
  readonly content: BatchContent
}

/** A batch as the API takes it. */
export interface Planned extends Found {
  readonly link: WholesaleLink
  readonly items: readonly WholesaleItem[]
}

/** What is told of a batch: its plan, and what the outbox knows of each item. */
export interface Shown extends Found {
  readonly link: WholesaleLink | null
  readonly items: readonly WholesaleItem[]
  readonly rows: ReadonlyMap<number, OutboxItem>
}

export interface Plans {
  /** After everything that must hold before a batch is handed to the API, or to files for it. */
  sendable(batch: string, target: 'api' | 'files'): Reply<Planned>
  /** Whoever asks, and whatever the batch's state: a precheck changes nothing. */
  forPrecheck(batch: string): Reply<Planned>
  /** To look at: also without the customer's ID, and before the push. */
  shown(batch: string): Reply<Shown>
}

export interface PlanParts {
  readonly batches: Pick<Batches, 'read'>
  readonly customers: Pick<Customers, 'find'>
  readonly decisions: Pick<Decisions, 'standing'>
  readonly outbox: WholesaleOutbox
}

export function createPlans({ batches, customers, decisions, outbox }: PlanParts): Plans {
  async function linkOf(customer: string): Reply<WholesaleLink | null> {
    const found = await customers.find(customer)
    return found.ok ? ok(found.value?.wholesale ?? null) : found
  }

  /** What the store has of the batch, and of the users whose numbers a call needs. `all`: as if all of it were applied. */
  async function planOf(found: Found, link: WholesaleLink, all: boolean): Reply<Planned> {
    const { store, stored } = found.read
    const ledger = await store.ledger(stored.batch)
    if (!ledger.ok) return err(storeError(ledger.error, stored.batch))
    const outcomes = new Map(ledger.value.map(({ number, outcome }) => [number, outcome]))
    const present = await store.present(stored.customer, wantedUsers(found.content.items))
    if (!present.ok) return err(storeError(present.error, stored.batch))
    const items = planCalls(found.content.items, {
      link,
      isInStore: ({ number }) => outcomes.get(number) === 'applied' || (all && !outcomes.has(number)),
      userOf: ({ email }) => present.value?.get(emailKey(email)) ?? null,
    })
    return ok({ ...found, link, items })
  }

  async function sendable(batch: string, target: 'api' | 'files'): Reply<Planned> {
    const found = await batches.read(batch)
    if (!found.ok) return found
    const { read, content } = found.value
    const standing = await decisions.standing(read, content)
    if (!standing.ok) return standing
    const guard = sendProblem(read.stored, content, standing.value.decisions, standing.value.policy, target)
    if (guard !== null) return err(guard)
    const link = await linkOf(content.customer)
    if (!link.ok) return link
    if (link.value === null) return err({ code: 'wholesale/no-customer-id', customer: content.customer })
    return planOf(found.value, link.value, target === 'files')
  }

  async function forPrecheck(batch: string): Reply<Planned> {
    const found = await batches.read(batch)
    if (!found.ok) return found
    const { customer, storeOnly } = found.value.content
    if (storeOnly === true) return err({ code: 'guard/store-only', batch })
    const link = await linkOf(customer)
    if (!link.ok) return link
    return link.value === null ? err({ code: 'wholesale/no-customer-id', customer }) : planOf(found.value, link.value, true)
  }

  // Windows ask for page after page of one batch. What the plan is made from changes with the batch's version and with the profile.
  let lastPlan: { readonly content: BatchContent; readonly key: string; readonly items: readonly WholesaleItem[] } | null = null
  async function planToShow(found: Found, link: WholesaleLink): Reply<readonly WholesaleItem[]> {
    const { stored } = found.read
    const key = JSON.stringify([stored.batch, stored.version, link])
    if (lastPlan?.content !== found.content || lastPlan.key !== key) {
      const plan = await planOf(found, link, !isPushed(found.read))
      if (!plan.ok) return plan
      lastPlan = { content: found.content, key, items: plan.value.items }
    }
    return ok(lastPlan.items)
  }

  let lastRows: { readonly items: readonly OutboxItem[]; readonly byNumber: ReadonlyMap<number, OutboxItem> } | null = null
  function rowsOf(batch: string): Result<ReadonlyMap<number, OutboxItem>, AppError> {
    const rows = outbox.items(batch)
    if (!rows.ok) return err(outboxError(rows.error, batch))
    if (lastRows?.items !== rows.value) lastRows = { items: rows.value, byNumber: new Map(rows.value.map((row) => [row.number, row])) }
    return ok(lastRows.byNumber)
  }

  /** Of a batch that may not be sent yet, too: then nothing is there but what will be left out. */
  async function shown(batch: string): Reply<Shown> {
    const found = await batches.read(batch)
    if (!found.ok) return found
    const { content } = found.value
    const link = await linkOf(content.customer)
    if (!link.ok) return link
    const rows = rowsOf(batch)
    if (!rows.ok) return rows
    // Without the customer's ID the calls are the same, but for that.
    const items = await planToShow(found.value, link.value ?? { customerId: '-' })
    return items.ok ? ok({ ...found.value, link: link.value, items: items.value, rows: rows.value }) : items
  }

  return { sendable, forPrecheck, shown }
}

const isPushed = ({ stored }: ReadBatch): boolean => stored.state === 'applied' || stored.state === 'partly-applied'
