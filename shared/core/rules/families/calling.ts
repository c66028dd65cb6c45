import { nearest } from '../../../kit/suggest.ts'
import { packageBit } from '../../diff/paired-columns.ts'
import { CellState } from '../cell-reader.ts'
import { callingBits } from '../context.ts'
import { phoneKey, phoneParts } from '../phone-number.ts'
import { rule, type Place, type Rule, type ShapeFamily } from '../rule.ts'
import type { User } from '../user.ts'
import { callingPackage } from './name.ts'
import { heldKeys } from './phone.ts'
import { baselineText } from './text.ts'

const meetings = packageBit('Webex Meetings')
const because = (place: Place): { package: string } => ({ package: callingPackage(place) })
const hasCalling = (user: User): boolean => (user.packages & callingBits) !== 0

/** A cell that only takes numbers away (`REMOVE|…`) leaves the user with those that it does not name. */
function willHaveNumber(user: User): boolean {
  const text = user.willBe('phone')
  if (!text.includes('REMOVE|')) return text !== ''
  const parts = phoneParts(text)
  if (parts.some((part) => part.mark !== 'REMOVE|')) return true
  const taken = parts.map((part) => phoneKey(part.number))
  return heldKeys(user.before('phone')).some((key) => !taken.includes(key))
}
const given = (user: User): ('extension' | 'phone' | 'location')[] =>
  (['extension', 'phone', 'location'] as const).filter((field) => user.stateOf(field) === CellState.text)

const locationUnknown = rule(
  {
    id: 'calling/location-unknown',
    on: 'cell',
    columns: '`Location`',
    needs: ['customer.locations'],
    severity: ['error'],
    when: 'not a location of the customer, exact name',
    source: 'F',
    fix: 'ask',
    facts: ({ text, context }) => ({ value: text.trim(), near: nearest(text, context.customer?.locations.keys() ?? []) }),
    repair({ text, context }) {
      const value = nearest(text, context.customer?.locations.keys() ?? [])
      return value === null ? null : { kind: 'ask', value }
    },
  },
  { kind: 'shape', holds: (text, _column, context) => context.customer !== null && !context.customer.locations.has(text) },
)

export const callingRules: readonly Rule[] = [
  rule(
    {
      id: 'calling/number-missing',
      on: 'row',
      columns: '`Extension`, `Phone Number`',
      needs: [],
      severity: ['error'],
      when: 'calling package, and Extension and Phone Number both blank (existing user: in the baseline too)',
      source: 'S: SEED-NO table 1, OAS 400411, CSVMOD',
      facts: because,
    },
    {
      kind: 'user',
      reads: ['extension', 'phone'],
      sees: ['extension', 'phone'],
      check(user, emit) {
        if (hasCalling(user) && !user.isFilled('extension') && !willHaveNumber(user)) emit(user.row, -1)
      },
    },
  ),
  rule(
    {
      id: 'calling/location-missing',
      on: 'row',
      columns: '`Location`',
      needs: [],
      severity: ['error'],
      when: 'calling package and Location blank (existing user: in the baseline too)',
      source: 'S: SEED-NO table 1, CSVADD',
      facts: because,
    },
    {
      kind: 'user',
      reads: ['location'],
      sees: ['location'],
      check(user, emit) {
        if (hasCalling(user) && !user.isFilled('location')) emit(user.row, -1)
      },
    },
  ),
  locationUnknown,
  rule(
    {
      id: 'calling/location-changed',
      on: 'cell',
      columns: '`Location`',
      needs: ['baseline'],
      severity: ['error'],
      when: 'differs from the baseline of an existing calling user: the import ignores or refuses it',
      source: 'S: CSVMOD',
      fix: 'ask',
      facts: (place) => ({ value: place.user().own('location'), before: place.user().before('location') }),
      repair(place) {
        const value = baselineText(place)
        return value === null ? null : { kind: 'ask', value }
      },
    },
    {
      kind: 'user',
      reads: ['location'],
      sees: [],
      check(user, emit) {
        if (user.baselineRow < 0 || user.isRemoval || (user.packagesBefore & callingBits) === 0) return
        const state = user.stateOf('location')
        if (state === CellState.blank || (state === CellState.text && user.repeats('location'))) return
        const before = user.before('location')
        if (before !== '' && user.own('location') !== before) emit(user.row, user.columnOf('location'))
      },
    },
  ),
  rule(
    {
      id: 'calling/not-a-calling-package',
      on: 'row',
      columns: '`Extension`, `Phone Number`, `Location`',
      needs: [],
      severity: ['warning'],
      when: 'number, extension or location given while the package is `Webex Meetings`',
      source: 'F: OAS',
      facts(place) {
        const user = place.user()
        return {
          columns: given(user)
            .map((field) => place.context.table.columns[user.columnOf(field)]!.header)
            .join(', '),
        }
      },
    },
    {
      kind: 'user',
      reads: ['extension', 'phone', 'location'],
      sees: ['extension', 'phone', 'location'],
      check(user, emit) {
        if (user.packages === meetings && given(user).length > 0) emit(user.row, -1)
      },
    },
  ),
]

export const callingFamily: ShapeFamily = {
  isChain: false,
  reads: 'trimmed',
  appliesTo: (column, users) => column.index === users.location,
  rules: [locationUnknown],
}
