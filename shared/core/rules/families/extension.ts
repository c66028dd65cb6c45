import { CellState } from '../cell-reader.ts'
import { callingBits, movableUser, type CheckContext } from '../context.ts'
import { numberIndex } from '../number-index.ts'
import { rule, type Emit, type Rule, type ShapeFamily } from '../rule.ts'

const onExtension = { on: 'cell', columns: '`Extension`', needs: [] } as const
/** Norway 110, 112, 113; Denmark 112, 114; what Cisco's own reference app blocks: 911, 1911, 933, 611. */
const emergencyNumbers = new Set(['112', '113', '110', '114', '911', '1911', '933', '611'])
const isDigits = (text: string): boolean => /^[0-9]+$/.test(text)
const value = ({ text }: { readonly text: string }): { value: string } => ({ value: text.trim() })

const shapes: readonly Rule[] = [
  rule(
    {
      ...onExtension,
      id: 'extension/not-digits',
      severity: ['error'],
      when: 'anything but digits',
      source: 'S: WXCERR 4909',
      facts: value,
    },
    { kind: 'shape', holds: (text) => !isDigits(text) },
  ),
  rule(
    {
      ...onExtension,
      id: 'extension/length',
      severity: ['error'],
      when: 'fewer than 2 or more than 10 digits',
      source: 'S: DIAL, WXCERR 4911',
      facts: value,
    },
    { kind: 'shape', holds: (text) => text.length < 2 || text.length > 10 },
  ),
  rule(
    {
      ...onExtension,
      id: 'extension/emergency',
      severity: ['error'],
      when: 'an emergency or service number (112, 113, 110, 114, 911, 1911, 933, 611)',
      source: 'S: WXCERR 4910, REFAPP',
      facts: value,
    },
    { kind: 'shape', holds: (text) => emergencyNumbers.has(text) },
  ),
  rule(
    {
      ...onExtension,
      id: 'extension/customer-length',
      needs: ['customer.extensionLength'],
      severity: ['warning'],
      when: "another length than the customer's",
      source: 'S: DIAL',
      facts: ({ text, context }) => ({ value: text.trim(), length: context.input.customer?.extensionLength ?? 0 }),
    },
    {
      kind: 'shape',
      holds(text, _column, context) {
        const length = context.input.customer?.extensionLength
        return length !== undefined && text.length !== length
      },
    },
  ),
]

/** A table of first rows in which leading zeros count: `042` and `42` are two extensions. -1 for what is no extension. */
const keyOf = (extension: string): number => (extension.length <= 10 && isDigits(extension) ? Number(`1${extension}`) : -1)
const maxPlaces = 60_000

/** Visits every row whose extension stands in an earlier row, of its own location first, else of another. */
function eachDuplicate(context: CheckContext, visit: (row: number, earlier: number, isSameLocation: boolean) => void): void {
  if (context.users.extension < 0) return
  const own = context.fields.extension.own!
  const places = new Map<string, number>()
  const inPlace = numberIndex(context.rows.length)
  const anywhere = numberIndex(context.rows.length)
  const user = movableUser(context)
  for (const row of context.rows) {
    user.moveTo(row)
    if (user.isRemoval || context.sameEmailAs[row]! >= 0) continue
    // What a blank cell keeps is the user's own, unless the package gives no extension any more.
    if (own.stateOf(row) !== CellState.text && (user.packages & callingBits) === 0) continue
    const key = keyOf(user.willBe('extension'))
    if (key < 0) continue
    const location = user.willBe('location').toLowerCase()
    let place = places.get(location)
    if (place === undefined) {
      place = places.size % maxPlaces
      places.set(location, place)
    }
    const earlierHere = inPlace.putIfAbsent(key * maxPlaces + place, row)
    const earlier = anywhere.putIfAbsent(key, row)
    if (earlierHere >= 0) visit(row, earlierHere, true)
    else if (earlier >= 0) visit(row, earlier, false)
  }
}

const duplicates = (isSameLocation: boolean) => (context: CheckContext, emit: Emit) => {
  eachDuplicate(context, (row, earlier, isSame) => {
    if (isSame === isSameLocation) emit(row, context.users.extension, earlier)
  })
}
const earlierFacts: Parameters<typeof rule<'extension/duplicate'>>[0]['facts'] = (place) => ({
  value: place.user().willBe('extension'),
  row: place.context.table.numberOf(place.extra),
  location: place.context.user(place.extra).willBe('location'),
})

export const extensionRules: readonly Rule[] = [
  ...shapes,
  rule(
    {
      ...onExtension,
      id: 'extension/duplicate',
      columns: '`Extension`, `Location`',
      severity: ['error'],
      when: 'stands in an earlier row of the same Location',
      source: 'S: WXCERR 4202',
      facts: earlierFacts,
    },
    { kind: 'table', check: duplicates(true) },
  ),
  rule(
    {
      ...onExtension,
      id: 'extension/duplicate-elsewhere',
      columns: '`Extension`, `Location`',
      severity: ['warning'],
      when: 'stands in an earlier row of another Location',
      source: 'F',
      facts: earlierFacts,
    },
    { kind: 'table', check: duplicates(false) },
  ),
  rule(
    {
      ...onExtension,
      id: 'extension/lost-zero',
      needs: ['baseline'],
      severity: ['warning'],
      when: "equals the baseline's less its leading zeros",
      source: 'F: XL2',
      fix: 'safe',
      facts: (place) => ({ value: place.text.trim(), before: place.user().before('extension') }),
      repair: (place) => ({ kind: 'safe', value: place.user().before('extension') }),
    },
    {
      kind: 'user',
      check(user, emit) {
        if (user.baselineRow < 0 || user.isRemoval) return
        const before = user.before('extension')
        if (!before.startsWith('0')) return
        const own = user.own('extension')
        if (own !== '' && own !== before && own === before.replace(/^0+/, '')) emit(user.row, user.columnOf('extension'))
      },
    },
  ),
]

export const extensionFamily: ShapeFamily = {
  isChain: true,
  reads: 'trimmed',
  appliesTo: (column) => column.column?.value === 'extension',
  rules: shapes,
}
