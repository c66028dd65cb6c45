import { CellMark, hasKeyHash } from '../table/cell-mark.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { CheckContext } from './context.ts'
import { RowFlag } from './context.ts'
import { CellState, stateOfText } from './cell-reader.ts'
import type { FieldName } from './user.ts'

/** The form of a user that must be looked at alone. */
export const noForm = 0xffff_ffff

/** A phone cell whose numbers count, not only whether there are any. */
const oddText = 3

/**
 * By row id, for these rows: users with the same number are alike to every rule that says what it `sees`: the same packages, removal or not, and the same
 * `CellState` of `fields`. `noForm` for users with a baseline, and for those whose phone cell is no one plain number. At most 11 fields.
 */
export function userForms(context: CheckContext, rows: Uint32Array, fields: readonly FieldName[]): Uint32Array {
  const { packages, flags, baselineRowOf } = context
  const forms = new Uint32Array(context.table.rowLimit)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const isRemoval = (flags[row]! & RowFlag.removal) !== 0 ? 1 : 0
    forms[row] = baselineRowOf[row]! >= 0 ? noForm : packages[row]! | (isRemoval << 8)
  }
  fields.forEach((field, place) => {
    addStates(context, rows, field, forms, 9 + place * 2)
  })
  return forms
}

function addStates(context: CheckContext, rows: Uint32Array, field: FieldName, forms: Uint32Array, shift: number): void {
  const reader = context.fields[field].own
  if (reader === null) return
  const { column } = reader
  const isPhone = field === 'phone'
  /** `noForm` stays what it is whatever is added. */
  const bitsOf = (state: number): number => (state === oddText ? noForm : state << shift)
  if (column.coded) {
    const stateOf = (text: string): number => (isPhone && text.includes('|') ? oddText : stateOfText(text))
    const bits = Uint32Array.from({ length: column.codeCount }, (_, code) => bitsOf(stateOf(column.textOfCode(code))))
    const codes = column instanceof StoredColumn && column.cells.kind === 'coded' ? column.cells.codes : null
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      forms[row]! |= bits[codes === null ? column.codeOf(row) : codes[row]!]!
    }
    return
  }
  const cells = column instanceof StoredColumn && column.cells.kind === 'plain' ? column.cells : null
  const marks = cells?.marks ?? null
  const text = bitsOf(CellState.text)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (marks !== null && (marks[row]! & hasKeyHash) !== 0) forms[row]! |= text
    else if (marks === null || marks[row] !== CellMark.isKnown || cells!.lengths[row] !== 0) {
      const state = reader.stateOf(row)
      forms[row]! |= bitsOf(isPhone && state === CellState.text ? oddText : state)
    }
  }
}
