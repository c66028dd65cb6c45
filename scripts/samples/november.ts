import { asciiOf, callingCells, fixedCells } from './export.ts'
import {
  administrators,
  attendantConsole,
  booleanColumns,
  domain,
  email,
  enterpriseEdition,
  extensionAt,
  numberAt,
  packageColumns,
  packageOf,
  placeNamed,
  withPackage,
  type Package,
  type Place,
  type Row,
} from './nordfjell.ts'
import { random, type Random } from './random.ts'

/**
 * The November list: the export after an administrator worked on it for some weeks in a Norwegian spreadsheet. Every kind of change,
 * and nearly every kind of mistake, each a few times. Which user meets which fate is drawn once and never twice.
 */
export function novemberUsers(exported: readonly Row[], seed = 11): Row[] {
  const dice = random(seed)
  const users = new Map(exported.map((row) => [email(row), row]))
  const choose = drawer(exported, dice)
  const change = (count: number, wanted: (row: Row) => boolean, changed: (row: Row, at: number) => Row): void => {
    for (const [at, row] of choose(count, wanted).entries()) users.set(email(row), changed(row, at))
  }
  changePeople(change)
  changePackages(change)
  makeSlips(change)
  for (const row of choose(22, () => true)) users.delete(email(row))
  // An administrator keeps the package that the customer was created with.
  const administrator = administrators[1]!
  users.set(administrator, withPackage(users.get(administrator)!, 'Webex Calling'))

  const kept = [...users.values()]
  const sorted = [...kept, ...joiners(dice)].sort((a, b) => compare(sortKey(a), sortKey(b)))
  return [...sorted, ...newWithMistakes(exported), ...duplicated(kept)].map(throughSpreadsheet(dice))
}

type Change = (count: number, wanted: (row: Row) => boolean, changed: (row: Row, at: number) => Row) => void

/** Draws users that were not drawn before. Administrators are left alone. */
function drawer(exported: readonly Row[], dice: Random): (count: number, wanted: (row: Row) => boolean) => Row[] {
  const left = new Set(dice.shuffled(exported.filter((row) => !administrators.includes(email(row)))))
  return (count, wanted) => {
    const found = [...left].filter(wanted).slice(0, count)
    if (found.length < count) throw new Error(`only ${String(found.length)} of ${String(count)} users of this kind are left`)
    for (const row of found) left.delete(row)
    return found
  }
}

const has =
  (...names: readonly Package[]) =>
  (row: Row): boolean =>
    names.some((name) => packageOf(row) === name)
const isAt =
  (place: string) =>
  (row: Row): boolean =>
    row['Location'] === place
const hasNumber = (row: Row): boolean => (row['Phone Number'] ?? '') !== ''
const anyone = (): boolean => true

function changePeople(change: Change): void {
  change(28, anyone, (row) => ({ ...row, Department: 'Tollklarering og spedisjon' }))
  change(12, anyone, (row) => ({ ...row, Title: 'Avdelingsleder' }))
  change(6, anyone, (row) => ({ ...row, 'Last Name': 'Fagerheim', 'Display Name': `${row['First Name'] ?? ''} Fagerheim` }))
  // Blank means: leave as it is.
  change(40, anyone, (row) => ({ ...row, Title: '', Department: '', 'Preferred Webex Site': '', 'Manager Email': '' }))
  change(2, anyone, (row) => ({ ...row, 'Mobile Number': '(clear)' }))
  // A new email makes a second user in Control Hub, with nothing of the first.
  change(
    3,
    (row) => hasNumber(row) && has('Webex Calling')(row),
    (row) => ({
      ...row,
      'User ID/Email (Required)': `${asciiOf(row['First Name'] ?? '').charAt(0)}.${asciiOf(row['Last Name'] ?? '')}.ny@${domain}`,
    }),
  )
}

function changePackages(change: Change): void {
  const calling = has('Webex Calling')
  change(8, calling, (row) => withPackage(row, 'Webex Suite'))
  change(3, has('Webex Calling Standard'), (row) => withPackage(row, 'Webex Calling'))
  change(1, has('Webex Suite'), (row) => withPackage({ ...row, [attendantConsole]: 'FALSE' }, 'Webex Calling Standard'))
  change(
    2,
    (row) => calling(row) && row['Caller ID Number'] === '',
    (row) => ({
      ...withPackage(row, 'Webex Meetings'),
      Extension: '',
      'Phone Number': '',
      Location: '',
      'External Caller ID Name Policy': '',
    }),
  )
  const bergen = placeNamed('Bergen')
  change(4, has('Webex Meetings'), (row, at) => ({
    ...withPackage(row, 'Webex Calling'),
    ...callingCells({ place: bergen, index: bergen.staff + 20 + at, package: 'Webex Calling', department: '' }),
  }))
  // Those who leave. The last one does not: the row was filled downwards too far.
  change(
    8,
    (row) => calling(row) && hasNumber(row),
    (row) => withPackage(row, null),
  )
}

