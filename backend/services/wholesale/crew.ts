import type { AppError } from '../../../shared/contract/app-error.ts'

/** Several at work on one list, until it is done, somebody asks for an end, or one of them meets what ends it for all. */
export interface Crew {
  /** Aborted by an end of either kind: nobody begins or waits any more. A call that is under way goes on to its answer. */
  readonly ending: AbortSignal
  /** The first reason counts. */
  readonly halt: (error: AppError) => void
  /** Why it was halted; null where it was not. */
  readonly halted: () => AppError | null
  each<T>(list: readonly T[], workers: number, work: (one: T) => Promise<void>): Promise<void>
}

export function createCrew(asked: AbortSignal): Crew {
  const stop = new AbortController()
  const ending = AbortSignal.any([asked, stop.signal])
  let error: AppError | null = null
  return {
    ending,
    halt(why) {
      error ??= why
      stop.abort()
    },
    halted: () => error,
    async each(list, workers, work) {
      let next = 0
      const worker = async (): Promise<void> => {
        for (let one = list[next++]; one !== undefined && !ending.aborted; one = list[next++]) await work(one)
      }
      await Promise.all(Array.from({ length: Math.min(workers, list.length) }, worker))
    },
  }
}
