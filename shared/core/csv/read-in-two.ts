import { ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { finish, type Steps } from '../../kit/steps.ts'
import { limits as standardLimits } from '../limits.ts'
import { mostCodes, repeatsTooSeldom } from '../table/coding.ts'
import { StoredColumn, type Dictionary } from '../table/stored-column.ts'
import type { RaggedRow, RowId } from '../table/table.ts'
import { TextStore } from '../table/text-store.ts'
import { spellOut, type ColumnPart } from './kernel-column.ts'
import { KernelScan } from './kernel-scan.ts'
import { borrowKernel, giveBack } from './kernel.ts'
import { beginCsv, csvOf, type CsvStart, type ReadCsv, type ReadCsvOptions, type ScannedRows } from './read-csv.ts'
import { newRecord, readRecord } from './record.ts'
import { expectedRowsOf, NoRoom, numbersWithGaps, type LineEndings, type ScanInput, type SharedRows } from './row-scan.ts'

/** Smaller files are read before a second thread would have begun. */
export const leastBytesForTwo = 8 * 1024 * 1024

/** The second half of a file, for another thread. All of it can be sent to one; arrays are of shared memory. */
export interface HalfJob {
  readonly input: ScanInput
  /** Where its rows go: the first of them to the first place. */
  readonly rows: SharedRows
}

/** What the rows of a half gave besides their cells. */
export interface HalfRows {
  readonly rows: number
  readonly columns: readonly ColumnPart[]
  readonly arena: Uint8Array
  readonly used: number
  readonly ragged: ReadonlyMap<RowId, RaggedRow>
  readonly endings: LineEndings
  readonly gapRows: readonly number[]
  readonly gapTotals: readonly number[]
  readonly emptyLines: number
}

/** Reads the half of a job, in another thread. Null: it is not as plain as it was taken to be. */
export type ReadHalf = (job: HalfJob) => Promise<HalfRows | null>

/** How the other thread reads its half, in slices. Null: odd, or with more rows than there is room for; one thread will have to read it all. */
export function* readHalf(job: HalfJob, isUtf8: (bytes: Uint8Array) => boolean): Steps<HalfRows | null> {
  const { bytes, from, end } = job.input
  return isSound(bytes.subarray(from, end), isUtf8) ? yield* scanHalf(job) : null
}

const isSound = (bytes: Uint8Array, isUtf8: (bytes: Uint8Array) => boolean): boolean => isUtf8(bytes) && !bytes.includes(0)

function* scanHalf({ input, rows }: HalfJob): Steps<HalfRows | null> {
  const kernel = borrowKernel()
  if (kernel === null) return null
  try {
    const scan = new KernelScan(kernel, input, rows)
    const problem = yield* scan.steps()
    if (problem !== null || scan.gaveUp) return null
    const { ragged, endings, gapRows, gapTotals, emptyLines } = scan
    // They put their texts into the store, so it is looked at after them.
    const columns = scan.parts()
    const { arena, used } = scan.store
    return { rows: scan.rows, columns, arena, used, ragged, endings, gapRows, gapTotals, emptyLines }
  } catch (error) {
    if (error instanceof NoRoom || (error instanceof Error && error.name === 'RuntimeError')) return null
    throw error
  } finally {
    giveBack(kernel)
  }
}

export interface ReadInTwoOptions extends ReadCsvOptions {
  readonly isUtf8: (bytes: Uint8Array) => boolean
  /** Gives the other half away. */
  readonly readHalf: ReadHalf
  /** Carries out the slices of the own half. */
  readonly inSlices?: <T>(steps: Steps<T>) => Promise<T>
  /** Smaller files are not cut. */
  readonly leastBytes?: number
}

/**
 * `readCsv` by two threads. `bytes` must be of shared memory. The file is cut at what looks like the border of two rows; that it is one
 * is known when the first half ends just there. Null: the file is too small or too odd for it, and nothing was done that shows:
 * `readCsv` must read it.
 */
export async function readCsvInTwo(bytes: Uint8Array, options: ReadInTwoOptions): Promise<Result<ReadCsv, never> | null> {
  if (bytes.length < (options.leastBytes ?? leastBytesForTwo) || (options.encoding ?? 'utf-8') !== 'utf-8') return null
  const about = bytes.length >> 1
  // Only the first half is looked through here; the other one is looked through by who reads it.
  const isUtf8 = (all: Uint8Array): boolean => options.isUtf8(all.subarray(0, wholeCharacters(all, about)))
  const began = beginCsv(bytes, { ...options, isUtf8 }, about)
  if (!began.ok || began.value.encoding !== 'utf-8') return null
  const start = began.value
  const { input } = start
  const cut = rowBorder(input, about)
  if (cut < 0 || !KernelScan.takes({ ...input, end: cut })) return null
  const upTo = Math.min(wholeCharacters(input.bytes, about), cut)
  if (!isSound(input.bytes.subarray(upTo, cut), options.isUtf8)) return null

  const expected = expectedRowsOf(input.bytes, input.from, input.end)
  // Room for a quarter more than is expected of a half; what is not needed is never touched.
  const room = Math.ceil((expected / 2) * 1.25) + 1024
  const shared = sharedRows(input.columnCount, 2 * room)
  const other = options.readHalf({ input: { ...input, from: cut, firstNumber: 0 }, rows: sliceOf(shared, room, 2 * room) })
  const own = scanHalf({ input: { ...input, end: cut }, rows: sliceOf(shared, 0, room) })
  const first = await (options.inSlices ?? finish)(own)
  const second = await other
  if (first === null || second === null) return null
  const limits = options.limits ?? standardLimits
  if (first.rows + second.rows > limits.rows || first.emptyLines + second.emptyLines > limits.emptyLines) return null
  return ok(csvOf(start, joined(start, shared, room, first, second)))
}

/** Not more than `length` bytes, and no character cut in two. */
function wholeCharacters(bytes: Uint8Array, length: number): number {
  let end = Math.min(length, bytes.length)
  while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--
  return end
}

/** Behind a line end from which on some records have as many cells as the header; -1 where none is found near by. */
function rowBorder({ bytes, end, delimiter, columnCount, limits }: ScanInput, about: number): number {
  const record = newRecord(limits.columns)
  const last = Math.min(end, about + 1024 * 1024)
  for (let p = bytes.indexOf(0x0a, about) + 1; p > 0 && p < last; p = bytes.indexOf(0x0a, p) + 1) {
    let next = p
    let sound = 0
    while (sound < 4 && next < end) {
      readRecord(bytes, next, end, delimiter, record)
      if (record.trouble !== null || record.count !== columnCount) break
      next = record.next
      sound++
    }
    if (sound === 4) return p
  }
  return -1
}

function sharedRows(columnCount: number, rows: number): SharedRows {
  const wide = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * rows))
  const narrow = (): Uint16Array => new Uint16Array(new SharedArrayBuffer(2 * rows))
  const columns = Array.from({ length: columnCount }, () => ({ codes: narrow(), starts: wide(), lengths: narrow(), marks: narrow(), hashes: wide() })) // prettier-ignore
  return { rowStarts: wide(), columns }
}

