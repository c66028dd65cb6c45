import type { Change, ChangeSet, ChangeSummary, Intent, PackageCount } from '../diff/change-set.ts'
import type { Language } from '../../kit/language.ts'
import type { Findings, Severity } from '../rules/finding.ts'
import type { RowId } from '../table/table.ts'
import { ruleTitle } from '../rules/check-table.ts'
import { esc, factsList, pageHead } from './page-html.ts'
import { pageWords } from './page-words.ts'

/** The changes of a page: a change set, or the items of a batch. */
export interface PageChanges extends Pick<ChangeSet, 'summary' | 'absent' | 'count' | 'changeAt'> {
  readonly packages: readonly PackageCount[]
}

export interface SummaryPageFacts {
  readonly language: Language
  readonly title: string
  /** What a reader must know first: the customer, the file, the batch and its digest. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** ISO 8601, UTC. */
  readonly madeAt: string
  readonly findings: Findings | null
  /** The email in a row that a finding is on: who reads the page does not have the file. */
  readonly userOf?: (row: RowId) => string
  readonly changes: PageChanges | null
  /** Where there is no change set: the users of the file. */
  readonly packages: readonly { readonly package: string; readonly users: number; readonly limit?: number }[]
}

/** Lists beyond this are cut, and the page says how much is left out. Removals are never cut. */
const mostLines = 2_000

/**
 * The printable summary, for a person who has no Roster: one HTML page that asks for nothing from elsewhere and runs nothing.
 * Everything that comes from a file is text in it, whatever it looks like.
 */
export function* summaryPage(page: SummaryPageFacts): Generator<string> {
  const { language, title, facts, madeAt, findings, changes } = page
  const words = pageWords[language]
  yield `${pageHead(language, title)}<main>
<h1>${esc(title)}</h1>
${factsList(facts)}
`
  if (changes !== null) {
    yield `<h2>${words.changes}</h2>\n${summaryTable(changes.summary, language)}`
    if (changes.summary.remove > 0) yield `<p class="danger">${words.removal(changes.summary.remove)}</p>\n`
    if (changes.absent > 0) yield `<p>${words.absent(changes.absent)}</p>\n`
  }
  const bars: readonly PackageBar[] =
    changes === null
      ? page.packages.map(({ package: name, users, limit }) => ({ name, after: users, ...(limit === undefined ? {} : { limit }) }))
      : changes.packages.map(({ package: name, before, after, limit }) => ({
          name,
          before,
          after,
          ...(limit === undefined ? {} : { limit }),
        }))
  if (bars.length > 0) yield `<h2>${words.packages}</h2>\n${packagePicture(bars, language)}`
  if (findings !== null) yield* findingsPart(findings, page.userOf, language)
  if (changes !== null) yield* changesPart(changes, language)
  yield `<footer>${esc(words.made(madeAt))}</footer>\n</main>\n</html>\n`
}

function summaryTable(summary: ChangeSummary, language: Language): string {
  const words = pageWords[language]
  const intents: readonly Intent[] = ['add', 'update', 'packageChange', 'rename', 'remove']
  const cells = [
    ...intents.map((intent) => [words.intent[intent], summary[intent]] as const),
    [words.unchanged, summary.unchanged] as const,
  ]
  return `<table class="counts"><tr>${cells.map(([name]) => `<th>${name}</th>`).join('')}</tr><tr>${cells.map(([, n]) => `<td>${n}</td>`).join('')}</tr></table>\n`
}

interface PackageBar {
  readonly name: string
  readonly before?: number
  readonly after: number
  readonly limit?: number
}

/** Users per package: before above, after below, and a line where the seats end. The numbers stand beside, for those who read. */
function packagePicture(bars: readonly PackageBar[], language: Language): string {
  const words = pageWords[language]
  const most = Math.max(1, ...bars.flatMap(({ before = 0, after, limit = 0 }) => [before, after, limit]))
  const [left, width, line] = [190, 330, 38]
  const length = (n: number): number => Math.round((n / most) * width * 10) / 10
  const rows = bars.map(({ name, before, after, limit }, place) => {
    const y = place * line
    const isOver = limit !== undefined && after > limit
    const text = [
      ...(before === undefined ? [] : [`${words.before} ${before}`]),
      before === undefined ? String(after) : `${words.after} ${after}`,
      ...(limit === undefined ? [] : [`${words.bought} ${limit}`]),
    ].join(' · ')
    return [
      `<text x="${left - 10}" y="${y + 20}" text-anchor="end">${esc(name)}</text>`,
      ...(before === undefined ? [] : [`<rect class="was" x="${left}" y="${y + 5}" width="${length(before)}" height="10"/>`]),
      `<rect class="${isOver ? 'over' : 'will'}" x="${left}" y="${y + 16}" width="${length(after)}" height="10"/>`,
      ...(limit === undefined ? [] : [`<line x1="${left + length(limit)}" x2="${left + length(limit)}" y1="${y + 2}" y2="${y + 30}"/>`]),
      `<text x="${left + width + 12}" y="${y + 20}">${esc(text)}</text>`,
    ].join('')
  })
  return `<svg role="img" aria-label="${esc(words.packages)}" viewBox="0 0 760 ${bars.length * line}">${rows.join('')}</svg>\n`
}

