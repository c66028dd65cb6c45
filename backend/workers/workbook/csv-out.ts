import { refuse } from './trouble.ts'

/**
 * Writes rows as CSV (see `WorkbookContent.csv`) into pieces of about a mebibyte. A row is padded to the width of the fullest of
 * the first rows, so that empty last cells, which a workbook leaves out, are no ragged rows; cells beyond that width stay.
 */
export interface CsvOut {
  /** Rows in rising order, from 1. Rows passed over become empty lines as soon as text follows. */
  startRow(row: number): void
  /** Columns in rising order, from 0. `from`–`to` are bytes that are already a CSV field, and at least one. */
  putField(column: number, source: Buffer, from: number, to: number): void
  /** The cell's characters; empty text is no cell. */
  putText(column: number, text: string): void
  /** Whether the row held any text. */
  endRow(): boolean
  finish(): CsvExtent
}

export interface CsvExtent {
  /** The last row with text, counted from 1, and the number of columns up to the last with text. */
  readonly rows: number
  readonly columns: number
}

const comma = 44
const lineFeed = 10
/** Rows to look at for the width. A title above the header is narrower, a row with a stray cell is not fuller. */
const rowsForWidth = 30
const pieceBytes = 1 << 20

export function createCsvOut(emit: (piece: Buffer) => void, maxBytes: number): CsvOut {
  let buffer = Buffer.allocUnsafe(pieceBytes * 2)
  let length = 0
  let emitted = 0
  let row = 0
  let lastRow = 0
  let rowStart = 0
  let columns = 0
  let filled = 0
  let widest = 0
  /** Width to pad to; -1 while the first rows are being looked at. */
  let padTo = -1
  const firstRows: { readonly end: number; readonly columns: number; readonly filled: number }[] = []

  function room(bytes: number): void {
    if (length + bytes <= buffer.length) return
    if (emitted + length + bytes > maxBytes)
      refuse('over-limit', `the sheet holds more than ${Math.floor(maxBytes / (1 << 20))} MiB of text`)
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + bytes))
    buffer.copy(larger, 0, 0, length)
    buffer = larger
  }

  function moveTo(column: number, bytes: number): void {
    const commas = columns === 0 ? column : column - columns + 1
    room(commas + bytes + 2)
    if (commas === 1) buffer[length++] = comma
    else for (let i = 0; i < commas; i++) buffer[length++] = comma
    columns = column + 1
    filled++
  }

  function emitAll(): void {
    if (length === 0) return
    emitted += length
    if (emitted > maxBytes) refuse('over-limit', `the sheet holds more than ${Math.floor(maxBytes / (1 << 20))} MiB of text`)
    emit(Buffer.from(buffer.subarray(0, length)))
    length = 0
  }

  /** Pads the rows that were held back, now that the width is known. */
  function settleWidth(): void {
    let fullest = firstRows[0]
    for (const one of firstRows) if (one.filled > (fullest?.filled ?? 0)) fullest = one
    padTo = fullest?.columns ?? 0
    const held = Buffer.from(buffer.subarray(0, length))
    length = 0
    let from = 0
    for (const one of firstRows) {
      const missing = Math.max(0, padTo - one.columns)
      room(one.end - from + missing)
      length += held.copy(buffer, length, from, one.end - 1)
      for (let i = 0; i < missing; i++) buffer[length++] = comma
      buffer[length++] = lineFeed
      from = one.end
    }
  }

  return {
    startRow(next) {
      row = next
      rowStart = length
      columns = 0
      filled = 0
      room(next - lastRow)
      for (let i = lastRow + 1; i < next; i++) buffer[length++] = lineFeed
    },
    putField(column, source, from, to) {
      moveTo(column, to - from)
      if (to - from >= 48) {
        length += source.copy(buffer, length, from, to)
        return
      }
      // In locals: what a closure keeps is looked up anew for every byte.
      const target = buffer
      let at = length
      for (let i = from; i < to; i++) target[at++] = source[i] as number
      length = at
    },
    putText(column, text) {
      if (text === '') return
      // A byte order mark as the file's first character would be taken for one and lost.
      const field = emitted + length === 0 && column === 0 && text.startsWith('\ufeff') ? `"${text.replaceAll('"', '""')}"` : csvField(text)
      const bytes = Buffer.byteLength(field)
      moveTo(column, bytes)
      length += buffer.write(field, length)
    },
    endRow() {
      if (filled === 0) {
        length = rowStart
        return false
      }
      widest = Math.max(widest, columns)
      lastRow = row
      const missing = Math.max(0, padTo - columns)
      room(missing + 1)
      for (let i = 0; i < missing; i++) buffer[length++] = comma
      buffer[length++] = lineFeed
      if (padTo >= 0) {
        if (length >= pieceBytes) emitAll()
        return true
      }
      firstRows.push({ end: length, columns, filled })
      if (firstRows.length === rowsForWidth) settleWidth()
      return true
    },
    finish() {
      if (padTo < 0) settleWidth()
      emitAll()
      return { rows: lastRow, columns: widest }
    },
  }
}

/** RFC 4180: quoted only where a comma, a quote or a line end stands. */
export function csvField(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
