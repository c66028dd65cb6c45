import { joinName } from '../../../../shared/core/mapping/names.ts'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'

/** What administrators do to a selection day by day, beside packages and removals. */
export const presets = ['location', 'site', 'default-site', 'extensions', 'numbers', 'display-name'] as const
export type Preset = (typeof presets)[number]

/** The catalogue's column that a preset writes. */
export const columnOf: Readonly<Record<Preset, string>> = {
  location: 'location',
  site: 'site',
  'default-site': 'site',
  extensions: 'extension',
  numbers: 'phone-number',
  'display-name': 'display-name',
}

const mostInRange = 100_000

/** Every extension from the first to the last, zeros kept: `0098 … 0101`. Null where the two make no range. */
export function extensionRange(first: string, last: string): readonly string[] | null {
  if (!/^\d{1,10}$/u.test(first) || !/^\d{1,10}$/u.test(last)) return null
  const [from, to] = [Number(first), Number(last)]
  if (to < from || to - from >= mostInRange) return null
  const digits = first.startsWith('0') ? first.length : 1
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(digits, '0'))
}

/** Display names out of given and family names; one that is there stays where only blanks are to be filled. */
export const displayNames = (rows: readonly (readonly string[])[], onlyBlank: boolean): readonly string[] =>
  rows.map(([given = '', family = '', display = '']) => (onlyBlank && display.trim() !== '' ? display : joinName({ given, family })))

/** The customer's numbers that a user of a location can have: those of that location and those of none. All, where the user has none. */
export function numbersAt(numbers: NonNullable<CustomerProfile['numbers']>, location: string): readonly string[] {
  const place = location.trim().toLowerCase()
  const fits = (of: string | undefined): boolean =>
    place === '' || of === undefined || of.trim() === '' || of.trim().toLowerCase() === place
  return numbers.filter((each) => fits(each.location)).map(({ number }) => number)
}
