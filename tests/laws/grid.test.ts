import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTsv, serialiseTsv } from '../../renderer/src/grid/clipboard.ts'
import { scrolled, type ScrollState } from '../../renderer/src/grid/geometry.ts'
import { navigate } from '../../renderer/src/grid/navigate.ts'
import type { Place } from '../../renderer/src/grid/place.ts'
import {
  addCell,
  addColumn,
  addRow,
  countCells,
  countRows,
  extendTo,
  isSelected,
  selectAll,
  selectCell,
  selectColumn,
  selectRow,
  type Selection,
} from '../../renderer/src/grid/selection.ts'
import { continued, detectSeries } from '../../renderer/src/grid/series.ts'

const cellText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', '\t', '\n', '\r', 'a', ' ', 'ø', '+', '0'), maxLength: 8 }),
)
const block = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(cellText, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
  )

describe('the clipboard', () => {
  it('brings back every block of texts as it was', () => {
    fc.assert(
      fc.property(block, (texts) => {
        expect(parseTsv(serialiseTsv(texts))).toEqual(texts)
      }),
    )
  })

  it('makes a rectangle of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '\t', '\n', '\r', 'a', ' ') }), (text) => {
        const rows = parseTsv(text)
        expect(rows.length).toBeGreaterThan(0)
        expect(new Set(rows.map((row) => row.length)).size).toBe(1)
      }),
    )
  })
})

describe('a series', () => {
  const step = fc.integer({ min: -50, max: 50 }).filter((number) => number !== 0)

  it('goes on as it began: what follows the first texts is what stood there', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '+', 'Room ', 'Sub'),
        fc.bigInt({ min: 10n ** 9n, max: 9n * 10n ** 14n }),
        step,
        fc.integer({ min: 2, max: 8 }),
        (words, first, by, count) => {
          const all = Array.from({ length: count + 4 }, (_, i) => `${words}${String(first + BigInt(by) * BigInt(i))}`)
          expect(continued(all.slice(0, 2), count + 2, 'after')).toEqual(all.slice(2))
          expect(continued(all.slice(-2), count + 2, 'before')).toEqual(all.slice(0, -2))
        },
      ),
    )
  })

  it('keeps leading zeros: no text gets shorter than those it began with', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9998 }), fc.integer({ min: 1, max: 20 }), (first, count) => {
        const source = [String(first).padStart(4, '0')]
        for (const text of continued(source, count, 'after')) expect(text.length).toBeGreaterThanOrEqual(4)
      }),
    )
  })

  it('that is none repeats its texts', () => {
    fc.assert(
      fc.property(fc.array(cellText, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 20 }), (source, count) => {
        fc.pre(detectSeries(source) === null)
        expect(continued(source, count, 'after')).toEqual(Array.from({ length: count }, (_, i) => source[i % source.length]))
      }),
    )
  })
})

// ── A selection against a simple model: the set of its cells ──────────────────────────────────────────────────────────────────────
const size = { rows: 9, columns: 7 }
const place: fc.Arbitrary<Place> = fc.record({ row: fc.nat(size.rows - 1), column: fc.nat(size.columns - 1) })
const act = fc.oneof(
  place.map((to) => (now: Selection) => extendTo(now, to)),
  place.map((to) => (now: Selection) => addCell(now, to)),
  place.map((to) => (now: Selection) => addRow(now, to.row, to.column)),
  place.map((to) => (now: Selection) => addColumn(now, to.column, to.row)),
  place.map((to) => () => selectCell(to)),
  place.map((to) => () => selectRow(to.row, to.column)),
  place.map((to) => () => selectColumn(to.column, to.row)),
  fc.constant((now: Selection) => selectAll(now)),
)
const keys = fc.record({
  key: fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Tab', 'Enter', ' ', 'a'),
  shift: fc.boolean(),
  mod: fc.boolean(),
  alt: fc.constant(false),
})

describe('a selection', () => {
  it('counts what it holds, whatever was clicked', () => {
    fc.assert(
      fc.property(place, fc.array(act, { maxLength: 8 }), (start, acts) => {
        const selection = acts.reduce<Selection>((now, next) => next(now), selectCell(start))
        const places = Array.from({ length: size.rows * size.columns }, (_, i) => ({
          row: Math.floor(i / size.columns),
          column: i % size.columns,
        }))
        const held = places.filter((each) => isSelected(selection, each, size))
        expect(countCells(selection, size)).toBe(held.length)
        expect(countRows(selection, size)).toBe(new Set(held.map(({ row }) => row)).size)
        expect(isSelected(selection, selection.active, size)).toBe(true)
      }),
    )
  })

  it('keeps its active cell inside the table and inside itself, whatever key is pressed', () => {
    fc.assert(
      fc.property(place, fc.array(keys, { maxLength: 20 }), (start, presses) => {
        let selection = selectCell(start)
        for (const press of presses) {
          const movement = navigate(selection, press, size, 3)
          if (movement?.kind === 'select') selection = movement.selection
        }
        expect(isSelected(selection, selection.active, size)).toBe(true)
        expect(selection.active.row).toBeLessThan(size.rows)
        expect(selection.active.column).toBeLessThan(size.columns)
      }),
    )
  })
})

describe('scrolling', () => {
  it('never leaves the rows, and the wheel moves by what it says', () => {
    const extent = { total: 28_000_000, viewport: 700 }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 - 700 }), { maxLength: 12 }), (positions) => {
        let state: ScrollState = { physical: 0, virtual: 0 }
        for (const position of positions) {
          const next = scrolled(state, position, extent)
          expect(next.virtual).toBeGreaterThanOrEqual(0)
          expect(next.virtual).toBeLessThanOrEqual(extent.total - extent.viewport)
          state = next
        }
      }),
    )
  })
})
