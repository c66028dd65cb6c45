import type { MessagePort } from 'node:worker_threads'
import { compose, type Backend } from '../../compose.ts'
import type { KeyChain, Keeping } from '../../ports/signers.ts'
import type { SpawnWorkbookChild, WorkbookReply } from '../../ports/workbook-reader.ts'
import { whileIdle } from './idle-work.ts'
import type { EngineCall, EngineOptions, FromEngine, KeyChainAsk, ToEngine } from './messages.ts'

/**
 * The whole backend in a thread of its own: whatever it works on, the host's main thread is free. `warmed`: when it has warmed up, or
 * a list was opened or the engine closed before.
 */
export function serveEngine(port: MessagePort, options: EngineOptions): { readonly warmed: Promise<void> } {
  const post = (message: FromEngine, transfer: readonly ArrayBuffer[] = []): void => {
    port.postMessage(message, transfer)
  }
  const children = createHostChildren(post)
  const keyChain = createHostKeyChain(post)
  const { hostSpawnsWorkbookChild, hostHasKeyChain, warmUpAfterMs, ...composed } = options
  const backend = compose({
    ...composed,
    ...(hostSpawnsWorkbookChild ? { spawnWorkbookChild: children.spawn } : {}),
    ...(hostHasKeyChain ? { keyChain: keyChain.chain } : {}),
  })
  backend.subscribe((event) => {
    post({ kind: 'event', event })
  })
  const warmUp = whileIdle((work) => backend.warmUp(work), {
    afterMs: warmUpAfterMs,
    onFailure: (thrown) => void backend.incident('warm-up', thrown),
  })
  port.on('message', (message: ToEngine) => {
    switch (message.kind) {
      case 'child-reply':
        children.reply(message.child, message.reply)
        return
      case 'child-exit':
        children.exit(message.child, message.code)
        return
      case 'key-chain-answer':
        keyChain.answer(message.id, message.value)
        return
      case 'call':
        warmUp.callBegun()
        if (message.call.kind === 'close' || opensList(message.call)) warmUp.end()
        void answer(backend, message.call)
          .then(
            (value) => {
              post({ kind: 'answer', id: message.id, value })
              if (message.call.kind === 'close') port.close()
            },
            () => {
              post({ kind: 'failed', id: message.id })
            },
          )
          .finally(warmUp.callOver)
    }
  })
  return { warmed: warmUp.over }
}

const openingMethods = new Set(['drafts.create', 'drafts.createSample', 'drafts.open'])

/** From then on the person's own list goes through what the warm-up would, and the warm-up would only be in the way of edits. */
const opensList = (call: EngineCall): boolean =>
  call.kind === 'register-path' || call.kind === 'register-bytes' || (call.kind === 'dispatch' && openingMethods.has(call.method))

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

/** The system's key chain, asked of the host. What it cannot do reads as unavailable, or as not to be opened. */
function createHostKeyChain(post: (message: FromEngine) => void) {
  const waiting = new Map<number, (value: unknown) => void>()
  let last = 0
  const asked = (ask: KeyChainAsk): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++last
      waiting.set(id, resolve)
      post({ kind: 'key-chain-ask', id, ask })
    })
  const chain: KeyChain = {
    keeping: async () => ((await asked({ what: 'keeping' })) as Keeping | null) ?? { by: 'passphrase', why: 'unavailable' },
    async encrypt(text) {
      const sealed = await asked({ what: 'encrypt', text })
      if (typeof sealed !== 'string') throw new Error('The key chain of the system did not encrypt')
      return sealed
    },
    decrypt: async (sealed) => (await asked({ what: 'decrypt', sealed })) as string | null,
  }
  return {
    chain,
    answer(id: number, value: unknown) {
      waiting.get(id)?.(value)
      waiting.delete(id)
    },
  }
}
