import { mkdirSync } from 'node:fs'
import path from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  utilityProcess,
  type WebContents,
} from 'electron'
import { composeDesk } from '../../backend/compose-desk.ts'
import { rendererFolder } from '../../backend/hosts/renderer-folder.ts'
import { version } from '../../backend/hosts/version.ts'
import { createWorkerBackend } from '../../backend/workers/engine/client.ts'
import type { Settings } from '../../shared/contract/batch-methods.ts'
import { bridgeChannels, type WindowTheme } from '../../shared/contract/desktop-bridge.ts'
import { dataFolder } from './data-folder.ts'
import { createDoor } from './door.ts'
import { createFileDialogs } from './file-dialogs.ts'
import { followSettings } from './follow-settings.ts'
import { denyPermissions, guardContents } from './guards.ts'
import { helpPages } from './help-pages.ts'
import { systemKeyChain } from './key-chain.ts'
import { menuTemplate } from './menu.ts'
import { createNotices } from './notices.ts'
import { pageHandler } from './page-protocol.ts'
import { pagePlace, pageScheme } from './place.ts'
import { hasDatabase } from './self-check.ts'
import { servePage } from './serve-page.ts'
import { words, type Words } from './text/words.ts'
import { utilityWorkbookChild } from './utility-child.ts'
import { createWindowMemory } from './window-memory.ts'
import { windowOptions } from './window.ts'

/** How long, in ms, quitting waits for calls under way and for the backend to close; what it acknowledged is on disk already. */
const patience = { calls: 2000, close: 8000 }
const exitUnavailable = 69

const dataDir = dataFolder(process.argv, process.env)
/** Chromium's own files; also what tells a second start from the first, so each data folder has one window of its own. */
const profile = path.join(dataDir, 'window')
const place = pagePlace(app.isPackaged, process.env['ELECTRON_RENDERER_URL'])

app.setName('Roster')
app.enableSandbox()
protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
const trouble = prepareProfile()
if (trouble === null && !app.requestSingleInstanceLock()) app.quit()
else void app.whenReady().then(() => (trouble === null ? start() : refuseToStart(words.en.problem.noDataFolder(dataDir, trouble))))

/** Null, or why the folder cannot be used. Made before Chromium makes it, so that only its owner can look into it. */
function prepareProfile(): string | null {
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 })
    app.setPath('userData', profile)
    return null
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown reason'
  }
}

function refuseToStart(why: string): void {
  dialog.showErrorBox(words.en.problem.cannotStart, why)
  app.exit(exitUnavailable)
}

async function start(): Promise<void> {
  if (!(await hasDatabase())) return refuseToStart(words.en.problem.noDatabase)
  const page = rendererFolder()
  if (page === null) return refuseToStart(words.en.problem.notWhole)

  let say: Words = words.en
  let isQuitting = false
  let places = Promise.resolve()
  const backend = createWorkerBackend({
    dataDir,
    version,
    spawnWorkbookChild: utilityWorkbookChild(utilityProcess.fork, path.join(import.meta.dirname, 'workbook-child.js')),
    keyChain: systemKeyChain(safeStorage, process.platform),
  })
  const { files, windowStore } = composeDesk(dataDir)
  const memory = createWindowMemory(windowStore)
  const dispatch = followSettings(backend.dispatch, applySettings)
  const door = createDoor(ipcMain, place)

  protocol.handle(pageScheme, await pageHandler(page))
  denyPermissions(session.defaultSession, place)
  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents, place)
  })
  servePage(door, {
    dispatch,
    setTheme,
    notify: createNotices({
      Notification,
      isLookedAt: () => BrowserWindow.getFocusedWindow() !== null,
      windows: () => BrowserWindow.getAllWindows(),
    }),
    files: createFileDialogs<WebContents>({
      backend,
      files,
      words: () => say,
      saveFolder: () => app.getPath('downloads'),
      dialogsOver: (contents) => {
        const window = BrowserWindow.fromWebContents(contents)
        if (window === null) return null
        return { open: (options) => dialog.showOpenDialog(window, options), save: (options) => dialog.showSaveDialog(window, options) }
      },
    }),
  })
  backend.subscribe((event) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send(bridgeChannels.event, event)
  })

  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0]
    if (window === undefined) return void openWindow()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', (event) => {
    if (isQuitting) return
    isQuitting = true
    event.preventDefault()
    void flush().finally(() => {
      app.quit()
    })
  })

  applySettings({ theme: 'system', language: 'en' })
  await dispatch('settings.get', {})
  await openWindow()

  /** Everything that was said to be saved is; this lets the last calls end, and leaves no lock behind. */
  async function flush(): Promise<void> {
    await Promise.all([places, door.settled(patience.calls)])
    const limit = new Promise((resolve) => setTimeout(resolve, patience.close))
    await Promise.race([backend.close(), limit])
  }

  function applySettings({ theme, language }: Pick<Settings, 'theme' | 'language'>): void {
    setTheme(theme)
    say = words[language]
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        menuTemplate(say, {
          send: (command) => BrowserWindow.getFocusedWindow()?.webContents.send(bridgeChannels.command, command),
          openHelp: (help) => void shell.openExternal(helpPages[help]),
        }),
      ),
    )
    app.setAboutPanelOptions({ applicationName: 'Roster', applicationVersion: version })
  }

  async function openWindow(): Promise<void> {
    const last = await memory.recall(screen.getAllDisplays().map(({ workArea }) => workArea))
    const window = new BrowserWindow(windowOptions(last, nativeTheme.shouldUseDarkColors))
    window.once('ready-to-show', () => {
      if (last.isMaximized) window.maximize()
      window.show()
    })
    window.on('close', () => {
      const kept = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }
      places = places.then(() => memory.keep(kept))
    })
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit' && !window.isDestroyed()) void offerReload(window)
    })
    window.on('unresponsive', () => void offerToWait(window))
    // A page that cannot be loaded is told of by `render-process-gone` or shows as an empty window; there is nothing else to try.
    await window.loadURL(place.start).catch(() => undefined)
  }

  async function offerReload(window: BrowserWindow): Promise<void> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: say.problem.windowGone,
      detail: say.problem.nothingLost,
      buttons: [say.problem.openAgain, say.problem.quit],
      defaultId: 0,
      cancelId: 0,
    })
    if (response === 1) app.quit()
    else if (!window.isDestroyed()) window.webContents.reload()
  }

  async function offerToWait(window: BrowserWindow): Promise<void> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: say.problem.windowHangs,
      detail: say.problem.nothingLost,
      buttons: [say.problem.wait, say.problem.openAgain],
      defaultId: 0,
      cancelId: 0,
    })
    if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer()
  }
}

/** High contrast is a dark look of the page's own; title bar and menus know light and dark. */
function setTheme(theme: WindowTheme): void {
  nativeTheme.themeSource = theme === 'contrast' ? 'dark' : theme
}
