import { describe, expect, it } from 'vitest'
import { planPaste } from '../../../../renderer/src/grid/paste.ts'

const size = { rows: 10, columns: 5 }
const cell = (row: number, column: number) => ({ top: row, left: column, bottom: row, right: column })
const two = [
  ['a', 'b'],
  ['c', 'd'],
]

describe('a paste', () => {
  it('lands at the corner of the selection with its own size', () => {
    expect(planPaste(two, cell(3, 1), size)).toEqual({
      top: 3,
      rows: 2,
      newRows: 0,
      left: 1,
      columns: 2,
      lostColumns: 0,
      block: two,
      cells: 4,
    })
  })

  it('fills a selection that is a whole multiple of it', () => {
    const plan = planPaste([['x']], { top: 0, left: 1, bottom: 4, right: 3 }, size)
    expect(plan).toMatchObject({ rows: 5, columns: 3, block: [['x', 'x', 'x']], cells: 15 })
    expect(planPaste(two, { top: 0, left: 0, bottom: 3, right: 3 }, size)).toMatchObject({ rows: 4, columns: 4, cells: 16 })
  })

  it('takes its own size where the selection is no multiple', () => {
    expect(planPaste(two, { top: 0, left: 0, bottom: 2, right: 2 }, size)).toMatchObject({ rows: 2, columns: 2 })
  })

  it('adds rows beyond the end, unless told not to', () => {
    expect(planPaste(two, cell(9, 0), size)).toMatchObject({ rows: 1, newRows: 1, cells: 4, block: two })
    expect(planPaste(two, cell(9, 0), size, false)).toMatchObject({ rows: 1, newRows: 0, cells: 2, block: [['a', 'b']] })
  })

  it('counts the columns that have no place', () => {
    expect(planPaste([['1', '2', '3']], cell(0, 3), size)).toMatchObject({ columns: 2, lostColumns: 1, block: [['1', '2']] })
  })

  it('into an empty table is all new rows', () => {
    expect(planPaste(two, cell(0, 0), { rows: 0, columns: 5 })).toMatchObject({ rows: 0, newRows: 2 })
  })
})
