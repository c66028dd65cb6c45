import { numberReader } from '../cell-reader.ts'
import { isClear } from '../../diff/cell-meaning.ts'
import { rowSlices, sliceLength } from '../coded-rows.ts'
import { callingBits, movableUser, RowFlag, type CheckContext } from '../context.ts'
import type { FirstSeen } from '../first-seen.ts'
import { numberIndex } from '../number-index.ts'
import { rule, type EmitMany, type Rule, type ShapeFamily } from '../rule.ts'
import type { User } from '../user.ts'
import { StoredColumn } from '../../table/stored-column.ts'
import type { TableColumn } from '../../table/table.ts'

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
const keyOf = (extension: string): number => (extension.length <= mostDigits && isDigits(extension) ? Number(`1${extension}`) : -1)
const mostDigits = 10
export { keyOf as extensionKey }

/** The earlier rows with a user's extension: of the same location, and of any. -1 where there is none. */
interface Earlier {
  readonly here: number
  readonly anywhere: number
}
const none: Earlier = { here: -1, anywhere: -1 }
const finders = new WeakMap<FirstSeen, (user: User) => Earlier>()

/** One finder for the two rules that report duplicates: asked about the same row twice it answers the same. */
function finderOf(context: CheckContext): (user: User) => Earlier {
  const known = finders.get(context.firstSeen) ?? newFinder(context)
  finders.set(context.firstSeen, known)
  return known
}

function newFinder(context: CheckContext): (user: User) => Earlier {
  const keyOfUser = extensionKeyReader(context)
  const { extensions, placed, placeKey } = context.firstSeen
  let lastRow = -1
  let last = none
  return (user) => {
    const { row } = user
    if (row === lastRow) return last
    lastRow = row
    last = none
    const key = keyOfUser(user)
    if (key < 0) return last
    const earlier = extensions.putIfAbsent(key, row)
    const earlierHere = placed.putIfAbsent(placeKey(user, key), row)
    if (earlier >= 0 && earlier !== row) last = { here: earlierHere === row ? -1 : earlierHere, anywhere: earlier }
    return last
  }
}

/** By row: one more than the earlier row of another location; the same below 0 where it is of the same location; 0: none. */
type EarlierOfAll = Int32Array
const earlierOfAllIn = new WeakMap<FirstSeen, EarlierOfAll>()

/** What codes of the two columns stand for, asked once per code. */
interface NumberedCodes {
  readonly keys: Numbering
  readonly places: Numbering
  readonly keyOfText: (text: string) => number
  /** By code: the number of the extension, `noKey` or `noText`; the number of the location or `noText`. */
  readonly keyOfCode: Int32Array
  readonly placeOfCode: Int32Array
  /** The place of a user whose location nobody knows. */
  readonly nowhere: number
}

/** One walk for the two rules; null where the columns are not coded. */
function earlierOfAll(context: CheckContext): EarlierOfAll | null {
  const known = earlierOfAllIn.get(context.firstSeen)
  if (known !== undefined) return known
  const column = context.fields.extension.own?.column
  const locations = context.fields.location.own?.column
  if (column?.coded !== true || locations?.coded === false) return null
  const numbered = numberedCodes(column, locations)
  const earlier = new Int32Array(context.table.rowLimit)
  const extensionCodes = codesOf(column)
  const locationCodes = codesOf(locations)
  const pairs = numbered.keys.count * numbered.places.count
  // Without a baseline all extensions and locations are numbered by now.
  if (context.baseline === null && extensionCodes !== null && locationCodes !== null && pairs <= mostPairs)
    findByCodes(context, numbered, extensionCodes, locationCodes, earlier)
  else findByUser(context, numbered, column, locations, earlier)
  earlierOfAllIn.set(context.firstSeen, earlier)
  return earlier
}

const codesOf = (column: TableColumn | undefined): Uint16Array | Uint32Array | null =>
  column instanceof StoredColumn && column.cells.kind === 'coded' ? column.cells.codes : null

function numberedCodes(column: TableColumn, locations: TableColumn | undefined): NumberedCodes {
  const keys = numbering()
  const places = numbering()
  const keyOfText = (text: string): number => (keyOf(text) < 0 ? noKey : keys.of(String(keyOf(text))))
  const keyOfCode = Int32Array.from({ length: column.codeCount }, (_, code) => {
    const text = column.textOfCode(code).trim()
    return text === '' || isClear(text) ? noText : keyOfText(text)
  })
  const placeOfCode = Int32Array.from({ length: locations?.codeCount ?? 0 }, (_, code) => {
    const text = locations!.textOfCode(code).trim()
    return text === '' ? noText : places.of(isClear(text) ? '' : text.toLowerCase())
  })
  return { keys, places, keyOfText, keyOfCode, placeOfCode, nowhere: places.of('') }
}

/** All users are new: a row costs a few places of arrays. */
function findByCodes(
  { rows, sameEmailAs }: CheckContext,
  { keys, places, keyOfCode, placeOfCode, nowhere }: NumberedCodes,
  extensionCodes: Uint16Array | Uint32Array,
  locationCodes: Uint16Array | Uint32Array,
  earlier: EarlierOfAll,
): void {
  const placeAt = placeOfCode.map((place) => (place === noText ? nowhere : place))
  const placeCount = places.count
  const firstOfKey = new Int32Array(keys.count)
  const firstOfPair = new Int32Array(keys.count * placeCount)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const key = keyOfCode[extensionCodes[row]!]!
    if (key < 0 || sameEmailAs[row]! >= 0) continue
    const pair = key * placeCount + placeAt[locationCodes[row]!]!
    const holder = firstOfPair[pair]!
    if (holder !== 0) {
      earlier[row] = -holder
      continue
    }
    firstOfPair[pair] = row + 1
    if (firstOfKey[key] === 0) firstOfKey[key] = row + 1
    else earlier[row] = firstOfKey[key]!
  }
}

