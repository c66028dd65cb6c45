import { checkPlan } from './check-plan.ts'
import { stepIds, type OnboardingPlan, type PlanProgress, type StepId } from './plan.ts'
import type { HandOver, PlanProblem } from './problem.ts'

export type Actor = 'preparer' | 'reviewer' | 'partnerAdministrator'

export interface StepStatus {
  readonly step: StepId
  /** `not-needed`: nothing is asked of this step in this plan. */
  readonly state: 'done' | 'ready' | 'missing' | 'not-needed'
  readonly errors: number
  readonly warnings: number
  /** Who acts next on this step; null: nobody. */
  readonly actor: Actor | null
  readonly progress: PlanProgress | null
}

export interface PlanStatus {
  readonly steps: readonly StepStatus[]
  readonly problems: readonly PlanProblem[]
  /** Whose turn it is, and for what; null: all is done. */
  readonly next: { readonly step: StepId; readonly actor: Actor } | null
  readonly gates: Readonly<Record<HandOver, number>>
}

/**
 * Where a plan stands. The vendor's order holds for what is done in Partner Hub; preparing goes before the review, the review before
 * the hand-over. A tick always counts, wherever the step was done.
 */
export function planStatus(plan: OnboardingPlan, problems: readonly PlanProblem[] = checkPlan(plan)): PlanStatus {
  const isDone = (step: StepId): boolean => plan.progress.some((entry) => entry.step === step && entry.done)
  const steps = stepIds.map((step): StepStatus => {
    const own = problems.filter((problem) => problem.step === step)
    const errors = own.filter(({ severity }) => severity === 'error').length
    const warnings = own.filter(({ severity }) => severity === 'warning').length
    const progress = plan.progress.find((entry) => entry.step === step) ?? null
    const state = isDone(step) ? 'done' : errors > 0 ? 'missing' : isNeeded(plan, step) ? 'ready' : 'not-needed'
    const actor: Actor | null =
      state === 'done' || state === 'not-needed'
        ? null
        : state === 'missing' || step === 'handOver'
          ? 'preparer'
          : step === 'review' || !isDone('review')
            ? 'reviewer'
            : 'partnerAdministrator'
    return { step, state, errors, warnings, actor, progress }
  })
  const gate = (output: HandOver): number => problems.filter(({ gates }) => gates.includes(output)).length
  return { steps, problems, next: nextOf(steps), gates: { checklist: gate('checklist'), payloads: gate('payloads'), batch: gate('batch') } }
}

function nextOf(steps: readonly StepStatus[]): PlanStatus['next'] {
  const open = steps.filter(({ actor }) => actor !== null)
  const found =
    open.find(({ state }) => state === 'missing') ??
    open.find(({ step }) => step === 'review') ??
    open.find(({ step }) => step === 'handOver') ??
    open[0]
  return found === undefined || found.actor === null ? null : { step: found.step, actor: found.actor }
}

function isNeeded(plan: OnboardingPlan, step: StepId): boolean {
  switch (step) {
    case 'locations':
      return plan.locations.length > 0
    case 'users':
    case 'firstBatch':
      return plan.users.length > 0
    case 'numbers':
      return plan.users.some(({ phoneNumber }) => phoneNumber !== '') || plan.numbers.ranges.length > 0
    case 'administrators':
      return plan.administrators.length > 0
    case 'setupAssist':
      return plan.setupAssist.wanted
    case 'template':
    case 'customer':
    case 'review':
    case 'handOver':
      return true
  }
}

/** Ticks or unticks a step, or notes something about it. */
export function withProgress(plan: OnboardingPlan, entry: PlanProgress): OnboardingPlan {
  const others = plan.progress.filter(({ step }) => step !== entry.step)
  return { ...plan, progress: [...others, entry].toSorted((a, b) => stepIds.indexOf(a.step) - stepIds.indexOf(b.step)) }
}
