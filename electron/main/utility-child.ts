import type { UtilityProcess } from 'electron'
import type { SpawnWorkbookChild, WorkbookReply } from '../../backend/ports/workbook-reader.ts'

/** A process that was asked to end has this long, in ms, before it is made to. */
const graceMs = 500

/** Starts the workbook parser as a utility process: with the fuse RunAsNode off, Node's `fork` would start a second app. */
export function utilityWorkbookChild(fork: typeof Electron.utilityProcess.fork, script: string): SpawnWorkbookChild {
  // Windows starts no process without it.
  const systemRoot = process.env['SystemRoot']
  return ({ heapMiB }) => {
    const child = fork(script, [], {
      serviceName: 'Roster workbook reader',
      // No inherited output: what a library prints could quote a cell. No inherited settings either.
      stdio: 'ignore',
      execArgv: [`--max-old-space-size=${heapMiB}`],
      env: systemRoot === undefined ? {} : { SystemRoot: systemRoot },
    })
    return {
      send: (request) => {
        child.postMessage(request)
      },
      onMessage: (listener) => {
        child.on('message', (reply: WorkbookReply) => {
          listener(reply)
        })
      },
      onExit: (listener) => {
        child.once('exit', (code) => {
          listener(code)
        })
      },
      kill: () => {
        end(child)
      },
    }
  }
}

function end(child: UtilityProcess): void {
  const { pid } = child
  if (!child.kill() || pid === undefined) return
  const timer = setTimeout(() => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended between the check and the signal.
    }
  }, graceMs)
  child.once('exit', () => {
    clearTimeout(timer)
  })
}
