import { encodeUtf8 } from '../../../kit/text.ts'
import { CellMark, isPlainE164Bytes, keyHashOf } from '../../table/cell-mark.ts'
import { FirstHolders } from '../../table/first-holders.ts'
import { hashedCells, RepeatedCells } from '../../table/repeated-cells.ts'
import { StoredColumn } from '../../table/stored-column.ts'
import { callingBits, movableUser, type CheckContext } from '../context.ts'
import type { Fix } from '../finding.ts'
import { callingCode, withPlus } from '../national-number.ts'
import { numberIndex, type NumberIndex } from '../number-index.ts'
import {
  hasInternationalPrefix,
  hasNoPlus,
  hasSeparators,
  hasTrunkZero,
  hasWrongLength,
  isE164,
  isMalformed,
  isPlainE164,
  isRounded,
  isScientific,
  joinPhoneParts,
  phoneKey,
  phoneParts,
  withoutSeparators,
  withoutTrunkZero,
  type PhonePart,
} from '../phone-number.ts'
import { rule, type Emit, type Place, type Rule, type RuleRow, type ShapeFamily } from '../rule.ts'
import type { RuleFacts } from '../rule-facts.ts'
import type { User } from '../user.ts'
import { numberReader } from '../cell-reader.ts'
import { suspectedRenames } from './identity.ts'
import { baselineText } from './text.ts'

const onPhones = { on: 'cell', columns: '`Phone Number`, `Mobile Number`, `Alternate Phone 1`, `Alternate Phone 2`', needs: [] } as const
const onPhone = { on: 'cell', columns: '`Phone Number`', needs: [] } as const
const some = (text: string, test: (number: string) => boolean): boolean => phoneParts(text).some((part) => test(part.number))
/** The first number of a cell that a rule is about, for its message: the whole cell where there is none to be shown. */
const offender = (text: string, test: (number: string) => boolean): string =>
  phoneParts(text).find((part) => part.mark !== 'REMOVE|' && test(part.number))?.number ||
  phoneParts(text).find((part) => test(part.number))?.number ||
  text.trim()

/** The country of the user's location: the profile's, else that of the file's Country column where it is an ISO code. */
export function countryOf(place: Pick<Place, 'context' | 'user'>): string | null {
  const user = place.user()
  const known = place.context.customer?.locations.get(user.willBe('location')) ?? null
  if (known !== null) return known
  const written = user.willBe('country').toUpperCase()
  return /^[A-Z]{2}$/.test(written) && callingCode(written) !== null ? written : null
}

/** The cell with each number of the kind mended; null where one cannot be. */
function mended(text: string, test: (number: string) => boolean, mend: (number: string) => string | null): string | null {
  const parts: PhonePart[] = []
  for (const part of phoneParts(text)) {
    const number = test(part.number) ? mend(part.number) : part.number
    if (number === null) return null
    parts.push({ mark: part.mark, number })
  }
  return joinPhoneParts(parts)
}

const fix = (kind: Fix['kind'], value: string | null): Fix | null => (value === null ? null : { kind, value })

/** A number that lost digits can come back from the baseline only, if it did not lose them there too. */
function soundBefore(place: Place): string | null {
  const before = baselineText(place)
  return before === null || phoneParts(before).some((part) => phoneKey(part.number) < 0) ? null : before
}
const fromBaseline = (place: Place): Fix | null => fix('ask', soundBefore(place))
const withBefore = (place: Place, test: (number: string) => boolean): { value: string; before: string | null } => ({
  value: offender(place.text, test),
  before: soundBefore(place),
})

const toPlus = (number: string): string | null => {
  const plus = `+${withoutSeparators(withoutTrunkZero(number)).replace(/^00/, '')}`
  return isE164(plus) ? plus : null
}
const toDigits = (number: string): string | null => {
  const bare = withoutSeparators(withoutTrunkZero(number))
  return isE164(bare) ? bare : null
}

/** The fix of a phone number's shape, wherever a number stands: caller ID too. */
export function phoneShapeFix(text: string, place: Place): Fix | null {
  if (some(text, isScientific) || some(text, isRounded)) return fromBaseline(place)
  if (some(text, isMalformed)) return null
  if (some(text, hasInternationalPrefix)) return fix('safe', mended(text, hasInternationalPrefix, toPlus))
  if (some(text, hasNoPlus))
    return fix(
      'ask',
      mended(text, hasNoPlus, (number) => withPlus(withoutTrunkZero(number), countryOf(place))),
    )
  if (some(text, hasWrongLength)) return null
  return fix(some(text, hasTrunkZero) ? 'ask' : 'safe', mended(text, hasSeparators, toDigits))
}

