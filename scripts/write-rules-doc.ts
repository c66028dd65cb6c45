import { readFileSync, writeFileSync } from 'node:fs'
import type { Rule } from '../shared/core/rules/rule.ts'
import { ruleset, rulesetVersion } from '../shared/core/rules/ruleset.ts'
import { ruleTitle } from '../shared/core/rules/check-table.ts'

const cell = (text: string): string => text.replace(/\|/g, '\\|')
const needsOf = (rule: Rule): string => rule.needs.map((need) => (typeof need === 'string' ? need : need.join(' or '))).join(', ')

const ownRules = [
  '',
  "## A customer's own",
  '',
  'They stand in the customer profile under `rules`, and in the findings as `custom/<name>`:',
  '',
  '```json',
  '"rules": [',
  '  { "name": "cost-centre", "column": "Department", "pattern": "^[0-9]{4} ", "severity": "error", "message": "Begin with the cost centre." },',
  '  { "name": "title", "column": "Title", "required": true, "when": { "package": "Webex Suite" } },',
  '  { "name": "language", "column": "Preferred Language", "oneOf": ["nb_NO", "da_DK"], "when": { "column": "Location", "oneOf": ["Oslo HQ"] } }',
  ']',
  '```',
  '',
  '- Exactly one of `required`, `pattern`, `oneOf`, `unique` and `maxLength` says what is asked. `pattern` (RE2) may be found anywhere in the cell unless it is anchored; `unique` takes no account of case. Blank cells break `required` only.',
  '- `column` is the header text, the name that Control Hub has for the column, or one that Roster knows it by. A rule whose column the file lacks is listed as not run.',
  '- `severity` is `warning` where it is left out. `when` narrows the users: by `package`, or by another `column` with `oneOf`, `pattern` or `blank`.',
  '- `required`, `unique` and `when` look at the user as it will be: a blank cell of an existing user counts as what the baseline holds. A user to be removed gets no finding. TRUE and FALSE go by meaning, whatever their spelling.',
]

/** docs/rules.md, made from the rule units: what stands there is what runs. */
function rulesDocument(): string {
  const lines = [
    '# The rules',
    '',
    `Ruleset ${rulesetVersion}. Made by \`node scripts/write-rules-doc.ts\` from \`shared/core/rules\`; do not edit by hand.`,
    '',
    'The ids are a public interface: they stand in reports, settings and scripts. *Needs*: without it the rule is listed as not run.',
    '*Source*: S stated by the vendor, O observed in a file, F inferred. *Fix*: safe ones may be applied to all at once, the others are asked.',
  ]
  let family = ''
  for (const rule of ruleset) {
    const [name = ''] = rule.id.split('/')
    if (name !== family) {
      family = name
      lines.push(
        '',
        `## ${name}`,
        '',
        '| id | what | on | when | columns | severity | fix | needs | source |',
        '|---|---|---|---|---|---|---|---|---|',
      )
    }
    const texts = [
      ruleTitle(rule.id, 'en'),
      rule.on,
      rule.when,
      rule.columns,
      rule.severity.join(' or '),
      rule.fix ?? '',
      needsOf(rule),
      rule.source,
    ]
    lines.push(`| \`${rule.id}\` | ${texts.map(cell).join(' | ')} |`)
  }
  return `${[...lines, ...ownRules].join('\n')}\n`
}

// With --check nothing is written: exit code 1 says that the page is out of date.
const page = new URL('../docs/rules.md', import.meta.url)
if (!process.argv.includes('--check')) writeFileSync(page, rulesDocument())
else if (readFileSync(page, 'utf8') !== rulesDocument()) {
  console.error('docs/rules.md is out of date: run node scripts/write-rules-doc.ts')
  process.exitCode = 1
}
