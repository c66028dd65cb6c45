import { describe, expect, it } from 'vitest'
import type { GridSize, Place } from '../../../../renderer/src/grid/place.ts'
import {
  addCell,
  areWholeRows,
  blockOf,
  clampSelection,
  countCells,
  countRows,
  cycle,
  extendTo,
  isOneCell,
  isSelected,
  rectsOf,
  rowSpans,
  selectAll,
  selectBlock,
  selectCell,
  selectColumn,
  selectedColumns,
  selectRow,
  widenToColumns,
  widenToRows,
  type Selection,
} from '../../../../renderer/src/grid/selection.ts'

const size: GridSize = { rows: 100, columns: 10 }
const at = (row: number, column: number): Place => ({ row, column })

describe('a selection', () => {
  it('is of whole rows from the first column to the last, and of nothing less', () => {
    expect(areWholeRows(selectRow(3, 2), size)).toBe(true)
    expect(areWholeRows(selectBlock(at(3, 0), at(5, 9)), size)).toBe(true)
    expect(areWholeRows(selectBlock(at(3, 1), at(5, 9)), size)).toBe(false)
    expect(areWholeRows(addCell(selectRow(3, 2), at(7, 2)), size)).toBe(false)
    expect(areWholeRows(selectColumn(2, 0), size)).toBe(false)
  })

  it('grows from its anchor in every direction and keeps the active cell', () => {
    const grown = extendTo(selectCell(at(5, 5)), at(3, 7))
    expect(grown.active).toEqual(at(5, 5))
    expect(rectsOf(grown, size)).toEqual([{ top: 3, left: 5, bottom: 5, right: 7 }])
  })

  it('keeps whole rows and columns whole when they grow', () => {
    expect(rectsOf(extendTo(selectRow(4, 2), at(6, 8)), size)).toEqual([{ top: 4, left: 0, bottom: 6, right: 9 }])
    expect(rectsOf(extendTo(selectColumn(4, 2), at(50, 6)), size)).toEqual([{ top: 0, left: 4, bottom: 99, right: 6 }])
  })

  it('takes cells with Ctrl and lets them go again', () => {
    const two = addCell(selectCell(at(1, 1)), at(3, 3))
    expect(countCells(two, size)).toBe(2)
    expect(two.active).toEqual(at(3, 3))
    expect(addCell(two, at(3, 3))).toEqual(selectCell(at(1, 1)))
  })

  it('counts a cell once, however many ranges hold it', () => {
    const overlapping: Selection = {
      active: at(0, 0),
      ranges: [...selectBlock(at(0, 0), at(3, 3)).ranges, ...selectBlock(at(2, 2), at(5, 5)).ranges],
    }
    expect(countCells(overlapping, size)).toBe(16 + 16 - 4)
    expect(countRows(overlapping, size)).toBe(6)
    expect(selectedColumns(overlapping, size)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('widens to rows with Shift+Space, to columns with Ctrl+Space, to all with both', () => {
    const block = selectBlock(at(2, 3), at(4, 5))
    expect(countCells(widenToRows(block), size)).toBe(30)
    expect(countCells(widenToColumns(block), size)).toBe(300)
    expect(countCells(widenToColumns(widenToRows(block)), size)).toBe(1000)
    expect(rowSpans(selectAll(block), size)).toEqual([{ first: 0, last: 99 }])
  })

  it('is a block where its ranges share rows or columns, else none', () => {
    const stacked: Selection = {
      active: at(0, 1),
      ranges: [...selectBlock(at(0, 1), at(2, 3)).ranges, ...selectBlock(at(7, 1), at(8, 3)).ranges],
    }
    expect(blockOf(stacked, size)).toEqual({
      rows: [
        { first: 0, last: 2 },
        { first: 7, last: 8 },
      ],
      columns: [1, 2, 3],
    })
    const beside: Selection = {
      active: at(0, 1),
      ranges: [...selectBlock(at(0, 1), at(2, 1)).ranges, ...selectBlock(at(0, 6), at(2, 7)).ranges],
    }
    expect(blockOf(beside, size)).toEqual({ rows: [{ first: 0, last: 2 }], columns: [1, 6, 7] })
    const scattered: Selection = {
      active: at(0, 0),
      ranges: [...selectBlock(at(0, 0), at(1, 1)).ranges, ...selectBlock(at(5, 5), at(6, 6)).ranges],
    }
    expect(blockOf(scattered, size)).toBeNull()
  })

  it('lets Tab and Enter go round within it, range after range', () => {
    let now = selectBlock(at(0, 0), at(1, 1))
    const seen = [now.active]
    for (let i = 0; i < 4; i++) seen.push((now = cycle(now, 'rows', 1, size)).active)
    expect(seen).toEqual([at(0, 0), at(0, 1), at(1, 0), at(1, 1), at(0, 0)])
    expect(cycle(selectBlock(at(0, 0), at(1, 1)), 'columns', 1, size).active).toEqual(at(1, 0))
    expect(cycle(selectBlock(at(0, 0), at(1, 1)), 'rows', -1, size).active).toEqual(at(1, 1))
  })

  it('never points outside after rows went away', () => {
    const clamped = clampSelection(selectBlock(at(90, 2), at(99, 4)), { rows: 50, columns: 3 })
    expect(clamped.active).toEqual(at(49, 2))
    expect(rectsOf(clamped, { rows: 50, columns: 3 })).toEqual([{ top: 49, left: 2, bottom: 49, right: 2 }])
  })

  it('knows one cell from many', () => {
    expect(isOneCell(selectCell(at(3, 3)), size)).toBe(true)
    expect(isOneCell(extendTo(selectCell(at(3, 3)), at(3, 4)), size)).toBe(false)
    expect(isSelected(selectRow(3, 0), at(3, 9), size)).toBe(true)
    expect(isSelected(selectRow(3, 0), at(4, 0), size)).toBe(false)
  })

  it('of an empty table has no rows', () => {
    expect(countCells(selectAll(selectCell(at(0, 0))), { rows: 0, columns: 5 })).toBe(0)
    expect(rowSpans(selectCell(at(0, 0)), { rows: 0, columns: 5 })).toEqual([])
  })
})
