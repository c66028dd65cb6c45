import path from 'node:path'
import { createNodeFiles } from './adapters/files-node/files-node.ts'
import { createJsonSettings } from './adapters/settings-json/settings-json.ts'
import type { FileAccess } from './ports/file-access.ts'
import type { SettingsStore } from './ports/settings-store.ts'

/** What a host with a window of its own does outside the backend's thread. Apart from `compose.ts`, which loads the database. */
export interface Desk {
  /** The person's files: written where the system's dialog said. */
  readonly files: FileAccess
  /** Where the window stood. */
  readonly windowStore: SettingsStore
}

export const composeDesk = (dataDir: string): Desk => ({
  files: createNodeFiles({ ownerOnly: false }),
  windowStore: createJsonSettings(path.join(dataDir, 'window.json'), createNodeFiles({ ownerOnly: true })),
})
