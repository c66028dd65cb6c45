import { decodeMojibake } from '../../kit/mojibake.ts'
import { editDistance } from '../../kit/suggest.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import type { CatalogueColumn, ColumnMatch, RecognisedColumn } from './column.ts'
import { catalogue, type CatalogueEntry } from './columns.ts'

/** Without what a header may gain or lose on its way: case, kinds of space, zero-width characters, hyphens and another normal form. */
const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u200b-\u200d\u2060\ufeff_\-\u2010-\u2015\u2212]+/g, '')

const exactNames = new Map<string, CatalogueEntry>()
const foldedNames = new Map<string, CatalogueEntry>()
for (const column of catalogue) {
  for (const name of [column.name, ...column.spellings]) exactNames.set(name, column)
  for (const name of [column.name, ...column.spellings, ...column.aliases])
    if (!foldedNames.has(fold(name))) foldedNames.set(fold(name), column)
}
const currentNames = catalogue.map((column) => ({ column, folded: fold(column.name), digits: column.name.replace(/\D/g, '') }))

interface HeaderParts {
  readonly service: string
  readonly site: string | null
  readonly subscription: string | null
  readonly suspended: boolean
}

const suspendedMark = /\s*\(\s*suspended\s*\)/i
const bracket = /\s*\[([^\]]*)\]\s*$/
const subscriptionForm = /^(sub|trialsub)[\w.-]*$/i
const sitePrefix = /^(\S+)\s+-\s+(?=\S)/

/** `<site> - <service> [<subscription>] (Suspended)`: the parts that are there (domain.md §1.3). */
function partsOf(header: string): HeaderParts {
  const suspended = suspendedMark.test(header)
  const text = suspended ? header.replace(suspendedMark, '') : header
  const found = bracket.exec(text)
  const unbracketed = found === null ? text : text.slice(0, found.index)
  const site = sitePrefix.exec(unbracketed)
  const isSite = site !== null && (site[1]!.includes('.') || /^webex\b/i.test(unbracketed.slice(site[0].length)))
  return {
    service: isSite ? unbracketed.slice(site[0].length) : unbracketed,
    site: isSite ? site[1]! : null,
    subscription: found === null ? null : found[1]!.trim(),
    suspended,
  }
}

function headerOf(name: string, parts: HeaderParts): string {
  const site = parts.site === null ? '' : `${parts.site} - `
  const subscription = parts.subscription === null ? '' : ` [${parts.subscription}]`
  return `${site}${name}${subscription}${parts.suspended ? ' (Suspended)' : ''}`
}

/**
 * A slip of the pen in a long name: one wrong letter from 8 letters on, two from 14 on. Digits must agree (`Alternate Email 5` is no
 * misspelt `Alternate Email 1`), and no second column may be as near.
 */
