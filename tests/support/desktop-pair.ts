import { EventEmitter } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { IpcMain } from 'electron'
import { composeDesk } from '../../backend/compose-desk.ts'
import { createWorkerBackend } from '../../backend/workers/engine/client.ts'
import { createDoor } from '../../electron/main/door.ts'
import { createFileDialogs } from '../../electron/main/file-dialogs.ts'
import { builtPage } from '../../electron/main/place.ts'
import { servePage } from '../../electron/main/serve-page.ts'
import { words } from '../../electron/main/text/words.ts'
import { createBridge } from '../../electron/preload/bridge.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import { bridgeChannels, type DesktopBridge } from '../../shared/contract/desktop-bridge.ts'
import type { Transport } from '../../shared/contract/method.ts'
import type { Result } from '../../shared/kit/result.ts'

export interface DesktopPair {
  readonly bridge: DesktopBridge<File>
  readonly transport: Transport
  upload(name: string, text: string): Promise<string>
  download(ticket: string): Promise<string>
  close(): Promise<void>
}

/** The desktop's real door and real bridge, back to back: what crosses is cloned as Electron clones it. The person saves where `folder` is. */
export async function desktopPair(dataDir: string): Promise<DesktopPair> {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-saved-'))
  const backend = createWorkerBackend({ dataDir })
  const handlers = new Map<string, Parameters<IpcMain['handle']>[1]>()
  const toPage = new EventEmitter()
  const sender = { mainFrame: { url: builtPage.start, parent: null } }
  let chosen = ''

  servePage(createDoor({ handle: (channel, handler) => void handlers.set(channel, handler) }, builtPage), {
    dispatch: backend.dispatch,
    setTheme: () => undefined,
    notify: () => undefined,
    files: createFileDialogs({
      backend,
      files: composeDesk(dataDir).files,
      words: () => words.en,
      saveFolder: () => folder,
      dialogsOver: () => ({
        open: () => Promise.resolve({ canceled: true, filePaths: [] }),
        save: ({ defaultPath = '' }) => {
          chosen = defaultPath
          return Promise.resolve({ canceled: false, filePath: chosen })
        },
      }),
    }),
  })
  const end = backend.subscribe((event) => {
    toPage.emit(bridgeChannels.event, {}, structuredClone(event))
  })
  const bridge = createBridge({
    invoke: async (channel, ...args) => {
      const handler = handlers.get(channel)
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
      const event = { sender, senderFrame: sender.mainFrame } as unknown as Parameters<typeof handler>[0]
      return structuredClone((await handler(event, ...structuredClone(args))) as unknown)
    },
    on: (channel, listener) => void toPage.on(channel, listener),
    removeListener: (channel, listener) => void toPage.removeListener(channel, listener),
    pathOf: () => '',
  })
  return {
    bridge,
    transport: {
      call: async (method, input) => (await bridge.call(method, input)) as Result<unknown, AppError>,
      subscribe: (listener) => bridge.subscribe(listener),
    },
    upload: async (name, text) => {
      const answer = await bridge.receiveBytes(name, new TextEncoder().encode(text).buffer)
      if (!answer.ok) throw new Error(answer.detail)
      return answer.value.ticket
    },
    download: async (ticket) => {
      const answer = await bridge.saveTicket(ticket, 'saved.csv')
      if (!answer.ok) throw new Error(answer.detail)
      return readFile(chosen, 'utf8')
    },
    close: async () => {
      end()
      await backend.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
