import { readBoolean, booleanText } from '../../catalogue/read-boolean.ts'
import { Licence, licenceReader } from '../cell-reader.ts'
import { movableUser, RowFlag, type CheckContext } from '../context.ts'
import { rule, type Place, type Rule } from '../rule.ts'
import { baselineText } from './text.ts'

const columns = '`Basic Messaging`, `Basic Space Meetings`, `Call on Webex`'

/** The baseline's value, written as Control Hub writes it. */
const restored = (place: Place): string => {
  const before = baselineText(place)
  const meaning = before === null ? null : readBoolean(before)
  return meaning === null ? (before ?? 'FALSE') : booleanText(meaning.value)
}

/** Visits the cells of existing users that say another thing than the baseline; blank cells say nothing, and blank was FALSE. */
export function eachChangedLicence(
  context: CheckContext,
  indices: readonly number[],
  visit: (row: number, column: number, now: number, before: number) => void,
): void {
  for (const index of indices) {
    const before = context.baselineColumn(index)
    if (before === null) continue
    const readNow = licenceReader(context.table.columns[index]!)
    const readBefore = licenceReader(before)
    for (let i = 0; i < context.rows.length; i++) {
      const row = context.rows[i]!
      const baselineRow = context.baselineRowOf[row]!
      if (baselineRow < 0 || (context.flags[row]! & RowFlag.removal) !== 0) continue
      const now = readNow(row)
      if (now === Licence.blank || now === Licence.invalid) continue
      const isNow = now === Licence.yes
      const was = readBefore(baselineRow)
      if (isNow !== (was === Licence.yes)) visit(row, index, now, was)
    }
  }
}

const withIds = (context: CheckContext, ids: readonly string[]): number[] =>
  context.columns.filter((column) => ids.includes(column.column?.id ?? '')).map((column) => column.index)

const freeIds = ['basic-messaging', 'basic-meetings']
const paidIds = ['advanced-messaging', 'advanced-meetings']

export const baseRules: readonly Rule[] = [
  rule(
    {
      id: 'base/changed',
      on: 'cell',
      columns,
      needs: ['baseline'],
      severity: ['warning'],
      when: 'differs from the baseline',
      source: 'F: SEED-NO',
      fix: 'ask',
      facts: (place) => ({ value: place.text.trim(), before: restored(place) }),
      repair(place) {
        const value = restored(place)
        // A baseline that says neither is nothing to go back to.
        return readBoolean(value) === null ? null : { kind: 'ask', value }
      },
    },
    {
      kind: 'table',
      reads: ({ users }) => users.baseLicences,
      check(context, emit) {
        eachChangedLicence(context, context.users.baseLicences, (row, column) => emit(row, column))
      },
    },
  ),
  rule(
    {
      id: 'base/paid-without-free',
      on: 'cell',
      columns: '`Basic Messaging`, `Basic Space Meetings`; `Advanced Messaging`, `Advanced Space Meetings`',
      needs: [],
      severity: ['error'],
      when: 'one of the free ones FALSE while an advanced messaging or meetings column is TRUE',
      source: 'S: OAS 700003–700005',
      fix: 'ask',
      facts: ({ context, extra }) => ({ paid: context.table.columns[extra]?.header.trim() ?? '' }),
      repair: () => ({ kind: 'ask', value: 'TRUE' }),
    },
    {
      kind: 'table',
      reads: (context) => withIds(context, [...freeIds, ...paidIds]),
      check(context, emit) {
        const free = withIds(context, freeIds)
        const paid = withIds(context, paidIds)
        if (free.length === 0 || paid.length === 0) return
        const own = free.map((index) => licenceReader(context.table.columns[index]!))
        const before = free.map((index) => {
          const column = context.baselineColumn(index)
          return column === null ? null : licenceReader(column)
        })
        const user = movableUser(context)
        for (let i = 0; i < context.rows.length; i++) {
          const row = context.rows[i]!
          if ((context.flags[row]! & RowFlag.removal) !== 0) continue
          const baselineRow = context.baselineRowOf[row]!
          for (let i = 0; i < free.length; i++) {
            let value = own[i]!(row)
            if (value === Licence.blank && baselineRow >= 0) value = before[i]?.(baselineRow) ?? Licence.blank
            if (value !== Licence.no && value !== Licence.clear) continue
            user.moveTo(row)
            const withIt = paid.find((index) => user.licence(index) === Licence.yes)
            if (withIt !== undefined) emit(row, free[i]!, withIt)
          }
        }
      },
    },
  ),
]
