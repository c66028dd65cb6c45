import type { Clock } from '../../ports/clock.ts'

/** How patient a sending is. The tests of the faults have less time than the API. */
export interface SendTimes {
  /** Calls under way at once. */
  readonly workers: number
  /** Times that one call is tried before it is given up. */
  readonly tries: number
  /** After a call whose effect is unknown: waits before each look-up. What the last one does not show is taken as not done. */
  readonly settleMs: readonly number[]
  /** The first pause where the API does not say how long; it doubles, with jitter. */
  readonly backoffMs: number
  readonly longestBackoffMs: number
  /** A Retry-After beyond this ends the sending, to be taken up later. */
  readonly longestPauseMs: number
}

export const usualTimes: SendTimes = {
  workers: 4,
  tries: 6,
  settleMs: [1_000, 4_000],
  backoffMs: 1_000,
  longestBackoffMs: 60_000,
  longestPauseMs: 15 * 60_000,
}

export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

/** One gate for all workers: what the API asks of one of them, all of them heed. */
export interface Pace {
  /** Waits while the API wants to be left alone. False: the sending is to end. */
  pass(): Promise<boolean>
  /** The same after a pause of so long. */
  pause(ms: number): Promise<boolean>
  /** Nobody calls for so long. */
  leaveAlone(ms: number): void
  /** Between half and all of a pause that doubles with each try. */
  backoff(tries: number): number
}

export function createPace(clock: Pick<Clock, 'monotonic' | 'random'>, wait: Wait, times: SendTimes, signal: AbortSignal): Pace {
  let openAt = 0
  const isGoingOn = (): boolean => !signal.aborted
  async function pass(): Promise<boolean> {
    for (;;) {
      const left = openAt - clock.monotonic()
      if (left <= 0 || signal.aborted) return isGoingOn()
      await wait(left, signal)
    }
  }
  return {
    pass,
    async pause(ms) {
      if (ms > 0) await wait(ms, signal)
      return pass()
    },
    leaveAlone(ms) {
      openAt = Math.max(openAt, clock.monotonic() + ms)
    },
    backoff(tries) {
      const full = Math.min(times.longestBackoffMs, times.backoffMs * 2 ** tries)
      return (full / 2) * (1 + Number.parseInt(clock.random(2), 16) / 0xffff)
    },
  }
}
