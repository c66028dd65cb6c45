import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compose, type Backend } from '../../backend/compose.ts'
import { startLoopback, type Loopback } from '../../backend/hosts/loopback/server.ts'
import { createWorkerBackend } from '../../backend/workers/engine/client.ts'
import { createClient } from '../../shared/contract/client.ts'
import type { AppEvent, Api, Transport } from '../../shared/contract/method.ts'
import { methods, type Methods } from '../../shared/contract/methods.ts'
import type { Result } from '../../shared/kit/result.ts'
import { must } from '../support/backend.ts'
import { desktopPair } from '../support/desktop-pair.ts'
import { loopbackTransport } from '../support/loopback-client.ts'
import { userFile, users } from '../support/user-file.ts'
import { startStandInApi } from '../support/wholesale-api.ts'
import { fillStandIn, pushedBatch } from '../support/wholesale-batch.ts'

/** A host under test: its transport, and its way of files in and out. Another host joins by another row in `hosts`. */
interface Host {
  readonly transport: Transport
  upload(name: string, text: string): Promise<string>
  download(ticket: string): Promise<string>
  close(): Promise<void>
}

async function inProcess(dataDir: string): Promise<Host> {
  const backend = compose({ dataDir })
  return {
    transport: { call: (method, input) => backend.dispatch(method, input), subscribe: (listener) => backend.subscribe(listener) },
    upload: async (name, text) => (await backend.registerBytes(name, new TextEncoder().encode(text))).ticket,
    download: async (ticket) => contentOf(backend, ticket),
    close: () => backend.close(),
  }
}

async function contentOf(backend: Backend, ticket: string): Promise<string> {
  const found = await backend.readTicket(ticket)
  if (!found.ok) throw new Error(found.error.code)
  return new TextDecoder().decode(found.value.bytes)
}

async function loopback(dataDir: string): Promise<Host> {
  const backend = compose({ dataDir })
  const page = await mkdtemp(path.join(tmpdir(), 'roster-page-'))
  const host: Loopback = await startLoopback({ backend, rendererFolder: page, port: 0 })
  const client = await loopbackTransport(host)
  return {
    ...client,
    close: async () => {
      client.transport.end()
      await host.close()
      await backend.close()
      await rm(page, { recursive: true })
    },
  }
}

async function engineThread(dataDir: string): Promise<Host> {
  const backend = createWorkerBackend({ dataDir })
  return {
    transport: { call: (method, input) => backend.dispatch(method, input), subscribe: (listener) => backend.subscribe(listener) },
    upload: async (name, text) => (await backend.registerBytes(name, new TextEncoder().encode(text))).ticket,
    download: async (ticket) => contentOf(backend, ticket),
    close: () => backend.close(),
  }
}

/** One stand-in for all hosts: each backend reads its address when it is composed. */
const wholesaleApi = await startStandInApi()
process.env['ROSTER_WEBEX_API'] = wholesaleApi.url
afterAll(() => wholesaleApi.close())

const hosts = { 'in process': inProcess, 'engine thread': engineThread, desktop: desktopPair, loopback: loopback }

