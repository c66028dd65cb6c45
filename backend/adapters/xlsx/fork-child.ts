import { fork } from 'node:child_process'
import type { SpawnWorkbookChild, WorkbookReply } from '../../ports/workbook-reader.ts'

/** Starts the parser with Node's `fork`. `script`: the built `workbook-child.js`, or its source in tests. */
export function forkWorkbookChild(script: string): SpawnWorkbookChild {
  // Windows starts no process without it.
  const systemRoot = process.env['SystemRoot']
  return ({ heapMiB }) => {
    const child = fork(script, [], {
      serialization: 'advanced',
      // No inherited output: what a library prints could quote a cell. No inherited flags or settings of Node either.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [`--max-old-space-size=${heapMiB}`],
      env: systemRoot === undefined ? {} : { SystemRoot: systemRoot },
    })
    return {
      send(request) {
        // A child that could not be started reports that through `error` and `exit`, not here.
        child.send(request, () => undefined)
      },
      onMessage(listener) {
        child.on('message', (message) => {
          listener(message as WorkbookReply)
        })
      },
      onExit(listener) {
        let told = false
        const tell = (code: number | null): void => {
          if (!told) listener(code)
          told = true
        }
        // `close` comes after the last message has been read; `exit` may come before it.
        child.once('close', tell)
        child.once('error', () => {
          tell(null)
        })
      },
      kill() {
        child.kill('SIGKILL')
      },
    }
  }
}
