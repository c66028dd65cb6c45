import type { FileTicket } from './draft-methods.ts'
import type { AppEvent } from './method.ts'

/** What a file is picked for: decides the words and the file kinds of the dialog, nothing else. */
export type FilePurpose = 'users' | 'baseline' | 'profile' | 'list' | 'review' | 'receipt'

/** The endings a purpose asks for. Magic bytes decide in the end, so every dialog can also show all files. */
export const fileEndings: Readonly<Record<FilePurpose, readonly string[]>> = {
  users: ['csv', 'tsv', 'txt', 'xlsx', 'xlsm'],
  baseline: ['csv', 'tsv', 'txt', 'xlsx', 'xlsm'],
  profile: ['json'],
  list: ['csv', 'tsv', 'txt', 'xlsx', 'json'],
  review: ['rosterreview', 'rosterdecision', 'rosterkey'],
  receipt: ['json'],
}

export const windowThemes = ['system', 'light', 'dark', 'contrast'] as const
export type WindowTheme = (typeof windowThemes)[number]

export type FileAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly name: string; readonly detail: string }

/**
 * What the preload script exposes as `window.roster`, and all it exposes: one transport, the file dialogs, the menu's commands.
 * Everything that crosses is plain data (structured clone). Nothing here is thrown across the bridge for an expected failure:
 * `call` answers with an envelope, the file functions answer with `FileAnswer`. `Dropped` is the DOM's `File`.
 */
export interface DesktopBridge<Dropped> {
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
   * Null where the file has no path (pasted) or none that the host opens unasked; then `receiveBytes` is used.
   */
  receiveDropped?(file: Dropped): Promise<FileAnswer<FileTicket> | null>
  receiveBytes(name: string, bytes: ArrayBuffer): Promise<FileAnswer<FileTicket>>
  /** Shows the system's save dialog and writes the ticket's bytes there, whole or not at all. `false`: cancelled. */
  saveTicket(ticket: string, name: string): Promise<FileAnswer<boolean>>
  /** The window's own light or dark, told to the system so that title bar and menus follow. */
  setTheme?(theme: WindowTheme): void
  /** A notice of the system's, while no window of Roster's has the focus. A click shows the window. */
  notify?(text: string): void
  /** The menu's items by the ids of the window's own commands. Returns the function that ends the subscription. */
  onCommand?(listener: (command: string) => void): () => void
}

/** Names of the messages between the preload script and the main process; nobody else sends any. */
export const bridgeChannels = {
  call: 'roster:call',
  pickFiles: 'roster:pick-files',
  receivePath: 'roster:receive-path',
  receiveBytes: 'roster:receive-bytes',
  saveTicket: 'roster:save-ticket',
  setTheme: 'roster:set-theme',
  notify: 'roster:notify',
  event: 'roster:event',
  command: 'roster:command',
} as const
