import type { Result } from '../../../shared/kit/result.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { FileAnswer, RosterBridge } from './bridge.ts'
import { desktopNotices } from './notify.ts'
import { FileRefused, type Platform } from './platform.ts'

/** The window inside Electron: everything goes through the bridge that the preload script exposes. */
export function desktopPlatform(bridge: RosterBridge): Platform {
  return {
    kind: 'desktop',
    transport: {
      // As over HTTP, what is sent is JSON: a reactive value of the window's must not stop at the structured clone of the bridge.
      call: async (method, input) => (await bridge.call(method, JSON.parse(JSON.stringify(input ?? {})))) as Result<unknown, AppError>,
      subscribe: (listener) => bridge.subscribe(listener),
    },
    pickFiles: async (purpose, several = false) => valueOf(await bridge.pickFiles(purpose, several)),
    receiveFile: async (file) => {
      const byPath = await bridge.receiveDropped?.(file)
      if (byPath !== undefined && byPath !== null) return valueOf(byPath)
      return valueOf(await bridge.receiveBytes(file.name, await file.arrayBuffer()))
    },
    notices: desktopNotices(bridge),
    saveFile: async ({ ticket, name }) => valueOf(await bridge.saveTicket(ticket, name)),
  }
}

function valueOf<T>(answer: FileAnswer<T>): T {
  if (answer.ok) return answer.value
  throw new FileRefused(answer.name, answer.detail)
}
