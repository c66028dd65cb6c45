import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { app } from './app.ts'
import type { CdpSession } from './cdp.ts'
import { bridgeSource, codecSource, openSource, preloadRuntime } from './page-scripts.mjs'
import { ipcMain, protocol, session, toAppAddress, toPageAddress } from './small-parts.ts'
import { browser, isPrevented } from './world.ts'

const codec = codecSource()
/** The preload script's world in the page: separate globals over the same document, as in Electron. */
const world = 'Electron Isolated Context'
const binding = '__electronHostSend'

interface Frame {
  readonly id: string
  readonly parentId?: string
  readonly url: string
}
type FromPage =
  | { readonly k: 'invoke' | 'send'; readonly id: number; readonly c: string; readonly a: unknown }
  | { readonly k: 'open'; readonly url: string }
interface PausedRequest {
  readonly requestId: string
  readonly frameId: string
  readonly resourceType: string
  readonly request: { readonly url: string; readonly method: string; readonly headers: Record<string, string>; readonly postData?: string }
}
export interface WindowSide {
  readonly size: { readonly width: number; readonly height: number }
  titleChanged(title: string): void
  readyToShow(): void
}

export type WebPreferences = Readonly<Record<string, unknown>> & { readonly preload?: string }

class MainFrame {
  url = ''
  readonly parent = null
}

let last = 0

/** `electron.WebContents` over a real page of Chromium. */
export class WebContents extends EventEmitter {
  readonly id = ++last
  readonly mainFrame = new MainFrame()
  readonly session = session.defaultSession
  readonly created: Promise<void>
  targetId = ''
  isGone = false
  readonly #preferences: WebPreferences
  readonly #side: WindowSide
  #cdp: CdpSession | null = null
  #frameId = ''
  #context: string | null = null
  /** The address that the app itself asked for: its navigation is not the page's. */
  #expected: string | null = null
  #openHandler: ((details: { readonly url: string }) => { readonly action: 'allow' | 'deny' }) | null = null

  constructor(preferences: WebPreferences, side: WindowSide) {
    super()
    this.#preferences = preferences
    this.#side = side
    this.created = this.#create()
    app.emit('web-contents-created', {}, this)
  }