function makeSlips(change: Change): void {
  const calling = has('Webex Calling', 'Webex Suite')
  const inOslo = isAt('Oslo hovedkontor')
  change(
    3,
    (row) => calling(row) && isAt('Trondheim')(row),
    (row) => ({ ...row, Location: 'Bergen', City: 'Bergen' }),
  )
  change(
    6,
    (row) => calling(row) && hasNumber(row) && inOslo(row),
    (row) => ({ ...row, 'Phone Number': '4,72E+09' }),
  )
  // New numbers, and the old ones are not given back.
  change(
    2,
    (row) => calling(row) && hasNumber(row) && inOslo(row),
    (row, at) => ({ ...row, 'Phone Number': spare('Oslo hovedkontor', 70 + at) }),
  )
  change(
    1,
    (row) => calling(row) && hasNumber(row) && inOslo(row),
    (row) => ({
      ...row,
      'Phone Number': `${row['Phone Number'] ?? ''},${spare('Oslo hovedkontor', 75)}`,
    }),
  )
  change(3, calling, (row) => ({ ...row, 'Call on Webex': 'FALSE' }))
  change(1, has('Webex Suite'), (row) => ({ ...row, 'Basic Messaging': 'FALSE' }))
  change(
    2,
    (row) => row[enterpriseEdition] === 'TRUE',
    (row) => ({ ...row, [enterpriseEdition]: 'FALSE' }),
  )
  change(
    3,
    (row) => row['User Status'] === 'Pending',
    (row) => ({ ...row, 'User Status': 'Verified' }),
  )
  change(5, anyone, (row) => ({ ...row, Department: ` ${row['Department'] ?? ''}\u00a0` }))
  change(2, anyone, (row) => ({ ...row, Title: `=HYPERLINK("https://intranett.${domain}")` }))
  change(1, anyone, (row) => ({ ...row, Title: 'Konsulent\u000b' }))
}

const spare = (place: string, index: number): string => numberAt(placeNamed(place), placeNamed(place).staff + index)

interface Joiner {
  readonly given: string
  readonly family: string
  readonly place: string
  /** Of the place's spare numbers. */
  readonly index: number
  readonly package: Package
  readonly cells?: Row
}

function joiner({ given, family, place: placeName, index, package: chosen, cells }: Joiner): Row {
  const place: Place = placeNamed(placeName)
  const address = `${asciiOf(given)}.${asciiOf(family)}@${domain}`
  const department = chosen === 'Customer Assist' ? 'Kundeservice' : 'Transport'
  const who = { given, family, address, department, place, index: place.staff + index, manager: administrators[0], package: chosen }
  return {
    ...fixedCells(who),
    ...callingCells(who),
    'Preferred Language': place.country === 'NO' ? 'nb_NO' : 'da_DK',
    Title: 'Rådgiver',
    ...cells,
  }
}

/** New users without a mistake: 24 of them. */
function joiners(dice: Random): Row[] {
  const given = ['Amund', 'Brynjar', 'Cathrine', 'Dagfinn', 'Edel', 'Fredrik', 'Gunvor', 'Herman']
  return given.flatMap((name, at) => [
    joiner({ given: name, family: 'Skogli', place: 'Oslo hovedkontor', index: at, package: 'Webex Calling' }),
    joiner({ given: name, family: 'Torsvik', place: 'Bergen', index: at, package: dice.pick(['Webex Suite', 'Webex Voice'] as const) }),
    joiner({ given: name, family: 'Brogaard', place: 'København', index: at, package: at % 2 === 0 ? 'Webex Meetings' : 'Webex Calling' }),
  ])
}

