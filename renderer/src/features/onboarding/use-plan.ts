import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { OnboardingPlan } from '../../../../shared/core/onboarding/plan.ts'
import { planStatus } from '../../../../shared/core/onboarding/status.ts'
import type { AppError } from '../../../../shared/contract/app-error.ts'
import { useApi } from '../../state/api.ts'

/** How long a pause in typing is, in ms, after which the plan is saved. */
const pause = 500

/** The plan of a page: edited in place, checked at every change, saved by itself. What was typed is saved before the page is left. */
export function usePlan(id: () => string) {
  const api = useApi()
  const plan = ref<OnboardingPlan | null>(null)
  const failure = shallowRef<AppError | null>(null)
  const state = ref<'saved' | 'saving' | 'changed' | 'failed'>('saved')
  let revision = 0
  let saved = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> = Promise.resolve()

  async function load(): Promise<void> {
    const result = await api['onboarding.plan']({ plan: id() })
    failure.value = result.ok ? null : result.error
    if (!result.ok) return
    revision = result.value.revision
    saved = JSON.stringify(result.value.plan)
    plan.value = result.value.plan
    state.value = 'saved'
  }

  async function saveNow(): Promise<void> {
    if (plan.value === null) return
    const text = JSON.stringify(plan.value)
    if (text === saved) {
      state.value = 'saved'
      return
    }
    state.value = 'saving'
    const result = await api['onboarding.savePlan']({ plan: JSON.parse(text) as OnboardingPlan, revision })
    if (!result.ok) {
      failure.value = result.error
      state.value = 'failed'
      return
    }
    failure.value = null
    revision = result.value.revision
    saved = text
    state.value = JSON.stringify(plan.value) === saved ? 'saved' : 'changed'
  }

  /** One save after the other, so that each names the revision before it. False: what stands here is not what is kept. */
  async function save(): Promise<boolean> {
    clearTimeout(timer)
    saving = saving.then(saveNow)
    await saving
    return state.value !== 'failed'
  }

  watch(
    plan,
    (now, before) => {
      // Changed in another window: no save of this one can go well any more. Whatever else went wrong may be over by now.
      if (now === null || before === null || failure.value?.code === 'plan/changed') return
      state.value = 'changed'
      clearTimeout(timer)
      timer = setTimeout(() => void save(), pause)
    },
    { deep: true },
  )
  watch(id, () => void save().then(load), { immediate: true })
  onScopeDispose(() => void save())

  const status = computed(() => (plan.value === null ? null : planStatus(plan.value)))
  return { plan, status, failure, state, save, load }
}
