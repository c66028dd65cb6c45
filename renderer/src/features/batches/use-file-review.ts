import { computed, ref, shallowRef, watch, type ComputedRef } from 'vue'
import type { ReviewFileView } from '../../../../shared/contract/review-methods.ts'
import type { CommentPlace, ReviewComment } from '../../../../shared/core/review/comment.ts'
import type { ReviewTools } from '../../parts/review-tools.ts'
import { useApi } from '../../state/api.ts'

export interface FileReview {
  readonly tools: ComputedRef<ReviewTools>
  /** What is said here, for the decision file to take along. */
  readonly said: ComputedRef<{ place: CommentPlace; text: string }[]>
}

/** What a reviewer sees and says of a batch that came as a file. Nothing of it is kept here: what is said goes back with the decision. */
export function useFileReview(ticket: () => string, view: () => ReviewFileView, person: () => string): FileReview {
  const api = useApi()
  const seen = ref<ReadonlySet<string>>(new Set())
  const seenUsers = ref(0)
  const own = shallowRef<readonly ReviewComment[]>([])

  watch(seen, async (marks) => {
    const unseen = { by: '', seen: [...marks] }
    const result = await api['diff.seek']({ source: { of: 'file', ticket: ticket() }, all: false, from: -1, direction: 'next', unseen })
    if (result.ok && marks === seen.value) seenUsers.value = view().items - (result.value.left ?? 0)
  })
  function mark(keys: readonly string[], isSeen: boolean): void {
    const next = new Set(seen.value)
    for (const key of keys) {
      if (isSeen) next.add(key)
      else next.delete(key)
    }
    seen.value = next
  }
  async function comment(place: CommentPlace, text: string): Promise<boolean> {
    const said = { place, by: person().trim(), at: new Date().toISOString(), text, resolved: null }
    own.value = [...own.value, { id: `here-${own.value.length}`, ...said }]
    return true
  }

  const tools = computed((): ReviewTools => ({
    comments: [...view().request.comments, ...own.value],
    seen: seen.value,
    seenUsers: seenUsers.value,
    users: view().items,
    losesCalling: new Set(),
    canReject: false,
    canResolve: false,
    rejectedGroups: new Set(),
    rejectedItems: new Set(),
    mark,
    comment,
    resolve: () => undefined,
    rejectGroup: () => undefined,
    rejectItem: () => undefined,
  }))
  return { tools, said: computed(() => own.value.map(({ place, text }) => ({ place, text }))) }
}
