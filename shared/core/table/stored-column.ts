import { grown } from '../../kit/bytes.ts'
import type { CellTexts } from '../edits/delta.ts'
import type { RowId, TableColumn } from './table.ts'
import type { TextStore } from './text-store.ts'

/** Lengths are kept in 16 bits; this one says that the true length stands in `longLengths`. */
export const longLength = 0xffff

/** The distinct texts of a coded column: code → address and length in the store. Code 0 is the empty text. */
export interface Dictionary {
  starts: Uint32Array
  lengths: Uint32Array
  count: number
}

/**
 * Cells of a column: a code per row, or address and length per row. Arrays reach at least to the table's `rowLimit`. Of plain cells
 * `marks` (`CellMark` bits) and `hashes` (`keyHashOf`, where the mark has one of `hasKeyHash`) say what the reader of the file saw.
 */
export type ColumnCells =
  | { readonly kind: 'coded'; codes: Uint16Array | Uint32Array; readonly dictionary: Dictionary }
  | {
      readonly kind: 'plain'
      starts: Uint32Array
      lengths: Uint16Array
      readonly longLengths: Map<RowId, number>
      marks: Uint16Array | null
      hashes: Uint32Array | null
    }

/** One column of an `EditableTable`. No string is kept per cell. */
export class StoredColumn implements TableColumn {
  header: string
  readonly coded: boolean
  readonly cells: ColumnCells
  readonly store: TextStore
  private readonly textsOfCodes: (string | undefined)[] = ['']
  private codeOfText: Map<string, number> | null = null

  constructor(header: string, store: TextStore, cells: ColumnCells) {
    this.header = header
    this.store = store
    this.cells = cells
    this.coded = cells.kind === 'coded'
  }

  get codeCount(): number {
    return this.cells.kind === 'coded' ? this.cells.dictionary.count : 0
  }

  codeOf(row: RowId): number {
    const cells = this.cells
    return cells.kind === 'coded' ? cells.codes[row]! : -1
  }

  textOfCode(code: number): string {
    const known = this.textsOfCodes[code]
    if (known !== undefined) return known
    const cells = this.cells
    if (cells.kind !== 'coded' || code >= cells.dictionary.count)
      throw new RangeError(`column "${this.header}" has no code ${String(code)}`)
    const text = this.store.text(cells.dictionary.starts[code]!, cells.dictionary.lengths[code]!)
    this.textsOfCodes[code] = text
    return text
  }

  textOf(row: RowId): string {
    const cells = this.cells
    return cells.kind === 'coded' ? this.textOfCode(cells.codes[row]!) : this.store.text(cells.starts[row]!, this.byteLengthOf(row))
  }

