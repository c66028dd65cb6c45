import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { ScheduledPush } from '../../../../shared/contract/schedule-methods.ts'
import { usePlatform } from '../../platform/platform.ts'
import { useApi } from '../../state/api.ts'
import { freshest } from '../../state/freshest.ts'

/** The pushes that this computer will begin by itself, kept up to date. */
export function useSchedule(): { readonly pushes: Readonly<ShallowRef<readonly ScheduledPush[]>>; refresh(): Promise<void> } {
  const api = useApi()
  const pushes = shallowRef<readonly ScheduledPush[]>([])
  const fresh = freshest()
  async function refresh(): Promise<void> {
    const result = await fresh(() => api['schedule.list']({}))
    if (result?.ok === true) pushes.value = result.value
  }
  void refresh()
  onScopeDispose(
    usePlatform().transport.subscribe((event) => {
      if (event.kind === 'batches-changed') void refresh()
    }),
  )
  return { pushes, refresh }
}
