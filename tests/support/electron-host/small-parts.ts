import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

type Handler = (event: unknown, ...args: readonly unknown[]) => unknown

export class IpcMain extends EventEmitter {
  readonly handlers = new Map<string, Handler>()
  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.handlers.set(channel, handler)
  }
  removeHandler(channel: string): void {
    this.handlers.delete(channel)
  }
}
export const ipcMain = new IpcMain()

export type ProtocolHandler = (request: Request) => Response | Promise<Response>
export const protocol = {
  handlers: new Map<string, ProtocolHandler>(),
  privileged: [] as readonly { readonly scheme: string }[],
  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string }[]): void {
    protocol.privileged = schemes
  },
  handle(scheme: string, handler: ProtocolHandler): void {
    protocol.handlers.set(scheme, handler)
  },
}

/**
 * Plain Chromium cannot open a scheme of an app's own: in the page it is an https address under a name that no network has.
 * The app sees its own scheme in every event and URL.
 */
export function toPageAddress(address: string): string {
  const [, scheme = '', name = '', rest = ''] = /^([a-z0-9+-]+):\/\/([^/?#]*)(.*)$/u.exec(address) ?? []
  return protocol.handlers.has(scheme) ? `https://${name}.${scheme}.electron-host${rest === '' ? '/' : rest}` : address
}
export function toAppAddress(address: string): string {
  const [, name = '', scheme = '', rest = ''] = /^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.electron-host(.*)$/u.exec(address) ?? []
  return protocol.handlers.has(scheme) ? `${scheme}://${name}${rest}` : address
}

export interface PermissionDetails {
  readonly requestingUrl: string
  readonly isMainFrame: boolean
}
export type RequestHandler = (contents: unknown, permission: string, decide: (granted: boolean) => void, details: PermissionDetails) => void
export type CheckHandler = (contents: unknown, permission: string, origin: string, details: PermissionDetails) => boolean

class Session extends EventEmitter {
  requestHandler: RequestHandler | null = null
  checkHandler: CheckHandler | null = null
  setPermissionRequestHandler(handler: RequestHandler): void {
    this.requestHandler = handler
  }
  setPermissionCheckHandler(handler: CheckHandler): void {
    this.checkHandler = handler
  }
  setDevicePermissionHandler(): void {
    return
  }
}
export const session = { defaultSession: new Session() }

/** Native dialogs: cancelled, unless a test answers them (`app.evaluate(({ dialog }) => …)`), which works with real Electron, too. */
export const dialog = {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showMessageBox: async (...args: readonly { readonly cancelId?: number }[]) => ({
    response: args.at(-1)?.cancelId ?? 0,
    checkboxChecked: false,
  }),
  showErrorBox: (title: string, content: string) => {
    process.stderr.write(`[error box] ${title}: ${content}\n`)
  },
}

export const shell = {
  opened: [] as string[],
  openExternal: async (address: string): Promise<void> => {
    shell.opened.push(address)
  },
}

/** Notices are recorded, and a test clicks them (`app.evaluate(({ Notification }) => …)`). */
export class Notification extends EventEmitter {
  static shown: Notification[] = []
  static isSupported(): boolean {
    return true
  }
  readonly title: string
  readonly body: string
  constructor({ title = '', body = '' }: { readonly title?: string; readonly body?: string }) {
    super()
    this.title = title
    this.body = body
  }
  show(): void {
    Notification.shown.push(this)
  }
}

const workArea = { x: 0, y: 0, width: 1600, height: 1000 }
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => ({ id: 1, bounds: workArea, workArea, scaleFactor: 1 }),
  getAllDisplays: () => [screen.getPrimaryDisplay()],
})

interface ItemOptions {
  readonly id?: string
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly enabled?: boolean
  readonly submenu?: readonly ItemOptions[]
  readonly click?: (item: MenuItem) => void
}
export class MenuItem {
  readonly id: string | undefined
  readonly label: string
  readonly role: string | undefined
  readonly type: string
  enabled: boolean
  readonly submenu: Menu | undefined
  readonly #click: ((item: MenuItem) => void) | undefined
  constructor({ id, label, role, type, enabled = true, submenu, click }: ItemOptions) {
    this.id = id
    this.role = role
    this.label = label ?? role ?? ''
    this.type = type ?? (submenu === undefined ? 'normal' : 'submenu')
    this.enabled = enabled
    this.submenu = submenu === undefined ? undefined : Menu.buildFromTemplate(submenu)
    this.#click = click
  }
  click(): void {
    if (this.enabled) this.#click?.(this)
  }
}
export class Menu extends EventEmitter {
  static #ofApp: Menu | null = null
  readonly items: MenuItem[] = []
  static buildFromTemplate(template: readonly ItemOptions[]): Menu {
    const menu = new Menu()
    menu.items.push(...template.map((options) => new MenuItem(options)))
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#ofApp = menu
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#ofApp
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null)
      if (found !== null) return found
    }
    return null
  }
}

interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly execArgv?: string[]
  readonly stdio?: 'pipe' | 'ignore' | 'inherit'
}
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  constructor(program: string, args: readonly string[], { env = process.env, execArgv = [], stdio = 'inherit' }: ForkOptions) {
    super()
    this.#child = fork(fileURLToPath(new URL('./utility.ts', import.meta.url)), [program, ...args], {
      serialization: 'advanced',
      env,
      execArgv,
      stdio: ['ignore', stdio, stdio, 'ipc'],
    })
    this.#child.on('spawn', () => this.emit('spawn'))
    this.#child.on('message', (message) => this.emit('message', message))
    // `close` comes after the last message has been read; Electron's `exit` does, too.
    this.#child.on('close', (code) => this.emit('exit', code ?? 15))
  }
  get pid(): number | undefined {
    return this.#child.pid
  }
  postMessage(message: unknown): void {
    this.#child.send(message as object, () => undefined)
  }
  kill(): boolean {
    return this.#child.kill()
  }
}
export const utilityProcess = {
  fork: (program: string, args: readonly string[] = [], options: ForkOptions = {}) => new UtilityProcess(program, args, options),
}
