import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'

/** What is being written and is nobody's yet. */
export interface Unfinished {
  /** Does `work`, which fills `place`; afterwards nothing stands there, also when the program ends on the way. */
  leavingNothing<T>(place: string, work: () => Promise<T>): Promise<T>
}

/** Electron hears them itself and quits in order. A listener of Node's takes its place, and where that goes again, nobody hears them. */
const signals: readonly NodeJS.Signals[] = 'electron' in process.versions ? [] : ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Sweeps what is half written when the program ends by itself or by a signal. A signal that the program listens to is the program's
 * business; where nobody else listens, it ends the program as it would have, after the sweep. SIGKILL leaves the part behind.
 */
export function createUnfinished(): Unfinished {
  const places = new Set<string>()

  const sweep = (): void => {
    for (const place of places) {
      try {
        rmSync(place, { force: true, recursive: true })
      } catch {
        // The program is on its way out: there is nobody to be told.
      }
    }
  }
  const end = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 0) return
    // First all that is to be done at the end, by whoever asked for it; then the signal does what it does where nobody listens.
    process.once('exit', () => {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    })
    process.exit(1)
  }

  function begin(place: string): void {
    places.add(place)
    if (places.size > 1) return
    process.once('exit', sweep)
    for (const signal of signals) process.once(signal, end)
  }
  function finish(place: string): void {
    places.delete(place)
    if (places.size > 0) return
    process.off('exit', sweep)
    for (const signal of signals) process.off(signal, end)
  }

  return {
    async leavingNothing(place, work) {
      begin(place)
      try {
        return await work()
      } finally {
        await rm(place, { force: true, recursive: true }).catch(() => undefined)
        finish(place)
      }
    },
  }
}
