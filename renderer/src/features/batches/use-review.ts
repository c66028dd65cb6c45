import { computed, ref, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { BatchDetail } from '../../../../shared/contract/batch-methods.ts'
import type { ReviewState } from '../../../../shared/contract/review-methods.ts'
import type { ReviewTools } from '../../parts/review-tools.ts'
import { useApi } from '../../state/api.ts'
import { useSettings } from '../../state/settings-store.ts'
import { useToasts } from '../../state/toasts.ts'
import { useText } from '../../text/use-text.ts'

export interface BatchReview {
  readonly state: Readonly<ShallowRef<ReviewState | null>>
  /** Null until it is known what was seen and said. */
  readonly tools: ComputedRef<ReviewTools | null>
  /** What would be rejected now: groups and single rows. */
  readonly rejected: ComputedRef<{ readonly groups: readonly string[]; readonly items: readonly number[] }>
  refresh(): Promise<void>
  clearRejected(): void
}

/** Of a reviewer of whom nothing is known yet. */
const nothingOfOneself = { seen: [], seenUsers: 0, key: { here: false, registered: false } } as const

/** A person's review of a batch: what they saw, said and would reject. Marks and comments are kept by the store, what is to be rejected is not. */
export function useReview(detail: Readonly<ShallowRef<BatchDetail | null>>): BatchReview {
  const api = useApi()
  const settings = useSettings()
  const toasts = useToasts()
  const text = useText()
  const state = shallowRef<ReviewState | null>(null)
  const groups = ref<ReadonlySet<string>>(new Set())
  const items = ref<ReadonlySet<number>>(new Set())
  const me = computed(() => settings.settings.person.trim())

  async function refresh(): Promise<void> {
    const batch = detail.value?.batch
    // What is not what was submitted, or was taken away, is not reviewed: nothing said of it before stays on the screen.
    if (detail.value?.digestHolds === false) state.value = null
    if (batch === undefined || detail.value?.digestHolds === false) return
    const by = me.value
    const result = await api['review.get']({ batch, by })
    if (result.ok && detail.value?.batch === batch && me.value === by) state.value = result.value
  }
  function clearRejected(): void {
    groups.value = new Set()
    items.value = new Set()
  }
  watch(
    () => detail.value?.batch,
    () => {
      state.value = null
      clearRejected()
    },
  )
  watch(me, (_, before) => {
    // Who says a name in the middle of a review goes on with it: with the comment that is being written, with the rows to be rejected.
    if (state.value !== null) state.value = { ...state.value, ...nothingOfOneself }
    if (before !== '') clearRejected()
  })
  watch([detail, me], () => void refresh(), { immediate: true })

  const toggled = <T>(set: ReadonlySet<T>, value: T, on: boolean): ReadonlySet<T> => {
    const next = new Set(set)
    if (on) next.add(value)
    else next.delete(value)
    return next
  }
  type Call = Promise<{ readonly ok: true } | { readonly ok: false; readonly error: Parameters<typeof toasts.failed>[0] }>
  async function settle(call: Call): Promise<boolean> {
    const result = await call
    if (!result.ok) toasts.failed(result.error)
    await refresh()
    return result.ok
  }

  const tools = computed((): ReviewTools | null => {
    const [shown, known] = [detail.value, state.value]
    if (shown === null || known === null) return null
    const { batch } = shown
    /** What is said and marked has a name to it. */
    const named = (): boolean => {
      if (me.value === '') toasts.done(text.t('review.nameFirst'))
      return me.value !== ''
    }
    return {
      comments: known.comments,
      seen: new Set(known.seen),
      seenUsers: known.seenUsers,
      users: shown.items.total,
      losesCalling: new Set(known.losesCalling),
      // Where a part of a batch cannot be approved by itself, nothing is marked for it.
      canReject: shown.state === 'submitted' && shown.singlePerson && shown.storeOnly !== true,
      canResolve: true,
      rejectedGroups: groups.value,
      rejectedItems: items.value,
      mark: (keys, seen) => named() && void settle(api['review.mark']({ batch, by: me.value, groups: [...keys], seen })),
      comment: async (place, words) => named() && settle(api['review.comment']({ batch, by: me.value, place, text: words })),
      resolve: (id, resolved) => named() && void settle(api['review.resolve']({ batch, by: me.value, id, resolved })),
      rejectGroup: (group, on) => (groups.value = toggled(groups.value, group, on)),
      rejectItem: (item, on) => (items.value = toggled(items.value, item, on)),
    }
  })

  return { state, tools, rejected: computed(() => ({ groups: [...groups.value], items: [...items.value] })), refresh, clearRejected }
}
