import { packageOfApiName } from './packages.ts'
import { emptyLocation, emptyPlan, readPlan, type OnboardingPlan, type PlanAddress, type PlanLocation } from './plan.ts'

/** What was read from a file, and what of it was left out. */
export interface Imported<T> {
  readonly items: readonly T[]
  /** Columns or keys that mean nothing here, as they are called in the file. */
  readonly unknown: readonly string[]
  /** Records in which nothing was recognised. */
  readonly skipped: number
}

type Target =
  | 'name'
  | 'line1'
  | 'line2'
  | 'city'
  | 'state'
  | 'postalCode'
  | 'country'
  | 'timeZone'
  | 'emailLanguage'
  | 'announcementLanguage'
  | 'emergencyLocationIdentifier'
  | 'notes'
  | 'webexId'
  | 'adminEmail'
  | 'externalId'
  | 'orgId'
  | 'packages'

/** Names of columns and keys in English, Norwegian, Danish and the API's spelling, compared without case, spaces and signs. */
const names: Readonly<Record<Target, readonly string[]>> = {
  name: [
    'name',
    'location',
    'location name',
    'company',
    'company name',
    'customer',
    'customer name',
    'display name',
    'navn',
    'sted',
    'lokasjon',
    'lokation',
    'placering',
    'firma',
    'firmanavn',
    'virksomhed',
    'kunde',
  ],
  line1: [
    'address',
    'address 1',
    'address line 1',
    'street',
    'street address',
    'adresse',
    'adresse 1',
    'adresselinje 1',
    'gateadresse',
    'vej',
  ],
  line2: ['address 2', 'address line 2', 'adresse 2', 'adresselinje 2'],
  city: ['city', 'town', 'poststed', 'by', 'city name'],
  state: ['state', 'state or province', 'state/province', 'province', 'fylke', 'region'],
  postalCode: ['postal code', 'zip', 'zip code', 'zip or postal code', 'zip/postal code', 'postnummer', 'postnr'],
  country: ['country', 'country code', 'land', 'landkode'],
  timeZone: ['time zone', 'timezone', 'tidssone', 'tidszone'],
  emailLanguage: ['language', 'email language', 'preferred language', 'språk', 'sprog', 'epostspråk', 'mailsprog'],
  announcementLanguage: ['announcement language', 'språk for meldinger', 'meldingsspråk', 'meddelelsessprog', 'sprog for meddelelser'],
  emergencyLocationIdentifier: ['emergency location identifier', 'emergency id', 'eli'],
  notes: ['notes', 'note', 'notat', 'notater', 'noter'],
  webexId: ['id', 'location id'],
  adminEmail: ['admin email', 'administrator email', 'administrator', 'primary email', 'email', 'e-post', 'e-mail'],
  externalId: ['external id', 'ekstern id', 'eksternt id'],
  orgId: ['org id', 'organization id', 'organisation id'],
  packages: ['packages', 'package', 'pakker', 'pakke'],
}
const key = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
const targets = new Map(Object.entries(names).flatMap(([target, list]) => list.map((name) => [key(name), target as Target])))

type Record_ = Readonly<Partial<Record<Target, string>>>

/** A table with a header row. */
export function locationsFromRows(header: readonly string[], rows: readonly (readonly string[])[]): Imported<PlanLocation> {
  return locationsOf(recordsFromRows(header, rows))
}
export function customersFromRows(header: readonly string[], rows: readonly (readonly string[])[]): Imported<OnboardingPlan> {
  return customersOf(recordsFromRows(header, rows))
}

/** An answer of the API saved as a file (`{ "items": [ … ] }`), a list, or one record. */
export const locationsFromJson = (value: unknown): Imported<PlanLocation> => locationsOf(recordsFromJson(value))

/** As for locations; a plan of Roster's own is read as the plan it is. */
export function customersFromJson(value: unknown): Imported<OnboardingPlan> {
  if (isRecord(value) && value['format'] === 'roster-onboarding-plan') {
    const plan = readPlan(value)
    return plan.ok
      ? { items: [plan.value], unknown: [], skipped: 0 }
      : { items: [], unknown: [`${plan.error.path} ${plan.error.detail}`], skipped: 1 }
  }
  return customersOf(recordsFromJson(value))
}

