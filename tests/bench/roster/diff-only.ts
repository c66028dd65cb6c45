import { compareWithBaseline, type Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import { open, type Opened } from './open.ts'
import { check as checkOf } from './open-and-diff.ts'

export { warmUp } from './open.ts'

interface Both {
  readonly baseline: Opened
  readonly file: Opened
}

export const prepare = async ({ before, after }: { readonly before: string; readonly after: string }): Promise<Both> => ({
  baseline: await open(before),
  file: await open(after),
})

/** The change set of two opened lists. */
export const run = (_args: unknown, { baseline, file }: Both): Comparison => compareWithBaseline({ ...file, baseline })
export const check = (comparison: Comparison): unknown => checkOf({ comparison })
