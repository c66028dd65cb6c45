import { editDistance } from '../../kit/suggest.ts'
import { locationKey } from './numbers.ts'
import type { PlanLocation } from './plan.ts'

export interface LocationPair {
  readonly first: number
  readonly second: number
  readonly reason: 'same-name' | 'near-name' | 'same-address'
}

/** Locations that are the same, or look like one written twice. `first` < `second`; one reason a pair, the strongest. */
export function nearLocations(locations: readonly PlanLocation[]): readonly LocationPair[] {
  const names = locations.map(({ name }) => folded(name))
  const keys = locations.map(({ name }) => locationKey(name))
  const addresses = locations.map(({ address }) =>
    folded([address.line1, address.line2, address.postalCode, address.city, address.country].join(' ')),
  )
  const pairs: LocationPair[] = []
  locations.forEach((location, second) => {
    for (let first = 0; first < second; first++) {
      const reason = reasonOf(first, second)
      if (reason !== null) pairs.push({ first, second, reason })
    }
    function reasonOf(first: number, at: number): LocationPair['reason'] | null {
      const [a = '', b = ''] = [names[first], names[at]]
      if (keys[first] === keys[at] && keys[at] !== '') return 'same-name'
      if (location.address.line1.trim() !== '' && addresses[first] === addresses[at]) return 'same-address'
      return isNear(a, b) ? 'near-name' : null
    }
  })
  return pairs
}

/** "Oslo 1" and "Oslo 2" differ in what they count, so they are two places; a slip of a letter or two in a longer name is one. */
function isNear(a: string, b: string): boolean {
  if (a === '' || b === '') return false
  if (a === b) return true
  if (a.replace(/\d+/gu, '#') === b.replace(/\d+/gu, '#')) return false
  const limit = Math.floor(Math.min(a.length, b.length) / 5)
  return limit > 0 && editDistance(a, b, limit) <= limit
}

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/æ/gu, 'ae')
    .replace(/ø/gu, 'o')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
