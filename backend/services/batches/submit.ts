import { personKey, removalsProblem } from '../../../shared/core/batch/approval.ts'
import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { digestOf, serializeContent } from '../../../shared/core/batch/digest.ts'
import { freeze } from '../../../shared/core/batch/freeze.ts'
import { subscribersFromTable } from '../../../shared/core/batch/subscribers-from-table.ts'
import type { Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import type { Sheet } from '../../../shared/core/diff/paired-columns.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { NewStoredBatch, ProvisioningStore } from '../../ports/provisioning-store.ts'
import { rulesetVersion } from '../check.ts'
import { storeError } from '../problems.ts'
import type { World } from '../world.ts'
import { actorOf, batchFact } from './audit-facts.ts'

/** What is to become a batch. Its findings were looked at: none is an error. */
export interface Submission {
  readonly customer: string
  readonly comparison: Comparison
  readonly baseline: { readonly kind: 'file' | 'store'; readonly sheet: Sheet } | null
  readonly by: string
  readonly message: string | null
  readonly confirmedRemovals: number
  readonly ignored: BatchContent['ignored']
  readonly draft: string | null
}

/**
 * Freezes a change set and puts it into the store. Where the store does not know the customer yet, or by single changes only, the
 * whole baseline goes with the batch, for the push to begin with (docs/decisions, first push).
 *
 * The comparison reads the live table, so guards and freezing come in one go before anything is waited for: an edit that arrives while
 * the store answers is not in the batch. Callers come here straight from their own guards, for the same reason.
 */
export async function submit(
  { clock, hasher }: Pick<World, 'clock' | 'hasher'>,
  openStore: () => Promise<Result<ProvisioningStore, AppError>>,
  submission: Submission,
): Promise<Result<string, AppError>> {
  const { customer, baseline, by, draft } = submission
  const problem = submissionProblem(submission)
  if (problem !== null) return err(problem)
  const frozen = frozenSubmission(submission, hasher)

  const opened = await openStore()
  if (!opened.ok) return opened
  const store = opened.value
  const status = await store.status()
  if (!status.ok) return err(storeError(status.error))
  const beginning = await store.beginning(customer)
  if (!beginning.ok) return err(storeError(beginning.error))
  const earlier = await store.batches()
  if (!earlier.ok) return err(storeError(earlier.error))

  const content: BatchContent = { ...frozen, target: { lineage: status.value.lineage } }
  const added = await addContent({ clock, hasher }, store, content, {
    by,
    message: submission.message,
    draft,
    // Nobody edits a baseline: another one takes its place.
    seed: beginning.value !== 'baseline' && baseline?.kind === 'file' ? subscribersFromTable(baseline.sheet) : null,
    supersedes: draft === null ? [] : earlier.value.filter((other) => other.draft === draft).map((other) => other.batch),
  })
  return added.ok ? ok(added.value.batch) : added
}

function submissionProblem({ comparison, by, confirmedRemovals }: Submission): AppError | null {
  if (personKey(by) === '') return { code: 'guard/refused', detail: 'a batch needs the name of its author' }
  if (comparison.count === 0) return { code: 'draft/no-changes' }
  const unsayable = subscriptionMove(comparison)
  if (unsayable !== null) {
    const detail = `a batch names the package and not the column: ${unsayable.email} gets “${unsayable.column}”, which would be lost. Export the file instead`
    return { code: 'guard/refused', detail }
  }
  return removalsProblem(comparison.summary.remove, confirmedRemovals)
}

/** All of the content but the store that it is for. */
function frozenSubmission(
  { customer, comparison, baseline, by, confirmedRemovals, ignored }: Submission,
  hasher: World['hasher'],
): Omit<BatchContent, 'target'> {
  const facts = { customer, author: by.trim(), rulesetVersion, target: { lineage: '' }, confirmedRemovals, ignored }
  return freeze(comparison, { ...facts, baseline: baseline?.kind ?? 'none' }, hasher)
}

/**
 * The first user whom a batch would give a package by another column than the file does: of several columns of one package (two
 * subscriptions) it can say the first only, and a move from one to the other not at all.
 */
function subscriptionMove(comparison: Comparison): { readonly email: string; readonly column: string } | null {
  const ofPackage = Map.groupBy(
    comparison.columns.filter((column) => column.role === 'package'),
    (column) => column.package,
  )
  const several = [...ofPackage.values()].filter((columns) => columns.length > 1)
  if (several.length === 0) return null
  const firsts = new Set(several.map(([first]) => first))
  const twofold = new Set(several.flat())
  for (let index = 0; index < comparison.count; index++) {
    const { intent } = comparison.placeOf(index)
    const lost = comparison
      .cellsAt(index)
      .find(({ column, after }) => after === 'TRUE' && twofold.has(column) && (intent === 'update' || !firsts.has(column)))
    if (lost !== undefined) return { email: comparison.changeAt(index).email, column: lost.column.header }
  }
  return null
}

/** Puts frozen content into the store, under a new id. */
export async function addContent(
  { clock, hasher }: Pick<World, 'clock' | 'hasher'>,
  store: ProvisioningStore,
  unsigned: BatchContent,
  {
    by,
    message,
    draft,
    seed,
    supersedes = [],
  }: Pick<NewStoredBatch, 'message' | 'draft' | 'seed'> & { readonly by: string; readonly supersedes?: readonly string[] },
): Promise<Result<{ readonly batch: string; readonly digest: string }, AppError>> {
  const batch = `b-${clock.random(5)}`
  const author = by.trim()
  // The author stands inside what the digest covers, whoever wrote the content that this one was made from.
  const content: BatchContent = { ...unsigned, author }
  const digest = digestOf(content, hasher)
  const hashKey = clock.random(16)
  const actor = actorOf(by, hashKey, hasher)
  const at = clock.now()
  const { add, update, packageChange, remove, rename } = content.summary
  const added = await store.addBatch(
    {
      batch,
      customer: content.customer,
      author,
      authorKey: personKey(by),
      message,
      submittedAt: at,
      digest,
      content: serializeContent(content),
      summary: content.summary,
      items: content.items.length,
      singlePerson: store.singlePerson,
      draft,
      hashKey,
      actor,
      seed,
    },
    batchFact('batch/submitted', { batch, digest }, actor, at, { add, update, packageChange, remove, rename }),
    supersedes,
  )
  return added.ok ? ok({ batch, digest }) : err(storeError(added.error))
}