  get cdp(): CdpSession {
    if (this.#cdp === null) throw new Error('The page is not there yet')
    return this.#cdp
  }

  async #create(): Promise<void> {
    const { width, height } = this.#side.size
    const { targetId } = await browser().send('Target.createTarget', { url: 'about:blank', newWindow: true, width, height })
    this.targetId = String(targetId)
    const { sessionId } = await browser().send('Target.attachToTarget', { targetId, flatten: true })
    const cdp = browser().session(String(sessionId))
    this.#cdp = cdp
    this.#listen(cdp)
    const { frameTree } = (await cdp.send('Page.getFrameTree')) as { readonly frameTree: { readonly frame: Frame } }
    this.#frameId = frameTree.frame.id
    const name = `stand-in-${crypto.randomUUID()}`
    const own = [...protocol.handlers.keys()].map((scheme) => ({ urlPattern: `https://*.${scheme}.electron-host/*` }))
    const steps: readonly (readonly [string, Record<string, unknown>?])[] = [
      ['Page.enable'],
      ['Runtime.enable'],
      ['Inspector.enable'],
      ['Runtime.addBinding', { name: binding, executionContextName: world }],
      [
        'Page.addScriptToEvaluateOnNewDocument',
        { source: [bridgeSource, openSource].map((each) => `(${each.toString()})(${JSON.stringify(name)},'main')`).join(';\n') },
      ],
      ['Page.addScriptToEvaluateOnNewDocument', { source: this.#preloadSource(name), worldName: world }],
      ['Fetch.enable', { patterns: [...own, { urlPattern: '*', resourceType: 'Document' }] }],
    ]
    for (const [method, params] of steps) await cdp.send(method, params)
  }

  #listen(cdp: CdpSession): void {
    const on = <T>(event: string, listener: (params: T) => void): void => void cdp.on(event, listener as (params: unknown) => void)
    on<{ context: { name: string; uniqueId: string; auxData?: { frameId: string } } }>('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === world && context.auxData?.frameId === this.#frameId) this.#context = context.uniqueId
    })
    on<{ name: string; payload: string }>('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === binding) void this.#receive(JSON.parse(payload) as FromPage)
    })
    on<{ frame: Frame }>('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId !== undefined) return
      this.#frameId = frame.id
      this.mainFrame.url = toAppAddress(frame.url)
    })
    on('Page.loadEventFired', () => void this.#loaded())
    on('Inspector.targetCrashed', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }))
    on<PausedRequest>('Fetch.requestPaused', (paused) => void this.#answer(paused))
  }

  #preloadSource(name: string): string {
    const file = this.#preferences.preload
    const preload = file === undefined ? '' : readFileSync(file, 'utf8')
    const info = { process: { platform: process.platform, arch: process.arch, versions: process.versions, env: {}, argv: [] } }
    const runtime = `(${preloadRuntime.toString()})(codec,bridge,globalThis.${binding},${JSON.stringify(info)})`
    return `(()=>{
      if (location.href==='about:blank' || window!==window.top) return
      const codec=(${codecSource.toString()})(), bridge=(${bridgeSource.toString()})(${JSON.stringify(name)},'iso'), rt=${runtime}
      globalThis.__ehRecv=rt.recv;
      (${openSource.toString()})(${JSON.stringify(name)},'iso',globalThis.${binding});
      ((require,process,module,exports,global)=>{${preload}\n})(rt.require,rt.process,{exports:{}},{},globalThis)
    })()\n//# sourceURL=${file === undefined ? 'no-preload' : pathToFileURL(file).href}`
  }

  async #loaded(): Promise<void> {
    if (this.mainFrame.url === 'about:blank') return
    const found = await this.cdp.send('Runtime.evaluate', { expression: 'document.title', returnByValue: true }).catch(() => null)
    const title = (found?.['result'] as { readonly value?: string } | undefined)?.value ?? ''
    if (title !== '') this.#side.titleChanged(title)
    this.emit('did-finish-load', {})
    this.#side.readyToShow()
  }

  async #answer({ requestId, frameId, resourceType, request }: PausedRequest): Promise<void> {
    const address = toAppAddress(request.url)
    try {
      if (resourceType === 'Document' && this.#expected !== request.url) {
        const isMainFrame = frameId === this.#frameId
        const facts = { url: address, isMainFrame, isSameDocument: false, frame: isMainFrame ? this.mainFrame : null }
        const isRefused =
          isPrevented(this, 'will-frame-navigate', facts) || (isMainFrame && isPrevented(this, 'will-navigate', facts, address))
        if (isRefused) return void (await this.cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }))
      }
      if (resourceType === 'Document') this.#expected = null
      const handler = address === request.url ? undefined : protocol.handlers.get(new URL(address).protocol.slice(0, -1))
      if (handler === undefined) return void (await this.cdp.send('Fetch.continueRequest', { requestId }))
      const response = await handler(
        new Request(address, { method: request.method, headers: request.headers, body: request.postData ?? null }),
      )
      await this.cdp.send('Fetch.fulfillRequest', {
        requestId,
        responseCode: response.status,
        responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
        body: Buffer.from(await response.arrayBuffer()).toString('base64'),
      })
    } catch {
      // The page has gone, or the handler threw: the request fails as a network's would.
      await this.cdp.send('Fetch.failRequest', { requestId, errorReason: 'Failed' }).catch(() => undefined)
    }
  }

  async #receive(message: FromPage): Promise<void> {
    if (message.k === 'open') {
      const answer = this.#openHandler?.({ url: toAppAddress(message.url) })
      if (answer?.action !== 'deny') process.stderr.write('[stand-in] only windows that are denied are known here\n')
      return
    }
    const { k, id, c, a } = message
    const args = codec.decode(a) as readonly unknown[]
    const event = { sender: this, senderFrame: this.mainFrame, processId: 1, frameId: 1, type: 'frame' }
    if (k === 'send') return void ipcMain.emit(c, event, ...args)
    try {
      const handler = ipcMain.handlers.get(c)
      if (handler === undefined) throw new Error(`No handler registered for '${c}'`)
      await this.#toPage({ k: 'reply', id, v: codec.encode(await handler(event, ...args)) })
    } catch (thrown) {
      await this.#toPage({ k: 'reply', id, error: `Error invoking remote method '${c}': ${String(thrown)}` })
    }
  }

  async #toPage(message: unknown): Promise<void> {
    if (this.isGone || this.#context === null) return
    const expression = `globalThis.__ehRecv(${JSON.stringify(JSON.stringify(message))})`
    await this.cdp.send('Runtime.evaluate', { expression, uniqueContextId: this.#context }).catch(() => undefined)
  }

  send(channel: string, ...args: readonly unknown[]): void {
    void this.#toPage({ k: 'send', c: channel, a: codec.encode(args) })
  }

  async loadURL(address: string): Promise<void> {
    await this.created
    await this.#setPermissions(address)
    const real = toPageAddress(address)
    this.#expected = real
    const loaded = new Promise((resolve) => this.once('did-finish-load', resolve))
    const { errorText } = await this.cdp.send('Page.navigate', { url: real })
    if (typeof errorText === 'string') throw new Error(`${errorText} (-2) loading '${address}'`)
    await loaded
  }

  /** The clipboard's permissions are the app's to give; headless Chromium would ask nobody. */
  async #setPermissions(address: string): Promise<void> {
    const { checkHandler } = this.session
    const origin = new URL(toPageAddress(address)).origin
    if (checkHandler === null || origin === 'null') return
    const details = { requestingUrl: address, isMainFrame: true }
    for (const [name, permission] of [
      ['clipboard-write', 'clipboard-sanitized-write'],
      ['clipboard-read', 'clipboard-read'],
    ] as const) {
      const setting = checkHandler(this, permission, origin, details) ? 'granted' : 'denied'
      await browser().send('Browser.setPermission', { permission: { name }, setting, origin })
    }
  }

  reload(): void {
    this.#expected = toPageAddress(this.mainFrame.url)
    void this.cdp.send('Page.reload')
  }
  forcefullyCrashRenderer(): void {
    void this.cdp.send('Page.crash').catch(() => undefined)
  }
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' }): void {
    this.#openHandler = handler
  }
  getLastWebPreferences(): WebPreferences {
    return this.#preferences
  }
  getURL(): string {
    return this.mainFrame.url
  }
  isDestroyed(): boolean {
    return this.isGone
  }
}
