import { inTurn } from '../../../shared/kit/in-turn.ts'

/**
 * Writers of this process one after the other. SQLite lets a second writer wait by sleeping, which would stop the very thread that
 * the first one needs to go on.
 */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>
}

export const createTurns = (): Turns => ({ take: inTurn() })