const sliceOf = ({ rowStarts, columns }: SharedRows, from: number, to: number): SharedRows => ({
  rowStarts: rowStarts.subarray(from, to),
  columns: columns.map(({ codes, starts, lengths, marks, hashes }) => ({
    codes: codes.subarray(from, to),
    starts: starts.subarray(from, to),
    lengths: lengths.subarray(from, to),
    marks: marks.subarray(from, to),
    hashes: hashes.subarray(from, to),
  })),
})

/** Puts the rows of the second half, which stand from `room` on, behind those of the first. */
function joined({ header, input, source }: CsvStart, shared: SharedRows, room: number, first: HalfRows, second: HalfRows): ScannedRows {
  const rows = first.rows + second.rows
  const store = new TextStore(source, first.arena, first.used)
  store.addBytes(second.arena, 0, second.used)
  const half: SecondHalf = { at: room, rows: second.rows, to: first.rows, base: store.base, shift: first.used }
  const columns = shared.columns.map((cells, index) => {
    const parts = [first.columns[index]!, second.columns[index]!] as const
    return joinedColumn(header.cells[index]!, store, cells, parts, half)
  })
  shared.rowStarts.copyWithin(first.rows, room, room + second.rows)
  shared.rowStarts[rows] = input.end
  const ragged = new Map(first.ragged)
  for (const [row, what] of second.ragged) ragged.set(row + first.rows, what)
  const gapRows = [...first.gapRows, ...second.gapRows.map((row) => row + first.rows)]
  const gapTotals = [...first.gapTotals, ...second.gapTotals.map((total) => total + first.emptyLines)]
  return {
    store,
    columns,
    rows,
    ragged,
    numbers: numbersWithGaps(rows, input.firstNumber, gapRows, gapTotals),
    rowStarts: shared.rowStarts.subarray(0, rows + 1),
    emptyLines: first.emptyLines + second.emptyLines,
    endings: {
      crlf: first.endings.crlf + second.endings.crlf,
      lf: first.endings.lf + second.endings.lf,
      cr: first.endings.cr + second.endings.cr,
    },
  }
}