interface Records {
  readonly records: readonly Record_[]
  readonly unknown: readonly string[]
}

function recordsFromRows(header: readonly string[], rows: readonly (readonly string[])[]): Records {
  const columns = header.map((name) => targets.get(key(name)) ?? null)
  const records = rows
    .filter((cells) => cells.some((cell) => cell.trim() !== ''))
    .map((cells): Record_ => {
      const record: Partial<Record<Target, string>> = {}
      columns.forEach((target, index) => {
        if (target !== null) record[target] ??= (cells[index] ?? '').trim()
      })
      return record
    })
  return { records, unknown: header.filter((name, index) => columns[index] === null && name.trim() !== '') }
}

function recordsFromJson(value: unknown): Records {
  const list = Array.isArray(value)
    ? (value as unknown[])
    : isRecord(value) && Array.isArray(value['items'])
      ? (value['items'] as unknown[])
      : [value]
  const unknown = new Set<string>()
  const records = list.filter(isRecord).map((item): Record_ => {
    const record: Partial<Record<Target, string>> = {}
    const take = (part: Readonly<Record<string, unknown>>): void => {
      for (const [name, content] of Object.entries(part)) {
        if (isRecord(content) && ['address', 'customerInfo', 'calling', 'location', 'provisioningParameters'].includes(name)) take(content)
        else {
          const target = targets.get(key(name))
          if (target === undefined) unknown.add(name)
          else if (typeof content === 'string' || typeof content === 'number') record[target] ??= String(content).trim()
          else if (Array.isArray(content) && target === 'packages')
            record.packages ??= content.filter((one): one is string => typeof one === 'string').join(',')
        }
      }
    }
    take(item)
    return record
  })
  return { records, unknown: [...unknown] }
}

function locationsOf({ records, unknown }: Records): Imported<PlanLocation> {
  const items = records.filter((record) => (record.name ?? '') !== '' || (record.line1 ?? '') !== '').map(locationOf)
  return { items, unknown, skipped: records.length - items.length }
}

const locationOf = (record: Record_): PlanLocation => ({
  ...emptyLocation(),
  name: record.name ?? '',
  address: addressOf(record),
  timeZone: record.timeZone ?? '',
  emailLanguage: record.emailLanguage ?? '',
  announcementLanguage: record.announcementLanguage ?? record.emailLanguage ?? '',
  emergencyLocationIdentifier: record.emergencyLocationIdentifier ?? '',
  notes: record.notes ?? '',
  webexId: record.webexId ?? '',
})

const addressOf = (record: Record_): PlanAddress => ({
  line1: record.line1 ?? '',
  line2: record.line2 ?? '',
  city: record.city ?? '',
  state: record.state ?? '',
  postalCode: record.postalCode ?? '',
  country: /^[a-z]{2}$/u.test(record.country ?? '') ? (record.country ?? '').toUpperCase() : (record.country ?? ''),
})

function customersOf({ records, unknown }: Records): Imported<OnboardingPlan> {
  const items = records.filter((record) => (record.name ?? record.externalId ?? record.webexId ?? '') !== '').map(planOf)
  return { items, unknown, skipped: records.length - items.length }
}

function planOf(record: Record_): OnboardingPlan {
  const plan = emptyPlan()
  const packages = (record.packages ?? '')
    .split(/[,;|]/u)
    .map((name) => name.trim())
    .flatMap((name) => packageOfApiName(name) ?? packageByName(name) ?? [])
  return {
    ...plan,
    customer: {
      ...plan.customer,
      organisation: (record.orgId ?? '') === '' ? 'new' : 'existing',
      orgId: record.orgId ?? '',
      // The API's list of customers holds no name; the external ID is what people know them by.
      name: record.name ?? '',
      adminEmail: record.adminEmail ?? '',
      language: record.emailLanguage ?? '',
      externalId: record.externalId ?? '',
      customerId: record.webexId ?? '',
      packages: [...new Set(packages)].map((name) => ({ package: name, quantity: null })),
      headOffice: { ...locationOf({ ...record, name: '', webexId: '' }), notes: '' },
    },
  }
}

const packageByName = (name: string): ReturnType<typeof packageOfApiName> =>
  packageOfApiName(key(name) === 'customerassist' ? 'cx_essentials' : name.toLowerCase().replace(/\s+/gu, '_'))

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
