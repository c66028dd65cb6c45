import { recogniseColumns } from '../../shared/core/catalogue/recognise.ts'
import type { Sheet } from '../../shared/core/diff/paired-columns.ts'
import { tableFromRows } from '../../shared/core/table/table-from-rows.ts'

/** The columns of the small files that these tests are written in. */
export const header = [
  'First Name',
  'Last Name',
  'User ID/Email (Required)',
  'User Status',
  'Extension',
  'Phone Number',
  'Location',
  'Department',
  'Jabber Calling',
  'Webex Calling',
  'Webex Suite',
  'Webex Meetings',
] as const
type Header = (typeof header)[number]

export type User = Readonly<Partial<Record<Header, string>>>

/** A user with one package; the other package cells are FALSE. */
export function user(name: string, held: 'Webex Calling' | 'Webex Suite' | 'Webex Meetings' | null, more: User = {}): User {
  return {
    'First Name': name,
    'Last Name': 'Vik',
    'User ID/Email (Required)': `${name.toLowerCase()}@firma.no`,
    'User Status': 'Verified',
    Extension: '0042',
    Location: 'Oslo HQ',
    Department: 'Drift',
    'Jabber Calling': 'FALSE',
    'Webex Calling': 'FALSE',
    'Webex Suite': 'FALSE',
    'Webex Meetings': 'FALSE',
    ...(held === null ? {} : { [held]: 'TRUE' }),
    ...more,
  }
}

export const sheetOf = (users: readonly User[]): Sheet =>
  sheet(
    header,
    users.map((cells) => header.map((name) => cells[name] ?? '')),
  )

export const sheet = (headers: readonly string[], rows: readonly (readonly string[])[]): Sheet => ({
  table: tableFromRows(headers, rows),
  columns: recogniseColumns(headers),
})
