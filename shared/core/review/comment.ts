/** What a comment is said of. Users go by email and cells by column key, not by their place: so it stays with them. */
export type CommentPlace =
  | { readonly on: 'batch' }
  | { readonly on: 'group'; readonly group: string }
  | { readonly on: 'user'; readonly email: string }
  | { readonly on: 'cell'; readonly email: string; readonly column: string }

export interface ReviewComment {
  readonly id: string
  readonly place: CommentPlace
  readonly by: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly text: string
  readonly resolved: { readonly by: string; readonly at: string } | null
}

/** A record of a store's review book. `receipt`: the importer's signature of what a push did. */
export interface BookRecord {
  readonly kind: 'key' | 'comment' | 'resolve' | 'seen' | 'rejected-rows' | 'receipt' | 'succession'
  readonly batch: string | null
  readonly by: string
  readonly at: string
  readonly body: unknown
}

/** Comments from the append-only records, oldest first; the first word on whether one is resolved counts until it is opened again. */
export function commentsOf(records: readonly BookRecord[]): readonly ReviewComment[] {
  const comments = new Map<string, ReviewComment>()
  for (const { kind, by, at, body } of records) {
    if (kind === 'comment') {
      const { id, place, text } = body as Pick<ReviewComment, 'id' | 'place' | 'text'>
      comments.set(id, { id, place, by, at, text, resolved: null })
    }
    if (kind === 'resolve') {
      const { id, resolved } = body as { readonly id: string; readonly resolved: boolean }
      const comment = comments.get(id)
      if (comment !== undefined) comments.set(id, { ...comment, resolved: resolved ? { by, at } : null })
    }
  }
  return [...comments.values()]
}

/** The batch that took the place of another: with some rows rejected, or on the users as they stood then (nobody rejected). */
export interface Replacement {
  readonly into: string
  readonly by: string
  readonly at: string
  readonly rejected: readonly { readonly email: string; readonly reason: string }[]
}

/** What took a batch's place by a review; null where nothing did. A draft that is submitted again leaves no such record. */
export function replacementOf(records: readonly BookRecord[]): Replacement | null {
  const record = records.findLast(({ kind }) => kind === 'rejected-rows')
  if (record === undefined) return null
  const { into, rows } = record.body as { readonly into: string; readonly rows: Replacement['rejected'] }
  return { into, by: record.by, at: record.at, rejected: rows.map(({ email, reason }) => ({ email, reason })) }
}

/** The keys of the groups that one reviewer has marked as seen. */
export function seenOf(records: readonly BookRecord[], isReviewer: (by: string) => boolean): ReadonlySet<string> {
  const seen = new Set<string>()
  for (const { kind, by, body } of records) {
    if (kind !== 'seen' || !isReviewer(by)) continue
    const mark = body as { readonly groups: readonly string[]; readonly seen: boolean }
    for (const group of mark.groups) {
      if (mark.seen) seen.add(group)
      else seen.delete(group)
    }
  }
  return seen
}
