import { describe, expect, it } from 'vitest'
import {
  mergeLayout,
  moveBefore,
  nudge,
  resize,
  setHidden,
  shownColumns,
  withOthers,
  type ColumnLayout,
} from '../../../../renderer/src/grid/layout.ts'

const column = (id: string, changes: Partial<ColumnLayout> = {}): ColumnLayout => ({
  id,
  width: 100,
  isHidden: false,
  isPinned: false,
  ...changes,
})
const ids = (layout: readonly ColumnLayout[]): string => layout.map(({ id }) => id).join('')
const four = [column('e', { isPinned: true }), column('a'), column('b'), column('c')]

describe('a remembered layout', () => {
  it('keeps order and widths, drops columns that are gone and puts new ones where the file has them', () => {
    const remembered = [column('c', { width: 222 }), column('x'), column('a')]
    const merged = mergeLayout(remembered, [column('a'), column('n'), column('c')])
    expect(ids(merged)).toBe('can')
    expect(merged[0]?.width).toBe(222)
    expect(ids(mergeLayout([], four))).toBe('eabc')
    expect(ids(mergeLayout([column('b')], [column('first'), column('b')]))).toBe('firstb')
  })

  it('keeps what is known of columns that another file has', () => {
    const remembered = [column('e', { isPinned: true }), column('a', { width: 77 }), column('b'), column('c', { isHidden: true })]
    const kept = withOthers([column('b'), column('n'), column('e', { isPinned: true })], remembered)
    expect(ids(kept)).toBe('bcnea')
    expect(kept.find(({ id }) => id === 'a')?.width).toBe(77)
    expect(kept.find(({ id }) => id === 'c')?.isHidden).toBe(true)
    expect(withOthers(four, [])).toEqual(four)
  })

  it('does not trust a width', () => {
    expect(mergeLayout([column('a', { width: 1e9 })], [column('a')])[0]?.width).toBe(900)
  })
})

describe('columns', () => {
  it('show pinned first and hidden not at all', () => {
    expect(ids(shownColumns([column('a'), column('b', { isPinned: true }), column('c', { isHidden: true })]))).toBe('ba')
  })

  it('move before another, and among pinned ones become pinned', () => {
    expect(ids(shownColumns(moveBefore(four, 'c', 'a')))).toBe('ecab')
    expect(ids(shownColumns(moveBefore(four, 'a', null)))).toBe('ebca')
    const pinned = moveBefore(four, 'b', 'e')
    expect(pinned.find(({ id }) => id === 'b')?.isPinned).toBe(true)
    expect(moveBefore(four, 'a', 'a')).toBe(four)
  })

  it('move by key, one place at a time, and stop at the ends', () => {
    expect(ids(shownColumns(nudge(four, 'a', 1)))).toBe('ebac')
    expect(ids(shownColumns(nudge(four, 'c', -1)))).toBe('eacb')
    expect(nudge(four, 'c', 1)).toBe(four)
  })

  it('keep a sensible width', () => {
    expect(resize(four, 'a', 3)[1]?.width).toBe(40)
    expect(setHidden(four, 'a', true)[1]?.isHidden).toBe(true)
  })
})
