import Type from 'typebox'
import { packageNames } from '../core/catalogue/packages.ts'
import type { ImportErrorKind } from '../core/control-hub/error-file.ts'
import type { ForeignChange, ItemLanding, Landing } from '../core/control-hub/reconcile.ts'
import { languageSchema, type DraftState, type FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const
const draftRef = { draftId: Type.String() }
const index = Type.Integer({ minimum: 0 })
const cell = Type.Optional(Type.String({ maxLength: 1000 }))

/** A message of Control Hub's, put on its user. */
export interface ImportErrorLine {
  /** The draft's row, null where the draft does not have the user. */
  readonly rowId: number | null
  /** The row's number in the draft's file. */
  readonly row: number | null
  /** The row's place in the present view, null where the filter hides it. */
  readonly viewRow: number | null
  readonly email: string
  readonly message: string
  readonly kind: ImportErrorKind
}

/** How many users Control Hub is told to take by hand at a time (domain.md §2). */
export const manualUsers = 25

/** What became of a batch, held against a fresh export. The lists are cut; the counts are whole. */
export interface ReconcileReport {
  readonly batch: string
  readonly export: string
  readonly counts: Readonly<Record<Landing, number>>
  /** The items that did not land as asked, in the order of the batch: the first of them. */
  readonly items: readonly ItemLanding[]
  readonly byOthers: readonly ForeignChange[]
  readonly byOthersTotal: number
  /** Columns that the batch touches and the export does not have. */
  readonly unseen: readonly string[]
  /** A file with what did not land, to be tried again; null when all of it did. */
  readonly catchUp: FileTicket | null
}

/** Files that come back from Control Hub, and users that come from no file at all. */
export const importMethods = {
  /** Reads Control Hub's error file and puts each message on its user. Replaces what an earlier one said. */
  'drafts.readImportErrors': command<DraftState>()(Type.Object({ ...draftRef, ticket: Type.String() }, strict)),
  'drafts.forgetImportErrors': command<DraftState>()(Type.Object(draftRef, strict)),
  'drafts.importErrors': query<{ readonly total: number; readonly errors: readonly ImportErrorLine[] }>()(
    Type.Object({ ...draftRef, from: index, count: Type.Integer({ minimum: 1, maximum: 500 }) }, strict),
  ),
  /** A draft of the failed users only, with their messages, customer and baseline. */
  'drafts.failedUsers': command<{ readonly draftId: string; readonly users: number }>()(Type.Object(draftRef, strict)),
  /**
   * Two drafts that take the package of users away and give it again, to be submitted, approved and imported in this order. The first
   * DELETES its users. `rows` null: those whose message is one of the two documented errors.
   */
  'drafts.reassignPair': command<{
    readonly unassign: string
    readonly assign: string
    readonly users: number
    readonly withoutPackage: readonly string[]
  }>()(Type.Object({ ...draftRef, rows: Type.Union([Type.Array(index), Type.Null()]) }, strict)),
  /** A draft of users typed in a form. */
  'drafts.createManual': command<DraftState>()(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 120 }),
        customer: Type.Optional(Type.String()),
        users: Type.Array(
          Type.Object(
            {
              firstName: cell,
              lastName: cell,
              email: Type.String({ maxLength: 1000 }),
              package: Type.Union([Type.Enum([...packageNames]), Type.Null()]),
              extension: cell,
              phone: cell,
              location: cell,
              site: cell,
            },
            strict,
          ),
          { minItems: 1, maxItems: manualUsers },
        ),
      },
      strict,
    ),
  ),
  /** The error file of a batch's import: a draft of the failed users, as the batch has them. */
  'batches.failedUsers': command<{ readonly draftId: string; readonly users: number; readonly notFound: readonly string[] }>()(
    Type.Object({ batch: Type.String(), ticket: Type.String() }, strict),
  ),
  'batches.reconcile': query<ReconcileReport>()(Type.Object({ batch: Type.String(), ticket: Type.String() }, strict)),
  /** A page for a reviewer who has no Roster: self-contained HTML, to be printed. */
  'batches.report': query<FileTicket>()(Type.Object({ batch: Type.String(), language: languageSchema }, strict)),
} as const
