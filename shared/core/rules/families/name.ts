import { CellState } from '../cell-reader.ts'
import { callingBits, namesOf } from '../context.ts'
import { distinctSigns } from '../distinct-signs.ts'
import { rule, type Place, type Rule, type ShapeFamily } from '../rule.ts'

const onName = { on: 'cell', columns: '`First Name`, `Last Name`', needs: [] } as const
const forbidden = /[%#<>\\/"]/g
const maxLength = 30
const hasCalling = (packages: number): boolean => (packages & callingBits) !== 0
export const callingPackage = (place: Place): string => namesOf(place.user().packages & callingBits)[0] ?? ''

const missing = rule(
  {
    ...onName,
    id: 'name/missing',
    severity: ['error'],
    when: 'First or Last Name blank on a new user (without a baseline: on any row), or emptied',
    source: 'S: CSVADD',
    facts: ({ extra }) => ({ isCleared: extra === 1 }),
  },
  {
    kind: 'user',
    reads: ['firstName', 'lastName'],
    sees: ['firstName', 'lastName'],
    check(user, emit) {
      if (user.isRemoval) return
      // A file that has neither column says it once a row.
      const hasNone = user.columnOf('firstName') < 0 && user.columnOf('lastName') < 0
      for (const field of hasNone ? (['firstName'] as const) : (['firstName', 'lastName'] as const)) {
        const state = user.stateOf(field)
        if (state === CellState.clear) emit(user.row, user.columnOf(field), 1)
        else if (state === CellState.blank && user.baselineRow < 0) emit(user.row, user.columnOf(field))
      }
    },
  },
)

const shapes: readonly Rule[] = [
  rule(
    {
      ...onName,
      id: 'name/forbidden-character',
      severity: ['error'],
      when: '`% # < > \\ / "` in First or Last Name, calling package',
      source: 'S: NAMES',
      fix: 'ask',
      facts: (place) => ({ characters: distinctSigns(place.text, forbidden), package: callingPackage(place) }),
      repair: ({ text }) => ({ kind: 'ask', value: text.replace(forbidden, '').replace(/\s+/g, ' ').trim() }),
    },
    { kind: 'shape', holds: (text) => text.search(forbidden) >= 0, applies: hasCalling },
  ),
  rule(
    {
      ...onName,
      id: 'name/too-long',
      severity: ['warning'],
      when: `over ${maxLength} characters, calling package`,
      source: 'S: NAMES',
      facts: (place) => ({ length: [...place.text.trim()].length, package: callingPackage(place) }),
    },
    { kind: 'shape', holds: (text) => text.length > maxLength && [...text].length > maxLength, applies: hasCalling },
  ),
  rule(
    {
      ...onName,
      id: 'name/beyond-ascii',
      severity: ['info'],
      when: 'First or Last Name beyond ASCII, calling package',
      source: 'S: NAMES',
      facts: (place) => ({ characters: distinctSigns(place.text, /\P{ASCII}/gu), package: callingPackage(place) }),
    },
    { kind: 'shape', holds: (text) => /\P{ASCII}/u.test(text), applies: hasCalling },
  ),
]

export const nameRules: readonly Rule[] = [missing, ...shapes]
export const nameFamily: ShapeFamily = {
  isChain: false,
  reads: 'trimmed',
  appliesTo: (column, users) => column.index === users.firstName || column.index === users.lastName,
  isSoundBytes: isPlainName,
  rules: shapes,
}

/** Letters of ASCII, digits, spaces and `-.'`, not too many of them. */
function isPlainName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > maxLength) return false
  for (let i = start; i < end; i++) if (plainInNames[bytes[i]!] === 0) return false
  return true
}
const plainInNames = Uint8Array.from({ length: 256 }, (_, byte) => (/[A-Za-z0-9 .'-]/.test(String.fromCharCode(byte)) ? 1 : 0))
