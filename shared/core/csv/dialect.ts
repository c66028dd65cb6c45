import { byteOrderMark, isStrictUtf8, utf16WithoutMark } from './encoding.ts'
import { isEmptyRecord, newRecord, readRecord } from './record.ts'
import type { Delimiter, Encoding } from './source-facts.ts'

export const delimiters: readonly Delimiter[] = [',', ';', '\t', '|']

/** Only the beginning is looked at for the delimiter. */
const sampleBytes = 65_536
const sampleRecords = 40

export interface DetectedEncoding {
  readonly encoding: Encoding
  /** Bytes of the byte order mark, 0 where there is none. */
  readonly markLength: number
  /** The bytes are known to be strict UTF-8. */
  readonly isUtf8: boolean
}

/** Byte order mark, then UTF-16 by its zeros, then strict UTF-8, else Windows-1252 (domain.md §6). `isUtf8` may be the host's own, faster one. */
export function detectEncoding(bytes: Uint8Array, isUtf8: (bytes: Uint8Array) => boolean = isStrictUtf8): DetectedEncoding {
  const mark = byteOrderMark(bytes)
  if (mark !== null) return { encoding: mark.encoding, markLength: mark.length, isUtf8: mark.encoding === 'utf-8' && isUtf8(bytes) }
  const wide = utf16WithoutMark(bytes)
  if (wide !== null) return { encoding: wide, markLength: 0, isUtf8: false }
  return isUtf8(bytes) ? { encoding: 'utf-8', markLength: 0, isUtf8: true } : { encoding: 'windows-1252', markLength: 0, isUtf8: false }
}

/** Excel's `sep=;` line: its delimiter and where the line after it begins. */
export function separatorLine(bytes: Uint8Array, from: number): { readonly delimiter: Delimiter; readonly next: number } | null {
  // sep= or SEP=, one character, line end; Excel also writes it in quotes
  const quoted = bytes[from] === 0x22 ? 1 : 0
  const at = from + quoted
  const word = String.fromCharCode(...bytes.subarray(at, at + 4)).toLowerCase()
  const delimiter = delimiters.find((candidate) => candidate.charCodeAt(0) === bytes[at + 4])
  if (word !== 'sep=' || delimiter === undefined) return null
  let p = at + 5
  if (quoted === 1 && bytes[p++] !== 0x22) return null
  if (p < bytes.length && bytes[p] !== 0x0d && bytes[p] !== 0x0a) return null
  if (bytes[p] === 0x0d && bytes[p + 1] === 0x0a) p++
  return { delimiter, next: Math.min(p + 1, bytes.length) }
}

/**
 * The delimiter of UTF-8 bytes. For each candidate the first records are read, quotes minded; the header counts most, then how
 * many records have its number of cells. A file of one column has none to find and is read with a comma.
 */
export function detectDelimiter(bytes: Uint8Array, from: number): Delimiter {
  const end = Math.min(bytes.length, from + sampleBytes)
  let best: Delimiter = ','
  let bestScore = 0
  for (const candidate of delimiters) {
    const score = delimiterScore(cellCounts(bytes, from, end, candidate.charCodeAt(0)))
    if (score > bestScore + 1e-9) {
      best = candidate
      bestScore = score
    }
  }
  return best
}

/** Cells of each of the first records on which something stands. The last, which the sample may cut, is left out. */
function cellCounts(bytes: Uint8Array, from: number, end: number, delimiter: number): readonly number[] {
  const record = newRecord(2000)
  const counts: number[] = []
  for (let p = from; p < end && counts.length < sampleRecords; p = record.next) {
    readRecord(bytes, p, end, delimiter, record)
    if (record.trouble !== null) break
    if (record.next >= end && end < bytes.length && counts.length > 0) break
    if (!isEmptyRecord(record)) counts.push(record.count)
  }
  return counts
}

function delimiterScore(counts: readonly number[]): number {
  const most = Math.max(0, ...counts)
  if (most < 2) return 0
  const frequency = new Map<number, number>()
  for (const count of counts) frequency.set(count, (frequency.get(count) ?? 0) + 1)
  const header = counts[0]!
  // With title rows above the header, the usual number of cells stands for it.
  const usual = [...frequency].filter(([count]) => count > 1).sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]![0]
  const expected = header > 1 ? header : usual
  const agreeing = (frequency.get(expected) ?? 0) / counts.length
  return (header > 1 ? 2 : 0) + 2 * agreeing + Math.min(1, Math.log2(expected) / 10)
}
