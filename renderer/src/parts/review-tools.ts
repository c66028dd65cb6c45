import type { CommentPlace, ReviewComment } from '../../../shared/core/review/comment.ts'

/** What a reviewer can do with changes; absent where they are only looked at. */
export interface ReviewTools {
  readonly comments: readonly ReviewComment[]
  readonly seen: ReadonlySet<string>
  /** Users seen, of all. */
  readonly seenUsers: number
  readonly users: number
  readonly losesCalling: ReadonlySet<string>
  /** Whether rows can be rejected now. */
  readonly canReject: boolean
  /** Whether what was said can be resolved here: not where it only goes back in a file. */
  readonly canResolve: boolean
  readonly rejectedGroups: ReadonlySet<string>
  readonly rejectedItems: ReadonlySet<number>
  mark(groups: readonly string[], seen: boolean): void
  comment(place: CommentPlace, text: string): Promise<boolean>
  resolve(id: string, resolved: boolean): void
  rejectGroup(group: string, rejected: boolean): void
  rejectItem(item: number, rejected: boolean): void
}

export const isSamePlace = (a: CommentPlace, b: CommentPlace): boolean =>
  a.on === b.on &&
  (a.on !== 'group' || (b.on === 'group' && a.group === b.group)) &&
  (a.on !== 'user' || (b.on === 'user' && a.email.toLowerCase() === b.email.toLowerCase())) &&
  (a.on !== 'cell' || (b.on === 'cell' && a.email.toLowerCase() === b.email.toLowerCase() && a.column === b.column))

export const commentsAt = (comments: readonly ReviewComment[], place: CommentPlace): readonly ReviewComment[] =>
  comments.filter((comment) => isSamePlace(comment.place, place))
