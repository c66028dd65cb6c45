import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { compose } from '../../../../backend/compose.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { startStandInApi, type CallName, type Mishap, type StandInApi } from '../../../support/wholesale-api.ts'
import {
  emailOf,
  fateOf,
  fillStandIn,
  hurriedApi,
  isAsWanted,
  profileOf,
  pushedBatch,
  wholesaleCustomer,
} from '../../../support/wholesale-batch.ts'

const size = 12
let standIn: StandInApi
beforeEach(async () => {
  standIn = await startStandInApi()
})
afterEach(async () => {
  expect(standIn.violations).toEqual([])
  await standIn.close()
})

async function withPushed(work: (bench: Bench, batch: string) => Promise<void>): Promise<void> {
  await onBench(
    async (bench) => {
      fillStandIn(standIn, size)
      await work(bench, await pushedBatch(bench.api, (text) => bench.ticket(text), standIn, size))
    },
    { wholesale: hurriedApi(standIn.url) },
  )
}
const send = (bench: Bench, batch: string, more: { readonly mode?: 'send' | 'retry'; readonly token?: string } = {}) =>
  bench.api['wholesale.send']({ batch, by: 'Per', token: standIn.token, ...more })
const linesOf = async (bench: Bench, batch: string) => must(await bench.api['wholesale.items']({ batch, from: 0, count: 500 })).items
const lineOf = async (bench: Bench, batch: string, n: number) => (await linesOf(bench, batch)).find(({ email }) => email === emailOf(n))

/** The first call of a kind for one user goes wrong so, all others well. */
function once(call: CallName, n: number, mishap: Mishap): void {
  let isDone = false
  standIn.treat((asked, email) => {
    if (isDone || asked !== call || email !== emailOf(n)) return null
    isDone = true
    return mishap
  })
}

describe('a sending in the audit log', () => {
  const notesOf = async ({ api }: Bench, batch: string) =>
    must(await api['audit.list']({ from: 0, count: 500 }))
      .entries.filter((entry) => entry.batch === batch && entry.what.startsWith('wholesale/'))
      .map(({ what, by, counts }) => ({ what, by, counts }))

  test('says who sent which batch, and how it ended; a broken-off one and a stopped one, too; the chain holds', () =>
    withPushed(async (bench, batch) => {
      standIn.treat((asked) => (asked === 'create' || asked === 'validate' ? { kind: 'status', status: 401, done: false } : null))
      expect((await send(bench, batch)).ok).toBe(false)
      standIn.treat(() => null)
      expect(must(await bench.api['wholesale.send']({ batch, by: ' Guro ', token: standIn.token })).counts).toMatchObject({ done: 10 })
      const [started, broken, again, finished, ...more] = await notesOf(bench, batch)
      expect(more).toEqual([])
      expect(started).toEqual({ what: 'wholesale/started', by: 'Per', counts: { items: 10 } })
      expect(broken).toMatchObject({ what: 'wholesale/broken-off', by: 'Per', counts: { total: 11, 'left-out': 1 } })
      expect(again).toEqual({ what: 'wholesale/started', by: 'Guro', counts: { items: 10 } })
      expect(finished).toMatchObject({ what: 'wholesale/finished', by: 'Guro', counts: { total: 11, done: 10, 'left-out': 1, unknown: 0 } })
      expect(must(await bench.api['audit.verify']({})).broken).toBeNull()
      expect(JSON.stringify(must(await bench.api['audit.list']({ from: 0, count: 500 })).entries)).not.toContain(standIn.token)
    }))

  test('what the log does not take is not sent', () =>
    withPushed(async (bench, batch) => {
      const database = new DatabaseSync(path.join(bench.folder, 'data', 'store.sqlite'))
      database.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no room'); END")
      const before = { ...standIn.calls }
      expect(problemOf(await send(bench, batch)).code).toBe('guard/refused')
      expect(standIn.calls).toEqual(before)
      database.exec('DROP TRIGGER full')
      database.close()
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 10 })
    }))
})

