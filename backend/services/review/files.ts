import { decisionProblem } from '../../../shared/core/batch/approval.ts'
import { auditGenesis } from '../../../shared/core/batch/audit.ts'
import type { Approval, BatchContent } from '../../../shared/core/batch/batch.ts'
import { commentsOf, type ReviewComment } from '../../../shared/core/review/comment.ts'
import { reviewGroups } from '../../../shared/core/review/groups.ts'
import {
  readReviewFile,
  writeReviewFile,
  type ReviewDecision,
  type ReviewFile,
  type ReviewKey,
  type ReviewRequest,
} from '../../../shared/core/review/review-file.ts'
import { risksOf } from '../../../shared/core/review/risks.ts'
import { statementText, writeSignature } from '../../../shared/core/review/statement.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DecisionReason } from '../../../shared/core/review/decision-reason.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { OwnKey } from '../../ports/signers.ts'
import { actorOf, batchFact } from '../batches/audit-facts.ts'
import { changeOf, groupOf } from '../batches/batch-detail.ts'
import { storeError } from '../problems.ts'
import type { World } from '../world.ts'
import { placeOf } from './decisions.ts'
import type { ReviewMethods, ReviewParts } from './review-parts.ts'

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'utf8'))

/** A person's public key as a file for the store at home. */
export const keyFileOf = (
  { person, publicKey, fingerprint, successions }: OwnKey,
  { hasher }: Pick<World, 'hasher'>,
): Uint8Array<ArrayBuffer> =>
  bytesOf(
    writeReviewFile<ReviewKey>(
      { kind: 'key', person, publicKey, fingerprint, ...(successions.length === 0 ? {} : { successions }) },
      hasher,
    ),
  )

type ReadReviewFile = (ticket: string) => Promise<Result<{ readonly name: string; readonly file: ReviewFile }, AppError>>

/** Reads and verifies the file behind a ticket. Bytes that are those of the last time are not verified again: a large one is paged through. */
function reviewFileReader({ world, tickets }: Pick<ReviewParts, 'world' | 'tickets'>): ReadReviewFile {
  let last: { readonly sha256: string; readonly file: ReviewFile } | null = null
  return async (ticket) => {
    const found = await tickets.read(ticket)
    if (!found.ok) return found
    const { name, bytes } = found.value
    const sha256 = world.sha256(bytes)
    if (last?.sha256 === sha256) return ok({ name, file: last.file })
    if (!world.isUtf8(bytes)) return err({ code: 'review/unusable', name, reason: 'foreign' })
    const file = readReviewFile(Buffer.from(bytes).toString('utf8'), world.hasher)
    if (!file.ok) return err({ code: 'review/unusable', name, reason: file.error.reason })
    last = { sha256, file: file.value }
    return ok({ name, file: file.value })
  }
}

/** The frozen content of a review file. */
export function reviewFileContent(
  parts: Pick<ReviewParts, 'world' | 'tickets'>,
): (ticket: string) => Promise<Result<BatchContent, AppError>> {
  const read = reviewFileReader(parts)
  return async (ticket) => {
    const found = await read(ticket)
    if (!found.ok) return found
    const { name, file } = found.value
    return file.kind === 'review' ? ok(file.content) : err({ code: 'review/unusable', name, reason: 'not-a-review' })
  }
}

type FileMethods = Pick<
  ReviewMethods,
  'review.exportFile' | 'review.openFile' | 'review.fileItems' | 'review.decideFile' | 'review.importFile'
>

