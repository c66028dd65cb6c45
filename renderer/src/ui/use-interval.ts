import { onScopeDispose } from 'vue'

/** Calls back every `ms` for as long as the component lives. */
export function useIntervalFn(tick: () => void, ms: number): void {
  const timer = setInterval(tick, ms)
  onScopeDispose(() => clearInterval(timer))
}
