import { checkTable, type CheckedFindings } from '../../../shared/core/rules/check-table.ts'
import { ruleNames, rosterRules, type RuleCounts } from '../fifteen-rules.ts'
import { open } from './open.ts'

export { warmUp } from './open.ts'

interface Outcome {
  readonly findings: CheckedFindings
  readonly stages: { readonly open: number; readonly check: number }
}

/** Opens a file and runs every rule that Roster has. */
export async function run({ file }: { readonly file: string }): Promise<Outcome> {
  const started = performance.now()
  const opened = await open(file)
  const isOpen = performance.now()
  const findings = checkTable(opened)
  return { findings, stages: { open: isOpen - started, check: performance.now() - isOpen } }
}
export const stages = (outcome: Outcome): Outcome['stages'] => outcome.stages

export function check({ findings }: Outcome): RuleCounts {
  const counts: RuleCounts = {}
  const byRule = new Map(Object.entries(findings.byRule))
  for (const rule of ruleNames) counts[rule] = rosterRules[rule].reduce((sum, id) => sum + (byRule.get(id) ?? 0), 0)
  return counts
}
