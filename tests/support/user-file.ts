import { packageNames, type PackageName } from '../../shared/core/catalogue/packages.ts'

/** A user as a test names it; what is not named is right and different for each. */
export interface UserCells {
  readonly 'First Name'?: string
  readonly 'Last Name'?: string
  readonly 'Display Name'?: string
  readonly 'User ID/Email (Required)'?: string
  readonly 'User Status'?: string
  readonly Extension?: string
  readonly 'Phone Number'?: string
  readonly Location?: string
  readonly 'Preferred Webex Site'?: string
  readonly Department?: string
  readonly package?: PackageName | null
}

const filePackages = packageNames.filter((name) => name !== 'Customer Assist')
export const userHeader = [
  'First Name',
  'Last Name',
  'Display Name',
  'User ID/Email (Required)',
  'User Status',
  'Extension',
  'Phone Number',
  'Location',
  'Jabber with Webex Teams',
  'Jabber Calling',
  'Preferred Webex Site',
  'Department',
  'Basic Messaging',
  'Basic Space Meetings',
  'Call on Webex',
  ...filePackages,
] as const

const names = ['Kari', 'Ola', 'Ingrid', 'Nils', 'Anna', 'Trond', 'Solveig', 'Magnus'] as const

/** The cells of one user, in the order of `userHeader`. */
export function userCells(n: number, cells: UserCells = {}): string[] {
  const first = names[n % names.length] ?? 'Kari'
  const chosen = cells.package === undefined ? 'Webex Suite' : cells.package
  const all: Readonly<Record<string, string>> = {
    'First Name': first,
    'Last Name': 'Nordmann',
    'Display Name': `${first} Nordmann`,
    'User ID/Email (Required)': `user.${n}@fjordkraft.no`,
    'User Status': 'Verified',
    Extension: String(2300 + n),
    'Phone Number': `+47215383${String(n).padStart(2, '0')}`,
    Location: 'Oslo HQ',
    'Jabber with Webex Teams': 'FALSE',
    'Jabber Calling': 'FALSE',
    'Preferred Webex Site': 'fjordkraft.webex.com',
    Department: 'Drift',
    'Basic Messaging': 'TRUE',
    'Basic Space Meetings': 'TRUE',
    'Call on Webex': 'TRUE',
    ...Object.fromEntries(filePackages.map((name) => [name, name === chosen ? 'TRUE' : 'FALSE'])),
    ...Object.fromEntries(Object.entries(cells).filter(([name]) => name !== 'package')),
  }
  return userHeader.map((header) => all[header] ?? '')
}

/** A Control Hub file as text: comma, CRLF, quotes where needed. */
export function userFile(rows: readonly (readonly string[])[], { delimiter = ',', lineEnd = '\r\n' } = {}): string {
  const quoted = (text: string): string => (/["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text)
  return [userHeader, ...rows].map((row) => row.map(quoted).join(delimiter) + lineEnd).join('')
}

export const users = (count: number, change: (n: number) => UserCells = () => ({})): string[][] =>
  Array.from({ length: count }, (_, n) => userCells(n, change(n)))
