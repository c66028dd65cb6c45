import { CellState } from '../cell-reader.ts'
import { callingBits, movableUser, type CheckContext } from '../context.ts'
import { numberIndex } from '../number-index.ts'
import { rule, type Emit, type Rule, type ShapeFamily } from '../rule.ts'

const onExtension = { on: 'cell', columns: '`Extension`', needs: [] } as const
/** Norway 110, 112, 113; Denmark 112, 114; what Cisco's own reference app blocks: 911, 1911, 933, 611. */
const emergencyNumbers = new Set(['112', '113', '110', '114', '911', '1911', '933', '611'])
function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 48 || unit > 57) return false
  }
  return text !== ''
}
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

/** Rows whose extension stands in an earlier row, of its own location first, else of another: one after another, with that earlier row. */
interface Duplicates {
  readonly here: readonly (readonly [row: number, earlier: number])[]
  readonly elsewhere: readonly (readonly [row: number, earlier: number])[]
}
const known = new WeakMap<CheckContext, Duplicates>()

/** Found once for the two rules that report them. */
function duplicatesOf(context: CheckContext): Duplicates {
  const found = known.get(context) ?? findDuplicates(context)
  known.set(context, found)
  return found
}

function findDuplicates(context: CheckContext): Duplicates {
  const here: [number, number][] = []
  const elsewhere: [number, number][] = []
  const own = context.fields.extension.own
  if (own === null) return { here, elsewhere }
  const places = new Map<string, number>()
  const inPlace = numberIndex(context.rows.length)
  const anywhere = numberIndex(context.rows.length)
  const user = movableUser(context)
  for (const row of context.rows) {
    user.moveTo(row)
    if (user.isRemoval || context.sameEmailAs[row]! >= 0) continue
    // What a blank cell keeps is the user's own, unless the package gives no extension any more.
    if ((user.packages & callingBits) === 0 && own.stateOf(row) !== CellState.text) continue
    const key = keyOf(user.willBe('extension'))
    if (key < 0) continue
    const earlier = anywhere.putIfAbsent(key, row)
    const location = user.willBe('location')
    let place = places.get(location)
    if (place === undefined) {
      const folded = location.toLowerCase()
      place = places.get(folded) ?? places.size % maxPlaces
      places.set(folded, place)
      places.set(location, place)
    }
    const earlierHere = inPlace.putIfAbsent(key * maxPlaces + place, row)
    if (earlierHere >= 0) here.push([row, earlierHere])
    else if (earlier >= 0) elsewhere.push([row, earlier])
  }
  return { here, elsewhere }
}

const duplicates = (which: keyof Duplicates) => (context: CheckContext, emit: Emit) => {
  for (const [row, earlier] of duplicatesOf(context)[which]) emit(row, context.users.extension, earlier)
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
    { kind: 'table', check: duplicates('here') },
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
    { kind: 'table', check: duplicates('elsewhere') },
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
