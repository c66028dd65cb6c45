import type { AppEvent } from '../../shared/contract/method.ts'

export interface Events {
  emit(event: AppEvent): void
  subscribe(listener: (event: AppEvent) => void): () => void
}

/** Listeners are told one after the other, in the order in which they came. */
export function createEvents(): Events {
  const listeners = new Set<(event: AppEvent) => void>()
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
