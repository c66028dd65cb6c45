import { StoredColumn } from '../table/stored-column.ts'
import type { TableColumn } from '../table/table.ts'

type Codes = Uint16Array | Uint32Array

/** Rows that are looked at together: few enough that what is noted of them stays near the processor. */
export interface RowSlice {
  readonly rows: Uint32Array
  /** Each row follows the one before in storage too. */
  readonly isRun: boolean
}

export const sliceRows = 1 << 13

/** How long the longest slice is: a check of few rows shall make no room for many. */
export const sliceLength = (all: Uint32Array): number => Math.min(all.length, sliceRows)

/** A table's rows are never changed in place, so what is known of them stays true. */
const slicesOf = new WeakMap<Uint32Array, readonly RowSlice[]>()

export function rowSlices(all: Uint32Array): readonly RowSlice[] {
  const known = slicesOf.get(all)
  if (known !== undefined) return known
  const slices: RowSlice[] = []
  for (let from = 0; from < all.length; from += sliceRows) {
    const rows = all.subarray(from, from + sliceRows)
    slices.push({ rows, isRun: isRun(rows) })
  }
  slicesOf.set(all, slices)
  return slices
}

function isRun(rows: Uint32Array): boolean {
  const first = rows[0]!
  for (let i = 0; i < rows.length; i++) if (rows[i] !== first + i) return false
  return true
}

/** Puts into `found` the places in a slice of the rows whose code is wanted, and gives their count. */
export type CodeFinder = (slice: RowSlice, found: Uint32Array) => number

/** `isWanted` is by code. */
export function codeFinder(column: TableColumn, isWanted: Uint8Array): CodeFinder {
  if (!(column instanceof StoredColumn) || column.cells.kind !== 'coded') {
    return ({ rows }, found) => {
      let count = 0
      rows.forEach((row, place) => {
        if (isWanted[column.codeOf(row)] === 1) found[count++] = place
      })
      return count
    }
  }
  const { codes } = column.cells
  let ofTwo: Uint8Array | null = null
  return ({ rows, isRun }, found) => {
    if (!isRun) return findEach(rows, codes, isWanted, found)
    const run = codes.subarray(rows[0], rows[0]! + rows.length)
    const words = isWorthTwo(run, isWanted.length) ? wordsOf(run) : null
    if (words === null) return findInRun(run, isWanted, found)
    return findTwoByTwo(words, (ofTwo ??= wantedOfTwo(isWanted)), run, isWanted, found)
  }
}

/** The same memory, two of 16 bits in a word; null where it does not begin or end between words. */
const wordsOf = (halves: Codes): Int32Array | null =>
  halves.byteOffset % 4 === 0 && halves.length % 2 === 0 ? new Int32Array(halves.buffer, halves.byteOffset, halves.length / 2) : null

// The loops over rows: one a function, without a call, over as few arrays as will do. So each is compiled once for all slices and columns,
// and what it needs stays in registers.

function findEach(rows: Uint32Array, codes: Codes, isWanted: Uint8Array, found: Uint32Array): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) if (isWanted[codes[rows[i]!]!] === 1) found[count++] = i
  return count
}

function findInRun(run: Codes, isWanted: Uint8Array, found: Uint32Array): number {
  let count = 0
  for (let i = 0; i < run.length; i++) if (isWanted[run[i]!] === 1) found[count++] = i
  return count
}

/** A column of TRUE and FALSE has a handful of codes. */
const fewCodes = 16

/** For a few rows no table is made of what two codes say. */
const isWorthTwo = (run: Codes, codeCount: number): boolean => run instanceof Uint16Array && codeCount <= fewCodes && run.length >= 1_024

/** By two codes in one place: whether one of them is wanted. */
const wantedOfTwo = (isWanted: Uint8Array): Uint8Array =>
  Uint8Array.from(
    { length: fewCodes * fewCodes },
    (_, two) => (isWanted[two % fewCodes] ?? 0) | (isWanted[Math.floor(two / fewCodes)] ?? 0),
  )

/** Two codes lie in one word: what few rows hold is passed over at twice the pace. */
function findTwoByTwo(words: Int32Array, ofTwo: Uint8Array, run: Codes, isWanted: Uint8Array, found: Uint32Array): number {
  let count = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (ofTwo[(word & 0xf) | ((word >>> 12) & 0xf0)] === 0) continue
    if (isWanted[run[i * 2]!] === 1) found[count++] = i * 2
    if (isWanted[run[i * 2 + 1]!] === 1) found[count++] = i * 2 + 1
  }
  return count
}

/** Adds the bits of the rows' codes to what there is, by place. */
export type BitsAdder = (slice: RowSlice, into: Uint16Array) => void

/** `bits` are by code. */
export function bitsAdder(column: TableColumn, bits: Uint16Array): BitsAdder {
  if (!(column instanceof StoredColumn) || column.cells.kind !== 'coded') {
    return ({ rows }, into) => {
      rows.forEach((row, place) => (into[place]! |= bits[column.codeOf(row)]!))
    }
  }
  const { codes } = column.cells
  let ofTwo: Int32Array | null = null
  return ({ rows, isRun }, into) => {
    if (!isRun) {
      addEach(rows, codes, bits, into)
      return
    }
    const run = codes.subarray(rows[0], rows[0]! + rows.length)
    const words = isWorthTwo(run, bits.length) ? wordsOf(run) : null
    const intoWords = words === null ? null : wordsOf(into.subarray(0, run.length))
    if (words === null || intoWords === null) addInRun(run, bits, into)
    else addTwoByTwo(words, (ofTwo ??= bitsOfTwo(bits)), intoWords)
  }
}

function addEach(rows: Uint32Array, codes: Codes, bits: Uint16Array, into: Uint16Array): void {
  for (let i = 0; i < rows.length; i++) into[i]! |= bits[codes[rows[i]!]!]!
}

function addInRun(run: Codes, bits: Uint16Array, into: Uint16Array): void {
  for (let i = 0; i < run.length; i++) into[i]! |= bits[run[i]!]!
}

const bitsOfTwo = (bits: Uint16Array): Int32Array =>
  Int32Array.from(
    { length: fewCodes * fewCodes },
    (_, two) => (bits[two % fewCodes] ?? 0) | ((bits[Math.floor(two / fewCodes)] ?? 0) << 16),
  )

function addTwoByTwo(words: Int32Array, ofTwo: Int32Array, into: Int32Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    into[i]! |= ofTwo[(word & 0xf) | ((word >>> 12) & 0xf0)]!
  }
}
