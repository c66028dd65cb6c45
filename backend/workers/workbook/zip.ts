import { Readable } from 'node:stream'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import type { WorkbookLimits } from '../../ports/workbook-reader.ts'
import { broken, refuse, WorkbookRefused } from './trouble.ts'
import type { ZipSource } from './zip-source.ts'

/** One part of the container, as the central directory and the part's own header agree that it is. */
export interface ZipEntry {
  readonly name: string
  readonly deflated: boolean
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Where the packed bytes begin in the file. */
  readonly start: number
}

export interface Zip {
  readonly source: ZipSource
  /** By name in lower case, `/` between folders: part names are the same in any case (ECMA-376-2 §6.2.2). */
  readonly entries: ReadonlyMap<string, ZipEntry>
}

const endSignature = 0x06054b50
const zip64LocatorSignature = 0x07064b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50
const unknown32 = 0xffffffff
const packedPiece = 1 << 18

/**
 * Looks the whole container over before anything is unpacked: counts, sizes, ratio, names, overlaps, and that both headers of
 * each part say the same (readers that trust one or the other must not see two different workbooks).
 */
export function openZip(source: ZipSource, limits: WorkbookLimits): Zip {
  const { record, end } = findEnd(source)
  const count = record.readUInt16LE(10)
  const directorySize = record.readUInt32LE(12)
  const directoryStart = record.readUInt32LE(16)
  if (record.readUInt16LE(4) !== 0 || record.readUInt16LE(6) !== 0) broken('the container is one disk of several')
  if (count !== record.readUInt16LE(8)) broken('the container counts its parts in two ways')
  if (count > limits.entries) refuse('over-limit', `${count} parts in the container; at most ${limits.entries} are opened`)
  if (directoryStart + directorySize !== end) broken('the list of parts is not where the container says')

  const entries = new Map<string, ZipEntry>()
  const spans: { readonly from: number; readonly to: number; readonly name: string }[] = []
  const directory = source.read(directoryStart, end)
  let at = 0
  let expanded = 0
  for (let i = 0; i < count; i++) {
    const { entry, next, headerStart } = readHeaders(source, directory, at, directoryStart)
    at = next
    const key = entry.name.toLowerCase()
    if (entries.has(key)) broken(`two parts are named ${entry.name}`)
    if (entry.size > limits.entryBytes)
      refuse('over-limit', `${entry.name} unpacks to ${mib(entry.size)}; at most ${mib(limits.entryBytes)}`)
    if (entry.size > limits.ratioFloorBytes && entry.size > entry.packedSize * limits.ratio)
      refuse('over-limit', `${entry.name} unpacks to more than ${limits.ratio} times its size`)
    expanded += entry.size
    entries.set(key, entry)
    spans.push({ from: headerStart, to: entry.start + entry.packedSize, name: entry.name })
  }
  if (at !== directory.length) broken('the list of parts is longer than its count')
  if (expanded > limits.expandedBytes) refuse('over-limit', `the parts unpack to ${mib(expanded)}; at most ${mib(limits.expandedBytes)}`)
  spans.sort((a, b) => a.from - b.from)
  for (const [i, span] of spans.entries()) {
    const limit = spans[i + 1]?.from ?? directoryStart
    if (span.to > limit) broken(`${span.name} runs into the next part`)
  }
  return { source, entries }
}

/** Unpacks one part whole and checks its size and CRC-32. */
export function unpack(zip: Zip, entry: ZipEntry): Buffer {
  const packed = zip.source.read(entry.start, entry.start + entry.packedSize)
  const bytes = entry.deflated ? inflate(packed, entry) : packed
  if (bytes.length !== entry.size) broken(`${entry.name} is not as long as the container says`)
  if (crc32(bytes) !== entry.crc) broken(`${entry.name} is damaged: its check sum is wrong`)
  return bytes
}

/**
 * The same in pieces, unpacked ahead on another thread. Size and check sum are known only after the last piece: nothing that
 * was read from the pieces counts before the loop has ended.
 */
export async function* unpackInPieces(zip: Zip, entry: ZipEntry): AsyncGenerator<Buffer, void> {
  if (!entry.deflated || entry.size < 1 << 20) {
    yield unpack(zip, entry)
    return
  }
  const stream = createInflateRaw({ chunkSize: 1 << 18 })
  const packed = Readable.from(packedPieces(zip, entry), { highWaterMark: 1 })
  packed.on('error', (cause) => stream.destroy(cause))
  packed.pipe(stream)
  let size = 0
  let crc = 0
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > entry.size) broken(`${entry.name} is longer than the container says`)
      crc = crc32(piece, crc)
      yield piece
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))
      broken(`${entry.name} is damaged: it cannot be unpacked`)
    throw cause
  } finally {
    packed.destroy()
  }
  if (size !== entry.size) broken(`${entry.name} is not as long as the container says`)
  if (crc !== entry.crc) broken(`${entry.name} is damaged: its check sum is wrong`)
}

