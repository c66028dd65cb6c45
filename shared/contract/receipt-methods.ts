import Type from 'typebox'
import type { ItemCounts } from '../core/batch/batch.ts'
import type { ReceiptProblem } from '../core/batch/receipt.ts'
import type { FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const

/**
 * Who stands behind a receipt.
 * - `signed`: the importer's key, registered in the store under that name, signed it.
 * - `unknown-key`: signed, but this store does not know the key as the importer's.
 * - `unsigned`: no key was used. `unsigned-has-key`: the importer has one in this store and did not use it.
 * - `forged`: the signature in the file is not one over this receipt.
 */
export type SignatureStanding = 'signed' | 'unknown-key' | 'unsigned' | 'unsigned-has-key' | 'forged'

/** What a receipt file says of itself, and whether that holds. */
export interface ReceiptCheck {
  readonly name: string
  readonly batch: string
  readonly customer: string
  readonly digest: string
  readonly by: string
  readonly finishedAt: string
  readonly counts: ItemCounts
  readonly singlePerson: boolean
  readonly receiptDigest: string
  /** Fingerprint of the key that signed it, or null. */
  readonly key: string | null
  readonly signature: SignatureStanding
  /** In the order found; empty: it is genuine as far as it was held against something. */
  readonly problems: readonly (ReceiptProblem | 'not-in-log')[]
  /** `store`: the batch is in the store here, and the receipt was held against it and the log. `file`: by itself alone. */
  readonly heldAgainst: 'store' | 'file'
}

export const receiptMethods = {
  /** A receipt file, or the evidence file that carries one: genuine or not, and for which batch. */
  'receipts.verify': query<ReceiptCheck>()(Type.Object({ ticket: Type.String() }, strict)),
  /** Signs the receipt of a push afterwards, with the key of who pushed: after a push that nobody sat at. */
  'receipts.sign': command<null>()(
    Type.Object({ batch: Type.String(), by: Type.String({ minLength: 1 }), passphrase: Type.String() }, strict),
  ),
  /** The receipt as one page to print. */
  'receipts.page': command<FileTicket>()(Type.Object({ batch: Type.String(), language: Type.Enum(['en', 'nb', 'da']) }, strict)),
} as const
