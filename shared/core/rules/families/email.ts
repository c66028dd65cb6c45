import { looksLatinIn, skeleton } from '../../../kit/confusable.ts'
import { nearest } from '../../../kit/suggest.ts'
import { CellState } from '../cell-reader.ts'
import { rowSlices, sliceLength } from '../coded-rows.ts'
import { callingBits, namesOf, type CheckContext } from '../context.ts'
import { CellMark, isPlainEmailBytes } from '../../table/cell-mark.ts'
import { CellFlag } from '../../table/table.ts'
import { distinctSigns } from '../distinct-signs.ts'
import { rule, type Place, type Rule, type ShapeFamily } from '../rule.ts'

const onEmail = { on: 'cell', columns: '`User ID/Email (Required)`', needs: [] } as const
const maxLocalPart = 64
const maxLength = 161
const forbidden = /[^A-Za-z0-9.!#$%&'*+/=?^_{}~@\-`]/gu

export type EmailProblem = 'email/malformed' | 'email/local-part-too-long' | 'email/too-long' | 'email/character'

function isMalformed(text: string): boolean {
  if (/\s/.test(text)) return true
  const at = text.indexOf('@')
  if (at <= 0 || at !== text.lastIndexOf('@')) return true
  const labels = text.slice(at + 1).split('.')
  return labels.length < 2 || labels.includes('')
}

/** The one thing to say of an email's shape: the first that holds, in the order of rules.md. */
export function emailProblem(text: string): EmailProblem | null {
  if (isMalformed(text)) return 'email/malformed'
  if ([...text.slice(0, text.indexOf('@'))].length > maxLocalPart) return 'email/local-part-too-long'
  if ([...text].length > maxLength) return 'email/too-long'
  return text.search(forbidden) >= 0 ? 'email/character' : null
}

/** Letters, digits and `._-` with one @ and dots well placed, told without regular expressions over a million cells. */
function isPlainEmail(text: string): boolean {
  const length = text.length
  if (length > 64) return false
  let at = -1
  let lastDot = -1
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 64) {
      if (at >= 0 || i === 0) return false
      at = i
      lastDot = i
    } else if (unit === 46) {
      if (at >= 0 && lastDot === i - 1) return false
      lastDot = i
    } else if (!((unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 45 || unit === 95))
      return false
  }
  return at > 0 && lastDot > at && lastDot < length - 1
}

const baselineDomains = new WeakMap<CheckContext, ReadonlySet<string>>()
function domainsOfBaseline(context: CheckContext): ReadonlySet<string> {
  const known = baselineDomains.get(context)
  if (known !== undefined) return known
  const domains = new Set<string>()
  const column = context.baseline?.table.columns[context.baseline.users.email]
  if (column !== undefined) for (const row of context.baseline!.table.rows) domains.add(domainOf(column.textOf(row).trim()))
  baselineDomains.set(context, domains)
  return domains
}

/** Every domain that the profile names or the baseline has ever held. */
const knownDomains = (context: CheckContext): string[] => [
  ...new Set([...(context.customer?.domains ?? []), ...domainsOfBaseline(context)]),
]
const isKnownDomain = (domain: string, context: CheckContext): boolean =>
  context.customer?.domains.has(domain) === true || domainsOfBaseline(context).has(domain)
const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase()

/** A likely meaning of a malformed address, only where the result is sound. */
function repaired(text: string, context: CheckContext): string | null {
  const inBrackets = /<([^<>\s]+@[^<>\s]+)>/.exec(text)
  const bare = (inBrackets?.[1] ?? text.replace(/^mailto:/i, ''))
    .replace(/\s+/g, '')
    .replace(/@{2,}/g, '@')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.,;]+|[.,;]+$/g, '')
    .replace(/,(?=[a-z]{2,}$)/i, '.')
  if (bare !== text && emailProblem(bare) === null) return bare
  const domain = /^[^@]+@([^@.]+)$/.exec(bare)?.[1]
  if (domain === undefined) return null
  const whole = knownDomains(context).filter((known) => known.startsWith(`${domain.toLowerCase()}.`))
  const fixed = whole.length === 1 ? bare.slice(0, bare.indexOf('@') + 1) + whole[0]! : null
  return fixed !== null && emailProblem(fixed) === null ? fixed : null
}

