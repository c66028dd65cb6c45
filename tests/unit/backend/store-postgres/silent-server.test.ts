import { spawn, type ChildProcess } from 'node:child_process'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readAddress } from '../../../../backend/adapters/store-postgres/address.ts'
import { createLine } from '../../../../backend/adapters/store-postgres/line.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../../../support/postgres.ts'
import { must, postgresStores } from '../../../support/store.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

const children: ChildProcess[] = []
afterEach(() => {
  // Where a test went wrong one may still be there.
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A process of its own, which must come to its end by itself: nothing tells it to. */
function run(
  url: string,
  script: string,
): { readonly said: (text: string) => Promise<void>; goOn(): void; readonly ended: Promise<string> } {
  const head = `
    import { once } from 'node:events'
    import { createLine, withinTime } from './backend/adapters/store-postgres/line.ts'
    import { readAddress } from './backend/adapters/store-postgres/address.ts'
    import { createPostgresStores } from './backend/adapters/store-postgres/store-postgres.ts'
    const [url, password] = process.argv.slice(1)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', head + script, url, serverPassword], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  return {
    said: async (text) => expect.poll(() => said, { timeout: 20_000 }).toContain(text),
    goOn: () => void child.stdin.write('on\n'),
    ended: new Promise((resolve) => child.once('exit', () => resolve(said))),
  }
}

test('what takes too long is cut off, used no more, and keeps no process alive', { timeout: 30_000 }, async () => {
  const url = await server.database()
  const child = run(
    url,
    `
    const address = readAddress(url, 'x').value
    const line = createLine({ address, password, waits: { connect: 10_000, statement: 60_000, reconnect: 0 }, name: 'silent' })
    const clients = new Set()
    const slow = await line.write({
      run: (client) => {
        clients.add(client)
        return withinTime(500, client, client.query('SELECT pg_sleep(3600)'))
      },
      done: async () => null,
    })
    const cut = [...clients].every((client) => client.connection.stream.destroyed)
    const after = await line.read(async (client) => !clients.has(client))
    await line.close()
    console.log(JSON.stringify({ reason: slow.error?.reason, detail: slow.error?.detail, cut, after: after.value }))`,
  )
  expect(JSON.parse(await child.ended)).toEqual({ reason: 'unreachable', detail: 'it does not answer', cut: true, after: true })
})

test('a server that is asleep when the store is closed keeps no process alive', { timeout: 60_000 }, async () => {
  const url = await server.database()
  await must(await postgresStores().open(url, { create: true })).close()
  const child = run(
    url,
    `
    await once(process.stdin, 'data')
    const store = (await createPostgresStores({ password }).open(url, { create: false })).value
    const end = store.watch(() => undefined)
    console.log('open')
    await once(process.stdin, 'data')
    end()
    process.stdin.unref()
    await store.close()
    console.log('closed')`,
  )
  // Those of that process: our own is waited for to be gone.
  const backends = () =>
    server.query(
      url,
      "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'roster%' AND state = 'idle' AND datname = current_database()",
    )
  await expect.poll(backends, { timeout: 20_000 }).toEqual([])
  child.goOn()
  await child.said('open')
  await expect.poll(backends, { timeout: 20_000 }).toHaveLength(2)
  const pids = (await backends()).map((row) => Number(row['pid']))
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    child.goOn()
    expect(await child.ended).toContain('closed')
  } finally {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGCONT')
      } catch {
        // It is gone already.
      }
    }
  }
})

/** The way to the server, on which one word of the client is held back: what comes with it and after it on that connection never arrives. */
async function holding(
  url: string,
  word: string,
): Promise<{ readonly url: string; readonly isHeld: () => boolean; readonly calls: () => number; stop(): Promise<void> }> {
  const sockets: Socket[] = []
  let [isHeld, calls] = [false, 0]
  const way = createServer((socket) => {
    calls++
    const onwards = connect(server.port, '127.0.0.1')
    sockets.push(socket, onwards)
    for (const end of [socket, onwards]) end.on('error', () => undefined)
    onwards.pipe(socket)
    let holds = false
    socket.on('data', (data) => {
      if (data.includes(word)) isHeld = holds = true
      if (!holds) onwards.write(data)
    })
    socket.on('close', () => onwards.destroy())
  })
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.port = String((way.address() as AddressInfo).port)
  return {
    url: through.href,
    isHeld: () => isHeld,
    calls: () => calls,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => way.close(resolve))
    },
  }
}

test('a store that is closed while it begins to listen makes no connection any more', { timeout: 60_000 }, async () => {
  const url = await server.database()
  await must(await postgresStores().open(url, { create: true })).close()
  const way = await holding(url, 'LISTEN roster_batches')
  try {
    const child = run(
      way.url,
      `
      const store = (await createPostgresStores({ password }).open(url, { create: false })).value
      const end = store.watch(() => undefined)
      await once(process.stdin, 'data')
      end()
      process.stdin.unref()
      await store.close()
      const after = await store.batches()
      console.log(JSON.stringify(after.error?.reason))`,
    )
    await expect.poll(way.isHeld, { timeout: 20_000 }).toBe(true)
    child.goOn()
    expect((await child.ended).trim()).toBe('"unreachable"')
    // One to work on, one to listen on.
    expect(way.calls()).toBe(2)
  } finally {
    await way.stop()
  }
})

test('a store is closed though its server sleeps over a question', { timeout: 60_000 }, async () => {
  const url = await server.database()
  const store = must(await postgresStores().open(url, { create: true }))
  const rows = await server.query(
    url,
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'roster' AND datname = current_database()",
  )
  const pids = rows.map((row) => Number(row['pid']))
  expect(pids).toHaveLength(1)
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    const asked = [store.batches(), store.status()]
    await store.close()
    for (const answer of asked) expect(await answer).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
})

test('a line is closed though the server it calls never says a word', { timeout: 60_000 }, async () => {
  const way = await holding(await server.database(), '')
  try {
    const line = createLine({
      address: must(readAddress(way.url, 'x')),
      password: serverPassword,
      waits: { connect: 600_000, statement: 600_000, reconnect: 600_000 },
      name: 'silent',
    })
    const asked = line.read(async () => 'answered')
    await expect.poll(way.isHeld, { timeout: 20_000 }).toBe(true)
    await line.close()
    expect(await asked).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
  } finally {
    await way.stop()
  }
})

test('a server that takes a call and never says a word is told of, and keeps no process alive', { timeout: 30_000 }, async () => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => void sockets.push(socket))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const at = silent.address()
  if (at === null || typeof at === 'string') throw new Error('no port')
  const child = run(
    `postgres://kari@127.0.0.1:${at.port}/roster`,
    `
    const opened = await createPostgresStores({ password, waits: { connect: 500 } }).open(url, { create: false })
    console.log(opened.error?.reason)`,
  )
  expect((await child.ended).trim()).toBe('unreachable')
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => silent.close(resolve))
})
