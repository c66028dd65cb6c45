import { RowFlag } from '../context.ts'
import { rule, type Rule } from '../rule.ts'
import { baselineText } from './text.ts'

/** A baseline that is itself not clean cannot be restored from; blank says the same: leave it as it is. */
const restored = (before: string | null): string =>
  before !== null && /^[\P{C}\n\r]*$/u.test(before) && !/[\u00a0\u2000-\u200b]/.test(before) ? before.trim() : ''

export const readOnlyRules: readonly Rule[] = [
  rule(
    {
      id: 'read-only/changed',
      on: 'cell',
      columns: '`User Status`, `Last Service Accessed Time`, `Days since Last Service Accessed`, `Last Active Time`',
      needs: ['baseline'],
      severity: ['warning'],
      when: 'User Status or one of the last-access columns differs, or is filled on a new user',
      source: 'S: CSVREF',
      fix: 'safe',
      facts: (place) => ({ value: place.text.trim(), before: baselineText(place) ?? '' }),
      repair: (place) => ({ kind: 'safe', value: restored(baselineText(place)) }),
    },
    {
      kind: 'table',
      reads: ({ users }) => users.readOnly,
      check(context, emit) {
        for (const index of context.users.readOnly) {
          const column = context.table.columns[index]!
          const before = context.baselineColumn(index)
          for (let i = 0; i < context.rows.length; i++) {
            const row = context.rows[i]!
            if (column.isEmpty(row) || (context.flags[row]! & RowFlag.removal) !== 0) continue
            const baselineRow = context.baselineRowOf[row]!
            // A baseline without the column has nothing to compare with.
            if (baselineRow >= 0 && before === null) continue
            const text = column.textOf(row)
            const was = baselineRow < 0 ? '' : before!.textOf(baselineRow)
            if (text !== was && text.trim() !== was.trim() && text.trim() !== '') emit(row, index)
          }
        }
      },
    },
  ),
]