/** Four eyes without a shared store: a batch goes out as a file, a decision comes back as one, and both are verified as they are read. */
export function fileMethods({ world, stores, tickets, batches, customers, decisions }: ReviewParts): FileMethods {
  const { clock, hasher, signers, emit } = world
  const read = reviewFileReader({ world, tickets })

  async function request(ticket: string): Promise<Result<ReviewRequest, AppError>> {
    const found = await read(ticket)
    if (!found.ok) return found
    const { name, file } = found.value
    return file.kind === 'review' ? ok(file) : err({ code: 'review/unusable', name, reason: 'not-a-review' })
  }

  const refuse = (batch: string, by: string, reason: DecisionReason): Result<never, AppError> =>
    err({ code: 'guard/decision', batch, by, reason })

  async function importDecision({ batch, lineage, approval, comments }: ReviewDecision): ReturnType<FileMethods['review.importFile']> {
    const found = await batches.read(batch)
    if (!found.ok) return found.error.code === 'batch/not-found' ? refuse(batch, approval.by, 'other-batch') : found
    const { read: current, content } = found.value
    if (content.target?.lineage !== lineage) return refuse(batch, approval.by, 'replayed')
    if (approval.signature === undefined) return refuse(batch, approval.by, 'unsigned')
    const problem = await decisions.problemOf(current, content, approval, true)
    if (!problem.ok) return problem
    if (problem.value !== null) return refuse(batch, approval.by, problem.value)
    if (current.approvals.some(({ signature }) => signature === approval.signature)) return refuse(batch, approval.by, 'replayed')
    const recorded = await batches.record(current, content, approval)
    if (!recorded.ok) return recorded
    const kept = await keepComments(current, comments)
    return kept.ok ? ok({ kind: 'decision', batch }) : kept
  }

  type Current = Parameters<typeof batches.record>[0]
  async function keepComments({ store, stored }: Current, comments: readonly ReviewComment[]): Promise<Result<null, AppError>> {
    for (const { id, place, by, at, text } of comments) {
      const fact = batchFact('review/commented', stored, actorOf(by, stored.hashKey, hasher), clock.now())
      const added = await store.book?.add({ kind: 'comment', batch: stored.batch, by, at, body: { id, place, text } }, fact)
      if (added?.ok === false) return err(storeError(added.error, stored.batch))
    }
    emit({ kind: 'batches-changed', batch: stored.batch })
    return ok(null)
  }

  return {
    async 'review.exportFile'({ batch }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read: current, content } = found.value
      const { store, stored } = current
      const records = store.book === undefined ? ok([]) : await store.book.records(batch)
      if (!records.ok) return err(storeError(records.error, batch))
      const log = await store.audit(0, 1)
      if (!log.ok) return err(storeError(log.error, batch))
      const last = log.value.total === 0 ? log : await store.audit(log.value.total - 1, 1)
      if (!last.ok) return err(storeError(last.error, batch))
      const head = last.value.entries[0]
      const known = await customers.find(content.customer)
      if (!known.ok) return known
      const customer = known.value
      const policy = await decisions.policyOf(content, customer)
      if (!policy.ok) return policy
      const status = await store.status()
      if (!status.ok) return err(storeError(status.error, batch))
      const { author, message, submittedAt, singlePerson, digest } = stored
      const text = writeReviewFile<ReviewRequest>(
        {
          kind: 'review',
          madeAt: clock.now(),
          batch: { id: batch, author, message, submittedAt, lineage: content.target?.lineage ?? status.value.lineage, singlePerson },
          digest,
          auditHead: head === undefined ? `0:${auditGenesis}` : `${head.entry}:${head.hash}`,
          content,
          comments: commentsOf(records.value),
          administrators: customer?.administrators ?? [],
          policy: policy.value,
        },
        hasher,
      )
      return ok(tickets.forBytes(`${batch}.rosterreview`, bytesOf(text)))
    },
    async 'review.openFile'({ ticket }) {
      const found = await request(ticket)
      if (!found.ok) return found
      const { batch, digest, madeAt, comments, policy, content, administrators } = found.value
      return ok({
        request: { batch, digest, madeAt, comments, policy },
        customer: content.customer,
        summary: content.summary,
        packages: content.packages,
        groups: reviewGroups(content).map(groupOf),
        risks: risksOf(content, { name: content.customer, administrators: [...administrators] }),
        items: content.items.length,
      })
    },
    async 'review.fileItems'({ ticket, group, from, count }) {
      const found = await request(ticket)
      if (!found.ok) return found
      const { content } = found.value
      const members = group === undefined ? null : new Set(reviewGroups(content).find(({ key }) => key === group)?.members)
      const items = content.items.filter(({ number }) => members === null || members.has(number))
      return ok({ total: items.length, items: items.slice(from, from + count).map((item) => ({ ...changeOf(item), number: item.number })) })
    },
    async 'review.decideFile'({ ticket, by, decision, message, confirmRemovals, passphrase, comments = [] }) {
      const found = await request(ticket)
      if (!found.ok) return found
      const { batch, digest, content, auditHead } = found.value
      const approval: Approval = { by: by.trim(), decision, at: clock.now(), digest, ...(message === undefined ? {} : { message }) }
      const guard = decisionProblem({ batch: batch.id, state: 'submitted', author: content.author, digest }, approval, {
        count: content.summary.remove,
        confirmed: confirmRemovals ?? 0,
      })
      if (guard !== null) return err(guard)
      const known = await signers.find(approval.by)
      if (known === null) return err({ code: 'review/key', person: approval.by, reason: 'no-key' })
      const text = statementText(placeOf(batch.id, batch.lineage, content), approval, auditHead)
      const signed = await signers.sign(approval.by, passphrase, text)
      if (!signed.ok) return err({ code: 'review/key', person: approval.by, reason: signed.error.reason })
      const file = writeReviewFile<ReviewDecision>(
        {
          kind: 'decision',
          batch: batch.id,
          lineage: batch.lineage,
          approval: { ...approval, signature: writeSignature({ format: 1, auditHead, ...signed.value }) },
          confirmedRemovals: confirmRemovals ?? 0,
          comments: comments.map(({ place, text: said }) => ({
            id: clock.random(6),
            place,
            by: approval.by,
            at: approval.at,
            text: said,
            resolved: null,
          })),
        },
        hasher,
      )
      return ok(tickets.forBytes(`${batch.id}-${decision}.rosterdecision`, bytesOf(file)))
    },
    async 'review.importFile'({ ticket }) {
      const found = await read(ticket)
      if (!found.ok) return found
      const { name, file } = found.value
      if (file.kind === 'review') return err({ code: 'review/unusable', name, reason: 'not-a-decision' })
      if (file.kind === 'decision') return importDecision(file)
      const fingerprint = signers.fingerprintOf(file.publicKey)
      if (fingerprint === null || fingerprint !== file.fingerprint) return err({ code: 'review/unusable', name, reason: 'damaged' })
      const store = await stores.create(undefined)
      if (!store.ok) return store
      const { person, publicKey, successions = [] } = file
      const registered = await decisions.register(store.value, { person, publicKey, fingerprint, successions })
      return registered.ok ? ok({ kind: 'key', person: file.person }) : registered
    },
  }
}
