import type { BatchItem } from '../../../shared/core/batch/batch.ts'
import { heardOf, supplementOf, type Supplement } from '../../../shared/core/batch/supplement.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { ok, type Result } from '../../../shared/kit/result.ts'
import type { StoreProblem } from '../../ports/provisioning-store.ts'
import type { BatchReader, ReadBatch } from './read-batch.ts'

const touchedStore = new Set(['pushing', 'interrupted', 'applied', 'partly-applied'])

/**
 * What the batch's own baseline adds where the store knows its customer by single changes only (docs/decisions, first push). Nothing
 * where a whole baseline was put in before, where the batch has none, or where it cannot be known any more what the store was told.
 */
export async function supplement(
  reader: BatchReader,
  { store, stored }: Pick<ReadBatch, 'store' | 'stored'>,
): Promise<Result<readonly Supplement[], StoreProblem>> {
  const beginning = await store.beginning(stored.customer)
  if (!beginning.ok) return beginning
  if (beginning.value !== 'changes') return ok([])
  const seed = await store.seed(stored.batch)
  if (!seed.ok) return seed
  if (seed.value === null) return ok([])
  const pushed = await pushedItems(reader, { store, stored })
  if (!pushed.ok) return pushed
  if (pushed.value === null) return ok([])
  const present = await store.present(
    stored.customer,
    seed.value.map(({ email }) => emailKey(email)),
  )
  if (!present.ok) return present
  const users = present.value
  return ok(users === null ? [] : supplementOf(seed.value, (key) => users.get(key) ?? null, heardOf(pushed.value)))
}

/** Of every batch of this customer that touched the store; null where one of them cannot be read any more. */
async function pushedItems(
  reader: BatchReader,
  { store, stored }: Pick<ReadBatch, 'store' | 'stored'>,
): Promise<Result<readonly (readonly BatchItem[])[] | null, StoreProblem>> {
  const batches = await store.batches()
  if (!batches.ok) return batches
  const pushed: (readonly BatchItem[])[] = []
  for (const other of batches.value) {
    if (!isSameCustomer(other.customer, stored.customer) || !touchedStore.has(other.state)) continue
    const content = await reader.content({ store, stored: other, approvals: [] })
    if (!content.ok) return ok(null)
    pushed.push(content.value.items)
  }
  return ok(pushed)
}

const isSameCustomer = (a: string, b: string): boolean => keyOf(a) === keyOf(b)
const keyOf = (name: string): string => name.normalize('NFC').trim().toLowerCase()

/** The users with these emails (as `emailKey`) as a push of the batch would find them; null where the store does not know the customer. */
export async function usersForPush(
  reader: BatchReader,
  read: Pick<ReadBatch, 'store' | 'stored'>,
  emailKeys: readonly string[],
): Promise<Result<ReadonlyMap<string, Subscriber> | null, StoreProblem>> {
  const present = await read.store.present(read.stored.customer, emailKeys)
  if (!present.ok || present.value === null) return present
  const added = await supplement(reader, read)
  if (!added.ok) return added
  if (added.value.length === 0) return present
  const users = new Map(present.value)
  const asked = new Set(emailKeys)
  for (const { after } of added.value) if (asked.has(emailKey(after.email))) users.set(emailKey(after.email), after)
  return ok(users)
}
