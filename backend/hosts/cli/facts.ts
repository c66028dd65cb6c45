import type { SourceFacts } from '../../../shared/core/csv/source-facts.ts'
import type { CliWords } from './words/words.ts'

/** A file as the JSON of `inspect` and `check` speaks of it (cli.md). */
export function fileJson(facts: SourceFacts): object {
  if (facts.format === 'xlsx') return { name: facts.name, format: facts.format, sheet: facts.sheet ?? null }
  const { name, format, encoding, delimiter, bom, lineEnding } = facts
  return { name, format, encoding, delimiter, bom, lineEnding }
}

/** The same in half a line, for a person. */
export function fileLine(facts: SourceFacts, say: CliWords): string {
  if (facts.format === 'xlsx') return `${facts.name}: XLSX${facts.sheet === undefined ? '' : `, ${say.label.sheet} "${facts.sheet}"`}`
  const { name, encoding, delimiter, bom } = facts
  return `${name}: CSV, ${encoding}${bom ? ` ${say.label.withBom}` : ''}, "${delimiter === '\t' ? say.label.tab : delimiter}"`
}
