import type { AppError } from '../../../shared/contract/app-error.ts'
import {
  judgeLookUp,
  judgePrecheck,
  pickSubscriber,
  type ApiAnswer,
  type ApiSubscriber,
  type PrecheckVerdict,
  type Verdict,
} from '../../../shared/core/wholesale/answer.ts'
import type { WholesaleCall, WholesaleLink } from '../../../shared/core/wholesale/plan-calls.ts'
import { reason, type WholesaleReason } from '../../../shared/core/wholesale/reason.ts'
import { lookUpPage, lookUpRequest, precheckRequest, type ApiRequest } from '../../../shared/core/wholesale/requests.ts'
import type { WholesaleLine } from '../../ports/wholesale-api.ts'
import type { Pace, SendTimes } from './pace.ts'

/** Questions to the API, which change nothing and may be asked as often as needed. Null: the sending is to end. */
export interface Questions {
  lookUp(email: string): Promise<{ readonly found: ApiSubscriber | null } | null>
  precheck(
    call: Extract<WholesaleCall, { kind: 'add' }>,
  ): Promise<Extract<PrecheckVerdict, { kind: 'sound' | 'unavailable' | 'refused' }> | null>
}

export interface QuestionParts {
  readonly line: WholesaleLine
  readonly link: WholesaleLink
  readonly pace: Pace
  readonly times: SendTimes
  readonly signal: AbortSignal
  readonly nowMs: () => number
  /** Ends the sending for all. */
  readonly halt: (error: AppError) => void
  readonly url: string
}

type Pending = Extract<Verdict, { readonly kind: 'again' | 'barred' }>

export function createQuestions(parts: QuestionParts): Questions {
  const { line, link, pace, times, signal, nowMs, halt, url } = parts

  async function ask<T extends { readonly kind: string }>(
    request: ApiRequest,
    judge: (answer: ApiAnswer, nowMs: number) => T | Pending,
  ): Promise<Exclude<T, Pending> | null> {
    let last: WholesaleReason | null = null
    for (let tries = 0; tries < times.tries; tries++) {
      if (!(await pace.pass())) return null
      const verdict = judge(await line.call(request, signal), nowMs())
      if (signal.aborted) return null
      if (isBarred(verdict)) {
        halt(barredError(url, verdict))
        return null
      }
      if (!isAgain(verdict)) return verdict as Exclude<T, Pending>
      last = verdict.reason
      if (!(await holdBack(parts, verdict, tries))) return null
    }
    if (last !== null) halt(unreachableError(url, last))
    return null
  }

  return {
    async lookUp(email) {
      const verdict = await ask(lookUpRequest(link, email), (answer, now) => {
        const judged = judgeLookUp(answer, now)
        if (judged.kind !== 'list') return judged
        const found = pickSubscriber(judged.subscribers, email, link.customerId)
        // A whole page of others was not filtered by the email: the user may stand on the next one.
        if (found === null && judged.subscribers.length >= lookUpPage)
          return { kind: 'again' as const, afterMs: null, reason: reason('unreadable', 'HTTP 200') }
        return { kind: 'looked' as const, found }
      })
      return verdict === null ? null : { found: verdict.found }
    },
    precheck: (call) => ask(precheckRequest(link, call), judgePrecheck),
  }
}

const isBarred = (verdict: { readonly kind: string }): verdict is Extract<Pending, { kind: 'barred' }> => verdict.kind === 'barred'
const isAgain = (verdict: { readonly kind: string }): verdict is Extract<Pending, { kind: 'again' }> => verdict.kind === 'again'

/** Waits before the next try, as long as the API asks, or longer each time. False: the sending is to end. */
export async function holdBack(
  { pace, times, halt, url }: Pick<QuestionParts, 'pace' | 'times' | 'halt' | 'url'>,
  { afterMs, reason: why }: { readonly afterMs: number | null; readonly reason: WholesaleReason },
  tries: number,
): Promise<boolean> {
  // A certificate does not become right by waiting.
  if (why.kind === 'untrusted' || (afterMs !== null && afterMs > times.longestPauseMs)) {
    halt(unreachableError(url, why))
    return false
  }
  if (afterMs !== null) pace.leaveAlone(afterMs)
  // "At once", and a date that is over, are no leave to ask without a pause.
  return pace.pause(afterMs === null || afterMs === 0 ? pace.backoff(tries) : afterMs)
}

export const barredError = (url: string, { status, reason }: Extract<Verdict, { readonly kind: 'barred' }>): AppError => ({
  code: 'wholesale/not-allowed',
  url,
  status,
  detail: reason.detail,
})

export const unreachableError = (url: string, { kind, detail }: WholesaleReason): AppError => ({
  code: 'wholesale/unreachable',
  url,
  reason: kind,
  detail: detail === '' ? kind : detail,
})
