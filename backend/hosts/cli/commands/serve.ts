import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createWorkerBackend } from '../../../workers/engine/client.ts'
import { openBrowser } from '../../loopback/open-browser.ts'
import { rendererFolder } from '../../renderer-folder.ts'
import { startLoopback, type Loopback } from '../../loopback/server.ts'
import { countOption, fail, hasFlag, usageError, type Context } from '../context.ts'

export async function run(context: Context): Promise<number> {
  const { out, say } = context
  const port = countOption(context, 'port') ?? 0
  if (port > 65535) return fail(context, usageError(say.usage.wrongValue('--port', String(port), '0–65535', null)))
  const folder = rendererFolder()
  if (folder === null) return fail(context, { code: 'file/not-found', path: 'out/renderer/index.html' })
  const stop = context.stopSignal()
  const backend = createWorkerBackend({ dataDir: context.dataDir, version: context.version })
  let host: Loopback
  try {
    host = await startLoopback({ backend, rendererFolder: folder, port })
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE' || code === 'EACCES') return fail(context, usageError(say.usage.portTaken(port)))
    throw thrown
  }

  const address = host.newAddress()
  if (context.json) await out.json({ url: address, origin: host.origin })
  else await out.write(`${say.label.serving} ${address}\n`)
  const opened = hasFlag(context, 'open') ? await openBrowser(host.newAddress(), context.dataDir) : null
  if (!context.json) out.remark(say.label.stopServing)
  const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : null
  // An address is good once: Enter asks for another, for a second window or after closing the first.
  lines?.on('line', () => void out.write(`${say.label.serving} ${host.newAddress()}\n`))

  if (!stop.aborted) await once(stop, 'abort')
  lines?.close()
  await opened?.()
  await host.close()
  await backend.close()
  return 0
}
