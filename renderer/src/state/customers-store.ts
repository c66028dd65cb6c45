import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { CustomerListItem } from '../../../shared/contract/batch-methods.ts'
import { usePlatform } from '../platform/platform.ts'
import { useApi } from './api.ts'
import { freshest } from './freshest.ts'

/** The customer profiles. */
export const useCustomers = defineStore('customers', () => {
  const api = useApi()
  const list = shallowRef<readonly CustomerListItem[]>([])
  const failure = shallowRef<AppError | null>(null)
  const isLoaded = ref(false)

  const fresh = freshest()
  async function refresh(): Promise<void> {
    const result = await fresh(() => api['customers.list']({}))
    if (result === null) return
    failure.value = result.ok ? null : result.error
    if (result.ok) list.value = result.value
    isLoaded.value = true
  }

  usePlatform().transport.subscribe((event) => {
    if (event.kind === 'customers-changed') void refresh()
  })

  return {
    list: computed(() => list.value),
    names: computed(() => list.value.map(({ name }) => name)),
    failure: computed(() => failure.value),
    isLoaded: computed(() => isLoaded.value),
    refresh,
  }
})
