import type { RecognisedColumn } from '../../catalogue/column.ts'
import { readBoolean, booleanText } from '../../catalogue/read-boolean.ts'
import type { TableColumn } from '../../table/table.ts'
import { Licence, licenceReader } from '../cell-reader.ts'
import { RowFlag, type CheckContext } from '../context.ts'
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

const isOneOf =
  (ids: readonly string[]) =>
  ({ column }: RecognisedColumn): boolean =>
    ids.includes(column?.id ?? '')
const freeIds = ['basic-messaging', 'basic-meetings']
const paidIds = ['advanced-messaging', 'advanced-meetings']

/** A licence as users will have it: a blank cell, and a column that the file lacks, leave an existing user what the baseline says. */
interface LicenceToBe {
  /** In the file; -1 where it has no such column. */
  readonly index: number
  readonly header: string
  /** The file's own column, and the baseline's. */
  readonly own: TableColumn | null
  readonly before: TableColumn | null
}

function licencesToBe(context: CheckContext, ids: readonly string[]): LicenceToBe[] {
  const { table, baseline } = context
  return ids.flatMap((id): LicenceToBe[] => {
    const own = context.columns.filter(isOneOf([id]))
    if (own.length > 0)
      return own.map(({ index, header }) => ({ index, header, own: table.columns[index]!, before: context.baselineColumn(index) }))
    const lacked = baseline?.columns.filter(isOneOf([id])) ?? []
    return lacked.map(({ index, header }) => ({ index: -1, header, own: null, before: baseline!.table.columns[index]! }))
  })
}

/** Row → `Licence` as it will be; blank where nobody says anything. */
function licenceReaderToBe({ baselineRowOf }: CheckContext, { own, before }: LicenceToBe): (row: number) => number {
  const now = own === null ? () => Licence.blank : licenceReader(own)
  const was = before === null ? () => Licence.blank : licenceReader(before)
  return (row) => {
    const value = now(row)
    const baselineRow = baselineRowOf[row]!
    return value === Licence.blank && baselineRow >= 0 ? was(baselineRow) : value
  }
}

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
      facts: ({ context, extra }) => ({ paid: licencesToBe(context, paidIds)[extra]?.header.trim() ?? '' }),
      repair: ({ column }) => (column < 0 ? null : { kind: 'ask', value: 'TRUE' }),
    },
    {
      kind: 'table',
      reads: ({ columns }) => columns.filter(isOneOf([...freeIds, ...paidIds])).map(({ index }) => index),
      check(context, emit) {
        const free = licencesToBe(context, freeIds)
        const paid = licencesToBe(context, paidIds)
        // A file that has neither changes neither.
        if ([...free, ...paid].every(({ index }) => index < 0)) return
        const isPaid = paid.map((column) => licenceReaderToBe(context, column))
        for (const column of free) {
          const isFree = licenceReaderToBe(context, column)
          for (let i = 0; i < context.rows.length; i++) {
            const row = context.rows[i]!
            const value = isFree(row)
            if ((value !== Licence.no && value !== Licence.clear) || (context.flags[row]! & RowFlag.removal) !== 0) continue
            const withIt = isPaid.findIndex((licenceOf) => licenceOf(row) === Licence.yes)
            if (withIt >= 0) emit(row, column.index, withIt)
          }
        }
      },
    },
  ),
]