const shapes: readonly Rule[] = [
  rule(
    { ...onEmail, id: 'email/missing', severity: ['error'], when: 'blank', source: 'S: CSVADD', onRemovals: true, facts: () => ({}) },
    { kind: 'shape', holds: (text) => text === '' },
  ),
  rule(
    {
      ...onEmail,
      id: 'email/malformed',
      severity: ['error'],
      when: 'not exactly one `@`, an empty side, white space, or a domain without a dot or with an empty label',
      source: 'S: OLDUI, WXCERR 4801',
      fix: 'ask',
      onRemovals: true,
      facts: ({ text }) => ({ value: text }),
      repair({ text, context }) {
        const value = repaired(text.trim(), context)
        return value === null ? null : { kind: 'ask', value }
      },
    },
    { kind: 'shape', holds: (text) => emailProblem(text) === 'email/malformed' },
  ),
  rule(
    {
      ...onEmail,
      id: 'email/local-part-too-long',
      severity: ['error'],
      when: `over ${maxLocalPart} characters before the \`@\``,
      source: 'S: CSVREF',
      onRemovals: true,
      facts: ({ text }) => ({ length: [...text.trim().slice(0, text.trim().indexOf('@'))].length }),
    },
    { kind: 'shape', holds: (text) => emailProblem(text) === 'email/local-part-too-long' },
  ),
  rule(
    {
      ...onEmail,
      id: 'email/too-long',
      severity: ['error'],
      when: `over ${maxLength} characters`,
      source: 'S: WXCERR 4803',
      onRemovals: true,
      facts: ({ text }) => ({ length: [...text.trim()].length }),
    },
    { kind: 'shape', holds: (text) => emailProblem(text) === 'email/too-long' },
  ),
  rule(
    {
      ...onEmail,
      id: 'email/character',
      severity: ['error', 'warning'],
      when: "a character outside ASCII letters, digits and `.!#$%&'*+/=?^_{}~@-` and the backtick; error for a calling package, else warning",
      source: 'S: WXCERR 4900',
      onRemovals: true,
      facts: (place) => ({
        characters: distinctSigns(place.text.trim(), forbidden),
        package: namesOf(place.user().packages & callingBits)[0] ?? null,
      }),
    },
    {
      kind: 'shape',
      holds: (text) => emailProblem(text) === 'email/character',
      severityFor: (packages) => ((packages & callingBits) !== 0 ? 'error' : 'warning'),
    },
  ),
]

/** Whether a row says nothing that the earlier row of its email does not say. What differs is for a person to decide. */
function saysTheSame({ context, row, extra }: Place): boolean {
  const { table, columns, users } = context
  if (table.ragged.has(row) || table.ragged.has(extra)) return false
  const saysSame = (column: number): boolean =>
    column === users.email || context.textOf(column, row).trim() === context.textOf(column, extra).trim()
  return columns.every(({ index }) => saysSame(index))
}

const duplicate = rule(
  {
    ...onEmail,
    id: 'email/duplicate',
    severity: ['error'],
    when: 'stands in an earlier row too, case ignored',
    source: 'S: OLDUI',
    fix: 'ask',
    onRemovals: true,
    facts: (place) => ({ value: place.text.trim(), row: place.context.table.numberOf(place.extra), saysTheSame: saysTheSame(place) }),
    repair: (place) => (saysTheSame(place) ? { kind: 'ask', action: 'drop-row' } : null),
  },
  {
    kind: 'table',
    reads: ['email'],
    check(context, emit) {
      const reader = context.fields.email.own
      if (reader === null) return
      const { sameEmailAs, users } = context
      const found = new Uint32Array(sliceLength(context.rows))
      const emitFound = (count: number): void => {
        for (let i = 0; i < count; i++) {
          const row = found[i]!
          if (reader.stateOf(row) === CellState.text) emit(row, users.email, sameEmailAs[row])
        }
      }
      for (const { rows } of rowSlices(context.rows)) emitFound(findRepeating(rows, sameEmailAs, found))
    },
  },
)

/** Puts into `found` the rows that repeat an earlier one; gives their count. */
function findRepeating(rows: Uint32Array, sameEmailAs: Int32Array, found: Uint32Array): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) if (sameEmailAs[rows[i]!]! >= 0) found[count++] = rows[i]!
  return count
}

const wordsOf = (email: string): string[] => email.split(/[@.+_-]/)
const lookalike = rule(
  {
    ...onEmail,
    id: 'email/lookalike',
    severity: ['warning'],
    when: 'mixes scripts, so that it could be taken for another address',
    source: 'F: UTS 39',
    facts: ({ text }) => ({ skeleton: skeleton(text.trim()) }),
  },
  { kind: 'shape', holds: (text) => wordsOf(text).some((word) => looksLatinIn(text, word)) },
)

const unknownDomain = rule(
  {
    ...onEmail,
    id: 'email/unknown-domain',
    severity: ['warning'],
    needs: [['customer.emailDomains', 'baseline']],
    when: 'a domain that neither profile nor baseline has ever held: wrong customer?',
    source: 'F',
    facts: ({ text, context }) => {
      const domain = domainOf(text.trim())
      return { domain, near: nearest(domain, knownDomains(context)) }
    },
    repair({ text, context }) {
      const near = nearest(domainOf(text.trim()), knownDomains(context))
      return near === null ? null : { kind: 'ask', value: text.trim().slice(0, text.trim().lastIndexOf('@') + 1) + near }
    },
  },
  {
    kind: 'sweep',
    reads: ['email'],
    begin: (context, emit) => (user) => {
      // A user of the baseline has one of its domains.
      if (user.baselineRow >= 0) return
      const email = user.own('email')
      if (email !== '' && !isMalformed(email) && !isKnownDomain(domainOf(email), context)) emit(user.row, user.columnOf('email'))
    },
  },
)

const isEmail: ShapeFamily['appliesTo'] = (column, users) => column.index === users.email

export const emailRules: readonly Rule[] = [...shapes, duplicate, lookalike, unknownDomain]
export const emailFamilies: readonly ShapeFamily[] = [
  {
    isChain: true,
    reads: 'trimmed',
    appliesTo: isEmail,
    isSound: isPlainEmail,
    isSoundBytes: isPlainEmailBytes,
    soundMark: CellMark.plainEmail,
    seesBlank: true,
    rules: shapes,
  },
  {
    isChain: false,
    reads: 'trimmed',
    appliesTo: isEmail,
    isSound: (text) => /^[\0-\x7f]*$/.test(text),
    flags: () => CellFlag.beyondAscii,
    rules: [lookalike],
  },
]
