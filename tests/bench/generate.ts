import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { random, type Random } from '../../scripts/samples/random.ts'
import { asciiOf } from '../../scripts/samples/export.ts'
import { at, booleanColumns, columns, packageColumns } from './user-columns.ts'

/** Part of every file's name: files that another generator made are not taken for these. */
const generation = 2
export const seed = 1
/** Kept between runs; 600 MB when a million rows were measured. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/roster-bench/', import.meta.url))

export interface BenchFiles {
  /** A list with mistakes in 2 % of its rows. */
  readonly users: string
  /** A customer's users without a mistake, and the same in the same order with 5 % changed, 1 % gone and 1 % new. */
  readonly before: string
  readonly after: string
  /** `after` with its rows in another order. */
  readonly shuffled: string
}

/** Makes the files of this size where they are not there yet. The same bytes every time. */
export function benchFiles(rows: number): BenchFiles {
  mkdirSync(folder, { recursive: true })
  const file = (kind: string): string => path.join(folder, `${kind}-${String(rows)}-${String(seed)}-v${String(generation)}.csv`)
  const files = { users: file('users'), before: file('before'), after: file('after'), shuffled: file('shuffled') }
  if (!existsSync(files.users) || !existsSync(files.before) || !existsSync(files.after)) write(rows, files)
  if (!existsSync(files.shuffled)) shuffle(files.after, files.shuffled)
  return files
}

/** The list as a workbook; made where it is not there yet. */
export function benchWorkbook(rows: number): string {
  const { users } = benchFiles(rows)
  const target = users.replace(/csv$/u, 'xlsx')
  if (existsSync(target)) return target
  const maker = fileURLToPath(new URL('./make-workbook.ts', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, ['--max-old-space-size=8192', maker, users, target], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`no workbook could be made: ${stderr}`)
  return target
}

/** Puts the rows of a file in another order, the same every time. */
function shuffle(file: string, target: string): void {
  const bytes = readFileSync(file)
  const starts: number[] = []
  let isQuoted = false
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 0x22) isQuoted = !isQuoted
    else if (bytes[i] === 0x0a && !isQuoted) starts.push(i + 1)
  }
  const dice = random(seed * 15_485_863 + 11)
  const order = Uint32Array.from({ length: starts.length - 1 }, (_, place) => place)
  for (let i = order.length - 1; i > 0; i--) {
    const other = dice.below(i + 1)
    ;[order[i], order[other]] = [order[other]!, order[i]!]
  }
  const shuffled = Buffer.allocUnsafe(bytes.length)
  let at = bytes.copy(shuffled, 0, 0, starts[0])
  for (const row of order) at += bytes.copy(shuffled, at, starts[row], starts[row + 1])
  writeFileSync(`${target}.part`, shuffled)
  renameSync(`${target}.part`, target)
}

function write(rows: number, files: BenchFiles): void {
  const people = new People(rows, random(seed * 7919 + 17))
  const mistakes = random(seed * 104_729 + 5)
  const changes = random(seed * 1_299_709 + 3)
  const users = new Writer(files.users)
  const before = new Writer(files.before)
  const after = new Writer(files.after)
  for (let row = 0; row < rows; row++) {
    const cells = people.next()
    before.row(cells)
    if (mistakes.chance(0.02)) users.row(broken(cells, people, mistakes))
    else {
      users.row(cells)
      people.remember(cells)
    }
    const fate = changes.next()
    if (fate >= 0.01) after.row(fate < 0.06 ? changed(cells, changes) : cells)
    if (changes.chance(0.01)) after.row(people.next())
  }
  for (const writer of [users, before, after]) writer.end()
}

