/** Time and randomness come from outside, so that tests decide them. */
export interface Clock {
  /** ISO 8601, UTC, milliseconds. */
  now(): string
  /** Milliseconds that never run backwards: for measuring, not for dates. */
  monotonic(): number
  /** `bytes` random bytes as lower-case hex. */
  random(bytes: number): string
  uuid(): string
}
