import Type, { type Static } from 'typebox'
import type { DiffColumn, DiffRow } from '../core/review/diff-grid.ts'
import { query } from './method.ts'

const strict = { additionalProperties: false } as const
const index = Type.Integer({ minimum: 0 })

/** Whose changes: a batch's, a draft's, or those of a review file. */
export const diffSourceSchema = Type.Union([
  Type.Object({ of: Type.Literal('batch'), batch: Type.String() }, strict),
  Type.Object({ of: Type.Literal('draft'), draftId: Type.String() }, strict),
  Type.Object({ of: Type.Literal('file'), ticket: Type.String() }, strict),
])
export type DiffSource = Static<typeof diffSourceSchema>

export interface DiffOverview {
  readonly columns: readonly DiffColumn[]
  /** Users that change. */
  readonly changes: number
  /** All users, the unchanged among them; null where only the changes are known (a review file; a store that does not know the customer). */
  readonly all: number | null
}

export const diffMethods = {
  /** `context`: with the columns and users that stay as they are. */
  'diff.open': query<DiffOverview>()(Type.Object({ source: diffSourceSchema, context: Type.Boolean() }, strict)),
  'diff.rows': query<{ readonly total: number; readonly rows: readonly DiffRow[] }>()(
    Type.Object(
      {
        source: diffSourceSchema,
        /** Unchanged users, too. */
        all: Type.Boolean(),
        /** With the texts that stay. */
        rest: Type.Boolean(),
        from: index,
        count: Type.Integer({ minimum: 1, maximum: 500 }),
      },
      strict,
    ),
  ),
  /**
   * The place of the next or previous changed row; null where there is none. `from` is a place in the same order, or -1 for before the
   * first. `change` instead asks where one change stands. `unseen`: only rows that the reviewer has not seen; `left` says how many those are, and is null without it.
   * `row` is what stands there, without the texts that stay.
   */
  'diff.seek': query<{ readonly place: number | null; readonly row: DiffRow | null; readonly left: number | null }>()(
    Type.Object(
      {
        source: diffSourceSchema,
        all: Type.Boolean(),
        from: Type.Integer({ minimum: -1 }),
        direction: Type.Enum(['next', 'previous']),
        change: Type.Optional(index),
        unseen: Type.Optional(Type.Object({ by: Type.String(), seen: Type.Array(Type.String(), { maxItems: 20000 }) }, strict)),
      },
      strict,
    ),
  ),
} as const
