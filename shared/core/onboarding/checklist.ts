import { isCallingPackage } from '../catalogue/packages.ts'
import type { Language } from '../../kit/language.ts'
import { packageLevel, wizardUsers } from './check-plan.ts'
import { isCountry } from './codes.ts'
import type { OnboardingPlan, PlanLocation } from './plan.ts'
import { onboardingWords } from './text/all.ts'
import { fill, type HubKey, type ListKey } from './text/words.ts'

/** A word of Partner Hub's screens; `english` is what stands there when the hub is set to English. */
export interface HubWord {
  readonly own: string
  readonly english: string | null
}

export type ChecklistItem =
  /** Something to do: text around at most one word of the screen. */
  | { readonly kind: 'step'; readonly before: string; readonly hub: HubWord | null; readonly after: string }
  /** Something to type: a label of the screen and the value. */
  | { readonly kind: 'field'; readonly label: HubWord; readonly value: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'note'; readonly text: string }

export interface ChecklistPart {
  readonly title: string
  /** A tick of the plan, so that nobody does it again. */
  readonly done: string | null
  readonly items: readonly ChecklistItem[]
}

export interface Checklist {
  readonly language: Language
  readonly title: string
  readonly intro: string
  readonly printed: string
  readonly parts: readonly ChecklistPart[]
}

/**
 * What to type into Partner Hub, in the words and the order of its wizards (SEED-DA for template, customer and set-up; SEED-NO for the
 * file). `day` is the day that stands on the sheet.
 */