type PlainShape = 'phone/malformed' | 'phone/international-prefix' | 'phone/no-plus' | 'phone/separators'
type ShapeWords = Pick<RuleRow<PlainShape>, 'when' | 'source'> & { readonly fix?: 'safe' | 'ask' }
const shape = (id: PlainShape, words: ShapeWords, test: (number: string) => boolean): Rule =>
  rule(
    {
      ...onPhones,
      ...words,
      id,
      severity: ['error'],
      facts: (place): RuleFacts[PlainShape] => ({ value: offender(place.text, test) }),
      repair: (place) => phoneShapeFix(place.text.trim(), place),
    },
    { kind: 'shape', holds: (text) => some(text, test) },
  )

export const phoneShapes: readonly Rule[] = [
  rule(
    {
      ...onPhones,
      id: 'phone/scientific',
      severity: ['error'],
      when: '`4.79E+10`, `4,79E+10`: digits are lost',
      source: 'S: XL1, XL2',
      facts: (place) => withBefore(place, isScientific),
      repair: fromBaseline,
    },
    { kind: 'shape', holds: (text) => some(text, isScientific) },
  ),
  rule(
    {
      ...onPhones,
      id: 'phone/rounded',
      severity: ['error'],
      when: '16 or more digits ending in zeros',
      source: 'S: XL1',
      facts: (place) => withBefore(place, isRounded),
      repair: fromBaseline,
    },
    { kind: 'shape', holds: (text) => some(text, isRounded) },
  ),
  shape('phone/malformed', { when: 'any other character', source: 'S: WXCERR 4410' }, isMalformed),
  shape('phone/international-prefix', { when: 'begins `00`', source: 'F', fix: 'safe' }, hasInternationalPrefix),
  shape('phone/no-plus', { when: 'no leading `+` (separators aside)', source: 'S: CSVADD', fix: 'ask' }, hasNoPlus),
  rule(
    {
      ...onPhones,
      id: 'phone/length',
      severity: ['error'],
      when: 'not 7–15 digits after `+`, or the first is 0',
      source: 'F: E.164',
      facts: ({ text }) => {
        const value = offender(text, hasWrongLength)
        return { value, digits: withoutSeparators(value).replace('+', '').length }
      },
    },
    { kind: 'shape', holds: (text) => some(text, hasWrongLength) },
  ),
  shape(
    'phone/separators',
    { when: 'otherwise sound, with spaces, brackets, dots, hyphens or slashes', source: 'S: CSVADD, WXCERR 4410', fix: 'safe' },
    hasSeparators,
  ),
]

/** Numbers that a cell gives its user (not those it takes away), by their digits. */
export const heldKeys = (text: string): number[] => {
  if (isPlainE164(text)) return [phoneKey(text)]
  return phoneParts(text)
    .filter((part) => part.mark !== 'REMOVE|')
    .map((part) => phoneKey(part.number))
    .filter((key) => key >= 0)
}

/** Those written with their country code: a number without is another rule's finding, and cannot be looked up. */
const internationalKeys = (text: string): number[] =>
  phoneParts(text)
    .filter((part) => part.mark !== 'REMOVE|' && /^(\+|00)/.test(withoutSeparators(part.number)))
    .map((part) => phoneKey(part.number))
    .filter((key) => key >= 0)

const baselineNumbers = new WeakMap<CheckContext, NumberIndex | null>()
/** Digits → the baseline's user that holds them. */
function baselineHolders(context: CheckContext): NumberIndex | null {
  const known = baselineNumbers.get(context)
  if (known !== undefined) return known
  const reader = context.fields.phone.baseline
  let index: NumberIndex | null = null
  if (context.baseline !== null && reader !== null) {
    index = numberIndex(context.baseline.table.rows.length)
    for (let i = 0; i < context.baseline.table.rows.length; i++) {
      const row = context.baseline.table.rows[i]!
      for (const key of heldKeys(reader.textOf(row))) index.putIfAbsent(key, row)
    }
  }
  baselineNumbers.set(context, index)
  return index
}

