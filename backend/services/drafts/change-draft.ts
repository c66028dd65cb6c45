import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, type Result } from '../../../shared/kit/result.ts'
import { DraftNotSaved } from '../../ports/draft-store.ts'
import type { World } from '../world.ts'
import { snapshotIfLong, type Draft } from './draft.ts'
import type { OpenDrafts, Opener } from './open-drafts.ts'

/** A change of a draft by its id. `by`: who asks for it, and may give up for as long as the draft is not there. */
export type ChangeDraft = <T>(id: string, work: (draft: Draft) => Result<T, AppError>, by?: Opener) => Promise<Result<T, AppError>>

/** A change as one whole: journaled, carried out, told. Where the disk refuses, nothing has changed. */
export const createChangeDraft =
  ({ emit }: Pick<World, 'emit'>, open: OpenDrafts): ChangeDraft =>
  async (id, work, by) => {
    let draft = await open.writable(id, by)
    // It may have been closed in the moment between.
    while (draft.ok && !open.holds(draft.value)) draft = await open.writable(id, by)
    if (!draft.ok) return draft
    const { file, kept } = draft.value
    const before = file.lastEntry
    try {
      const done = work(draft.value)
      if (file.lastEntry !== before) {
        emit({ kind: 'draft-changed', draftId: id, revision: file.lastEntry, saved: true })
        snapshotIfLong(draft.value)
      }
      return done
    } catch (thrown) {
      if (thrown instanceof DraftNotSaved) return err({ code: 'file/not-writable', path: kept.name, detail: thrown.message })
      throw thrown
    }
  }
