import Type from 'typebox'
import type { AppError } from './app-error.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const

/** A push that this computer begins by itself, while Roster runs. It is kept here and not in the store: nobody else begins it. */
export interface ScheduledPush {
  readonly batch: string
  readonly customer: string
  readonly by: string
  /** ISO 8601, UTC. Not begun before. */
  readonly notBefore: string
  /** Not begun after, and stopped then; null: whenever Roster runs again. */
  readonly until: string | null
  readonly scheduledAt: string
  /**
   * - `waiting`: for its time, or (with an error) for another try. `pushing`: under way, as the job `scheduledJob`.
   * - `missed`: Roster did not run in its window, or did not get to the end of the batch in it.
   * - `failed`: refused when its time came, with the reason.
   */
  readonly state: 'waiting' | 'pushing' | 'missed' | 'failed'
  readonly error: AppError | null
}

/** The name of the job under which a scheduled push of a batch runs. */
export const scheduledJob = (batch: string): string => `scheduled-${batch}`

export const scheduleMethods = {
  'schedule.list': query<readonly ScheduledPush[]>()(Type.Object({}, strict)),
  /** Looks at the approval now, and again when the time comes. A second one for a batch takes the place of the first. */
  'schedule.set': command<ScheduledPush>()(
    Type.Object(
      {
        batch: Type.String(),
        by: Type.String({ minLength: 1 }),
        notBefore: Type.String(),
        until: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  'schedule.cancel': command<null>()(Type.Object({ batch: Type.String() }, strict)),
} as const
