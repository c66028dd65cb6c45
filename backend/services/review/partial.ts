import { isSamePerson, personKey, removalsProblem, decisionProblem } from '../../../shared/core/batch/approval.ts'
import type { Approval, BatchContent, BatchItem } from '../../../shared/core/batch/batch.ts'
import { digestOf, serializeContent } from '../../../shared/core/batch/digest.ts'
import { reviewReasonHeader } from '../../../shared/core/catalogue/columns.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import { controlHubDialect, writeCsv } from '../../../shared/core/csv/write-csv.ts'
import { seenOf } from '../../../shared/core/review/comment.ts'
import { userMark } from '../../../shared/core/review/diff-grid.ts'
import { reviewGroups } from '../../../shared/core/review/groups.ts'
import { contentWith } from '../../../shared/core/review/partial.ts'
import { settle, threeWay } from '../../../shared/core/review/three-way.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import { tableFromRows } from '../../../shared/core/table/table-from-rows.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { StoredBatch } from '../../ports/provisioning-store.ts'
import { actorOf, batchFact } from '../batches/audit-facts.ts'
import { batchAsSheet } from '../batches/exports.ts'
import type { ReadBatch } from '../batches/read-batch.ts'
import { storeError } from '../problems.ts'
import { bookOf, type ReviewMethods, type ReviewParts } from './review-parts.ts'

type PartialMethods = Pick<ReviewMethods, 'review.split' | 'review.splitPreview' | 'review.rebase'>

interface Rejected {
  readonly number: number
  readonly email: string
  readonly reason: string
}

