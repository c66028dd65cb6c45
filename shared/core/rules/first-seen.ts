import { numberIndex, type NumberIndex } from './number-index.ts'
import type { User } from './user.ts'

/** Which row holds a number first. A check fills it as it walks; where rows are checked again it is full, and rows find themselves. */
export interface FirstSeen {
  /** By the digits of a phone number. */
  readonly phones: NumberIndex
  /** By extension. */
  readonly extensions: NumberIndex
  /** By extension and location. */
  readonly placed: NumberIndex
  /** User and extension → a number for both extension and location; locations are one whatever their case. */
  readonly placeKey: (user: User, extension: number) => number
}

/** Locations that are told apart; an extension of 11 digits times this is still a whole number. */
const maxPlaces = 60_000

/** Numbers locations, which are one whatever their case. */
export function placeNumbers(): (location: string) => number {
  const places = new Map<string, number>()
  return (location) => {
    const known = places.get(location)
    if (known !== undefined) return known
    const folded = location.toLowerCase()
    const place = places.get(folded) ?? places.size % maxPlaces
    places.set(folded, place)
    places.set(location, place)
    return place
  }
}

export function placeKeyReader(placeOf = placeNumbers()): FirstSeen['placeKey'] {
  return (user, extension) => extension * maxPlaces + placeOf(user.willBe('location'))
}
/** The extension and the location of a number that `placeKey` gave. */
export const partsOfPlaced = (key: number): { readonly extension: number; readonly place: number } => ({
  extension: Math.floor(key / maxPlaces),
  place: key % maxPlaces,
})

/** Empty, for a walk over so many rows. */
export function newFirstSeen(expected: number): FirstSeen {
  const made: { phones?: NumberIndex; extensions?: NumberIndex; placed?: NumberIndex } = {}
  return {
    get phones() {
      return (made.phones ??= numberIndex(expected))
    },
    get extensions() {
      return (made.extensions ??= numberIndex(expected))
    },
    get placed() {
      return (made.placed ??= numberIndex(expected))
    },
    placeKey: placeKeyReader(),
  }
}
