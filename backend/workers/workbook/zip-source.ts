import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The bytes of a container: a file's, read where they are asked for, or those that were sent. */
export interface ZipSource {
  readonly length: number
  /** The bytes from `from` to before `to`, fewer at the end. Not to be written to. */
  read(from: number, to: number): Buffer
  close(): void
}

export function bytesSource(bytes: Uint8Array): ZipSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { length: buffer.length, read: (from, to) => buffer.subarray(from, to), close: () => undefined }
}

/** Throws what the system says where the file cannot be opened. A file that changes meanwhile is found out by its check sums. */
export function fileSource(path: string): ZipSource {
  const file = openSync(path, 'r')
  const length = fstatSync(file).size
  return {
    length,
    read(from, to) {
      const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(to, length) - from))
      let at = 0
      while (at < buffer.length) {
        const count = readSync(file, buffer, at, buffer.length - at, from + at)
        if (count === 0) break
        at += count
      }
      return buffer.subarray(0, at)
    },
    close() {
      closeSync(file)
    },
  }
}