/** A batch goes on with some of its items, or on the users as they stand now: as a new batch, with a digest of its own. */
export function partialMethods({ world, tickets, batches, customers, decisions, groups, createDraft }: ReviewParts): PartialMethods {
  const { clock, hasher, emit } = world

  /** The batch that takes the place of another. It is not in the store yet. */
  function successor({ stored }: ReadBatch, content: BatchContent): StoredBatch {
    return {
      ...stored,
      batch: `b-${clock.random(5)}`,
      state: 'submitted',
      version: 1,
      digest: digestOf(content, hasher),
      summary: content.summary,
      items: content.items.length,
      submittedAt: clock.now(),
      draft: null,
      hashKey: clock.random(16),
    }
  }

  async function addSuccessor(
    read: ReadBatch,
    next: StoredBatch,
    content: BatchContent,
    by: string,
    what: string,
  ): Promise<Result<null, AppError>> {
    const { store, stored } = read
    const seed = await store.seed(stored.batch)
    if (!seed.ok) return err(storeError(seed.error, stored.batch))
    const actor = actorOf(by, next.hashKey, hasher)
    const { add, update, packageChange, remove, rename } = content.summary
    const added = await store.addBatch(
      { ...next, authorKey: personKey(next.author), content: serializeContent(content), actor, seed: seed.value },
      batchFact(what, next, actor, next.submittedAt, { add, update, packageChange, remove, rename }),
      [stored.batch],
    )
    return added.ok ? ok(null) : err(storeError(added.error, stored.batch))
  }

  /** The rejected rows as a draft, with the reasons in a column that carries no change. */
  async function draftOf(read: ReadBatch, content: BatchContent, rejected: readonly Rejected[]): Promise<Result<string, AppError>> {
    const numbers = new Map(rejected.map(({ number, reason }) => [number, reason]))
    const items = content.items.filter(({ number }) => numbers.has(number))
    const known = await customers.find(content.customer)
    if (!known.ok) return known
    const customer = known.value
    const sheets = await batchAsSheet(read, contentWith(content, items, hasher), customer ?? undefined)
    if (!sheets.ok) return sheets
    const { sheet, baseline } = sheets.value
    const reasons = items.map(({ number }) => numbers.get(number) ?? '')
    const made = await createDraft({
      ticket: ticketOf(withReasons(sheet.table, reasons), `${read.stored.batch}-rejected.csv`),
      ...(customer === null ? {} : { customer: customer.name }),
      ...(baseline === null ? {} : { baselineTicket: ticketOf(baseline.table, `${read.stored.batch}-baseline.csv`) }),
    })
    return made.ok ? ok(made.value.id) : made
  }

  function ticketOf(table: EditableTable, name: string): string {
    const written = writeCsv(table, { dialect: controlHubDialect })
    if (!written.ok) throw new Error('UTF-8 writes every character')
    return tickets.forBytes(name, new Uint8Array(Buffer.concat([...written.value]))).ticket
  }

  function rejectedOf(content: BatchContent, reject: Parameters<PartialMethods['review.split']>[0]['reject']): readonly Rejected[] {
    const reasons = new Map<number, string>()
    for (const { reason, items, group } of reject) {
      const members = group === undefined ? [] : (groups(content).find(({ key }) => key === group)?.members ?? [])
      for (const number of [...(items ?? []), ...members]) if (!reasons.has(number)) reasons.set(number, reason.trim())
    }
    return content.items.flatMap(({ number, email }) => {
      const reason = reasons.get(number)
      return reason === undefined ? [] : [{ number, email, reason }]
    })
  }

  return {
    async 'review.splitPreview'({ batch, items, groups: keys }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { content } = found.value
      const reject = [{ reason: '-', items }, ...keys.map((group) => ({ reason: '-', group }))]
      const gone = new Set(rejectedOf(content, reject).map(({ number }) => number))
      const removals = content.items.filter(({ number, intent }) => intent === 'remove' && !gone.has(number)).length
      return ok({ rejected: gone.size, removals })
    },
    async 'review.split'({ batch, by, digest, reject, message, confirmRemovals, passphrase }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      // What is rejected becomes a draft, and a draft leads to Control Hub.
      if (content.storeOnly === true) return err({ code: 'guard/store-only', batch })
      // The login that puts the rest in could not decide on it there, and a reviewer's may not put anything in.
      if (!read.store.singlePerson) return err({ code: 'guard/whole-only', batch })
      const book = bookOf(read, by)
      if (!book.ok) return book
      const approval = (of: string): Approval => ({
        by: by.trim(),
        decision: 'approved',
        at: clock.now(),
        digest: of,
        ...(message === undefined ? {} : { message }),
      })
      const guard = decisionProblem(read.stored, approval(digest))
      if (guard !== null) return err(guard)
      const rejected = rejectedOf(content, reject)
      if (rejected.length === 0) return err({ code: 'guard/refused', detail: 'none of the rows that were named is in the batch' })
      const gone = new Set(rejected.map(({ number }) => number))
      const rest = contentWith(
        content,
        content.items.filter(({ number }) => !gone.has(number)),
        hasher,
      )
      if (rest.items.length === 0) return err({ code: 'guard/refused', detail: 'every row is rejected: reject the whole batch' })
      const unconfirmed = removalsProblem(rest.summary.remove, confirmRemovals ?? 0)
      if (unconfirmed !== null) return err(unconfirmed)

      const next = successor(read, rest)
      const nextRead: ReadBatch = { store: read.store, stored: next, approvals: [] }
      // Before anything is written: the key opens, and the decision on the rest would hold.
      const tried = await decisions.signed(nextRead, rest, approval(next.digest), passphrase)
      if (!tried.ok) return tried
      const draft = await draftOf(read, content, rejected)
      if (!draft.ok) return draft
      const added = await addSuccessor(read, next, rest, by, 'batch/split')
      if (!added.ok) return added
      const at = clock.now()
      const said = await book.value.add(
        { kind: 'rejected-rows', batch, by: by.trim(), at, body: { into: next.batch, draft: draft.value, rows: rejected } },
        batchFact('review/rows-rejected', read.stored, actorOf(by, read.stored.hashKey, hasher), at, { rows: rejected.length }),
      )
      if (!said.ok) return err(storeError(said.error, batch))
      const decided = await batches.record(nextRead, rest, tried.value)
      if (!decided.ok) return decided
      emit({ kind: 'batches-changed', batch: null })
      return ok({ batch: next.batch, state: decided.value.state, rejected: rejected.length, draftId: draft.value })
    },

    async 'review.rebase'({ batch, by, choices, confirmRemovals }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      if (personKey(by) === '') return err({ code: 'guard/refused', detail: 'this needs the name of who does it' })
      if (read.stored.state !== 'submitted' && read.stored.state !== 'approved') {
        return err({ code: 'guard/wrong-state', batch, state: read.stored.state, wanted: 'submitted, approved' })
      }
      const keys = [...new Set(content.items.flatMap((item) => [subjectKey(item), emailKey(item.email)]))]
      const present = await batches.usersForPush(read, keys)
      if (!present.ok) return err(storeError(present.error, batch))
      const find = (key: string) => present.value?.get(key) ?? null
      const drifted = present.value === null ? [] : threeWay(content.items, find)
      if (drifted.length === 0) return err({ code: 'guard/refused', detail: 'nobody has changed these users since the batch was made' })
      // Who settles what the batch shall do has a hand in it, and is its author from now on.
      const author = isSamePerson(by, read.stored.author) ? read.stored.author : by.trim().toWellFormed()
      const rebased = contentWith({ ...content, author }, settle(content.items, find, choices), hasher)
      if (rebased.items.length === 0) return err({ code: 'draft/no-changes' })
      const unconfirmed = removalsProblem(rebased.summary.remove, confirmRemovals ?? 0)
      if (unconfirmed !== null) return err(unconfirmed)
      const book = bookOf(read, by)
      if (!book.ok) return book
      const next = { ...successor(read, rebased), author }
      const added = await addSuccessor(read, next, rebased, by, 'batch/rebased')
      if (!added.ok) return added
      const at = clock.now()
      const said = await book.value.add(
        { kind: 'rejected-rows', batch, by: by.trim(), at, body: { into: next.batch, draft: null, rows: [] } },
        batchFact('review/replaced', read.stored, actorOf(by, read.stored.hashKey, hasher), at, {}),
      )
      if (!said.ok) return err(storeError(said.error, batch))
      const marked = await carrySeen(read, next, content, rebased, new Set(drifted.map(({ email }) => emailKey(email))))
      if (!marked.ok) return marked
      emit({ kind: 'batches-changed', batch: null })
      return ok({ batch: next.batch })
    },
  }

  /** What reviewers have seen stays seen, but for the groups in which a touched row is. */
  async function carrySeen(
    { store, stored }: ReadBatch,
    next: StoredBatch,
    before: BatchContent,
    after: BatchContent,
    touched: ReadonlySet<string>,
  ): Promise<Result<null, AppError>> {
    if (store.book === undefined) return ok(null)
    const records = await store.book.records(stored.batch)
    if (!records.ok) return err(storeError(records.error, stored.batch))
    const emailsOf = (items: readonly BatchItem[], members: readonly number[]): readonly string[] =>
      members.map((number) => emailKey(items[number]?.email ?? ''))
    const earlier = new Map(reviewGroups(before).map((group) => [group.key, new Set(emailsOf(before.items, group.members))]))
    const reviewers = [...new Set(records.value.filter(({ kind }) => kind === 'seen').map(({ by }) => by))]
    for (const by of reviewers) {
      const seen = seenOf(records.value, (name) => isSamePerson(name, by))
      const still = reviewGroups(after).flatMap((group) => {
        const known = earlier.get(group.key)
        const holds =
          seen.has(group.key) && emailsOf(after.items, group.members).every((key) => known?.has(key) === true && !touched.has(key))
        return holds ? [group.key] : []
      })
      for (const { email } of after.items) if (seen.has(userMark(email)) && !touched.has(emailKey(email))) still.push(userMark(email))
      if (still.length === 0) continue
      const added = await store.book.add(
        { kind: 'seen', batch: next.batch, by, at: clock.now(), body: { groups: still, seen: true } },
        null,
      )
      if (!added.ok) return err(storeError(added.error, next.batch))
    }
    return ok(null)
  }
}

function withReasons(table: EditableTable, reasons: readonly string[]): EditableTable {
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  const rows = [...table.rows].map((row, place) => [reasons[place] ?? '', ...columns.map((column) => column.textOf(row))])
  return tableFromRows([reviewReasonHeader, ...columns.map(({ header }) => header)], rows)
}
