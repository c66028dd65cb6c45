import { grown, hashBytes, sameBytes } from '../../kit/bytes.ts'
import { judgements, mostCodes, repeatsTooSeldom } from './coding.ts'
import { StoredColumn, longLength } from './stored-column.ts'
import type { TextStore } from './text-store.ts'

/** No row comes so far; a small integer, since V8 keeps those and doubles apart. */
const never = 0x3fff_ffff

/** 1,024 places for texts met lately. */
const recentShift = 22

/** Collects the cells of one column, row after row. Starts coded; turns plain where values do not repeat. */
export class ColumnBuilder {
  private readonly store: TextStore
  private coded = true
  private codes: Uint16Array
  private starts: Uint32Array = new Uint32Array(0)
  private lengths: Uint16Array = new Uint16Array(0)
  private readonly longLengths = new Map<number, number>()

  /** The dictionary, as offsets into the arena, and an open-addressing table over it (0: free, else a code: code 0 is never looked up). */
  private dictionaryStarts: Uint32Array = new Uint32Array(32)
  private dictionaryLengths: Uint32Array = new Uint32Array(32)
  private dictionaryHashes: Int32Array = new Int32Array(32)
  private count = 1
  private slots: Uint16Array = new Uint16Array(64)
  private lastCode = 0
  private readonly recent = new Uint16Array(1 << (32 - recentShift))
  /** The text of the row before, in the arena: a bare cell that begins with it and ends there is it. Length 0: no guess. */
  guessStart = 0
  guessLength = 0
  private judgement = 0
  private judgeFrom = judgements[0]!.at >> 1
  private countAtHalf = 1

  constructor(store: TextStore, expectedRows: number) {
    this.store = store
    this.codes = new Uint16Array(Math.max(16, expectedRows))
  }

  putEmpty(row: number): void {
    if (this.coded) {
      if (row >= this.codes.length) this.codes = grown(this.codes, Math.ceil(row * 1.5) + 16)
      this.codes[row] = 0
    } else {
      if (row >= this.starts.length) this.growPlain(Math.ceil(row * 1.5) + 16)
      this.lengths[row] = 0
    }
  }

  /** Sets the cell of `row` to the text of the guess. */
  putGuess(row: number): void {
    if (row >= this.codes.length) this.codes = grown(this.codes, Math.ceil(row * 1.5) + 16)
    this.codes[row] = this.lastCode
  }

  /** Sets the cell of `row`; rows come in ascending order, and a row may be set again. `address` is where the bytes lie in the store, -1: nowhere yet. */
  put(row: number, bytes: Uint8Array, start: number, end: number, address: number): void {
    if (!this.coded) {
      this.putPlain(row, bytes, start, end, address)
      return
    }
    if (row >= this.codes.length) this.codes = grown(this.codes, Math.ceil(row * 1.5) + 16)
    if (start === end) {
      this.codes[row] = 0
      return
    }
    const length = end - start
    const code = this.codeFor(bytes, start, end)
    if (code > mostCodes) {
      this.turnPlain(row)
      this.putPlain(row, bytes, start, end, address)
      return
    }
    this.lastCode = code
    this.guessStart = this.dictionaryStarts[code]!
    this.guessLength = length
    this.codes[row] = code
    if (row >= this.judgeFrom) this.judge(row)
  }

  finish(header: string, rowCount: number): StoredColumn {
    if (this.coded && repeatsTooSeldom(this.count, rowCount)) this.turnPlain(rowCount)
    if (!this.coded) {
      this.growPlain(rowCount)
      return new StoredColumn(header, this.store, {
        kind: 'plain',
        starts: this.starts,
        lengths: this.lengths,
        longLengths: this.longLengths,
        marks: null,
        hashes: null,
      })
    }
    if (rowCount > this.codes.length) this.codes = grown(this.codes, rowCount)
    const starts = new Uint32Array(this.dictionaryStarts.length)
    for (let code = 1; code < this.count; code++) starts[code] = this.store.base + this.dictionaryStarts[code]!
    const dictionary = { starts, lengths: this.dictionaryLengths, count: this.count }
    return new StoredColumn(header, this.store, { kind: 'coded', codes: this.codes, dictionary })
  }

