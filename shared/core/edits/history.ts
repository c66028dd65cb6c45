/**
 * Undo and redo as data. A step is whatever the caller needs to find its delta again (the delta itself, or its number in the
 * journal) beside its label; undoing it means applying `invert(delta)`, there is no other way.
 */
export interface History<Step> {
  /** What was done, the latest last. */
  readonly done: readonly Step[]
  /** What was undone, the next to redo last. */
  readonly undone: readonly Step[]
}

export const emptyHistory: History<never> = { done: [], undone: [] }

/** After a new step there is nothing left to redo. */
export const recorded = <Step>(history: History<Step>, step: Step): History<Step> => ({ done: [...history.done, step], undone: [] })

/** The step to invert and the history behind it; null where there is none. */
export function undone<Step>(history: History<Step>): { readonly step: Step; readonly history: History<Step> } | null {
  const step = history.done.at(-1)
  return step === undefined ? null : { step, history: { done: history.done.slice(0, -1), undone: [...history.undone, step] } }
}

/** The step to apply again and the history behind it; null where there is none. */
export function redone<Step>(history: History<Step>): { readonly step: Step; readonly history: History<Step> } | null {
  const step = history.undone.at(-1)
  return step === undefined ? null : { step, history: { done: [...history.done, step], undone: history.undone.slice(0, -1) } }
}
