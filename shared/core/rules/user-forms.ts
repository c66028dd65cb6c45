import { hasKeyHash } from '../table/cell-mark.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { CheckContext } from './context.ts'
import { CellState, stateOfText, type CellReader } from './cell-reader.ts'
import { bitsAdder, type BitsAdder, type RowSlice } from './coded-rows.ts'
import type { FieldName } from './user.ts'

/** A phone cell whose numbers count, not only whether there are any. */
const oddText = 3

/** The form of a user that must be looked at alone. */
export const noForm = -1

/**
 * Puts the forms of a slice of users into `forms`, by place: users with the same number are alike to every rule that says what it `sees`,
 * with the same packages and the same `CellState` of some fields. `noForm` for users with a baseline, and for those whose phone cell is no
 * one plain number.
 */
export type FormReader = (slice: RowSlice, forms: Int32Array) => void

const mostFields = 8

export function formReader(context: CheckContext, fields: readonly FieldName[], mostRows: number): FormReader {
  if (fields.length > mostFields) throw new RangeError(`the states of ${fields.length} fields are more than 16 bits`)
  const states = new Uint16Array(mostRows)
  const adders = fields.flatMap((field, place) => {
    const reader = context.fields[field].own
    return reader === null ? [] : [stateAdder(reader, field === 'phone', place * 2, mostRows)]
  })
  const { packages, baselineRowOf } = context
  const oddPhone = fields.includes('phone') ? oddText << (fields.indexOf('phone') * 2) : noState
  return (slice, forms) => {
    states.fill(0)
    for (const add of adders) add(slice, states)
    putForms(slice.rows, states, oddPhone, packages, baselineRowOf, forms)
  }
}
/** No 16 bits of states have it. */
const noState = 0x10000

function putForms(
  rows: Uint32Array,
  states: Uint16Array,
  oddPhone: number,
  packages: Uint8Array,
  baselineRowOf: Int32Array,
  forms: Int32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const state = states[i]!
    forms[i] = baselineRowOf[row]! >= 0 || (state & oddPhone) === oddPhone ? -1 : state | (packages[row]! << 16)
  }
}

function stateAdder(reader: CellReader, isPhone: boolean, shift: number, mostRows: number): BitsAdder {
  const { column } = reader
  if (column.coded) {
    const stateOf = (text: string): number => (isPhone && text.includes('|') ? oddText : stateOfText(text))
    return bitsAdder(
      column,
      Uint16Array.from({ length: column.codeCount }, (_, code) => stateOf(column.textOfCode(code)) << shift),
    )
  }
  const cells = column instanceof StoredColumn && column.cells.kind === 'plain' ? column.cells : null
  const text = CellState.text << shift
  const odd = new Uint32Array(mostRows)
  const addOdd = (rows: Uint32Array, count: number, into: Uint16Array): void => {
    for (let i = 0; i < count; i++) {
      const state = reader.stateOf(rows[odd[i]!]!)
      into[odd[i]!]! |= (isPhone && state === CellState.text ? oddText : state) << shift
    }
  }
  return ({ rows }, into) => {
    if (cells === null || cells.marks === null) addOdd(rows, allPlaces(rows, odd), into)
    else addOdd(rows, addMarked(rows, cells.marks, cells.lengths, hasKeyHash, text, into, odd), into)
  }
}

/** Adds that cells hold a text where their mark says so; puts the places of the others that are not empty into `odd`, and gives their count. */
function addMarked(
  rows: Uint32Array,
  marks: Uint16Array,
  lengths: Uint16Array,
  withText: number,
  text: number,
  into: Uint16Array,
  odd: Uint32Array,
): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    if ((marks[rows[i]!]! & withText) !== 0) into[i]! |= text
    else if (lengths[rows[i]!] !== 0) odd[count++] = i
  }
  return count
}

function allPlaces(rows: Uint32Array, odd: Uint32Array): number {
  for (let i = 0; i < rows.length; i++) odd[i] = i
  return rows.length
}