describe('a pushed batch that is sent to the Wholesale API', () => {
  test('is there as it was approved, each call held against the vendor’s schemas; sent again it changes nothing', () =>
    withPushed(async (bench, batch) => {
      expect(must(await bench.api['wholesale.status']({ batch }))).toMatchObject({
        customerId: standIn.customerId,
        canSend: true,
        hasToken: false,
        counts: { total: 11, pending: 10, 'left-out': 1, done: 0 },
        lastSent: null,
        owner: null,
      })
      expect(must(await send(bench, batch))).toMatchObject({
        counts: { total: 11, done: 10, 'left-out': 1, pending: 0, refused: 0, unknown: 0 },
        lastSent: { by: 'Per', url: standIn.url },
      })
      expect(Array.from({ length: size }, (_, n) => isAsWanted(standIn, n))).toEqual(Array.from({ length: size }, () => true))
      expect(standIn.calls).toEqual({ validate: 4, create: 4, list: 6, change: 4, remove: 2, read: 0 })
      expect(standIn.subscribers.get(emailOf(0))?.parameters).toEqual({
        firstName: 'Kari',
        lastName: 'Nordmann',
        primaryPhoneNumber: '+4721500000',
        extension: '20000',
        locationId: 'Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzE',
      })
      expect(await lineOf(bench, batch, 6)).toMatchObject({
        state: 'left-out',
        reason: { kind: 'not-in-api', detail: 'Department' },
        notCarried: ['Department'],
      })
      expect((await lineOf(bench, batch, 0))?.notCarried).toContain('Preferred Webex Site')

      const before = { ...standIn.calls }
      expect(must(await send(bench, batch))).toMatchObject({ counts: { done: 10 } })
      expect(standIn.calls).toEqual(before)
    }))

  test.each<readonly [string, CallName, number, Mishap]>([
    ['a time limit, nothing done', 'create', 0, { kind: 'hang', done: false }],
    ['a time limit, all done', 'create', 0, { kind: 'hang', done: true }],
    ['a cut before the effect', 'create', 0, { kind: 'cut', done: false }],
    ['a cut after the effect', 'create', 0, { kind: 'cut', done: true }],
    ['a cut in the middle of the answer', 'create', 0, { kind: 'cut-answer', done: true }],
    ['an answer cut short', 'create', 0, { kind: 'truncated', done: true }],
    ['a page instead of an answer', 'create', 0, { kind: 'wrong-type', done: true }],
    ['a page and nothing done', 'create', 0, { kind: 'wrong-type', done: false }],
    ['an answer that drips on and on', 'create', 0, { kind: 'drip-on', done: true }],
    ['an effect after the time limit', 'create', 0, { kind: 'late', afterMs: 30 }],
    ['500 with nothing done', 'create', 0, { kind: 'status', status: 500, done: false }],
    ['502 with all done', 'create', 0, { kind: 'status', status: 502, done: true }],
    ['503 with a pause', 'change', 1, { kind: 'status', status: 503, done: true, retryAfter: '0' }],
    ['a redirect', 'create', 0, { kind: 'redirect' }],
    ['409 for one’s own effect', 'create', 0, { kind: 'told-twice' }],
    ['a removal that was cut', 'remove', 2, { kind: 'cut', done: true }],
    ['a removal that never came', 'remove', 2, { kind: 'hang', done: false }],
    ['a package change that was cut', 'change', 4, { kind: 'cut', done: true }],
    ['a look-up that fails', 'list', 1, { kind: 'truncated', done: true }],
    ['a precheck that fails', 'validate', 0, { kind: 'status', status: 500, done: false }],
  ])('ends as approved after %s', (_, call, n, mishap) =>
    withPushed(async (bench, batch) => {
      once(call, n, mishap)
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 10, refused: 0, unknown: 0, pending: 0 })
      expect(isAsWanted(standIn, n)).toBe(true)
      expect({ needless: standIn.needless, followed: standIn.followed }).toEqual({ needless: [], followed: 0 })
      expect([...standIn.made.values()].every((times) => times === 1)).toBe(true)
    }),
  )

  test('waits as long as the API asks, with all its calls', () =>
    withPushed(async (bench, batch) => {
      once('create', 0, { kind: 'status', status: 429, done: false, retryAfter: '1' })
      const started = performance.now()
      expect(must(await send(bench, batch)).counts.done).toBe(10)
      expect(performance.now() - started).toBeGreaterThan(950)
      expect(standIn.early).toBe(0)
    }))

  test('gives up for now where the API asks for too long, and says so; nothing of it counts as sent', () =>
    withPushed(async (bench, batch) => {
      standIn.treat((call) => (call === 'create' ? { kind: 'status', status: 429, done: false, retryAfter: '86400' } : null))
      expect(problemOf(await send(bench, batch))).toMatchObject({ code: 'wholesale/unreachable', reason: 'busy' })
      const first = await lineOf(bench, batch, 0)
      expect(first).toMatchObject({ state: 'pending', reason: { kind: 'busy' } })
      standIn.treat(null)
      expect(must(await send(bench, batch)).counts.done).toBe(10)
    }))

  test('a person with a free account is waited for, and done when they have consented', () =>
    withPushed(async (bench, batch) => {
      once('create', 3, { kind: 'pending' })
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 9, waiting: 1 })
      expect(await lineOf(bench, batch, 3)).toMatchObject({ state: 'waiting', reason: { kind: 'consent', detail: '' } })
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 9, waiting: 1 })
      standIn.subscribers.get(emailOf(3))!.status = 'provisioned'
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 10, waiting: 0 })
      expect(standIn.calls.create).toBe(4)
    }))

  test('errors in an answer that says 200 are a refusal with the API’s own words', () =>
    withPushed(async (bench, batch) => {
      once('create', 3, { kind: 'errors' })
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 9, refused: 1 })
      expect(await lineOf(bench, batch, 3)).toMatchObject({
        state: 'refused',
        reason: { kind: 'api', detail: '5001: The number could not be assigned.' },
      })
      // Sending goes on with what is open; only a retry takes up what was refused.
      const { create } = standIn.calls
      expect(must(await send(bench, batch)).counts.refused).toBe(1)
      delete standIn.subscribers.get(emailOf(3))!.errors
      expect(must(await send(bench, batch, { mode: 'retry' })).counts).toMatchObject({ done: 10, refused: 0 })
      expect(standIn.calls.create).toBe(create)
    }))

  test('users who are not as the batch found them are left alone and named', () =>
    withPushed(async (bench, batch) => {
      standIn.add(emailOf(0), 'webex_voice')
      standIn.add(emailOf(3), 'webex_suite')
      standIn.subscribers.get(emailOf(1))!.packages = ['webex_meetings']
      standIn.subscribers.get(emailOf(2))!.packages = ['webex_voice']
      standIn.subscribers.get(emailOf(4))!.packages = ['webex_calling']
      const status = must(await send(bench, batch))
      expect(status.counts).toMatchObject({ done: 7, refused: 3 })
      expect(await lineOf(bench, batch, 0)).toMatchObject({
        state: 'refused',
        reason: { kind: 'changed', detail: 'webex_voice' },
        attempts: 0,
      })
      expect(await lineOf(bench, batch, 3)).toMatchObject({ state: 'done', proof: 'was-so', attempts: 0 })
      expect(await lineOf(bench, batch, 1)).toMatchObject({ state: 'refused', reason: { kind: 'changed', detail: 'webex_meetings' } })
      expect(await lineOf(bench, batch, 2)).toMatchObject({ state: 'refused', reason: { kind: 'changed', detail: 'webex_voice' } })
      expect(await lineOf(bench, batch, 4)).toMatchObject({ state: 'done', proof: 'was-so' })
      expect(standIn.subscribers.has(emailOf(2))).toBe(true)
    }))

  test('another customer’s user of that email is none of ours', () =>
    withPushed(async (bench, batch) => {
      standIn.add(emailOf(0), 'webex_suite', { customerId: 'somebody-else' })
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 9, refused: 1 })
      expect(await lineOf(bench, batch, 0)).toMatchObject({
        state: 'refused',
        reason: { kind: 'api', detail: expect.stringContaining('10022: The email is already associated') as string },
      })
    }))

  test('a token that is not taken ends the sending; no item is blamed for it', () =>
    withPushed(async (bench, batch) => {
      expect(problemOf(await bench.api['wholesale.send']({ batch, by: 'Per' }))).toMatchObject({ code: 'wholesale/token', reason: 'none' })
      expect(problemOf(await send(bench, batch, { token: 'line\nbreak' }))).toMatchObject({ code: 'wholesale/token', reason: 'bad-token' })
      expect(standIn.calls.validate + standIn.calls.list).toBe(0)
      expect(problemOf(await send(bench, batch, { token: 'canary-5e1f' }))).toMatchObject({ code: 'wholesale/not-allowed', status: 401 })
      expect(must(await bench.api['wholesale.status']({ batch })).counts).toMatchObject({ pending: 10, refused: 0 })
      expect(must(await send(bench, batch)).counts.done).toBe(10)
      // Neither in the outbox nor in the log.
      for (const file of filesUnder(path.join(bench.folder, 'data'))) {
        const bytes = readFileSync(file)
        for (const secret of [standIn.token, 'canary-5e1f']) expect(bytes.includes(secret), `${file} holds a token`).toBe(false)
      }
    }))

  test('an API that is not there ends it after a while, with nothing sent', () =>
    withPushed(async (bench, batch) => {
      await standIn.close()
      expect(problemOf(await send(bench, batch))).toMatchObject({ code: 'wholesale/unreachable', reason: 'unreachable' })
      expect(must(await bench.api['wholesale.status']({ batch })).counts).toMatchObject({ pending: 10, unknown: 0 })
      standIn = await startStandInApi()
    }))

  test('stops within a second, and what was under way is looked up before it goes on', () =>
    withPushed(async (bench, batch) => {
      standIn.treat((call) => (call === 'create' ? { kind: 'hang', done: true } : null))
      const sending = bench.api['wholesale.send']({ batch, by: 'Per', token: standIn.token, job: 'j1' })
      await expect.poll(() => standIn.calls.create).toBeGreaterThan(0)
      const stopped = performance.now()
      await bench.api['jobs.cancel']({ job: 'j1' })
      expect(problemOf(await sending)).toEqual({ code: 'cancelled' })
      expect(performance.now() - stopped).toBeLessThan(1000)
      expect(must(await bench.api['wholesale.status']({ batch })).counts).toMatchObject({ sent: 0 })
      expect(must(await bench.api['wholesale.status']({ batch })).counts.unknown).toBeGreaterThan(0)
      standIn.treat(null)
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 10, unknown: 0 })
      expect(standIn.needless).toEqual([])
    }))

  test('purging a batch takes its IDs and the API’s words out of the outbox, too', () =>
    withPushed(async (bench, batch) => {
      once('create', 3, { kind: 'errors' })
      must(await send(bench, batch))
      const id = standIn.subscribers.get(emailOf(0))?.id ?? ''
      const holds = (text: string): boolean =>
        filesUnder(path.join(bench.folder, 'data'))
          .filter((file) => path.basename(file).startsWith('wholesale.sqlite'))
          .some((file) => readFileSync(file).includes(text))
      expect([id, 'could not be assigned'].map((text) => holds(text))).toEqual([true, true])
      must(await bench.api['review.purge']({ batch, by: 'Per', confirm: batch }))
      expect([id, 'could not be assigned', 'Per'].map((text) => holds(text))).toEqual([false, false, false])
    }))

  test('a program that ends in the middle leaves what was under way to be looked up by the next one', () =>
    withPushed(async (bench, batch) => {
      standIn.treat((call) => (call === 'create' ? { kind: 'hang', done: true } : null))
      const sending = send(bench, batch)
      await expect.poll(() => standIn.calls.create).toBeGreaterThan(0)
      await bench.backend.close()
      expect(problemOf(await sending).code).toBe('cancelled')
      standIn.treat(null)
      const next = compose({ dataDir: path.join(bench.folder, 'data'), wholesale: hurriedApi(standIn.url) })
      expect(must(await next.services.api['wholesale.status']({ batch })).counts.unknown).toBeGreaterThan(0)
      const { entries } = must(await next.services.api['audit.list']({ from: 0, count: 100 }))
      expect(entries.at(-1)).toMatchObject({ what: 'wholesale/stopped', by: 'Per', batch })
      expect(must(await next.services.api['wholesale.send']({ batch, by: 'Per', token: standIn.token })).counts).toMatchObject({
        done: 10,
        sent: 0,
      })
      expect(standIn.needless).toEqual([])
      await next.close()
    }))

  test('a second sender is told who is at work', () =>
    withPushed(async (bench, batch) => {
      once('create', 0, { kind: 'status', status: 429, done: false, retryAfter: '1' })
      const first = send(bench, batch)
      await expect.poll(() => standIn.calls.create).toBeGreaterThan(0)
      expect(problemOf(await send(bench, batch))).toMatchObject({ code: 'batch/busy', batch })
      expect(must(await bench.api['wholesale.status']({ batch })).owner).toContain('process')
      expect(must(await first).counts.done).toBe(10)
    }))
})

