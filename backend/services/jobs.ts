import type { AppEvent } from '../../shared/contract/method.ts'
import { err, type Result } from '../../shared/kit/result.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { Steps } from '../../shared/kit/steps.ts'
import type { Progress } from './services.ts'
import type { World } from './world.ts'

/** A long step as the one who works on it sees it. */
export interface Work {
  readonly signal: AbortSignal
  /** Aborted by who wants it to end at the next place where nothing is half done: a push between two portions. */
  readonly held?: AbortSignal
  readonly progress: Progress
  /** Lets other calls in when this one has worked for a while. Throws `Cancelled` after a cancel. */
  pause(): Promise<void>
}

/** As much of it as work in slices needs. */
export type Slices = Pick<Work, 'pause' | 'progress'>

/** Thrown by `pause` and caught by `run`, so that a cancel unwinds whatever was under way. */
export class Cancelled extends Error {}

/** Other calls get their turn after this much work: a frame's time, so that windows of rows stay smooth. */
const turnMs = 15
/** Progress is told this often at most. */
const tellMs = 100

export interface Jobs {
  /** `job` is the caller's name for it; without one nobody hears of it and nobody can cancel it. */
  run<T>(job: string | undefined, work: (work: Work) => Promise<Result<T, AppError>>): Promise<Result<T, AppError>>
  cancel(job: string): void
  hold(job: string): void
  cancelAll(): void
  /** When nothing is at work any more. */
  ended(): Promise<void>
}

export interface JobsOptions {
  readonly emit: (event: AppEvent) => void
  readonly breathe: () => Promise<void>
  readonly monotonic: () => number
}

export function createJobs({ emit, breathe, monotonic }: JobsOptions): Jobs {
  const running = new Map<string, { readonly cancel: AbortController; readonly hold: AbortController }>()
  /** Of all jobs, those without a name too. */
  const cancels = new Set<AbortController>()

  const atWork = new Set<Promise<unknown>>()

  function run<T>(job: string | undefined, work: (work: Work) => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
    const result = runOne(job, work)
    const over: Promise<unknown> = result.then(
      () => atWork.delete(over),
      () => atWork.delete(over),
    )
    atWork.add(over)
    return result
  }

  async function runOne<T>(job: string | undefined, work: (work: Work) => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
    const controller = new AbortController()
    const holder = new AbortController()
    cancels.add(controller)
    if (job !== undefined) running.set(job, { cancel: controller, hold: holder })
    let turnStart = monotonic()
    let told = -Infinity
    let last: { readonly step: string; readonly done: number; readonly total: number | null } = { step: '', done: 0, total: null }
    const tell = (state: Extract<AppEvent, { kind: 'job' }>['state']): void => {
      if (job !== undefined) emit({ kind: 'job', job, ...last, state })
    }
    const progress: Progress = (step, done, total) => {
      const isNewStep = step !== last.step
      last = { step, done, total }
      if (!isNewStep && monotonic() - told < tellMs) return
      told = monotonic()
      tell('running')
    }
    const pause = async (): Promise<void> => {
      if (monotonic() - turnStart < turnMs) return
      await breathe()
      turnStart = monotonic()
      if (controller.signal.aborted) throw new Cancelled()
    }
    try {
      const result = await work({ signal: controller.signal, held: holder.signal, progress, pause })
      tell(result.ok ? 'done' : result.error.code === 'cancelled' ? 'cancelled' : 'failed')
      return result
    } catch (thrown) {
      if (thrown instanceof Cancelled) {
        tell('cancelled')
        return err({ code: 'cancelled' })
      }
      tell('failed')
      throw thrown
    } finally {
      cancels.delete(controller)
      if (job !== undefined) running.delete(job)
    }
  }

  return {
    run,
    cancel(job) {
      running.get(job)?.cancel.abort()
    },
    hold(job) {
      running.get(job)?.hold.abort()
    },
    cancelAll() {
      for (const cancel of cancels) cancel.abort()
    },
    async ended() {
      await Promise.all(atWork)
    },
  }
}

/** What somebody else works at, for one who waits for it. A cancel ends the waiting alone: the work goes on for whoever else wants it. */
export async function unlessCancelled<T>(others: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return others
  if (signal.aborted) throw new Cancelled()
  let giveUp: () => void = () => undefined
  const given = new Promise<never>((_, reject) => {
    giveUp = () => {
      reject(new Cancelled())
    }
  })
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([others, given])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** The pauses of work that nobody follows or cancels, but that lets others in. */
export function quietWork({ breathe, clock: { monotonic } }: Pick<World, 'breathe' | 'clock'>): Slices {
  let turnStart = monotonic()
  return {
    progress: () => undefined,
    async pause() {
      if (monotonic() - turnStart < turnMs) return
      await breathe()
      turnStart = monotonic()
    },
  }
}

/** Carries out work in slices, with other calls let in between; `step` is what its progress is told under. Throws `Cancelled` after a cancel. */
export async function inSlices<T>(steps: Steps<T>, { pause, progress }: Slices, step?: string): Promise<T> {
  try {
    for (;;) {
      const slice = steps.next()
      if (slice.done === true) return slice.value
      if (step !== undefined) progress(step, Math.round(slice.value * 100), 100)
      await pause()
    }
  } finally {
    // After a cancel, what the work had borrowed goes back.
    steps.return(undefined as never)
  }
}

/** The same for work on what may become another meanwhile, and then begins anew. `stateOf` says which one it is. */
export async function inSlicesOf<T>(
  stateOf: () => unknown,
  begin: () => Steps<T>,
  { pause, progress }: Slices,
  step?: string,
): Promise<{ readonly result: T; readonly isStill: () => boolean }> {
  for (;;) {
    const state = stateOf()
    const isStill = (): boolean => stateOf() === state
    const pauseWhile = async (): Promise<void> => {
      await pause()
      if (!isStill()) throw new Changed()
    }
    try {
      return { result: await inSlices(begin(), { progress, pause: pauseWhile }, step), isStill }
    } catch (thrown) {
      if (!(thrown instanceof Changed)) throw thrown
    }
  }
}
class Changed extends Error {}