function* packedPieces({ source }: Zip, { start, packedSize }: ZipEntry): Generator<Buffer> {
  for (let at = 0; at < packedSize; at += packedPiece) yield source.read(start + at, start + Math.min(packedSize, at + packedPiece))
}

function inflate(packed: Buffer, entry: ZipEntry): Buffer {
  try {
    return inflateRawSync(packed, {
      maxOutputLength: Math.max(1, entry.size),
      chunkSize: Math.min(1 << 24, Math.max(1 << 12, entry.size + 64)),
    })
  } catch (cause) {
    if (cause instanceof WorkbookRefused) throw cause
    const tooLong = cause instanceof RangeError
    return broken(`${entry.name} ${tooLong ? 'is longer than the container says' : 'is damaged: it cannot be unpacked'}`)
  }
}

/** The record that ends the container, and where it stands. */
function findEnd(source: ZipSource): { readonly record: Buffer; readonly end: number } {
  const start = Math.max(0, source.length - 22 - 0xffff - 20)
  const bytes = source.read(start, source.length)
  for (let at = bytes.length - 22; at >= 0; at--) {
    if (bytes.readUInt32LE(at) !== endSignature || at + 22 + bytes.readUInt16LE(at + 20) !== bytes.length) continue
    if (at >= 20 && bytes.readUInt32LE(at - 20) === zip64LocatorSignature) broken('the container is of the kind for over 4 GB (ZIP64)')
    return { record: bytes.subarray(at), end: start + at }
  }
  return broken('the end of the file is missing, or something stands behind it')
}

/** `at`: within the directory, which begins at `directoryStart`. */
function readHeaders(
  source: ZipSource,
  directory: Buffer,
  at: number,
  directoryStart: number,
): { readonly entry: ZipEntry; readonly next: number; readonly headerStart: number } {
  if (at + 46 > directory.length || directory.readUInt32LE(at) !== centralSignature) broken('the list of parts is damaged')
  const nameLength = directory.readUInt16LE(at + 28)
  const extraLength = directory.readUInt16LE(at + 30)
  const next = at + 46 + nameLength + extraLength + directory.readUInt16LE(at + 32)
  if (next > directory.length) broken('the list of parts is damaged')
  const rawName = directory.subarray(at + 46, at + 46 + nameLength)
  const name = checkedName(rawName)
  const flags = directory.readUInt16LE(at + 8)
  const method = directory.readUInt16LE(at + 10)
  if (flags & 1) refuse('encrypted-workbook', `${name} is encrypted`)
  if (method !== 0 && method !== 8) broken(`${name} is packed in a way that workbooks do not use (method ${method})`)
  const crc = directory.readUInt32LE(at + 16)
  const packedSize = directory.readUInt32LE(at + 20)
  const size = directory.readUInt32LE(at + 24)
  const headerStart = directory.readUInt32LE(at + 42)
  if (packedSize === unknown32 || size === unknown32 || headerStart === unknown32) broken(`${name} is of the kind for over 4 GB (ZIP64)`)
  if (method === 0 && packedSize !== size) broken(`${name} has two sizes`)

  if (headerStart + 30 > directoryStart + at) broken(`the header of ${name} is damaged`)
  const local = source.read(headerStart, headerStart + 30)
  if (local.length < 30 || local.readUInt32LE(0) !== localSignature) broken(`the header of ${name} is damaged`)
  const nameEnd = headerStart + 30 + local.readUInt16LE(26)
  const start = nameEnd + local.readUInt16LE(28)
  if (!source.read(headerStart + 30, nameEnd).equals(rawName)) broken(`${name} has another name in its own header`)
  if (local.readUInt16LE(8) !== method) broken(`${name} is packed in two ways`)
  // With bit 3 the sizes follow the data, and the header holds noughts (or, from some writers, the true figures, or ZIP64 ones).
  if (!(flags & 8)) {
    const same = local.readUInt32LE(14) === crc && sizeAgrees(local.readUInt32LE(18), packedSize)
    if (!same || !sizeAgrees(local.readUInt32LE(22), size)) broken(`${name} has other sizes in its own header`)
  }
  return { entry: { name, deflated: method === 8, crc, packedSize, size, start }, next, headerStart }
}

const sizeAgrees = (local: number, central: number): boolean => local === central || local === unknown32

function checkedName(raw: Buffer): string {
  // Some writers use the backslash of their own file system.
  const name = raw.toString('utf8').replaceAll('\\', '/')
  const strange = name === '' || name.startsWith('/') || /^[a-z]:/i.test(name) || /[\u0000-\u001f\u007f]/.test(name)
  if (strange || name.split('/').includes('..')) broken('a part has a name that leads out of the container')
  return name
}

const mib = (bytes: number): string => `${Math.ceil(bytes / (1 << 20))} MiB`
