import { appendFileSync } from 'node:fs'

/** In CI a smaller number of trials, with `npm run faults` the whole number of the catalogue. */
export const trials = (few: number, all: number): number => (process.env['ROSTER_FAULTS'] === 'full' ? all : few)

export interface Figure {
  /** The catalogue's number, and the store that it was done to. */
  readonly fault: string
  readonly store: 'SQLite' | 'PostgreSQL' | 'Wholesale API'
  readonly what: string
  readonly trials: number
  /** Applied more than once, not applied and not named, another content than approved. */
  readonly duplicates: number
  readonly missing: number
  readonly wrong: number
  /** What else was counted. */
  readonly more?: Readonly<Record<string, number | string>>
}

/** A line of `docs/reliability.md`, where the run asks for figures. */
export function report(figure: Figure): void {
  const file = process.env['ROSTER_FAULT_FIGURES']
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figure)}\n`)
}
