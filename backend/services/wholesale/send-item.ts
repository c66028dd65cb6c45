import type { AppError } from '../../../shared/contract/app-error.ts'
import { canonicalize } from '../../../shared/core/batch/canonical.ts'
import type { Hasher } from '../../../shared/core/batch/hasher.ts'
import { judgeEffect, type ApiSubscriber } from '../../../shared/core/wholesale/answer.ts'
import { afterLookUp, settledBy, type Found, type Settled } from '../../../shared/core/wholesale/outcome.ts'
import type { WholesaleCall, WholesaleItem } from '../../../shared/core/wholesale/plan-calls.ts'
import { reason } from '../../../shared/core/wholesale/reason.ts'
import { effectRequest } from '../../../shared/core/wholesale/requests.ts'
import type { OutboxItem, OutboxProblem, OutboxSession } from '../../ports/wholesale-outbox.ts'
import { barredError, createQuestions, holdBack, unreachableError, type QuestionParts } from './ask.ts'

export type CallItem = WholesaleItem & { readonly call: WholesaleCall }

export interface SendParts extends QuestionParts {
  readonly session: Pick<OutboxSession, 'put'>
  readonly hasher: Hasher
  readonly now: () => string
  readonly outboxError: (problem: OutboxProblem) => AppError
}

/** So many refusals for want of rights, with nothing that went well between them, are the token's doing and no user's. */
const mostBarred = 5

/**
 * Takes one item as far as it goes. The order that makes it safe:
 *
 * 1. Where an earlier call may have had its effect, the user is looked up first, and what is found is adopted.
 * 2. The item is written down as sent, durably; only then does the call leave.
 * 3. An answer settles it. No answer, or one that cannot be read, makes it unknown: back to 1, a bounded number of times.
 *
 * When it returns, the outbox says what is known. A sending that is to end leaves the item pending where surely nothing was done, and
 * unknown where something may have been.
 */
export function createItemSender(parts: SendParts): (item: CallItem, was: OutboxItem) => Promise<void> {
  const { line, link, pace, times, signal, session, hasher, now, nowMs, halt, outboxError, url } = parts
  const questions = createQuestions(parts)
  let barredInARow = 0

  /** Looked up after each of the settling times, until what is found settles the item. */
  async function lookUpSettled({ call, email }: CallItem): Promise<Found | null> {
    let last: Found | null = null
    for (const ms of times.settleMs) {
      if (!(await pace.pause(ms))) return null
      const looked = await questions.lookUp(email)
      if (looked === null) return null
      last = afterLookUp(call, looked.found, true)
      if (last.kind === 'settled') return last
    }
    return last
  }

  /** What must be known before the call is made. `mayBeOurs`: an earlier call of ours may have had its effect. */
  async function prepare({ call, email }: CallItem, mayBeOurs: boolean): Promise<Found | null> {
    if (call.kind === 'add') {
      const checked = await questions.precheck(call)
      if (checked === null) return null
      if (checked.kind === 'sound') return { kind: 'send', id: null }
      const looked = await questions.lookUp(email)
      if (looked === null) return null
      if (looked.found !== null || checked.kind === 'unavailable') return afterLookUp(call, looked.found, mayBeOurs)
      return { kind: 'settled', settled: { state: 'refused', subscriberId: null, reason: checked.reason, proof: null } }
    }
    const looked = await questions.lookUp(email)
    return looked === null ? null : afterLookUp(call, looked.found, mayBeOurs)
  }

  return async (item, was) => {
    const { call, email } = item
    let row = was
    const save = (change: Partial<OutboxItem>): boolean => {
      row = { ...row, ...change, at: now() }
      const put = session.put(row)
      if (!put.ok) halt(outboxError(put.error))
      return put.ok
    }
    const settle = (settled: Settled): boolean => save({ ...settled, subscriberId: settled.subscriberId ?? row.subscriberId })
    const settleBy = (subscriber: ApiSubscriber | null): boolean =>
      subscriber === null || call.kind === 'remove'
        ? settle({ state: 'done', subscriberId: null, reason: null, proof: 'answered' })
        : settle(settledBy(subscriber, call.package, 'answered'))

    let ready: Found | null = null
    if (row.state === 'waiting') {
      const looked = await questions.lookUp(email)
      if (looked === null) return
      const found = afterLookUp(call, looked.found, true)
      // Who was asked to consent and is not there any more has said no, or was taken away.
      settle(found.kind === 'settled' ? found.settled : { state: 'refused', subscriberId: null, reason: reason('missing'), proof: null })
      return
    }
    if (row.state === 'unknown') {
      ready = await lookUpSettled(item)
      if (ready === null) return
    }

    for (let tries = 0; tries < times.tries; tries++) {
      ready ??= await prepare(item, row.attempts > 0)
      if (ready === null) return
      if (ready.kind === 'settled') {
        settle(ready.settled)
        return
      }
      const request = effectRequest(link, call, ready.id)
      if (!(await pace.pass())) return
      const requestHash = hasher.sha256(canonicalize({ ...request, body: request.body ?? null }))
      if (!save({ state: 'sent', attempts: row.attempts + 1, requestHash, reason: null })) return

      const verdict = judgeEffect(await line.call(request, signal), call.kind, email, nowMs())
      if (verdict.kind !== 'barred') barredInARow = 0
      switch (verdict.kind) {
        case 'accepted':
          settleBy(verdict.subscriber)
          return
        case 'gone':
          if (call.kind === 'remove') settleBy(null)
          else save({ state: 'refused', reason: reason('missing') })
          return
        case 'refused':
          save({ state: 'refused', reason: verdict.reason })
          return
        case 'conflict': {
          if (!save({ state: 'unknown', reason: verdict.reason })) return
          const looked = await questions.lookUp(email)
          if (looked === null) return
          const found = afterLookUp(call, looked.found, row.attempts > 1)
          if (found.kind === 'settled') settle(found.settled)
          else save({ state: 'refused', reason: verdict.reason })
          return
        }
        case 'barred':
          save({ state: verdict.status === 401 ? 'pending' : 'refused', reason: verdict.reason })
          if (verdict.status === 401 || ++barredInARow >= mostBarred) halt(barredError(url, verdict))
          return
        case 'again':
          if (!save({ state: 'pending', reason: verdict.reason })) return
          if (!(await holdBack(parts, verdict, tries))) return
          ready = null
          break
        case 'unknown': {
          if (!save({ state: 'unknown', reason: verdict.reason })) return
          if (verdict.afterMs !== null && !(await holdBack(parts, verdict, tries))) return
          ready = await lookUpSettled(item)
          if (ready === null) return
          if (ready.kind === 'send' && !(await pace.pause(pace.backoff(tries)))) return
          break
        }
      }
    }
    // Tried as often as is sensible: what the last look-up showed counts; who is still unknown is listed so, with the last reason.
    if (ready?.kind === 'settled') settle(ready.settled)
    else if (row.state === 'pending' && row.reason !== null) halt(unreachableError(url, row.reason))
  }
}
