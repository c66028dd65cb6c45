/**
 * Files as they reach Roster, made from a few sound ones: header vintages, subscriptions, languages of TRUE and FALSE, delimiters, code
 * pages, line ends, numbers of rows.
 */
export type Grid = readonly (readonly string[])[]

const packages = ['Webex Calling', 'Webex Calling Standard', 'Webex Suite', 'Webex Meetings', 'Webex Voice'] as const
export type Package = (typeof packages)[number]

/** The full export of today, without the columns that no rule looks at. */
const today = [
  'First Name', 'Last Name', 'Display Name', 'User ID/Email (Required)', 'Alternate Email 1', 'User Status', 'Last Service Accessed Time', 'Extension',
  'Phone Number', 'Mobile Number', 'Caller ID Number', 'Caller ID First Name', 'Caller ID Last Name', 'Location', 'Country',
  'Hybrid Calendar Service Resource Group', 'Jabber with Webex Teams', 'Jabber Calling', 'Contact Migration Required', 'Upgrade Profile',
  'Preferred Webex Site', 'Department', 'Title', 'Basic Messaging', 'Basic Space Meetings', 'Call on Webex', 'Hybrid Calendar Service (Exchange)',
  'On-Prem UCM Calling', 'Advanced Messaging ', 'Advanced Space Meetings',
] // prettier-ignore

/** About 2021: other columns beside, an email header typed without its space, some that Control Hub took out since. */
const year2021 = [
  'First Name', 'Last Name', 'Display Name', 'UserID/Email (Required)', 'User Status', 'Extension', 'Phone Number', 'Caller ID Number', 'Location',
  'Jabber with Webex Teams', 'Jabber Calling', 'UC Manager Profile', 'Contact Migration Required', 'Upgrade Profile', 'Calling Behavior',
  'Call Service Aware', 'Webex Meeting Assistant', 'fjordkraft.webex.com - WebEx Enterprise Edition [Sub121331]', 'Preferred Webex Site',
  'Basic Messaging', 'Basic Space Meetings', 'Call on Webex',
] // prettier-ignore

/** About 2017: `Directory Number` and `Direct Line`. */
const year2017 = [
  'First Name', 'Last Name', 'Display Name', 'User ID/Email (Required)', 'Directory Number', 'Direct Line', 'Location', 'Calendar Service',
  'Jabber with Webex Teams', 'Jabber Calling', 'Preferred Webex Site',
] // prettier-ignore

export interface Vintage {
  readonly name: string
  readonly columns: readonly string[]
  readonly suffix: string
  /** Rules that the header itself fires. */
  readonly fires: readonly string[]
}
export const vintages: readonly Vintage[] = [
  { name: 'today', columns: today, suffix: '', fires: [] },
  { name: 'today, a subscription', columns: today, suffix: ' [Sub123456]', fires: [] },
  { name: 'today, a trial', columns: today, suffix: ' [trialSub.0a1b2c3d-0000-4000-8000-00805f9b34fb]', fires: [] },
  { name: 'about 2021', columns: year2021, suffix: ' [Sub121331]', fires: ['file/renamed-column', 'file/removed-column'] },
  { name: 'about 2017', columns: year2017, suffix: '', fires: ['file/renamed-column'] },
]

const firstNames = ['Kari', 'Nils', 'Astrid', 'Mads', 'Freja', 'Ola', 'Ingrid', 'Per']
const lastNames = ['Hansen', 'Dahl', 'Strand', 'Toft', 'Lund', 'Vik', 'Berg', 'Juhl', 'Moe']
const newNames: Readonly<Record<string, string>> = {
  'UserID/Email (Required)': 'User ID/Email (Required)',
  'Directory Number': 'Extension',
  'Direct Line': 'Phone Number',
}

/** Which header of a vintage stands for today's name. */
export const headerFor = (vintage: Vintage, name: string): string | undefined =>
  (packages as readonly string[]).includes(name)
    ? name + vintage.suffix
    : vintage.columns.find((header) => (newNames[header] ?? header).trim() === name)