describe.each(Object.entries(hosts))('%s', (_, start) => {
  let folder: string
  let host: Host
  let api: Api<Methods>
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'roster-parity-'))
    host = await start(folder)
    api = createClient(methods, host.transport)
  })
  afterAll(async () => {
    await host.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('a call answers', async () => {
    expect(await api['drafts.list']({})).toEqual({ ok: true, value: [] })
    expect(await api['settings.set']({ person: 'Kari Åsen' })).toMatchObject({ ok: true, value: { person: 'Kari Åsen' } })
    expect(await api['settings.get']({})).toMatchObject({ ok: true, value: { person: 'Kari Åsen' } })
  })
  test('a failure that can be acted on is data', async () => {
    expect(await api['drafts.state']({ draftId: 'none' })).toEqual({ ok: false, error: { code: 'draft/not-found', draftId: 'none' } })
    expect(await api['batches.show']({ batch: 'b-none' })).toEqual({ ok: false, error: { code: 'batch/not-found', batch: 'b-none' } })
  })
  test('input that does not fit is refused at the door, with the path', async () => {
    expect(await host.transport.call('drafts.state', { draftId: 7 })).toMatchObject({
      ok: false,
      error: { code: 'request/invalid-input', method: 'drafts.state', path: '/draftId' },
    })
    expect(await host.transport.call('drafts.list', { surplus: 1 })).toMatchObject({
      ok: false,
      error: { code: 'request/invalid-input', path: '/surplus' },
    })
    expect(await host.transport.call('drafts.burn', {})).toEqual({
      ok: false,
      error: { code: 'request/unknown-method', method: 'drafts.burn' },
    })
  })
  test('two drafts side by side, packages of some rows, and no news of a file that a host was handed as bytes', async () => {
    const make = async (name: string, count: number): Promise<string> => {
      const made = await api['drafts.create']({ ticket: await host.upload(name, userFile(users(count))) })
      if (!made.ok) throw new Error(made.error.code)
      return made.value.id
    }
    const [draftId, other] = [await make('her.csv', 3), await make('der.csv', 2)]
    expect(await api['editor.compareDrafts']({ draftId, other, list: 'only-here', from: 0, count: 10 })).toMatchObject({
      ok: true,
      value: {
        counts: { different: 0, onlyHere: 1, onlyThere: 0, same: 2 },
        total: 1,
        users: [{ email: 'user.2@fjordkraft.no', here: 4 }],
      },
    })
    expect(
      await api['editor.packagesOf']({
        draftId,
        stretches: [
          { from: 0, to: 0 },
          { from: 0, to: 1 },
        ],
      }),
    ).toEqual({
      ok: true,
      value: [{ package: 'Webex Suite', users: 2 }],
    })
    expect(await api['editor.sourceNews']({ draftId })).toEqual({ ok: true, value: [] })
    expect(await api['editor.profileNews']({ draftId })).toEqual({ ok: true, value: null })
    expect(await api['editor.sourceAnew']({ draftId })).toEqual({ ok: true, value: [] })
    for (const id of [draftId, other]) await api['drafts.close']({ draftId: id })
  })
  test('a file goes in, a draft comes of it, is edited, undone, and told of; a report goes out', async () => {
    const events: AppEvent[] = []
    const end = host.transport.subscribe((event) => events.push(event))
    const ticket = await host.upload('Ålesund.csv', userFile(users(5, (n) => (n === 1 ? { 'Phone Number': '4721538301' } : {}))))
    expect(await api['files.inspect']({ ticket })).toMatchObject({
      ok: true,
      value: { rows: 5, facts: { name: 'Ålesund.csv', delimiter: ',' } },
    })
    const made = await api['drafts.create']({ ticket })
    if (!made.ok) throw new Error(made.error.code)
    const draftId = made.value.id
    expect(made.value).toMatchObject({ rows: 5, revision: 0, undo: null })
    const before = await api['drafts.window']({ draftId, from: 0, count: 5, columns: [0, 3] })
    expect(before).toMatchObject({
      ok: true,
      value: { total: 5, rows: [{ number: 2, cells: ['Kari', 'user.0@fjordkraft.no'] }, {}, {}, {}, {}] },
    })

    const edited = await api['drafts.edit']({
      draftId,
      edit: { kind: 'set-cells', cells: [{ row: 0, column: 0, text: 'Torill "T"\u2028' }] },
    })
    expect(edited).toMatchObject({ ok: true, value: { revision: 1, cells: 1 } })
    expect(await api['drafts.window']({ draftId, from: 0, count: 1, columns: [0] })).toMatchObject({
      ok: true,
      value: { rows: [{ cells: ['Torill "T"\u2028'] }] },
    })
    await api['drafts.undo']({ draftId })
    expect(await api['drafts.window']({ draftId, from: 0, count: 1, columns: [0] })).toMatchObject({
      ok: true,
      value: { rows: [{ cells: ['Kari'] }] },
    })

    const report = await api['drafts.report']({ draftId, kind: 'failed-rows-csv', language: 'en' })
    if (!report.ok) throw new Error(report.error.code)
    expect(await host.download(report.value.ticket)).toContain('4721538301')
    await expect.poll(() => events.some((event) => event.kind === 'draft-changed' && event.draftId === draftId)).toBe(true)
    end()
  })
  test('a batch is scheduled and goes by itself; its receipt is genuine as a file; an export is held against the store', async () => {
    const value = <T>(result: Result<T, unknown>): T => {
      if (!result.ok) throw new Error(JSON.stringify(result.error))
      return result.value
    }
    const customer = 'Planlagt AS'
    value(await api['customers.save']({ profile: { name: customer } }))
    const base = userFile(users(4))
    const { id } = value(
      await api['drafts.create']({
        ticket: await host.upload('users.csv', userFile(users(4, (n) => (n < 2 ? { Department: 'Salg' } : {})))),
        baselineTicket: await host.upload('export.csv', base),
        customer,
      }),
    )
    const { batch, digest } = value(await api['batches.submit']({ draftId: id, by: 'Kari' }))
    value(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }))
    expect(value(await api['schedule.set']({ batch, by: 'Per', notBefore: '2026-01-01T22:00:00Z' }))).toMatchObject({ batch, customer })
    await expect.poll(async () => value(await api['batches.show']({ batch })).state, { timeout: 10_000 }).toBe('applied')
    await expect.poll(async () => value(await api['schedule.list']({}))).toEqual([])

    const file = value(await api['batches.show']({ batch })).receipt
    const receipt = await host.upload('receipt.json', await host.download(file?.ticket ?? ''))
    expect(value(await api['receipts.verify']({ ticket: receipt }))).toMatchObject({ batch, problems: [], heldAgainst: 'store' })
    const drift = await api['store.drift']({ customer, ticket: await host.upload('export.csv', base), from: 0, count: 10 })
    expect(value(drift)).toMatchObject({ counts: { differs: 2, same: 2, 'only-there': 0, 'only-here': 0 } })

    // The embedded store wants no password, and none is held for it.
    expect(value(await api['store.login']({}))).toMatchObject({ url: null, password: 'none' })
    expect(await api['store.unlock']({ password: 'x', remember: false })).toMatchObject({ ok: false, error: { code: 'guard/refused' } })
    expect(value(await api['store.forgetPassword']({}))).toMatchObject({ url: null, password: 'none' })
  })
  test('a batch is gone through in a grid, its policy set from a file, a key replaced, and its data taken away', async () => {
    const value = <T>(result: Result<T, unknown>): T => {
      if (!result.ok) throw new Error(JSON.stringify(result.error))
      return result.value
    }
    const customer = 'Sett AS'
    value(await api['customers.save']({ profile: { name: customer } }))
    const { id } = value(
      await api['drafts.create']({
        ticket: await host.upload('users.csv', userFile(users(4, (n) => (n < 2 ? { Department: 'Salg' } : {})))),
        baselineTicket: await host.upload('export.csv', userFile(users(4))),
        customer,
      }),
    )
    const { batch, digest } = value(await api['batches.submit']({ draftId: id, by: 'Kari' }))
    const source = { of: 'batch', batch } as const
    expect(value(await api['diff.open']({ source, context: true }))).toMatchObject({ changes: 2, all: 4 })
    const { rows } = value(await api['diff.rows']({ source, all: false, rest: false, from: 1, count: 1 }))
    expect(rows).toMatchObject([{ change: 1, cells: [{ column: 'Department', before: 'Drift', after: 'Salg' }] }])
    expect(value(await api['diff.seek']({ source, all: true, from: -1, direction: 'next' }))).toMatchObject({ row: { change: 0 } })

    const wrong = await host.upload('wrong.json', '{ "format": 1, "approvers": 1, "removal": {} }')
    expect(await api['review.importPolicy']({ customer, ticket: wrong })).toMatchObject({
      ok: false,
      error: { code: 'policy/invalid', path: '/removal' },
    })
    const policy = { format: 1, approvers: 1, signed: true } as const
    const ticket = await host.upload('policy.json', JSON.stringify(policy))
    expect(value(await api['review.importPolicy']({ customer, ticket }))).toEqual({ customer, policy, isOwn: true })

    const made = value(await api['review.makeKey']({ person: 'Ola', passphrase: 'correct horse battery' }))
    const change = { person: 'Ola', passphrase: 'correct horse battery', next: 'another good passphrase' }
    expect(value(await api['review.replaceKey'](change)).fingerprint).not.toBe(made.fingerprint)
    const back = { person: 'Ola', passphrase: change.next, next: change.passphrase }
    value(await api['review.changePassphrase'](back))
    value(await api['batches.decide']({ batch, by: 'Ola', decision: 'rejected', digest, message: 'no', passphrase: change.passphrase }))
    value(await api['review.purge']({ batch, by: 'Per', confirm: batch }))
    expect(value(await api['batches.show']({ batch }))).toMatchObject({ purged: true, author: '' })
  })
  test('a pushed batch goes to the Wholesale API, with the token in the call; its state and its items are told', async () => {
    const upload = (text: string): Promise<string> => host.upload('users.csv', text)
    const batch = await pushedBatch(api, upload, wholesaleApi, 12)
    for (const email of wholesaleApi.subscribers.keys()) wholesaleApi.forget(email)
    fillStandIn(wholesaleApi, 12)
    expect(await api['wholesale.send']({ batch, by: 'Per' })).toMatchObject({
      ok: false,
      error: { code: 'wholesale/token', reason: 'none' },
    })
    const { token } = wholesaleApi
    expect(await api['wholesale.precheck']({ batch, token, language: 'nb' })).toMatchObject({
      ok: true,
      value: { checked: 4, findings: [] },
    })
    const { draftId } = must(await api['batches.toDraft']({ batch }))
    expect(await api['wholesale.precheckDraft']({ draftId, token, language: 'nb' })).toMatchObject({ ok: true, value: { findings: [] } })
    expect(await api['wholesale.address']({})).toEqual({ ok: true, value: { url: wholesaleApi.url, hasToken: false } })
    expect(await api['wholesale.send']({ batch, by: 'Per', token })).toMatchObject({
      ok: true,
      value: { counts: { total: 11, done: 10, 'left-out': 1 }, lastSent: { by: 'Per' } },
    })
    expect(await api['wholesale.items']({ batch, state: 'left-out', from: 0, count: 5 })).toMatchObject({
      ok: true,
      value: { total: 1, items: [{ reason: { kind: 'not-in-api', detail: 'Department' } }] },
    })
    const files = await api['wholesale.payloads']({ batch })
    if (!files.ok) throw new Error(files.error.code)
    expect(JSON.parse(await host.download(files.value[0]?.ticket ?? ''))).toMatchObject({ format: 'roster-wholesale-requests/1', batch })
    expect(wholesaleApi.violations).toEqual([])
  })
})
