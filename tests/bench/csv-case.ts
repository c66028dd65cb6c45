import type { Bench, Case } from './part.ts'

/** Peers warm up on a list of so many rows. */
const warmRows = 20_000

/** A runner that works on CSV files of `rows` rows; `isShuffled`: the second list is the one in another order. */
export function csvCase(bench: Bench, { id, runner, rows, runs, isShuffled = false }: Omit<Case, 'args'> & CsvFiles): Case {
  const filesOf = (size: number): Readonly<Record<string, string>> => {
    const { users, before, after, shuffled } = bench.files(size)
    return { file: users, before, after: isShuffled ? shuffled : after }
  }
  // Those of Roster's that stand beside peers warm up by themselves, as its engine does.
  const warm = runner.startsWith('peers/') ? { warm: filesOf(warmRows) } : {}
  return { id, runner, runs, args: { ...filesOf(rows), ...warm } }
}

interface CsvFiles {
  readonly rows: number
  readonly isShuffled?: boolean
}
