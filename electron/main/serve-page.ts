import type { WebContents } from 'electron'
import { limits } from '../../shared/core/limits.ts'
import { bridgeChannels, fileEndings, windowThemes, type FilePurpose, type WindowTheme } from '../../shared/contract/desktop-bridge.ts'
import type { Dispatch } from '../../shared/contract/dispatch.ts'
import type { Door } from './door.ts'
import type { FileDialogs } from './file-dialogs.ts'

export interface PageServices {
  readonly dispatch: Dispatch
  readonly files: FileDialogs<WebContents>
  readonly setTheme: (theme: WindowTheme) => void
  readonly notify: (text: string) => void
}

/** Longer names do not exist on the file systems that Roster runs on. */
const nameLength = 255
const pathLength = 32_768

/** Every message that the page can send, in one place: calls go on to the backend, which checks them by their schemas. */
export function servePage(door: Door, { dispatch, files, setTheme, notify }: PageServices): void {
  door.handle(
    bridgeChannels.call,
    (args): args is [string, unknown] => args.length === 2 && isText(args[0], 200),
    (_sender, method, input) => dispatch(method, input),
  )
  door.handle(
    bridgeChannels.pickFiles,
    (args): args is [FilePurpose, boolean] => args.length === 2 && isPurpose(args[0]) && typeof args[1] === 'boolean',
    (sender, purpose, several) => files.pick(sender, purpose, several),
  )
  door.handle(
    bridgeChannels.receivePath,
    (args): args is [string] => args.length === 1 && isText(args[0], pathLength),
    (_sender, path) => files.receivePath(path),
  )
  door.handle(
    bridgeChannels.receiveBytes,
    (args): args is [string, ArrayBuffer] => args.length === 2 && isText(args[0], nameLength) && isFileContent(args[1]),
    (_sender, name, bytes) => files.receiveBytes(name, new Uint8Array(bytes)),
  )
  door.handle(
    bridgeChannels.saveTicket,
    (args): args is [string, string] => args.length === 2 && isText(args[0], 200) && isText(args[1], nameLength),
    (sender, ticket, name) => files.saveTicket(sender, ticket, name),
  )
  door.handle(
    bridgeChannels.setTheme,
    (args): args is [WindowTheme] => args.length === 1 && (windowThemes as readonly unknown[]).includes(args[0]),
    async (_sender, theme) => {
      setTheme(theme)
    },
  )
  door.handle(
    bridgeChannels.notify,
    (args): args is [string] => args.length === 1 && isText(args[0], 300),
    async (_sender, text) => {
      notify(text)
    },
  )
}

const isText = (value: unknown, longest: number): value is string => typeof value === 'string' && value.length <= longest
const isPurpose = (value: unknown): value is FilePurpose => typeof value === 'string' && Object.hasOwn(fileEndings, value)
const isFileContent = (value: unknown): value is ArrayBuffer => value instanceof ArrayBuffer && value.byteLength <= limits.fileBytes