function* findingsPart(findings: Findings, userOf: SummaryPageFacts['userOf'], language: Language): Generator<string> {
  const words = pageWords[language]
  yield `<h2>${words.findings}</h2>\n`
  if (findings.count === 0) yield `<p>${words.noFindings}</p>\n`
  else {
    yield rulePicture(findings, language)
    yield `<table><thead><tr><th>${words.place}</th><th class="user">${words.user}</th><th>${words.value}</th><th>${words.what}</th></tr></thead><tbody>\n`
    for (let index = 0; index < Math.min(findings.count, mostLines); index++) {
      const { row, column, value, severity, message } = findings.describe(index, language)
      const at = findings.placeOf(index).row
      const user = at < 0 ? '' : (userOf?.(at) ?? '')
      const place = [row === null ? words.file : words.row(row), ...(column === null ? [] : [column])].join(', ')
      yield `<tr class="${severity}"><td>${esc(place)}</td><td>${esc(user)}</td><td>${esc(value ?? '')}</td><td><b>${words.severity[severity]}</b> ${esc(message)}</td></tr>\n`
    }
    yield '</tbody></table>\n'
    if (findings.count > mostLines) yield `<p class="danger">${words.more(findings.count - mostLines)}</p>\n`
  }
  if (findings.notRun.length > 0) {
    yield `<h3>${words.notRun}</h3>\n<ul>${findings.notRun.map(({ rule, needs }) => `<li><code>${esc(rule)}</code> – ${words.needs} ${esc(needs)}</li>`).join('')}</ul>\n`
  }
}

/** Findings by rule, the most grave first. */
function rulePicture(findings: Findings, language: Language): string {
  const words = pageWords[language]
  const rules = rulesOf(findings)
  const most = Math.max(...rules.map(({ count }) => count))
  const body = rules.map(({ rule, severity, count }) => {
    const width = Math.max(1, Math.round((count / most) * 160))
    const bar = `<svg class="bar" viewBox="0 0 160 10" aria-hidden="true"><rect class="${severity}" width="${width}" height="10"/></svg>`
    return `<tr class="${severity}"><td class="number">${count}</td><td>${bar}</td><td>${words.severity[severity]}</td><td>${esc(ruleTitle(rule, language))}</td><td><code>${esc(rule)}</code></td></tr>`
  })
  return `<table><thead><tr><th class="number">${words.count}</th><th></th><th></th><th colspan="2">${words.rule}</th></tr></thead><tbody>${body.join('')}</tbody></table>\n`
}

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

function rulesOf(findings: Findings): readonly { readonly rule: string; readonly severity: Severity; readonly count: number }[] {
  const worst = new Map<string, Severity>()
  for (let index = 0; index < findings.count; index++) {
    const { rule, severity } = findings.placeOf(index)
    const known = worst.get(rule)
    if (known === undefined || weight[severity] < weight[known]) worst.set(rule, severity)
  }
  return [...worst]
    .map(([rule, severity]) => ({ rule, severity, count: findings.byRule[rule] ?? 0 }))
    .toSorted((a, b) => weight[a.severity] - weight[b.severity] || b.count - a.count)
}

const order: readonly Intent[] = ['remove', 'rename', 'packageChange', 'add', 'update']

function* changesPart(changes: PageChanges, language: Language): Generator<string> {
  const words = pageWords[language]
  if (changes.count === 0) {
    yield `<p>${words.noChanges}</p>\n`
    return
  }
  yield `<h2>${words.byUser}</h2>\n`
  for (const intent of order) {
    const total = changes.summary[intent]
    if (total === 0) continue
    const limit = intent === 'remove' ? total : mostLines
    yield `<h3 class="${intent}">${words.intent[intent]}: ${total}</h3>\n<table><thead><tr><th class="number">${words.rowNumber}</th><th>${words.user}</th><th>${words.change}</th></tr></thead><tbody>\n`
    let shown = 0
    for (let index = 0; index < changes.count && shown < limit; index++) {
      const change = changes.changeAt(index)
      if (change.intent !== intent) continue
      shown++
      yield changeRow(change, language)
    }
    yield '</tbody></table>\n'
    if (total > shown) yield `<p class="danger">${words.more(total - shown)}</p>\n`
  }
}

function changeRow({ intent, row, email, formerEmail, from, to, cells }: Change, language: Language): string {
  const text = (cell: string): string => (cell === '' ? `<i>${pageWords[language].empty}</i>` : esc(cell))
  const packages =
    intent === 'remove' || from === undefined || from === null
      ? (to ?? from ?? null)
      : to === undefined || to === null || from === to
        ? null
        : `${from} → ${to}`
  const parts = [
    ...(formerEmail === undefined ? [] : [`${esc(formerEmail)} →`]),
    ...(packages === null ? [] : [`<b>${esc(packages)}</b>`]),
    ...cells.map(({ column, before, after }) => `${esc(column)}: ${intent === 'add' ? text(after) : `${text(before)} → ${text(after)}`}`),
  ]
  return `<tr><td class="number">${row}</td><td>${esc(email)}</td><td>${parts.join('<br>')}</td></tr>\n`
}