  /** The text of each of some rows: places are gathered first, since rows that lie far apart are then waited for together, not one by one. */
  textOfEach(rows: Uint32Array): string[] {
    const cells = this.cells
    const places = new Uint32Array(rows.length)
    if (cells.kind === 'coded') {
      for (let i = 0; i < rows.length; i++) places[i] = cells.codes[rows[i]!]!
      return Array.from(places, (code) => this.textOfCode(code))
    }
    const lengths = new Uint32Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      places[i] = cells.starts[rows[i]!]!
      lengths[i] = this.byteLengthOf(rows[i]!)
    }
    return Array.from(places, (place, i) => this.store.text(place, lengths[i]!))
  }

  isEmpty(row: RowId): boolean {
    const cells = this.cells
    return cells.kind === 'coded' ? cells.codes[row] === 0 : cells.lengths[row] === 0
  }

  flagsOf(row: RowId): number {
    return this.store.flags(this.addressOf(row), this.byteLengthOf(row))
  }

  /** Where the bytes of a cell lie in the store. */
  addressOf(row: RowId): number {
    const cells = this.cells
    return cells.kind === 'coded' ? cells.dictionary.starts[cells.codes[row]!]! : cells.starts[row]!
  }

  /** The array in which the bytes of a cell lie, and where in it they begin. Valid until the next edit. */
  storedBytesOf(row: RowId): Uint8Array {
    return this.addressOf(row) < this.store.base ? this.store.source : this.store.arena
  }

  storedStartOf(row: RowId): number {
    const address = this.addressOf(row)
    return address < this.store.base ? address : address - this.store.base
  }

  /** The first byte of a cell, -1 where it is empty. */
  firstByteOf(row: RowId): number {
    return this.isEmpty(row) ? -1 : this.storedBytesOf(row)[this.storedStartOf(row)]!
  }

  byteLengthOf(row: RowId): number {
    const cells = this.cells
    if (cells.kind === 'coded') return cells.dictionary.lengths[cells.codes[row]!]!
    const length = cells.lengths[row]!
    return length === longLength ? (cells.longLengths.get(row) ?? longLength) : length
  }

  /** Makes the arrays reach to `rowLimit`; the new cells are empty. */
  reserveRows(rowLimit: number): void {
    const cells = this.cells
    if (cells.kind === 'coded') {
      if (cells.codes.length < rowLimit) cells.codes = grown(cells.codes, roomFor(rowLimit))
    } else if (cells.starts.length < rowLimit) {
      cells.starts = grown(cells.starts, roomFor(rowLimit))
      cells.lengths = grown(cells.lengths, roomFor(rowLimit))
      if (cells.marks !== null) cells.marks = grown(cells.marks, roomFor(rowLimit))
      if (cells.hashes !== null) cells.hashes = grown(cells.hashes, roomFor(rowLimit))
    }
  }

  /** Puts new texts into cells. A text is stored once however many rows take it. */
  setTexts(rows: Uint32Array, texts: CellTexts): void {
    const cells = this.cells
    if (cells.kind === 'coded') {
      const codes = texts.texts.map((text) => this.codeFor(text))
      const target = cells.codes
      for (let i = 0; i < rows.length; i++) target[rows[i]!] = codes[texts.index === null ? 0 : texts.index[i]!]!
      return
    }
    const starts = new Uint32Array(texts.texts.length)
    const lengths = new Uint32Array(texts.texts.length)
    texts.texts.forEach((text, i) => {
      const { address, length } = this.store.keepText(text)
      starts[i] = address
      lengths[i] = length
    })
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const which = texts.index === null ? 0 : texts.index[i]!
      const length = lengths[which]!
      cells.starts[row] = starts[which]!
      cells.lengths[row] = Math.min(length, longLength)
      if (cells.marks !== null) cells.marks[row] = 0
      if (length >= longLength) cells.longLengths.set(row, length)
    }
  }

  /** The texts of some rows as a delta holds them: each distinct text once. */
  textsOf(rows: Uint32Array): CellTexts {
    if (rows.length === 0) return { texts: [], index: null }
    const texts: string[] = []
    const index = new Uint32Array(rows.length)
    if (this.cells.kind === 'coded') {
      const places = new Int32Array(this.cells.dictionary.count).fill(-1)
      const codes = this.cells.codes
      for (let i = 0; i < rows.length; i++) {
        const code = codes[rows[i]!]!
        if (places[code]! < 0) places[code] = texts.push(this.textOfCode(code)) - 1
        index[i] = places[code]!
      }
    } else {
      const places = new Map<string, number>()
      for (let i = 0; i < rows.length; i++) {
        const text = this.textOf(rows[i]!)
        let place = places.get(text)
        if (place === undefined) places.set(text, (place = texts.push(text) - 1))
        index[i] = place
      }
    }
    return { texts, index: texts.length === 1 ? null : index }
  }

  /** The code of a text, made where there is none yet. */
  private codeFor(text: string): number {
    const cells = this.cells
    if (cells.kind !== 'coded') throw new TypeError(`column "${this.header}" is not coded`)
    const dictionary = cells.dictionary
    if (this.codeOfText === null) {
      this.codeOfText = new Map()
      for (let code = 0; code < dictionary.count; code++) this.codeOfText.set(this.textOfCode(code), code)
    }
    const known = this.codeOfText.get(text)
    if (known !== undefined) return known
    const code = dictionary.count++
    if (code >= dictionary.starts.length) {
      dictionary.starts = grown(dictionary.starts, code * 2)
      dictionary.lengths = grown(dictionary.lengths, code * 2)
    }
    const before = this.store.used
    dictionary.starts[code] = this.store.addText(text)
    dictionary.lengths[code] = this.store.used - before
    if (code > 0xffff && cells.codes instanceof Uint16Array) cells.codes = Uint32Array.from(cells.codes)
    this.codeOfText.set(text, code)
    this.textsOfCodes[code] = text
    return code
  }
}

const roomFor = (rowLimit: number): number => Math.max(16, Math.ceil(rowLimit * 1.125))

/** A column in which every cell is empty. */
export function emptyColumn(header: string, store: TextStore, rowLimit: number): StoredColumn {
  const dictionary = { starts: new Uint32Array(16), lengths: new Uint32Array(16), count: 1 }
  return new StoredColumn(header, store, { kind: 'coded', codes: new Uint16Array(roomFor(rowLimit)), dictionary })
}
