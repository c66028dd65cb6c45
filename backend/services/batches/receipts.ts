import { isSamePerson } from '../../../shared/core/batch/approval.ts'
import type { AuditHead } from '../../../shared/core/batch/audit.ts'
import type { BatchContent, Receipt, ReceiptSignature } from '../../../shared/core/batch/batch.ts'
import { readReceiptFile, receiptStatement, receiptText } from '../../../shared/core/batch/receipt-file.ts'
import { createReceiptDigest, receiptPieces, type ReceiptFrame, type ReceiptItem } from '../../../shared/core/batch/receipt-pieces.ts'
import { buildReceipt, verifyReceipt, withStoreUrl, type ReceiptFacts } from '../../../shared/core/batch/receipt.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { SignatureStanding } from '../../../shared/contract/receipt-methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ProvisioningStore, StoreMoment } from '../../ports/provisioning-store.ts'
import { fileError, storeError } from '../problems.ts'
import type { Decisions, RegisteredKey } from '../review/decisions.ts'
import type { World } from '../world.ts'
import { actorOf, batchFact } from './audit-facts.ts'
import { countsIn } from './batch-detail.ts'
import { itemsAgain, type VerifiedContent } from './content-in-pieces.ts'
import type { ReadBatch } from './read-batch.ts'

export const receiptPath = ({ folders, join }: Pick<World, 'folders' | 'join'>, batch: string): string =>
  join(folders.receipts, `${batch}.json`)

/** The audit head stands in a receipt as `<entry>:<hash>`. */
const anchorText = ({ entry, hash }: AuditHead): string => `${entry}:${hash}`
export function anchorOf(text: string): AuditHead | null {
  const found = /^(\d+):([0-9a-f]{64})$/u.exec(text)
  return found === null ? null : { entry: Number(found[1]), hash: found[2] ?? '' }
}

/** What the store's book keeps of a signature: the receipt is made from the ledger again wherever it is asked for. */
interface SignedReceipt {
  /** The store's address as the machine knew it that signed: it stands in the receipt. */
  readonly url: string
  readonly receiptDigest: string
  readonly signature: ReceiptSignature
}

/** A batch as it stood at one moment: everything that a receipt is made of comes from there. */
interface BatchThen extends Omit<ReadBatch, 'store'> {
  readonly store: StoreMoment
}

/** A moment that is lost on the way (its server was restarted) is taken once more, so the work may be done twice. `given`: one that was taken already. */
async function ofOneMoment<T>(
  store: ProvisioningStore,
  batch: string,
  given: StoreMoment | null,
  work: (then: BatchThen) => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  for (let moment = given, tries = 1; ; moment = null, tries++) {
    const taken = moment === null ? await store.moment() : ok(moment)
    if (!taken.ok) return err(storeError(taken.error, batch))
    const result = await workThen(taken.value, batch, work).finally(() => taken.value.close())
    if (result.ok || result.error.code !== 'store/unreachable' || tries === 2) return result
  }
}

async function workThen<T>(
  store: StoreMoment,
  batch: string,
  work: (then: BatchThen) => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  const [stored, approvals] = [await store.batch(batch), await store.approvals(batch)]
  if (!stored.ok) return err(storeError(stored.error, batch))
  if (!approvals.ok) return err(storeError(approvals.error, batch))
  return work({ store, stored: stored.value, approvals: approvals.value })
}

/** What a receipt says beside content and outcomes. Null before the first push has ended. */
async function factsOf({ store, stored, approvals }: BatchThen): Promise<Result<ReceiptFacts | null, AppError>> {
  const [pushes, status] = [await store.pushes(stored.batch), await store.status()]
  if (!pushes.ok) return err(storeError(pushes.error, stored.batch))
  if (!status.ok) return err(storeError(status.error, stored.batch))
  const [first] = pushes.value
  const last = pushes.value.findLast((push) => push.auditHead !== null)
  if (first === undefined || last?.auditHead == null) return ok(null)
  return ok({
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
  })
}