const words = (text: string): readonly string[] => text.split(' ')
const given = words(
  'Kåre Søren Åse Øyvind Jørgen Bjørn Håkon Märta Göran Jöns Elin Anna Lars Per Ole Nils Ingrid Sigrid Astrid Freja Emma Noah Oliver William Lucas Henrik Mikkel Rasmus Mette Kirsten Hanne Lene Trine Camilla Sofie Maja Ida Clara Alma Karl Otto Viktor Aksel Malte Elias Väinö Aino Eero Päivi Antti Mikko Juha Sanna James Mary Robert Patricia John Jennifer Michael Linda David Susan Thomas Sarah Daniel Lisa Nancy Mark Paul Andrew Emily Brian George Wei Li Ming Hiroshi Yuki Priya Rahul Omar Fatima',
)
const family = words(
  'Hansen Jensen Nielsen Sørensen Østergård Ødegård Ångström Åkesson Öberg Lindström Bäckström Håkansson Björk Mäkinen Virtanen Korhonen Nieminen Laine Kjær Møller Nørgaard Bødker Skov Holm Berg Lund Dahl Haugen Solberg Strand Bakken Moen Smith Johnson Williams Brown Jones Garcia Miller Davis Martinez Lopez Wilson Anderson Taylor Moore Martin Lee Thompson White Harris Clark Lewis Walker Young King Wright Scott Nguyen Hill Green Baker Chen Wang Zhang Tanaka Suzuki Sharma Patel Khan',
)
const endings = ['', '', '', '', '', '-Lund', '-Berg', ' Holm', '-Dahl', ' Skov', '-Vik', 's']
const cities = words(
  'Oslo Bergen Trondheim Stavanger Tromsø Bodø Ålesund København Århus Aalborg Odense Malmö Göteborg Stockholm Umeå Helsinki Tampere Turku London Leeds Dublin Paris Lyon Berlin Hamburg Wien Zürich Madrid Warszawa Austin Boston Denver Tokyo Sydney',
)
const sites = ['acme', 'acme-emea', 'acme-us', 'acme-nordics', 'acme-apac'].map((name) => `${name}.webex.com`)
const departments = ['Sales', 'IT', 'HR', 'Finance', 'Legal', 'R&D', 'Support', 'Sales, Nordic', 'Logistics', 'Marketing', 'Facilities']
const titles = ['Agent', 'Manager', 'Engineer', 'Analyst', 'Director', 'Consultant', 'Clerk', 'Technician', 'Team Lead', 'VP "Growth"']
const languages = ['en_US', 'nb_NO', 'da_DK', 'sv_SE', 'fi_FI', 'de_DE']
const timezones = ['Europe/Oslo', 'Europe/London', 'US/Central', 'Asia/Tokyo']
const countryCodes = ['+47', '+45', '+46', '+358', '+44', '+1', '+49']
const packageShares = [0.45, 0.62, 0.78, 0.84, 0.95, 1]
const localParts = new Map<string, string>()

/** A user after another, each with an email, an extension and a number of its own. */
class People {
  /** Some users of the list, for a mistake to repeat what is theirs. */
  readonly recent: (readonly string[])[] = []
  private readonly places: readonly string[]
  private readonly nextExtension: Int32Array
  private readonly dice: Random
  private made = 0
  private phone = 20_000_000

  constructor(rows: number, dice: Random) {
    const count = Math.max(8, Math.min(4000, Math.round(rows / 400)))
    this.places = Array.from({ length: count }, (_, index) => {
      const round = Math.floor(index / cities.length)
      return `${cities[index % cities.length]!}${round === 0 ? '' : ` ${String(round)}`}${index % 17 === 3 ? ', HQ' : ''}`
    })
    this.nextExtension = new Int32Array(count).fill(2000)
    this.dice = dice
  }

  next(): string[] {
    const { dice } = this
    const cells = columns.map(() => '')
    const first = dice.pick(given)
    const last = dice.pick(family) + dice.pick(endings)
    const style = dice.next()
    const place = dice.below(this.places.length)
    const share = dice.next()
    const chosen = packageColumns[packageShares.findIndex((end) => share < end)]!
    const hasCalling = chosen !== at.meetings
    cells[at.first] = first
    cells[at.last] = last
    cells[at.display] = style < 0.1 ? `${last}, ${first}` : style < 0.12 ? `${first} "${first.slice(0, 3)}" ${last}` : `${first} ${last}`
    cells[at.email] = `${localPart(first)}.${localPart(last)}${(this.made++).toString(36)}@acme.com`
    if (hasCalling) {
      cells[at.extension] = String(this.nextExtension[place]!++)
      cells[at.location] = this.places[place]!
      if (dice.chance(0.7)) cells[at.phone] = dice.pick(countryCodes) + String(this.phone++)
      if (dice.chance(0.3)) cells[at.callerId] = cells[at.phone]!
    }
    for (const column of booleanColumns) cells[column] = 'FALSE'
    cells[chosen] = 'TRUE'
    if (chosen === at.suite && dice.chance(0.05)) cells[at.console] = 'TRUE'
    cells[at.messaging] = dice.chance(0.8) ? 'TRUE' : 'FALSE'
    if (dice.chance(0.3)) cells[at.jabber] = 'TRUE'
    if (dice.chance(0.2)) cells[at.jabberTeams] = 'TRUE'
    if (chosen !== at.voice) cells[at.site] = sites[place % sites.length]!
    cells[at.department] = dice.pick(departments)
    cells[at.title] = dice.pick(titles)
    cells[at.status] = dice.chance(0.92) ? 'Verified' : 'Pending'
    if (dice.chance(0.5)) cells[at.language] = languages[place % languages.length]!
    if (dice.chance(0.3)) cells[at.timezone] = timezones[place % timezones.length]!
    const note = dice.next()
    if (note < 0.02) cells[at.notes] = `Moved from ${dice.pick(cities)},\nask "${dice.pick(given)}" first`
    else if (note < 0.04) cells[at.notes] = `Shared phone, room ${String(dice.below(900))}`
    return cells
  }

