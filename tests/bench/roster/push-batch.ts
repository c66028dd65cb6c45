import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { compose, type ComposedBackend } from '../../../backend/compose.ts'
import { serverPassword } from '../../support/postgres.ts'
import { must } from '../../support/store.ts'

// A whole push as `roster push` does it: content against digest, guards, every portion, the receipt. The batch was put into the store by
// another process, so that the peak of this one's memory is that of the push alone. What the push itself holds is looked at after each
// portion, once what is no longer needed has been collected: a runtime with room to spare collects late.

interface Args {
  readonly engine: 'sqlite' | 'postgres'
  readonly rows: number
  /** Of the server's own database. */
  readonly server: string
}

interface Prepared {
  readonly backend: ComposedBackend
  readonly batch: string
}

export function prepare({ engine, rows, server }: Args): Prepared {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  const store = engine === 'sqlite' ? path.join(folder, 'store.sqlite') : server.replace(/\/[^/]*$/u, `/batch_${process.pid}`)
  const put = fileURLToPath(new URL('./put-batch.ts', import.meta.url))
  const batch = execFileSync(process.execPath, [put, JSON.stringify({ engine, rows, server, store })], { encoding: 'utf8' }).trim()
  process.env['ROSTER_STORE_PASSWORD'] = serverPassword
  return { backend: compose({ dataDir: folder, ...(engine === 'postgres' ? { store } : {}) }), batch }
}

interface Outcome {
  readonly applied: number
  readonly live: number
}

export async function run(_: Args, { backend, batch }: Prepared): Promise<Outcome> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let live = 0
  const onProgress = (): void => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    live = Math.max(live, (heapUsed + external) / 1024 ** 2)
  }
  const { items } = must(await backend.services.batches.push({ batch, by: 'Per' }, { onProgress }))
  await backend.close()
  return { applied: items.applied, live }
}
export const check = ({ applied }: Outcome): unknown => ({ applied })
export const stages = ({ live }: Outcome): Readonly<Record<string, number>> => ({ live })
