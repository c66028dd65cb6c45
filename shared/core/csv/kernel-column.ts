import { grown } from '../../kit/bytes.ts'
import { CellMark, hasKeyHash, keyHashOf, markOfBytes } from '../table/cell-mark.ts'
import { judgements, mostCodes, repeatsTooSeldom } from '../table/coding.ts'
import { StoredColumn, longLength, type Dictionary } from '../table/stored-column.ts'
import type { TextStore } from '../table/text-store.ts'
import type { Kernel } from './kernel.ts'
import { NoRoom, type RowColumn, type SharedCells } from './row-scan.ts'

/** Texts of so many bytes fit into the kernel's scratch. */
const scratchBytes = 0xfff0

/** What a part of a file gave of a column: its cells stand in the shared memory. Null: they are plain. */
export interface ColumnPart {
  readonly dictionary: Dictionary | null
  readonly longLengths: Map<number, number>
}

/** One column of a file that the kernel reads: its codes while its values repeat, else addresses, lengths, marks and hashes. */
export class KernelColumn implements RowColumn {
  private readonly kernel: Kernel
  private readonly store: TextStore
  private readonly index: number
  private readonly shared: SharedCells | null
  private coded = true
  private codes: Uint16Array
  private starts: Uint32Array = new Uint32Array(0)
  private lengths: Uint16Array = new Uint16Array(0)
  private marks: Uint16Array = new Uint16Array(0)
  private hashes: Uint32Array = new Uint32Array(0)
  private readonly longLengths = new Map<number, number>()
  private judgement = 0
  /** Codes and rows when the judgement began to watch; -1: not yet. */
  private countAtStart = -1
  private rowsAtStart = 0

  /** `room`: how many rows are expected, or the shared memory that they are to be written to. */
  constructor(kernel: Kernel, store: TextStore, index: number, room: number | SharedCells) {
    this.kernel = kernel
    this.store = store
    this.index = index
    this.shared = typeof room === 'number' ? null : room
    this.codes = typeof room === 'number' ? new Uint16Array(Math.max(16, room)) : room.codes
  }

  /** Takes over what the kernel read of `count` rows from `row` on. */
  take(row: number, count: number, mostRows: number): void {
    const { buffer } = this.kernel.memory
    const at = this.kernel.outputAt(this.index)
    this.reserve(row + count)
    if (this.coded) {
      this.codes.set(new Uint16Array(buffer, at, count), row)
      this.judge(row + count)
      return
    }
    this.starts.set(new Uint32Array(buffer, at, count), row)
    this.lengths.set(new Uint16Array(buffer, at + 4 * mostRows, count), row)
    this.marks.set(new Uint16Array(buffer, at + 6 * mostRows, count), row)
    this.hashes.set(new Uint32Array(buffer, at + 8 * mostRows, count), row)
  }

  /** Gives codes up where `rows` more texts might leave no room for them. */
  makeRoom(rowsSoFar: number, rows: number): void {
    if (this.coded && this.kernel.codeCount(this.index) + rows > mostCodes) this.turnPlain(rowsSoFar)
  }

  putEmpty(row: number): void {
    this.reserve(row + 1)
    if (this.coded) this.codes[row] = 0
    else {
      this.lengths[row] = 0
      this.marks[row] = CellMark.isKnown
    }
  }

  put(row: number, bytes: Uint8Array, start: number, end: number, address: number): void {
    this.reserve(row + 1)
    const length = end - start
    this.makeRoom(row, 1)
    if (this.coded && length > scratchBytes) this.turnPlain(row)
    if (this.coded) {
      new Uint8Array(this.kernel.memory.buffer, this.kernel.scratchAt(), length).set(bytes.subarray(start, end))
      this.codes[row] = this.kernel.codeOfScratch(this.index, length)
      this.judge(row + 1)
      return
    }
    this.starts[row] = address >= 0 ? address : this.store.addBytes(bytes, start, end)
    this.lengths[row] = Math.min(length, longLength)
    if (length >= longLength) this.longLengths.set(row, length)
    const mark = markOfBytes(bytes, start, end)
    this.marks[row] = mark
    this.hashes[row] = (mark & hasKeyHash) === 0 ? 0 : keyHashOf(bytes, start, end)
  }

