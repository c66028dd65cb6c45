import { afterAll, beforeAll } from 'vitest'
import { must, onBench, type Bench } from './backend.ts'
import { serverPassword, startPostgres, type PostgresServer } from './postgres.ts'

/** Within a `describe`: work with a backend on a fresh store of that kind; a server runs for as long as its tests do. */
export function benchOn(name: 'SQLite' | 'PostgreSQL'): (work: (bench: Bench) => Promise<void>) => Promise<void> {
  let server: PostgresServer | null = null
  beforeAll(async () => {
    process.env['ROSTER_STORE_PASSWORD'] = serverPassword
    if (name === 'PostgreSQL') server = await startPostgres({ fsync: false })
  })
  afterAll(async () => {
    delete process.env['ROSTER_STORE_PASSWORD']
    await server?.stop()
  })
  return async (work) => {
    const store = await server?.database()
    await onBench(
      async (bench) => {
        must(await bench.backend.services.store.init())
        await work(bench)
      },
      store === undefined ? {} : { store },
    )
  }
}
