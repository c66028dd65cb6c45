import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { BatchListItem } from '../../../shared/contract/batch-methods.ts'
import { notify } from '../platform/notify.ts'
import { usePlatform } from '../platform/platform.ts'
import { useApi } from './api.ts'
import { useText } from '../text/use-text.ts'
import { useSettings } from './settings-store.ts'

/** All batches, and what of them waits for this person. */
export const useBatches = defineStore('batches', () => {
  const api = useApi()
  const settings = useSettings()
  const text = useText()
  const list = shallowRef<readonly BatchListItem[]>([])
  const failure = shallowRef<AppError | null>(null)
  const isLoaded = ref(false)

  async function refresh(): Promise<void> {
    const result = await api['batches.list']({})
    failure.value = result.ok ? null : result.error
    const before = waiting.value
    if (result.ok) list.value = result.value
    if (isLoaded.value && waiting.value > before) notify(text.count('review.notified', waiting.value))
    isLoaded.value = true
  }

  usePlatform().transport.subscribe((event) => {
    if (event.kind === 'batches-changed') void refresh()
  })

  const me = computed(() => settings.settings.person)
  const toReview = computed(() => list.value.filter(({ next, author }) => next === 'reviewer' && author !== me.value))
  const toPush = computed(() => list.value.filter(({ next }) => next === 'importer'))
  const toFix = computed(() => list.value.filter(({ next, author }) => next === 'author' && author === me.value))

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
