import type { Condition, DraftColumn } from '../../../../shared/contract/draft-methods.ts'
import { ruleName } from '../../text/rule-name.ts'
import type { Text } from '../../text/use-text.ts'

/** A filter condition in the few words of a chip. */
export function conditionText(condition: Condition, columns: readonly DraftColumn[], text: Pick<Text, 't' | 'count' | 'language'>): string {
  const header = (index: number): string => columns.find((column) => column.index === index)?.header ?? ''
  switch (condition.kind) {
    case 'severity':
      return text.t(`filter.severity.${condition.severity}`)
    case 'intent':
      return text.t(`filter.intent.${condition.intent}`)
    case 'rule':
      return ruleName(condition.rule, text)
    case 'search':
      return text.t('filter.search', { text: condition.text })
    case 'package':
      return condition.packages.map((name) => name ?? text.t('package.none')).join(', ')
    case 'values':
      return text.t('filter.values', { column: header(condition.column), values: listed(condition.texts, text) })
    case 'text':
      return text.t(`filter.text.${condition.test}`, { column: header(condition.column), text: condition.text })
  }
}

function listed(texts: readonly string[], text: Pick<Text, 't' | 'count' | 'language'>): string {
  const shown = texts.slice(0, 2).map((value) => (value === '' ? text.t('cell.blank') : value))
  return texts.length > 2 ? text.count('filter.andMore', texts.length - 2, { values: shown.join(', ') }) : shown.join(', ')
}