  /** A user who stands in the list without a mistake. */
  remember(cells: readonly string[]): void {
    if (this.made % 16 !== 0) return
    this.recent.push(cells)
    if (this.recent.length > 512) this.recent.shift()
  }
}

function localPart(name: string): string {
  const known = localParts.get(name)
  if (known !== undefined) return known
  const made = asciiOf(name.normalize('NFD').replace(/[\u0300-\u036f]/gu, ''))
  localParts.set(name, made)
  return made
}

/** One mistake of 14 kinds. Those that need somebody else's email, number or extension take them from an earlier row. */
function broken(sound: readonly string[], people: People, dice: Random): readonly string[] {
  const cells = [...sound]
  const other = people.recent.length > 0 ? dice.pick(people.recent) : undefined
  const isCalling = cells[at.meetings] !== 'TRUE'
  switch (dice.below(14)) {
    case 0:
      cells[at.email] = ''
      break
    case 1:
      cells[at.email] = cells[at.email]!.replace('@', dice.chance(0.5) ? '' : ' at ')
      break
    case 2:
      if (other !== undefined) cells[at.email] = dice.chance(0.5) ? other[at.email]! : other[at.email]!.toUpperCase()
      break
    case 3:
      if (isCalling) cells[at.extension] = cells[at.phone] = ''
      break
    case 4:
      cells[at.location] = ''
      break
    case 5:
      cells[at.jabber] = ''
      break
    case 6:
      cells[at.jabberTeams] = ''
      break
    case 7:
      cells[at.site] = ''
      break
    case 8:
      cells[dice.pick(packageColumns)] = 'TRUE'
      break
    case 9:
      cells[dice.pick([at.console, at.messaging, at.jabber, at.jabberTeams])] = dice.pick(['YES', 'no', '1', 'x'])
      break
    case 10:
      cells[at.phone] = cells[at.phone] === '' ? '22 33 44 55' : cells[at.phone]!.replace('+', '00')
      break
    case 11:
      cells[at.extension] = dice.pick(['x12', '1', '12345678901', '4 45'])
      break
    case 12:
      if (other !== undefined && other[at.location] !== '') {
        cells[at.extension] = other[at.extension]!
        cells[at.location] = other[at.location]!
      }
      break
    default:
      if (other !== undefined && isCalling) cells[at.phone] = other[at.phone]!
      cells[at.callerId] = '12-34'
  }
  return cells
}

const editable = [at.phone, at.jabber, at.site, at.department, at.title, at.language, at.notes, at.display] as const

function changed(sound: readonly string[], dice: Random): readonly string[] {
  const cells = [...sound]
  for (let left = 1 + dice.below(3); left > 0; left--) {
    const column = dice.pick(editable)
    const text = cells[column]!
    if (column === at.phone) cells[column] = `${dice.pick(countryCodes)}9${String(dice.below(10_000_000)).padStart(7, '0')}`
    else if (column === at.jabber) cells[column] = text === 'TRUE' ? 'FALSE' : 'TRUE'
    else if (column === at.site) cells[column] = dice.pick(sites)
    else if (column === at.department) cells[column] = dice.pick(departments)
    else if (column === at.title) cells[column] = dice.pick(titles)
    else if (column === at.language) cells[column] = dice.pick(languages)
    else if (column === at.notes) cells[column] = `Edited, ${String(dice.below(1_000_000))}`
    else cells[column] = `${text} (ext)`
  }
  return cells
}

const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replace(/"/gu, '""')}"` : text)

/** Written beside and renamed: a file that is there is whole. */
class Writer {
  private readonly target: string
  private readonly file: number
  private buffered: string

  constructor(target: string) {
    this.target = target
    this.file = openSync(`${target}.part`, 'w')
    this.buffered = `${columns.join(',')}\r\n`
  }

  row(cells: readonly string[]): void {
    this.buffered += `${cells.map(quoted).join(',')}\r\n`
    if (this.buffered.length > 1 << 20) this.flush()
  }

  private flush(): void {
    writeSync(this.file, this.buffered)
    this.buffered = ''
  }

  end(): void {
    this.flush()
    closeSync(this.file)
    renameSync(`${this.target}.part`, this.target)
  }
}
