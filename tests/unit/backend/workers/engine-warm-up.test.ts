import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EngineCall, FromEngine } from '../../../../backend/workers/engine/messages.ts'
import { serveEngine } from '../../../../backend/workers/engine/worker.ts'
import { KernelScan } from '../../../../shared/core/csv/kernel-scan.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'roster-warm-up-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dataDir, { recursive: true, force: true })
})

/** The engine in this thread, as its host sees it. */
function engine(warmUpAfterMs: number) {
  const { port1: host, port2: port } = new MessageChannel()
  const reads = vi.spyOn(KernelScan, 'takes')
  const { warmed } = serveEngine(port, { dataDir, hostSpawnsWorkbookChild: false, hostHasKeyChain: false, warmUpAfterMs })
  const heard: FromEngine[] = []
  const waiting = new Map<number, (value: unknown) => void>()
  host.on('message', (message: FromEngine) => {
    if (message.kind === 'answer') waiting.get(message.id)?.(message.value)
    else heard.push(message)
  })
  let last = 0
  const ask = (call: EngineCall): Promise<unknown> =>
    new Promise((resolve) => {
      waiting.set(++last, resolve)
      host.postMessage({ kind: 'call', id: last, call })
    })
  return {
    ask,
    info: () => ask({ kind: 'dispatch', method: 'app.info', input: {} }),
    warmed,
    heard,
    reads,
    readCount: () => reads.mock.calls.length,
    hasBegun: () => vi.waitFor(() => expect(reads).toHaveBeenCalled(), { interval: 1, timeout: 30_000 }),
  }
}

describe('an engine that nobody calls', () => {
  test('warms up, answers meanwhile, and leaves nothing behind', async () => {
    const { ask, info, warmed, heard, hasBegun, readCount } = engine(0)
    await hasBegun()
    const begun = readCount()
    for (let i = 0; i < 3; i++) expect(await info()).toMatchObject({ ok: true })
    await warmed
    expect(readCount()).toBeGreaterThan(begun)
    await ask({ kind: 'close' })
    expect(heard).toEqual([])
    expect(await readdir(dataDir, { recursive: true })).toEqual([])
  })

  test('ends its warm-up when it is closed', async () => {
    const { ask, warmed, hasBegun, readCount } = engine(0)
    await hasBegun()
    await ask({ kind: 'close' })
    const before = readCount()
    await warmed
    expect(readCount()).toBe(before)
    expect(await readdir(dataDir, { recursive: true })).toEqual([])
  })

  test.each<{ readonly what: string; readonly call: EngineCall }>([
    { what: 'a file is handed over', call: { kind: 'register-bytes', name: 'users.csv', bytes: new Uint8Array([65]) } },
    { what: 'a draft is opened', call: { kind: 'dispatch', method: 'drafts.open', input: { draftId: 'd-none' } } },
  ])('ends its warm-up when $what', async ({ call }) => {
    const { ask, warmed, hasBegun, readCount } = engine(0)
    await hasBegun()
    await ask(call)
    const before = readCount()
    await warmed
    expect(readCount()).toBe(before)
    await ask({ kind: 'close' })
  })

  test('that soon ends never warms up', async () => {
    const { ask, info, warmed, readCount } = engine(600_000)
    expect(await info()).toMatchObject({ ok: true })
    await ask({ kind: 'close' })
    await warmed
    expect(readCount()).toBe(0)
  })

  test('goes on answering when the warm-up fails, and puts it into the log alone', async () => {
    const { ask, info, warmed, heard, reads } = engine(0)
    reads.mockImplementation(() => {
      throw new Error('a bug')
    })
    await warmed
    expect(await info()).toMatchObject({ ok: true })
    expect(heard).toEqual([])
    expect(await readFile(path.join(dataDir, 'logs', 'roster.log'), 'utf8')).toContain('"where":"warm-up"')
    await ask({ kind: 'close' })
  })
})
