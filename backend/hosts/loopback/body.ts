import type { IncomingMessage } from 'node:http'

export class BodyTooLarge extends Error {
  readonly limit: number
  constructor(limit: number) {
    super('the body is too large')
    this.limit = limit
  }
}

/** The whole body, or `BodyTooLarge`: at once where its length is announced, else as soon as the limit is passed. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) throw new BodyTooLarge(limit)
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > limit) throw new BodyTooLarge(limit)
    pieces.push(piece)
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    body.set(piece, at)
    at += piece.length
  }
  return body
}
