import type { CheckContext } from './context.ts'
import { severities, type FindingsOfKind, type FindingStore } from './finding-store.ts'
import type { Severity } from './finding.ts'
import type { Emit, EmitMany, Rule } from './rule.ts'

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

export function emitter({ rules, store }: Run, number: number): Emit {
  const usual = levelOf(rules[number]!.severity[0])
  let findings: FindingsOfKind | null = null
  return (row, column, extra = 0, severity) => {
    const level = severity === undefined ? usual : levelOf(severity)
    if (findings?.column !== column || findings.level !== level) findings = store.of(number, level, column)
    findings.add(row, extra)
  }
}

export const manyEmitter =
  ({ rules, store }: Run, number: number): EmitMany =>
  (column, rows, extras, count) => {
    if (count > 0) store.of(number, levelOf(rules[number]!.severity[0]), column).addMany(rows, extras, count)
  }
