import { nearest } from '../../kit/suggest.ts'
import { catalogue } from '../catalogue/columns.ts'
import type { CatalogueColumn, ColumnMatch, RecognisedColumn } from '../catalogue/column.ts'
import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { readBoolean } from '../catalogue/read-boolean.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import { foldWord, type GuessedBy, type Mapping, type NameOrder, type SourceMapping, type SourceUse } from './mapping.ts'
import { headerWords, noWords, packageWords, yesWords } from './words.ts'

/** A column of the file as far as it was looked at: its distinct texts with how often they occur, the most frequent first. */
export interface SampledColumn {
  readonly recognised: RecognisedColumn
  readonly values: readonly { readonly text: string; readonly count: number }[]
}

export interface GuessedMapping {
  readonly mapping: Mapping
  /** One for each column. */
  readonly by: readonly GuessedBy[]
}

/**
 * A list that Control Hub did not write: nobody's package stands in it, and the email is not called as Control Hub calls it. A single
 * package column under another name (`Webex-pakke`) is as a rule a personnel list's column of words.
 */
export function isForeign(
  columns: readonly { readonly column: Pick<CatalogueColumn, 'id' | 'kind'> | null; readonly match: ColumnMatch }[],
): boolean {
  const email = columns.find(({ column }) => column?.id === 'email')
  const packages = columns.filter(({ column }) => column?.kind === 'package')
  return email?.match !== 'exact' && packages.length < 2 && packages.every(({ match }) => match === 'renamed')
}

/**
 * A proposal: by the names of the columns, then by what stands in them. No target is given twice; an earlier column and a known name
 * go before. What is not understood is kept as it is. A person confirms all of it.
 */
export function guessMapping(columns: readonly SampledColumn[], customer?: CustomerProfile): GuessedMapping {
  const uses: (SourceUse | null)[] = columns.map(() => null)
  const by: GuessedBy[] = columns.map(() => 'nothing')
  const taken = new Set<string>()
  const take = (place: number, use: SourceUse | null, how: GuessedBy): void => {
    const key = use === null ? null : targetKey(use)
    if (use === null || uses[place] !== null || (key !== null && isTaken(taken, key))) return
    uses[place] = use
    by[place] = how
    if (key !== null) taken.add(key)
  }
  for (const guess of [byCatalogue, byWords])
    columns.forEach((column, place) => {
      take(place, guess(column), 'name')
    })
  columns.forEach((column, place) => {
    take(place, byContent(column, customer), 'content')
  })
  const mapped = columns.map(({ recognised, values }, place): SourceMapping => {
    const use = uses[place] ?? { kind: 'keep' }
    return { header: recognised.header, use, values: guessValues(use, values, customer) }
  })
  return { mapping: { columns: mapped, constants: guessConstants(mapped, customer), joinDisplayName: !taken.has('display-name') }, by }
}

const targetKey = (use: SourceUse): string | null => {
  if (use.kind === 'column') return use.target
  return use.kind === 'full-name' || use.kind === 'package' ? use.kind : null
}

/** A full name and its parts do not come from two places. */
const isTaken = (taken: ReadonlySet<string>, key: string): boolean =>
  taken.has(key) || (key === 'full-name' && taken.has('first-name') && taken.has('last-name'))

function byCatalogue(sampled: SampledColumn): SourceUse | null {
  const { column, match } = sampled.recognised
  if (column === null || match === 'removed') return null
  // `Webex-pakke` is Webex Suite in a translated file, and in a personnel list the column that names the package.
  if (column.kind === 'package' && match === 'renamed' && share(sampled, (text) => booleanOf(text) === null) >= 0.5) return null
  return column.id.startsWith('licence:') ? { kind: 'keep' } : { kind: 'column', target: column.id }
}

const plain = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
const targetsByWord = new Map(Object.entries(headerWords).flatMap(([target, words]) => words.map((word) => [plain(word), target] as const)))

function byWords(column: SampledColumn): SourceUse | null {
  const target = targetsByWord.get(plain(column.recognised.header))
  if (target === undefined) return null
  if (target === 'full-name') return { kind: 'full-name', order: orderOf(column) }
  if (target === 'package') return { kind: 'package' }
  return { kind: 'column', target }
}

/** `Olsen, Freja` where most have one comma; else the given name first, as most lists have it. */
const orderOf = (column: SampledColumn): NameOrder =>
  share(column, (text) => /^[^,]+,[^,]+$/u.test(text)) >= 0.6 ? 'family-comma-given' : 'given-family'

