import type { StepName } from '../../../shared/contract/draft-methods.ts'
import { ruleName } from './rule-name.ts'
import { isTextKey, type Text } from './use-text.ts'

/** A step of a draft's history in words: "Replaced 412 values in Location". */
export function stepText(step: StepName, text: Pick<Text, 't' | 'count' | 'language'>): string {
  const place = step.column === undefined ? '' : text.t('step.in', { column: step.column })
  const rule = step.rule === undefined ? '' : ruleName(step.rule, text)
  const key = `step.${step.kind}`
  return text.count(isTextKey(key) ? key : 'step.other', step.count, { in: place, rule, to: step.to ?? '', kind: step.kind }).trim()
}
