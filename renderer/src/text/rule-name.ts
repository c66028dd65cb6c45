import { ruleTexts } from '../../../shared/core/rules/text/texts.ts'
import type { Text } from './use-text.ts'

/** The short name of a rule in the person's language, as the core has it; a customer's own rule goes by its id. */
export function ruleName(rule: string, { language }: Pick<Text, 'language'>): string {
  const texts: Readonly<Record<string, { readonly title: string }>> = ruleTexts[language.value]
  return Object.hasOwn(texts, rule) ? (texts[rule]?.title ?? rule) : rule
}
