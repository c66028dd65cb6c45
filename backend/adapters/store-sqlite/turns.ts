/**
 * Writers of this process one after the other. SQLite lets a second writer wait by sleeping, which would stop the very thread that
 * the first one needs to go on.
 */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(work) {
      const turn = last.then(work, work)
      last = turn.catch(() => undefined)
      return turn
    },
  }
}
