import type { Router } from 'vue-router'
import type { useOpenDrafts } from '../state/open-drafts.ts'

/** Closes a tab and goes on to its neighbour, if the closed one was in front. The draft itself stays on disk. */
export function closeDraft(id: string, drafts: ReturnType<typeof useOpenDrafts>, router: Router): void {
  const here = router.currentRoute.value
  const next = drafts.close(id)
  if (here.name === 'draft' && here.params['id'] === id) void router.push(next === null ? '/' : `/drafts/${next.id}/${next.view}`)
}
