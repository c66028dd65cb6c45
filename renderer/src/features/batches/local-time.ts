/** A moment as a field for date and time wants it: this machine's own time, to the minute. */
export function localTime(moment: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${String(moment.getFullYear()).padStart(4, '0')}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`
}

/** What such a field holds, as a moment; null where it is empty or not filled in. */
export function momentOf(text: string): Date | null {
  const moment = new Date(text)
  return text === '' || Number.isNaN(moment.getTime()) ? null : moment
}

/** The next 22:00: most windows for changes begin about then. */
export function nextEvening(now: Date): Date {
  const evening = new Date(now)
  evening.setHours(22, 0, 0, 0)
  if (evening <= now) evening.setDate(evening.getDate() + 1)
  return evening
}
