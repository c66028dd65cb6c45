import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { AppEvent } from '../../../shared/contract/method.ts'
import type { FilePurpose } from './platform.ts'

/**
 * What the preload script exposes as `window.roster`, and all it exposes: one transport and the file dialogs.
 * Everything that crosses is plain data (structured clone). Nothing here is thrown across the bridge for an expected failure:
 * `call` answers with an envelope, the file functions answer with `FileAnswer`.
 */
export interface RosterBridge {
  /** The window's protocol, so that an old preload with a new window says so. */
  readonly version: 1
  /** The envelope of the contract: `{ ok: true, value }` or `{ ok: false, error }`. */
  call(method: string, input: unknown): Promise<unknown>
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: AppEvent) => void): () => void
  /** Shows the system's open dialog. An empty list: cancelled. */
  pickFiles(purpose: FilePurpose, several: boolean): Promise<FileAnswer<readonly FileTicket[]>>
  /**
   * The path of a dropped file, as a ticket, so that its bytes need not cross the window (Electron's `webUtils.getPathForFile`).
   * Null where the file has no path (pasted); then `receiveBytes` is used.
   */
  receiveDropped?(file: File): Promise<FileAnswer<FileTicket> | null>
  receiveBytes(name: string, bytes: ArrayBuffer): Promise<FileAnswer<FileTicket>>
  /** Shows the system's save dialog and writes the ticket's bytes there, whole or not at all. `false`: cancelled. */
  saveTicket(ticket: string, name: string): Promise<FileAnswer<boolean>>
  /** The window's own light or dark, told to the system so that title bar and menus follow. */
  setTheme?(theme: 'system' | 'light' | 'dark' | 'contrast'): void
}

export type FileAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly name: string; readonly detail: string }

declare global {
  interface Window {
    readonly roster?: RosterBridge
  }
}
