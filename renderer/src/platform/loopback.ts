import type { AppError } from '../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { AppEvent } from '../../../shared/contract/method.ts'
import { err, type Result } from '../../../shared/kit/result.ts'
import { browserNotices } from './notify.ts'
import { fileEndings, FileRefused, type Platform } from './platform.ts'

export interface LoopbackOptions {
  /** Where the host answers; empty for the page's own origin. */
  readonly origin: string
  /** The session token. */
  readonly token: string
}

/** How long to wait before asking for the event stream again, in ms: grows to the last one. */
const retryAfter = [250, 1000, 3000] as const

/** The window in a browser on this machine: calls are POSTs, events a stream, files PUT and GET by ticket. */
export function loopbackPlatform({ origin, token }: LoopbackOptions): Platform {
  const headers = { authorization: `Bearer ${token}` }
  const events = sharedStream(`${origin}/api/events`, headers)

  const call = async (method: string, input: unknown): Promise<Result<unknown, AppError>> => {
    try {
      const response = await fetch(`${origin}/api/call/${method}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input ?? {}),
      })
      if (response.headers.get('content-type')?.includes('json') !== true) return hostGone(`HTTP ${String(response.status)}`)
      return (await response.json()) as Result<unknown, AppError>
    } catch (thrown) {
      return hostGone(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  const hostGone = (detail: string): Result<never, AppError> =>
    err({ code: 'store/unreachable', url: origin === '' ? location.origin : origin, detail })

  const receiveFile = async (file: File): Promise<FileTicket> => {
    const response = await fetch(`${origin}/api/files?name=${encodeURIComponent(file.name)}`, { method: 'PUT', headers, body: file }).catch(
      () => null,
    )
    if (response === null) throw new FileRefused(file.name, 'offline')
    const answer = (await response.json().catch(() => null)) as unknown
    const ticket = ticketIn(answer)
    if (!response.ok || ticket === null) throw new FileRefused(file.name, reasonIn(answer) ?? `HTTP ${String(response.status)}`)
    return ticket
  }

  return {
    kind: 'loopback',
    notices: browserNotices,
    transport: { call, subscribe: events },
    receiveFile,
    pickFiles: async (purpose, several = false) => {
      const files = await askForFiles(
        fileEndings[purpose].map((ending) => `.${ending}`),
        several,
      )
      const tickets: FileTicket[] = []
      for (const file of files) tickets.push(await receiveFile(file))
      return tickets
    },
    saveFile: async ({ ticket, name }) => {
      const response = await fetch(`${origin}/api/files/${encodeURIComponent(ticket)}`, { headers }).catch(() => null)
      if (response?.ok !== true) throw new FileRefused(name, response === null ? 'offline' : `HTTP ${String(response.status)}`)
      keep(await response.blob(), name)
      return true
    },
  }
}

/** The answer of PUT /api/files: the ticket itself, or the envelope around it. */
function ticketIn(answer: unknown): FileTicket | null {
  if (typeof answer !== 'object' || answer === null) return null
  if ('value' in answer) return ticketIn(answer.value)
  return 'ticket' in answer && typeof answer.ticket === 'string' ? (answer as FileTicket) : null
}

function reasonIn(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return null
  const { error } = answer
  if (typeof error !== 'object' || error === null) return null
  if ('detail' in error && typeof error.detail === 'string') return error.detail
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}

function askForFiles(accept: readonly string[], several: boolean): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept.join(',')
    input.multiple = several
    input.hidden = true
    input.tabIndex = -1
    const finish = (files: readonly File[]): void => {
      input.remove()
      resolve(files)
    }
    input.addEventListener('change', () => finish([...(input.files ?? [])]))
    input.addEventListener('cancel', () => finish([]))
    document.body.append(input)
    input.click()
  })
}

function keep(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.hidden = true
  document.body.append(link)
  link.click()
  link.remove()
  // The browser reads the address after this task; a minute is ample and frees the bytes.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/**
 * One stream for all listeners of the window: a browser keeps only six connections to a host, and each stream holds one.
 * It begins with the first listener and ends with the last.
 */
function sharedStream(url: string, headers: Readonly<Record<string, string>>): (listener: (event: AppEvent) => void) => () => void {
  const listeners = new Set<(event: AppEvent) => void>()
  let stop: (() => void) | null = null
  return (listener) => {
    listeners.add(listener)
    stop ??= streamEvents(url, headers, (event) => {
      for (const each of listeners) each(event)
    })
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      stop?.()
      stop = null
    }
  }
}

/** What may have changed while nobody listened. */
const missed: readonly AppEvent[] = [
  { kind: 'drafts-changed' },
  { kind: 'customers-changed' },
  { kind: 'batches-changed', batch: null },
  { kind: 'resumed' },
]

/**
 * Server-sent events over fetch, for EventSource cannot carry the token in a header. A broken stream is asked for again; events only
 * say what changed, so whenever it begins, also for the first time, everything that was asked for before is asked for anew.
 */
function streamEvents(url: string, headers: Readonly<Record<string, string>>, listener: (event: AppEvent) => void): () => void {
  const abort = new AbortController()
  void (async () => {
    for (let attempt = 0; !abort.signal.aborted; attempt++) {
      const outcome = await readStream(url, headers, listener, abort.signal).catch(() => 'broken' as const)
      if (outcome === 'refused') return
      if (outcome === 'ended') attempt = 0
      await new Promise((resolve) => setTimeout(resolve, retryAfter[Math.min(attempt, retryAfter.length - 1)]))
    }
  })()
  return () => abort.abort()
}

async function readStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  listener: (event: AppEvent) => void,
  signal: AbortSignal,
): Promise<'ended' | 'refused' | 'broken'> {
  const response = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal })
  if (response.status === 401 || response.status === 403) return 'refused'
  if (!response.ok || response.body === null) return 'broken'
  for (const event of missed) listener(event)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return 'ended'
    const { events, left } = takeEvents(rest + value)
    rest = left
    for (const event of events) listener(event)
  }
}

/** Whole events at the start of a stream's text, and what is left of it. Comments (`:`) and unreadable data are passed over. */
export function takeEvents(text: string): { readonly events: readonly AppEvent[]; readonly left: string } {
  const parts = text.replaceAll('\r\n', '\n').split('\n\n')
  const left = parts.pop() ?? ''
  const events = parts.flatMap((part) => {
    const data = part
      .split('\n')
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trimStart())
      .join('\n')
    if (data === '') return []
    try {
      return [JSON.parse(data) as AppEvent]
    } catch {
      return []
    }
  })
  return { events, left }
}