/** Signatures that the store's book keeps, the newest first. */
async function signaturesOf({ store, stored }: ReadBatch): Promise<Result<readonly SignedReceipt[], AppError>> {
  const records = store.book === undefined ? ok([]) : await store.book.records(stored.batch)
  if (!records.ok) return err(storeError(records.error, stored.batch))
  return ok(records.value.flatMap(({ kind, body }) => (kind === 'receipt' ? [body as SignedReceipt] : [])).toReversed())
}

/** Made from the ledger, so it can be made again at any time, with its signature where one was kept. Null before the first push has ended. */
export async function makeReceipt(
  { hasher }: Pick<World, 'hasher'>,
  read: ReadBatch,
  content: BatchContent,
): Promise<Result<Receipt | null, AppError>> {
  const made = await ofOneMoment(read.store, read.stored.batch, null, async (then): Promise<Result<Receipt | null, AppError>> => {
    const facts = await factsOf(then)
    if (!facts.ok || facts.value === null) return facts.ok ? ok(null) : facts
    const ledger = await then.store.ledger(then.stored.batch)
    if (!ledger.ok) return err(storeError(ledger.error, then.stored.batch))
    const results = ledger.value.map(({ number, outcome, reason }) => ({ number, outcome, ...(reason === null ? {} : { reason }) }))
    return ok(buildReceipt(facts.value, content, results, hasher))
  })
  if (!made.ok || made.value === null) return made
  const receipt = made.value
  const signatures = await signaturesOf(read)
  if (!signatures.ok) return signatures
  for (const { url, receiptDigest, signature } of signatures.value) {
    const signed = url === receipt.store.url ? receipt : withStoreUrl(receipt, url, hasher)
    if (signed.receiptDigest === receiptDigest) return ok({ ...signed, signature })
  }
  return ok(receipt)
}

type ReceiptWorld = Pick<World, 'hasher' | 'breathe' | 'ownFiles' | 'folders' | 'join' | 'log' | 'clock' | 'signers'>

async function* receiptItems(
  world: ReceiptWorld,
  { store, stored }: BatchThen,
  content: VerifiedContent,
): AsyncGenerator<Result<readonly ReceiptItem[], AppError>> {
  for await (const items of itemsAgain(world, { store, stored }, content)) {
    if (!items.ok) {
      yield items
      return
    }
    const [first, last] = [items.value[0]?.item.number ?? 0, items.value.at(-1)?.item.number ?? 0]
    const ledger = await store.ledger(stored.batch, [first, last])
    if (!ledger.ok) {
      yield err(storeError(ledger.error, stored.batch))
      return
    }
    const outcomes = new Map(ledger.value.map((row) => [row.number, row]))
    yield ok(
      items.value.map(({ item: { number, email, intent }, hash }): ReceiptItem => {
        const { outcome = 'pending', reason = null } = outcomes.get(number) ?? {}
        return { number, email, intent, outcome, ...(reason === null ? {} : { reason }), hash }
      }),
    )
  }
}

/**
 * The receipt of a push that has just ended, written while the batch is read once more in pieces, and signed at its end where the person
 * has a key for it. The push is done whatever becomes of the signature, which the receipt shows and which can be made later. Whatever is pushed
 * meanwhile, it tells of one moment: that at which the push ended where that was taken (`moment`), else that of now.
 */
export function writePushReceipt(
  world: ReceiptWorld,
  { store, stored }: Pick<ReadBatch, 'store' | 'stored'>,
  content: VerifiedContent,
  signer: { readonly by: string; readonly passphrase: string } | null,
  moment: StoreMoment | null,
): Promise<Result<string | null, AppError>> {
  return ofOneMoment(store, stored.batch, moment, (then) => writeReceiptThen(world, store, then, content, signer))
}

