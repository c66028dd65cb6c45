import { emailKey } from '../../diff/cell-meaning.ts'
import type { CheckContext } from '../context.ts'
import { phoneKey, phoneParts } from '../phone-number.ts'
import { rule, type Rule } from '../rule.ts'

interface Identity {
  readonly name: string
  readonly numbers: readonly number[]
  readonly extension: string
}

function identity(name: readonly string[], phone: string, extension: string): Identity | null {
  const key = name.map(emailKey).join('\n')
  if (key.trim() === '') return null
  const numbers = phoneParts(phone).filter((part) => part.mark !== 'REMOVE|').map((part) => phoneKey(part.number)) // prettier-ignore
  return { name: key, numbers: numbers.filter((number) => number >= 0), extension }
}

const shares = (a: Identity, b: Identity): boolean =>
  (a.extension !== '' && a.extension === b.extension) || a.numbers.some((number) => b.numbers.includes(number))

const known = new WeakMap<CheckContext, ReadonlyMap<number, number>>()

/** New row → the vanished user of the baseline that it seems to be: the same name, and the same number or extension. Each once. */
export function suspectedRenames(context: CheckContext): ReadonlyMap<number, number> {
  const found = known.get(context) ?? findRenames(context)
  known.set(context, found)
  return found
}

function findRenames(context: CheckContext): ReadonlyMap<number, number> {
  const renames = new Map<number, number>()
  const { baseline, fields } = context
  if (baseline === null || baseline.users.email < 0 || fields.email.own === null) return renames
  const newcomers = new Map<string, { readonly row: number; readonly identity: Identity }[]>()
  for (const row of context.rows) {
    if (context.baselineRowOf[row]! >= 0 || context.sameEmailAs[row]! >= 0) continue
    const own = (field: keyof typeof fields): string => fields[field].own?.textOf(row) ?? ''
    const mine = identity([own('firstName'), own('lastName')], own('phone'), own('extension'))
    if (mine !== null) newcomers.set(mine.name, [...(newcomers.get(mine.name) ?? []), { row, identity: mine }])
  }
  if (newcomers.size === 0) return renames
  for (const row of baseline.table.rows) {
    if (context.isMentioned[row] === 1) continue
    const was = (field: keyof typeof fields): string => fields[field].baseline?.textOf(row) ?? ''
    const candidates = newcomers.get([was('firstName'), was('lastName')].map(emailKey).join('\n'))
    if (candidates === undefined) continue
    const theirs = identity([was('firstName'), was('lastName')], was('phone'), was('extension'))
    const match = candidates.find((candidate) => !renames.has(candidate.row) && theirs !== null && shares(candidate.identity, theirs))
    if (match !== undefined) renames.set(match.row, row)
  }
  return renames
}

export const identityRules: readonly Rule[] = [
  rule(
    {
      id: 'identity/renamed',
      on: 'row',
      columns: '`User ID/Email (Required)`, names, `Phone Number`, `Extension`',
      needs: ['baseline'],
      severity: ['warning'],
      when: 'an email that vanished and a new one share name and number or extension: Control Hub would make a second user',
      source: 'S: CSVREF, CSVMOD',
      facts({ context, row, extra }) {
        const emailBefore = context.fields.email.baseline?.textOf(extra) ?? ''
        const now = context.user(row)
        const shared =
          now.own('phone') !== '' && now.own('phone') === (context.fields.phone.baseline?.textOf(extra) ?? '')
            ? now.own('phone')
            : now.own('extension')
        return { before: emailBefore, after: now.own('email'), shared: shared || now.own('phone') }
      },
    },
    {
      kind: 'table',
      check(context, emit) {
        for (const [row, before] of suspectedRenames(context)) emit(row, -1, before)
      },
    },
  ),
]
