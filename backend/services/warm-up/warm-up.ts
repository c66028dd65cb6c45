import { comparingWithBaseline, type Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import { checkSteps } from '../../../shared/core/rules/check-table.ts'
import { readTable, type TableReader } from '../files/read-table.ts'
import { inSlices, type Slices } from '../jobs.ts'
import type { OpenedFile } from '../services.ts'
import { listNames, sampleLists, type SampleLists } from './sample-lists.ts'

/** What the last round came to. */
export interface WarmUp {
  readonly rows: Readonly<Record<keyof SampleLists, number>>
  /** Findings of each rule in the list that was checked last. */
  readonly byRule: Readonly<Record<string, number>>
  readonly changes: Comparison['summary']
  /** The same list in another order. */
  readonly changesShuffled: Comparison['summary']
}

/** Just so many that the kernel takes the lists (256 KiB of rows), and finds out which columns do not repeat (1,024 rows). */
export const samplePeople = 2_000
/** Measured: after one round the compiler has hardly begun, more than these bring nothing. A comparison is done in a few ms. */
const rounds = 4
const comparisonsARound = 3

/**
 * Reads, checks and compares a list of its own, so that the first file that somebody opens meets compiled code. All of it by the ways that
 * small files go; of the world nothing is asked but `isUtf8` and `holdsNul`, and nothing stays.
 */
export async function warmUp(world: TableReader, work: Slices): Promise<WarmUp> {
  const lists = await inSlices(sampleLists(samplePeople), work)
  const read = (name: keyof SampleLists): Promise<OpenedFile> => readSample(world, lists[name], work)
  const opened = { before: await read('before'), after: await read('after'), shuffled: await read('shuffled') }
  const compare = async ({ table, columns }: OpenedFile): Promise<Comparison['summary']> =>
    (await inSlices(comparingWithBaseline({ table, columns, baseline: opened.before }), work)).summary
  const compareBoth = async (): Promise<Pick<WarmUp, 'changes' | 'changesShuffled'>> => ({
    changes: await compare(opened.after),
    changesShuffled: await compare(opened.shuffled),
  })

  for (let round = 0; ; round++) {
    const name = listNames[round % listNames.length]!
    if (round > 0) opened[name] = await read(name)
    const { findings } = await inSlices(checkSteps(opened[name]), work)
    for (let i = 1; i < comparisonsARound; i++) await compareBoth()
    const compared = await compareBoth()
    if (round + 1 === rounds) return { rows: rowCounts(opened), byRule: findings.byRule, ...compared }
  }
}

const rowCounts = ({ before, after, shuffled }: Readonly<Record<keyof SampleLists, OpenedFile>>): WarmUp['rows'] => ({
  before: before.table.rows.length,
  after: after.table.rows.length,
  shuffled: shuffled.table.rows.length,
})

async function readSample(world: TableReader, bytes: Uint8Array<ArrayBuffer>, work: Slices): Promise<OpenedFile> {
  const read = await readTable(world, { name: 'sample.csv', bytes }, { work })
  // The sample is ours: what cannot be read is a bug.
  if (!read.ok) throw new Error(read.error.code)
  return read.value
}
