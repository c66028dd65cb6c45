import { expect, test } from 'vitest'
import { createQuestions, holdBack, type QuestionParts } from '../../../../backend/services/wholesale/ask.ts'
import { usualTimes } from '../../../../backend/services/wholesale/pace.ts'
import type { ApiAnswer } from '../../../../shared/core/wholesale/answer.ts'

/** Questions to an API that answers so, whose pauses are over at once and kept. */
function asking(answer: ApiAnswer) {
  const pauses: number[] = []
  const halts: unknown[] = []
  const parts: QuestionParts = {
    line: { call: () => Promise.resolve(answer), close: () => undefined },
    link: { customerId: 'cust', locations: [] },
    pace: {
      pass: () => Promise.resolve(true),
      pause: (ms) => {
        pauses.push(ms)
        return Promise.resolve(true)
      },
      leaveAlone: () => undefined,
      backoff: (tries) => 1_000 * 2 ** tries,
    },
    times: usualTimes,
    signal: new AbortController().signal,
    nowMs: () => Date.parse('2026-11-21T00:00:00Z'),
    halt: (error) => halts.push(error),
    url: 'https://api.example/v1',
  }
  return { parts, pauses, halts, questions: createQuestions(parts) }
}
const busy = { kind: 'busy', detail: 'HTTP 429' } as const
const listing = (count: number): ApiAnswer => ({
  kind: 'answer',
  status: 200,
  contentType: 'application/json',
  retryAfter: null,
  text: JSON.stringify({ items: Array.from({ length: count }, (_, n) => ({ id: `s-${n}`, email: `user.${n}@example.no` })) }),
})

test('a pause of no length is none that the API may be asked after: who is told "at once" waits as who is told nothing', async () => {
  const { parts, pauses } = asking(listing(0))
  for (const [afterMs, tries] of [
    [0, 0],
    [0, 3],
    [null, 1],
    [2_500, 1],
  ] as const)
    await holdBack(parts, { afterMs, reason: busy }, tries)
  expect(pauses).toEqual([1_000, 8_000, 2_000, 2_500])
})

test('a whole page of others does not say that a user is not there: the email was not looked for', async () => {
  const full = asking(listing(100))
  expect(await full.questions.lookUp('kari@example.no')).toBeNull()
  expect(full.halts).toMatchObject([{ code: 'wholesale/unreachable', reason: 'unreadable' }])
  expect(await full.questions.lookUp('USER.7@example.no')).toMatchObject({ found: { id: 's-7' } })
  expect(await asking(listing(99)).questions.lookUp('kari@example.no')).toEqual({ found: null })
})
