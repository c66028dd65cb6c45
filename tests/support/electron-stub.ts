import { EventEmitter } from 'node:events'

type Handler = (event: unknown, ...args: readonly unknown[]) => unknown

/** A frame as the door looks at it. */
export interface StubFrame {
  readonly url: string
  readonly parent: StubFrame | null
}

export class StubContents extends EventEmitter {
  mainFrame: StubFrame = { url: 'app://roster/index.html', parent: null }
  readonly sent: (readonly unknown[])[] = []
  openHandler: ((details: { readonly url: string }) => { readonly action: string }) | null = null
  setWindowOpenHandler(handler: NonNullable<StubContents['openHandler']>): void {
    this.openHandler = handler
  }
  send(...args: readonly unknown[]): void {
    this.sent.push(args)
  }
}

/**
 * A module `electron` that shows nothing and remembers what the app asked of it: for tests that hold the main process to the
 * checklist, without a browser.
 */
export interface StubWindow {
  readonly options: { readonly webPreferences?: Readonly<Record<string, unknown>> }
  readonly webContents: StubContents
  readonly loaded: string
}

/** What the app did, and the module itself. */
export interface ElectronStub {
  readonly app: EventEmitter & { readonly done: readonly string[] }
  readonly windows: readonly StubWindow[]
  readonly handlers: ReadonlyMap<string, Handler>
  readonly protocols: ReadonlyMap<string, (request: Request) => Promise<Response>>
  readonly permissions: {
    readonly request: ((contents: unknown, name: string, decide: (granted: boolean) => void, details: object) => void) | null
    readonly check: ((contents: unknown, name: string, origin: string, details: object) => boolean) | null
    readonly device: (() => boolean) | null
  }
  readonly opened: readonly string[]
  readonly exposed: readonly (readonly [string, unknown])[]
  readonly toPage: EventEmitter
  readonly menu: () => readonly MenuTemplate[]
  readonly module: Readonly<Record<string, unknown>>
}

export function createElectronStub(): ElectronStub {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    done: [] as string[],
    setName: () => undefined,
    setPath: (name: string) => void app.done.push(`setPath ${name}`),
    getPath: () => '.',
    enableSandbox: () => void app.done.push('enableSandbox'),
    requestSingleInstanceLock: () => true,
    whenReady: () => {
      app.done.push('whenReady')
      return Promise.resolve()
    },
    setAboutPanelOptions: () => undefined,
    quit: () => void app.done.push('quit'),
    exit: (code: number) => void app.done.push(`exit ${code}`),
  })
  const windows: BrowserWindow[] = []
  class BrowserWindow extends EventEmitter {
    readonly options: { readonly webPreferences?: Readonly<Record<string, unknown>> }
    readonly webContents = new StubContents()
    loaded = ''
    constructor(options: BrowserWindow['options']) {
      super()
      this.options = options
      windows.push(this)
      app.emit('web-contents-created', {}, this.webContents)
    }
    static getAllWindows = (): readonly BrowserWindow[] => windows
    static getFocusedWindow = (): BrowserWindow | null => windows[0] ?? null
    static fromWebContents = (contents: StubContents): BrowserWindow | null => windows.find((each) => each.webContents === contents) ?? null
    loadURL(address: string): Promise<void> {
      this.loaded = address
      return Promise.resolve()
    }
    isDestroyed(): boolean {
      return false
    }
  }
  const handlers = new Map<string, Handler>()
  const protocols = new Map<string, (request: Request) => Promise<Response>>()
  const permissions: { -readonly [K in keyof ElectronStub['permissions']]: ElectronStub['permissions'][K] } = {
    request: null,
    check: null,
    device: null,
  }
  const opened: string[] = []
  const exposed: (readonly [string, unknown])[] = []
  const toPage = new EventEmitter()
  let menu: readonly MenuTemplate[] = []
  return {
    app,
    windows,
    handlers,
    protocols,
    permissions,
    opened,
    exposed,
    toPage,
    menu: () => menu,
    module: {
      app,
      BrowserWindow,
      dialog: { showErrorBox: (title: string, text: string) => void app.done.push(`${title}: ${text}`) },
      ipcMain: { handle: (channel: string, handler: Handler) => void handlers.set(channel, handler) },
      Menu: {
        buildFromTemplate: (template: readonly MenuTemplate[]) => template,
        setApplicationMenu: (template: readonly MenuTemplate[]) => {
          menu = template
        },
      },
      nativeTheme: { themeSource: 'system', shouldUseDarkColors: false },
      Notification: { isSupported: () => false },
      safeStorage: { isAsyncEncryptionAvailable: async () => false, getSelectedStorageBackend: () => 'unknown' },
      protocol: {
        registerSchemesAsPrivileged: () => void app.done.push('registerSchemes'),
        handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void protocols.set(scheme, handler),
      },
      screen: { getAllDisplays: () => [] },
      session: {
        defaultSession: {
          setPermissionRequestHandler: (handler: typeof permissions.request) => {
            permissions.request = handler
          },
          setPermissionCheckHandler: (handler: typeof permissions.check) => {
            permissions.check = handler
          },
          setDevicePermissionHandler: (handler: typeof permissions.device) => {
            permissions.device = handler
          },
        },
      },
      shell: { openExternal: (address: string) => Promise.resolve(void opened.push(address)) },
      utilityProcess: { fork: () => new EventEmitter() },
      contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void exposed.push([name, api]) },
      ipcRenderer: {
        invoke: () => Promise.resolve(null),
        on: (channel: string, listener: (...args: unknown[]) => void) => toPage.on(channel, listener),
        removeListener: (channel: string, listener: (...args: unknown[]) => void) => toPage.removeListener(channel, listener),
      },
      webUtils: { getPathForFile: () => '' },
    },
  }
}

export interface MenuTemplate {
  readonly id?: string
  readonly role?: string
  readonly submenu?: readonly MenuTemplate[]
  readonly click?: () => void
}
