import {
  administrators,
  attendantConsole,
  booleanColumns,
  danishSite,
  domain,
  enterpriseEdition,
  extensionAt,
  norwegianSite,
  numberAt,
  packageColumns,
  places,
  type Package,
  type Place,
  type Row,
} from './nordfjell.ts'
import { random, type Random } from './random.ts'

const words = (text: string): readonly string[] => text.split(' ')

const givenNames: Readonly<Record<Place['country'], readonly string[]>> = {
  NO: words(
    'Anne Arne Astrid Bjørn Bente Eirik Elin Espen Frode Geir Gro Guri Hanne Harald Hege Heidi Håkon Håvard Ida Inger Ingrid Ivar Jorunn Jørgen Kari Kjersti Knut Kåre Lars Line Liv Magnus Marit Mona Morten Nils Oddvar Ola Per Ragnhild Randi Rune Sigrid Silje Siri Solveig Stein Sverre Terje Tone Tore Trine Trond Unni Vegard Vidar Wenche Øystein Øyvind Åse Åshild',
  ),
  DK: words(
    'Anders Anja Asger Birgitte Bo Camilla Dorthe Esben Flemming Freja Gitte Helle Henrik Ida Jakob Jens Jesper Karen Kasper Kirsten Klaus Lene Lise Mads Maja Malene Mette Mikkel Morten Nanna Niels Pernille Peter Rasmus Rikke Signe Simon Sofie Steen Susanne Søren Thomas Tine Torben Ulla Vibeke Åge',
  ),
}
const familyNames: Readonly<Record<Place['country'], readonly string[]>> = {
  NO: words(
    'Aas Andersen Bakke Bakken Berg Berge Bråten Dahl Eide Eliassen Engen Fjeld Fossum Gundersen Hagen Halvorsen Hansen Haugen Haugland Hauge Henriksen Holm Iversen Jakobsen Johansen Karlsen Knutsen Kristiansen Larsen Lie Lund Lunde Løken Moe Moen Myhre Nguyen Nilsen Nygård Olsen Ottesen Pettersen Rønning Sandvik Solberg Solheim Strand Strøm Sunde Svendsen Sæther Sørli Tangen Thorsen Tveit Vik Wold Ødegård Østby Ånes',
  ),
  DK: words(
    'Andersen Bech Bertelsen Bjerre Brandt Bruun Christensen Dam Frandsen Friis Gregersen Hansen Hedegaard Holst Jensen Juhl Jørgensen Kjær Kjærgaard Klausen Knudsen Kofoed Krogh Lauridsen Laursen Lind Madsen Mikkelsen Mortensen Munk Møller Nielsen Nygaard Nørgaard Overgaard Poulsen Rasmussen Ravn Schmidt Skov Steffensen Søgaard Sørensen Thygesen Toft Vestergaard Winther Østergaard',
  ),
}
const departments: readonly string[] = [
  'Transport',
  'Lager',
  'Lager, natt',
  'Terminal "Nord"',
  'Kundeservice',
  'Salg',
  'Økonomi',
  'IT, drift og vakt',
  'Tollklarering',
  'HR',
]
const titles: readonly string[] = ['Sjåfør', 'Terminalarbeider', 'Rådgiver', 'Koordinator', 'Spesialist', 'Konsulent', 'Planlegger']

/** Of a hundred users. Half of what a Calling customer has is Calling. */
const packageShares: readonly (readonly [Package, number])[] = [
  ['Webex Calling', 43],
  ['Webex Suite', 25],
  ['Webex Meetings', 13],
  ['Webex Calling Standard', 8],
  ['Webex Voice', 7],
  ['Customer Assist', 4],
]

/** As the email's local part is made of a name. */
export const asciiOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/æ/gu, 'ae')
    .replace(/ø/gu, 'o')
    .replace(/å/gu, 'a')
    .replace(/[^a-z]/gu, '')

const exportDay = Date.UTC(2026, 10, 2)
const day = 86_400_000

/** The 1,200 users of the customer as Control Hub exports them. */
export function exportedUsers(seed = 418_306): Row[] {
  const dice = random(seed)
  const seats = dice.shuffled(places.flatMap((place) => Array.from({ length: place.staff }, (_, index) => ({ place, index }))))
  const taken = new Set<string>()
  const managers = new Map<string, string>()
  return seats.map(({ place, index }, at) => {
    const administrator = administrators[at]
    const [given, family] = administrator === undefined ? nameIn(place, dice) : nameOfAdministrator(administrator)
    const address = administrator ?? freeAddress(given, family, taken)
    const department = dice.pick(departments)
    const unit = `${place.name} ${department}`
    const manager = managers.get(unit)
    if (manager === undefined) managers.set(unit, address)
    const chosen = administrator === undefined ? packageFor(department, dice) : 'Webex Suite'
    return user({ given, family, address, department, place, index, manager, package: chosen }, dice)
  })
}

