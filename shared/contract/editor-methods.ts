import Type from 'typebox'
import type { PackageName } from '../core/catalogue/packages.ts'
import type { CellChange } from '../core/diff/change-set.ts'
import type { FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const

export const columnLayoutSchema = Type.Object(
  { id: Type.String(), width: Type.Number(), isHidden: Type.Boolean(), isPinned: Type.Boolean() },
  strict,
)
const customer = Type.Union([Type.String(), Type.Null()])

export interface KeptLayout {
  readonly id: string
  readonly width: number
  readonly isHidden: boolean
  readonly isPinned: boolean
}

/** A user of two drafts that are compared. What only the other draft has has no row here. */
export interface ComparedUser {
  /** The draft's row, and its place in the present view: null where the filter hides it. */
  readonly rowId: number | null
  readonly viewRow: number | null
  /** The spreadsheet's row numbers in either draft; null where that draft does not have the user. */
  readonly here: number | null
  readonly there: number | null
  readonly email: string
  readonly name: string
  /** Cells that differ, the other draft's text as `before`, this one's as `after`. None where only one draft has the user. */
  readonly cells: readonly (CellChange & { readonly index: number })[]
}

export interface DraftComparison {
  readonly counts: { readonly different: number; readonly onlyHere: number; readonly onlyThere: number; readonly same: number }
  /** Rows without an email of their own, which cannot be compared. */
  readonly aside: { readonly here: number; readonly there: number }
  /** Columns of this draft that differ for somebody. */
  readonly columns: readonly { readonly index: number; readonly header: string; readonly users: number }[]
  readonly columnsOnlyHere: readonly string[]
  readonly columnsOnlyThere: readonly string[]
  /** How many users the asked-for list has, and the stretch of it. */
  readonly total: number
  readonly users: readonly ComparedUser[]
}

/** What became of a file that the draft was made from, since then or since the person passed over it. */
export interface SourceFileNews {
  readonly name: string
  readonly path: string
  readonly became: 'changed' | 'gone'
  /** ISO 8601; null where it is gone. */
  readonly changedAt: string | null
}

/** What the editor asks beside the draft itself. */
export const editorMethods = {
  /** The first `count` candidates that no row of the draft has in the column, in their order. Only digits are compared: extensions, numbers. */
  'editor.unused': query<readonly string[]>()(
    Type.Object(
      {
        draftId: Type.String(),
        column: Type.Integer({ minimum: 0 }),
        candidates: Type.Array(Type.String(), { maxItems: 100_000 }),
        count: Type.Integer({ minimum: 0 }),
      },
      strict,
    ),
  ),
  /** Two drafts side by side, matched by email: who stands in one only, and what differs. `column`: only users who differ there. */
  'editor.compareDrafts': query<DraftComparison>()(
    Type.Object(
      {
        draftId: Type.String(),
        other: Type.String(),
        list: Type.Enum(['different', 'only-here', 'only-there']),
        column: Type.Optional(Type.Integer({ minimum: 0 })),
        from: Type.Integer({ minimum: 0 }),
        count: Type.Integer({ minimum: 1, maximum: 500 }),
        job: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  /** Files of this machine that the draft was made from and that are others now. None where a browser handed over bytes. */
  'editor.sourceNews': query<readonly SourceFileNews[]>()(Type.Object({ draftId: Type.String() }, strict)),
  /** The same files once more, for a draft of its own. The draft here stays as it is. */
  'editor.sourceAnew': command<readonly { readonly ticket: FileTicket; readonly sheet: string | null }[]>()(
    Type.Object({ draftId: Type.String() }, strict),
  ),
  /** What is known of the files by now is not told again. */
  'editor.passOverSource': command<null>()(Type.Object({ draftId: Type.String() }, strict)),
  /** How many of the rows of stretches of the view, ends included, have each package. Each row counts once. */
  'editor.packagesOf': query<readonly { readonly package: PackageName | null; readonly users: number }[]>()(
    Type.Object(
      {
        draftId: Type.String(),
        stretches: Type.Array(Type.Object({ from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) }, strict), {
          maxItems: 10_000,
        }),
      },
      strict,
    ),
  ),
  /**
   * What became of the profile that the draft took up when its customer was chosen: it is another one by now, or there is none of that
   * name any more; null: it stands. The draft goes on with the one it has until `drafts.setCustomer` takes up the one of now.
   */
  'editor.profileNews': query<'changed' | 'gone' | null>()(Type.Object({ draftId: Type.String() }, strict)),
  /** Order, width, pin and hiding of columns as they were left for the customer; none: never. Header texts and widths, nothing of any user. */
  'editor.layout': query<readonly KeptLayout[]>()(Type.Object({ customer }, strict)),
  'editor.setLayout': command<null>()(Type.Object({ customer, layout: Type.Array(columnLayoutSchema, { maxItems: 2000 }) }, strict)),
} as const
