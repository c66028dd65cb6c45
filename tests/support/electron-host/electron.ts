// The module that the app gets when it imports `electron`: as much of it as Roster uses, over a real Chromium.
import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromiumPath } from '../chromium.ts'
import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { Browser } from './cdp.ts'
import { safeStorage } from './safe-storage.ts'
import { dialog, ipcMain, Menu, MenuItem, Notification, protocol, screen, session, shell, utilityProcess } from './small-parts.ts'
import { browser, browserIfRunning, setBrowser } from './world.ts'

class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system'
  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source
    for (const window of BrowserWindow.getAllWindows()) void this.show(window)
    this.emit('updated')
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark'
  }
  async show(window: BrowserWindow): Promise<void> {
    await window.webContents.created
    const features = this.#source === 'system' ? [] : [{ name: 'prefers-color-scheme', value: this.#source }]
    await window.webContents.cdp.send('Emulation.setEmulatedMedia', { features }).catch(() => undefined)
  }
}
const nativeTheme = new NativeTheme()
app.on('browser-window-created', (_event, window: BrowserWindow) => void nativeTheme.show(window))

/** Called when the app's main program has been read, as Electron's `ready` comes only then. */
export async function startChromium(): Promise<void> {
  if (app.isLeaving()) return app.exit(0)
  const profile = path.join(app.getPath('userData'), 'chromium')
  mkdirSync(profile, { recursive: true })
  const isHeaded = process.env['DISPLAY'] !== undefined && process.env['ELECTRON_HOST_HEADED'] !== undefined
  setBrowser(await Browser.launch(await chromiumPath(), { profile, headless: !isHeaded }))
  // Playwright waits for this line, too.
  if (app.commandLine.hasSwitch('remote-debugging-port')) process.stderr.write(`DevTools listening on ${browser().address}\n`)
  browser().process.once('exit', () => {
    app.exit(0)
  })
  app.becomeReady()
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => {
    app.quit()
  })
process.on('exit', () => {
  browserIfRunning()?.process.kill('SIGKILL')
})

const electron: Readonly<Record<string, unknown>> = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeTheme,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  utilityProcess,
}
export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeTheme,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  utilityProcess,
  electron as 'module.exports',
}
export default electron
