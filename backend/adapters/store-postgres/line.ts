import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Client } from 'pg'
import { inTurn } from '../../../shared/kit/in-turn.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { StoreProblem } from '../../ports/provisioning-store.ts'
import type { StoreAddress } from './address.ts'
import { isLost, NoAnswer, problemOf, StoreRefusal, unreachable, wantsRetry } from './trouble.ts'

/** How long we wait for what, in milliseconds. */
export interface Waits {
  readonly connect: number
  /** One statement, a COPY included. After it the store counts as hung; 0: never. */
  readonly statement: number
  /** A connection that was lost is sought again for so long. */
  readonly reconnect: number
}
export const usualWaits: Waits = { connect: 10_000, statement: 120_000, reconnect: 15_000 }

/** A whole transaction is tried again so often when the server asks for it. */
export const mostRetries = 8

export interface LineOptions {
  readonly address: StoreAddress
  readonly password: string | (() => Promise<string>) | undefined
  readonly waits: Waits
  /** Shown by the server beside the connection; a push finds its own former connection by it. */
  readonly name: string
  /** On a fresh connection, before it is used. */
  readonly prepare?: (client: Client) => Promise<void>
}

/** One connection, made when first needed and made anew when it was lost. Work on it goes one after the other. */
export interface Line {
  readonly url: string
  /** Reads, or anything that may be done twice. */
  read<T>(work: (client: Client) => Promise<T>): Promise<Result<T, StoreProblem>>
  /** One transaction, as a whole once or not at all. */
  write<T>(work: Transaction<T>): Promise<Result<T, StoreProblem>>
  /** Cuts the connection, or the one that is just being made; what is under way on it is rolled back by the server. */
  drop(): void
  /** From now on a lost connection is sought for so long only. */
  hurry(ms: number): void
  /**
   * For good: no connection is made any more, and whatever would need one is refused as `unreachable`. What is under way is waited for no
   * longer than a goodbye, and then cut.
   */
  close(): Promise<void>
}

export interface Transaction<T> {
  /** May run several times; everything it decides on it reads itself. */
  readonly run: (client: Client) => Promise<Result<T, StoreProblem>>
  /**
   * Whether the commit whose answer was lost had been done: read from what it would have left. Null: it had not. Only asked
   * after such a commit.
   */
  readonly done: (client: Client) => Promise<{ readonly value: T } | null>
  readonly signal?: AbortSignal
}

export function createLine({ address, password, waits, name, prepare }: LineOptions): Line {
  const url = address.shown
  let client: Client | null = null
  let coming: Client | null = null
  let wasUp = false
  let closed = false
  let patience = waits.reconnect
  const take = inTurn()

  async function up(): Promise<Client> {
    if (client !== null) return client
    if (closed) throw new StoreRefusal(unreachable(url, 'it has been closed'))
    const fresh = new pg.Client({
      ...address.config,
      ...(password === undefined ? {} : { password }),
      application_name: name,
      connectionTimeoutMillis: Math.min(waits.connect, Math.max(patience, 200)),
      query_timeout: waits.statement,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    })
    // Without a listener an error between two statements would end the process.
    fresh.on('error', () => {
      if (client === fresh) client = null
    })
    coming = fresh
    try {
      await fresh.connect()
      // The end of a client whose machine is gone is noticed in a minute, not in two hours; ignored where an engine has no such setting.
      await fresh
        .query(
          "SELECT set_config('tcp_keepalives_idle', '20', false), set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '4', false)",
        )
        .catch(ignoreUnlessLost)
      await prepare?.(fresh)
    } catch (thrown) {
      cut(fresh)
      throw thrown
    } finally {
      coming = null
    }
    client = fresh
    wasUp = true
    return fresh
  }

  function drop(): void {
    for (const open of [client, coming]) if (open !== null) cut(open)
    client = null
  }

  /** Tries until it is answered, the patience is at an end, or the trouble is none of the connection. */
  async function persist<T>(
    attempt: (client: Client) => Promise<Result<T, StoreProblem>>,
    signal: AbortSignal | undefined,
  ): Promise<Result<T, StoreProblem>> {
    let lostSince: number | null = null
    for (let conflicts = 0, pause = 10; ; pause = Math.min(pause * 2, 1000)) {
      if (isAborted(signal)) return err({ kind: 'store-problem', reason: 'cancelled' })
      let used: Client | null = null
      try {
        used = await up()
        return await attempt(used)
      } catch (thrown) {
        const lost = isLost(thrown)
        // It may not be that of the line any more, and is cut all the same: nothing must hold on to it.
        if (lost && used !== null) cut(used)
        if (lost) drop()
        else await client?.query('ROLLBACK').catch(drop)
        if (isAborted(signal)) return err({ kind: 'store-problem', reason: 'cancelled' })
        if (lost) {
          lostSince ??= performance.now()
          // A store that never answered is not waited for; one that went away in the middle is.
          if (!wasUp || closed || performance.now() - lostSince > patience) return err(problemOf(url, thrown))
        } else if (!wantsRetry(thrown) || ++conflicts > mostRetries) return err(problemOf(url, thrown))
        await sleep(pause * (0.5 + Math.random()))
      }
    }
  }

  return {
    url,
    read: (work) => take(() => persist(async (connection) => ok(await work(connection)), undefined)),
    write: ({ run, done, signal }) =>
      take(async () => {
        let isUnknown = false
        return persist(async (connection) => {
          if (isUnknown) {
            const found = await done(connection)
            if (found !== null) return ok(found.value)
            isUnknown = false
          }
          await connection.query('BEGIN ISOLATION LEVEL READ COMMITTED')
          const result = await run(connection)
          if (!result.ok) {
            await connection.query('ROLLBACK')
            return result
          }
          isUnknown = true
          await connection.query('COMMIT')
          return result
        }, signal)
      }),
    drop,
    hurry: (ms) => {
      patience = Math.min(patience, ms)
    },
    close: () => {
      closed = true
      patience = 0
      const late = setTimeout(drop, goodbyeMs)
      return take(async () => {
        clearTimeout(late)
        const closing = client
        client = null
        if (closing !== null) await part(closing)
      })
    },
  }
}

/** What nobody expects of a server is thrown on, but not with a connection left behind. */
export async function closedIfItThrows<T>(line: Line, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    await line.close()
    throw thrown
  }
}

/** A function, because the compiler takes a flag for unchanged across an await. */
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

function ignoreUnlessLost(thrown: unknown): void {
  if (isLost(thrown)) throw thrown as Error
}

/** At once, without a goodbye that a hung server would not answer. */
function cut(client: Client): void {
  const { connection } = client as unknown as { readonly connection?: { readonly stream?: { destroy(): void } } }
  client.on('error', () => undefined)
  connection?.stream?.destroy()
}

/** With a goodbye; a server that does not take it is left without one, so that its socket keeps no process alive. */
export async function part(client: Client): Promise<void> {
  const late = setTimeout(() => {
    cut(client)
  }, goodbyeMs)
  await client.end().catch(() => undefined)
  clearTimeout(late)
}
const goodbyeMs = 1000

/** For streams, which know no time limit of their own. What is late is cut off: the server would go on with it. */
export async function withinTime<T>(ms: number, client: Client, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new NoAnswer())
          cut(client)
        }, ms)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}