describe('what is not sent', () => {
  test('a batch that is not approved, or not pushed yet, or whose customer the API’s name is not known of', () =>
    onBench(
      async (bench) => {
        const rows = (await import('../../../support/user-file.ts')).users(3)
        const batch = await bench.submitted(rows, rows.slice(0, 2))
        const refusal = async () => problemOf(await send(bench, batch.batch))
        expect(await refusal()).toMatchObject({ code: 'guard/not-approved' })
        expect(problemOf(await bench.api['wholesale.payloads']({ batch: batch.batch }))).toMatchObject({ code: 'guard/not-approved' })
        must(await bench.api['batches.decide']({ batch: batch.batch, by: 'Ola', decision: 'approved', digest: batch.digest }))
        expect(await refusal()).toMatchObject({ code: 'guard/wrong-state', wanted: 'applied, partly-applied' })
        expect(problemOf(await bench.api['wholesale.payloads']({ batch: batch.batch }))).toMatchObject({ code: 'wholesale/no-customer-id' })
        must(await bench.api['batches.push']({ batch: batch.batch, by: 'Per' }))
        expect(await refusal()).toMatchObject({ code: 'wholesale/no-customer-id', customer: wholesaleCustomer })
        expect(must(await bench.api['wholesale.status']({ batch: batch.batch }))).toMatchObject({ customerId: null, canSend: true })
        expect(standIn.calls.validate + standIn.calls.list).toBe(0)
      },
      { wholesale: hurriedApi(standIn.url) },
    ))

  test('to another customer of the API than before, whatever the profile says now', () =>
    withPushed(async (bench, batch) => {
      once('create', 0, { kind: 'errors' })
      must(await send(bench, batch))
      must(await bench.api['customers.save']({ profile: { ...profileOf(standIn), wholesale: { customerId: 'another' } } }))
      expect(problemOf(await send(bench, batch, { mode: 'retry' }))).toMatchObject({
        code: 'guard/refused',
        detail: expect.stringContaining(standIn.customerId) as string,
      })
    }))

  test('a user at a location whose ID is not known, until it is', () =>
    withPushed(async (bench, batch) => {
      const { wholesale, name } = profileOf(standIn)
      must(await bench.api['customers.save']({ profile: { name, wholesale: { customerId: wholesale.customerId } } }))
      const isWithLocation = (n: number): boolean => fateOf(n) === 'add' || fateOf(n) === 'to-calling'
      expect(await lineOf(bench, batch, 0)).toMatchObject({ state: 'left-out', reason: { kind: 'no-location-id', detail: 'Oslo HQ' } })
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 4, 'left-out': 7 })
      must(await bench.api['customers.save']({ profile: profileOf(standIn) }))
      expect(must(await send(bench, batch)).counts).toMatchObject({ done: 10, 'left-out': 1 })
      expect(Array.from({ length: size }, (_, n) => n).filter((n) => isWithLocation(n) && !isAsWanted(standIn, n))).toEqual([])
    }))
})

test('the precheck asks about new users only and gives findings like any others', () =>
  withPushed(async (bench, batch) => {
    standIn.add(emailOf(3), 'webex_suite', { customerId: 'somebody-else' })
    const asked = { batch, token: standIn.token, language: 'en' as const }
    expect(must(await bench.api['wholesale.precheck'](asked))).toMatchObject({
      checked: 4,
      unavailable: false,
      summary: { error: 1, warning: 0, info: 0 },
      findings: [
        {
          rule: 'wholesale/precheck',
          severity: 'error',
          row: 5,
          column: 'User ID/Email (Required)',
          value: emailOf(3),
          message: expect.stringContaining('10022: The email is already associated with an existing user.') as string,
        },
      ],
    })
    expect(standIn.calls).toMatchObject({ validate: 4, create: 0, change: 0, remove: 0 })
    standIn.treat((call) => (call === 'validate' ? { kind: 'status', status: 403, done: false } : null))
    expect(must(await bench.api['wholesale.precheck'](asked))).toMatchObject({ unavailable: true, findings: [] })
    // Without its precheck the API is asked whether the user is there, and then for the user.
    expect(must(await send(bench, batch)).counts).toMatchObject({ done: 9, refused: 1 })
  }))

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}
