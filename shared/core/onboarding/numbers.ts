import { isCallingPackage } from '../catalogue/packages.ts'
import { isE164 } from '../rules/phone-number.ts'
import type { NumberRange, OnboardingPlan, PlanUser } from './plan.ts'

/** Numbers a range may hold; more is a slip of the finger. */
export const largestRange = 10_000

export type RangeProblem = 'not-e164' | 'other-length' | 'backwards' | 'too-large'

/** A range as whole numbers: E.164 has at most 15 digits, which a number holds exactly. */
export interface Span {
  readonly location: string
  readonly first: number
  readonly last: number
}

export function spanOf({ location, from, to }: NumberRange): Span | RangeProblem {
  const end = to === '' ? from : to
  if (!isE164(from) || !isE164(end)) return 'not-e164'
  if (from.length !== end.length) return 'other-length'
  const first = Number(from.slice(1))
  const last = Number(end.slice(1))
  if (last < first) return 'backwards'
  return last - first >= largestRange ? 'too-large' : { location: locationKey(location), first, last }
}

/** Names of locations are the same whatever their case and spaces. */
export const locationKey = (name: string): string => name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase()

export type AssignmentConflict =
  /** The user has no location, so no pool. */
  | 'no-location'
  /** There is no number (left) for the location. */
  | 'none-left'
  /** The number that the user already has … */
  | 'not-in-pool'
  | 'other-location'
  | 'reserved'
  | 'twice'
  | 'malformed'
  /** No free number ends with the extension; the next free one was given. */
  | 'no-match'

export interface Assignment {
  /** Index into the users. */
  readonly user: number
  readonly number: string
  readonly why: 'match' | 'next'
}

export interface NumberPlan {
  readonly assigned: readonly Assignment[]
  readonly conflicts: readonly { readonly user: number; readonly conflict: AssignmentConflict; readonly detail: string }[]
  /** Numbers left, by the location's key. */
  readonly free: ReadonlyMap<string, number>
}

export interface NumberInput {
  readonly users: readonly Pick<PlanUser, 'package' | 'location' | 'extension' | 'phoneNumber' | 'lastName' | 'firstName' | 'email'>[]
  readonly numbers: Pick<OnboardingPlan['numbers'], 'ranges' | 'order' | 'matchExtension'> & {
    readonly reserved: readonly { readonly number: string }[]
  }
}

/**
 * Gives numbers to users with a calling package who have none. Laws: no number is given twice, none that a user has or that is
 * reserved, none of another location; a user who has one keeps it; the same input gives the same result; among those who get the
 * next free number, whoever comes first in the chosen order gets the lower one.
 *
 * Matching goes first, so that nobody takes a number that ends with somebody else's extension.
 */
export function assignNumbers({ users, numbers }: NumberInput): NumberPlan {
  const spans = numbers.ranges.flatMap((range) => {
    const span = spanOf(range)
    return typeof span === 'string' ? [] : [span]
  })
  const taken = new Set<number>(numbers.reserved.filter(({ number }) => isE164(number)).map(({ number }) => Number(number.slice(1))))
  const reserved = new Set(taken)
  const conflicts: { user: number; conflict: AssignmentConflict; detail: string }[] = []
  const seen = new Set<number>()

  const wanting: number[] = []
  users.forEach((user, index) => {
    if (user.phoneNumber !== '') {
      const conflict = conflictOf(user, spans, reserved, seen)
      if (conflict !== null) conflicts.push({ user: index, conflict, detail: user.phoneNumber })
      if (isE164(user.phoneNumber)) {
        taken.add(Number(user.phoneNumber.slice(1)))
        seen.add(Number(user.phoneNumber.slice(1)))
      }
    } else if (user.package !== '' && isCallingPackage(user.package)) {
      if (user.location.trim() === '') conflicts.push({ user: index, conflict: 'no-location', detail: '' })
      else wanting.push(index)
    }
  })

  const pools = poolsOf(spans)
  const ordered = inOrder(wanting, users, numbers.order)
  const assigned: Assignment[] = []
  const give = (user: number, number: number, why: Assignment['why']): void => {
    taken.add(number)
    assigned.push({ user, number: `+${String(number)}`, why })
  }

  const rest: number[] = []
  for (const index of ordered) {
    const user = users[index]
    const match =
      user === undefined || !numbers.matchExtension || !/^\d{2,10}$/u.test(user.extension)
        ? null
        : matching(pools.get(locationKey(user.location)) ?? [], user.extension, taken)
    if (match === null) rest.push(index)
    else give(index, match, 'match')
  }
  const cursors = new Map<string, Iterator<number>>()
  for (const index of rest) {
    const user = users[index]
    if (user === undefined) continue
    const key = locationKey(user.location)
    const cursor = cursors.get(key) ?? eachNumber(pools.get(key) ?? [])
    cursors.set(key, cursor)
    const next = nextFree(cursor, taken)
    if (next === null) conflicts.push({ user: index, conflict: 'none-left', detail: user.location })
    else {
      give(index, next, 'next')
      if (numbers.matchExtension && user.extension !== '') conflicts.push({ user: index, conflict: 'no-match', detail: user.extension })
    }
  }
  const free = new Map([...pools].map(([key, pool]) => [key, countFree(pool, taken)]))
  return { assigned: assigned.toSorted((a, b) => a.user - b.user), conflicts: conflicts.toSorted((a, b) => a.user - b.user), free }
}

