import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { personKey } from '../../shared/core/batch/approval.ts'
import type { OpenedFile } from './services.ts'

interface Entry {
  readonly name: string
  readonly beside: string
}

const headers = {
  locations: { name: /^(name|location( name)?|navn|lokasjon|lokation|sted)$/iu, beside: /^(country|country code|land|landkode)$/iu },
  numbers: {
    name: /^(number|phone numbers?|telephone|telefonnummer|telefon|nummer)$/iu,
    beside: /^(location( name)?|lokasjon|lokation|sted)$/iu,
  },
} as const

/** Locations with their country, or numbers with their location: by header, else the first column and the second. */
export function readList({ table }: Pick<OpenedFile, 'table'>, what: 'locations' | 'numbers'): readonly Entry[] {
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  const name = columns.find(({ header }) => headers[what].name.test(header.trim())) ?? columns[0]
  const beside = columns.find((column) => column !== name && headers[what].beside.test(column.header.trim()))
  if (name === undefined) return []
  return Array.from(table.rows, (row) => ({ name: name.textOf(row).trim(), beside: beside?.textOf(row).trim() ?? '' })).filter(
    (entry) => entry.name !== '',
  )
}

export function mergeList(
  profile: CustomerProfile,
  what: 'locations' | 'numbers',
  entries: readonly Entry[],
): { readonly profile: CustomerProfile; readonly added: number; readonly known: number } {
  const present =
    what === 'locations' ? (profile.locations ?? []).map(({ name }) => name) : (profile.numbers ?? []).map(({ number }) => number)
  const seen = new Set(present.map(personKey))
  const fresh = entries.filter(({ name }) => {
    if (seen.has(personKey(name))) return false
    seen.add(personKey(name))
    return true
  })
  const merged: CustomerProfile =
    what === 'locations'
      ? {
          ...profile,
          locations: [
            ...(profile.locations ?? []),
            ...fresh.map(({ name, beside }) => ({ name, ...(/^[A-Z]{2}$/iu.test(beside) ? { country: beside.toUpperCase() } : {}) })),
          ],
        }
      : {
          ...profile,
          numbers: [
            ...(profile.numbers ?? []),
            ...fresh.map(({ name, beside }) => ({ number: name, ...(beside === '' ? {} : { location: beside }) })),
          ],
        }
  return { profile: merged, added: fresh.length, known: entries.length - fresh.length }
}
