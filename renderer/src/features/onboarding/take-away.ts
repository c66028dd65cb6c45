import { inject, provide, type InjectionKey, type Ref } from 'vue'
import type { OnboardingPlan } from '../../../../shared/core/onboarding/plan.ts'
import { useToasts } from '../../state/toasts.ts'
import { useText } from '../../text/use-text.ts'

interface OpenPlan {
  readonly plan: Ref<OnboardingPlan | null>
  readonly save: () => Promise<boolean>
}
const key: InjectionKey<OpenPlan> = Symbol('the open plan')

export const provideOpenPlan = (open: OpenPlan): void => provide(key, open)

/**
 * A plan is saved as it is typed, so what is taken out of it at one press is gone: it is said what was, and for as long as that stands
 * it can be brought back, from whichever step of the plan is open then.
 */
export function useTakeAway(): (said: string, bringBack: (plan: OnboardingPlan) => void) => void {
  const open = inject(key)
  if (open === undefined) throw new Error('No plan is open')
  const { plan, save } = open
  const { t } = useText()
  const toasts = useToasts()
  return (said, bringBack) =>
    toasts.done(said, {
      label: t('undo'),
      run: () => {
        if (plan.value === null) return
        bringBack(plan.value)
        void save()
      },
    })
}
