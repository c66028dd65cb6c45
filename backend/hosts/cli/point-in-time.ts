/**
 * `22:30` (the next time the clock of this machine shows it) or an ISO date and time, as milliseconds from now; 0 for a time that is
 * past. Null: neither.
 */
export function untilTime(text: string, now: Date): number | null {
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/u.exec(text)
  if (clock !== null) {
    const next = new Date(now)
    next.setHours(Number(clock[1]), Number(clock[2]), 0, 0)
    if (next.getTime() <= now.getTime()) next.setDate(next.getDate() + 1)
    return next.getTime() - now.getTime()
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(text) || !isDay(text.slice(0, 10))) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}

/** The 31st of February is taken for a day in March where nobody looks. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

/** False: it was stopped before. */
export async function waitFor(ms: number, signal: AbortSignal): Promise<boolean> {
  const until = Date.now() + ms
  for (;;) {
    if (signal.aborted) return false
    const left = until - Date.now()
    if (left <= 0) return true
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      // A machine that slept wakes up late; in between we look again.
      const timer = setTimeout(end, Math.min(left, 60_000))
      signal.addEventListener('abort', end)
    })
  }
}

/** A push that is still at work then ends at a safe place, to be resumed in the next window. */
export function windowEnd(ms: number): AbortSignal {
  const controller = new AbortController()
  const until = Date.now() + ms
  // Looked at each second: a machine that slept wakes up late. Nothing waits for this timer.
  const timer = setInterval(() => {
    if (Date.now() < until) return
    clearInterval(timer)
    controller.abort()
  }, 1000)
  timer.unref()
  return controller.signal
}
