const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d

/** How a cell stands in the file: as it is, between quotes, or so that its text must be put together. */
export const CellForm = { bare: 0, quoted: 1, escaped: 2 } as const

/** One record of a file, as places in its bytes. One object is used over and over: no allocation per row. */
export interface CsvRecord {
  /** Cells found; 0 only at the end of the file. */
  count: number
  /** Bytes of each cell as written, quotes included. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly forms: Uint8Array
  /** Where the cells end and the line end begins, and where the next record begins. */
  end: number
  next: number
  /** What is wrong with it: a quote that never closes, or too many cells to go on. */
  trouble: 'unterminated-quote' | 'too-many-cells' | null
}

export function newRecord(mostCells: number): CsvRecord {
  return {
    count: 0,
    starts: new Uint32Array(mostCells),
    ends: new Uint32Array(mostCells),
    forms: new Uint8Array(mostCells),
    end: 0,
    next: 0,
    trouble: null,
  }
}

/**
 * Reads the record at `from`, tolerant of what real files hold: text after a closing quote belongs to the cell, a quote
 * inside a bare cell is a character. A quoted cell that runs over lines and is then followed by text is taken for a quote
 * that was never closed: read on, it would swallow rows in silence.
 */
export function readRecord(bytes: Uint8Array, from: number, end: number, delimiter: number, record: CsvRecord): void {
  const { starts, ends, forms } = record
  let p = from
  let count = 0
  record.trouble = null
  record.count = 0
  for (;;) {
    if (count === starts.length) {
      record.trouble = 'too-many-cells'
      return
    }
    const start = p
    let form: number = CellForm.bare
    if (p < end && bytes[p] === QUOTE) {
      form = CellForm.quoted
      for (;;) {
        p = bytes.indexOf(QUOTE, p + 1)
        if (p < 0 || p >= end) {
          record.trouble = 'unterminated-quote'
          return
        }
        if (p + 1 >= end || bytes[p + 1] !== QUOTE) break
        form = CellForm.escaped
        p++
      }
      p++
      if (p < end && !endsCell(bytes[p]!, delimiter)) {
        if (holdsLineEnd(bytes, start, p) && !onlySpacesFollow(bytes, p, end, delimiter)) {
          record.trouble = 'unterminated-quote'
          return
        }
        form = CellForm.escaped
      }
    }
    while (p < end && !endsCell(bytes[p]!, delimiter)) p++
    starts[count] = start
    ends[count] = p
    forms[count] = form
    count++
    if (p >= end || bytes[p] !== delimiter) break
    p++
  }
  record.count = count
  record.end = p
  record.next = p >= end ? end : bytes[p] === CR && p + 1 < end && bytes[p + 1] === LF ? p + 2 : p + 1
}

const endsCell = (byte: number, delimiter: number): boolean => byte === delimiter || byte === LF || byte === CR

/** Spaces between a closing quote and the end of the cell are no sign of trouble. */
function onlySpacesFollow(bytes: Uint8Array, from: number, end: number, delimiter: number): boolean {
  let p = from
  while (p < end && bytes[p] === 0x20) p++
  return p >= end || endsCell(bytes[p]!, delimiter)
}

function holdsLineEnd(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === LF || bytes[i] === CR) return true
  return false
}

/** Puts the text of an escaped cell together in `target` and gives its length. `target` has room for `end - start` bytes. */
export function unescapeCell(bytes: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let length = 0
  let p = start + 1
  for (; p < end; p++) {
    const byte = bytes[p]!
    if (byte === QUOTE) {
      if (p + 1 >= end || bytes[p + 1] !== QUOTE) break
      p++
    }
    target[length++] = byte
  }
  // Whatever follows the closing quote belongs to the cell as it is.
  for (p++; p < end; p++) target[length++] = bytes[p]!
  return length
}

/** Nothing stands on it but delimiters and pairs of quotes. */
export function isEmptyRecord(record: CsvRecord): boolean {
  for (let i = 0; i < record.count; i++) {
    const length = record.ends[i]! - record.starts[i]!
    if (length !== 0 && !(record.forms[i] === CellForm.quoted && length === 2)) return false
  }
  return true
}
