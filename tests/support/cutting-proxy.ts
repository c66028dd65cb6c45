import { connect, createServer, type Socket } from 'node:net'

/**
 * A TCP proxy that misbehaves between a client and PostgreSQL. Each connection asks once how it is to be treated.
 */
export interface CuttingProxy {
  readonly port: number
  /** How the next connections are treated, until said otherwise. */
  treat(next: (connection: number) => Treatment): void
  /** Connections so far. */
  count(): number
  /** Connections that were cut. */
  cuts(): number
  close(): Promise<void>
}

export interface Treatment {
  /** Cut after so many bytes, both ways together. */
  readonly cutAfter?: number
  /** At the n-th COMMIT of the connection (from 1): before it reaches the server, or when its answer comes back. */
  readonly cutAtCommit?: { readonly nth: number; readonly when: 'before' | 'answer' }
  /** Each piece waits so long, either way, in order. */
  readonly delayMs?: number
  /** After so many bytes nothing passes any more, and nobody is told. */
  readonly hangAfter?: number
  /** Pieces that the client sends, for those who want to act in the middle. */
  readonly onData?: (total: number) => void
}

const commit = Buffer.from('COMMIT\0')

export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  let next: (connection: number) => Treatment = () => ({})
  let count = 0
  let cuts = 0
  const open = new Set<Socket>()

  const server = createServer((client) => {
    const treatment = next(count++)
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => open.delete(socket))
    }
    let isCut = false
    const cut = (): void => {
      if (isCut) return
      isCut = true
      cuts++
      client.destroy()
      upstream.destroy()
    }
    let passed = 0
    let commits = 0
    let cutsAnswer = false
    const pass = (data: Buffer, to: Socket): void => {
      if (isCut || to.destroyed) return
      if (treatment.hangAfter !== undefined && passed + data.length > treatment.hangAfter) {
        passed = Infinity
        return
      }
      if (treatment.cutAfter !== undefined && passed + data.length >= treatment.cutAfter) {
        const rest = data.subarray(0, Math.max(0, treatment.cutAfter - passed))
        passed = Infinity
        if (rest.length === 0) cut()
        else to.write(rest, cut)
        return
      }
      passed += data.length
      to.write(data)
    }
    let queue: Promise<void> = Promise.resolve()
    const send = (data: Buffer, to: Socket): void => {
      const { delayMs } = treatment
      if (delayMs === undefined) pass(data, to)
      else
        queue = queue
          .then(() => new Promise<void>((resolve) => setTimeout(resolve, delayMs)))
          .then(() => {
            pass(data, to)
          })
    }
    client.on('data', (data) => {
      treatment.onData?.(passed)
      const wanted = treatment.cutAtCommit
      if (wanted !== undefined && data.includes(commit) && ++commits === wanted.nth) {
        if (wanted.when === 'before') {
          cut()
          return
        }
        cutsAnswer = true
      }
      send(data, upstream)
    })
    upstream.on('data', (data) => {
      if (cutsAnswer) cut()
      else send(data, client)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no port'))
      else resolve(address.port)
    })
  })
  return {
    port,
    treat(treatment) {
      next = treatment
      count = 0
      cuts = 0
    },
    count: () => count,
    cuts: () => cuts,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
  }
}