async function writeReceiptThen(
  world: ReceiptWorld,
  now: ProvisioningStore,
  then: BatchThen,
  content: VerifiedContent,
  signer: { readonly by: string; readonly passphrase: string } | null,
): Promise<Result<string | null, AppError>> {
  const { store, stored } = then
  const facts = await factsOf(then)
  if (!facts.ok || facts.value === null) return facts.ok ? ok(null) : facts
  const ledger = await store.ledgerCounts(stored.batch)
  if (!ledger.ok) return err(storeError(ledger.error, stored.batch))
  const { batch, ...others } = facts.value
  const counts = countsIn(stored.items, ledger.value)
  const frame: ReceiptFrame = { format: 1, batch, digest: stored.digest, customer: content.frame.customer, ...others, counts }
  let problem: AppError | null = null as AppError | null

  async function* bytes(): AsyncGenerator<Uint8Array> {
    const pieces = receiptPieces(frame)
    const digest = createReceiptDigest(frame, world.hasher)
    yield Buffer.from(pieces.head)
    let isFirst = true
    for await (const items of receiptItems(world, then, content)) {
      if (!items.ok) {
        problem = items.error
        throw new Error('broken off')
      }
      digest.add(items.value)
      yield Buffer.from(pieces.items(items.value, isFirst))
      isFirst = false
    }
    const receiptDigest = digest.end()
    const signature =
      signer === null
        ? ok(undefined)
        : await signStatement(world, { store: now, stored }, { ...frame, receiptDigest }, signer.by, signer.passphrase)
    if (!signature.ok) world.log.event('receipt/unsigned', { batch, reason: signature.error.code })
    yield Buffer.from(pieces.tail(receiptDigest, signature.ok ? signature.value : undefined))
  }

  const path = receiptPath(world, batch)
  try {
    const written = await world.ownFiles.writePieces(path, bytes(), { replace: true })
    return written.ok ? ok(path) : err(fileError(written.error))
  } catch (thrown) {
    if (problem !== null) return err(problem)
    throw thrown
  }
}

async function keepFile(world: World, batch: string, receipt: Receipt): Promise<Result<string, AppError>> {
  const path = receiptPath(world, batch)
  const written = await world.ownFiles.write(path, new Uint8Array(Buffer.from(receiptText(receipt))), { replace: true })
  return written.ok ? ok(path) : err(fileError(written.error))
}

async function writeReceipt(world: World, read: ReadBatch, content: BatchContent): Promise<Result<string | null, AppError>> {
  const receipt = await makeReceipt(world, read, content)
  if (!receipt.ok) return receipt
  return receipt.value === null ? ok(null) : keepFile(world, read.stored.batch, receipt.value)
}

/** The receipt as it lies in the file, held against the batch. Where the file is gone it is made again. */
export async function readReceipt(
  world: World,
  decisions: Pick<Decisions, 'keys'>,
  read: ReadBatch,
  content: BatchContent,
): Promise<Result<{ readonly receipt: Receipt; readonly verified: boolean; readonly signature: SignatureStanding }, AppError>> {
  const path = receiptPath(world, read.stored.batch)
  let bytes = await world.ownFiles.read(path)
  if (!bytes.ok) {
    const written = await writeReceipt(world, read, content)
    if (!written.ok) return written
    bytes = await world.ownFiles.read(path)
  }
  if (!bytes.ok) return err(fileError(bytes.error))
  let found = readReceiptFile(Buffer.from(bytes.value).toString('utf8'), world.hasher)
  if (found === null) return err({ code: 'receipt/not-genuine', name: world.baseName(path), reason: 'no-receipt' })
  const keys = await decisions.keys(read.store)
  if (!keys.ok) return keys
  // Somebody may have signed it on another machine since this file was written.
  if (found.isAsWritten && found.receipt.signature === undefined && verifyReceipt(found.receipt, world.hasher, content).length === 0) {
    const signed = await signedElsewhere(world, read, content)
    if (!signed.ok) return signed
    if (signed.value !== null) {
      await keepFile(world, read.stored.batch, signed.value)
      found = { receipt: signed.value, isAsWritten: true }
    }
  }
  const { receipt, isAsWritten } = found
  const signature = standingOfSignature(world, receipt, keys.value)
  return ok({
    receipt,
    verified: isAsWritten && signature !== 'forged' && verifyReceipt(receipt, world.hasher, content).length === 0,
    signature,
  })
}

async function signedElsewhere(world: World, read: ReadBatch, content: BatchContent): Promise<Result<Receipt | null, AppError>> {
  const { store, stored } = read
  const records = store.book === undefined ? ok([]) : await store.book.records(stored.batch)
  if (!records.ok) return err(storeError(records.error, stored.batch))
  if (!records.value.some(({ kind }) => kind === 'receipt')) return ok(null)
  const made = await makeReceipt(world, read, content)
  return made.ok ? ok(made.value?.signature === undefined ? null : made.value) : made
}

