import { readBoolean } from '../catalogue/read-boolean.ts'
import { isClear } from '../diff/cell-meaning.ts'
import type { RowId, TableColumn } from '../table/table.ts'

/** What a cell asks for: nothing (leave as it is), a text, or `(clear)`: empty it. */
export const CellState = { blank: 0, text: 1, clear: 2 } as const

/** Reads one column for the rules: what is asked again and again is worked out once per distinct text. */
export interface CellReader {
  readonly column: TableColumn
  stateOf(row: RowId): number
  /** Without surrounding white space. */
  textOf(row: RowId): string
}

const stateOfText = (text: string): number => (text.trim() === '' ? CellState.blank : isClear(text) ? CellState.clear : CellState.text)

/** The tables must stay as they are while a reader is in use. */
export function cellReader(column: TableColumn): CellReader {
  if (!column.coded) return plainReader(column)
  const states = new Uint8Array(column.codeCount)
  const texts: string[] = []
  for (let code = 0; code < column.codeCount; code++) {
    const text = column.textOfCode(code)
    states[code] = stateOfText(text)
    texts.push(text.trim())
  }
  return {
    column,
    stateOf: (row) => states[column.codeOf(row)]!,
    textOf: (row) => texts[column.codeOf(row)]!,
  }
}

/** Where texts differ from row to row the one read last is kept: rules ask for the state of a cell and then for its text. */
function plainReader(column: TableColumn): CellReader {
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
      const text = read(row)
      return text === '' ? CellState.blank : text.charCodeAt(0) === openBracket && isClear(text) ? CellState.clear : CellState.text
    },
    textOf: read,
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
  const meanings = new Uint8Array(column.codeCount)
  for (let code = 0; code < column.codeCount; code++) meanings[code] = licenceOfText(column.textOfCode(code))
  return (row) => meanings[column.codeOf(row)]!
}
