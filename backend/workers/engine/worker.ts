import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { compose, type Backend } from '../../compose.ts'
import type { SpawnWorkbookChild, WorkbookReply } from '../../ports/workbook-reader.ts'
import type { EngineCall, EngineOptions, FromEngine, ToEngine } from './messages.ts'

/** The whole backend in a thread of its own: whatever it works on, the host's main thread is free. */
export function serveEngine(port: MessagePort, options: EngineOptions): void {
  const post = (message: FromEngine, transfer: readonly ArrayBuffer[] = []): void => {
    port.postMessage(message, transfer)
  }
  const children = createHostChildren(post)
  const { hostSpawnsWorkbookChild, ...composed } = options
  const backend = compose(hostSpawnsWorkbookChild ? { ...composed, spawnWorkbookChild: children.spawn } : composed)
  backend.subscribe((event) => {
    post({ kind: 'event', event })
  })
  port.on('message', (message: ToEngine) => {
    switch (message.kind) {
      case 'child-reply':
        children.reply(message.child, message.reply)
        return
      case 'child-exit':
        children.exit(message.child, message.code)
        return
      case 'call':
        void answer(backend, message.call).then(
          (value) => {
            post({ kind: 'answer', id: message.id, value })
            if (message.call.kind === 'close') port.close()
          },
          () => {
            post({ kind: 'failed', id: message.id })
          },
        )
    }
  })
}

function answer(backend: Backend, call: EngineCall): Promise<unknown> {
  switch (call.kind) {
    case 'dispatch':
      return backend.dispatch(call.method, call.input)
    case 'register-path':
      return backend.registerPath(call.path)
    case 'register-bytes':
      return backend.registerBytes(call.name, call.bytes)
    case 'read-ticket':
      return backend.readTicket(call.ticket)
    case 'close':
      return backend.close()
  }
}

/** Parser processes that the host starts on the worker's behalf. */
function createHostChildren(post: (message: FromEngine) => void) {
  const listeners = new Map<number, { onMessage: (reply: WorkbookReply) => void; onExit: (code: number | null) => void }>()
  let last = 0
  const spawn: SpawnWorkbookChild = ({ heapMiB }) => {
    const child = ++last
    const told = { onMessage: (_reply: WorkbookReply): void => undefined, onExit: (_code: number | null): void => undefined }
    listeners.set(child, told)
    post({ kind: 'child-spawn', child, heapMiB })
    return {
      send: (request) => {
        post({ kind: 'child-send', child, request })
      },
      onMessage: (listener) => {
        told.onMessage = listener
      },
      onExit: (listener) => {
        told.onExit = listener
      },
      kill: () => {
        post({ kind: 'child-kill', child })
      },
    }
  }
  return {
    spawn,
    reply: (child: number, reply: WorkbookReply) => listeners.get(child)?.onMessage(reply),
    exit(child: number, code: number | null) {
      listeners.get(child)?.onExit(code)
      listeners.delete(child)
    },
  }
}

if (parentPort !== null) serveEngine(parentPort, workerData as EngineOptions)
