import { figure, type Bench, type Part, type PartReport } from '../part.ts'
import { rowsText } from '../report.ts'

/** What a reviewer of a large batch waits for. */
export const part: Part = { name: 'review', title: 'Review', run }

const goals: readonly (readonly [stage: string, what: string, goal: number])[] = [
  ['overview', 'overview: risks and policy', 300],
  ['groups', 'list of groups', 500],
  ['next', 'next change', 50],
  ['digest and signature', 'digest and signature', 500],
]

function run(bench: Bench): PartReport {
  const items = bench.rows?.[0] ?? 100_000
  const id = 'review'
  const results = bench.measure([{ id, runner: 'review/large-batch.ts', args: { items }, runs: bench.isQuick ? 1 : 5 }])
  const measured = results.get(id)!
  const figures = goals.map(([stage, what, goal]) =>
    figure(`review.${stage.replaceAll(' ', '-')}`, `${rowsText(items)} changes: ${what}`, measured.stages[stage] ?? Infinity, 'ms', goal),
  )
  return { figures, text: '' }
}
