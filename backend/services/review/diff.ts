import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { heldText, emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import type { Change } from '../../../shared/core/diff/change-set.ts'
import { columnKey, type PairedColumn } from '../../../shared/core/diff/paired-columns.ts'
import { packageColumn } from '../../../shared/core/diff/patterns.ts'
import { recogniseColumns } from '../../../shared/core/catalogue/recognise.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { seenOf } from '../../../shared/core/review/comment.ts'
import {
  countColumns,
  diffColumns,
  diffRowOfItem,
  orderOfAll,
  packageCell,
  restOf,
  seekChange,
  userMark,
  type DiffCell,
  type DiffColumn,
  type DiffRow,
} from '../../../shared/core/review/diff-grid.ts'
import { unseenItems, type ReviewGroup } from '../../../shared/core/review/groups.ts'
import { isSamePerson } from '../../../shared/core/batch/approval.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DiffSource } from '../../../shared/contract/diff-methods.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ProvisioningStore } from '../../ports/provisioning-store.ts'
import { comparisonOf } from '../drafts/changes.ts'
import type { Draft } from '../drafts/draft.ts'
import { storeError } from '../problems.ts'
import type { ReviewParts } from './review-parts.ts'

export type DiffMethods = Pick<Api<Methods>, Extract<keyof Methods, `diff.${string}`>>

export interface DiffParts extends Pick<ReviewParts, 'stores' | 'batches' | 'groups'> {
  readonly draft: (id: string) => Promise<Result<Draft, AppError>>
  /** The content of a review file. */
  readonly file: (ticket: string) => Promise<Result<BatchContent, AppError>>
}

/** Changes as a grid reads them: by place, in one of two orders. */
interface Diff {
  readonly columns: readonly DiffColumn[]
  readonly changes: number
  /** Of each place among all users the number of its change, or below 0; null: only the changes are known. */
  readonly order: Int32Array | null
  /** The row at a place among all users, or among the changes; `rest`: with the texts that stay. */
  rowAt(place: number, all: boolean, rest: boolean): DiffRow
}

/** The content of a batch that was looked at, as far as paging through it needs it again. */
interface Kept {
  readonly key: string
  readonly content: BatchContent
  plain: Diff | null
  whole: { readonly serial: number; readonly diff: Diff | null } | null
}

