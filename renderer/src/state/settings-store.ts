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

  async function load(): Promise<void> {
    const result = await api['settings.get']({})
    if (result.ok) settings.value = result.value
    else toasts.failed(result.error)
  }

  async function change(patch: Partial<Settings>): Promise<void> {
    const before = settings.value
    settings.value = { ...before, ...patch }
    const result = await api['settings.set'](patch)
    settings.value = result.ok ? result.value : before
    if (!result.ok) toasts.failed(result.error)
  }

  return { settings: computed(() => settings.value), load, change }
})
