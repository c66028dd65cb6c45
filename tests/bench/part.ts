import type { BenchFiles } from './generate.ts'

/** What is measured: a runner module in a fresh process, with arguments of its own. */
export interface Case {
  readonly id: string
  /** A module beside this one: `peers/papaparse-parse.ts`. */
  readonly runner: string
  /** `warm`: a peer does the same with these `warmRounds` times before. */
  readonly args: Readonly<Record<string, unknown>>
  /** Fresh processes; the median of them counts. */
  readonly runs: number
  /** The most that the runtime's heap of old objects may hold, in MB: with room it collects late, and the peak says nothing. */
  readonly heapMegabytes?: number
}

/** So often a peer does its work on a small list before it is measured. */
export const warmRounds = 5

/**
 * A runner exports these. Only `run` is measured: modules are loaded, code is warm where it was asked for, and what `prepare` does
 * is done before the clock starts. The peak of memory is the whole process's, the warm-up included.
 */
export interface Runner<Prepared = unknown, Outcome = unknown> {
  /** What Roster's engine does of its own once the program has started. */
  readonly warmUp?: () => Promise<unknown>
  readonly prepare?: (args: Readonly<Record<string, unknown>>) => Prepared | Promise<Prepared>
  readonly run: (args: Readonly<Record<string, unknown>>, prepared: Prepared) => Outcome | Promise<Outcome>
  /** What was found, small enough for one line: compared between runs and, by the part, between competitors. */
  readonly check: (outcome: Outcome, prepared: Prepared) => unknown
  /** What processes beside this one held at most, in MB: added to the peak. */
  readonly megabytesBeside?: (outcome: Outcome) => number
  /** Stages of `run` in ms, where there are some. */
  readonly stages?: (outcome: Outcome) => Readonly<Record<string, number>>
}

export interface Measured {
  readonly ms: number
  /** The process's peak resident memory. */
  readonly megabytes: number
  readonly stages: Readonly<Record<string, number>>
  readonly check: unknown
  readonly runs: number
  readonly slowest: number
}

/** A line of the JSON report. `peer` and `goal` are in the same unit; null where there is none. Lower is better. */
export interface Figure {
  readonly id: string
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly peer: number | null
  readonly goal: number | null
  readonly met: boolean | null
}

export interface Bench {
  readonly isQuick: boolean
  /** The sizes that were asked for instead of the part's own. */
  readonly rows?: readonly number[]
  files(rows: number): BenchFiles
  /** The list of users as a workbook. */
  workbook(rows: number): string
  /** Every case in turn, then the next round: what else the machine does hits all alike. */
  measure(cases: readonly Case[]): ReadonlyMap<string, Measured>
  note(text: string): void
}

export interface PartReport {
  readonly figures: readonly Figure[]
  /** Markdown below the part's heading. */
  readonly text: string
}

/** A file in `parts/` exports one of these as `part`. */
export interface Part {
  readonly name: string
  readonly title: string
  run(bench: Bench): PartReport | Promise<PartReport>
}

/** A claim that is held against a goal. */
export const figure = (id: string, what: string, value: number, unit: string, goal: number | null, peer: number | null = null): Figure => ({
  id,
  what,
  value: round(value),
  unit,
  peer: peer === null ? null : round(peer),
  goal: goal === null ? null : round(goal),
  met: goal === null ? null : value <= goal,
})

export const round = (value: number): number => (value < 20 ? Math.round(value * 10) / 10 : Math.round(value))
