import { describe, expect, it } from 'vitest'
import { fillTexts, planFill } from '../../../../renderer/src/grid/fill.ts'
import { continued } from '../../../../renderer/src/grid/series.ts'

describe('what the fill handle writes', () => {
  it.each([
    [['1001'], ['1002', '1003', '1004'], 'one extension counts up'],
    [['1001', '1002'], ['1003', '1004', '1005'], 'extensions count on'],
    [['1000', '1010'], ['1020', '1030', '1040'], 'with their step'],
    [['1005', '1004'], ['1003', '1002', '1001'], 'downwards too'],
    [['0042'], ['0043', '0044', '0045'], 'keeping zeros'],
    [['0998', '0999'], ['1000', '1001', '1002'], 'over a carry'],
    [['+4721550001', '+4721550002'], ['+4721550003', '+4721550004', '+4721550005'], 'phone numbers keep their plus'],
    [['+4721550099'], ['+4721550100', '+4721550101', '+4721550102'], 'and carry'],
    [['Room 9'], ['Room 10', 'Room 11', 'Room 12'], 'names with a number'],
    [['9', '10'], ['11', '12', '13'], 'numbers of unequal length'],
    [['Oslo'], ['Oslo', 'Oslo', 'Oslo'], 'words repeat'],
    [['TRUE', 'FALSE'], ['TRUE', 'FALSE', 'TRUE'], 'several words repeat as a pattern'],
    [['1', '2', '4'], ['1', '2', '4'], 'numbers without a step repeat'],
    [['Room 1', 'Hall 2'], ['Room 1', 'Hall 2', 'Room 1'], 'different words are no series'],
    [['7', '7'], ['7', '7', '7'], 'equal numbers repeat'],
    [
      ['kari.berg2@nordlys.no'],
      ['kari.berg2@nordlys.no', 'kari.berg2@nordlys.no', 'kari.berg2@nordlys.no'],
      'a number inside is left alone',
    ],
    [['9999999999999998'], ['9999999999999999', '10000000000000000', '10000000000000001'], 'beyond what a float holds'],
    [['', ''], ['', '', ''], 'blanks stay blank'],
  ])('%j → %j: %s', (source, expected) => {
    expect(continued(source, 3, 'after')).toEqual(expected)
  })

  it('counts back when dragged upwards, and repeats rather than go below zero', () => {
    expect(continued(['1003', '1004'], 2, 'before')).toEqual(['1001', '1002'])
    expect(continued(['1'], 3, 'before')).toEqual(['1', '1', '1'])
  })

  it('only repeats with Alt or Ctrl', () => {
    expect(continued(['1001', '1002'], 3, 'after', true)).toEqual(['1001', '1002', '1001'])
    expect(continued(['a', 'b', 'c'], 2, 'before', true)).toEqual(['b', 'c'])
  })
})

describe('dragging the handle', () => {
  const source = { top: 2, left: 1, bottom: 3, right: 2 }

  it('covers the stretch beside the source, the way the pointer went furthest', () => {
    expect(planFill(source, { row: 6, column: 2 })).toEqual({ source, target: { top: 4, left: 1, bottom: 6, right: 2 }, direction: 'down' })
    expect(planFill(source, { row: 0, column: 1 })).toEqual({ source, target: { top: 0, left: 1, bottom: 1, right: 2 }, direction: 'up' })
    expect(planFill(source, { row: 3, column: 6 })).toEqual({
      source,
      target: { top: 2, left: 3, bottom: 3, right: 6 },
      direction: 'right',
    })
    expect(planFill(source, { row: 2, column: 0 })).toEqual({ source, target: { top: 2, left: 0, bottom: 3, right: 0 }, direction: 'left' })
    expect(planFill(source, { row: 3, column: 2 })).toBeNull()
  })

  it('continues each column by itself downwards, each row by itself sideways', () => {
    const down = planFill(source, { row: 5, column: 1 })
    const right = planFill(source, { row: 2, column: 4 })
    const texts = [
      ['1001', 'Oslo'],
      ['1002', 'Bergen'],
    ]
    expect(down && fillTexts(down, texts, false)).toEqual([
      ['1003', 'Oslo'],
      ['1004', 'Bergen'],
    ])
    expect(
      right &&
        fillTexts(
          right,
          [
            ['1', '2'],
            ['a', 'b'],
          ],
          false,
        ),
    ).toEqual([
      ['3', '4'],
      ['a', 'b'],
    ])
  })
})