  /** Most texts were met lately: their code stands in `recent`, found by four of their bytes, and one comparison settles it. */
  private codeFor(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    const place =
      (Math.imul(bytes[start]! + (bytes[end - 1]! << 8) + (bytes[start + (length >> 1)]! << 16) + (length << 3), 0x9e3779b1) >>> 0) >>>
      recentShift
    const code = this.recent[place]!
    if (code !== 0 && this.dictionaryLengths[code] === length) {
      const arena = this.store.arena
      const from = this.dictionaryStarts[code]!
      let i = 0
      while (i < length && arena[from + i] === bytes[start + i]) i++
      if (i === length) return code
    }
    return (this.recent[place] = this.lookUp(bytes, start, end))
  }

  private lookUp(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(bytes, start, end)
    const length = end - start
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (;;) {
      const code = this.slots[slot]!
      if (code === 0) break
      if (
        this.dictionaryHashes[code] === hash &&
        this.dictionaryLengths[code] === length &&
        sameBytes(this.store.arena, this.dictionaryStarts[code]!, bytes, start, length)
      )
        return code
      slot = (slot + 1) & mask
    }
    if (this.count > mostCodes) return this.count
    const code = this.count++
    if (code >= this.dictionaryStarts.length) this.growDictionary()
    this.dictionaryStarts[code] = this.store.addBytes(bytes, start, end) - this.store.base
    this.dictionaryLengths[code] = length
    this.dictionaryHashes[code] = hash
    this.slots[slot] = code
    if (this.count * 2 > this.slots.length) this.growSlots()
    return code
  }

  private growDictionary(): void {
    const capacity = this.dictionaryStarts.length * 2
    this.dictionaryStarts = grown(this.dictionaryStarts, capacity)
    this.dictionaryLengths = grown(this.dictionaryLengths, capacity)
    this.dictionaryHashes = grown(this.dictionaryHashes, capacity)
  }

  private growSlots(): void {
    const slots = new Uint16Array(this.slots.length * 4)
    const mask = slots.length - 1
    for (let code = 1; code < this.count; code++) {
      let slot = this.dictionaryHashes[code]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = code
    }
    this.slots = slots
  }

  private judge(row: number): void {
    const { at, share } = judgements[this.judgement]!
    if (row < at) {
      if (this.countAtHalf === 1) this.countAtHalf = this.count
      return
    }
    const newTexts = this.count - this.countAtHalf
    this.countAtHalf = 1
    if (newTexts > (at >> 1) * share) this.turnPlain(row + 1)
    this.judgement++
    this.judgeFrom = this.judgement < judgements.length ? judgements[this.judgement]!.at >> 1 : never
  }

  /** The dictionary's texts lie in the arena, so every code already has its address. */
  private turnPlain(rowCount: number): void {
    const { store, codes, dictionaryStarts, dictionaryLengths } = this
    this.coded = false
    this.guessLength = 0
    this.starts = new Uint32Array(codes.length)
    this.lengths = new Uint16Array(codes.length)
    for (let row = 0; row < rowCount; row++) {
      const code = codes[row]!
      if (code === 0) continue
      const length = dictionaryLengths[code]!
      this.starts[row] = store.base + dictionaryStarts[code]!
      this.lengths[row] = Math.min(length, longLength)
      if (length >= longLength) this.longLengths.set(row, length)
    }
    this.codes = new Uint16Array(0)
    this.slots = new Uint16Array(0)
    this.dictionaryHashes = new Int32Array(0)
  }

  private putPlain(row: number, bytes: Uint8Array, start: number, end: number, address: number): void {
    if (row >= this.starts.length) this.growPlain(Math.ceil(row * 1.5) + 16)
    const length = end - start
    this.starts[row] = address >= 0 ? address : this.store.addBytes(bytes, start, end)
    if (length >= longLength) {
      this.lengths[row] = longLength
      this.longLengths.set(row, length)
    } else this.lengths[row] = length
  }

  private growPlain(capacity: number): void {
    if (capacity <= this.starts.length) return
    this.starts = grown(this.starts, capacity)
    this.lengths = grown(this.lengths, capacity)
  }
}
