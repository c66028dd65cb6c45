import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { BatchListItem } from '../../../shared/contract/batch-methods.ts'
import { usePlatform } from '../platform/platform.ts'
import { useApi } from './api.ts'
import { freshest } from './freshest.ts'
import { useText } from '../text/use-text.ts'
import { useSettings } from './settings-store.ts'

/** All batches, and what of them waits for this person. */
export const useBatches = defineStore('batches', () => {
  const api = useApi()
  const settings = useSettings()
  const text = useText()
  const platform = usePlatform()
  const list = shallowRef<readonly BatchListItem[]>([])
  const failure = shallowRef<AppError | null>(null)
  const isLoaded = ref(false)

  const fresh = freshest()
  async function refresh(): Promise<void> {
    const result = await fresh(() => api['batches.list']({}))
    if (result === null) return
    failure.value = result.ok ? null : result.error
    const before = new Set(waitingLines().map(({ line }) => line))
    if (result.ok) list.value = result.value
    if (isLoaded.value) tell(waitingLines().filter(({ line }) => !before.has(line)))
    isLoaded.value = true
  }

  platform.transport.subscribe((event) => {
    if (event.kind === 'batches-changed') void refresh()
  })

  const me = computed(() => settings.settings.person)
  const toReview = computed(() => list.value.filter(({ next, author }) => next === 'reviewer' && author !== me.value))
  const toPush = computed(() => list.value.filter(({ next }) => next === 'importer'))
  const toFix = computed(() => list.value.filter(({ next, author }) => next === 'author' && author === me.value))

  interface Waiting {
    readonly why: 'toReview' | 'toPush' | 'toFix'
    /** What waits, and for what: the same batch may wait again, for something else. */
    readonly line: string
  }
  const waitingLines = (): readonly Waiting[] => {
    const lines = { toReview: toReview.value, toPush: toPush.value, toFix: toFix.value }
    return (['toReview', 'toPush', 'toFix'] as const).flatMap((why) => lines[why].map(({ batch }) => ({ why, line: `${why} ${batch}` })))
  }

  /** One notice for what waits newly, in so many words: what a person does next, never for whom. */
  function tell(fresh: readonly Waiting[]): void {
    const said = (['toReview', 'toPush', 'toFix'] as const).flatMap((why) => {
      const many = fresh.filter((each) => each.why === why).length
      return many === 0 ? [] : [text.count(`notice.${why}`, many)]
    })
    if (said.length > 0) platform.notices.show(said.join(' '))
  }

  /** How many batches wait for this person. */
  const waiting = computed(() => toReview.value.length + toPush.value.length + toFix.value.length)

  return {
    list: computed(() => list.value),
    failure: computed(() => failure.value),
    isLoaded: computed(() => isLoaded.value),
    toReview,
    toPush,
    toFix,
    waiting,
    refresh,
  }
})
