import { verifyReceipt, type ReceiptProblem } from '../../../shared/core/batch/receipt.ts'
import { readReceiptFile } from '../../../shared/core/batch/receipt-file.ts'
import type { Receipt } from '../../../shared/core/batch/batch.ts'
import { receiptPage } from '../../../shared/core/report/receipt-page.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { ReceiptCheck } from '../../../shared/contract/receipt-methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { encodeUtf8 } from '../../../shared/kit/text.ts'
import { fileError, storeError } from '../problems.ts'
import type { Decisions, RegisteredKey } from '../review/decisions.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import type { Batches } from './batches.ts'
import type { OpenStores } from './open-stores.ts'
import { anchorOf, makeReceipt, readyToSign, signReceipt, standingOfSignature } from './receipts.ts'

export type ReceiptMethods = Pick<Api<Methods>, 'receipts.verify' | 'receipts.sign' | 'receipts.page'>

export interface ReceiptParts {
  readonly world: World
  readonly stores: OpenStores
  readonly tickets: Tickets
  readonly batches: Pick<Batches, 'read'>
  readonly decisions: Pick<Decisions, 'keys' | 'register'>
}

/** Whether a receipt is genuine, its signature afterwards, and the page that people keep. */
export function receiptMethods({ world, stores, tickets, batches, decisions }: ReceiptParts): ReceiptMethods {
  const { hasher, emit, files } = world

  /** Against the batch and the log, where the store here is the one that the receipt speaks of and has the batch. */
  async function problemsInStore(receipt: Receipt): Promise<Result<readonly ReceiptCheck['problems'][number][] | null, AppError>> {
    const store = await stores.find(undefined)
    if (!store.ok) return store
    const status = await store.value?.status()
    if (store.value === null || status === undefined) return ok(null)
    if (!status.ok) return err(storeError(status.error))
    if (status.value.lineage !== receipt.store.lineage) return ok(null)
    const found = await batches.read(receipt.batch)
    // A batch that was purged has no content any more: then the receipt stands alone.
    if (!found.ok) return found.error.code === 'batch/not-found' ? ok(null) : found
    const problems: ReceiptCheck['problems'][number][] = [...verifyReceipt(receipt, hasher, found.value.content)]
    const anchor = anchorOf(receipt.auditHead)
    const entry = anchor === null ? ok(null) : await store.value.audit(anchor.entry - 1, 1)
    if (!entry.ok) return err(storeError(entry.error))
    if (anchor === null || entry.value?.entries[0]?.hash !== anchor.hash) problems.push('not-in-log')
    return ok(problems)
  }

  async function knownKeys(): Promise<Result<readonly RegisteredKey[], AppError>> {
    const store = await stores.find(undefined)
    if (!store.ok) return store
    return store.value === null ? ok([]) : decisions.keys(store.value)
  }

  return {
    async 'receipts.verify'({ ticket }) {
      const source = tickets.source(ticket)
      if (!source.ok) return source
      const { name } = source.value
      const bytes = 'bytes' in source.value ? ok(source.value.bytes) : await files.read(source.value.path)
      if (!bytes.ok) return err(fileError(bytes.error))
      const found = readReceiptFile(Buffer.from(bytes.value).toString('utf8'), hasher)
      if (found === null) return err({ code: 'receipt/not-genuine', name, reason: 'no-receipt' })
      const { receipt, isAsWritten } = found
      const inStore = await problemsInStore(receipt)
      if (!inStore.ok) return inStore
      const keys = await knownKeys()
      if (!keys.ok) return keys
      const signature = standingOfSignature(world, receipt, keys.value)
      const problems: readonly (ReceiptProblem | 'not-in-log')[] = inStore.value ?? verifyReceipt(receipt, hasher)
      const { batch, customer, digest, by, finishedAt, counts, singlePerson, receiptDigest } = receipt
      return ok({
        name,
        batch,
        customer,
        digest,
        by,
        finishedAt,
        counts,
        singlePerson,
        receiptDigest,
        key: receipt.signature?.key ?? null,
        signature,
        problems: [
          ...(isAsWritten || problems.includes('changed') ? [] : (['changed'] as const)),
          ...problems,
          ...(signature === 'forged' ? (['forged'] as const) : []),
        ],
        heldAgainst: inStore.value === null ? 'file' : 'store',
      })
    },
    async 'receipts.sign'({ batch, by, passphrase }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      const ready = await readyToSign(world, decisions, read, by, passphrase)
      if (!ready.ok) return ready
      const signed = await signReceipt(world, read, content, by, passphrase)
      if (signed.ok) emit({ kind: 'batches-changed', batch })
      return signed
    },
    async 'receipts.page'({ batch, language }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      const receipt = await makeReceipt(world, read, content)
      if (!receipt.ok) return receipt
      const { state } = read.stored
      if (receipt.value === null) return err({ code: 'guard/wrong-state', batch, state, wanted: 'applied, partly-applied' })
      const keys = await decisions.keys(read.store)
      if (!keys.ok) return keys
      const page = receiptPage({
        language,
        receipt: receipt.value,
        summary: content.summary,
        signature: standingOfSignature(world, receipt.value, keys.value),
      })
      return ok(tickets.forBytes(`receipt-${batch}.html`, encodeUtf8(page)))
    },
  }
}