function nameIn(place: Place, dice: Random): readonly [string, string] {
  const first = dice.pick(givenNames[place.country])
  const second = dice.chance(0.07) ? `-${dice.pick(givenNames[place.country].filter((name) => name.length < 5))}` : ''
  const family = dice.pick(familyNames[place.country])
  return [first + second, dice.chance(0.06) ? `${dice.pick(familyNames[place.country])} ${family}` : family]
}

function nameOfAdministrator(address: string): readonly [string, string] {
  const [given = '', family = ''] = (address.split('@')[0] ?? '').split('.').map((part) => part.charAt(0).toUpperCase() + part.slice(1))
  return [given, family]
}

function freeAddress(given: string, family: string, taken: Set<string>): string {
  const local = `${asciiOf(given)}.${asciiOf(family)}`
  let address = `${local}@${domain}`
  for (let again = 2; taken.has(address); again++) address = `${local}${String(again)}@${domain}`
  taken.add(address)
  return address
}

function packageFor(department: string, dice: Random): Package {
  // Customer Assist is for those who answer the customers.
  const shares =
    department === 'Kundeservice'
      ? ([
          ['Customer Assist', 38],
          ['Webex Calling', 62],
        ] as const)
      : packageShares.slice(0, -1)
  let left = dice.next() * shares.reduce((sum, [, share]) => sum + share, 0)
  for (const [name, share] of shares) {
    left -= share
    if (left < 0) return name
  }
  return 'Webex Calling'
}

interface Person {
  readonly given: string
  readonly family: string
  readonly address: string
  readonly department: string
  readonly place: Place
  readonly index: number
  readonly manager: string | undefined
  readonly package: Package
}

function user(person: Person, dice: Random): Row {
  const { place } = person
  const isPending = dice.chance(0.06)
  const away = dice.chance(0.8) ? dice.below(12) : dice.below(120)
  const accessed = new Date(exportDay - away * day - dice.below(day)).toISOString().slice(0, 16).replace('T', ' ')
  return {
    ...fixedCells(person),
    'Preferred Language': dice.chance(0.08) ? 'en_US' : place.country === 'NO' ? 'nb_NO' : 'da_DK',
    'User Status': isPending ? 'Pending' : 'Verified',
    'Last Service Accessed Time': isPending ? '' : accessed,
    'Days since Last Service Accessed': isPending ? '' : String(away),
    'Last Active Time': isPending ? '' : accessed.slice(0, 10),
    Title: person.manager === undefined ? 'Avdelingsleder' : dice.pick(titles),
    'Mobile Number': dice.chance(0.3) ? mobileNumber(place, dice) : '',
    ...callingCells(person, dice.chance(0.86)),
    [attendantConsole]: person.package === 'Webex Suite' && dice.chance(0.05) ? 'TRUE' : 'FALSE',
    // Control Hub lets a site be missing, and so does a real export here and there.
    ...(dice.chance(0.005) ? { 'Preferred Webex Site': '' } : {}),
  }
}

const mobileNumber = ({ country }: Place, dice: Random): string =>
  (country === 'NO' ? '+4740' : '+4520') + String(dice.below(1_000_000)).padStart(6, '0')

/** Everything that follows from who a user is; a new user's row is made of it, too. */
export function fixedCells({ given, family, address, department, place, manager, package: chosen }: Omit<Person, 'index'>): Row {
  const hasSite = chosen !== 'Webex Voice'
  const site = place.country === 'NO' ? norwegianSite : danishSite
  return {
    ...Object.fromEntries(booleanColumns.map((column) => [column, 'FALSE'])),
    'First Name': given,
    'Last Name': family,
    'Display Name': `${given} ${family}`,
    'User ID/Email (Required)': address,
    Locale: place.country === 'NO' ? 'no' : 'da',
    Timezone: place.country === 'NO' ? 'Europe/Oslo' : 'Europe/Copenhagen',
    City: place.city,
    Address: place.address,
    'Zip/postal code': place.postalCode,
    Country: place.country,
    'Preferred Webex Site': hasSite ? site : '',
    'Manager Email': manager ?? '',
    Department: department,
    'Basic Messaging': 'TRUE',
    'Basic Space Meetings': 'TRUE',
    'Call on Webex': 'TRUE',
    'Advanced Messaging ': 'TRUE',
    'Advanced Space Meetings': hasSite ? 'TRUE' : 'FALSE',
    [enterpriseEdition]: hasSite && place.country === 'NO' ? 'TRUE' : 'FALSE',
    [packageColumns[chosen]]: 'TRUE',
  }
}

/** Extension, number and location of a user whose package has them. */
export function callingCells(
  { place, index, package: chosen, department }: Pick<Person, 'place' | 'index' | 'package' | 'department'>,
  hasNumber = true,
): Row {
  if (chosen === 'Webex Meetings') return {}
  return {
    Extension: extensionAt(place, index),
    'Phone Number': hasNumber ? numberAt(place, index) : '',
    'Caller ID Number': department === 'Kundeservice' ? numberAt(place, 0) : '',
    Location: place.name,
    'External Caller ID Name Policy': department === 'Kundeservice' ? 'LOCATION' : 'DIRECT_LINE',
  }
}
