import type { Effect } from '../../../shared/core/batch/effects.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import type { UserChange } from './merge-users.ts'
import { subscriberOf } from './rows.ts'

/** A user as it was read: the cells as text, because most are passed on as they are. */
export interface StoredUser {
  readonly email: string
  readonly package: string | null
  readonly cells: string
  readonly version: number
}

/** The users as they stand while a transaction's items are worked through, before anything of it is written. */
export interface UserView {
  find(key: string): Subscriber | null
  /** The user as JSON, for the ledger's before-image. */
  textOf(key: string): string | null
  carryOut(effect: Effect, subject: string, index: number): void
  /** Items that touched a user in common have the same unit. */
  unitOf(index: number): number
  changes(): readonly UserChange[]
}

export function createUserView(stored: ReadonlyMap<string, StoredUser>, items: number): UserView {
  const now = new Map<string, Subscriber | null>()
  const lastItem = new Map<string, number>()
  const parent = Int32Array.from({ length: items }, (_, index) => index)

  function unitOf(index: number): number {
    let unit = index
    while ((parent[unit] ?? unit) !== unit) unit = parent[unit] ?? unit
    return unit
  }

  function put(key: string, after: Subscriber | null, index: number): void {
    const before = lastItem.get(key)
    if (before !== undefined) parent[unitOf(before)] = unitOf(index)
    lastItem.set(key, index)
    now.set(key, after)
  }

  const find = (key: string): Subscriber | null => {
    const known = now.get(key)
    if (known !== undefined) return known
    const user = stored.get(key)
    return user === undefined ? null : subscriberOf(user.email, user.package, user.cells)
  }

  return {
    find,
    textOf(key) {
      const known = now.get(key)
      if (known !== undefined) return known === null ? null : JSON.stringify(known)
      const user = stored.get(key)
      // As JSON.stringify would write it, without reading the cells first.
      return user === undefined
        ? null
        : `{"email":${JSON.stringify(user.email)},"package":${JSON.stringify(user.package)},"cells":${user.cells}}`
    },
    carryOut(effect, subject, index) {
      if (effect.kind === 'refused' || effect.kind === 'none') return
      const key = effect.after === null ? null : emailKey(effect.after.email)
      if (key !== subject && find(subject) !== null) put(subject, null, index)
      if (effect.after !== null && key !== null) put(key, effect.after, index)
    },
    unitOf,
    changes: () =>
      [...now].flatMap(([key, after]): UserChange[] => {
        const seen = stored.get(key)?.version ?? null
        return seen === null && after === null ? [] : [{ unit: unitOf(lastItem.get(key) ?? 0), key, seen, after }]
      }),
  }
}
