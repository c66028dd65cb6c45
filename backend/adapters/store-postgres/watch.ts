import pg from 'pg'
import { part, type LineOptions } from './line.ts'

/** Where nobody tells us, or the connection that would is down, we look again after so long. */
const pollMs = 5000

/**
 * Tells of every batch that is submitted, decided or pushed by anybody, for as long as it is asked to: by LISTEN/NOTIFY on a connection
 * of its own. While that is down (or where an engine has none) `poll` looks instead.
 */
export function watchBatches(
  { address, password, waits }: Pick<LineOptions, 'address' | 'password' | 'waits'>,
  onChange: (batch: string) => void,
  poll: () => Promise<void>,
): () => void {
  let ended = false
  let listener: pg.Client | null = null
  /** The listener, or what is about to become it. */
  let latest: pg.Client | null = null
  let timer: NodeJS.Timeout | undefined
  /** A function, because the compiler takes a flag for unchanged across an await. */
  const isEnded = (): boolean => ended

  async function listen(): Promise<void> {
    const client = new pg.Client({
      ...address.config,
      ...(password === undefined ? {} : { password }),
      application_name: 'roster inbox',
      connectionTimeoutMillis: waits.connect,
      query_timeout: waits.statement,
      keepAlive: true,
    })
    latest = client
    client.on('error', () => undefined)
    client.on('end', () => {
      if (listener === client) listener = null
      again()
    })
    client.on('notification', ({ payload }) => {
      if (!ended && payload !== undefined) onChange(payload)
    })
    try {
      await client.connect()
      await client.query('LISTEN roster_batches')
      // Whoever ended it has parted from the latest one, which is this.
      if (isEnded()) return
      listener = client
      // What happened while nobody listened.
      await poll()
    } catch {
      void part(client)
      if (isEnded()) return
      // What is from now on is told of by looking again, so we look how it is now.
      await poll().catch(() => undefined)
      again()
    }
  }

  function again(): void {
    if (ended || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      void poll().catch(() => undefined)
      if (!ended && listener === null) void listen()
    }, pollMs)
    timer.unref()
  }

  void listen()
  return () => {
    ended = true
    clearTimeout(timer)
    if (latest !== null) void part(latest)
  }
}