export function checklistOf(plan: OnboardingPlan, language: Language, day: string): Checklist {
  const words = onboardingWords[language]
  const { customer, template } = plan
  const hub = (key: HubKey): HubWord => {
    const own = words.hub[key]
    const english = onboardingWords.en.hub[key]
    return { own, english: language === 'en' || own === english ? null : english }
  }
  const say = (key: ListKey, values: Readonly<Record<string, string | number>> = {}): string => fill(words.list[key], values)
  const step = (key: ListKey, word?: HubKey, values: Readonly<Record<string, string | number>> = {}): ChecklistItem => {
    const text = say(key, values)
    const [before = '', after = ''] = text.split('{hub}')
    return { kind: 'step', before, hub: word === undefined ? null : hub(word), after }
  }
  const field = (key: HubKey, value: string): ChecklistItem => ({
    kind: 'field',
    label: hub(key),
    value: value === '' ? say('none') : value,
  })
  const own = (key: ListKey, value: string): ChecklistItem => ({
    kind: 'field',
    label: { own: words.list[key], english: null },
    value: value === '' ? say('none') : value,
  })
  const note = (text: string): ChecklistItem => ({ kind: 'note', text })
  const next = step('doClick', 'next')
  const doneOf = (id: OnboardingPlan['progress'][number]['step']): string | null => {
    const entry = plan.progress.find((one) => one.step === id && one.done)
    return entry === undefined ? null : say('doneBy', { date: entry.date, who: entry.who }).trim()
  }

  const authentication: ChecklistItem[] =
    template.authentication === 'webex'
      ? [step('doChoose', 'webexAuthentication')]
      : template.authentication === 'saml'
        ? [step('doChoose', 'samlAuthentication'), field('idpEntityId', template.idpEntityId)]
        : [step('doChoose', 'oidcAuthentication'), field('oidcEntityId', template.idpName)]
  const templatePart: ChecklistPart = {
    title: `1. ${words.step.template}`,
    done: doneOf('template'),
    items: [
      ...(template.provisioningId === '' ? [] : [note(say('existsAlready', { id: template.provisioningId }))]),
      step('doLogin', 'login'),
      step('doOpen', 'customers'),
      step('doClick', 'templates'),
      step('doClick', 'createTemplate'),
      step('doChoose', 'kind'),
      next,
      step('screen', 'mainSettings'),
      field('templateName', template.name),
      field('country', template.country),
      field('administrator', template.administrator),
      field('emailLanguage', template.emailLanguage),
      field('subscription', template.subscription),
      next,
      ...authentication,
      next,
      step('screen', 'wholesaleCalling'),
      field('pstnProvider', template.pstnProvider),
      ...(template.pstnProvider === '' ? [] : [note(say('pstnAdvice'))]),
      next,
      step('screen', 'commonSettings'),
      field('restrictInvitations', say(template.restrictInvitations ? 'on' : 'off')),
      field('brandName', template.brandName),
      step('screen', 'callSettings'),
      field('disableCall', say(template.disableCallOnWebex ? 'on' : 'off')),
      next,
      step('doReview', 'edit'),
      step('doSubmit', 'submit'),
      step('doCopyId', 'provisioningId'),
      ...(template.provisioningId === '' ? [step('writeId', 'provisioningId')] : []),
    ],
  }

  const from = template.country
  const to = customer.headOffice.address.country
  const customerPart: ChecklistPart = {
    title: `2. ${hub('createCustomer').own}`,
    done: doneOf('customer'),
    items: [
      step('doLogin', 'login'),
      step('doOpen', 'customers'),
      step('doClick', 'createCustomer'),
      step('screen', 'customerInformation'),
      field('companyName', customer.name),
      field('adminEmail', customer.adminEmail),
      field('template', template.name),
      ...(customer.organisation === 'existing' ? [own('orgId', customer.orgId)] : []),
      ...(customer.language === '' ? [] : [own('language', customer.language)]),
      ...(customer.externalId === '' ? [] : [own('externalId', customer.externalId)]),
      next,
      step('screen', 'packages'),
      {
        kind: 'table',
        head: [words.list.package, words.list.quantity],
        rows: customer.packages.map(({ package: name, quantity }) => [name, quantity === null ? say('unlimited') : String(quantity)]),
      },
      next,
      step('screen', 'headOffice'),
      ...placeFields(customer.headOffice),
      ...(isCountry(from) && isCountry(to) && from !== to ? [note(say('residency', { from, to }))] : []),
      step('doTick', 'confirmSupported'),
      next,
      step('reviewCustomer', 'createCustomer'),
      note(say('afterCreate')),
    ],
  }
  function placeFields(place: PlanLocation): ChecklistItem[] {
    return [
      own('name', place.name),
      own('address', addressText(place)),
      own('timeZone', place.timeZone),
      own('languages', `${place.emailLanguage} / ${place.announcementLanguage}`),
      ...(place.emergencyLocationIdentifier === '' ? [] : [own('emergency', place.emergencyLocationIdentifier)]),
    ]
  }

  const byForm = plan.users.length <= wizardUsers
  const withNumber = plan.users.filter(({ package: name, phoneNumber }) => name !== '' && isCallingPackage(name) && phoneNumber !== '')
  const setUpPart: ChecklistPart = {
    title: `3. ${hub('setUpCustomer').own}`,
    done: doneOf('users'),
    items: [
      step('doLogin', 'login'),
      step('doOpen', 'customers'),
      { kind: 'step', before: say('selectCustomer', { customer: customer.name }), hub: null, after: '' },
      step('doClick', 'setUpCustomer'),
      step('screen', 'addLocations'),
      ...(plan.locations.length === 0
        ? [note(say('noLocations'))]
        : [
            {
              kind: 'table' as const,
              head: [words.list.name, words.list.address, words.list.timeZone, words.list.languages],
              rows: plan.locations.map((place) => [
                place.name,
                addressText(place),
                place.timeZone,
                `${place.emailLanguage} / ${place.announcementLanguage}`,
              ]),
            },
          ]),
      next,
      step('screen', 'addUsers'),
      ...(plan.users.length === 0
        ? [note(say('noUsers'))]
        : byForm
          ? [
              note(say('enterUsers')),
              {
                kind: 'table' as const,
                head: [words.list.name, words.list.email, words.list.package, words.list.location],
                rows: plan.users.map((user) => [`${user.firstName} ${user.lastName}`, user.email, user.package, user.location]),
              },
            ]
          : [note(say('byFile', { users: plan.users.length, limit: wizardUsers }))]),
      next,
      ...(byForm && withNumber.length > 0
        ? [
            note(say('numbers')),
            {
              kind: 'table' as const,
              head: [words.list.email, words.list.number, words.list.extension, words.list.location],
              rows: withNumber.map((user) => [user.email, user.phoneNumber, user.extension, user.location]),
            },
          ]
        : [note(say('noNumbers'))]),
      next,
      step('reviewUsers', 'createUsers'),
    ],
  }

  const level = packageLevel(customer)
  const adminPart: ChecklistPart = {
    title: `4. ${words.list.adminTitle}`,
    done: doneOf('administrators'),
    items: [
      note(say('adminRule', { level: level ?? '–' })),
      {
        kind: 'table',
        head: [words.list.name, words.list.email, words.list.package, words.list.role],
        rows:
          plan.administrators.length === 0
            ? [['', customer.adminEmail, level ?? '', '']]
            : plan.administrators.map((person) => [person.name, person.email, person.package, person.role]),
      },
    ],
  }
  const assistPart: ChecklistPart = {
    title: words.list.assistTitle,
    done: doneOf('setupAssist'),
    items: [step('assistDo'), ...(plan.setupAssist.note === '' ? [] : [note(plan.setupAssist.note)])],
  }
  const filePart: ChecklistPart = {
    title: `5. ${words.list.fileTitle}`,
    done: doneOf('firstBatch'),
    items: [
      ...(byForm ? [note(say('fileInstead'))] : []),
      step('doOpen', 'customers'),
      { kind: 'step', before: say('selectCustomer', { customer: customer.name }), hub: null, after: '' },
      step('doClick', 'launchControlHub'),
      step('doClick', 'users'),
      step('doClick', 'manageUsers'),
      step('doClick', 'csv'),
      step('fileDo', 'importMode'),
    ],
  }

  return {
    language,
    title: say('title', { customer: customer.name }),
    intro: words.list.intro,
    printed: say('printed', { date: day }),
    parts: [
      templatePart,
      customerPart,
      setUpPart,
      adminPart,
      ...(plan.users.length === 0 ? [] : [filePart]),
      ...(plan.setupAssist.wanted ? [{ ...assistPart, title: `${plan.users.length === 0 ? 5 : 6}. ${assistPart.title}` }] : []),
    ],
  }
}

