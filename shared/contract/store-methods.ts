import Type from 'typebox'
import type { FileTicket } from './draft-methods.ts'
import { command } from './method.ts'

/** The batch that takes another one back. It needs approval like any other. */
export interface UndoResult {
  readonly batch: string
  readonly digest: string
  readonly undone: string
  readonly items: number
  readonly removals: number
  /** Reversed, but not what it was: the user's or the calling data is gone in Webex. */
  readonly withLoss: readonly { readonly number: number; readonly email: string; readonly loss: 'calling-data' | 'user-data' }[]
  readonly impossible: readonly { readonly number: number; readonly email: string; readonly reason: 'no-before-image' }[]
}

export const storeMethodTable = {
  'batches.undo': command<UndoResult>()(
    Type.Object(
      {
        batch: Type.String(),
        by: Type.String({ minLength: 1 }),
        message: Type.Optional(Type.String()),
        /** Must equal the number of users that taking the batch back removes: those that it added. */
        confirmRemovals: Type.Optional(Type.Integer({ minimum: 0 })),
      },
      { additionalProperties: false },
    ),
  ),
  /** What the store refused, as a file with the reasons, to be corrected and submitted again. */
  'batches.failedRows': command<{ readonly rows: number; readonly file: FileTicket }>()(
    Type.Object({ batch: Type.String(), language: Type.Enum(['en', 'nb', 'da']) }, { additionalProperties: false }),
  ),
} as const
