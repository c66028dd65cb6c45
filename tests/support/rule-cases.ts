import { recogniseColumns } from '../../shared/core/catalogue/recognise.ts'
import type { SourceFacts } from '../../shared/core/csv/source-facts.ts'
import { checkTable, type CheckedFindings, type CheckInput } from '../../shared/core/rules/check-table.ts'
import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import type { Finding } from '../../shared/core/rules/finding.ts'
import type { FixPlan } from '../../shared/core/rules/plan-fixes.ts'
import { tableBuilder } from '../../shared/core/table/table-from-rows.ts'

/** A user by column; what is not named is sound. The key is today's header. */
export type Cells = Readonly<Record<string, string>>

export const facts: SourceFacts = {
  name: 'users.csv',
  format: 'csv',
  headerRow: 1,
  emptyLines: 0,
  notices: [],
  encoding: 'utf-8',
  delimiter: ',',
  bom: false,
  lineEnding: 'crlf',
}

export const soundHeader = [
  'First Name', 'Last Name', 'Display Name', 'User ID/Email (Required)', 'User Status', 'Extension', 'Phone Number', 'Mobile Number', 'Caller ID Number',
  'Caller ID First Name', 'Location', 'Country', 'Jabber with Webex Teams', 'Jabber Calling', 'Preferred Webex Site', 'External Caller ID Name Policy',
  'Custom External Caller ID Name', 'Department', 'Title', 'Basic Messaging', 'Basic Space Meetings', 'Call on Webex', 'Advanced Messaging',
  'Advanced Space Meetings', 'Webex Attendant Console Advanced [Sub1]', 'Common Area', 'Webex Calling [Sub1]', 'Webex Calling Standard [Sub1]',
  'Webex Suite [Sub1]', 'Webex Meetings [Sub1]', 'Webex Voice [Sub1]', 'Customer Assist [Sub1]',
] // prettier-ignore

const packageColumns = soundHeader.slice(-6)
export const packageColumn = (name: string): string => `${name} [Sub1]`

/** A sound user of Webex Suite. `package`: another package, or '' for none. */
export function soundUser(n: number, cells: Cells = {}): Cells {
  const name = cells['package'] ?? 'Webex Suite'
  const { package: _package, ...own } = cells
  const meetings = name === 'Webex Meetings'
  return {
    'First Name': `Kari${'abcdefghijklmnopqrstuvwxyz'[n % 26]!}`,
    'Last Name': 'Moe',
    'User ID/Email (Required)': `user.${n}@fjordkraft.no`,
    Extension: meetings ? '' : String(2000 + n),
    'Phone Number': meetings ? '' : `+4721${String(500000 + n)}`,
    Location: meetings ? '' : 'Oslo HQ',
    'Jabber with Webex Teams': 'FALSE',
    'Jabber Calling': 'FALSE',
    'Preferred Webex Site': name === 'Webex Voice' ? '' : 'fjordkraft.webex.com',
    Department: 'Drift',
    'Basic Messaging': 'TRUE',
    'Basic Space Meetings': 'TRUE',
    'Call on Webex': 'TRUE',
    'Advanced Messaging': 'TRUE',
    'Advanced Space Meetings': 'TRUE',
    'Webex Attendant Console Advanced [Sub1]': 'FALSE',
    'Common Area': 'FALSE',
    ...Object.fromEntries(packageColumns.map((column) => [column, column === packageColumn(name) ? 'TRUE' : 'FALSE'])),
    ...own,
  }
}

