import type { SourceFacts } from '../csv/source-facts.ts'
import type { Table } from '../table/table.ts'
import type { CheckedFindings } from './check-table.ts'

/** One line of the spreadsheet damage report: what the spreadsheet program did, to how many cells, whether it can be repaired. */
export interface DamageLine {
  readonly kind: 'lost-plus' | 'lost-zeros' | 'scientific' | 'dates' | 'localized-words' | 'delimiter' | 'code-page' | 'spaces'
  readonly cells: number
  /** `ask`: the best repair needs a decision. `none`: what was there is lost. `done`: reading the file, or a repair, put it right. */
  readonly repair: 'safe' | 'ask' | 'none' | 'done'
  readonly example: string | null
  /** How many of the cells nothing can bring back; absent where there are too many to look at each. */
  readonly lost?: number
}

/** The rules whose findings are traces of a spreadsheet program. */
const damageRules = [
  { kind: 'lost-plus', rules: ['phone/no-plus', 'phone/international-prefix'] },
  { kind: 'lost-zeros', rules: ['extension/lost-zero'] },
  { kind: 'scientific', rules: ['phone/scientific', 'phone/rounded'] },
  { kind: 'localized-words', rules: ['boolean/localized'] },
  { kind: 'code-page', rules: ['text/mojibake', 'text/lost-character'] },
  { kind: 'spaces', rules: ['text/surrounding-space'] },
  { kind: 'dates', rules: ['extension/not-digits'] },
] as const satisfies readonly { readonly kind: DamageLine['kind']; readonly rules: readonly string[] }[]

/** Findings of these are what “repair what can be repaired” means. */
export const repairableRules: readonly string[] = damageRules.flatMap(({ rules }) => rules)

/** `02.jan`, `1-Feb`, `jan.02`, `2002-05-01`, `01/02/2024`: what became of an extension like `2-1` or `0102`. */
const dateForm =
  /^(\d{1,2}[./ -]{1,2}\p{L}{3,9}\.?([./ -]\d{2,4})?|\p{L}{3,9}\.?[./ -]\d{1,4}|\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})$/u

/** Repairs are worked out for so many findings of a kind; a file with more is as broken as that already says. */
const mostLooks = 1_000

/** What a spreadsheet program did to a file, as far as its traces show. */
export function damageOf(source: SourceFacts, table: Table, findings: CheckedFindings): readonly DamageLine[] {
  const places = new Map<string, number[]>()
  for (const rule of repairableRules) if (findings.byRule[rule] !== undefined) places.set(rule, [])
  if (places.size > 0) for (let index = 0; index < findings.count; index++) places.get(findings.placeOf(index).rule)?.push(index)
  const textAt = (index: number): string => {
    const { row, column } = findings.placeOf(index)
    return row < 0 ? '' : (table.columns[column]?.textOf(row) ?? '')
  }

  const lines: DamageLine[] = []
  for (const { kind, rules } of damageRules) {
    const all = rules.flatMap((rule) => places.get(rule) ?? [])
    const found = kind === 'dates' ? all.filter((index) => dateForm.test(textAt(index).trim())) : all
    const [first] = found
    if (first === undefined) continue
    const kinds = found.slice(0, mostLooks).map((index) => findings.fixOf(index)?.kind ?? 'none')
    const lost = kinds.filter((repair) => repair === 'none').length
    lines.push({
      kind,
      cells: found.length,
      repair: kinds.includes('ask') ? 'ask' : kinds.includes('safe') ? 'safe' : 'none',
      example: textAt(first),
      ...(found.length > mostLooks ? {} : { lost }),
    })
  }
  const dates = source.notices.find(({ code }) => code === 'dates')
  if (dates !== undefined) lines.push({ kind: 'dates', cells: dates.count, repair: 'none', example: dates.where ?? null })
  // Reading the file has put these right already.
  if (source.format === 'csv' && source.delimiter !== ',')
    lines.push({ kind: 'delimiter', cells: 0, repair: 'done', example: source.delimiter })
  if (source.format === 'csv' && source.encoding !== 'utf-8')
    lines.push({ kind: 'code-page', cells: 0, repair: 'done', example: source.encoding })
  return lines
}

/** The lines of a file as it stands now: what was repaired since says so. */
export function presentDamage(damage: readonly DamageLine[], byRule: Readonly<Record<string, number>>): readonly DamageLine[] {
  return damage.map((line) => {
    const rules: readonly string[] | undefined = damageRules.find(({ kind }) => kind === line.kind)?.rules
    if (rules === undefined || line.cells === 0) return line
    return rules.some((rule) => (byRule[rule] ?? 0) > 0) ? line : { ...line, repair: 'done' }
  })
}
