import type { CheckContext } from './context.ts'
import type { FindingStore } from './finding-store.ts'
import { severities } from './finding-store.ts'
import type { Severity } from './finding.ts'
import type { Emit, Rule } from './rule.ts'

/** A check at work: which rules run, over what, and where their findings go. */
export interface Run {
  readonly context: CheckContext
  readonly rules: readonly Rule[]
  /** By number of the rule. */
  readonly active: readonly boolean[]
  readonly numberOf: ReadonlyMap<Rule, number>
  readonly store: FindingStore
}

export const levelOf = (severity: Severity): number => severities.indexOf(severity)

export function emitter(run: Run, number: number): Emit {
  const usual = levelOf(run.rules[number]!.severity[0])
  return (row, column, extra = 0, severity) => {
    run.store.add(number, severity === undefined ? usual : levelOf(severity), row, column, extra)
  }
}