/** The changes of a batch, a draft or a review file in a grid, with or without what stays as it is. */
export function diffMethods({ stores, batches, groups, draft, file }: DiffParts): DiffMethods {
  let kept: Kept | null = null
  let keptUnseen: { readonly content: BatchContent; readonly key: string; readonly items: ReadonlySet<number> } | null = null
  let keptDraft: { readonly of: Draft; readonly at: string; readonly diff: Diff } | null = null

  /** What was verified against its digest once is paged through without hashing it again for each page; a decision verifies anew. */
  async function batchContent(batch: string): Promise<Result<{ readonly kept: Kept; readonly store: ProvisioningStore }, AppError>> {
    const store = await stores.find(undefined)
    if (!store.ok) return store
    if (store.value === null) return err({ code: 'batch/not-found', batch })
    const stored = await store.value.batch(batch)
    if (!stored.ok) return err(storeError(stored.error, batch))
    const key = `${batch} ${stored.value.digest}`
    if (kept?.key !== key) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      kept = { key, content: found.value.content, plain: null, whole: null }
    }
    return ok({ kept, store: store.value })
  }

  /** `isOpening`: users as they stand now; paging goes on over those that were there when it was opened. */
  async function batchDiff(batch: string, context: boolean, isOpening: boolean): Promise<Result<Diff, AppError>> {
    const found = await batchContent(batch)
    if (!found.ok) return found
    const { kept: known, store } = found.value
    const plain = (known.plain ??= itemsDiff(known.content, groups(known.content), null))
    if (!context) return ok(plain)
    if (!isOpening && known.whole !== null) return ok(known.whole.diff ?? plain)
    const status = await store.status()
    if (!status.ok) return err(storeError(status.error, batch))
    if (known.whole?.serial !== status.value.serial) {
      const users = await usersOf(store, batch, known.content.customer)
      if (!users.ok) return users
      known.whole = {
        serial: status.value.serial,
        diff: users.value === null ? null : itemsDiff(known.content, groups(known.content), users.value),
      }
    }
    return ok(known.whole.diff ?? plain)
  }

  async function diffOf(source: DiffSource, context: boolean, isOpening = false): Promise<Result<Diff, AppError>> {
    if (source.of === 'batch') return batchDiff(source.batch, context, isOpening)
    if (source.of === 'file') {
      const content = await file(source.ticket)
      if (!content.ok) return content
      const key = `file ${source.ticket}`
      if (kept?.key !== key || kept.content !== content.value) kept = { key, content: content.value, plain: null, whole: null }
      return ok((kept.plain ??= itemsDiff(kept.content, groups(kept.content), null)))
    }
    const found = await draft(source.draftId)
    if (!found.ok) return found
    const { file: stored, kept: facts } = found.value
    const at = JSON.stringify([stored.lastEntry, facts.customer, facts.baseline?.takenAt, facts.baseline?.name])
    if (keptDraft?.of !== found.value || keptDraft.at !== at) keptDraft = { of: found.value, at, diff: draftDiff(found.value) }
    return ok(keptDraft.diff)
  }

  /** The changes that the reviewer has not seen; null: a draft's, which nobody reviews. */
  async function unseenOf(
    source: DiffSource,
    { by, seen }: { readonly by: string; readonly seen: readonly string[] },
  ): Promise<Result<ReadonlySet<number> | null, AppError>> {
    if (kept === null || source.of === 'draft') return ok(null)
    const marks = new Set(seen)
    let said = 0
    if (source.of === 'batch' && by.trim() !== '') {
      const store = await stores.find(undefined)
      if (!store.ok) return store
      const records = (await store.value?.book?.records(source.batch)) ?? ok([])
      if (!records.ok) return err(storeError(records.error, source.batch))
      said = records.value.length
      for (const key of seenOf(records.value, (name) => isSamePerson(name, by))) marks.add(key)
    }
    // The book only grows: as many records are the same records.
    const { content } = kept
    const key = JSON.stringify([by, said, seen])
    if (keptUnseen?.content !== content || keptUnseen.key !== key) {
      const items = unseenItems(groups(content), marks, (number) => marks.has(userMark(content.items[number]?.email ?? '')))
      keptUnseen = { content, key, items }
    }
    return ok(keptUnseen.items)
  }

  return {
    async 'diff.open'({ source, context }) {
      const diff = await diffOf(source, context, true)
      return diff.ok ? ok({ columns: diff.value.columns, changes: diff.value.changes, all: diff.value.order?.length ?? null }) : diff
    },
    async 'diff.rows'({ source, all, rest, from, count }) {
      const diff = await diffOf(source, all || rest)
      if (!diff.ok) return diff
      const { changes, order, rowAt } = diff.value
      const isAll = all && order !== null
      const total = isAll ? order.length : changes
      const length = Math.max(0, Math.min(count, total - from))
      return ok({ total, rows: Array.from({ length }, (_, place) => rowAt(from + place, isAll, rest)) })
    },
    async 'diff.seek'({ source, all, from, direction, change, unseen }) {
      const diff = await diffOf(source, all)
      if (!diff.ok) return diff
      const { changes, order, rowAt } = diff.value
      const list = all ? order : null
      if (change !== undefined) {
        const place = list === null ? (change < changes ? change : null) : orNull(list.indexOf(change))
        return ok({ place, row: place === null ? null : rowAt(place, list !== null, false), left: null })
      }
      const wanted = unseen === undefined ? ok(null) : await unseenOf(source, unseen)
      if (!wanted.ok) return wanted
      const only = wanted.value
      const total = list?.length ?? changes
      const start = from < 0 && direction === 'previous' ? total : from
      const changeAt = (place: number): number => (list === null ? place : (list[place] ?? -1))
      const place = seekChange(total, changeAt, start, direction === 'next' ? 1 : -1, (found) => only === null || only.has(found))
      return ok({ place, row: place === null ? null : rowAt(place, list !== null, false), left: only === null ? null : only.size })
    },
  }
}

const orNull = (place: number): number | null => (place < 0 ? null : place)

/** The customer's users as the store has them, or as the batch found them where the store does not know the customer yet. */
async function usersOf(store: ProvisioningStore, batch: string, customer: string): Promise<Result<readonly Subscriber[] | null, AppError>> {
  const users = await store.subscribers(customer)
  if (!users.ok) return err(storeError(users.error, batch))
  if (users.value !== null) return ok(users.value)
  const seed = await store.seed(batch)
  return seed.ok ? ok(seed.value) : err(storeError(seed.error, batch))
}