/** How large a part of the filled cells passes. 0 where nothing is filled. */
function share({ values }: SampledColumn, passes: (text: string) => boolean): number {
  let [filled, passed] = [0, 0]
  for (const { text, count } of values) {
    if (text.trim() === '') continue
    filled += count
    if (passes(text.trim())) passed += count
  }
  return filled === 0 ? 0 : passed / filled
}

function byContent(column: SampledColumn, customer: CustomerProfile | undefined): SourceUse | null {
  if (share(column, (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(text)) >= 0.8) return { kind: 'column', target: 'email' }
  if (share(column, (text) => packageNamed(text) !== null) >= 0.8) return { kind: 'package' }
  const locations = customer?.locations?.map(({ name }) => foldWord(name)) ?? []
  if (locations.length > 0 && share(column, (text) => locations.includes(foldWord(text))) >= 0.8)
    return { kind: 'column', target: 'location' }
  if (share(column, (text) => /^\+?[\d\s().-]{8,20}$/u.test(text) && (text.startsWith('+') || text.includes(' '))) >= 0.8)
    return { kind: 'column', target: 'phone-number' }
  if (share(column, (text) => /^\p{Lu}[\p{L}' -]+, \p{Lu}[\p{L}' -]+$/u.test(text)) >= 0.8)
    return { kind: 'full-name', order: 'family-comma-given' }
  return null
}

/** The package that a word of a list means, or null where it is the customer's own word. */
export function packageNamed(word: string): PackageName | null {
  const folded = foldWord(word)
  const exact = packageNames.find((name) => foldWord(name) === folded)
  return exact ?? packageWords.find(([, words]) => words.includes(folded.replace(/^webex\s+/u, '')))?.[0] ?? null
}

const columnsById = new Map<string, CatalogueColumn>(catalogue.map((column) => [column.id, column]))

/** A mapping of last month with what is known of the words that have come since. */
export function withNewWords(mapping: Mapping, columns: readonly SampledColumn[], customer?: CustomerProfile): Mapping {
  const known = mapping.columns.map((column, place): SourceMapping => {
    const said = new Set(column.values.map(({ from }) => foldWord(from)))
    const guessed = guessValues(column.use, columns[place]?.values ?? [], customer).filter(({ from }) => !said.has(foldWord(from)))
    return guessed.length === 0 ? column : { ...column, values: [...column.values, ...guessed] }
  })
  return { ...mapping, columns: known }
}

/** What the words of a column become; only those that are not written as they stand. For packages all words are listed. */
export function guessValues(
  use: SourceUse,
  values: SampledColumn['values'],
  customer: CustomerProfile | undefined,
): SourceMapping['values'] {
  const words = new Map(values.filter(({ text }) => text.trim() !== '').map(({ text }) => [foldWord(text), text.trim()]))
  const pairs = (to: (text: string) => string | null): SourceMapping['values'] =>
    [...words.values()].flatMap((from) => {
      const text = to(from)
      return text === null || text === from ? [] : [{ from, to: text }]
    })
  if (use.kind === 'package') return pairs((text) => packageNamed(text) ?? '')
  if (use.kind !== 'column') return []
  const { value } = columnsById.get(use.target) ?? {}
  if (value === 'boolean') return pairs(booleanOf)
  const known = value === 'location' ? customer?.locations?.map(({ name }) => name) : value === 'site' ? customer?.sites : undefined
  return known === undefined || known.length === 0 ? [] : pairs((text) => (known.includes(text) ? null : nearest(text, known)))
}

function booleanOf(text: string): string | null {
  const word = foldWord(text)
  if (yesWords.includes(word)) return 'TRUE'
  if (noWords.includes(word)) return 'FALSE'
  const reading = readBoolean(text)
  return reading === null ? null : reading.value ? 'TRUE' : 'FALSE'
}

/** Jabber must be stated for each user with a package (domain.md §1.2); a site or location that the customer has only one of is theirs. */
function guessConstants(columns: readonly SourceMapping[], customer: CustomerProfile | undefined): Mapping['constants'] {
  const has = (target: string): boolean => columns.some(({ use }) => use.kind === 'column' && use.target === target)
  const hasPackage = columns.some(
    ({ use }) => use.kind === 'package' || (use.kind === 'column' && columnsById.get(use.target)?.kind === 'package'),
  )
  const only = (list: readonly string[] | undefined): string | null => (list?.length === 1 ? (list[0] ?? null) : null)
  const wanted: readonly (readonly [string, string | null])[] = [
    ['jabber-teams', hasPackage ? 'FALSE' : null],
    ['jabber-calling', hasPackage ? 'FALSE' : null],
    ['site', only(customer?.sites)],
    ['location', only(customer?.locations?.map(({ name }) => name))],
  ]
  return wanted.flatMap(([target, text]) => (text === null || has(target) ? [] : [{ target, text }]))
}
