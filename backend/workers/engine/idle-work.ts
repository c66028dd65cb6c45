import { setTimeout } from 'node:timers/promises'
import type { Slices } from '../../services/jobs.ts'

/** Work that nobody asked for, done while nobody asks for anything. */
export interface IdleWork {
  callBegun(): void
  callOver(): void
  /** Ends it where it stands. */
  end(): void
  /** When it was done, or ended. Never rejected. */
  readonly over: Promise<void>
}

export interface IdleWorkOptions {
  /** It begins once nobody has called for so many ms. */
  readonly afterMs: number
  readonly onFailure: (thrown: unknown) => void
  /** In ms. */
  readonly now?: () => number
  /** Rejects when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** A call that comes meanwhile waits for so much at most (and the step that is at work). */
const sliceMs = 4
/** What was compiled in the background is taken up meanwhile, and a processor that others want is theirs for as long as it was ours. */
const restMs = 5
/** After a call the next one is often near. */
const calmMs = 100

/** `work` is done in slices, and stands still while calls are under way or one has just been answered. */
export function whileIdle(work: (slices: Slices) => Promise<unknown>, options: IdleWorkOptions): IdleWork {
  const { afterMs, onFailure, now = () => performance.now(), wait = waitFor } = options
  const ending = new AbortController()
  const { signal } = ending
  let callsUnderWay = 0
  let lastCall = now()
  let turnStart = 0

  async function noCallFor(ms: number): Promise<void> {
    for (;;) {
      const left = callsUnderWay > 0 ? ms : lastCall + ms - now()
      if (left <= 0) return
      await wait(left, signal)
    }
  }
  const slices: Slices = {
    progress: () => undefined,
    async pause() {
      signal.throwIfAborted()
      if (now() - turnStart < sliceMs) return
      await wait(restMs, signal)
      await noCallFor(calmMs)
      turnStart = now()
    },
  }
  async function run(): Promise<void> {
    try {
      await noCallFor(afterMs)
      turnStart = now()
      await work(slices)
    } catch (thrown) {
      if (!signal.aborted) onFailure(thrown)
    }
  }

  return {
    callBegun: () => void callsUnderWay++,
    callOver() {
      callsUnderWay--
      lastCall = now()
    },
    end() {
      ending.abort()
    },
    over: run(),
  }
}

const waitFor = (ms: number, signal: AbortSignal): Promise<unknown> => setTimeout(ms, undefined, { signal })
