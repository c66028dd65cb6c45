import { describe, expect, it } from 'vitest'
import { blankBorder } from '../../../../renderer/src/grid/moves.ts'
import { navigate, type KeyPress } from '../../../../renderer/src/grid/navigate.ts'
import type { GridSize, Place } from '../../../../renderer/src/grid/place.ts'
import { countCells, rectsOf, selectBlock, selectCell, type Selection } from '../../../../renderer/src/grid/selection.ts'

const size: GridSize = { rows: 100, columns: 5 }
const at = (row: number, column: number): Place => ({ row, column })

/** `Ctrl+Shift+End` as a key press. */
function key(keys: string): KeyPress {
  const parts = keys.split('+')
  return { key: parts.at(-1) ?? '', shift: parts.includes('Shift'), mod: parts.includes('Ctrl'), alt: parts.includes('Alt') }
}

function after(selection: Selection, keys: string): Selection {
  const movement = navigate(selection, key(keys), size, 20)
  if (movement?.kind !== 'select') throw new Error(`${keys} did not select`)
  return movement.selection
}

describe('a key', () => {
  it.each([
    ['ArrowDown', at(11, 2)],
    ['ArrowUp', at(9, 2)],
    ['ArrowLeft', at(10, 1)],
    ['ArrowRight', at(10, 3)],
    ['Home', at(10, 0)],
    ['End', at(10, 4)],
    ['Ctrl+Home', at(0, 0)],
    ['Ctrl+End', at(99, 4)],
    ['PageDown', at(30, 2)],
    ['PageUp', at(0, 2)],
    ['Tab', at(10, 3)],
    ['Shift+Tab', at(10, 1)],
    ['Enter', at(11, 2)],
    ['Shift+Enter', at(9, 2)],
  ])('%s goes to %o', (keys, place) => {
    expect(after(selectCell(at(10, 2)), keys)).toEqual(selectCell(place))
  })

  it('Tab goes on in the next row at the end of one, and stops in the last corner', () => {
    expect(after(selectCell(at(10, 4)), 'Tab').active).toEqual(at(11, 0))
    expect(after(selectCell(at(99, 4)), 'Tab').active).toEqual(at(99, 4))
  })

  it('with Shift extends from where the selection ended, not from the active cell', () => {
    const once = after(selectCell(at(10, 2)), 'Shift+ArrowDown')
    const twice = after(once, 'Shift+ArrowDown')
    expect(rectsOf(twice, size)).toEqual([{ top: 10, left: 2, bottom: 12, right: 2 }])
    expect(rectsOf(after(twice, 'Ctrl+Shift+End'), size)).toEqual([{ top: 10, left: 2, bottom: 99, right: 4 }])
  })

  it('Enter in a selection of several cells stays in it', () => {
    const block = selectBlock(at(0, 0), at(1, 1))
    const next = after(block, 'Enter')
    expect(next.active).toEqual(at(1, 0))
    expect(next.ranges).toEqual(block.ranges)
  })

  it('Ctrl+A takes everything', () => {
    expect(countCells(after(selectCell(at(5, 1)), 'Ctrl+a'), size)).toBe(500)
  })

  it('that is not one of movement is left to others', () => {
    for (const keys of ['x', 'F2', 'Delete', 'Alt+ArrowDown', ' ', 'Ctrl+c'])
      expect(navigate(selectCell(at(0, 0)), key(keys), size, 20), keys).toBeNull()
    expect(navigate(selectCell(at(0, 0)), key('ArrowDown'), { rows: 0, columns: 5 }, 20)).toBeNull()
  })

  it('Ctrl+arrow asks for the border of the filled cells, from the end of the selection with Shift', () => {
    expect(navigate(selectCell(at(5, 1)), key('Ctrl+ArrowDown'), size, 20)).toEqual({
      kind: 'border',
      from: at(5, 1),
      direction: 'down',
      extends: false,
    })
    expect(navigate(selectBlock(at(5, 1), at(9, 1)), key('Ctrl+Shift+ArrowDown'), size, 20)).toEqual({
      kind: 'border',
      from: at(9, 1),
      direction: 'down',
      extends: true,
    })
  })
})

describe('Ctrl+arrow', () => {
  const line = (pattern: string) => (from: number, count: number, direction: 1 | -1) =>
    Promise.resolve(Array.from({ length: count }, (_, i) => pattern[from + direction * i] === 'x'))
  const hop = (pattern: string, start: number, direction: 1 | -1) =>
    blankBorder(start, direction, pattern.length, (from, count) => line(pattern)(from, count, direction))

  it.each([
    ['xxx..xx.', 0, 1, 2, 'to the last filled cell before a blank'],
    ['xxx..xx.', 2, 1, 5, 'over blanks to the next filled one'],
    ['xxx..xx.', 3, 1, 5, 'from a blank to the next filled one'],
    ['xxx..xx.', 6, 1, 7, 'to the edge where nothing comes'],
    ['xxx..xx.', 6, -1, 5, 'backwards to the first of a run'],
    ['xxx..xx.', 5, -1, 2, 'backwards over blanks'],
    ['.....', 2, -1, 0, 'to the edge of an empty line'],
    ['xxxxx', 4, 1, 4, 'nowhere from the edge'],
  ] as const)('in %s from %i (%i) stops at %i: %s', async (pattern, start, direction, end, _why) => {
    expect(await hop(pattern, start, direction)).toBe(end)
  })

  it('crosses a million filled rows in few questions', async () => {
    let questions = 0
    const border = await blankBorder(0, 1, 1_000_000, (from, count) => {
      questions++
      return Promise.resolve(Array.from({ length: count }, (_, i) => from + i < 900_000))
    })
    expect(border).toBe(899_999)
    expect(questions).toBeLessThan(30)
  })
})
