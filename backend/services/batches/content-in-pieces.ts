import { ContentFault, createContentReader, type ContentFrame, type ReadItem } from '../../../shared/core/batch/read-content.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { StoreMoment } from '../../ports/provisioning-store.ts'
import { storeError } from '../problems.ts'
import type { World } from '../world.ts'
import { isOfContent, isPurged, saysOther, type ReadBatch } from './read-batch.ts'

type PieceWorld = Pick<World, 'hasher' | 'breathe'>

/** Content that was read once from its first piece to its last and held to the digest. */
export interface VerifiedContent {
  readonly frame: ContentFrame
  /** SHA-256 of each piece: what is read again must be the same. */
  readonly pieces: readonly string[]
}

/**
 * Reads a batch through without ever having it in memory as a whole. `onItems` sees its items before anything vouches for them: what it
 * throws counts only where the digest then says that they are what was approved, else they were no items at all.
 */
export async function verifyContent(
  { hasher, breathe }: PieceWorld,
  { store, stored }: ReadBatch,
  onItems: (items: readonly ReadItem[]) => void,
  signal: AbortSignal,
): Promise<Result<VerifiedContent, AppError>> {
  const { batch } = stored
  if (isPurged(stored)) return err({ code: 'batch/purged', batch })
  const changed = (detail: string): Result<never, AppError> => err({ code: 'guard/content-changed', batch, detail })
  const reader = createContentReader(hasher)
  const pieces: string[] = []
  let count = 0
  let thrownByItems: { readonly thrown: unknown } | null = null
  for (;;) {
    const piece = await store.contentPiece(batch, pieces.length)
    if (!piece.ok) return err(storeError(piece.error, batch))
    if (piece.value === null) break
    pieces.push(hasher.sha256(piece.value))
    let items: readonly ReadItem[]
    try {
      items = reader.add(piece.value)
    } catch (thrown) {
      if (!(thrown instanceof ContentFault)) throw thrown
      return changed(thrown.message)
    }
    count += items.length
    try {
      if (thrownByItems === null) onItems(items)
    } catch (thrown) {
      thrownByItems = { thrown }
    }
    await breathe()
    if (signal.aborted) return err({ code: 'cancelled' })
  }
  const frame = reader.end(stored.digest)
  if (!frame.ok) return changed(frame.error.detail)
  if (thrownByItems !== null) throw thrownByItems.thrown
  return isOfContent(stored, frame.value, count) ? ok({ frame: frame.value, pieces }) : changed(saysOther)
}

/** The items once more, piece by piece. What is not as it was verified ends it. */
export async function* itemsAgain(
  { hasher, breathe }: PieceWorld,
  { store, stored: { batch } }: { readonly store: Pick<StoreMoment, 'contentPiece'>; readonly stored: Pick<ReadBatch['stored'], 'batch'> },
  { pieces }: VerifiedContent,
): AsyncGenerator<Result<readonly ReadItem[], AppError>> {
  const reader = createContentReader(hasher, { isVerified: true })
  for (const [number, hash] of pieces.entries()) {
    const piece = await store.contentPiece(batch, number)
    if (!piece.ok) {
      yield err(storeError(piece.error, batch))
      return
    }
    if (piece.value === null || hasher.sha256(piece.value) !== hash) {
      yield err({ code: 'guard/content-changed', batch, detail: 'the stored content changed while it was read' })
      return
    }
    const items = reader.add(piece.value)
    if (items.length > 0) yield ok(items)
    await breathe()
  }
}