/** Where the rows of the second half stand, where they are to go, and by how much the addresses of its own texts move. */
interface SecondHalf {
  readonly at: number
  readonly rows: number
  readonly to: number
  readonly base: number
  readonly shift: number
}

function joinedColumn(
  header: string,
  store: TextStore,
  cells: SharedRows['columns'][number],
  [first, second]: readonly [ColumnPart, ColumnPart],
  half: SecondHalf,
): StoredColumn {
  const { codes, starts, lengths, marks, hashes } = cells
  const { at, rows, to, base, shift } = half
  const moved = second.dictionary === null ? null : movedDictionary(second.dictionary, shift)
  if (first.dictionary !== null && moved !== null) {
    const { dictionary, codeOf } = mergedDictionaries(first.dictionary, moved, store)
    if (dictionary.count <= mostCodes && !repeatsTooSeldom(dictionary.count, to + rows)) {
      if (codeOf.every((code, own) => code === own)) codes.copyWithin(to, at, at + rows)
      else for (let i = 0; i < rows; i++) codes[to + i] = codeOf[codes[at + i]!]!
      return new StoredColumn(header, store, { kind: 'coded', codes: codes.subarray(0, to + rows), dictionary })
    }
  }
  if (first.dictionary !== null) spellOut(codes, 0, to, first.dictionary, store, cells)
  if (moved !== null) spellOut(codes, at, rows, moved, store, cells)
  else if (shift > 0) for (let i = at; i < at + rows; i++) if (starts[i]! >= base) starts[i]! += shift
  for (const array of [starts, lengths, marks, hashes]) array.copyWithin(to, at, at + rows)
  const longLengths = new Map(first.longLengths)
  for (const [row, length] of second.longLengths) longLengths.set(row + to, length)
  const all = to + rows
  return new StoredColumn(header, store, {
    kind: 'plain',
    starts: starts.subarray(0, all),
    lengths: lengths.subarray(0, all),
    longLengths,
    marks: marks.subarray(0, all),
    hashes: hashes.subarray(0, all),
  })
}

const movedDictionary = ({ starts, lengths, count }: Dictionary, shift: number): Dictionary => ({
  starts: starts.map((start, code) => (code === 0 || code >= count ? 0 : start + shift)),
  lengths,
  count,
})

/** The first with what only the second has behind it; `codeOf` gives the codes of the second there. */
function mergedDictionaries(
  first: Dictionary,
  second: Dictionary,
  store: TextStore,
): { readonly dictionary: Dictionary; readonly codeOf: Uint32Array } {
  const codes = new Map<string, number>()
  for (let code = 0; code < first.count; code++) codes.set(store.text(first.starts[code]!, first.lengths[code]!), code)
  const starts = [...first.starts.subarray(0, first.count)]
  const lengths = [...first.lengths.subarray(0, first.count)]
  const codeOf = Uint32Array.from({ length: second.count }, (_, own) => {
    const known = codes.get(store.text(second.starts[own]!, second.lengths[own]!))
    if (known !== undefined) return known
    starts.push(second.starts[own]!)
    return lengths.push(second.lengths[own]!) - 1
  })
  return { dictionary: { starts: Uint32Array.from(starts), lengths: Uint32Array.from(lengths), count: starts.length }, codeOf }
}
