import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  judgeEffect,
  judgeLookUp,
  judgePrecheck,
  pickSubscriber,
  retryAfterMs,
  type ApiAnswer,
} from '../../../../shared/core/wholesale/answer.ts'
import { afterLookUp, settledBy } from '../../../../shared/core/wholesale/outcome.ts'
import { wholesaleReasonKinds } from '../../../../shared/core/wholesale/reason.ts'
import { reasonText } from '../../../../shared/core/wholesale/words.ts'

const answer = (status: number, body: unknown = {}, more: Partial<Extract<ApiAnswer, { kind: 'answer' }>> = {}): ApiAnswer => ({
  kind: 'answer',
  status,
  contentType: 'application/json;charset=UTF-8',
  retryAfter: null,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
})
const kari = { id: 's-1', email: 'kari@example.no', package: 'webex_suite', packages: ['webex_suite'], status: 'provisioned' }
const errors = (...list: readonly object[]): object => ({ errors: list, trackingId: 'T-1' })

describe('an answer to a call that changes something', () => {
  test.each<readonly [string, ApiAnswer, 'add' | 'change' | 'remove', object]>([
    ['200 with the subscriber', answer(200, kari), 'add', { kind: 'accepted', subscriber: { id: 's-1' } }],
    ['204 of a removal', answer(204, ''), 'remove', { kind: 'accepted', subscriber: null }],
    ['200 of a removal, which is a page', answer(200, '<html>', { contentType: 'text/html' }), 'remove', { kind: 'unknown' }],
    ['200 that is a page', answer(200, '<html>', { contentType: 'text/html' }), 'add', { kind: 'unknown', reason: { kind: 'unreadable' } }],
    ['200 cut short', answer(200, JSON.stringify(kari).slice(0, -2)), 'add', { kind: 'unknown', reason: { kind: 'unreadable' } }],
    ['200 without an ID', answer(200, {}), 'change', { kind: 'unknown', reason: { kind: 'unreadable' } }],
    [
      '400',
      answer(400, errors({ errorCode: 7, description: 'no' })),
      'add',
      { kind: 'refused', reason: { kind: 'api', detail: '7: no (T-1)' } },
    ],
    ['400 for a taken email', answer(400, errors({ errorCode: 10022, description: 'taken' })), 'add', { kind: 'conflict' }],
    ['… whose code is a text', answer(400, errors({ errorCode: '10022' })), 'add', { kind: 'conflict' }],
    ['409', answer(409), 'add', { kind: 'conflict', reason: { detail: 'HTTP 409' } }],
    ['401', answer(401, { message: 'no token' }), 'add', { kind: 'barred', status: 401, reason: { detail: 'HTTP 401: no token' } }],
    ['404 of a removal', answer(404), 'remove', { kind: 'gone' }],
    [
      '404 that is a page',
      answer(404, '<html>', { contentType: 'text/html' }),
      'remove',
      { kind: 'unknown', reason: { kind: 'unreadable' } },
    ],
    ['404 that is a page, to a change', answer(404, '<html>', { contentType: 'text/html' }), 'change', { kind: 'unknown' }],
    [
      '200 with somebody else',
      answer(200, { ...kari, email: 'ola@example.no' }),
      'add',
      { kind: 'unknown', reason: { kind: 'unreadable' } },
    ],
    ['200 with the subscriber in other letters', answer(200, { ...kari, email: 'KARI@example.no' }), 'add', { kind: 'accepted' }],
    ['404 of an addition', answer(404), 'add', { kind: 'refused' }],
    ['429', answer(429, {}, { retryAfter: '3' }), 'add', { kind: 'again', afterMs: 3000, reason: { kind: 'busy' } }],
    ['423 without a time', answer(423), 'change', { kind: 'again', afterMs: null }],
    ['503 with a time', answer(503, {}, { retryAfter: '2' }), 'add', { kind: 'unknown', afterMs: 2000 }],
    ['500', answer(500, 'oops'), 'remove', { kind: 'unknown', reason: { kind: 'server-error', detail: 'HTTP 500' } }],
    ['302', answer(302), 'add', { kind: 'unknown', reason: { kind: 'redirect' } }],
    ['a time limit', { kind: 'no-answer', reason: 'timeout', detail: '' }, 'add', { kind: 'unknown', reason: { kind: 'timeout' } }],
    ['no connection', { kind: 'not-sent', reason: 'unreachable', detail: 'ECONNREFUSED' }, 'add', { kind: 'again' }],
  ])('%s', (_, given, call, verdict) => {
    expect(judgeEffect(given, call, 'kari@example.no', 0)).toMatchObject(verdict)
  })

  test('whatever comes back is judged, and only an answer without an effect may be sent again unseen', () => {
    const anyAnswer = fc.record({
      kind: fc.constant('answer' as const),
      status: fc.integer({ min: 100, max: 599 }),
      contentType: fc.constantFrom('application/json', 'text/html', ''),
      retryAfter: fc.option(fc.oneof(fc.string(), fc.constantFrom('5', '-1', '1e3', 'Wed, 21 Oct 2026 07:28:00 GMT'))),
      text: fc.oneof(fc.json(), fc.string()),
    })
    fc.assert(
      fc.property(anyAnswer, fc.constantFrom('add', 'change', 'remove'), (given, call) => {
        const verdict = judgeEffect(given, call, 'kari@example.no', Date.parse('2026-11-21T00:00:00Z'))
        if (verdict.kind === 'again') expect([423, 429]).toContain(given.status)
        if (verdict.kind === 'accepted') expect(given.status).toBeLessThan(300)
        judgePrecheck(given, 0)
        judgeLookUp(given, 0)
      }),
      { numRuns: 1000 },
    )
  })

  test('Retry-After as seconds, as a date, as nonsense', () => {
    const now = Date.parse('2026-11-21T00:00:00Z')
    expect(
      ['120', ' 0 ', 'Sat, 21 Nov 2026 00:00:30 GMT', 'Fri, 20 Nov 2026 00:00:30 GMT', '-5', '1.5', 'soon', '', null].map((text) =>
        retryAfterMs(text, now),
      ),
    ).toEqual([120_000, 0, 30_000, 0, null, null, null, null, null])
  })
})

