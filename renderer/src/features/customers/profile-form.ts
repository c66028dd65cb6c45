import { packageNames, type PackageName } from '../../../../shared/core/catalogue/packages.ts'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import type { TextKey } from '../../text/i18n.ts'

/** A profile as a form holds it: texts and ticks. Lists are one entry a line. */
export interface ProfileForm {
  name: string
  createdWith: PackageName | ''
  packages: { readonly package: PackageName; bought: boolean; column: string; limit: string }[]
  /** `Oslo HQ; NO` */
  locations: string
  sites: string
  /** `+4721000001; Oslo HQ` */
  numbers: string
  administrators: string
  emailDomains: string
  extensionLength: string
  directorySynced: boolean
  /** What the Wholesale API calls the customer; blank: it is not sent there. */
  customerId: string
  subPartnerOrgId: string
  /** `Oslo HQ; Y2lz…` */
  locationIds: string
  /** The customer's own rules as JSON; blank for none. */
  rules: string
}

/** What is wrong with a form, by field: the line that cannot be read, or null. */
export type ProfileProblem = {
  readonly field: 'locations' | 'locationIds' | 'customerId' | 'extensionLength' | 'limit' | 'name' | 'rules'
  readonly value: string
}

export function formOf(profile: CustomerProfile): ProfileForm {
  return {
    name: profile.name,
    createdWith: profile.createdWith ?? '',
    packages: packageNames.map((name) => {
      const bought = profile.packages?.find((line) => line.package === name)
      return {
        package: name,
        bought: bought !== undefined,
        column: bought?.column ?? '',
        limit: bought?.limit === undefined ? '' : String(bought.limit),
      }
    }),
    locations: (profile.locations ?? [])
      .map(({ name, country }) => (country === undefined && !name.includes(';') ? name : `${name}; ${country ?? ''}`))
      .join('\n'),
    sites: (profile.sites ?? []).join('\n'),
    numbers: (profile.numbers ?? []).map(({ number, location }) => (location === undefined ? number : `${number}; ${location}`)).join('\n'),
    administrators: (profile.administrators ?? []).join('\n'),
    emailDomains: (profile.emailDomains ?? []).join('\n'),
    extensionLength: profile.extensionLength === undefined ? '' : String(profile.extensionLength),
    directorySynced: profile.directorySynced ?? false,
    customerId: profile.wholesale?.customerId ?? '',
    subPartnerOrgId: profile.wholesale?.subPartnerOrgId ?? '',
    locationIds: (profile.wholesale?.locations ?? []).map((place) => `${place.name}; ${place.id}`).join('\n'),
    rules: profile.rules === undefined || profile.rules.length === 0 ? '' : JSON.stringify(profile.rules, null, 2),
  }
}

/**
 * The profile that a form says. What is left empty is left out, so that the rules which need it stay off;
 * what the form does not show (the header, a package's second column) comes from `before`. Own rules are read as JSON here and as rules by
 * the backend, which refuses a wrong one with its path.
 */
export function profileOf(
  form: ProfileForm,
  before: CustomerProfile,
): { readonly profile: CustomerProfile } | { readonly problem: ProfileProblem } {
  const name = form.name.trim()
  if (name === '') return { problem: { field: 'name', value: '' } }
  const limits = form.packages.filter(({ bought, limit }) => bought && limit.trim() !== '')
  const badLimit = limits.find(({ limit }) => !/^\d+$/u.test(limit.trim()))
  if (badLimit !== undefined) return { problem: { field: 'limit', value: badLimit.limit } }
  const length = form.extensionLength.trim()
  if (length !== '' && !/^(?:[2-9]|10)$/u.test(length)) return { problem: { field: 'extensionLength', value: length } }
  // A location's name may hold a semicolon, its country does not.
  const locations = pairsOf(form.locations, 'last')
  const badCountry = locations.find(([, country]) => country !== '' && !/^[A-Z]{2}$/u.test(country))
  if (badCountry !== undefined) return { problem: { field: 'locations', value: badCountry.join('; ') } }

  const packages = form.packages
    .filter(({ bought }) => bought)
    .flatMap((line) => [
      {
        package: line.package,
        ...(line.column.trim() === '' ? {} : { column: line.column.trim() }),
        ...(line.limit.trim() === '' ? {} : { limit: Number(line.limit) }),
      },
      ...(before.packages ?? []).filter((bought) => bought.package === line.package).slice(1),
    ])
  const rules = rulesOf(form.rules)
  if (rules === null) return { problem: { field: 'rules', value: '' } }
  const wholesale = wholesaleOf(form)
  if ('problem' in wholesale) return wholesale
  const { header } = before
  return {
    profile: {
      name,
      ...(form.createdWith === '' ? {} : { createdWith: form.createdWith }),
      ...some('packages', packages),
      ...some(
        'locations',
        locations.map(([place, country]) => (country === '' ? { name: place } : { name: place, country })),
      ),
      ...some('sites', linesOf(form.sites)),
      ...some(
        'numbers',
        pairsOf(form.numbers, 'first').map(([number, location]) => (location === '' ? { number } : { number, location })),
      ),
      ...some('administrators', linesOf(form.administrators)),
      ...(length === '' ? {} : { extensionLength: Number(length) }),
      ...some('emailDomains', linesOf(form.emailDomains)),
      ...(form.directorySynced ? { directorySynced: true } : {}),
      ...(header === undefined ? {} : { header }),
      ...wholesale.part,
      ...some('rules', rules),
    },
  }
}