/** New users, each with the mistake that its row is about; they were typed at the end of the list. */
function newWithMistakes(exported: readonly Row[]): Row[] {
  let index = 8
  const ownExtension = (): string => extensionAt(placeNamed('Oslo hovedkontor'), placeNamed('Oslo hovedkontor').staff + index)
  const one = (given: string, cells: Row, chosen: Package = 'Webex Calling', place = 'Oslo hovedkontor'): Row =>
    joiner({ given, family: 'Prøven', place, index: index++, package: chosen, cells })
  const [first, second] = exported.filter((row) => isAt('Oslo hovedkontor')(row) && hasNumber(row) && has('Webex Suite')(row))
  const twice = one('Anlaug', { Title: 'Koordinator' })
  return [
    one('Torunn', { 'Last Name': '' }),
    one('Asbjørn', { 'User ID/Email (Required)': `asbjorn.proven(at)${domain}` }),
    one('Bodil', { 'User ID/Email (Required)': '' }),
    one('Dagny', { 'User ID/Email (Required)': `dagny.prøven@${domain}` }),
    one('Einar', { 'User ID/Email (Required)': 'einar.proven@nordfjel.example' }),
    twice,
    twice,
    one('Ellen', { [packageColumns['Webex Calling']]: 'FALSE' }),
    one('Finn', { [packageColumns['Webex Suite']]: 'TRUE' }),
    one('Gerd', { Extension: '', 'Phone Number': '' }),
    one('Hilmar', { Location: '' }),
    one('Idar', { Location: 'Tronheim' }, 'Webex Calling', 'Trondheim'),
    ...['Jofrid', 'Kolbjørn', 'Laila', 'Mathias'].map((given) => one(given, { 'Preferred Webex Site': '' }, 'Webex Suite')),
    one('Narve', { 'Preferred Webex Site': 'nordfjel.webex.com' }, 'Webex Suite'),
    one('Oddny', { 'Preferred Webex Site': 'nordfjell.webex.com' }, 'Webex Voice'),
    one('Petra', { 'Phone Number': spaced(spare('Bergen', 10)).replace('+47 ', '') }, 'Webex Calling', 'Bergen'),
    one('Reidun', { 'Phone Number': spare('Oslo hovedkontor', index).replace('+', '00') }),
    one('Sigmund', { 'Phone Number': spaced(spare('Oslo hovedkontor', index)) }),
    one('Tormod', { 'Phone Number': 'kommer' }),
    one('Ulrik', { 'Phone Number': '+4755' }),
    one('Vigdis', { 'Phone Number': '+4722000000' }),
    one('Yngve', { 'Phone Number': second?.['Phone Number'] ?? '' }),
    one('Aslaug', { Extension: '112' }),
    one('Birger', { Extension: `x${ownExtension()}` }),
    one('Dina', { Extension: `${ownExtension()}1` }),
    one('Egil', { Extension: first?.['Extension'] ?? '' }),
    ...['Frida', 'Grete', 'Hallvard'].map((given) => one(given, { 'Jabber Calling': '', 'Jabber with Webex Teams': '' })),
    one('Ingvild', { 'Last Name': 'SÃ¸rlie' }),
    one('Jørn', { 'First Name': 'J?rn' }),
    one('Karin', { 'Last Name': 'Prøven/Lie' }),
    one('Leif', { 'Last Name': 'Prøven-Wedel-Jarlsberg-Løvenskiold' }),
    one('Margit', { 'Jabber Calling': 'Nei', 'Call on Webex': 'x' }),
    one('Norvald', { [attendantConsole]: 'TRUE' }, 'Webex Meetings'),
    one('Olaug', { [attendantConsole]: 'TRUE' }, 'Webex Calling Standard'),
    one('Pelle', { Extension: ownExtension() }, 'Webex Meetings'),
    one('Rolf', { 'Caller ID Number': '21551000', 'External Caller ID Name Policy': 'AVDELING', 'Caller ID Last Name': '50 % stilling' }),
    one('Sunniva', { 'User Status': 'Verified', 'Last Active Time': '2026-11-12' }),
    ...['Tyra', 'Valborg', 'Ylva', 'Åsmund', 'Ørjan'].map((given) => one(given, {}, 'Customer Assist', 'Stavanger')),
  ]
}

const spaced = (number: string): string => number.replace(/^(\+\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/u, '$1 $2 $3 $4 $5')

/** Two rows were pasted once more at the end. */
const duplicated = (kept: readonly Row[]): Row[] => kept.filter((row) => has('Webex Suite')(row) && isAt('Bergen')(row)).slice(0, 2)

const sortKey = (row: Row): string => `${row['City'] ?? ''}\t${row['Last Name'] ?? ''}\t${row['First Name'] ?? ''}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What a Norwegian spreadsheet does to everything that it opens as a number or as TRUE and FALSE. */
function throughSpreadsheet(dice: Random): (row: Row) => Row {
  return (row) => {
    const changed: Record<string, string> = { ...row }
    for (const column of booleanColumns) {
      const text = changed[column] ?? ''
      // Here and there somebody typed it, in small letters.
      if (text === 'TRUE') changed[column] = dice.chance(0.002) ? 'sann' : 'SANN'
      else if (text === 'FALSE') changed[column] = 'USANN'
    }
    for (const column of ['Phone Number', 'Mobile Number', 'Caller ID Number']) {
      const text = changed[column] ?? ''
      if (/^\+\d+$/u.test(text)) changed[column] = text.slice(1)
    }
    const extension = changed['Extension'] ?? ''
    if (/^0+[1-9]\d*$/u.test(extension)) changed['Extension'] = extension.replace(/^0+/u, '')
    return changed
  }
}

/** Lines that stand empty in the list, by the place of the row that follows. */
export const emptyLinesBefore: ReadonlySet<number> = new Set([420, 421, 1178])
