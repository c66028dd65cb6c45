import { bridgeChannels, type DesktopBridge, type FileAnswer } from '../../shared/contract/desktop-bridge.ts'
import type { FileTicket } from '../../shared/contract/draft-methods.ts'
import type { AppEvent } from '../../shared/contract/method.ts'

/** What the bridge needs of Electron's `ipcRenderer` and `webUtils`. */
export interface PreloadWorld {
  invoke(channel: string, ...args: readonly unknown[]): Promise<unknown>
  on(channel: string, listener: (event: unknown, ...args: readonly unknown[]) => void): void
  removeListener(channel: string, listener: (event: unknown, ...args: readonly unknown[]) => void): void
  pathOf(file: File): string
}

/** One transport and the file dialogs. Listeners are wrapped, so that no event object of Electron's reaches the page. */
export function createBridge({ invoke, on, removeListener, pathOf }: PreloadWorld): DesktopBridge<File> {
  const listen = (channel: string, listener: (value: never) => void): (() => void) => {
    const wrapped = (_event: unknown, value: unknown): void => {
      listener(value as never)
    }
    on(channel, wrapped)
    return () => {
      removeListener(channel, wrapped)
    }
  }
  return Object.freeze<DesktopBridge<File>>({
    version: 1,
    call: (method, input) => invoke(bridgeChannels.call, method, input),
    subscribe: (listener: (event: AppEvent) => void) => listen(bridgeChannels.event, listener),
    pickFiles: (purpose, several) => invoke(bridgeChannels.pickFiles, purpose, several) as Promise<FileAnswer<readonly FileTicket[]>>,
    async receiveDropped(file) {
      const path = pathOf(file)
      return path === '' ? null : ((await invoke(bridgeChannels.receivePath, path)) as FileAnswer<FileTicket> | null)
    },
    receiveBytes: (name, bytes) => invoke(bridgeChannels.receiveBytes, name, bytes) as Promise<FileAnswer<FileTicket>>,
    saveTicket: (ticket, name) => invoke(bridgeChannels.saveTicket, ticket, name) as Promise<FileAnswer<boolean>>,
    setTheme: (theme) => {
      // A title bar in the wrong colour is no trouble to tell a person.
      invoke(bridgeChannels.setTheme, theme).catch(() => undefined)
    },
    notify: (text) => {
      // A notice that does not come is no trouble either: the inbox shows what waits.
      invoke(bridgeChannels.notify, text).catch(() => undefined)
    },
    onCommand: (listener: (command: string) => void) => listen(bridgeChannels.command, listener),
  })
}