/** A blank cell of an existing user keeps what the baseline holds. */
function findByUser(
  context: CheckContext,
  { places, keyOfText, keyOfCode, placeOfCode, nowhere }: NumberedCodes,
  column: TableColumn,
  locations: TableColumn | undefined,
  earlier: EarlierOfAll,
): void {
  const user = movableUser(context)
  const { rows, flags, sameEmailAs, baselineRowOf, packages } = context
  const firstOfKey: number[] = []
  const firstOfPair = numberIndex(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if ((flags[row]! & RowFlag.removal) !== 0 || sameEmailAs[row]! >= 0) continue
    const isNew = baselineRowOf[row]! < 0
    let key = keyOfCode[column.codeOf(row)]!
    if (key === noText && !isNew && (packages[row]! & callingBits) !== 0) {
      user.moveTo(row)
      const kept = user.willBe('extension')
      key = kept === '' ? noKey : keyOfText(kept)
    }
    if (key < 0) continue
    let place = locations === undefined ? noText : placeOfCode[locations.codeOf(row)]!
    if (place === noText) {
      if (isNew) place = nowhere
      else {
        user.moveTo(row)
        place = places.of(user.willBe('location').toLowerCase())
      }
    }
    const holder = firstOfPair.putIfAbsent(key * mostPlaces + place, row)
    const first = (firstOfKey[key] ??= row)
    if (first !== row) earlier[row] = holder < 0 ? first + 1 : -holder - 1
  }
}
/** No extension; a blank cell, where what it keeps must be asked. */
const noKey = -1
const noText = -2
const mostPlaces = 1_000_000
/** Up to so many pairs of extension and location each has its place in an array. */
const mostPairs = 1 << 22

interface Numbering {
  of(text: string): number
  readonly count: number
}

/** Numbers texts in the order in which they come, from 0. */
function numbering(): Numbering {
  const numbers = new Map<string, number>()
  return {
    of(text) {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, numbers.size)
      return numbers.size - 1
    },
    get count() {
      return numbers.size
    },
  }
}

/** What a rule reports of all rows at once, of the same location or of another; false where that way is not open. */
function reportAll(context: CheckContext, emitMany: EmitMany, isHere: boolean): boolean {
  const all = earlierOfAll(context)
  if (all === null) return false
  const found = new Int32Array(sliceLength(context.rows))
  const extras = new Int32Array(sliceLength(context.rows))
  for (const { rows } of rowSlices(context.rows)) {
    emitMany(context.users.extension, found, extras, findEarlier(rows, all, isHere ? -1 : 1, found, extras))
  }
  return true
}

function findEarlier(rows: Uint32Array, all: EarlierOfAll, sign: number, found: Int32Array, extras: Int32Array): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const earlier = Math.imul(all[row]!, sign)
    if (earlier <= 0) continue
    found[count] = row
    extras[count++] = earlier - 1
  }
  return count
}

/** User → the extension that nobody else of the location may have, as a number; -1 for none. */
export function extensionKeyReader(context: CheckContext): (user: User) => number {
  const column = context.fields.extension.own?.column
  const plainNumber = column === undefined ? (): number => -1 : numberReader(column, 'extensions')
  return (user) => {
    if (context.sameEmailAs[user.row]! >= 0) return -1
    const plain = plainNumber(user.row)
    if (plain >= 0) return plain
    const own = user.own('extension')
    // What a blank cell keeps is the user's own, unless the package gives no extension any more.
    const text = own !== '' || (user.packages & callingBits) === 0 ? own : user.willBe('extension')
    return text === '' ? -1 : keyOf(text)
  }
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
    {
      kind: 'sweep',
      reads: ['extension', 'location', 'email'],
      begin(context, emit) {
        const earlierOf = finderOf(context)
        return (user) => {
          const { here } = earlierOf(user)
          if (here >= 0) emit(user.row, user.columnOf('extension'), here)
        }
      },
      whole: (context, _emit, emitMany) => reportAll(context, emitMany, true),
    },
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
    {
      kind: 'sweep',
      reads: ['extension', 'location', 'email'],
      begin(context, emit) {
        const earlierOf = finderOf(context)
        return (user) => {
          const { here, anywhere } = earlierOf(user)
          if (here < 0 && anywhere >= 0) emit(user.row, user.columnOf('extension'), anywhere)
        }
      },
      whole: (context, _emit, emitMany) => reportAll(context, emitMany, false),
    },
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
      reads: ['extension'],
      sees: [],
      check(user, emit) {
        if (user.baselineRow < 0 || user.isRemoval) return
        const before = user.before('extension')
        if (!before.startsWith('0')) return
        const own = user.own('extension')
        if (own !== '' && own !== before && own === before.replace(/^0+(?=.)/, '')) emit(user.row, user.columnOf('extension'))
      },
    },
  ),
]

export const extensionFamily: ShapeFamily = {
  isChain: true,
  reads: 'trimmed',
  appliesTo: (column) => column.column?.value === 'extension',
  isSoundBytes(bytes, start, end, context) {
    const length = end - start
    const customary = context.input.customer?.extensionLength
    // Emergency numbers have three or four digits.
    if (length < 2 || length > 10 || length === 3 || (length === 4 && bytes[start] === 0x31)) return false
    if (customary !== undefined && customary !== length) return false
    for (let i = start; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false
    return true
  },
  rules: shapes,
}
