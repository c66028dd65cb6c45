import { checkTable, type CheckInput } from '../../shared/core/rules/check-table.ts'
import { planFixes } from '../../shared/core/rules/plan-fixes.ts'
import { applied } from './rule-cases.ts'

/** The rules whose safe repairs are still there after all safe ones were carried out: none, by law. */
export function planSafeFixes(input: CheckInput): readonly string[] {
  const after = checkTable(applied(input, planFixes(input, checkTable(input), { safeOnly: true })))
  const left = new Set<string>()
  for (let index = 0; index < after.count; index++) if (after.fixOf(index)?.kind === 'safe') left.add(after.placeOf(index).rule)
  return [...left]
}