const addressText = ({ address }: PlanLocation): string =>
  [address.line1, address.line2, `${address.postalCode} ${address.city}`.trim(), address.state, address.country]
    .filter((part) => part.trim() !== '')
    .join(', ')

/** For a text file: one line a thing, boxes as `[ ]`. */
export function checklistAsText(list: Checklist): string {
  return render(list, {
    title: (text) => [text, '='.repeat(text.length), ''],
    part: (text, done) => ['', `${text}${done === null ? '' : `  (${done})`}`, '-'.repeat(text.length)],
    step: (text) => [`[ ] ${text}`],
    field: (label, value) => [`    [ ] ${label}: ${value}`],
    note: (text) => [`    ${text}`],
    table: (head, rows) => {
      const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)))
      const line = (cells: readonly string[]): string =>
        cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()
      return [`        ${line(head)}`, ...rows.map((row) => `    [ ] ${line(row)}`)]
    },
    word: ({ own, english }) => (english === null ? `"${own}"` : `"${own}" (${english})`),
    label: ({ own, english }) => (english === null ? own : `${own} (${english})`),
  })
}

export function checklistAsMarkdown(list: Checklist): string {
  const safe = (text: string): string => text.replace(/[\\`*_[\]<>|#]/gu, (sign) => `\\${sign}`)
  return render(list, {
    title: (text) => [`# ${safe(text)}`, ''],
    part: (text, done) => ['', `## ${safe(text)}${done === null ? '' : ` ✓ ${safe(done)}`}`, ''],
    step: (text) => [`- [ ] ${text}`],
    field: (label, value) => [`  - [ ] ${label}: **${safe(value)}**`],
    note: (text) => [`  - ${safe(text)}`],
    table: (head, rows) => [
      '',
      `| | ${head.map(safe).join(' | ')} |`,
      `|---${'|---'.repeat(head.length)}|`,
      ...rows.map((row) => `| ☐ | ${row.map(safe).join(' | ')} |`),
      '',
    ],
    word: ({ own, english }) => (english === null ? `**${safe(own)}**` : `**${safe(own)}** (${safe(english)})`),
    label: ({ own, english }) => (english === null ? safe(own) : `${safe(own)} (${safe(english)})`),
  })
}

interface Renderer {
  readonly title: (text: string) => readonly string[]
  readonly part: (text: string, done: string | null) => readonly string[]
  readonly step: (text: string) => readonly string[]
  readonly field: (label: string, value: string) => readonly string[]
  readonly note: (text: string) => readonly string[]
  readonly table: (head: readonly string[], rows: readonly (readonly string[])[]) => readonly string[]
  readonly word: (word: HubWord) => string
  readonly label: (word: HubWord) => string
}

