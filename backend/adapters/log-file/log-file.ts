import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'

const turnOverAt = 1024 * 1024

/** One JSON line an event in `roster.log`; at 1 MiB the file is kept once as `roster.1.log`. A log that cannot be written stops nobody. */
export function createFileLog(folder: string, clock: Clock): Log {
  const file = path.join(folder, 'roster.log')

  function write(line: Readonly<Record<string, unknown>>): void {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > turnOverAt) renameSync(file, path.join(folder, 'roster.1.log'))
      appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    } catch {
      // Nothing can be said about a log that cannot be written.
    }
  }

  return {
    event: (code, facts = {}) => {
      write({ at: clock.now(), event: code, ...facts })
    },
    incident(where, thrown) {
      const incident = clock.random(4)
      write({ at: clock.now(), event: 'incident', incident, where, kind: kindOf(thrown), places: placesOf(thrown) })
      return incident
    },
  }
}

const kindOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return typeof thrown
  return 'code' in thrown && typeof thrown.code === 'string' ? `${thrown.name} ${thrown.code}` : thrown.name
}

/** The stack's places without its message, which may quote a cell. */
const placesOf = (thrown: unknown): readonly string[] =>
  thrown instanceof Error
    ? (thrown.stack ?? '')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /^at .*:\d+:\d+\)?$/u.test(line))
        .slice(0, 12)
    : []
