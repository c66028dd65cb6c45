import { ref, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DraftState } from '../../../shared/contract/draft-methods.ts'
import type { Reply } from '../../../shared/contract/method.ts'
import { useFileOpening } from './file-opening.ts'
import { useJobs } from './jobs.ts'
import { useOpenDrafts } from './open-drafts.ts'

/** A draft that was just made: gets a tab, and the window goes to its grid. */
export function useEnterDraft(): (draft: Pick<DraftState, 'id' | 'name'>) => Promise<void> {
  const drafts = useOpenDrafts()
  const router = useRouter()
  return async (draft) => {
    drafts.show(draft)
    await router.push(`/drafts/${draft.id}/edit`)
  }
}

/** Making a draft of files in a dialog: busy meanwhile, with what went wrong to be shown there; a cancelled one leaves the dialog as it was. */
export function useNewDraft() {
  const jobs = useJobs()
  const opening = useFileOpening()
  const enter = useEnterDraft()
  const isBusy = ref(false)
  const failure = shallowRef<AppError | null>(null)

  async function make(label: string, create: (job: string) => Reply<DraftState>): Promise<void> {
    isBusy.value = true
    const result = await jobs.run(label, create)
    isBusy.value = false
    if (!result.ok) {
      failure.value = result.error.code === 'cancelled' ? null : result.error
      return
    }
    opening.made()
    await enter(result.value)
  }

  return { isBusy, failure, make }
}
