import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { personKey } from '../../shared/core/batch/approval.ts'
import { countries, isCountry } from '../../shared/core/onboarding/codes.ts'
import { withPlus } from '../../shared/core/rules/national-number.ts'
import {
  isE164,
  isMalformed,
  isRounded,
  isScientific,
  phoneKey,
  withoutSeparators,
  withoutTrunkZero,
} from '../../shared/core/rules/phone-number.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import { languages } from '../../shared/kit/language.ts'
import { once } from '../../shared/kit/once.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import type { OpenedFile } from './services.ts'

type What = 'locations' | 'numbers'

/** A line of a list: a location with its country, or a number with its location; `beside` is blank where the list does not say it. */
interface Entry {
  readonly name: string
  readonly beside: string
  readonly row: number
}

export interface MergedList {
  readonly profile: CustomerProfile
  readonly added: number
  readonly known: number
}

const headers = {
  locations: {
    name: /^(name|location( name)?|navn|lokasjon|lokation|sted|plassering|placering)$/iu,
    beside: /^(country|country code|land|landkode)$/iu,
  },
  numbers: {
    name: /^(number|phone numbers?|telephone|telefonnummer|telefon|nummer)$/iu,
    beside: /^(location( name)?|lokasjon|lokation|sted|plassering|placering)$/iu,
  },
} as const

const columnsOf = (table: OpenedFile['table']) => table.live.flatMap((index) => table.columns[index] ?? [])
const nameColumn = (table: OpenedFile['table'], what: What) =>
  columnsOf(table).find(({ header }) => headers[what].name.test(header.trim())) ?? columnsOf(table)[0]

/** Locations with their country, or numbers with their location: by header, else what the first column has. */
function readList({ table }: Pick<OpenedFile, 'table'>, what: What): readonly Entry[] {
  const columns = columnsOf(table)
  const name = nameColumn(table, what)
  const beside = columns.find((column) => column !== name && headers[what].beside.test(column.header.trim()))
  if (name === undefined) return []
  return Array.from(table.rows, (row) => ({
    name: name.textOf(row).trim(),
    beside: beside?.textOf(row).trim() ?? '',
    row: table.numberOf(row),
  })).filter((entry) => entry.name !== '')
}

/**
 * A profile with the lines of a list put to it. What it says stays; what it left open (the country of a location, the location of a number)
 * is taken from the list. A line that is no number, or names no country, refuses the whole list: a number in scientific notation has lost
 * its digits, and would later make a finding of every right one.
 */
export function mergeList(profile: CustomerProfile, what: What, file: OpenedFile): Result<MergedList, AppError> {
  const { name, headerRow } = file.facts
  if (what === 'numbers' && phoneKey(nameColumn(file.table, what)?.header ?? '') >= 0) {
    const detail = `Row ${headerRow} holds a number, not column names. Put a header row above it.`
    return err({ code: 'file/unusable', name, reason: 'no-header', detail, row: headerRow })
  }
  const entries = readList(file, what)
  const merged = what === 'locations' ? withLocations(profile, entries) : withNumbers(profile, entries)
  return merged.ok ? merged : err({ code: 'file/unusable', name, ...merged.error })
}

interface Problem {
  readonly reason: 'no-number' | 'no-country'
  readonly detail: string
  readonly row: number
}

function withLocations(profile: CustomerProfile, entries: readonly Entry[]): Result<MergedList, Problem> {
  const locations = growing(profile.locations ?? [], ({ name }) => personKey(name))
  for (const { name, beside, row } of entries) {
    const country = beside === '' ? null : countryOf(beside)
    if (beside !== '' && country === null) {
      const detail = `"${beside}" beside "${name}" is no country. Write its two letters, such as NO, or leave it blank.`
      return err({ reason: 'no-country', detail, row })
    }
    locations.put({ name, ...(country === null ? {} : { country }) })
  }
  return ok({ profile: { ...profile, locations: locations.items }, ...locations.counts() })
}

function withNumbers(profile: CustomerProfile, entries: readonly Entry[]): Result<MergedList, Problem> {
  const countryOfLocation = new Map((profile.locations ?? []).map(({ name, country }) => [personKey(name), country ?? null]))
  const numbers = growing(profile.numbers ?? [], ({ number }) => keyOf(number))
  for (const { name, beside, row } of entries) {
    const number = inFull(name, countryOfLocation.get(personKey(beside)) ?? null)
    if (number === null) {
      const detail = `"${name}" is no whole phone number. Write it with + and country code, such as +4721000001.`
      return err({ reason: 'no-number', detail, row })
    }
    numbers.put({ number, ...(beside === '' ? {} : { location: beside }) })
  }
  return ok({ profile: { ...profile, numbers: numbers.items }, ...numbers.counts() })
}

/** A list that grows: what is there already is kept as it is and only filled up. */
function growing<T extends object>(start: readonly T[], keyOfItem: (item: T) => string | number) {
  const items = [...start]
  const places = new Map<string | number, number>()
  items.forEach((item, place) => places.has(keyOfItem(item)) || places.set(keyOfItem(item), place))
  let known = 0
  return {
    items,
    put(item: T): void {
      const key = keyOfItem(item)
      const place = places.get(key)
      if (place === undefined) places.set(key, items.push(item) - 1)
      else {
        known++
        items[place] = { ...item, ...items[place] }
      }
    },
    counts: () => ({ added: items.length - start.length, known }),
  }
}

/** One number, however it is written; texts that are none each by themselves. */
function keyOf(number: string): number | string {
  const key = phoneKey(number.trim())
  return key < 0 ? number : key
}

/** A number as Control Hub wants it: without separators, with `+`, and with the country code of its location where it has none. */
function inFull(text: string, country: string | null): string | null {
  if (isScientific(text) || isRounded(text) || isMalformed(text)) return null
  const number = withoutSeparators(withoutTrunkZero(text)).replace(/^00/, '+')
  if (number.startsWith('+')) return isE164(number) ? number : null
  return withPlus(number, country)
}

/** The ISO code of a country that is given by its code or its name in one of our languages. */
function countryOf(text: string): string | null {
  const code = text.toUpperCase()
  return isCountry(code) ? code : (countryNames().get(personKey(text)) ?? null)
}

const countryNames = once(
  () =>
    new Map(
      languages.flatMap((language) => {
        const names = new Intl.DisplayNames(language, { type: 'region' })
        return countries.map((code): [string, string] => [personKey(names.of(code) ?? code), code])
      }),
    ),
)
