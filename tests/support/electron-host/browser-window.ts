import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { WebContents, type WebPreferences } from './web-contents.ts'
import { browser, isPrevented } from './world.ts'

interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
interface Options extends Partial<Bounds> {
  readonly show?: boolean
  readonly title?: string
  readonly webPreferences?: WebPreferences
}

const windows = new Set<BrowserWindow>()
let focusedId = 0
const focusedWindow = (): BrowserWindow | null => [...windows].find(({ id }) => id === focusedId) ?? null
let last = 0

/** `electron.BrowserWindow` over a window of Chromium; headless, so what is native about it is remembered, not seen. */
export class BrowserWindow extends EventEmitter {
  readonly id = ++last
  readonly webContents: WebContents
  #title: string
  #bounds: Bounds
  #isVisible: boolean
  #isMinimized = false
  #isMaximized = false
  #wasReady = false

  constructor(options: Options = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    const { x = 0, y = 0, width = 800, height = 600, show = true, title = app.name, webPreferences = {} } = options
    this.#title = title
    this.#bounds = { x, y, width, height }
    this.#isVisible = show
    this.webContents = new WebContents(webPreferences, {
      size: { width, height },
      titleChanged: (name) => {
        if (!isPrevented(this, 'page-title-updated', {}, name, true)) this.#title = name
      },
      readyToShow: () => {
        if (this.#wasReady) return
        this.#wasReady = true
        this.emit('ready-to-show')
      },
    })
    windows.add(this)
    if (show) this.focus()
    app.emit('browser-window-created', {}, this)
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows]
  }
  static getFocusedWindow(): BrowserWindow | null {
    return focusedWindow()
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null
  }
  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address)
  }
  show(): void {
    this.#isVisible = true
    this.focus()
    this.emit('show')
  }
  isVisible(): boolean {
    return this.#isVisible
  }
  focus(): void {
    if (focusedId === this.id) return
    focusedWindow()?.emit('blur')
    focusedId = this.id
    this.emit('focus')
  }
  isFocused(): boolean {
    return focusedId === this.id
  }
  blur(): void {
    if (focusedId === this.id) focusedId = 0
  }
  getBounds(): Bounds {
    return this.#bounds
  }
  getNormalBounds(): Bounds {
    return this.#bounds
  }
  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds }
    this.emit('resize')
  }
  maximize(): void {
    this.#isMaximized = true
    this.emit('maximize')
  }
  unmaximize(): void {
    this.#isMaximized = false
  }
  isMaximized(): boolean {
    return this.#isMaximized
  }
  minimize(): void {
    this.#isMinimized = true
    this.blur()
    this.emit('minimize')
  }
  restore(): void {
    this.#isMinimized = false
    this.emit('restore')
  }
  isMinimized(): boolean {
    return this.#isMinimized
  }
  getTitle(): string {
    return this.#title
  }
  isDestroyed(): boolean {
    return this.webContents.isGone
  }
  close(): void {
    void this.closeNow()
  }
  async closeNow(): Promise<void> {
    if (this.isDestroyed() || isPrevented(this, 'close')) return
    await this.webContents.created
    this.webContents.isGone = true
    windows.delete(this)
    if (focusedId === this.id) focusedId = 0
    await browser()
      .send('Target.closeTarget', { targetId: this.webContents.targetId })
      .catch(() => undefined)
    this.emit('closed')
    if (windows.size > 0 || app.isQuitting) return
    if (app.listenerCount('window-all-closed') === 0) app.quit()
    else app.emit('window-all-closed')
  }
}

app.windows = () => [...windows]
