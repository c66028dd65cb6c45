import type { Findings, Severity } from '../../../shared/core/rules/finding.ts'
import type { Language } from '../../../shared/kit/language.ts'
import type { OpenedFile } from '../../services/services.ts'
import type { Context } from './context.ts'
import { fileJson, fileLine } from './facts.ts'
import { columnsOf, visible } from './output.ts'

const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 }

/** Whether a check counts as failed: findings at or above the severity that `--fail-on` names. */
export function isFailed({ summary }: Findings, failOn: Severity): boolean {
  return (Object.keys(rank) as Severity[]).some((severity) => rank[severity] >= rank[failOn] && summary[severity] > 0)
}

/** The JSON of `check` (cli.md): a head, and the findings as a list that is never held as one text. */
export function checkJson(
  file: OpenedFile,
  findings: Findings,
  { language, limit }: { readonly language: Language; readonly limit: number | undefined },
): { readonly head: object; readonly lists: Readonly<Record<string, Iterable<unknown>>> } {
  const shown = Math.min(findings.count, limit ?? findings.count)
  const { summary, byRule, notRun } = findings
  return {
    head: {
      file: fileJson(file.facts),
      rows: file.table.rows.length,
      summary: { error: summary.error, warning: summary.warning, info: summary.info },
      byRule,
      notRun,
      ...(shown < findings.count ? { truncated: true } : {}),
    },
    lists: { findings: describe(findings, shown, language) },
  }
}

function* describe(findings: Findings, count: number, language: Language): Generator {
  for (let index = 0; index < count; index++) yield findings.describe(index, language)
}

const paintOf = { error: 'red', warning: 'yellow', info: 'blue' } as const

/** What a person reads: the counts first, then how many of each rule, then the findings in the file's order. */
export async function writeFindings(context: Context, file: OpenedFile, findings: Findings, limit: number | undefined): Promise<void> {
  const { out, say, language } = context
  const { label } = say
  const { error, warning, info } = findings.summary
  await out.write(`${fileLine(file.facts, say)} · ${label.rows(file.table.rows.length)}\n`)
  await out.write(`${findings.count === 0 ? out.paint('green', label.clean) : out.paint('bold', label.counts(error, warning, info))}\n`)
  if (findings.count > 0) await out.write(`\n${ruleLines(context, findings).join('\n')}\n\n`)

  const shown = Math.min(findings.count, limit ?? findings.count)
  for (let index = 0; index < shown; index++) {
    const finding = findings.describe(index, language)
    const place = [
      finding.row === null ? label.file : label.row(finding.row),
      ...(finding.column === null ? [] : [visible(finding.column)]),
    ].join(', ')
    const value = finding.value === null || finding.value === '' ? '' : ` "${visible(finding.value)}"`
    const head = `${out.paint(paintOf[finding.severity], label.severity[finding.severity])}  ${place}${value}  ${out.paint('dim', finding.rule)}`
    const fix = finding.fix
    const repair =
      fix === undefined
        ? ''
        : ` → ${fix.kind === 'safe' ? label.safeFix : label.askFix}: ${fix.value === undefined ? (fix.action ?? '') : `"${visible(fix.value)}"`}`
    await out.write(`${head}\n    ${visible(finding.message, 600)}${repair}\n`)
  }
  if (shown < findings.count) await out.write(`${label.more(findings.count - shown)}\n`)
  for (const line of notRunLines(context, findings)) out.remark(line)
}

function ruleLines({ out, say: { label } }: Context, findings: Findings): string[] {
  const severities = new Map<string, Severity>()
  const wanted = Object.keys(findings.byRule).length
  for (let index = 0; index < findings.count && severities.size < wanted; index++) {
    const { rule, severity } = findings.placeOf(index)
    if (!severities.has(rule)) severities.set(rule, severity)
  }
  const rows = Object.entries(findings.byRule)
    .map(([rule, count]) => ({ rule, count, severity: severities.get(rule) ?? 'info' }) as const)
    .sort((a, b) => rank[b.severity] - rank[a.severity] || b.count - a.count)
  const lines = columnsOf(
    rows.map(({ rule, count, severity }) => [String(count), label.severity[severity], rule]),
    new Set([0]),
  )
  return lines.map((line, place) => `  ${out.paint(paintOf[rows[place]?.severity ?? 'info'], line)}`)
}

function notRunLines({ say }: Context, { notRun }: Findings): string[] {
  const needs = new Map<string, number>()
  for (const { needs: need } of notRun) needs.set(need, (needs.get(need) ?? 0) + 1)
  return [...needs].map(([need, rules]) => say.label.notRun(rules, need))
}
