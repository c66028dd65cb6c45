import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test'
import type { DesktopBridge } from '../../../shared/contract/desktop-bridge.ts'

declare global {
  interface Window {
    readonly roster?: DesktopBridge<File>
  }
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const standIn = path.join(root, 'tests/support/electron-host/electron')
/** Real Electron where `ELECTRON_PATH` names one; else the stand-in, which runs the same built programs against a real Chromium. */
export const electronProgram = process.env['ELECTRON_PATH'] ?? standIn
export const isStandIn = electronProgram === standIn

export interface Desktop {
  readonly app: ElectronApplication
  readonly page: Page
}

export interface Desk {
  /** Empty at first; the same for every start of one test. */
  readonly dataDir: string
  /** A folder for the person's own files. */
  readonly folder: string
  readonly started: Omit<DesktopStart, 'dataDir'>
  start(): Promise<Desktop>
}
interface DesktopStart {
  readonly executablePath: string
  readonly args: string[]
  readonly env: Record<string, string>
  readonly dataDir: string
}

/** A desk of its own for each test: a home, a data folder, and Roster's window when it is started. */
export const test = base.extend<{ desk: Desk; desktop: Desktop }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures a fixture needs from its first parameter
  desk: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'roster-desk-'))
    const dataDir = path.join(folder, 'data')
    const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
    const started = {
      executablePath: electronProgram,
      args: [root, `--data-dir=${dataDir}`],
      env: { ...env, HOME: folder, XDG_CONFIG_HOME: path.join(folder, 'config') },
    }
    const apps: ElectronApplication[] = []
    await use({
      dataDir,
      folder,
      started,
      start: async () => {
        const app = await _electron.launch(started)
        apps.push(app)
        const page = await app.firstWindow()
        await page.waitForURL((address) => address.protocol !== 'about:', { waitUntil: 'load' })
        await page.getByRole('heading', { level: 1 }).waitFor()
        return { app, page }
      },
    })
    for (const app of apps) await app.close().catch(() => undefined)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  desktop: async ({ desk }, use) => {
    await use(await desk.start())
  },
})
export { expect } from '@playwright/test'
