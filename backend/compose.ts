import type { AppError } from '../shared/contract/app-error.ts'
import type { Dispatch } from '../shared/contract/dispatch.ts'
import type { FileTicket } from '../shared/contract/draft-methods.ts'
import type { AppEvent } from '../shared/contract/method.ts'
import type { Result } from '../shared/kit/result.ts'
import type { Clock } from './ports/clock.ts'
import type { Log } from './ports/log.ts'
import type { SpawnWorkbookChild } from './ports/workbook-reader.ts'
import type { Services } from './services/services.ts'

export interface ComposeOptions {
  /** Where drafts, customers, the embedded store and receipts live: see `defaultDataFolder`. Made when first written to, 0700. */
  readonly dataDir: string
  /** The app's own files: `samples/` among them. Default: `resources` beside the sources. */
  readonly resourcesDir?: string
  readonly version?: string
  readonly clock?: Clock
  readonly log?: Log
  /** How this host starts the workbook parser. Default: a forked Node process. */
  readonly spawnWorkbookChild?: SpawnWorkbookChild
}

/** What every host holds: one door for calls, one stream of events, and the way of files in and out. */
export interface Backend {
  readonly dispatch: Dispatch
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: AppEvent) => void): () => void
  /** A file that the person chose. Fails where there is none. */
  registerPath(path: string): Promise<Result<FileTicket, AppError>>
  /** A file that was handed over as bytes (drop, upload, paste). The backend keeps the bytes. */
  registerBytes(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<FileTicket>
  /** What stands behind a ticket: for saving reports, receipts and Control Hub files. */
  readTicket(ticket: string): Promise<Result<TicketContent, AppError>>
  /** Ends jobs, closes drafts and stores. Everything acknowledged is on disk already. */
  close(): Promise<void>
}

export interface TicketContent {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A backend in this process: the command line uses the services, too. */
export interface ComposedBackend extends Backend {
  readonly services: Services
}

export type Compose = (options: ComposeOptions) => ComposedBackend
