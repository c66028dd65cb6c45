import type { AppEvent } from '../../../shared/contract/method.ts'
import type { WorkbookReply, WorkbookRequest } from '../../ports/workbook-reader.ts'

/** What the engine worker is given at its start. */
export interface EngineOptions {
  readonly dataDir: string
  readonly resourcesDir?: string
  readonly version?: string
  /** The workbook parser is started by the host (Electron's utility process), not by the worker. */
  readonly hostSpawnsWorkbookChild: boolean
  /** The host has the system's key chain, which only its main process may ask. */
  readonly hostHasKeyChain: boolean
  /** It warms up once nobody has called for so many ms. */
  readonly warmUpAfterMs: number
}

/** What the worker asks of the host's key chain. */
export type KeyChainAsk =
  { readonly what: 'keeping' } | { readonly what: 'encrypt'; readonly text: string } | { readonly what: 'decrypt'; readonly sealed: string }

export type EngineCall =
  | { readonly kind: 'dispatch'; readonly method: string; readonly input: unknown }
  | { readonly kind: 'register-path'; readonly path: string }
  | { readonly kind: 'register-bytes'; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'read-ticket'; readonly ticket: string }
  | { readonly kind: 'close' }

/** Host to worker. `id` pairs a call with its answer. */
export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly call: EngineCall }
  | { readonly kind: 'child-reply'; readonly child: number; readonly reply: WorkbookReply }
  | { readonly kind: 'child-exit'; readonly child: number; readonly code: number | null }
  /** Null: the key chain failed. */
  | { readonly kind: 'key-chain-answer'; readonly id: number; readonly value: unknown }

/** Worker to host. */
export type FromEngine =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number }
  | { readonly kind: 'event'; readonly event: AppEvent }
  | { readonly kind: 'child-spawn'; readonly child: number; readonly heapMiB: number }
  | { readonly kind: 'child-send'; readonly child: number; readonly request: WorkbookRequest }
  | { readonly kind: 'child-kill'; readonly child: number }
  | { readonly kind: 'key-chain-ask'; readonly id: number; readonly ask: KeyChainAsk }
