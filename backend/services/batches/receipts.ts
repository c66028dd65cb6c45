import type { BatchContent, Receipt } from '../../../shared/core/batch/batch.ts'
import { buildReceipt, verifyReceipt } from '../../../shared/core/batch/receipt.ts'
import type { AuditHead } from '../../../shared/core/batch/audit.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { fileError, storeError } from '../problems.ts'
import type { World } from '../world.ts'
import type { ReadBatch } from './read-batch.ts'

export const receiptPath = ({ folders, join }: Pick<World, 'folders' | 'join'>, batch: string): string =>
  join(folders.receipts, `${batch}.json`)

/** The audit head stands in a receipt as `<entry>:<hash>`. */
const anchorText = ({ entry, hash }: AuditHead): string => `${entry}:${hash}`
export function anchorOf(text: string): AuditHead | null {
  const found = /^(\d+):([0-9a-f]{64})$/u.exec(text)
  return found === null ? null : { entry: Number(found[1]), hash: found[2] ?? '' }
}

/** Made from the ledger, so it can be made again at any time. Null before the first push has ended. */
export async function makeReceipt(
  { hasher }: Pick<World, 'hasher'>,
  { store, stored, approvals }: ReadBatch,
  content: BatchContent,
): Promise<Result<Receipt | null, AppError>> {
  const [pushes, ledger, status] = [await store.pushes(stored.batch), await store.ledger(stored.batch), await store.status()]
  if (!pushes.ok) return err(storeError(pushes.error, stored.batch))
  if (!ledger.ok) return err(storeError(ledger.error, stored.batch))
  if (!status.ok) return err(storeError(status.error, stored.batch))
  const [first] = pushes.value
  const last = pushes.value.findLast((push) => push.auditHead !== null)
  if (first === undefined || last?.auditHead == null) return ok(null)
  const facts = {
    batch: stored.batch,
    author: stored.author,
    approvals,
    singlePerson: stored.singlePerson,
    store: {
      url: store.url,
      lineage: status.value.lineage,
      serialBefore: first.serialBefore,
      serialAfter: last.serialAfter ?? first.serialBefore,
    },
    by: last.by,
    startedAt: first.startedAt,
    finishedAt: last.finishedAt ?? last.startedAt,
    auditHead: anchorText(last.auditHead),
  }
  const results = ledger.value.map(({ number, outcome, reason }) => ({ number, outcome, ...(reason === null ? {} : { reason }) }))
  return ok(buildReceipt(facts, content, results, hasher))
}

export async function writeReceipt(world: World, read: ReadBatch, content: BatchContent): Promise<Result<string | null, AppError>> {
  const receipt = await makeReceipt(world, read, content)
  if (!receipt.ok) return receipt
  if (receipt.value === null) return ok(null)
  const path = receiptPath(world, read.stored.batch)
  const written = await world.ownFiles.write(path, new Uint8Array(Buffer.from(`${JSON.stringify(receipt.value, null, 2)}\n`)), {
    replace: true,
  })
  return written.ok ? ok(path) : err(fileError(written.error))
}

/** The receipt as it lies in the file, held against the batch. Where the file is gone it is made again. */
export async function readReceipt(
  world: World,
  read: ReadBatch,
  content: BatchContent,
): Promise<Result<{ readonly receipt: Receipt; readonly verified: boolean }, AppError>> {
  const path = receiptPath(world, read.stored.batch)
  let bytes = await world.ownFiles.read(path)
  if (!bytes.ok) {
    const written = await writeReceipt(world, read, content)
    if (!written.ok) return written
    bytes = await world.ownFiles.read(path)
  }
  if (!bytes.ok) return err(fileError(bytes.error))
  const receipt = parseReceipt(Buffer.from(bytes.value).toString('utf8'))
  if (receipt === null) return err({ code: 'file/unreadable', path, detail: 'this is no receipt' })
  return ok({ receipt, verified: verifyReceipt(receipt, world.hasher, content).length === 0 })
}

export function parseReceipt(text: string): Receipt | null {
  try {
    const parsed = JSON.parse(text) as Receipt | null
    return parsed !== null && typeof parsed === 'object' && Array.isArray(parsed.items) && Array.isArray(parsed.approvals) ? parsed : null
  } catch {
    return null
  }
}
