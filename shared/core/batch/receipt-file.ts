import Type from 'typebox'
import Value from 'typebox/value'
import { canonicalize } from './canonical.ts'
import type { Receipt } from './batch.ts'
import type { Hasher } from './hasher.ts'

/**
 * The text that the importer's key signs: which batch with which content, in which store, by whom and when, what came of it, and the
 * audit head after it. The receipt's own digest covers the rest, item by item.
 */
export const receiptStatement = ({
  batch,
  digest,
  customer,
  store,
  by,
  finishedAt,
  counts,
  auditHead,
  receiptDigest,
}: Omit<Receipt, 'items' | 'signature'>): string =>
  canonicalize({
    what: 'roster-receipt',
    format: 1,
    batch,
    digest,
    customer,
    lineage: store.lineage,
    by,
    at: finishedAt,
    counts,
    auditHead,
    receiptDigest,
  })

/** The one way in which a receipt is written, so that a file can be held to it byte for byte. */
export const receiptText = (receipt: Receipt): string => `${JSON.stringify(receipt, null, 2)}\n`

export interface ReadReceipt {
  readonly receipt: Receipt
  /** False: the text says a receipt, but not as Roster writes it; somebody was in the file. */
  readonly isAsWritten: boolean
}

/** A receipt from its file, or out of an evidence file. Null where the text is neither. */
export function readReceiptFile(text: string, hasher: Hasher): ReadReceipt | null {
  const parsed = parse(text)
  if (Value.Check(receiptSchema, parsed)) return { receipt: parsed, isAsWritten: receiptText(parsed) === text }
  if (!Value.Check(evidenceSchema, parsed)) return null
  const { evidenceDigest, ...body } = parsed
  const isAsWritten = canonical(parsed) === text && hasher.sha256(canonical(body) ?? '') === evidenceDigest
  return { receipt: parsed.receipt, isAsWritten }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Null where the value has no canonical form (half a surrogate pair). */
function canonical(value: unknown): string | null {
  try {
    return canonicalize(value)
  } catch {
    return null
  }
}

const strict = { additionalProperties: false } as const
// Lone surrogates have no canonical form: what is hashed and signed can be written.
const text = Type.Refine(Type.String(), (value) => typeof value === 'string' && value.isWellFormed())
const count = Type.Integer({ minimum: 0 })
const receiptSchema = Type.Object(
  {
    format: Type.Literal(1),
    batch: text,
    digest: text,
    customer: text,
    author: text,
    approvals: Type.Array(
      Type.Object(
        {
          by: text,
          decision: Type.Enum(['approved', 'rejected']),
          at: text,
          digest: text,
          message: Type.Optional(text),
          signature: Type.Optional(text),
        },
        strict,
      ),
    ),
    singlePerson: Type.Boolean(),
    store: Type.Object({ url: text, lineage: text, serialBefore: count, serialAfter: count }, strict),
    by: text,
    startedAt: text,
    finishedAt: text,
    counts: Type.Object({ total: count, applied: count, refused: count, skipped: count, unknown: count, pending: count }, strict),
    items: Type.Array(
      Type.Object(
        {
          number: count,
          email: text,
          intent: Type.Enum(['add', 'update', 'packageChange', 'remove', 'rename']),
          outcome: Type.Enum(['applied', 'refused', 'skipped', 'unknown', 'pending']),
          reason: Type.Optional(text),
          hash: text,
        },
        strict,
      ),
    ),
    auditHead: text,
    receiptDigest: text,
    signature: Type.Optional(Type.Object({ key: text, publicKey: text, signature: text }, strict)),
  },
  strict,
)
/** As much of an evidence file as is needed to take its receipt out. */
const evidenceSchema = Type.Object({
  format: Type.Literal('roster-evidence'),
  receipt: receiptSchema,
  evidenceDigest: Type.String(),
})