function misspelt(service: string): CatalogueEntry | null {
  const text = fold(service)
  const limit = text.length >= 14 ? 2 : text.length >= 8 ? 1 : 0
  if (limit === 0) return null
  const digits = service.replace(/\D/g, '')
  const near = currentNames
    .filter((name) => name.digits === digits)
    .map((name) => ({ ...name, distance: editDistance(text, name.folded, limit) }))
    .filter((name) => name.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
  const [first, second] = near
  return first === undefined || first.distance === second?.distance ? null : first.column
}

/** `MÃ¸ter i grunnleggende rom`, `M?ter i grunnleggende rom`: a name whose letters were read, or lost, in another code page. */
function garbled(service: string): CatalogueEntry | null {
  const decoded = decodeMojibake(service)
  const found = decoded === null ? undefined : foldedNames.get(fold(decoded))
  if (found !== undefined || !/[?\ufffd]/.test(service)) return found ?? null
  const text = fold(service)
  const isLost = (sign: string): boolean => sign === '?' || sign === '\ufffd'
  const fits = [...foldedNames].filter(
    ([name]) => name.length === text.length && [...text].every((sign, at) => sign === name[at] || (isLost(sign) && name[at]! > '\x7f')),
  )
  const [first, second] = new Set(fits.map(([, entry]) => entry))
  return second === undefined ? (first ?? null) : null
}

const plain = ({ id, name, kind, value, package: packageName }: CatalogueEntry): CatalogueColumn => ({
  id,
  name,
  kind,
  value,
  ...(packageName === undefined ? {} : { package: packageName }),
})

function recognised(index: number, header: string, parts: HeaderParts, entry: CatalogueEntry, isExact: boolean): RecognisedColumn {
  const match: ColumnMatch = entry.kind === 'removed' ? 'removed' : isExact ? 'exact' : 'renamed'
  return {
    index,
    header,
    column: plain(entry),
    match,
    expected: match === 'removed' ? null : isExact ? header : headerOf(entry.name, parts),
    subscription: parts.subscription,
    suspended: parts.suspended,
    site: parts.site,
  }
}

/** A service that is not in the catalogue and yet a licence: it names a site or a subscription. */
function unlistedLicence(index: number, header: string, parts: HeaderParts): RecognisedColumn {
  const name = parts.service.trim()
  return {
    index,
    header,
    column: { id: `licence:${fold(name)}`, name, kind: 'licence', value: 'boolean' },
    match: 'exact',
    expected: header,
    subscription: parts.subscription,
    suspended: parts.suspended,
    site: parts.site,
  }
}

/** What Control Hub itself writes: the name and, where there is one, a suffix with one space before it. */
function isWrittenSo(header: string, parts: HeaderParts): boolean {
  if (!exactNames.has(parts.service)) return false
  const suffixes = parts.subscription === null ? '' : ` [${parts.subscription}]`
  const site = parts.site === null ? '' : `${parts.site} - `
  const start = site + parts.service
  return (
    header === start + suffixes ||
    (parts.suspended && (header === `${start}${suffixes} (Suspended)` || header === `${start} (Suspended)${suffixes}`))
  )
}

function recogniseHeader(header: string, index: number, known: CustomerHeaders): RecognisedColumn {
  const parts = partsOf(header)
  const packageEntry = known.packages.get(header)
  if (packageEntry !== undefined) return recognised(index, header, parts, packageEntry, true)
  const spelling = known.spellings.get(fold(header))
  const meantPackage = spelling === undefined ? undefined : known.packages.get(spelling)
  if (spelling !== undefined && meantPackage !== undefined)
    return { ...recognised(index, header, parts, meantPackage, false), expected: spelling }
  const found = foldedNames.get(fold(parts.service))
  const isKnownHeader = known.header.has(header)
  if (found !== undefined) return recognised(index, header, parts, found, isKnownHeader || isWrittenSo(header, parts))
  if (parts.service.trim() !== '' && !isKnownHeader) {
    const meant = garbled(parts.service) ?? misspelt(parts.service)
    if (meant !== null) return recognised(index, header, parts, meant, false)
  }
  const isLicence = (parts.subscription !== null && subscriptionForm.test(parts.subscription)) || parts.site !== null || parts.suspended
  if (isLicence && parts.service.trim() !== '') return unlistedLicence(index, header, parts)
  const { subscription, suspended, site } = parts
  const expected = isKnownHeader ? header : (known.spellings.get(fold(header)) ?? null)
  return {
    index,
    header,
    column: null,
    match: isKnownHeader ? 'exact' : expected === null ? 'unknown' : 'renamed',
    expected,
    subscription,
    suspended,
    site,
  }
}

interface CustomerHeaders {
  readonly packages: ReadonlyMap<string, CatalogueEntry>
  readonly header: ReadonlySet<string>
  /** A header of the customer, package columns first, by what is left of it when case, spaces and hyphens do not count. */
  readonly spellings: ReadonlyMap<string, string>
}

function headersOf(customer: CustomerProfile | undefined): CustomerHeaders {
  const packages = new Map<string, CatalogueEntry>()
  for (const bought of customer?.packages ?? []) {
    const entry = catalogue.find((column) => column.package === bought.package)
    if (bought.column !== undefined && entry !== undefined) packages.set(bought.column, entry)
  }
  const header = customer?.header ?? []
  const spellings = new Map<string, string>()
  for (const text of [...packages.keys(), ...header]) if (text.trim() !== '' && !spellings.has(fold(text))) spellings.set(fold(text), text)
  return { packages, header: new Set(header), spellings }
}

/** Recognises each header by itself. What a customer's profile says of its own headers counts as exact knowledge. */
export function recogniseColumns(headers: readonly string[], customer?: CustomerProfile): RecognisedColumn[] {
  const known = headersOf(customer)
  return headers.map((header, index) => recogniseHeader(header, index, known))
}

/** How much a row of cells looks like the header of a user file: a point for each known column, five for the email. Below 2 it is none. */
export function scoreHeader(cells: readonly string[]): number {
  const seen = new Set<string>()
  let score = 0
  for (const { column } of recogniseColumns(cells)) {
    if (column === null || seen.has(column.id)) continue
    seen.add(column.id)
    score += column.id === 'email' ? 5 : 1
  }
  return score
}