/** The baseline's user that holds a number of this cell, -1 for nobody else than the user (or who it was renamed from). */
function holderOf(context: CheckContext, row: number, key: number): number {
  const holder = baselineHolders(context)?.get(key) ?? -1
  return holder >= 0 && holder !== context.baselineRowOf[row] && suspectedRenames(context).get(row) !== holder ? holder : -1
}

const baselineEmail = (context: CheckContext, row: number): string =>
  context.baseline?.table.columns[context.baseline.users.email]?.textOf(row).trim() ?? ''

/** `extra` of a finding that names a baseline row instead of a row of the file. */
const fromBaselineRow = (row: number): number => -2 - row
const baselineRowOfExtra = (extra: number): number => -2 - extra

const duplicate = rule(
  {
    ...onPhone,
    id: 'phone/duplicate',
    severity: ['error'],
    when: "stands in an earlier row, or another user's in the baseline",
    source: 'S: WXCERR 4201',
    facts(place) {
      const { context, extra } = place
      const text = place.user().willBe('phone')
      const heldBy = (other: string): string => {
        const keys = heldKeys(other)
        return offender(text, (number) => keys.includes(phoneKey(number)))
      }
      if (extra >= 0) return { value: heldBy(context.user(extra).willBe('phone')), row: context.table.numberOf(extra), user: null }
      const row = baselineRowOfExtra(extra)
      return { value: heldBy(context.fields.phone.baseline?.textOf(row) ?? ''), row: null, user: baselineEmail(context, row) }
    },
  },
  {
    kind: 'sweep',
    reads: ['phone', 'email'],
    begin(context, emit) {
      const seen = context.firstSeen.phones
      return duplicateFinder(context, emit, (key, row) => seen.putIfAbsent(key, row))
    },
    whole(context, emit) {
      const column = context.fields.phone.own?.column
      const cells = hashedCells(column)
      // A blank cell of an existing user keeps a number, and numbers of the baseline count too.
      if (!(column instanceof StoredColumn) || cells === null || context.baseline !== null) return false
      const { rows, sameEmailAs } = context
      const repeated = new RepeatedCells(rows, cells, CellMark.plainNumber)
      const keysOf = phoneKeyReader(context)
      const user = movableUser(context)
      const keysOfOdd = new Map<number, number | readonly number[]>()
      for (const row of repeated.odd) {
        user.moveTo(row)
        const keys = keysOf(user)
        keysOfOdd.set(row, keys)
        for (const key of typeof keys === 'number' ? [keys] : keys) if (key >= 0) repeated.addOdd(hashOfNumber(key))
      }
      const again = repeated.rowsThatMayRepeat()
      const holders = new FirstHolders(column, again.length)
      const put = (key: number, row: number): number => holders.putText(row, textOfNumber(key))
      const visit = duplicateFinder(context, emit, put, ({ row }) => keysOfOdd.get(row)!)
      const { marks, hashes } = cells
      for (const row of again) {
        if ((marks[row]! & CellMark.plainNumber) === 0) {
          user.moveTo(row)
          visit(user)
        } else if (sameEmailAs[row]! < 0) {
          const earlier = holders.putCell(row, hashes[row]!)
          if (earlier >= 0) emit(row, context.users.phone, earlier)
        }
      }
      return true
    },
  },
)

/** As a plain cell holds it. */
const textOfNumber = (key: number): string => `+${String(key)}`
function hashOfNumber(key: number): number {
  const bytes = encodeUtf8(textOfNumber(key))
  return keyHashOf(bytes, 0, bytes.length)
}

/** Reports a user with a number that an earlier row or somebody else in the baseline holds; `put` keeps who holds a number first. */
function duplicateFinder(
  context: CheckContext,
  emit: Emit,
  put: (key: number, row: number) => number,
  keysOf = phoneKeyReader(context),
): (user: User) => void {
  const isHeldElsewhere = context.baseline !== null
  return (user) => {
    const { row } = user
    let found = -1
    const look = (key: number): void => {
      const earlier = put(key, row)
      if (found !== -1) return
      if (earlier >= 0 && earlier !== row) found = earlier
      else if (isHeldElsewhere && isNews(user)) {
        const holder = holderOf(context, row, key)
        if (holder >= 0) found = fromBaselineRow(holder)
      }
    }
    const keys = keysOf(user)
    if (typeof keys === 'number') {
      if (keys >= 0) look(keys)
    } else keys.forEach(look)
    if (found !== -1) emit(row, user.columnOf('phone'), found)
  }
}

