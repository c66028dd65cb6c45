import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { AppEvent } from '../../../shared/contract/method.ts'
import { err, type Result } from '../../../shared/kit/result.ts'
import type { Backend, TicketContent } from '../../compose.ts'
import type { KeyChain } from '../../ports/signers.ts'
import type { SpawnWorkbookChild, WorkbookChild } from '../../ports/workbook-reader.ts'
import type { EngineCall, EngineOptions, FromEngine, KeyChainAsk, ToEngine } from './messages.ts'

export interface WorkerBackendOptions {
  readonly dataDir: string
  readonly resourcesDir?: string
  readonly version?: string
  /** Where the host has its own way to start a process (Electron). Default: the worker forks one. */
  readonly spawnWorkbookChild?: SpawnWorkbookChild
  /** The system's key chain, where the host has one (Electron). Default: keys are sealed with passphrases. */
  readonly keyChain?: KeyChain
  /** The thread warms up once nobody has called for so many ms. Default: a second, so that one that soon ends never does. */
  readonly warmUpAfterMs?: number
}

/** What the host lends the worker: things that only its own process can do. */
type HostParts = Pick<WorkerBackendOptions, 'spawnWorkbookChild' | 'keyChain'>

/**
 * The backend in a worker thread, behind the same interface as in process. If the thread dies, the calls under way end with an
 * `internal` error and the next call starts another one: all that was acknowledged is on disk.
 */
export function createWorkerBackend({ spawnWorkbookChild, keyChain, warmUpAfterMs = 1_000, ...options }: WorkerBackendOptions): Backend {
  const listeners = new Set<(event: AppEvent) => void>()
  let engine: Engine | null = null
  let isClosed = false

  const running = (): Engine => {
    if (engine === null) {
      const started = startEngine(
        { ...options, warmUpAfterMs, hostSpawnsWorkbookChild: spawnWorkbookChild !== undefined, hostHasKeyChain: keyChain !== undefined },
        { ...(spawnWorkbookChild === undefined ? {} : { spawnWorkbookChild }), ...(keyChain === undefined ? {} : { keyChain }) },
        (event) => {
          for (const listener of listeners) listener(event)
        },
      )
      engine = started
      void started.ended.then(() => {
        if (engine === started) engine = null
      })
    }
    return engine
  }

  async function ask<T>(call: EngineCall, transfer: readonly ArrayBuffer[] = []): Promise<Result<T, AppError>> {
    if (isClosed) return err(gone)
    const answer = await running().ask(call, transfer)
    return answer === null ? err(gone) : (answer.value as Result<T, AppError>)
  }

  return {
    dispatch: (method, input) => ask({ kind: 'dispatch', method, input }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    registerPath: (path) => ask<FileTicket>({ kind: 'register-path', path }),
    async registerBytes(name, bytes) {
      const answer = await running().ask({ kind: 'register-bytes', name, bytes })
      if (answer === null) throw new Error('The engine ended while it took a file')
      return answer.value as FileTicket
    },
    readTicket: (ticket) => ask<TicketContent>({ kind: 'read-ticket', ticket }),
    async close() {
      isClosed = true
      if (engine === null) return
      const { ended } = engine
      await engine.ask({ kind: 'close' })
      await ended
    },
  }
}

function askOf(keyChain: KeyChain, ask: KeyChainAsk): Promise<unknown> {
  switch (ask.what) {
    case 'keeping':
      return keyChain.keeping()
    case 'encrypt':
      return keyChain.encrypt(ask.text)
    case 'decrypt':
      return keyChain.decrypt(ask.sealed)
  }
}

const gone: AppError = { code: 'internal', incident: 'engine' }

interface Engine {
  /** Null: the thread ended first, or the call failed in a way that is no answer. */
  ask(call: EngineCall, transfer?: readonly ArrayBuffer[]): Promise<{ readonly value: unknown } | null>
  readonly ended: Promise<void>
}

function startEngine(options: EngineOptions, { spawnWorkbookChild: spawn, keyChain }: HostParts, emit: (event: AppEvent) => void): Engine {
  // In the sources this file lies in `workers/engine/`, in the built program beside `engine-worker.js`.
  const program = import.meta.url.endsWith('.ts') ? '../engine-worker.ts' : './engine-worker.js'
  const worker = new Worker(fileURLToPath(new URL(program, import.meta.url)), { workerData: options })
  const waiting = new Map<number, (answer: { readonly value: unknown } | null) => void>()
  const children = new Map<number, WorkbookChild>()
  let last = 0
  const post = (message: ToEngine, transfer: readonly ArrayBuffer[] = []): void => {
    worker.postMessage(message, transfer)
  }
  const settle = (id: number, answer: { readonly value: unknown } | null): void => {
    waiting.get(id)?.(answer)
    waiting.delete(id)
  }

  worker.on('message', (message: FromEngine) => {
    switch (message.kind) {
      case 'answer':
        settle(message.id, { value: message.value })
        return
      case 'failed':
        settle(message.id, null)
        return
      case 'event':
        emit(message.event)
        return
      case 'child-spawn': {
        if (spawn === undefined) return
        const { child } = message
        const process = spawn({ heapMiB: message.heapMiB })
        children.set(child, process)
        process.onMessage((reply) => {
          post({ kind: 'child-reply', child, reply })
        })
        process.onExit((code) => {
          children.delete(child)
          post({ kind: 'child-exit', child, code })
        })
        return
      }
      case 'child-send':
        children.get(message.child)?.send(message.request)
        return
      case 'child-kill':
        children.get(message.child)?.kill()
        return
      case 'key-chain-ask': {
        const { id } = message
        const answer = (value: unknown): void => post({ kind: 'key-chain-answer', id, value })
        // What fails is answered, too, but without saying what the system said: it may name secrets.
        void Promise.resolve(keyChain === undefined ? null : askOf(keyChain, message.ask)).then(answer, () => answer(null))
      }
    }
  })
  const ended = new Promise<void>((resolve) => {
    // An error that nobody caught ends the thread; its exit follows.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      for (const child of children.values()) child.kill()
      for (const id of [...waiting.keys()]) settle(id, null)
      resolve()
    })
  })
  return {
    ended,
    ask: (call, transfer = []) =>
      new Promise((resolve) => {
        const id = ++last
        waiting.set(id, resolve)
        post({ kind: 'call', id, call }, transfer)
      }),
  }
}