const soundCell = (header: string, n: number, held: Package): string => {
  const first = firstNames[n % firstNames.length] ?? ''
  const last = lastNames[n % lastNames.length] ?? ''
  const isMeetings = held === 'Webex Meetings'
  const byName: Readonly<Record<string, string>> = {
    'First Name': first,
    'Last Name': last,
    'Display Name': `${first} ${last}`,
    'User ID/Email (Required)': `${first}.${last}.${n}@fjordkraft.no`.toLowerCase(),
    Extension: isMeetings ? '' : String(3000 + n),
    'Phone Number': isMeetings ? '' : `+4721${String(504000 + n)}`,
    Location: isMeetings ? '' : (['Oslo HQ', 'Bergen', 'Tromso'][n % 3] ?? ''),
    'Preferred Webex Site': held === 'Webex Voice' ? '' : 'fjordkraft.webex.com',
    Department: 'Drift',
    Title: 'Konsulent',
  }
  const name = (newNames[header] ?? header).trim()
  if (byName[name] !== undefined) return byName[name]
  if (/^(Basic|Advanced|Call on Webex)/u.test(name)) return 'TRUE'
  return /^(Jabber|Contact Migration|Hybrid Calendar Service \(|On-Prem|Call Service|Calendar Service|Webex Meeting Assistant|fjordkraft)/u.test(
    name,
  )
    ? 'FALSE'
    : ''
}

/** A sound file: the header, then `rows` users with packages in turn. */
export function soundFile(vintage: Vintage, rows: number): string[][] {
  const header = [...vintage.columns, ...packages.map((name) => name + vintage.suffix)]
  const users = Array.from({ length: rows }, (_, n) => {
    // Row 3 is where mistakes are planted: a user of Webex Suite, who has everything.
    const held = n === 1 ? 'Webex Suite' : (packages[n % packages.length] ?? 'Webex Suite')
    return [...vintage.columns.map((column) => soundCell(column, n, held)), ...packages.map((name) => (name === held ? 'TRUE' : 'FALSE'))]
  })
  return [header, ...users]
}

export interface Dialect {
  readonly name: string
  readonly delimiter: string
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'windows-1252'
  readonly ends: readonly string[]
  readonly quoteAll?: boolean
  /** What TRUE and FALSE are called. */
  readonly words?: readonly [string, string]
}
export const dialects: readonly Dialect[] = [
  { name: 'Control Hub', delimiter: ',', encoding: 'utf-8', ends: ['\r\n'] },
  { name: 'a Nordic Excel', delimiter: ';', encoding: 'windows-1252', ends: ['\r\n'], words: ['SANN', 'USANN'] },
  { name: 'a Danish Excel', delimiter: ';', encoding: 'utf-8-bom', ends: ['\r\n'], words: ['SAND', 'FALSK'] },
  { name: 'Unicode text', delimiter: '\t', encoding: 'utf-16le', ends: ['\r\n'] },
  { name: 'a script', delimiter: ',', encoding: 'utf-8', ends: ['\n'], quoteAll: true },
  { name: 'pipes', delimiter: '|', encoding: 'utf-8-bom', ends: ['\n'] },
  { name: 'an old Mac', delimiter: ';', encoding: 'utf-8', ends: ['\r'] },
  { name: 'three hands', delimiter: ',', encoding: 'utf-8', ends: ['\r\n', '\n', '\r'] },
]

export function bytesOf(grid: Grid, { delimiter, encoding, ends, quoteAll = false, words }: Dialect): Uint8Array<ArrayBuffer> {
  const spoken = (text: string): string => (words === undefined ? text : text === 'TRUE' ? words[0] : text === 'FALSE' ? words[1] : text)
  const quoted = (text: string): string =>
    quoteAll || text.includes(delimiter) || /["\r\n]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  const text = grid.map((row, n) => row.map((cell) => quoted(spoken(cell))).join(delimiter) + (ends[n % ends.length] ?? '')).join('')
  switch (encoding) {
    case 'utf-8':
      return new Uint8Array(Buffer.from(text, 'utf8'))
    case 'utf-8-bom':
      return new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf8'))
    case 'utf-16le':
      return new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))
    case 'windows-1252':
      return new Uint8Array(Buffer.from(text, 'latin1'))
  }
}
