import { readBoolean } from '../catalogue/read-boolean.ts'
import { grown } from '../../kit/bytes.ts'
import { isClear } from '../diff/cell-meaning.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId, TableColumn } from '../table/table.ts'

/** What a cell asks for: nothing (leave as it is), a text, or `(clear)`: empty it. */
export const CellState = { blank: 0, text: 1, clear: 2 } as const

/** Reads one column for the rules: what is asked again and again is worked out once per distinct text. */
export interface CellReader {
  readonly column: TableColumn
  stateOf(row: RowId): number
  /** Without surrounding white space. */
  textOf(row: RowId): string
  /** The table was edited. */
  forget(): void
}

/** `CellState` of a cell's text. */
export const stateOfText = (text: string): number =>
  text.trim() === '' ? CellState.blank : isClear(text) ? CellState.clear : CellState.text

/** An edit may be made beside a reader only where `forget` is called after it. */
export function cellReader(column: TableColumn): CellReader {
  return column.coded ? codedReader(column) : plainReader(column)
}

/** Codes are read when they are first met: an edit may bring new ones. */
function codedReader(column: TableColumn): CellReader {
  /** By code: one more than the state, 0 where it is not known yet. */
  let states = new Uint8Array(column.codeCount)
  const texts: string[] = []
  const read = (code: number): number => {
    const text = column.textOfCode(code)
    if (code >= states.length) states = grown(states, column.codeCount * 2)
    const state = stateOfText(text)
    states[code] = state + 1
    texts[code] = text.trim()
    return state
  }
  return {
    column,
    stateOf(row) {
      const code = column.codeOf(row)
      const known = states[code]
      return known ? known - 1 : read(code)
    },
    textOf(row) {
      const code = column.codeOf(row)
      if (!states[code]) read(code)
      return texts[code]!
    },
    forget: () => undefined,
  }
}

/** Where texts differ from row to row the one read last is kept: rules ask for the state of a cell and then for its text. */
function plainReader(column: TableColumn): CellReader {
  const stored = column instanceof StoredColumn ? column : null
  let lastRow = -1
  let lastText = ''
  const read = (row: RowId): string => {
    if (row === lastRow) return lastText
    lastRow = row
    if (column.isEmpty(row)) return (lastText = '')
    const text = column.textOf(row)
    return (lastText = isTrimmed(text) ? text : text.trim())
  }
  return {
    column,
    stateOf(row) {
      if (column.isEmpty(row)) return CellState.blank
      if (stored !== null) {
        const first = stored.firstByteOf(row)
        if (isInk(first) && first !== openBracket) return CellState.text
      }
      const text = read(row)
      return text === '' ? CellState.blank : text.charCodeAt(0) === openBracket && isClear(text) ? CellState.clear : CellState.text
    },
    textOf: read,
    forget: () => (lastRow = -1),
  }
}
const openBracket = 40
const isInk = (unit: number): boolean => unit > 32 && unit < 127
const isTrimmed = (text: string): boolean => isInk(text.charCodeAt(0)) && isInk(text.charCodeAt(text.length - 1))

/** What a TRUE/FALSE cell says. */
export const Licence = { blank: 0, no: 1, yes: 2, clear: 3, invalid: 4 } as const

export function licenceOfText(text: string): number {
  if (text === '') return Licence.blank
  const reading = readBoolean(text)
  if (reading !== null) return reading.value ? Licence.yes : Licence.no
  const state = stateOfText(text)
  return state === CellState.blank ? Licence.blank : state === CellState.clear ? Licence.clear : Licence.invalid
}

/** Row → `Licence`. */
export function licenceReader(column: TableColumn): (row: RowId) => number {
  if (!column.coded) return (row) => licenceOfText(column.textOf(row))
  /** By code: one more than the meaning, 0 where it is not known yet. */
  let meanings = new Uint8Array(column.codeCount)
  const read = (code: number): number => {
    if (code >= meanings.length) meanings = grown(meanings, column.codeCount * 2)
    const meaning = licenceOfText(column.textOfCode(code))
    meanings[code] = meaning + 1
    return meaning
  }
  return (row) => {
    const code = column.codeOf(row)
    const known = meanings[code]
    return known ? known - 1 : read(code)
  }
}

/**
 * Row → the whole number that a plain cell's bytes spell, without decoding: `+` and 8 to 15 digits for `phones`, up to 10 digits after a
 * leading 1 of ours for `extensions` (042 and 42 are two). -1 for every other cell: its text decides.
 */
export function numberReader(column: TableColumn, kind: 'phones' | 'extensions'): (row: RowId) => number {
  if (!(column instanceof StoredColumn) || column.coded) return () => -1
  const isPhone = kind === 'phones'
  return (row) => {
    const bytes = column.storedBytesOf(row)
    const from = column.storedStartOf(row)
    const end = from + column.byteLengthOf(row)
    const start = isPhone ? from + 1 : from
    if (isPhone ? end - from < 8 || end - from > 16 || bytes[from] !== 0x2b || bytes[start] === 0x30 : end === from || end - from > 10)
      return -1
    let number = isPhone ? 0 : 1
    for (let i = start; i < end; i++) {
      const digit = bytes[i]! - 0x30
      if (digit < 0 || digit > 9) return -1
      number = number * 10 + digit
    }
    return number
  }
}
