import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import type { ReviewGroup } from '../../../shared/core/review/groups.ts'
import { threeWay, type ThreeWayRow } from '../../../shared/core/review/three-way.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ReviewBook } from '../../ports/provisioning-store.ts'
import type { Batches } from '../batches/batches.ts'
import type { OpenStores } from '../batches/open-stores.ts'
import type { ReadBatch } from '../batches/read-batch.ts'
import type { Customers } from '../customers.ts'
import { storeError } from '../problems.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import type { Decisions } from './decisions.ts'
import type { Policies } from './policies.ts'

export type ReviewMethods = Pick<Api<Methods>, Extract<keyof Methods, `review.${string}`>>

export interface ReviewParts {
  readonly world: World
  readonly stores: OpenStores
  readonly tickets: Tickets
  readonly batches: Batches
  readonly customers: Pick<Customers, 'find' | 'named'>
  readonly decisions: Decisions
  readonly policies: Policies
  readonly groups: (content: BatchContent) => readonly ReviewGroup[]
  readonly createDraft: Api<Methods>['drafts.create']
}

/** The book of a batch's store, or the refusal. */
export function bookOf({ store, stored }: ReadBatch, by: string): Result<ReviewBook, AppError> {
  return store.book === undefined ? err({ code: 'guard/decision', batch: stored.batch, by, reason: 'no-book' }) : ok(store.book)
}

/** The rows that somebody else changed since the batch was made. None where the store does not know the customer. */
export async function driftedRows(
  batches: Pick<Batches, 'usersForPush'>,
  read: ReadBatch,
  content: BatchContent,
): Promise<Result<readonly ThreeWayRow[], AppError>> {
  const keys = [...new Set(content.items.flatMap((item) => [subjectKey(item), emailKey(item.email)]))]
  const present = await batches.usersForPush(read, keys)
  if (!present.ok) return err(storeError(present.error, read.stored.batch))
  const users = present.value
  return ok(users === null ? [] : threeWay(content.items, (key) => users.get(key) ?? null))
}