/** The numbers of a user whom nobody else may have, by their digits; -1 for none, one number where it is one. */
export function phoneKeyReader(context: CheckContext): (user: User) => number | readonly number[] {
  const column = context.fields.phone.own?.column
  const plainNumber = column === undefined ? (): number => -1 : numberReader(column, 'phones')
  return (user) => {
    if (context.sameEmailAs[user.row]! >= 0) return -1
    const plain = plainNumber(user.row)
    if (plain >= 0) return plain
    const own = user.own('phone')
    // What a blank cell keeps is the user's own, unless the package gives no number any more.
    const text = own !== '' || (user.packages & callingBits) === 0 ? own : user.willBe('phone')
    return text === '' ? -1 : heldKeys(text)
  }
}

const isNews = (user: User): boolean => {
  if (user.repeats('phone')) return false
  const own = user.own('phone')
  return own !== '' && own !== user.before('phone')
}

const notInInventory = rule(
  {
    ...onPhone,
    id: 'phone/not-in-inventory',
    needs: ['customer.numbers'],
    severity: ['error'],
    when: "not among the customer's numbers for that location, or taken",
    source: 'S: AUTOLIC, WXCERR 4410',
    facts(place) {
      const { context, row } = place
      const user = place.user()
      const key =
        internationalKeys(user.own('phone')).find((number) => inventoryProblem(context, row, number, user.willBe('location'))) ?? -1
      const homes = context.customer?.numbers.get(key)
      const holder = holderOf(context, row, key)
      return {
        value: offender(user.own('phone'), (number) => phoneKey(number) === key),
        location: user.willBe('location') || null,
        elsewhere: homes?.find((home) => home !== null) ?? null,
        takenBy: holder < 0 ? null : baselineEmail(context, holder),
      }
    },
  },
  {
    kind: 'sweep',
    // Names and extensions say who may have been renamed, and keeps the number.
    reads: ['phone', 'location', 'firstName', 'lastName', 'extension'],
    begin: (context, emit) => (user) => {
      const own = user.own('phone')
      if (own === '') return
      const location = user.willBe('location')
      if (internationalKeys(own).some((key) => inventoryProblem(context, user.row, key, location))) emit(user.row, user.columnOf('phone'))
    },
  },
)

/** Whether a number is not the customer's at that location, or another user's. A location that is no location of the customer is another rule's. */
function inventoryProblem(context: CheckContext, row: number, key: number, location: string): boolean {
  const { customer } = context
  const homes = customer?.numbers.get(key)
  if (customer === null) return false
  if (homes === undefined) return true
  const isKnownPlace = location !== '' && (!customer.has('customer.locations') || customer.locations.has(location))
  if (isKnownPlace && !homes.includes(null) && !homes.includes(location)) return true
  return holderOf(context, row, key) >= 0
}

const isForeign =
  (code: string) =>
  (number: string): boolean => {
    const plain = withoutSeparators(number).replace(/^00/, '+')
    return isE164(plain) && !plain.startsWith(`+${code}`)
  }

const country = rule(
  {
    ...onPhone,
    id: 'phone/country',
    needs: ['customer.locations'],
    severity: ['warning'],
    when: "country code differs from the location's country",
    source: 'F',
    facts(place) {
      const user = place.user()
      const location = user.willBe('location')
      const country = place.context.customer?.locations.get(location) ?? ''
      return { value: offender(user.own('phone'), isForeign(callingCode(country) ?? '')), location, country }
    },
  },
  {
    kind: 'sweep',
    reads: ['phone', 'location'],
    begin(context, emit) {
      const prefixes = new Map(
        [...(context.customer?.locations ?? [])].map(([name, iso]) => [name, iso === null ? null : callingCode(iso)]),
      )
      return (user) => {
        const own = user.own('phone')
        const code = own === '' ? null : (prefixes.get(user.willBe('location')) ?? null)
        if (code === null) return
        const test = isForeign(code)
        if (phoneParts(own).some((part) => part.mark !== 'REMOVE|' && test(part.number))) emit(user.row, user.columnOf('phone'))
      }
    },
  },
)

