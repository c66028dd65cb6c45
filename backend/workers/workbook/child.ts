import type { WorkbookReply, WorkbookRequest } from '../../ports/workbook-reader.ts'
import { answer } from './read.ts'

/**
 * The process that parses one workbook and ends. Started by `fork` (messages over `process.send`) or as an Electron utility
 * process (messages over `parentPort`). It opens nothing but the file it is told to read, and writes nothing.
 */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: WorkbookRequest }) => void): void
  postMessage(reply: WorkbookReply): void
}

const parentPort = (process as { readonly parentPort?: ParentPort }).parentPort

function serve(request: WorkbookRequest, reply: (reply: WorkbookReply) => void, end: (code: number) => void): void {
  answer(request, reply).then(
    () => {
      end(0)
    },
    // A bug, or memory that could not be had: the parent sees the exit code, never the text (it may quote a cell).
    () => {
      end(70)
    },
  )
}

if (parentPort !== undefined) {
  parentPort.on('message', ({ data }) => {
    // The parent ends this process when it has the last message; leaving on our own could lose it.
    serve(
      data,
      (reply) => {
        parentPort.postMessage(reply)
      },
      (code) => {
        if (code !== 0) process.exit(code)
      },
    )
  })
} else if (process.send !== undefined) {
  process.once('message', (request: WorkbookRequest) => {
    let last: WorkbookReply['kind'] | undefined
    serve(
      request,
      (reply) => {
        last = reply.kind
        // Closing the channel before the last message is through would lose what still waits.
        process.send?.(reply, undefined, undefined, () => {
          if (reply.kind === 'done' || reply.kind === 'problem') process.disconnect()
        })
      },
      (code) => {
        process.exitCode = code
        if (last !== 'done' && last !== 'problem') process.exit(code)
      },
    )
  })
} else {
  process.stderr.write('This file is run by Roster itself.\n')
  process.exitCode = 64
}
