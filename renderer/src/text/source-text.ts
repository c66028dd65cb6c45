import type { SourceFacts } from '../../../shared/core/csv/source-facts.ts'
import type { Text } from './use-text.ts'

const delimiters = { ',': 'delimiter.comma', ';': 'delimiter.semicolon', '\t': 'delimiter.tab', '|': 'delimiter.bar' } as const

/** How a file was written, in a few words: `CSV · WINDOWS-1252 · semicolon`, or the workbook's sheet. */
export function sourceText(facts: SourceFacts, { t }: Pick<Text, 't'>): string {
  if (facts.format === 'xlsx') return [t('format.xlsx'), facts.sheet ?? ''].filter((part) => part !== '').join(' · ')
  return [t('format.csv'), facts.encoding.toUpperCase(), t(delimiters[facts.delimiter])].join(' · ')
}
