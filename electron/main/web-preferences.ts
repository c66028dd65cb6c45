import path from 'node:path'
import type { WebPreferences } from 'electron'

/** What every window is made with (reliability.md §1.9, items 2–4, 6, 8–11). The page gets the bridge of the preload script and nothing else. */
export const webPreferences: Readonly<WebPreferences> = Object.freeze({
  preload: path.join(import.meta.dirname, '../preload/index.cjs'),
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  // Dictionaries would be fetched from the network, and a cell would be looked up in them.
  spellcheck: false,
})
