import { computed, inject, provide, reactive, type ComputedRef, type InjectionKey } from 'vue'
import type { PlanProblem } from '../../../../shared/core/onboarding/problem.ts'
import { onboardingWords } from '../../../../shared/core/onboarding/text/all.ts'
import { fieldLabel, problemText } from '../../../../shared/core/onboarding/text/words.ts'
import { useText } from '../../text/use-text.ts'

/** What is wrong in the form, by the field's path, for the fields below. */
interface FormProblems {
  readonly byPath: ComputedRef<ReadonlyMap<string, PlanProblem>>
  /** Fields that were left once: only then is it said that they are empty. */
  readonly touched: Set<string>
}

const key: InjectionKey<FormProblems> = Symbol('form problems')
const weight = { error: 3, warning: 2, info: 1 } as const
const emptiness = new Set(['missing', 'missing-for-payloads', 'postal-for-payloads', 'user-number-or-extension'])

export function provideProblems(problems: () => readonly PlanProblem[]): void {
  const byPath = computed(() => {
    const worst = new Map<string, PlanProblem>()
    for (const problem of problems()) {
      const known = worst.get(problem.path)
      if (known === undefined || weight[problem.severity] > weight[known.severity]) worst.set(problem.path, problem)
    }
    return worst
  })
  provide(key, { byPath, touched: reactive(new Set<string>()) })
}

/** The label and the message of one field. */
export function useField(path: () => string) {
  const form = inject(key)
  if (form === undefined) throw new Error('A field stands in no form')
  const { language, t } = useText()
  const words = computed(() => onboardingWords[language.value])
  const problem = computed(() => form.byPath.value.get(path()) ?? null)
  const isQuiet = computed(() => problem.value !== null && emptiness.has(problem.value.id) && !form.touched.has(path()))
  return {
    label: computed(() => fieldLabel(words.value, path())),
    error: computed(() =>
      problem.value === null || isQuiet.value || problem.value.severity !== 'error' ? '' : problemText(words.value, problem.value),
    ),
    note: computed(() => {
      if (problem.value === null) return ''
      if (isQuiet.value) return t('onb.needed')
      return problem.value.severity === 'error' ? '' : problemText(words.value, problem.value)
    }),
    touch: () => form.touched.add(path()),
  }
}

/** Everything that is wrong in words, for lists. */
export function useProblemWords() {
  const { language } = useText()
  return {
    words: computed(() => onboardingWords[language.value]),
    text: (problem: PlanProblem): string => problemText(onboardingWords[language.value], problem),
    label: (path: string): string => fieldLabel(onboardingWords[language.value], path),
  }
}
