import type { Steps } from '../../../shared/kit/steps.ts'

/** A list of made-up people, and the same list after somebody worked on it, as files that Control Hub could have written. */
export interface SampleLists {
  readonly before: Uint8Array<ArrayBuffer>
  readonly after: Uint8Array<ArrayBuffer>
  /** The rows of `after` in another order. */
  readonly shuffled: Uint8Array<ArrayBuffer>
}

export const listNames = ['before', 'after', 'shuffled'] as const

/** One of so many people has a mistake, and one leaves, comes or is changed between the two lists. */
export const oneOf = { mistake: 8, leaver: 100, newcomer: 100, change: 20 } as const

/** The columns of a list as Control Hub names them, packages from the ninth on; `Notes` is one of the customer's own. */
export const listColumns = [
  'First Name',
  'Last Name',
  'Display Name',
  'User ID/Email (Required)',
  'Extension',
  'Phone Number',
  'Location',
  'Caller ID Number',
  'Webex Calling',
  'Webex Calling Standard',
  'Webex Suite',
  'Webex Voice',
  'Webex Meetings',
  'Customer Assist',
  'Webex Attendant Console Advanced',
  'Advanced Messaging',
  'Jabber Calling',
  'Jabber with Webex Teams',
  'Preferred Webex Site',
  'Department',
  'Title',
  'User Status',
  'Preferred Language',
  'Timezone',
  'Notes',
] as const
const at = {
  display: 2,
  email: 3,
  extension: 4,
  phone: 5,
  location: 6,
  callerId: 7,
  package: 8,
  jabber: 16,
  site: 18,
  department: 19,
} as const
const packageCount = 6
/** Places among the packages: of the one that has no calling, and of the one that needs no site. */
const meetings = 4
const voice = 3

const givenNames = ['Kåre', 'Søren', 'Åse', 'Øyvind', 'Märta', 'Anna', 'Lars', 'Ingrid', 'Emma', 'Noah', 'Sanna', 'Mikko', 'Priya']
const familyNames = ['Hansen', 'Sørensen', 'Ødegård', 'Ångström', 'Mäkinen', 'Lindström', 'Berg', 'Solberg', 'Smith', 'Garcia', 'Holm Skov']
const cities = ['Oslo', 'Tromsø', 'Ålesund', 'København', 'Århus', 'Malmö', 'Göteborg', 'Helsinki', 'London']
const departments = ['Sales', 'IT', 'HR', 'Finance', 'R&D', 'Sales, Nordic', 'Logistics']
const titles = ['Agent', 'Manager', 'Engineer', 'Consultant', 'VP "Growth"']
const languages = ['', 'nb_NO', 'da_DK', 'sv_SE', 'en_US']
const timezones = ['', '', 'Europe/Oslo', 'Europe/London']
const siteCount = 4
/** More than a byte holds, as a large customer has. */
const placeCount = 300

type Cells = string[]
type Dice = (below: number) => number

/** What the people who have a mistake have wrong, in turn. `other` is somebody without one. */
const mistakes: readonly ((cells: Cells, other: readonly string[], n: number) => void)[] = [
  (cells) => (cells[at.email] = ''),
  (cells) => (cells[at.email] = cells[at.email]!.replace('@', ' at ')),
  (cells, other) => (cells[at.email] = other[at.email]!.toUpperCase()),
  (cells) => cells.fill('', at.extension, at.phone + 1),
  (cells) => (cells[at.location] = ''),
  (cells) => cells.fill('', at.jabber, at.jabber + 2),
  (cells) => (cells[at.site] = ''),
  (cells) => (cells[at.jabber] = 'YES'),
  (cells) => cells.fill('TRUE', at.package, at.package + 2),
  (cells) => (cells[at.phone] = cells[at.phone] === '' ? '22 33 44 55' : cells[at.phone]!.replace('+', '00')),
  (cells, _other, n) => (cells[at.extension] = ['x12', '1', '12345678901', '4 45'][n % 4]!),
  (cells, other) => {
    cells[at.extension] = other[at.extension]!
    cells[at.location] = other[at.location]!
  },
  (cells, other) => {
    cells[at.phone] = other[at.phone]!
    cells[at.callerId] = '12-34'
  },
]

