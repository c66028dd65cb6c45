import { describe, expect, it } from 'vitest'
import {
  autoscrollSpeed,
  columnWindow,
  drift,
  edgesOf,
  isNearFalseEnd,
  maxPhysicalHeight,
  physicalHeight,
  pinnedThatFit,
  revealed,
  rowWindow,
  scrolled,
  type ScrollState,
} from '../../../../renderer/src/grid/geometry.ts'

const million = { total: 28_000_000, viewport: 700 }
const small = { total: 28_000, viewport: 700 }
const bottom = maxPhysicalHeight - 700

describe('scrolling a million rows', () => {
  it('never asks the browser for more than it can do', () => {
    expect(physicalHeight(million)).toBe(10_000_000)
    expect(physicalHeight(small)).toBe(28_000)
  })

  it('goes pixel by pixel with the wheel, and scaled with the thumb', () => {
    const start: ScrollState = { physical: 0, virtual: 0 }
    expect(scrolled(start, 100, million)).toEqual({ physical: 100, virtual: 100 })
    const half = scrolled(start, bottom / 2, million)
    expect(half.virtual).toBeCloseTo((million.total - 700) / 2, 3)
    expect(scrolled(half, half.physical + 60, million).virtual - half.virtual).toBeCloseTo(60, 6)
  })

  it('reaches the first and the last row', () => {
    expect(scrolled({ physical: 5_000_000, virtual: 14_000_000 }, bottom, million).virtual).toBe(million.total - 700)
    expect(scrolled({ physical: 5_000_000, virtual: 14_000_000 }, 0, million).virtual).toBe(0)
  })

  it('puts the position right after pixel-exact moves, before the browser reaches an end that the rows have not', () => {
    let state: ScrollState = scrolled({ physical: 0, virtual: 0 }, 3000, million)
    state = scrolled(state, 2000, million)
    state = scrolled(state, 1000, million)
    state = scrolled(state, 300, million)
    expect(state.virtual).toBeGreaterThan(5000)
    expect(isNearFalseEnd(state, million)).toBe(true)
    const put = drift(state, million)
    expect(put).not.toBeNull()
    expect(drift({ physical: put ?? 0, virtual: state.virtual }, million)).toBeNull()
  })

  it('is the browser’s own scrolling for a small table', () => {
    expect(scrolled({ physical: 0, virtual: 0 }, 20_000, small)).toEqual({ physical: 20_000, virtual: 20_000 })
    expect(drift({ physical: 5, virtual: 5 }, small)).toBeNull()
  })
})

describe('what is drawn', () => {
  it('is the rows in view and a margin, within the table', () => {
    expect(rowWindow(2800, 280, 28, 1000, 3)).toEqual({ first: 97, end: 113 })
    expect(rowWindow(0, 280, 28, 5, 3)).toEqual({ first: 0, end: 5 })
    expect(rowWindow(0, 280, 28, 0, 3)).toEqual({ first: 0, end: 0 })
  })

  it('is the columns in view', () => {
    const edges = edgesOf([100, 50, 200, 100])
    expect(edges).toEqual([0, 100, 150, 350, 450])
    expect(columnWindow(edges, 0, 120)).toEqual({ first: 0, end: 2 })
    expect(columnWindow(edges, 150, 150)).toEqual({ first: 2, end: 3 })
    expect(columnWindow(edges, 400, 9000)).toEqual({ first: 3, end: 4 })
    expect(columnWindow(edgesOf([]), 0, 100)).toEqual({ first: 0, end: 0 })
  })
})

describe('bringing a cell into view', () => {
  it('moves as little as it can, or centres', () => {
    expect(revealed(500, 528, 400, 300, 'nearest')).toBe(400)
    expect(revealed(100, 128, 400, 300, 'nearest')).toBe(100)
    expect(revealed(900, 928, 400, 300, 'nearest')).toBe(628)
    expect(revealed(900, 928, 400, 300, 'centre')).toBe(764)
    expect(revealed(0, 28, 400, 300, 'centre')).toBe(0)
  })
})

describe('a drag outside the rows', () => {
  it('scrolls towards the pointer, faster the further out', () => {
    expect(autoscrollSpeed(50, 0, 100)).toBe(0)
    expect(autoscrollSpeed(130, 0, 100)).toBeLessThan(autoscrollSpeed(300, 0, 100))
    expect(autoscrollSpeed(-130, 0, 100)).toBeLessThan(0)
  })
})

describe('frozen columns', () => {
  const edges = edgesOf([240, 116, 130, 130])

  it('stay as long as one that scrolls can be seen beside them', () => {
    expect(pinnedThatFit(edges, 2, 76, 872)).toBe(2)
    expect(pinnedThatFit(edges, 2, 76, 76 + 356 + 160)).toBe(2)
    expect(pinnedThatFit(edges, 2, 76, 76 + 356 + 159)).toBe(1)
    expect(pinnedThatFit(edges, 2, 76, 300)).toBe(0)
    expect(pinnedThatFit(edges, 0, 76, 872)).toBe(0)
  })

  it('are not given up before the window is known', () => {
    expect(pinnedThatFit(edges, 2, 76, 0)).toBe(2)
  })
})
