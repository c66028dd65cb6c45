import { findRenames } from '../../diff/renames.ts'
import type { CheckContext } from '../context.ts'
import { phoneKey, phoneParts } from '../phone-number.ts'
import { rule, type Rule } from '../rule.ts'

const known = new WeakMap<CheckContext, ReadonlyMap<number, number>>()

/** New row → the vanished user of the baseline that it seems to be: the same name, and the same number or extension. Each once. */
export function suspectedRenames(context: CheckContext): ReadonlyMap<number, number> {
  const found = known.get(context) ?? renamesOf(context)
  known.set(context, found)
  return found
}

/** Names, numbers or extensions of new users were edited: they are paired anew. */
export function forgetRenames(context: CheckContext): void {
  known.delete(context)
}

/** The change set pairs them: what is said here of a row is what the preview shows. */
function renamesOf(context: CheckContext): ReadonlyMap<number, number> {
  const { baseline } = context
  if (baseline === null || context.users.email < 0 || baseline.users.email < 0) return new Map()
  const isNew = (row: number): boolean => context.baselineRowOf[row]! < 0 && context.sameEmailAs[row]! < 0
  const newRows = [...context.rows.filter(isNew)]
  if (newRows.length === 0) return new Map()
  const vanished = [...baseline.table.rows.filter((row) => context.isMentioned[row] === 0)]
  return findRenames(context, newRows, baseline, vanished)
}

const heldNumbers = (cell: string): string[] =>
  phoneParts(cell)
    .filter(({ mark, number }) => mark !== 'REMOVE|' && phoneKey(number) >= 0)
    .map(({ number }) => number)

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
        const heldBefore = heldNumbers(context.fields.phone.baseline?.textOf(extra) ?? '').map(phoneKey)
        const number = heldNumbers(now.own('phone')).find((mine) => heldBefore.includes(phoneKey(mine)))
        return { before: emailBefore, after: now.own('email'), shared: number ?? now.own('extension') }
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
