import type { InjectionKey } from 'vue'
import { inject } from 'vue'
import { fileEndings, type FilePurpose } from '../../../shared/contract/desktop-bridge.ts'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { Transport } from '../../../shared/contract/method.ts'
import type { Notices } from './notify.ts'

export { fileEndings, type FilePurpose }

/**
 * All that the window needs from the host it runs in: calls and events, and files by ticket.
 * Bytes stay in the backend; the window holds a ticket (name and size) and hands it on.
 */
export interface Platform {
  readonly kind: 'loopback' | 'desktop'
  readonly transport: Transport
  /** Asks the person for files. An empty list: the person chose none. Throws `FileRefused` where the host does not take the file. */
  pickFiles(purpose: FilePurpose, several?: boolean): Promise<readonly FileTicket[]>
  /** A file that was dropped or pasted onto the window. Throws `FileRefused`. */
  receiveFile(file: File): Promise<FileTicket>
  /** Lets the person keep a file that the backend made. False: the person changed their mind. Throws `FileRefused`. */
  saveFile(ticket: FileTicket): Promise<boolean>
  readonly notices: Notices
}

/** The host did not take or give a file. `detail` is the host's own reason. */
export class FileRefused extends Error {
  readonly fileName: string
  readonly detail: string
  constructor(fileName: string, detail: string) {
    super(`${fileName}: ${detail}`)
    this.fileName = fileName
    this.detail = detail
  }
}

export const platformKey: InjectionKey<Platform> = Symbol('platform')

/** The platform of this window. In components and stores; a window without one is a bug. */
export function usePlatform(): Platform {
  const platform = inject(platformKey)
  if (platform === undefined) throw new Error('No platform was provided to this window')
  return platform
}
