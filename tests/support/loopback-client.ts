import { request } from 'node:http'
import type { Loopback } from '../../backend/hosts/loopback/server.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { FileTicket } from '../../shared/contract/draft-methods.ts'
import type { AppEvent, Transport } from '../../shared/contract/method.ts'
import type { Result } from '../../shared/kit/result.ts'
import { rawRequest } from './http.ts'

/** The loopback host as its own window speaks to it: exchange of the address's token, calls, events, files. */
export async function loopbackTransport(host: Loopback): Promise<{
  readonly transport: Transport & { end(): void }
  upload(name: string, text: string): Promise<string>
  download(ticket: string): Promise<string>
}> {
  const port = Number(new URL(host.origin).port)
  const own = { host: `127.0.0.1:${port}`, origin: host.origin, 'sec-fetch-site': 'same-origin' }
  const launch = new URL(host.newAddress()).hash.replace('#token=', '')
  const exchanged = await rawRequest({ port, method: 'POST', path: '/api/session', headers: { ...own, authorization: `Bearer ${launch}` } })
  const { token } = (JSON.parse(exchanged.body) as { readonly value: { readonly token: string } }).value
  const headers = { ...own, authorization: `Bearer ${token}` }
  const streams = new Set<() => void>()

  return {
    transport: {
      call: async (method, input) => {
        const answer = await rawRequest({
          port,
          method: 'POST',
          path: `/api/call/${method}`,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(input),
        })
        return JSON.parse(answer.body) as Result<unknown, AppError>
      },
      subscribe: (listener) => {
        const stream = request({ host: '127.0.0.1', port, path: '/api/events', headers, agent: false }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (piece: string) => {
            const parts = (text + piece).split('\n\n')
            text = parts.pop() ?? ''
            for (const part of parts) if (part.startsWith('data: ')) listener(JSON.parse(part.slice(6)) as AppEvent)
          })
        })
        stream.on('error', () => undefined)
        stream.end()
        const end = (): void => {
          streams.delete(end)
          stream.destroy()
        }
        streams.add(end)
        return end
      },
      end: () => {
        for (const end of streams) end()
      },
    },
    upload: async (name, text) => {
      const answer = await rawRequest({ port, method: 'PUT', path: `/api/files?name=${encodeURIComponent(name)}`, headers, body: text })
      return (JSON.parse(answer.body) as { readonly value: FileTicket }).value.ticket
    },
    download: async (ticket) => (await rawRequest({ port, path: `/api/files/${ticket}`, headers })).body,
  }
}