describe('the precheck', () => {
  test.each<readonly [string, ApiAnswer, object]>([
    ['success, as the schema has it', answer(200, { message: 'success', info: { infoCode: 100 } }), { kind: 'sound', remarks: [] }],
    ['success, as the example has it', answer(200, { message: 'success', info: [{ infoCode: 100 }] }), { kind: 'sound', remarks: [] }],
    [
      'another info',
      answer(200, { info: [{ infoCode: 101, description: 'must consent' }] }),
      { kind: 'sound', remarks: ['101: must consent'] },
    ],
    [
      'an error that says 200',
      answer(200, { message: 'failed', info: { errorCode: 7, description: 'no' } }),
      { kind: 'refused', reason: { detail: '7: no' } },
    ],
    [
      'an error',
      answer(400, errors({ errorCode: 10022, description: 'taken' })),
      { kind: 'refused', reason: { detail: '10022: taken (T-1)' } },
    ],
    ['no such call', answer(404, ''), { kind: 'unavailable' }],
    ['not for this partner', answer(403), { kind: 'unavailable' }],
    ['a wrong token', answer(401), { kind: 'barred' }],
    ['an error of its own', answer(500), { kind: 'again' }],
  ])('%s', (_, given, verdict) => {
    expect(judgePrecheck(given, 0)).toMatchObject(verdict)
  })
})

describe('a look-up', () => {
  test('takes ours among those listed, whatever the case and the padding', () => {
    const list = [
      { ...kari, customerId: 'other' },
      { ...kari, id: 's-2', email: 'KARI@example.no', customerId: 'cust=' },
    ]
    const found = judgeLookUp(answer(200, { items: list }), 0)
    if (found.kind !== 'list') throw new Error(found.kind)
    expect(pickSubscriber(found.subscribers, 'kari@example.no', 'cust')?.id).toBe('s-2')
    expect(pickSubscriber(found.subscribers, 'ola@example.no', 'cust')).toBeNull()
  })
  test('that cannot be read whole says nothing, rather than that nobody is there', () => {
    expect(judgeLookUp(answer(200, { items: [kari, { id: 's-3' }] }), 0).kind).toBe('again')
    expect(judgeLookUp(answer(200, {}), 0).kind).toBe('again')
    expect(judgeLookUp(answer(404), 0).kind).toBe('again')
  })

  const found = { id: 's-1', email: 'k@x.no', customerId: null, packages: ['webex_suite'], status: 'provisioned', errors: [] }
  const add = { kind: 'add', package: 'webex_suite', body: {} as never } as const
  const change = { kind: 'change', from: 'webex_voice', package: 'webex_suite', body: {} as never } as const
  const remove = { kind: 'remove', from: 'webex_suite' } as const
  test.each([
    ['a new user, not there', afterLookUp(add, null, true), { kind: 'send' }],
    ['a new user, there', afterLookUp(add, found, true), { settled: { state: 'done', proof: 'looked-up' } }],
    ['a new user, there before', afterLookUp(add, found, false), { settled: { state: 'done', proof: 'was-so' } }],
    [
      'a new user, there with another package',
      afterLookUp({ ...add, package: 'webex_voice' }, found, true),
      { settled: { state: 'refused' } },
    ],
    ['a change, done', afterLookUp(change, found, true), { settled: { state: 'done' } }],
    ['a change, to be made', afterLookUp(change, { ...found, packages: ['webex_voice'] }, true), { kind: 'send', id: 's-1' }],
    [
      'a change from another package',
      afterLookUp(change, { ...found, packages: ['webex_meetings'] }, true),
      { settled: { state: 'refused' } },
    ],
    ['a change of nobody', afterLookUp(change, null, true), { settled: { state: 'refused', reason: { kind: 'missing' } } }],
    ['a removal, done', afterLookUp(remove, null, true), { settled: { state: 'done' } }],
    ['a removal, to be made', afterLookUp(remove, found, false), { kind: 'send', id: 's-1' }],
    [
      'a removal of one who was changed',
      afterLookUp(remove, { ...found, packages: ['webex_voice'] }, false),
      { settled: { state: 'refused' } },
    ],
  ])('%s', (_, given, wanted) => {
    expect(given).toMatchObject(wanted)
  })
  test('who must consent is waited for; errors of the last attempt are a refusal', () => {
    expect(settledBy({ ...found, status: 'pending_user_migration' }, 'webex_suite', 'answered')).toMatchObject({
      state: 'waiting',
      reason: { kind: 'consent', detail: '' },
    })
    expect(settledBy({ ...found, errors: ['5: no', '6: no'] }, 'webex_suite', 'answered')).toMatchObject({
      state: 'refused',
      reason: { kind: 'api', detail: '5: no; 6: no' },
    })
  })
})

test('every reason has words with and without a detail, in every language', () => {
  for (const kind of wholesaleReasonKinds)
    for (const language of ['en', 'nb', 'da'] as const) {
      expect(reasonText({ kind, detail: '$& x' }, language)).not.toMatch(/[{}[\]]/u)
      if (kind !== 'api') expect(reasonText({ kind, detail: '' }, language)).toMatch(/^\p{Lu}/u)
    }
})
