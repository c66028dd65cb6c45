/**
 * The log holds events, not stories: a code with ids, counts and durations. Never a cell, a name, an email or an error's text
 * from a driver, for those may hold people's data (reliability.md §5.9).
 */
export interface Log {
  event(code: string, facts?: Readonly<Record<string, string | number | boolean | null>>): void
  /** A bug. Only the stack's places are written, not its message. Returns the incident id. */
  incident(where: string, thrown: unknown): string
}