function itemsDiff(
  { items, header }: Pick<BatchContent, 'items' | 'header'>,
  groups: readonly ReviewGroup[],
  users: readonly Subscriber[] | null,
): Diff {
  const keys: string[][] = items.map(() => [])
  for (const { key, members } of groups) for (const number of members) keys[number]?.push(key)
  const order = users === null ? null : orderOfAll(items, users)
  const byKey = new Map(users?.map((user) => [emailKey(user.email), user]))
  const others = new Set(users?.flatMap((user) => Object.keys(user.cells)))
  if (users !== null) others.add(packageColumn)
  return {
    columns: diffColumns(countColumns(items.map((item) => diffRowOfItem(item))), recogniseColumns(header).map(columnKey), others),
    changes: items.length,
    order,
    rowAt(place, all, rest) {
      const at = all ? (order?.[place] ?? place) : place
      const item = items[at]
      const row = item === undefined ? unchangedRow(users?.[~at]?.email ?? '', null) : diffRowOfItem(item, keys[at])
      return rest ? { ...row, rest: restOf(row, byKey.get(emailKey(row.formerEmail ?? row.email))) } : row
    },
  }
}

const unchangedRow = (email: string, row: number | null): DiffRow => ({
  change: null,
  row,
  email,
  formerEmail: null,
  intent: null,
  cells: [],
  rest: {},
  groups: [],
})

function draftDiff(draft: Draft): Diff {
  const comparison = comparisonOf(draft)
  const { table } = draft
  const { rows } = table
  const names = namesOf(comparison.columns)
  const nameOf = (column: PairedColumn): string => names.get(column) ?? column.header
  const plain = comparison.columns.filter(({ role }) => role === 'cell')
  const packages = comparison.columns.filter(({ role }) => role === 'package')
  const email = comparison.columns.find(({ role }) => role === 'email')
  const cellsAt = (change: number, { intent, from, to }: Pick<Change, 'intent' | 'from' | 'to'>): readonly DiffCell[] => [
    ...(intent === 'update' ? [] : packageCell(from, to)),
    ...(intent === 'remove' ? [] : comparison.cellsAt(change))
      .filter(({ column }) => column.role === 'cell')
      .map(({ column, before, after }) => ({ column: nameOf(column), before, after })),
  ]
  const changeOfRow = new Map<number, number>()
  function* changedCells(): Iterable<{ readonly cells: readonly DiffCell[] }> {
    for (let change = 0; change < comparison.count; change++) {
      changeOfRow.set(comparison.placeOf(change).row, change)
      yield { cells: cellsAt(change, comparison.changeAt(change)) }
    }
  }
  const counts = countColumns(changedCells())
  const others = [...(packages.length > 0 ? [packageColumn] : []), ...plain.map(nameOf)]
  const order = Int32Array.from(rows, (row, place) => changeOfRow.get(row) ?? ~place)

  function restAt(row: number, changed: readonly DiffCell[]): DiffRow['rest'] {
    const taken = new Set(changed.map(({ column }) => column))
    const held = packages.find((column) => heldText(column.file.textOf(row), true) === 'TRUE')?.package ?? ''
    const texts = plain.map((column) => [nameOf(column), heldText(column.file.textOf(row), column.isBoolean)] as const)
    return Object.fromEntries([...texts, [packageColumn, held] as const].filter(([key, text]) => text !== '' && !taken.has(key)))
  }

  return {
    columns: diffColumns(counts, others, others),
    changes: comparison.count,
    order,
    rowAt(place, all, rest) {
      const change = all ? (order[place] ?? -1) : place
      if (change < 0) {
        const id = rows[place] ?? 0
        const row = unchangedRow(email?.file.textOf(id).trim() ?? '', table.numberOf(id))
        return rest ? { ...row, rest: restAt(id, []) } : row
      }
      const found = comparison.changeAt(change)
      const cells = cellsAt(change, found)
      const { row, intent, email: address, formerEmail = null } = found
      return {
        change,
        row,
        email: address,
        formerEmail,
        intent,
        cells,
        groups: [],
        rest: rest ? restAt(comparison.placeOf(change).row, cells) : {},
      }
    },
  }
}

/** Header texts as names of columns; of several with the same text all but the first are numbered. */
function namesOf(columns: readonly PairedColumn[]): ReadonlyMap<PairedColumn, string> {
  const used = new Set<string>([packageColumn])
  return new Map(
    columns.map((column) => {
      const name = used.has(column.header) ? `${column.header} (${column.index + 1})` : column.header
      used.add(name)
      return [column, name]
    }),
  )
}
