import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'

export type Params = Readonly<Record<string, unknown>>
interface Message {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: Params
  readonly result?: Params
  readonly error?: { readonly message: string }
}

/** A page's own channel: commands go out by `send`, events come as events of their method's name. */
export interface CdpSession extends EventEmitter {
  send(method: string, params?: Params): Promise<Params>
}

const ownArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-quic',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--password-store=basic',
  '--use-mock-keychain',
  '--test-type',
  '--remote-allow-origins=*',
  '--hide-crash-restore-bubble',
  '--remote-debugging-port=0',
  '--no-startup-window',
]

/** One Chromium process and one connection to it, over which every page is spoken to. */
export class Browser {
  readonly process: ChildProcess
  readonly address: string
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, { resolve: (result: Params) => void; reject: (reason: Error) => void; method: string }>()
  readonly #sessions = new Map<string, CdpSession>()
  #last = 0

  static async launch(executable: string, options: { readonly profile: string; readonly headless: boolean }): Promise<Browser> {
    const child = spawn(executable, [...(options.headless ? ['--headless'] : []), ...ownArguments, `--user-data-dir=${options.profile}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const address = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        said += piece
        const found = /DevTools listening on (ws:\S+)/u.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('error', reject)
      child.once('exit', () => {
        reject(new Error(`Chromium ended: ${said}`))
      })
    })
    const socket = new WebSocket(address)
    await new Promise((resolve, reject) => {
      socket.onopen = resolve
      socket.onerror = reject
    })
    return new Browser(child, address, socket)
  }

  constructor(child: ChildProcess, address: string, socket: WebSocket) {
    this.process = child
    this.address = address
    this.#socket = socket
    socket.onmessage = (event) => {
      this.#receive(JSON.parse(String(event.data)) as Message)
    }
  }

  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    return new Promise((resolve, reject) => {
      const id = ++this.#last
      this.#waiting.set(id, { resolve, reject, method })
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }

  session(sessionId: string): CdpSession {
    const session = Object.assign(new EventEmitter(), { send: (method: string, params?: Params) => this.send(method, params, sessionId) })
    this.#sessions.set(sessionId, session)
    return session
  }

  #receive({ id, sessionId, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const asked = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) asked?.resolve(result ?? {})
      else asked?.reject(new Error(`${asked.method}: ${error.message}`))
    } else if (sessionId !== undefined && method !== undefined) this.#sessions.get(sessionId)?.emit(method, params)
  }
}
