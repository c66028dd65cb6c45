import { grown } from '../../kit/bytes.ts'
import { CellMark, hasKeyHash, keyHashOf, markOfBytes } from '../table/cell-mark.ts'
import { judgements, mostCodes, repeatsTooSeldom } from '../table/coding.ts'
import { StoredColumn, longLength } from '../table/stored-column.ts'
import type { TextStore } from '../table/text-store.ts'
import type { Kernel } from './kernel.ts'
import type { RowColumn } from './row-scan.ts'

/** Texts of so many bytes fit into the kernel's scratch. */
const scratchBytes = 0xfff0

/** One column of a file that the kernel reads: its codes while its values repeat, else addresses, lengths, marks and hashes. */
export class KernelColumn implements RowColumn {
  private readonly kernel: Kernel
  private readonly store: TextStore
  private readonly index: number
  private coded = true
  private codes: Uint16Array
  private starts = new Uint32Array(0)
  private lengths = new Uint16Array(0)
  private marks = new Uint16Array(0)
  /** Null: no cell has had one yet, as in most columns. */
  private hashes: Uint32Array | null = null
  private readonly longLengths = new Map<number, number>()
  private judgement = 0
  /** Codes and rows when the judgement began to watch (the first one does from the start); -1: not yet. */
  private countAtStart = 1
  private rowsAtStart = 0

  constructor(kernel: Kernel, store: TextStore, expectedRows: number, index: number) {
    this.kernel = kernel
    this.store = store
    this.index = index
    this.codes = new Uint16Array(Math.max(16, expectedRows))
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
    if (this.kernel.hasHashes(this.index) !== 0) this.hashesFrom().set(new Uint32Array(buffer, at + 8 * mostRows, count), row)
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
    if ((mark & hasKeyHash) !== 0) this.hashesFrom()[row] = keyHashOf(bytes, start, end)
  }

  finish(header: string, rowCount: number): StoredColumn {
    this.reserve(rowCount)
    if (this.coded && repeatsTooSeldom(this.kernel.codeCount(this.index), rowCount)) this.turnPlain(rowCount)
    if (this.coded) return new StoredColumn(header, this.store, { kind: 'coded', codes: this.codes, dictionary: this.takeDictionary() })
    const { starts, lengths, longLengths, marks, hashes } = this
    return new StoredColumn(header, this.store, { kind: 'plain', starts, lengths, longLengths, marks, hashes })
  }

  private reserve(rows: number): void {
    const capacity = (): number => Math.ceil(rows * 1.25) + 16
    if (this.coded) {
      if (rows > this.codes.length) this.codes = grown(this.codes, capacity())
    } else if (rows > this.starts.length) {
      this.starts = grown(this.starts, capacity())
      this.lengths = grown(this.lengths, capacity())
      this.marks = grown(this.marks, capacity())
      if (this.hashes !== null) this.hashes = grown(this.hashes, capacity())
    }
  }

  private hashesFrom(): Uint32Array {
    return (this.hashes ??= new Uint32Array(this.starts.length))
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
    const next = judgements[++this.judgement]
    this.countAtStart = next !== undefined && rows >= next.at >> 1 ? count : -1
    this.rowsAtStart = rows
    if (isNews) this.turnPlain(rows)
  }

  /** Copies the texts of the codes into the store. */
  private takeDictionary(): { starts: Uint32Array; lengths: Uint32Array; count: number } {
    const { kernel, index, store } = this
    const count = kernel.codeCount(index)
    const { buffer } = kernel.memory
    const memory = new Uint8Array(buffer)
    const entries = new Uint32Array(buffer, kernel.entriesAt(index), count * 4)
    const lengths = new Uint32Array(Math.max(32, count))
    const starts = new Uint32Array(lengths.length)
    for (let code = 1; code < count; code++) {
      const place = entries[code * 4]!
      const length = (lengths[code] = entries[code * 4 + 1]!)
      starts[code] = store.addBytes(memory, place, place + length)
    }
    return { starts, lengths, count }
  }

  private turnPlain(rowCount: number): void {
    const { codes, kernel, index } = this
    kernel.describeCodes(index)
    const { starts, lengths, count } = this.takeDictionary()
    const entries = new Uint32Array(kernel.memory.buffer, kernel.entriesAt(index), count * 4)
    this.coded = false
    kernel.turnPlain(index)
    this.reserve(codes.length)
    for (let row = 0; row < rowCount; row++) {
      const code = codes[row]!
      const hash = entries[code * 4 + 3]!
      this.starts[row] = starts[code]!
      this.lengths[row] = lengths[code]!
      this.marks[row] = entries[code * 4 + 2]!
      if (hash !== 0) this.hashesFrom()[row] = hash
    }
    this.codes = new Uint16Array(0)
  }
}
