import { CellMark, hasKeyHash } from '../table/cell-mark.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { CheckContext } from './context.ts'
import { CellState, stateOfText } from './cell-reader.ts'
import type { FieldName } from './user.ts'

/** The form of a user that must be looked at alone. */
export const noForm = -1

/** A phone cell whose numbers count, not only whether there are any. */
const oddText = 3

/**
 * Puts the forms of these rows into `forms`, by place: users with the same number are alike to every rule that says what it `sees`: the
 * same packages, and the same `CellState` of some fields. `noForm` for users with a baseline, and for those whose phone cell is no one
 * plain number.
 */
export type FormReader = (rows: Uint32Array, forms: Int32Array) => void

/** At most 11 fields. */
export function formReader(context: CheckContext, fields: readonly FieldName[]): FormReader {
  const { packages, baselineRowOf } = context
  const readers = fields.flatMap((field, place) => stateReader(context, field, packageBits + place * 2) ?? [])
  return (rows, forms) => {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      // Who is to be removed is of the baseline.
      forms[i] = baselineRowOf[row]! >= 0 ? noForm : packages[row]!
    }
    for (const read of readers) read(rows, forms)
  }
}
const packageBits = 8

/** Adds what the cells of one field say; null where the file has none. */
function stateReader(context: CheckContext, field: FieldName, shift: number): FormReader | null {
  const reader = context.fields[field].own
  if (reader === null) return null
  const { column } = reader
  const isPhone = field === 'phone'
  /** `noForm` stays what it is whatever is added. */
  const bitsOf = (state: number): number => (state === oddText ? noForm : state << shift)
  if (column.coded) {
    const stateOf = (text: string): number => (isPhone && text.includes('|') ? oddText : stateOfText(text))
    const bits = Int32Array.from({ length: column.codeCount }, (_, code) => bitsOf(stateOf(column.textOfCode(code))))
    if (column instanceof StoredColumn && column.cells.kind === 'coded') {
      const { codes } = column.cells
      return (rows, forms) => {
        addBits(rows, codes, bits, forms)
      }
    }
    return (rows, forms) => {
      for (let i = 0; i < rows.length; i++) forms[i]! |= bits[column.codeOf(rows[i]!)]!
    }
  }
  const bitsOfRow = (row: number): number => {
    const state = reader.stateOf(row)
    return bitsOf(isPhone && state === CellState.text ? oddText : state)
  }
  const cells = column instanceof StoredColumn && column.cells.kind === 'plain' ? column.cells : null
  if (cells === null || cells.marks === null) {
    return (rows, forms) => {
      for (let i = 0; i < rows.length; i++) forms[i]! |= bitsOfRow(rows[i]!)
    }
  }
  const { marks, lengths } = cells
  const text = bitsOf(CellState.text)
  return (rows, forms) => {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if ((marks[row]! & hasKeyHash) !== 0) forms[i]! |= text
      else if (marks[row] !== CellMark.isKnown || lengths[row] !== 0) forms[i]! |= bitsOfRow(row)
    }
  }
}

/** One loop for all coded columns: it is compiled once. */
function addBits(rows: Uint32Array, codes: Uint16Array | Uint32Array, bits: Int32Array, forms: Int32Array): void {
  for (let i = 0; i < rows.length; i++) forms[i]! |= bits[codes[rows[i]!]!]!
}
