import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'
import type { ByteSink } from '../../ports/workbook-writer.ts'

/** Writes a ZIP container front to back; sizes and check sums follow each part, so nothing is held back. */
export interface ZipWriter {
  /** Parts are made while the ones before are being packed on another thread. */
  add(name: string, parts: Iterable<Buffer>): Promise<void>
  /** Returns the length of the whole. */
  finish(): Promise<number>
}

/** 1980-01-01, the first day that ZIP knows: the same table gives the same file. */
const date = 0x21
/** Bit 3: sizes follow the data. Bit 11: the name is UTF-8. */
const flags = 0x0808
/** Half the time of level 6 for a tenth more bytes (200,000 rows of 25 columns). */
const level = 3

export function createZipWriter(sink: ByteSink): ZipWriter {
  const directory: Buffer[] = []
  let at = 0
  const put = async (bytes: Buffer): Promise<void> => {
    at += bytes.length
    await sink.write(bytes)
  }
  return {
    async add(name, parts) {
      const nameBytes = Buffer.from(name)
      const start = at
      let crc = 0
      let size = 0
      const header = Buffer.alloc(30)
      header.writeUInt32LE(0x04034b50, 0)
      header.writeUInt16LE(20, 4)
      header.writeUInt16LE(flags, 6)
      header.writeUInt16LE(8, 8)
      header.writeUInt16LE(date, 12)
      header.writeUInt16LE(nameBytes.length, 26)
      await put(Buffer.concat([header, nameBytes]))
      const dataStart = at
      function* counted(): Generator<Buffer> {
        for (const part of parts) {
          crc = crc32(part, crc)
          size += part.length
          yield part
        }
      }
      await pipeline(Readable.from(counted(), { highWaterMark: 2 }), createDeflateRaw({ level, chunkSize: 1 << 17 }), async (packed) => {
        for await (const piece of packed as AsyncIterable<Buffer>) await put(piece)
      })
      const packedSize = at - dataStart
      const after = Buffer.alloc(16)
      after.writeUInt32LE(0x08074b50, 0)
      after.writeUInt32LE(crc, 4)
      after.writeUInt32LE(packedSize, 8)
      after.writeUInt32LE(size, 12)
      await put(after)

      const entry = Buffer.alloc(46)
      entry.writeUInt32LE(0x02014b50, 0)
      entry.writeUInt16LE(20, 4)
      entry.writeUInt16LE(20, 6)
      entry.writeUInt16LE(flags, 8)
      entry.writeUInt16LE(8, 10)
      entry.writeUInt16LE(date, 14)
      entry.writeUInt32LE(crc, 16)
      entry.writeUInt32LE(packedSize, 20)
      entry.writeUInt32LE(size, 24)
      entry.writeUInt16LE(nameBytes.length, 28)
      entry.writeUInt32LE(start, 42)
      directory.push(entry, nameBytes)
    },
    async finish() {
      const list = Buffer.concat(directory)
      const end = Buffer.alloc(22)
      end.writeUInt32LE(0x06054b50, 0)
      end.writeUInt16LE(directory.length / 2, 8)
      end.writeUInt16LE(directory.length / 2, 10)
      end.writeUInt32LE(list.length, 12)
      end.writeUInt32LE(at, 16)
      await put(Buffer.concat([list, end]))
      return at
    },
  }
}