/**
 * What stands in a form when the profile it was made from changes under it: fields that nobody typed in take what is saved, lists
 * take the lines that came and went, and everything else that was typed stands. `clashes`: the fields that changed on both sides, now or
 * before (`known`), and still differ.
 */
export function rebasedForm(
  typed: ProfileForm,
  before: ProfileForm,
  after: ProfileForm,
  known: readonly SingleField[] = [],
): { readonly form: ProfileForm; readonly clashes: readonly SingleField[] } {
  const form = copyOf(after)
  const clashes: SingleField[] = []
  for (const key of Object.keys(singleFields) as SingleField[]) {
    if (same(typed[key], before[key]) || same(typed[key], after[key])) continue
    Object.assign(form, { [key]: typed[key] })
    if (known.includes(key) || !same(before[key], after[key])) clashes.push(key)
  }
  for (const key of lineFields) {
    if (typed[key] === before[key]) continue
    if (before[key] === after[key]) {
      form[key] = typed[key]
      continue
    }
    const was = new Set(linesOf(before[key]))
    const is = new Set(linesOf(after[key]))
    const kept = linesOf(typed[key]).filter((line) => is.has(line) || !was.has(line))
    form[key] = [...new Set([...kept, ...[...is].filter((line) => !was.has(line))])].join('\n')
  }
  return { form: copyOf(form), clashes }
}

/** A copy that shares nothing: a form is typed in. */
export const copyOf = (form: ProfileForm): ProfileForm => JSON.parse(JSON.stringify(form)) as ProfileForm

/** Fields that hold one thing, of which one of two must go, and what they are called on the page. */
export const singleFields = {
  name: 'customers.name',
  createdWith: 'customers.createdWith',
  packages: 'packages.title',
  extensionLength: 'customers.extensionLength',
  directorySynced: 'customers.synced',
  customerId: 'customers.customerId',
  subPartnerOrgId: 'customers.subPartner',
  rules: 'customers.rules',
} as const satisfies Readonly<Record<Exclude<keyof ProfileForm, (typeof lineFields)[number]>, TextKey>>
export type SingleField = keyof typeof singleFields

const lineFields = ['locations', 'sites', 'numbers', 'administrators', 'emailDomains', 'locationIds'] as const
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** IDs of locations, or of a sub-partner, are of no use without the customer's own. */
function wholesaleOf(form: ProfileForm): { readonly part: Pick<CustomerProfile, 'wholesale'> } | { readonly problem: ProfileProblem } {
  const customerId = form.customerId.trim()
  const subPartnerOrgId = form.subPartnerOrgId.trim()
  const locations = pairsOf(form.locationIds, 'last')
  const bad = locations.find(([name, id]) => name === '' || id === '')
  if (bad !== undefined) return { problem: { field: 'locationIds', value: bad.join('; ') } }
  if (customerId === '')
    return locations.length > 0 || subPartnerOrgId !== '' ? { problem: { field: 'customerId', value: '' } } : { part: {} }
  return {
    part: {
      wholesale: {
        customerId,
        ...(subPartnerOrgId === '' ? {} : { subPartnerOrgId }),
        ...some(
          'locations',
          locations.map(([name, id]) => ({ name, id })),
        ),
      },
    },
  }
}

/** Null: no JSON list. */
function rulesOf(text: string): readonly unknown[] | null {
  if (text.trim() === '') return []
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

const some = <K extends string, T>(key: K, list: readonly T[]): Partial<Record<K, T[]>> =>
  list.length === 0 ? {} : ({ [key]: [...list] } as Record<K, T[]>)

export const linesOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
]

/** `a; b` by line, divided at the first or the last semicolon; the second is empty where there is none. */
const pairsOf = (text: string, at: 'first' | 'last'): readonly (readonly [string, string])[] =>
  linesOf(text).map((line) => {
    const place = at === 'first' ? line.indexOf(';') : line.lastIndexOf(';')
    return place === -1 ? [line, ''] : [line.slice(0, place).trim(), line.slice(place + 1).trim()]
  })
