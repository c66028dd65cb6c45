import { baselineFingerprint } from '../../../shared/core/batch/drift.ts'
import { removalsProblem } from '../../../shared/core/batch/approval.ts'
import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { itemsToTakeOver, storeDrift, type StoreDrift } from '../../../shared/core/batch/store-drift.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { packagesAfter, sumItems } from '../../../shared/core/batch/sum-items.ts'
import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { rulesetVersion } from '../check.ts'
import type { Customers } from '../customers.ts'
import { usersPerPackage } from '../files/package-users.ts'
import { readTable } from '../files/read-table.ts'
import { storeError } from '../problems.ts'
import type { OpenedFile } from '../services.ts'
import type { StoreUsers } from '../store-users.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import type { BatchMethods } from './batches.ts'
import type { OpenStores } from './open-stores.ts'
import { catchUpBytes } from './reconcile-batch.ts'
import { addContent } from './submit.ts'

export type StoreDriftMethods = Pick<Api<Methods>, 'store.customer' | 'store.drift' | 'store.takeExport' | 'store.toDraft'>

export interface StoreDriftParts {
  readonly world: World
  readonly stores: OpenStores
  readonly tickets: Tickets
  readonly customers: Customers
  readonly storeUsers: StoreUsers
  readonly show: BatchMethods['batches.show']
  readonly drafts: Pick<Api<Methods>, 'drafts.create' | 'drafts.setBaseline'>
}

interface Held {
  readonly customer: CustomerProfile
  readonly file: OpenedFile
  /** Null: the store does not know the customer. */
  readonly users: readonly Subscriber[] | null
  readonly drift: StoreDrift
}

/** The store beside Control Hub: its users as a draft, an export held against it, and the export's state taken over. */
export function storeDriftMethods({ world, stores, tickets, customers, storeUsers, show, drafts }: StoreDriftParts): StoreDriftMethods {
  const { hasher, emit } = world
  // Its pages ask for the same comparison again and again.
  let last: { readonly key: string; readonly held: Held } | null = null

  async function compare(name: string, ticket: string, sheet?: string): Promise<Result<Held, AppError>> {
    const customer = await customers.named(name)
    if (!customer.ok) return customer
    const source = tickets.source(ticket)
    if (!source.ok) return source
    const store = await stores.find(undefined)
    if (!store.ok) return store
    const status = store.value === null ? null : await store.value.status()
    if (status?.ok === false) return err(storeError(status.error))
    const key = `${ticket} ${status?.value.lineage ?? ''} ${status?.value.serial ?? 0} ${sheet === undefined ? '' : JSON.stringify(sheet)} ${name}`
    if (last?.key === key) return ok(last.held)
    const file = await readTable(world, source.value, { customer: customer.value, ...(sheet === undefined ? {} : { sheet }) })
    if (!file.ok) return file
    const { facts, columns } = file.value
    const of = userColumns(columns)
    const lacking = of.email < 0 ? 'an email column' : of.packages.size === 0 ? 'a package column' : null
    if (lacking !== null) {
      const detail = `An export with ${lacking} is needed. Export the users from Control Hub with their attributes and licences.`
      return err({ code: 'file/unusable', name: facts.name, reason: 'no-header', detail, row: facts.headerRow })
    }
    const users = store.value === null ? ok(null) : await store.value.subscribers(customer.value.name)
    if (!users.ok) return err(storeError(users.error))
    const held = { customer: customer.value, file: file.value, users: users.value, drift: storeDrift(file.value, users.value ?? []) }
    last = { key, held }
    return ok(held)
  }

  return {
    async 'store.customer'({ customer: name }) {
      const customer = await customers.named(name)
      if (!customer.ok) return customer
      const sheet = await storeUsers.sheet(customer.value, undefined)
      if (!sheet.ok) return sheet
      if (sheet.value === null) return ok({ isKnown: false, users: 0, packages: [] })
      const { table, columns } = sheet.value
      return ok({ isKnown: true, users: table.rows.length, packages: usersPerPackage(table, columns) })
    },
    async 'store.drift'({ customer, ticket, kind, from, count }) {
      const held = await compare(customer, ticket)
      if (!held.ok) return held
      const { drift, file, users } = held.value
      const rows = kind === undefined ? drift.rows : drift.rows.filter((row) => row.kind === kind)
      return ok({
        name: file.facts.name,
        isKnown: users !== null,
        counts: drift.counts,
        unseen: drift.unseen,
        total: rows.length,
        rows: rows.slice(from, from + count),
      })
    },
    async 'store.takeExport'({ customer: name, ticket, sheet, by, message, removeMissing, confirmRemovals }) {
      const held = await compare(name, ticket, sheet)
      if (!held.ok) return held
      const { customer, file, drift } = held.value
      const users = held.value.users ?? []
      const items = itemsToTakeOver(drift, users, file, { removals: removeMissing })
      if (items.length === 0) return err({ code: 'draft/no-changes' })
      const summary = sumItems(items)
      const unconfirmed = removalsProblem(summary.remove, confirmRemovals ?? 0)
      if (unconfirmed !== null) return err(unconfirmed)
      const store = await stores.create(undefined)
      if (!store.ok) return store
      const status = await store.value.status()
      if (!status.ok) return err(storeError(status.error))
      const content: BatchContent = {
        format: 1,
        customer: customer.name,
        author: by.trim(),
        rulesetVersion,
        target: { lineage: status.value.lineage },
        storeOnly: true,
        baseline: { kind: 'store', fingerprint: baselineFingerprint(items, hasher), users: users.length },
        header: file.columns.map((column) => column.header.toWellFormed()),
        summary: { ...summary, unchanged: drift.counts.same },
        packages: packagesAfter(customer.packages ?? [], users, items),
        confirmedRemovals: summary.remove,
        ignored: [],
        items,
      }
      const added = await addContent(world, store.value, content, {
        by,
        message: message ?? `Takes over ${file.facts.name}`,
        draft: null,
        seed: null,
      })
      if (!added.ok) return added
      emit({ kind: 'batches-changed', batch: added.value.batch })
      return show({ batch: added.value.batch })
    },
    async 'store.toDraft'({ customer: name, job }) {
      const customer = await customers.named(name)
      if (!customer.ok) return customer
      const sheet = await storeUsers.sheet(customer.value, undefined)
      if (!sheet.ok) return sheet
      if (sheet.value === null) return err({ code: 'guard/refused', detail: `the store knows no users of ${customer.value.name} yet` })
      const file = tickets.forBytes(`${customer.value.name}.csv`, catchUpBytes(sheet.value))
      const made = await drafts['drafts.create']({
        ticket: file.ticket,
        customer: customer.value.name,
        ...(job === undefined ? {} : { job }),
      })
      if (!made.ok) return made
      return drafts['drafts.setBaseline']({ draftId: made.value.id, baseline: { kind: 'store' } })
    },
  }
}
