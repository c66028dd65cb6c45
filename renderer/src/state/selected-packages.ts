import { onScopeDispose, readonly, shallowRef, watch, type ShallowRef } from 'vue'
import type { OutputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { useApi } from './api.ts'
import type { DraftStore } from './draft-store.ts'

type PackageSums = OutputOf<Methods['editor.packagesOf']>

/** A selection that is being dragged asks once it rests for so long, in ms. */
const rest = 150

/** Users of each package among the selected rows; null where not more than one row is selected. */
export function useSelectedPackages(store: DraftStore): Readonly<ShallowRef<PackageSums | null>> {
  const api = useApi()
  const sums = shallowRef<PackageSums | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function ask(): Promise<void> {
    const mine = ++asked
    const stretches = (store.selection?.ranges ?? []).map(({ from, to }) => ({ from, to }))
    const result = await api['editor.packagesOf']({ draftId: store.draftId, stretches })
    if (mine === asked && (store.selection?.rows ?? 0) > 1) sums.value = result.ok ? result.value : null
  }

  watch(
    [() => store.selection, () => store.state?.revision, () => store.state?.view.number],
    () => {
      clearTimeout(timer)
      if ((store.selection?.rows ?? 0) > 1) timer = setTimeout(() => void ask(), rest)
      else sums.value = null
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return readonly(sums)
}
