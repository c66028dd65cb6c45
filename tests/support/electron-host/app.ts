import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { browserIfRunning, host, isPrevented } from './world.ts'

/** A window as the app sees it when it quits. */
interface Closable {
  isDestroyed(): boolean
  closeNow(): Promise<void>
}

/** `electron.app`: paths, the single instance, and the order in which an app ends. */
class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = {
    appendSwitch: (name: string, value?: string) => void host().switches.push(value === undefined ? `--${name}` : `--${name}=${value}`),
    hasSwitch: (name: string) => host().switches.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)),
    getSwitchValue: (name: string) =>
      host()
        .switches.find((word) => word.startsWith(`--${name}=`))
        ?.slice(name.length + 3) ?? '',
  }
  isSandboxed = false
  isQuitting = false
  windows: () => readonly Closable[] = () => []
  #name: string | null = null
  #isReady = false
  #markReady: () => void = () => undefined
  readonly #ready = new Promise<void>((resolve) => {
    this.#markReady = resolve
  })
  readonly #paths = new Map<string, string>()
  #lock: { readonly file: string; readonly watcher: FSWatcher } | null = null
  #exitRequested = false

  get name(): string {
    return this.#name ?? host().name
  }
  set name(name: string) {
    this.#name = name
  }
  getName(): string {
    return this.name
  }
  setName(name: string): void {
    this.name = name
  }
  getVersion(): string {
    return host().version
  }
  getAppPath(): string {
    return host().appPath
  }
  getLocale(): string {
    return 'en-US'
  }
  whenReady(): Promise<void> {
    return this.#ready
  }
  isReady(): boolean {
    return this.#isReady
  }
  becomeReady(): void {
    this.#isReady = true
    this.#markReady()
    this.emit('ready', {}, {})
  }
  /** Whether the app has asked to quit before it was ready: then no browser is needed. */
  isLeaving(): boolean {
    return this.#exitRequested
  }
  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    this.isSandboxed = true
  }
  getPath(name: string): string {
    const home = os.homedir()
    const appData = process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config')
    const userData = this.#paths.get('userData') ?? path.join(appData, this.name)
    const known: Readonly<Record<string, string>> = {
      home,
      appData,
      userData,
      sessionData: userData,
      temp: os.tmpdir(),
      downloads: path.join(home, 'Downloads'),
      documents: path.join(home, 'Documents'),
      desktop: path.join(home, 'Desktop'),
      exe: process.execPath,
    }
    const found = this.#paths.get(name) ?? known[name]
    if (found === undefined) throw new Error(`Failed to get '${name}' path`)
    return found
  }
  setPath(name: string, place: string): void {
    this.#paths.set(name, place)
  }
  setAboutPanelOptions(): void {
    return
  }

  /** One app a profile folder: a file names the owner; who comes later leaves a note beside it, and the owner emits `second-instance`. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData')
    mkdirSync(folder, { recursive: true })
    const file = path.join(folder, 'stand-in.lock')
    const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
    if (owner > 0 && owner !== process.pid && isAlive(owner)) {
      writeFileSync(path.join(folder, `second-${String(process.pid)}.json`), JSON.stringify({ argv: process.argv, cwd: process.cwd() }))
      return false
    }
    writeFileSync(file, String(process.pid))
    const watcher = watch(folder, () => {
      for (const name of readdirSync(folder).filter((each) => /^second-\d+\.json$/u.test(each))) {
        const note = readFileSync(path.join(folder, name), 'utf8')
        if (note === '') continue
        rmSync(path.join(folder, name), { force: true })
        const { argv, cwd } = JSON.parse(note) as { readonly argv: readonly string[]; readonly cwd: string }
        this.emit('second-instance', {}, argv, cwd, null)
      }
    })
    watcher.unref()
    this.#lock = { file, watcher }
    return true
  }

  quit(): void {
    if (!this.#isReady) {
      this.#exitRequested = true
      return
    }
    void this.#quit()
  }
  async #quit(): Promise<void> {
    if (this.isQuitting || isPrevented(this, 'before-quit')) return
    this.isQuitting = true
    for (const window of this.windows()) {
      await window.closeNow()
      if (window.isDestroyed()) continue
      this.isQuitting = false
      return
    }
    if (isPrevented(this, 'will-quit')) {
      this.isQuitting = false
      return
    }
    this.emit('quit', {}, 0)
    this.exit(0)
  }
  exit(code = 0): void {
    if (this.#lock !== null) {
      this.#lock.watcher.close()
      rmSync(this.#lock.file, { force: true })
    }
    browserIfRunning()?.process.kill('SIGKILL')
    process.exit(code)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export const app = new App()
