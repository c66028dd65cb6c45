import Type from 'typebox'
import type { StoreDriftRow } from '../core/batch/store-drift.ts'
import type { BatchDetail } from './batch-methods.ts'
import type { DraftState, FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'

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

/** What the store holds of a customer. */
export interface StoreCustomer {
  /** False: nothing of this customer was ever pushed. */
  readonly isKnown: boolean
  readonly users: number
  readonly packages: readonly { readonly package: string; readonly users: number }[]
}

/** A Control Hub export held against the store. */
export interface StoreDriftPage {
  readonly name: string
  readonly isKnown: boolean
  readonly counts: Readonly<Record<StoreDriftRow['kind'] | 'same', number>>
  readonly unseen: readonly string[]
  /** Rows of the kind that was asked for. */
  readonly total: number
  readonly rows: readonly StoreDriftRow[]
}

/** How Roster logs in to the store. */
export interface StoreLogin {
  /** Null: the embedded store, which wants no password. */
  readonly url: string | null
  /** Where the password comes from. `typed`: held until Roster ends. `none`: what PostgreSQL's own password file says, or nothing. */
  readonly password: 'environment' | 'kept' | 'typed' | 'none'
  /** Whether the system's key chain can keep one, else why not. */
  readonly keeping: 'key-chain' | 'host' | 'unavailable' | 'plain-text'
}

const strict = { additionalProperties: false } as const
const comparison = { customer: Type.String(), ticket: Type.String() }

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
  'store.customer': query<StoreCustomer>()(Type.Object({ customer: Type.String() }, strict)),
  'store.login': query<StoreLogin>()(Type.Object({}, strict)),
  /** Logs in with a password for as long as Roster runs; `remember` keeps it in the system's key chain. What the store refuses is not kept. */
  'store.unlock': command<StoreLogin>()(Type.Object({ password: Type.String({ minLength: 1 }), remember: Type.Boolean() }, strict)),
  /** Takes it out of the key chain and out of memory. */
  'store.forgetPassword': command<StoreLogin>()(Type.Object({}, strict)),
  /** `ticket`: a fresh export. */
  'store.drift': query<StoreDriftPage>()(
    Type.Object(
      {
        ...comparison,
        kind: Type.Optional(Type.Enum(['only-there', 'only-here', 'differs'])),
        from: Type.Integer({ minimum: 0 }),
        count: Type.Integer({ minimum: 1, maximum: 500 }),
      },
      strict,
    ),
  ),
  /** A batch that makes the store what the export says. It needs approval like any other, and leads to nothing in Control Hub. */
  'store.takeExport': command<BatchDetail>()(
    Type.Object(
      {
        ...comparison,
        /** Of a workbook. Default: its first one with users. */
        sheet: Type.Optional(Type.String()),
        by: Type.String({ minLength: 1 }),
        message: Type.Optional(Type.String()),
        /** Whether users that the export does not have are removed from the store. */
        removeMissing: Type.Boolean(),
        /** Must equal the number of users that are removed. */
        confirmRemovals: Type.Optional(Type.Integer({ minimum: 0 })),
      },
      strict,
    ),
  ),
  /** A draft of the customer's users as the store holds them, compared with just that. */
  'store.toDraft': command<DraftState>()(Type.Object({ customer: Type.String(), job: Type.Optional(Type.String()) }, strict)),
} as const