/** `keys`: those that the store knows. */
export function standingOfSignature(
  { signers }: Pick<World, 'signers'>,
  receipt: Receipt,
  keys: readonly Pick<RegisteredKey, 'person' | 'fingerprint'>[],
): SignatureStanding {
  const own = keys.filter(({ person }) => isSamePerson(person, receipt.by))
  const { signature } = receipt
  if (signature === undefined) return own.length === 0 ? 'unsigned' : 'unsigned-has-key'
  const isOver =
    signers.fingerprintOf(signature.publicKey) === signature.key &&
    signers.verify(signature.publicKey, receiptStatement(receipt), signature.signature)
  if (!isOver) return 'forged'
  // A key that was replaced since still speaks for what it signed.
  return own.some(({ fingerprint }) => fingerprint === signature.key) ? 'signed' : 'unknown-key'
}

/** Whether the passphrase opens the person's key, asked before a push so that it is not found out after it. Registers the key with the store. */
export async function readyToSign(
  { signers }: Pick<World, 'signers'>,
  decisions: Pick<Decisions, 'register'>,
  { store }: Pick<ReadBatch, 'store'>,
  by: string,
  passphrase: string,
): Promise<Result<null, AppError>> {
  const proof = await signers.sign(by, passphrase, 'roster-key')
  const key = proof.ok ? await signers.find(by) : null
  if (!proof.ok || key === null) return err({ code: 'review/key', person: by, reason: proof.ok ? 'no-key' : proof.error.reason })
  return decisions.register(store, key)
}

/** Signs what the last push did. Only who pushed can; the signature goes into the store's book, so that every machine finds it. */
export async function signReceipt(
  world: World,
  read: ReadBatch,
  content: BatchContent,
  by: string,
  passphrase: string,
): Promise<Result<null, AppError>> {
  const { stored } = read
  const made = await makeReceipt(world, read, content)
  if (!made.ok) return made
  const receipt = made.value
  if (receipt === null)
    return err({ code: 'guard/wrong-state', batch: stored.batch, state: stored.state, wanted: 'applied, partly-applied' })
  const signature = await signStatement(world, read, receipt, by, passphrase)
  if (!signature.ok) return signature
  const written = await keepFile(world, stored.batch, { ...receipt, signature: signature.value })
  return written.ok ? ok(null) : written
}

/** The signature, which the store's book then keeps. */
async function signStatement(
  world: Pick<World, 'signers' | 'clock' | 'hasher'>,
  { store, stored }: Pick<ReadBatch, 'store' | 'stored'>,
  receipt: ReceiptFrame & Pick<Receipt, 'receiptDigest'>,
  by: string,
  passphrase: string,
): Promise<Result<ReceiptSignature, AppError>> {
  const { signers, clock, hasher } = world
  if (!isSamePerson(receipt.by, by)) {
    return err({ code: 'guard/refused', detail: `${receipt.by} pushed this batch; nobody else can sign its receipt` })
  }
  if (store.book === undefined) return err({ code: 'guard/decision', batch: stored.batch, by, reason: 'no-book' })
  const signed = await signers.sign(by, passphrase, receiptStatement(receipt))
  const key = signed.ok ? await signers.find(by) : null
  if (!signed.ok || key === null) return err({ code: 'review/key', person: by, reason: signed.ok ? 'no-key' : signed.error.reason })
  const signature: ReceiptSignature = { key: key.fingerprint, publicKey: key.publicKey, signature: signed.value.signature }
  const at = clock.now()
  const body: SignedReceipt = { url: receipt.store.url, receiptDigest: receipt.receiptDigest, signature }
  const kept = await store.book.add(
    { kind: 'receipt', batch: stored.batch, by: by.trim(), at, body },
    batchFact('receipt/signed', stored, actorOf(by, stored.hashKey, hasher), at),
  )
  return kept.ok ? ok(signature) : err(storeError(kept.error, stored.batch))
}

export function parseReceipt(text: string): Receipt | null {
  try {
    const parsed = JSON.parse(text) as Receipt | null
    return parsed !== null && typeof parsed === 'object' && Array.isArray(parsed.items) && Array.isArray(parsed.approvals) ? parsed : null
  } catch {
    return null
  }
}