  finish(header: string, rowCount: number): StoredColumn {
    this.reserve(rowCount)
    if (this.coded && repeatsTooSeldom(this.kernel.codeCount(this.index), rowCount)) this.turnPlain(rowCount)
    if (this.coded) return new StoredColumn(header, this.store, { kind: 'coded', codes: this.codes, dictionary: this.takeDictionary() })
    const { starts, lengths, longLengths, marks, hashes } = this
    return new StoredColumn(header, this.store, { kind: 'plain', starts, lengths, longLengths, marks, hashes })
  }

  /** As `finish`, where the cells stand in shared memory and another part will be put behind them, or before. */
  part(): ColumnPart {
    return { dictionary: this.coded ? this.takeDictionary() : null, longLengths: this.longLengths }
  }

  private reserve(rows: number): void {
    const has = this.coded ? this.codes.length : this.starts.length
    if (rows <= has) return
    if (this.shared !== null) throw new NoRoom()
    const capacity = Math.ceil(rows * 1.25) + 16
    if (this.coded) this.codes = grown(this.codes, capacity)
    else {
      this.starts = grown(this.starts, capacity)
      this.lengths = grown(this.lengths, capacity)
      this.marks = grown(this.marks, capacity)
      this.hashes = grown(this.hashes, capacity)
    }
  }

  private judge(rows: number): void {
    const judgement = judgements[this.judgement]
    if (judgement === undefined || rows < judgement.at >> 1) return
    const count = this.kernel.codeCount(this.index)
    if (this.countAtStart < 0) {
      this.countAtStart = count
      this.rowsAtStart = rows
    }
    if (rows < judgement.at) return
    const isNews = count - this.countAtStart > (rows - this.rowsAtStart) * judgement.share
    this.countAtStart = -1
    this.judgement++
    if (isNews) this.turnPlain(rows)
  }

  /** Copies the texts of the codes into the store. */
  private takeDictionary(): Dictionary {
    const { kernel, index, store } = this
    const count = kernel.codeCount(index)
    const { buffer } = kernel.memory
    const memory = new Uint8Array(buffer)
    const places = new Uint32Array(buffer, kernel.textStartsAt(index), count)
    const lengths = new Uint32Array(Math.max(32, count))
    lengths.set(new Uint32Array(buffer, kernel.textLengthsAt(index), count).subarray(1), 1)
    const starts = new Uint32Array(lengths.length)
    for (let code = 1; code < count; code++) starts[code] = store.addBytes(memory, places[code]!, places[code]! + lengths[code]!)
    return { starts, lengths, count }
  }

  private turnPlain(rowCount: number): void {
    const { codes, store, shared } = this
    const dictionary = this.takeDictionary()
    this.coded = false
    this.kernel.turnPlain(this.index)
    if (shared === null) this.reserve(codes.length)
    else {
      this.starts = shared.starts
      this.lengths = shared.lengths
      this.marks = shared.marks
      this.hashes = shared.hashes
    }
    const { starts, lengths, marks, hashes } = this
    spellOut(codes, 0, rowCount, dictionary, store, { starts, lengths, marks, hashes })
    this.codes = new Uint16Array(0)
  }
}

type PlainCells = Pick<SharedCells, 'starts' | 'lengths' | 'marks' | 'hashes'>

/** Writes `count` coded cells from `from` on as plain ones, each to the same row. */
export function spellOut(
  codes: Uint16Array,
  from: number,
  count: number,
  { starts, lengths, count: codeCount }: Dictionary,
  store: TextStore,
  to: PlainCells,
): void {
  const marks = new Uint16Array(codeCount)
  const hashes = new Uint32Array(codeCount)
  marks[0] = CellMark.isKnown
  for (let code = 1; code < codeCount; code++) {
    const start = starts[code]! - store.base
    const mark = (marks[code] = markOfBytes(store.arena, start, start + lengths[code]!))
    if ((mark & hasKeyHash) !== 0) hashes[code] = keyHashOf(store.arena, start, start + lengths[code]!)
  }
  for (let row = from; row < from + count; row++) {
    const code = codes[row]!
    to.starts[row] = starts[code]!
    to.lengths[row] = lengths[code]!
    to.marks[row] = marks[code]!
    to.hashes[row] = hashes[code]!
  }
}
