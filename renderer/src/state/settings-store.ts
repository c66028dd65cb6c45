import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Settings } from '../../../shared/contract/batch-methods.ts'
import { useApi } from './api.ts'
import { useToasts } from './toasts.ts'

/** Until the backend has answered, and where it cannot. */
const defaults: Settings = { language: 'en', theme: 'system', density: 'normal', person: '', maxRows: 20_000, zoom: 100 }

/** The person's settings. A change shows at once and is put back if it cannot be kept. */
export const useSettings = defineStore('settings', () => {
  const api = useApi()
  const toasts = useToasts()
  const settings = shallowRef<Settings>(defaults)
  /** As they were last known to be kept, and by which change. */
  let kept = defaults
  let keptBy = 0
  let asked = 0
  let unanswered = 0

  async function load(): Promise<void> {
    const result = await api['settings.get']({})
    if (!result.ok) return toasts.failed(result.error)
    kept = result.value
    settings.value = kept
  }

  /** Changes come faster than their answers, when a key of the zoom is held: an answer to the one before has not the next one in it. */
  async function change(patch: Partial<Settings>): Promise<void> {
    const mine = ++asked
    unanswered++
    settings.value = { ...settings.value, ...patch }
    const result = await api['settings.set'](patch)
    unanswered--
    if (result.ok && mine > keptBy) {
      kept = result.value
      keptBy = mine
    }
    if (unanswered === 0) settings.value = kept
    if (!result.ok) toasts.failed(result.error)
  }

  return { settings: computed(() => settings.value), load, change }
})