function render(list: Checklist, to: Renderer): string {
  const lines = [
    ...to.title(list.title),
    list.intro,
    list.printed,
    ...list.parts.flatMap((part) => [
      ...to.part(part.title, part.done),
      ...part.items.flatMap((item) => {
        switch (item.kind) {
          case 'step':
            return to.step(`${item.before}${item.hub === null ? '' : to.word(item.hub)}${item.after}`)
          case 'field':
            return to.field(to.label(item.label), item.value)
          case 'note':
            return to.note(item.text)
          case 'table':
            return to.table(item.head, item.rows)
        }
      }),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

/** A page of its own for paper: nothing is loaded from anywhere, no script runs, every text is escaped. */
export function checklistAsHtml(list: Checklist): string {
  const parts = list.parts.map((part) => {
    const done = part.done === null ? '' : ` <span class="done">✓ ${escape(part.done)}</span>`
    return `<section><h2>${escape(part.title)}${done}</h2>\n<ul>\n${part.items.map(htmlOf).join('\n')}\n</ul></section>`
  })
  return `<!doctype html>
<html lang="${list.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(list.title)}</title>
<style>
  :root { color-scheme: light; }
  body { max-width: 46em; margin: 2em auto; padding: 0 1.5em; background: #fff; color: #1a1e24; font: 11pt/1.45 system-ui, 'Segoe UI', 'Noto Sans', sans-serif; }
  h1 { margin: 0 0 .3em; font-size: 18pt; line-height: 1.2; }
  h2 { margin: 1.6em 0 .5em; padding-bottom: .2em; border-bottom: 1px solid #858c96; font-size: 13pt; break-after: avoid; }
  .intro, .printed { margin: 0; color: #4d5661; }
  .done { color: #17704a; font-size: 10pt; font-weight: 400; }
  ul { margin: 0; padding: 0; list-style: none; }
  li { position: relative; padding: .18em 0 .18em 1.9em; break-inside: avoid; }
  li.box::before { content: ''; position: absolute; left: 0; top: .42em; width: .85em; height: .85em; border: 1.2px solid #4d5661; border-radius: 2px; }
  li.field { margin-left: 1.9em; }
  li.field, li.box { border-bottom: 1px dotted #dfe2e6; }
  li.note { color: #4d5661; font-style: italic; }
  .value { font-weight: 600; overflow-wrap: anywhere; white-space: pre-wrap; }
  .hub { font-weight: 600; }
  .english { color: #5f6873; font-size: 9pt; }
  table { width: 100%; margin: .3em 0; border-collapse: collapse; font-size: 9.5pt; }
  th, td { padding: .25em .5em .25em 0; border-bottom: 1px solid #dfe2e6; text-align: left; vertical-align: top; overflow-wrap: break-word; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  td.tick { width: 1.6em; }
  td.tick::before { content: ''; display: block; width: .85em; height: .85em; margin-top: .2em; border: 1.2px solid #4d5661; border-radius: 2px; }
  @page { margin: 16mm; }
  @media print { body { max-width: none; margin: 0; padding: 0; } }
</style>
</head>
<body>
<h1>${escape(list.title)}</h1>
<p class="intro">${escape(list.intro)}</p>
<p class="printed">${escape(list.printed)}</p>
${parts.join('\n')}
</body>
</html>
`
}

const wordHtml = ({ own, english }: HubWord, name: string): string =>
  `<span class="${name}">${escape(own)}</span>${english === null ? '' : ` <span class="english" lang="en">(${escape(english)})</span>`}`

function htmlOf(item: ChecklistItem): string {
  switch (item.kind) {
    case 'step':
      return `<li class="box">${escape(item.before)}${item.hub === null ? '' : wordHtml(item.hub, 'hub')}${escape(item.after)}</li>`
    case 'field':
      return `<li class="box field">${wordHtml(item.label, 'label')}: <span class="value">${escape(item.value)}</span></li>`
    case 'note':
      return `<li class="note">${escape(item.text)}</li>`
    case 'table':
      return `<li><table><thead><tr><th></th>${item.head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')}</tr></thead><tbody>\n${item.rows
        .map((row) => `<tr><td class="tick"></td>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`)
        .join('\n')}\n</tbody></table></li>`
  }
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/gu, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? sign)