const changes: readonly ((cells: Cells) => void)[] = [
  (cells) => (cells[at.department] = 'Support'),
  (cells) => (cells[at.jabber] = cells[at.jabber] === 'TRUE' ? 'FALSE' : 'TRUE'),
  (cells) => (cells[at.display] = `${cells[at.display]!} (ext)`),
  (cells) => cells.fill('FALSE', at.package, at.package + packageCount).fill('TRUE', at.package, at.package + 1),
]

/** A slice is so many people. */
const sliceSize = 128

/** The lists of so many people, the same every time, in slices. */
export function* sampleLists(people: number): Steps<SampleLists> {
  const dice = seededDice()
  const header = lineOf(listColumns)
  const before: string[] = []
  const after: string[] = []
  /** How many extensions a place has given out. */
  const given = new Uint8Array(placeCount)
  let sound: readonly string[] = person(people, dice, given)
  for (let n = 0; n < people; n++) {
    const cells = person(n, dice, given)
    if (n % oneOf.mistake === 3) mistakes[Math.floor(n / oneOf.mistake) % mistakes.length]!(cells, sound, n)
    else sound = cells
    before.push(lineOf(cells))
    if (n % oneOf.change === 5) changes[Math.floor(n / oneOf.change) % changes.length]!(cells)
    if (n % oneOf.leaver !== 6) after.push(lineOf(cells))
    if (n % oneOf.newcomer === 9) after.push(lineOf(person(2 * people + n, dice, given)))
    if (n % sliceSize === 0) yield n / people
  }
  const lists = { before: bytesOf(header, before), after: bytesOf(header, after) }
  yield 1
  return { ...lists, shuffled: bytesOf(header, inAnotherOrder(after, dice)) }
}

function person(n: number, dice: Dice, given: Uint8Array): Cells {
  const pick = (texts: readonly string[]): string => texts[dice(texts.length)]!
  const isOneIn = (count: number): boolean => dice(count) === 0
  const flag = (isSet: boolean): string => (isSet ? 'TRUE' : 'FALSE')
  const [first, last] = [pick(givenNames), pick(familyNames)]
  const [chosen, place] = [dice(packageCount), dice(placeCount)]
  const hasCalling = chosen !== meetings
  const phone = hasCalling && !isOneIn(3) ? `+47${String(21_550_000 + n)}` : ''
  return [
    first,
    last,
    isOneIn(10) ? `${last}, ${first}` : `${first} ${last}`,
    `user.${n.toString(36)}.${String(place)}@nordlys.example`,
    hasCalling ? String(2_000 + 10 * (place % 20) + given[place]!++) : '',
    phone,
    hasCalling ? `${cities[place % cities.length]!} ${String(place)}` : '',
    isOneIn(3) ? phone : '',
    ...Array.from({ length: packageCount }, (_, i) => flag(i === chosen)),
    flag(false),
    flag(!isOneIn(5)),
    flag(isOneIn(3)),
    flag(isOneIn(5)),
    chosen === voice ? '' : `nordlys-${String(place % siteCount)}.webex.com`,
    pick(departments),
    pick(titles),
    isOneIn(12) ? 'Pending' : 'Verified',
    pick(languages),
    pick(timezones),
    isOneIn(50) ? `Moved from ${pick(cities)},\nask "${pick(givenNames)}" first` : '',
  ]
}

/** Whole numbers from 0 to below a bound that look thrown, and are the same every time. */
function seededDice(): Dice {
  let state = 1
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    // The low bits of such a row of numbers repeat soon.
    return Math.floor((state / 2 ** 32) * below)
  }
}

function inAnotherOrder(lines: readonly string[], dice: Dice): readonly string[] {
  const order = [...lines]
  for (let i = order.length - 1; i > 0; i--) {
    const other = dice(i + 1)
    ;[order[i], order[other]] = [order[other]!, order[i]!]
  }
  return order
}

const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const lineOf = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`
const bytesOf = (header: string, lines: readonly string[]): Uint8Array<ArrayBuffer> => new TextEncoder().encode(header + lines.join(''))