/** Spans of a location, lowest first, without overlap. A number that two locations claim belongs to the one that names it first. */
function poolsOf(spans: readonly Span[]): ReadonlyMap<string, readonly Span[]> {
  const pools = new Map<string, Span[]>()
  const settled: Span[] = []
  for (const span of spans) {
    let pieces: readonly Span[] = [span]
    for (const other of settled) pieces = pieces.flatMap((piece) => without(piece, other))
    settled.push(...pieces)
    for (const piece of pieces) pools.set(span.location, [...(pools.get(span.location) ?? []), piece])
  }
  for (const [key, pool] of pools)
    pools.set(
      key,
      pool.toSorted((a, b) => a.first - b.first),
    )
  return pools
}

function without(piece: Span, other: Span): readonly Span[] {
  if (other.last < piece.first || other.first > piece.last) return [piece]
  const left = piece.first < other.first ? [{ ...piece, last: other.first - 1 }] : []
  const right = piece.last > other.last ? [{ ...piece, first: other.last + 1 }] : []
  return [...left, ...right]
}

/** Two ranges that share a number, by their indexes. */
export function overlaps(ranges: readonly NumberRange[]): readonly { readonly range: number; readonly other: number }[] {
  const found: { range: number; other: number }[] = []
  const spans = ranges
    .map((range, index) => ({ span: spanOf(range), index }))
    .filter((entry): entry is { span: Span; index: number } => typeof entry.span !== 'string')
    .toSorted((a, b) => a.span.first - b.span.first || a.index - b.index)
  let widest = spans[0]
  for (const entry of spans.slice(1)) {
    if (widest === undefined) break
    if (entry.span.first <= widest.span.last)
      found.push({ range: Math.max(entry.index, widest.index), other: Math.min(entry.index, widest.index) })
    if (entry.span.last > widest.span.last) widest = entry
  }
  return found.toSorted((a, b) => a.range - b.range)
}

function conflictOf(
  user: NumberInput['users'][number],
  spans: readonly Span[],
  reserved: ReadonlySet<number>,
  seen: ReadonlySet<number>,
): AssignmentConflict | null {
  if (!isE164(user.phoneNumber)) return 'malformed'
  const number = Number(user.phoneNumber.slice(1))
  if (seen.has(number)) return 'twice'
  if (reserved.has(number)) return 'reserved'
  const key = locationKey(user.location)
  const holding = spans.filter((span) => span.first <= number && number <= span.last)
  if (holding.some((span) => span.location === key)) return null
  if (holding.length > 0) return 'other-location'
  return spans.some((span) => span.location === key) ? 'not-in-pool' : null
}

function inOrder(wanting: readonly number[], users: NumberInput['users'], order: NumberInput['numbers']['order']): readonly number[] {
  if (order === 'list') return wanting
  const key = (index: number): string => {
    const user = users[index]
    if (user === undefined) return ''
    return order === 'name'
      ? `${user.lastName}\u0000${user.firstName}\u0000${user.email}`.toLowerCase()
      : user.extension === ''
        ? '\uffff'
        : user.extension.padStart(10, '0')
  }
  // By code point, so that every machine gives the same numbers.
  return wanting.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b))
}

function matching(pool: readonly Span[], extension: string, taken: ReadonlySet<number>): number | null {
  const step = 10 ** extension.length
  const tail = Number(extension)
  for (const { first, last } of pool) {
    let candidate = first - (first % step) + tail
    if (candidate < first) candidate += step
    for (; candidate <= last; candidate += step) if (!taken.has(candidate)) return candidate
  }
  return null
}

function* eachNumber(pool: readonly Span[]): Generator<number> {
  for (const { first, last } of pool) for (let number = first; number <= last; number++) yield number
}

function nextFree(cursor: Iterator<number>, taken: ReadonlySet<number>): number | null {
  for (let next = cursor.next(); next.done !== true; next = cursor.next()) if (!taken.has(next.value)) return next.value
  return null
}

function countFree(pool: readonly Span[], taken: ReadonlySet<number>): number {
  const size = pool.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  let used = 0
  for (const number of taken) if (pool.some(({ first, last }) => first <= number && number <= last)) used++
  return size - used
}