/** The same file as people in three countries have it. */
export type FileLanguage = 'English' | 'Norwegian' | 'Danish'
const headers: Readonly<Record<FileLanguage, Cells>> = {
  English: {},
  Norwegian: {
    'First Name': 'Fornavn', 'Last Name': 'Etternavn', Extension: 'Internnummer', 'Phone Number': 'Telefonnummer', Location: 'Sted',
    'Jabber with Webex Teams': 'Jabber med Webex Teams', 'Jabber Calling': 'Jabber-anrop', 'Preferred Webex Site': 'Foretrukket Webex-nettsted',
    'Basic Messaging': 'Grunnleggende meldinger', 'Basic Space Meetings': 'Møter i grunnleggende rom', 'Call on Webex': 'Ring på Webex',
    Department: 'Avdeling', Title: 'Tittel', 'User Status': 'Brukerstatus', 'User ID/Email (Required)': 'Bruker-ID/e-post (obligatorisk)',
  },
  Danish: {
    'First Name': 'Fornavn', 'Last Name': 'Efternavn', Extension: 'Lokalnummer', 'Phone Number': 'Telefonnummer', Location: 'Placering',
    'Jabber with Webex Teams': 'Jabber med Webex Teams', 'Jabber Calling': 'Jabber-opkald', 'Preferred Webex Site': 'Foretrukket Webex-websted',
    'Basic Messaging': 'Grundlæggende meddelelser', 'Basic Space Meetings': 'Møder i grundlæggende rum', 'Call on Webex': 'Opkald på Webex',
    Department: 'Afdeling', Title: 'Titel', 'User Status': 'Brugerstatus', 'User ID/Email (Required)': 'Bruger-id/e-mail (påkrævet)',
  },
} // prettier-ignore
const words: Readonly<Record<FileLanguage, Cells>> = {
  English: {},
  Norwegian: { TRUE: 'SANN', FALSE: 'USANN' },
  Danish: { TRUE: 'SAND', FALSE: 'FALSK' },
}
export const headerIn = (column: string, language: FileLanguage): string => headers[language][column] ?? column
export const fileLanguages: readonly FileLanguage[] = ['English', 'Norwegian', 'Danish']

export interface FileShape {
  readonly header?: readonly string[]
  readonly language?: FileLanguage
}

export function sheet(
  users: readonly Cells[],
  { header = soundHeader, language = 'English' }: FileShape = {},
): Pick<CheckInput, 'table' | 'columns'> {
  const written = header.map((column) => headerIn(column, language))
  const builder = tableBuilder(written, users.length)
  users.forEach((user, i) =>
    builder.add(
      header.map((column) => words[language][user[column] ?? ''] ?? user[column] ?? ''),
      i + 2,
    ),
  )
  return { table: builder.finish(), columns: recogniseColumns(written) }
}

export interface CheckShape extends FileShape {
  readonly baseline?: readonly Cells[]
  readonly customer?: CustomerProfile
  readonly more?: Partial<CheckInput>
}

export function inputOf(users: readonly Cells[], { baseline, customer, more, ...shape }: CheckShape = {}): CheckInput {
  const file = sheet(users, shape)
  return {
    ...file,
    ...(customer === undefined ? {} : { customer, columns: recogniseColumns(file.columns.map((column) => column.header), customer) }),
    facts,
    ...(baseline === undefined ? {} : { baseline: { ...sheet(baseline), kind: 'export' } }),
    ...more,
  } // prettier-ignore
}

export const listed = (findings: CheckedFindings): Finding[] => Array.from({ length: findings.count }, (_, i) => findings.describe(i, 'en'))
export const check = (users: readonly Cells[], shape: CheckShape = {}): Finding[] => listed(checkTable(inputOf(users, shape)))
export const rulesIn = (findings: readonly Finding[]): string[] => findings.map((finding) => finding.rule)

/** The input with a plan carried out, by building the table anew: an oracle that shares nothing with the plan's own overlay. */
export function applied(input: CheckInput, plan: FixPlan): CheckInput {
  const live = input.columns.filter((column) => !plan.columns.some((change) => change.kind === 'drop' && change.column === column.index))
  const header = live.map((column) => {
    const renamed = plan.columns.find((change) => change.kind === 'rename' && change.column === column.index)
    return renamed?.kind === 'rename' ? renamed.header : column.header
  })
  const texts = new Map(plan.cells.map((cell) => [`${cell.row}:${cell.column}`, cell.text]))
  const builder = tableBuilder(header, input.table.rows.length)
  for (const row of input.table.rows) {
    builder.add(live.map((column) => texts.get(`${row}:${column.index}`) ?? input.table.columns[column.index]!.textOf(row)), input.table.numberOf(row)) // prettier-ignore
  }
  return { ...input, table: builder.finish(), columns: recogniseColumns(header, input.customer) }
}
