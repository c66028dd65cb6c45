import type { ApiSubscriber } from './answer.ts'
import type { WholesaleCall } from './plan-calls.ts'
import { reason, type WholesaleReason } from './reason.ts'

/**
 * What is known of an item that the API is to have.
 *
 * `pending`: surely not done. `sent`: the call is under way; a program that finds it so after a crash reads it as unknown. `unknown`:
 * perhaps done, to be looked up before anything is sent again. `waiting`: taken, and the person must consent. `done`, `refused`:
 * settled. `left-out`: there is no call for it.
 */
export const wholesaleStates = ['pending', 'sent', 'unknown', 'waiting', 'done', 'refused', 'left-out'] as const
export type WholesaleState = (typeof wholesaleStates)[number]
export type WholesaleCounts = Readonly<Record<WholesaleState | 'total', number>>

/** How an item came to be done: by our call's own answer, by a look-up after it, or it was so before. */
export type WholesaleProof = 'answered' | 'looked-up' | 'was-so'

export interface Settled {
  readonly state: 'done' | 'waiting' | 'refused'
  readonly subscriberId: string | null
  readonly reason: WholesaleReason | null
  readonly proof: WholesaleProof | null
}

/** A user as the API has them after our call, or as it had them before. */
export function settledBy(subscriber: ApiSubscriber, wanted: string, proof: WholesaleProof): Settled {
  const { id, packages, status, errors } = subscriber
  const base = { subscriberId: id, proof }
  // "Any errors of the last attempt": an answer that is 200 and has some is a refusal.
  if (errors.length > 0) return { ...base, state: 'refused', reason: reason('api', errors.join('; ')), proof: null }
  if (packages.length > 0 && !packages.includes(wanted)) {
    return { ...base, state: 'refused', reason: reason('changed', packages.join(', ')), proof: null }
  }
  return status === 'provisioned'
    ? { ...base, state: 'done', reason: null }
    : { ...base, state: 'waiting', reason: reason('consent', status === 'pending_user_migration' ? '' : status) }
}

/** What a look-up says of an item. `send`: nothing of it was done yet, or not any more; `id` where the call needs one. */
export type Found = { readonly kind: 'settled'; readonly settled: Settled } | { readonly kind: 'send'; readonly id: string | null }

/**
 * The user as a look-up found them, held against what the item wants. `mayBeOurs`: an earlier call of ours may have had its effect.
 * An approval never overwrites what it did not see: who has another package than the batch was made against is left alone.
 */
export function afterLookUp(call: WholesaleCall, found: ApiSubscriber | null, mayBeOurs: boolean): Found {
  const proof: WholesaleProof = mayBeOurs ? 'looked-up' : 'was-so'
  const settled = (state: Settled['state'], why: WholesaleReason | null): Found => ({
    kind: 'settled',
    settled: { state, subscriberId: found?.id ?? null, reason: why, proof: state === 'refused' ? null : proof },
  })
  switch (call.kind) {
    case 'add':
      return found === null ? { kind: 'send', id: null } : { kind: 'settled', settled: settledBy(found, call.package, proof) }
    case 'remove':
      if (found === null) return settled('done', null)
      if (isOther(found, call.from)) return settled('refused', reason('changed', found.packages.join(', ')))
      return { kind: 'send', id: found.id }
    case 'change':
      if (found === null) return settled('refused', reason('missing'))
      if (found.packages.includes(call.package)) return { kind: 'settled', settled: settledBy(found, call.package, proof) }
      if (isOther(found, call.from)) return settled('refused', reason('changed', found.packages.join(', ')))
      return { kind: 'send', id: found.id }
  }
}

const isOther = (found: ApiSubscriber, from: string | null): boolean =>
  from !== null && found.packages.length > 0 && !found.packages.includes(from)
