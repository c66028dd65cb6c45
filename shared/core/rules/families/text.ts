import { decodeMojibake } from '../../../kit/mojibake.ts'
import type { RecognisedColumn } from '../../catalogue/column.ts'
import { isRosterOwn } from '../../catalogue/user-columns.ts'
import { CellFlag } from '../../table/table.ts'
import type { Fix } from '../finding.ts'
import { rule, type Place, type Rule, type ShapeFamily } from '../rule.ts'
import { emailProblem } from './email.ts'

const onCell = { on: 'cell', columns: 'every column', needs: [] } as const

/** No-break spaces, the narrow spaces and those of no width. Zero-width joiners are letters of some scripts and are left alone. */
const oddSpace = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u200b\u2060\ufeff\u180e]/
const noWidth = /[\u200b\u2060\ufeff\u180e]/g
const edgeSpace = /^[\s\u200b\u2060\u180e]|[\s\u200b\u2060\u180e]$/
const hasStraySpace = (text: string): boolean => edgeSpace.test(text) || oddSpace.test(text)
const tidied = (text: string): string =>
  text
    .replace(noWidth, '')
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f]/g, ' ')
    .trim()

/** C0 and C1 controls but for line ends, and the signs that turn the reading direction. */

const control = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

const controls = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g
/** A tab between two words is their space. */
const withoutControls = (text: string): string => text.replace(/(?<=\S)\t+(?=\S)/g, ' ').replace(controls, '')

/**
 * What a sign-by-sign repair of a cell comes to. Where its letters were read in the wrong code page, a sign that looks stray may be a piece of
 * one (the no-break space of `voilÃ\u00a0`): taken away alone it would take the letter with it, so that both are repaired, and asked, as one.
 */
function tidying({ text, context, column }: Place, tidy: (text: string) => string): Fix {
  const decoded = decodeMojibake(text)
  const value = tidy(text)
  // Behind its space a formula is text: to set it free is no small tidying.
  const recognised = context.recognised(column)
  const isSetFree = startsFormula(value) && !startsFormula(text) && (recognised === undefined || !isPhone(recognised))
  if (decoded === null) return { kind: isSetFree ? 'ask' : 'safe', value }
  const whole = tidy(decoded)
  return (decodeMojibake(value) ?? value) === whole ? { kind: 'safe', value } : { kind: 'ask', value: whole }
}

const isPhone = (column: RecognisedColumn): boolean => column.column?.value === 'phones' || column.column?.value === 'caller-id-number'
const isName = (column: RecognisedColumn): boolean => column.column?.value === 'name' || column.column?.value === 'caller-id-name'

/** `S?rensen`, `?ystein`, and `Malm?` where the whole cell is one name. */
const lostLetter = /\p{L}\?+\p{L}|(?:^|[\s-])\?+\p{L}/u
const lostLastLetter = /\p{L}\?+$/u

const startsFormula = (text: string): boolean => /^[=@\t\r]/.test(text) || /^[+-](?!\d*$)/.test(text)

/** `="0042"` is how a spreadsheet is made to keep a text: the text is what stands between the quotes. */
function spelledText(formula: string): string | null {
  const spelled = /^="((?:[^"]|"")*)"\s*$/.exec(formula)?.[1]
  return spelled === undefined || startsFormula(spelled) ? null : spelled.replaceAll('""', '"')
}

const restored = ({ context, row, column }: Place): Fix | null => {
  const before = soundBefore({ context, row, column })
  return before === null ? null : { kind: 'ask', value: before }
}

/** A baseline that lost the letter too cannot give it back. */
function soundBefore(place: Pick<Place, 'context' | 'row' | 'column'>): string | null {
  const before = baselineText(place)
  const column = place.context.recognised(place.column)
  return before === null || (column !== undefined && hasLostLetter(before, column)) ? null : before
}

const hasLostLetter = (text: string, column: RecognisedColumn): boolean =>
  text.includes('\ufffd') ||
  (text.includes('?') &&
    isName(column) &&
    (lostLetter.test(text) || (column.column?.id !== 'display-name' && column.column?.value === 'name' && lostLastLetter.test(text))))

/** The baseline's text of the same user and column, where it holds one. */
export function baselineText({ context, row, column }: Pick<Place, 'context' | 'row' | 'column'>): string | null {
  const baselineRow = context.baselineRowOf[row] ?? -1
  const before = baselineRow < 0 ? '' : (context.baselineColumn(column)?.textOf(baselineRow) ?? '')
  return before.trim() === '' ? null : before
}

