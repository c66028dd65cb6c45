import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { reconcile, type Reconciliation } from '../../../shared/core/control-hub/reconcile.ts'
import { controlHubDialect, writeCsv } from '../../../shared/core/csv/write-csv.ts'
import type { Sheet } from '../../../shared/core/diff/paired-columns.ts'
import { EditableTable } from '../../../shared/core/table/editable-table.ts'
import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { ReconcileReport } from '../../../shared/contract/import-methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Customers } from '../customers.ts'
import { readTable } from '../files/read-table.ts'
import { storeError } from '../problems.ts'
import type { FileSource } from '../services.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import type { ReadBatch } from './read-batch.ts'

/** Reads the export and holds it against the batch. What others changed is seen against the users as the batch's store knows them. */
export async function reconcileBatch(
  world: World,
  customers: Customers,
  { read, content }: { readonly read: ReadBatch; readonly content: BatchContent },
  exported: FileSource,
): Promise<Result<Reconciliation, AppError>> {
  const known = await customers.find(content.customer)
  if (!known.ok) return known
  const customer = known.value ?? undefined
  const fresh = await readTable(world, exported, customer === undefined ? {} : { customer })
  if (!fresh.ok) return fresh
  const { facts, columns } = fresh.value
  const users = userColumns(columns)
  const lacking = users.email < 0 ? 'an email column' : users.packages.size === 0 ? 'a package column' : null
  if (lacking !== null) {
    const detail = `An export with ${lacking} is needed. Export the users from Control Hub with their attributes and licences.`
    return err({ code: 'file/unusable', name: facts.name, reason: 'no-header', detail, row: facts.headerRow })
  }
  const before = await usersBefore(read)
  if (!before.ok) return before
  return ok(reconcile({ content, fresh: fresh.value, before: before.value ?? undefined, customer }))
}

/** The baseline that came with the batch, else the store's users: those that the batch leaves alone are the same in both. */
async function usersBefore({ store, stored }: ReadBatch): Promise<Result<readonly Subscriber[] | null, AppError>> {
  const seed = await store.seed(stored.batch)
  if (!seed.ok) return err(storeError(seed.error, stored.batch))
  if (seed.value !== null) return seed
  const users = await store.subscribers(stored.customer)
  return users.ok ? users : err(storeError(users.error, stored.batch))
}

/** Lists beyond this are cut in the window; the catch-up file holds them all. */
const mostLines = 500

export function reconcileReport(tickets: Tickets, batch: string, exportName: string, held: Reconciliation): ReconcileReport {
  const open = held.items.filter(({ landing }) => landing !== 'landed')
  return {
    batch,
    export: exportName,
    counts: held.counts,
    items: open.slice(0, mostLines),
    byOthers: held.byOthers.slice(0, mostLines),
    byOthersTotal: held.byOthers.length,
    unseen: held.unseen,
    catchUp: held.catchUp === null ? null : tickets.forBytes(`${batch}-catch-up.csv`, catchUpBytes(held.catchUp)),
  }
}

/** What did not land, in Control Hub's own form. */
export function catchUpBytes({ table }: Sheet): Uint8Array<ArrayBuffer> {
  if (!(table instanceof EditableTable)) throw new TypeError('a catch-up file is a table of its own')
  const written = writeCsv(table, { dialect: controlHubDialect })
  if (!written.ok) throw new Error(written.error.detail)
  return new Uint8Array(Buffer.concat([...written.value]))
}