const primaryMark = rule(
  {
    ...onPhones,
    id: 'phone/primary-mark',
    severity: ['error'],
    when: 'several numbers in one cell and the first has no `PRIMARY|`, or two have it; a cell that only takes numbers away needs none',
    source: 'S: NUMS',
    fix: 'ask',
    facts: ({ text }) => ({ marks: phoneParts(text).filter((part) => part.mark === 'PRIMARY|').length }),
    repair({ text }) {
      const parts = phoneParts(text).filter((part) => part.number !== '')
      const primary = Math.max(
        parts.findIndex((part) => part.mark === 'PRIMARY|'),
        -1,
      )
      const first = primary >= 0 ? primary : parts.findIndex((part) => part.mark === '')
      if (first < 0) return null
      const others = parts.filter((_, i) => i !== first).map((part): PhonePart => (part.mark === 'PRIMARY|' ? { ...part, mark: '' } : part))
      return { kind: 'ask', value: joinPhoneParts([{ mark: 'PRIMARY|', number: parts[first]!.number }, ...others]) }
    },
  },
  {
    kind: 'shape',
    holds(text) {
      // A comma too many makes no second number.
      const parts = phoneParts(text).filter((part) => part.number !== '')
      if (parts.length < 2 || parts.every((part) => part.mark === 'REMOVE|')) return false
      return parts[0]!.mark !== 'PRIMARY|' || parts.filter((part) => part.mark === 'PRIMARY|').length > 1
    },
  },
)

/** The baseline's numbers that a cell neither keeps nor gives back. */
function droppedNumbers(own: string, before: string): string[] {
  if (own === '' || own === before) return []
  const parts = phoneParts(own)
  // A cell that only takes numbers away puts none in the place of the others.
  if (parts.every((part) => part.mark === 'REMOVE|')) return []
  const mentioned = parts.map((part) => phoneKey(part.number))
  // A cell that lost its digits, or only its country code, does not mean another number.
  if (mentioned.some((key) => key < 0)) return []
  return phoneParts(before)
    .filter((part) => part.mark !== 'REMOVE|')
    .map((part) => part.number)
    .filter((number) => {
      const key = phoneKey(number)
      return key >= 0 && !mentioned.some((mine) => mine === key || (String(mine).length >= 6 && String(key).endsWith(String(mine))))
    })
}

const replaced = rule(
  {
    ...onPhone,
    id: 'phone/replaced',
    needs: ['baseline'],
    severity: ['warning'],
    when: 'the number changes and the old one is not given as `REMOVE|…`',
    source: 'S: NUMS',
    fix: 'ask',
    facts(place) {
      const dropped = droppedNumbers(place.text.trim(), place.user().before('phone'))
      const given = phoneParts(place.text.trim()).filter((part) => part.mark !== 'REMOVE|')
      return {
        value: given.map((part) => part.number).join(', '),
        before: dropped.join(', '),
        removal: joinPhoneParts(dropped.map((number) => ({ mark: 'REMOVE|', number }))),
      }
    },
    repair(place) {
      const own = phoneParts(place.text.trim())
      const dropped = droppedNumbers(place.text.trim(), place.user().before('phone'))
      const marked = own.length === 1 && own[0]!.mark === '' ? [{ ...own[0]!, mark: 'PRIMARY|' as const }] : own
      return { kind: 'ask', value: joinPhoneParts([...marked, ...dropped.map((number): PhonePart => ({ mark: 'REMOVE|', number }))]) }
    },
  },
  {
    kind: 'user',
    reads: ['phone'],
    sees: [],
    check(user, emit) {
      if (user.baselineRow < 0 || user.isRemoval || user.repeats('phone')) return
      const own = user.own('phone')
      if (own !== '' && droppedNumbers(own, user.before('phone')).length > 0) emit(user.row, user.columnOf('phone'))
    },
  },
)

export const phoneRules: readonly Rule[] = [...phoneShapes, duplicate, notInInventory, country, primaryMark, replaced]

function hasNoComma(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === 0x2c) return false
  return true
}

const isPhones: ShapeFamily['appliesTo'] = (column) => column.column?.value === 'phones'
export const phoneFamilies: readonly ShapeFamily[] = [
  {
    isChain: true,
    reads: 'trimmed',
    appliesTo: isPhones,
    isSound: isPlainE164,
    isSoundBytes: isPlainE164Bytes,
    soundMark: CellMark.plainNumber,
    rules: phoneShapes,
  },
  {
    isChain: false,
    reads: 'trimmed',
    appliesTo: isPhones,
    isSound: (text) => !text.includes(','),
    isSoundBytes: hasNoComma,
    soundMark: CellMark.plainNumber,
    rules: [primaryMark],
  },
]