export const textRules: readonly Rule[] = [
  rule(
    {
      ...onCell,
      id: 'text/surrounding-space',
      severity: ['warning'],
      when: 'starts or ends with white space, or holds a no-break, thin or zero-width space',
      source: 'O: LAB',
      fix: 'safe',
      facts: () => ({}),
      repair: (place) => tidying(place, tidied),
    },
    { kind: 'shape', holds: (text) => hasStraySpace(text) && hasStraySpace(decodeMojibake(text) ?? text) },
  ),
  rule(
    {
      ...onCell,
      id: 'text/control-character',
      severity: ['error'],
      when: 'holds a control character other than a line end, or a bidirectional override',
      source: 'F',
      fix: 'safe',
      facts: ({ text }) => ({
        codePoint: `U+${
          control
            .exec(decodeMojibake(text) ?? text)?.[0]
            .codePointAt(0)
            ?.toString(16)
            .toUpperCase()
            .padStart(4, '0') ?? ''
        }`,
      }),
      repair: (place) => tidying(place, withoutControls),
    },
    // Letters that were read in the wrong code page hold C1 controls too; what they need is decoding. So it is with no-break spaces above.
    { kind: 'shape', holds: (text) => control.test(text) && control.test(decodeMojibake(text) ?? text) },
  ),
  rule(
    {
      ...onCell,
      id: 'text/mojibake',
      severity: ['warning'],
      when: 'UTF-8 read as Windows-1252 or the like (`Ã¸`, `Ã¥`)',
      source: 'F',
      fix: 'ask',
      facts: ({ text }) => ({ decoded: decodeMojibake(text) ?? text }),
      repair: ({ text }) => ({ kind: 'ask', value: decodeMojibake(text) ?? text }),
    },
    { kind: 'shape', holds: (text) => decodeMojibake(text) !== null },
  ),
  rule(
    {
      ...onCell,
      id: 'text/lost-character',
      severity: ['error'],
      when: 'holds U+FFFD, or `?` inside a name where a letter was lost',
      source: 'F',
      facts: (place) => ({ before: soundBefore(place) }),
      repair: restored,
    },
    { kind: 'shape', holds: hasLostLetter },
  ),
  rule(
    {
      ...onCell,
      id: 'text/formula',
      columns: 'every column but phone numbers; the email only where it is no malformed one',
      severity: ['warning'],
      when: 'begins with `=`, `@`, tab or CR, or with `+` or `-` not followed by digits only: a spreadsheet would run it',
      source: 'S: OWASP, CSV injection',
      fix: 'ask',
      facts: ({ text }) => ({ sign: text.startsWith('\t') ? 'TAB' : text.startsWith('\r') ? 'CR' : text.slice(0, 1) }),
      repair: ({ text }) => ({ kind: 'ask', value: spelledText(text) ?? text.replace(/^[=@+\-\s]+/, '').trimEnd() }),
    },
    {
      kind: 'shape',
      holds: (text, column) =>
        startsFormula(text) && !isPhone(column) && (column.column?.value !== 'email' || emailProblem(text) !== 'email/malformed'),
    },
  ),
]

/** Printable ASCII without a question mark or a space at an edge, and not begun as a formula is. */
function isPlainText(text: string): boolean {
  const last = text.length - 1
  for (let i = 0; i <= last; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7e || unit === 0x3f || (unit === 0x20 && (i === 0 || i === last))) return false
  }
  return !startsFormula(text)
}

export const textFamily: ShapeFamily = {
  isChain: false,
  reads: 'raw',
  // A reason quotes the cell that it is about.
  appliesTo: (column) => !isRosterOwn(column),
  // A stray sign in the email of a removal goes out with it, and Control Hub finds nobody of that name.
  onRemovals: (column, users) => column.index === users.email,
  isSound: isPlainText,
  // A phone number may begin with +, and is no formula.
  // The letters À to ÿ alone are no sign of anything: text read in the wrong code page holds others too.
  flags: (column) =>
    CellFlag.beyondLatin | CellFlag.control | CellFlag.edgeSpace | CellFlag.questionMark | (isPhone(column) ? 0 : CellFlag.formulaStart),
  rules: textRules,
}
